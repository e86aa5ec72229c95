"""Patterns and messages made up by hypothesis, out of few letters so that they meet."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from awsmon.lang.filter_pattern.tree import (
    AllOf,
    AnyOf,
    Comparison,
    Delimited,
    Each,
    Is,
    Json,
    Missing,
    Number,
    Regex,
    Rest,
    Selector,
    Slot,
    Term,
    Terms,
    Text,
)

ANYTHING = st.text(st.characters(codec="utf-8"), max_size=8)
NUMBERS = st.sampled_from(["0", "1", "-1", "+2", "1.0", "1.5", ".5", "1e0", "15e-1", "12"])

# -- regular expressions ---------------------------------------------------------------------------

CLASSES = ["a", "b", ".", "[ab]", "[^a]", "\\d", "\\x61", "\\.", "[a-c-]", "\\W", "[]a]"]
TIMES = ["", "", "", "*", "+", "?", "{2}", "{1,3}", "{,2}", "{2,}", "*?", "{0}"]
ROWS = st.lists(
    st.builds(str.__add__, st.sampled_from(CLASSES), st.sampled_from(TIMES)), max_size=5
)
BRANCHES = st.builds(
    lambda head, row, tail: head + "".join(row) + tail,
    st.sampled_from(["", "", "^", "a?^"]),
    ROWS,
    st.sampled_from(["", "", "$", "$b*"]),
)
REGEXES = st.lists(BRANCHES, min_size=1, max_size=3).map("|".join).filter(bool)

# -- patterns --------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.builds(Text, st.one_of(st.text('ab*1."\\', max_size=5), ANYTHING)),
    st.builds(Number, NUMBERS),
)
KEYS = st.one_of(st.sampled_from(["a", "b", "a-b", "a.b"]), ANYTHING)
STEPS = st.one_of(KEYS, st.integers(0, 2))


@st.composite
def selectors(draw, wildcards=False):
    steps = [draw(KEYS), *draw(st.lists(STEPS, max_size=2))]
    if wildcards and draw(st.booleans()):
        steps.insert(draw(st.integers(1, len(steps))), draw(st.sampled_from(Each)))
    return Selector(tuple(steps))


def comparisons(fields, values=VALUES):
    equal = st.builds(Comparison, fields, st.sampled_from(["=", "!="]), values)
    order = st.builds(
        Comparison, fields, st.sampled_from(["<", "<=", ">", ">="]), st.builds(Number, NUMBERS)
    )
    return st.one_of(equal, order)


def conditions(leaves):
    def several(node, inner):
        return st.lists(inner, min_size=2, max_size=3).map(tuple).map(node)

    return st.recursive(
        leaves, lambda inner: st.one_of(several(AllOf, inner), several(AnyOf, inner)), max_leaves=5
    )


WILD = comparisons(selectors(wildcards=True), st.builds(Regex, REGEXES))
LEAVES = st.one_of(
    comparisons(selectors()),
    st.builds(Is, selectors(), st.sampled_from([None, True, False])),
    st.builds(Missing, selectors()),
)
JSON = st.one_of(
    st.builds(Json, conditions(LEAVES)),
    st.builds(Json, WILD),
    st.builds(lambda *both: Json(AnyOf(both)), WILD, conditions(LEAVES)),
)


@st.composite
def slots(draw):
    name = draw(st.sampled_from(["a", "b", "w1", "NOT", "a-b"]))
    ones = comparisons(st.just(name))
    several = st.one_of(ones, st.lists(ones, min_size=2, max_size=3).map(tuple).map(AllOf))
    either = st.one_of(several, st.lists(several, min_size=2, max_size=3).map(tuple).map(AnyOf))
    return draw(st.sampled_from([Slot(), Slot(name), Slot(name, draw(either))]))


@st.composite
def delimited(draw):
    found = draw(st.lists(slots(), max_size=4))
    if draw(st.booleans()):
        found.insert(draw(st.integers(0, len(found))), Rest())
    if found == [Slot()]:
        found = []
    if draw(st.booleans()):
        found.append(Slot("r", Comparison("r", "=", Regex(draw(REGEXES)))))
    return Delimited(tuple(found))


TERMS = st.builds(
    Terms,
    st.lists(
        st.builds(
            Term,
            st.one_of(st.text('ab "\\', max_size=3), ANYTHING),
            st.sampled_from("?-") | st.just(""),
        ),
        max_size=4,
    ).map(tuple),
)
PATTERNS = st.one_of(TERMS, st.builds(Regex, REGEXES), JSON, delimited())

# -- messages --------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 20), st.sampled_from([0.5, 1.0, 1.5]),
    st.text("ab1.", max_size=5),
)  # fmt: skip
DOCUMENTS = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)
        ),
        max_leaves=6,
    ),
    max_size=4,
)
LINES = st.lists(
    st.one_of(st.sampled_from(["a", "b", "1", "1.5", '"a b"', "[b 1]", "-", '"', "[", "] ", "\n"]),
              NUMBERS, st.text("ab", max_size=4)),
    max_size=7,
).map(" ".join)  # fmt: skip
MESSAGES = st.one_of(DOCUMENTS.map(json.dumps), LINES, st.text("ab1. \n", max_size=12), ANYTHING)
