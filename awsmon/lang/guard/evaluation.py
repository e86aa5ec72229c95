"""What a policy says of a document.

Lives here: `evaluate`, `Outcome`. A clause passes, fails or is skipped; a query that asks for what
isn't there fails, one that finds nothing in a collection is skipped.
Source: AWS CloudFormation Guard User Guide, "Writing Guard rules", "Defining Guard queries and
filtering", "Composing named-rule blocks".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.lang.guard.tree import (
    All,
    Clause,
    Filter,
    Index,
    Key,
    KeysFilter,
    Query,
    QueryBlock,
    Range,
    Reference,
    VariableKey,
    WhenBlock,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from awsmon.lang.guard.tree import Block, Conjunction, Let, Part, Policy

__all__ = ["FAIL", "PASS", "SKIP", "Outcome", "evaluate"]

PASS, FAIL, SKIP = "PASS", "FAIL", "SKIP"
_MISSING = object()


class Found(NamedTuple):
    """A value of the document, and where it is; what isn't there has none."""

    value: Any
    path: str

    @property
    def missing(self) -> bool:
        """Whether it isn't there."""
        return self.value is _MISSING


@dataclass(slots=True)
class Outcome:
    """What a policy came to.

    Attributes:
        status: ``FAIL`` where any rule fails, else ``PASS`` where any passes, else ``SKIP``.
        rules: status of each rule.
        failures: what didn't hold, in its message or in its own words.
        reads: what was read, by path.
    """

    status: str = SKIP
    rules: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    reads: dict[str, Any] = field(default_factory=dict)


class _Scope:
    """Variables, and those around them; each is looked up once."""

    def __init__(self, run: _Run, lets: Iterable[Let], at: Found, outer: _Scope | None) -> None:
        self._run, self._at, self._outer = run, at, outer
        self._lets = {each.name: each.value for each in lets}
        self._known: dict[str, list[Found]] = {}

    def values(self, name: str) -> list[Found]:
        """Of a variable; one that nobody set is not there."""
        if name in self._known:
            return self._known[name]
        if name not in self._lets:
            return self._outer.values(name) if self._outer else [Found(_MISSING, f"%{name}")]
        value = self._lets[name]
        found = (self._run.query(value, self._at, self) if isinstance(value, Query)
                 else [Found(value, f"%{name}")])  # fmt: skip
        self._known[name] = found
        return found


def evaluate(policy: Policy, document: Mapping[str, Any]) -> Outcome:
    """What *policy* says of *document*."""
    return _Run(policy, document).outcome()


class _Run:
    """One evaluation."""

    def __init__(self, policy: Policy, document: Mapping[str, Any]) -> None:
        self._rules = {each.name: each for each in policy.rules}
        self._root = Found(document, "")
        self._scope = _Scope(self, policy.lets, self._root, None)
        self._out = Outcome()
        self._quiet = 0  # within conditions and filters, where nothing that fails is a failure

    def outcome(self) -> Outcome:
        """Of all rules."""
        for name in self._rules:
            self._rule(name)
        self._out.status = _all(self._out.rules.values())
        return self._out

    def _rule(self, name: str) -> str:
        if name not in self._out.rules:
            rule = self._rules.get(name)
            if rule is None:
                return FAIL
            self._out.rules[name] = FAIL  # while it is being judged: a rule that asks itself
            applies = self._asking(rule.conditions, self._root, self._scope)
            self._out.rules[name] = (
                self._block(rule.block, self._root, self._scope) if applies else SKIP
            )
        return self._out.rules[name]

    def _asking(self, conditions: Conjunction, at: Found, scope: _Scope) -> bool:
        self._quiet += 1
        try:
            return not conditions or self._conjunction(conditions, at, scope) == PASS
        finally:
            self._quiet -= 1

    def _block(self, block: Block, at: Found, scope: _Scope) -> str:
        inner = _Scope(self, block.lets, at, scope) if block.lets else scope
        return self._conjunction(block.conjunction, at, inner)

    def _conjunction(self, conjunction: Conjunction, at: Found, scope: _Scope) -> str:
        return _all([self._line(line, at, scope) for line in conjunction])

    def _line(self, line: Sequence[Any], at: Found, scope: _Scope) -> str:
        before = len(self._out.failures)
        statuses = []
        for part in line:
            statuses.append(self._part(part, at, scope))
            if statuses[-1] == PASS:
                del self._out.failures[before:]
                return PASS
        return FAIL if FAIL in statuses else SKIP

    def _part(self, part: Any, at: Found, scope: _Scope) -> str:
        if isinstance(part, Clause):
            return self._clause(part, at, scope)
        if isinstance(part, WhenBlock):
            applies = self._asking(part.conditions, at, scope)
            return self._block(part.block, at, scope) if applies else SKIP
        if isinstance(part, QueryBlock):
            return self._query_block(part, at, scope)
        assert isinstance(part, Reference)
        self._quiet += part.negated
        passed = self._rule(part.name) == PASS
        self._quiet -= part.negated
        if passed == part.negated:
            self._fail(part.message or f"{'not ' if part.negated else ''}{part.name}")
            return FAIL
        return PASS

    def _query_block(self, part: QueryBlock, at: Found, scope: _Scope) -> str:
        statuses = []
        for found in self.query(part.query, at, scope):
            if found.missing:
                if not part.query.some:
                    self._fail(f"{found.path} isn't there")
                    statuses.append(FAIL)
            else:
                statuses.append(self._block(part.block, found, scope))
        if part.query.some and PASS in statuses:
            return PASS
        return _all(statuses)

    # -- clauses -----------------------------------------------------------------------------------

    def _clause(self, clause: Clause, at: Found, scope: _Scope) -> str:
        found = self.query(clause.query, at, scope)
        if clause.operator == "empty" and not clause.query.parts:
            return self._of_variable(clause, found)
        if not found:
            if clause.operator in ("exists", "empty"):
                return self._answer(clause, (clause.operator == "empty") != clause.negated, "")
            return SKIP
        statuses = []
        for each in found:
            holds = self._holds(clause, each, at, scope)
            if holds is not None:
                statuses.append(PASS if holds else FAIL)
                if not holds:
                    worst = each
        if clause.query.some:
            passed = PASS in statuses
            return self._answer(clause, passed, "")
        if FAIL in statuses:
            return self._answer(clause, False, _shown(worst))
        return PASS if statuses else SKIP

    def _of_variable(self, clause: Clause, found: list[Found]) -> str:
        """``%buckets empty``: whether a query found nothing, or nothing but emptiness."""
        there = [each for each in found if not each.missing]
        empty = not there or (len(there) == 1 and _is(there[0].value, "empty"))
        return self._answer(clause, empty != clause.negated, "")

    def _answer(self, clause: Clause, passed: bool, shown: str) -> str:
        if passed:
            return PASS
        self._fail(clause.message or f"{clause.text}{shown}")
        return FAIL

    def _fail(self, what: str) -> None:
        if not self._quiet:
            self._out.failures.append(what)

    def _holds(self, clause: Clause, found: Found, at: Found, scope: _Scope) -> bool | None:
        """Whether it holds of one value; None: there is none, and none is needed."""
        if found.missing:
            if clause.operator in ("exists", "empty"):
                return (clause.operator == "empty") != clause.negated
            return None if clause.query.some else False
        self._out.reads[found.path] = found.value
        if clause.value is None and clause.operator not in ("==", "!="):
            return _is(found.value, clause.operator) != clause.negated
        if not isinstance(clause.value, Query):
            return _compare(clause.operator, found.value, clause.value, clause.negated)
        others = [each.value for each in self.query(clause.value, at, scope) if not each.missing]
        if not others:
            return False
        if clause.operator in ("==", "!=", "in") and (len(others) > 1 or clause.operator == "in"):
            wanted: list[Any] = []
            for each in others:
                wanted += each if isinstance(each, list) else [each]
            negated = clause.negated != (clause.operator == "!=")
            return _compare("in", found.value, wanted, negated)
        return all(_compare(clause.operator, found.value, each, clause.negated) for each in others)

    # -- queries -----------------------------------------------------------------------------------

    def query(self, query: Query, at: Found, scope: _Scope) -> list[Found]:
        """The values of a query; what isn't there is among them, without a value."""
        found = scope.values(query.variable) if query.variable else [at]
        for place, part in enumerate(query.parts):
            if isinstance(part, Key) and not place and not query.variable and _unknown(at, part):
                own = scope.values(part.name)
                if not own[0].missing:
                    found = own
                    continue
            found = [inner for each in found for inner in self._step(each, part, scope)]
        return found

    def _step(self, found: Found, part: Part, scope: _Scope) -> Iterator[Found]:
        value, path = found
        if found.missing:
            yield found
        elif isinstance(part, Key):
            yield _member(found, part.name)
        elif isinstance(part, VariableKey):
            for each in scope.values(part.name):
                for name in each.value if isinstance(each.value, list) else [each.value]:
                    yield _member(found, str(name))
        elif isinstance(part, Index):
            there = isinstance(value, list) and -len(value) <= part.number < len(value)
            yield Found(value[part.number] if there else _MISSING, f"{path}.{part.number}")
        elif isinstance(part, All):
            yield from _elements(found)
        elif isinstance(part, KeysFilter):
            for name in value if isinstance(value, dict) else ():
                if _compare(part.operator, name, part.value, part.negated):
                    yield _member(found, name)
        else:
            assert isinstance(part, Filter)
            for each in _elements(found) if isinstance(value, list) else [found]:
                if self._asking(part.conditions, each, scope):
                    yield each


def _unknown(at: Found, part: Key) -> bool:
    return isinstance(at.value, dict) and part.name not in at.value


def _member(found: Found, name: str) -> Found:
    path = f"{found.path}.{name}" if found.path else name
    if isinstance(found.value, dict) and name in found.value:
        return Found(found.value[name], path)
    return Found(_MISSING, path)


def _elements(found: Found) -> Iterator[Found]:
    value, path = found
    if isinstance(value, dict):
        yield from (_member(found, name) for name in value)
    elif isinstance(value, list):
        yield from (Found(each, f"{path}.{place}") for place, each in enumerate(value))
    else:
        yield found


def _all(statuses: Iterable[str]) -> str:
    found = set(statuses)
    return FAIL if FAIL in found else PASS if PASS in found else SKIP


def _shown(found: Found) -> str:
    if found.missing:
        return f": {found.path} isn't there"
    return f": {found.path} is {found.value!r}"


_KINDS: dict[str, Any] = {
    "is_string": lambda value: isinstance(value, str),
    "is_list": lambda value: isinstance(value, list),
    "is_struct": lambda value: isinstance(value, dict),
    "is_bool": lambda value: isinstance(value, bool),
    "is_int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "is_float": lambda value: isinstance(value, float),
    "is_null": lambda value: value is None,
    "exists": lambda _: True,
    "empty": lambda value: value is None or (isinstance(value, (str, list, dict)) and not value),
}


def _is(value: Any, operator: str) -> bool:
    return bool(_KINDS[operator](value))


def _compare(operator: str, left: Any, right: Any, negated: bool) -> bool:
    """What can't be compared doesn't hold, negated or not."""
    if operator == "!=":
        operator, negated = "==", not negated
    if operator == "==":
        return _equal(left, right) != negated
    if operator == "in":
        return _within(left, right) != negated
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    if not numbers and not (isinstance(left, str) and isinstance(right, str)):
        return False
    holds = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return bool(holds[operator] != negated)


def _equal(left: Any, right: Any) -> bool:
    if isinstance(right, re.Pattern):
        return isinstance(left, str) and right.search(left) is not None
    if isinstance(right, Range):
        if isinstance(left, bool) or not isinstance(left, (int, float)):
            return False
        low = left >= right.low if right.with_low else left > right.low
        return low and (left <= right.high if right.with_high else left < right.high)
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(right, list) and len(right) == 1 and not isinstance(left, list):
        return _equal(left, right[0])
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_equal, left, right))
    return bool(left == right)


def _within(left: Any, right: Any) -> bool:
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    if not isinstance(right, list):
        return _equal(left, right)
    if isinstance(left, list) and not any(_equal(left, each) for each in right):
        return all(_within(each, right) for each in left)
    return any(_equal(left, each) for each in right)
