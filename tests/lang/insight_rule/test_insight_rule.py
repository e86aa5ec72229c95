"""Rules of Contributor Insights: tables of filters and mistakes, and what holds of every rule."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmon.lang.filter_pattern.message import Message
from awsmon.lang.insight_rule.compiler import compile_rule
from awsmon.lang.insight_rule.parser import parse
from awsmon.lang.insight_rule.tree import Filter, RuleDefinition
from awsmon.lang.text import LanguageError


def rule(contribution=None, **more):
    """A rule that counts by ``$.ip``; None for a member takes it away."""
    found = {
        "Schema": {"Name": "CloudWatchLogRule", "Version": 1}, "LogGroupNames": ["g"],
        "LogFormat": "JSON", "Contribution": {"Keys": ["$.ip"], **(contribution or {})},
        "AggregateOn": "Count",
    } | more  # fmt: skip
    return json.dumps({name: each for name, each in found.items() if each is not None})


def contributes(text, message):
    return compile_rule(parse(text))(Message(message))


# Operators: User Guide, "Contributor Insights rule syntax", Filters.
FILTERS = [
    ({"In": ["PUT", "GET"]}, ['"GET"', '"PUT"'], ['"get"', '"POST"', "null", "{}"]),
    ({"In": ["200"]}, ['"200"', "200"], ['"2000"', "2000"]),
    ({"NotIn": ["PUT"]}, ['"GET"', "1"], ['"PUT"', "null"]),
    ({"StartsWith": ["ab", "c"]}, ['"abc"', '"c"'], ['"bab"', '"Ab"', "null"]),
    ({"GreaterThan": 500}, ["501", "500.5", '"501"'], ["500", '"x"', "null", "true"]),
    ({"LessThan": 0}, ["-1", '"-0.5"'], ["0", '"x"']),
    ({"EqualTo": 443}, ["443", '"443"', "443.0"], ["444", '"x"', "null"]),
    ({"NotEqualTo": 443}, ["444", '"x"'], ["443", "null"]),
    ({"IsPresent": True}, ['"x"', "0", "false", '""'], ["null", "{}", "[1]"]),
    ({"IsPresent": False}, ["null", "{}"], ['"x"', "0"]),
]


@pytest.mark.parametrize(("operator", "lets_through", "holds_back"), FILTERS, ids=str)
def test_a_filter_lets_through_what_the_guide_says(operator, lets_through, holds_back):
    text = rule({"Filters": [{"Match": "$.m", **operator}]})
    through = [
        value
        for value in lets_through + holds_back
        if contributes(text, f'{{"ip": "1", "m": {value}}}') is not None
    ]
    assert through == lets_through


def test_a_field_that_is_missing_is_let_through_only_by_is_present_false():
    for operator, *_ in FILTERS:
        text = rule({"Filters": [{"Match": "$.m", **operator}]})
        assert (contributes(text, '{"ip": "1"}') is not None) == (operator == {"IsPresent": False})


def test_filters_are_anded():
    text = rule({"Filters": [{"Match": "$.a", "In": ["x"]}, {"Match": "$.b", "GreaterThan": 1}]})
    assert contributes(text, '{"ip": "1", "a": "x", "b": 2}') == (("1",), 1.0)
    assert contributes(text, '{"ip": "1", "a": "x", "b": 1}') is None


def test_a_log_event_needs_all_the_keys_and_a_number_where_one_is_summed():
    text = rule({"Keys": ["$.ip", "$.at.items[1].name"], "ValueOf": "$.bytes"}, AggregateOn="Sum")
    event = {"ip": "1", "bytes": 2.5, "at": {"items": [{}, {"name": 7}]}}
    assert contributes(text, json.dumps(event)) == (("1", "7"), 2.5)
    assert contributes(text, json.dumps(event | {"bytes": "many"})) is None
    assert contributes(text, json.dumps(event | {"at": {}})) is None
    assert contributes(text, "no JSON") is None


CLF = '127.0.0.1 - bob [09/Apr/2015:12:34:56 +0000] "GET /a b HTTP/1.1" 200 512'


def test_fields_of_clf_are_counted_from_one_and_brackets_and_quotes_hold_them_together():
    fields = {"1": "address", "4": "time", "5": "request", "7": "bytes"}
    text = rule(
        {"Keys": ["address", "time", "request"], "ValueOf": "bytes"},
        LogFormat="CLF", Fields=fields, AggregateOn="Sum",
    )  # fmt: skip
    keys = ("127.0.0.1", "09/Apr/2015:12:34:56 +0000", "GET /a b HTTP/1.1")
    assert contributes(text, CLF) == (keys, 512.0)
    assert contributes(text, "127.0.0.1 too few") is None


MISTAKES = [
    ("[", "not valid JSON"),
    ("[]", "The rule must be an object"),
    (rule(Schema={"Name": "CloudWatchLogRule", "Version": 2}), "Schema must be"),
    (rule(LogGroupNames=None), "either LogGroupNames or LogGroupARNs"),
    (rule(LogGroupARNs=["arn:aws:logs:us-east-1:1:log-group:g"]), "either LogGroupNames or"),
    (rule(LogGroupNames="g"), "LogGroupNames must be an array"),
    (rule(LogFormat="XML"), "LogFormat must be one of JSON, CLF"),
    (rule(AggregateOn="Average"), "AggregateOn must be one of Sum, Count"),
    (rule(AggregateOn=None), "AggregateOn must be one of"),
    (rule(Contribution=None), "Contribution must be an object"),
    (rule({"Keys": []}), "Contribution.Keys must be an array of 1 to 4 strings"),
    (rule({"Keys": ["$.a"] * 5}), "Contribution.Keys must be an array of 1 to 4"),
    (rule({"Keys": ["ip"]}), "Contribution.Keys[0]: ip is not a JSON property"),
    (rule({"ValueOf": "$.bytes"}), "only when AggregateOn is Sum"),
    (rule({"Filters": [{"Match": "$.a", "In": ["x"]}] * 5}), "at most 4 filters"),
    (rule({"Filters": [{"Match": "$.a"}]}), "Filters[0] must have exactly one operator"),
    (rule({"Filters": [{"Match": "$.a", "In": ["x"], "IsPresent": True}]}), "exactly one"),
    (rule({"Filters": [{"Match": "$.a", "In": ["x"] * 11}]}), "1 to 10 strings"),
    (rule({"Filters": [{"Match": "$.a", "GreaterThan": "5"}]}), "GreaterThan must be a number"),
    (rule({"Filters": [{"Match": "$.a", "IsPresent": "yes"}]}), "must be true or false"),
    (rule({"Filters": [{"Match": "$.a", "Like": "x"}]}), "has an unknown field Like"),
    (rule({"Filters": [{"In": ["x"]}]}), "Filters[0].Match must be a string"),
    (rule(Fields={"1": "ip"}), "Fields can be specified only when LogFormat is CLF"),
    (rule({"Keys": ["ip"]}, LogFormat="CLF", Fields={"0": "ip"}), "0 is not the place"),
    (rule({"Keys": ["ip"]}, LogFormat="CLF", Fields={"2": "x"}), "ip is not in Fields"),
    (rule(Extra=1), "The rule has an unknown field Extra"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[each for _, each in MISTAKES])
def test_what_is_no_rule_is_refused_by_member(text, message):
    with pytest.raises(LanguageError) as caught:
        parse(text)
    assert message in caught.value.message


NAMES = st.text("ab", min_size=1, max_size=3)
PATHS = NAMES.map(lambda name: f"$.{name}")
OPERANDS = st.one_of(
    st.tuples(st.sampled_from(["In", "NotIn", "StartsWith"]),
              st.lists(NAMES, min_size=1, max_size=10).map(tuple)),
    st.tuples(st.sampled_from(["GreaterThan", "LessThan", "EqualTo", "NotEqualTo"]),
              st.floats(allow_nan=False, allow_infinity=False)),
    st.tuples(st.just("IsPresent"), st.booleans()),
)  # fmt: skip
RULES = st.builds(
    RuleDefinition,
    groups=st.lists(NAMES, min_size=1).map(tuple), arns=st.just(()), log_format=st.just("JSON"),
    keys=st.lists(PATHS, min_size=1, max_size=4).map(tuple), aggregate_on=st.just("Sum"),
    value_of=st.none() | PATHS,
    filters=st.lists(st.builds(lambda m, o: Filter(m, *o), PATHS, OPERANDS), max_size=4).map(tuple),
)  # fmt: skip


@given(RULES)
def test_source_and_tree_are_one(tree):
    assert parse(str(tree)) == tree


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | NAMES,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(NAMES, each, max_size=3),
    max_leaves=5,
)


@settings(max_examples=40)
@given(RULES, JSON.map(json.dumps) | st.text())
def test_any_message_contributes_or_not(tree, message):
    found = compile_rule(tree)(Message(message))
    assert found is None or len(found[0]) == len(tree.keys)


MEMBERS = st.sampled_from(["Schema", "Contribution", "Fields", "LogFormat", "LogGroupNames"])


@given(st.text() | st.dictionaries(MEMBERS, JSON, max_size=2).map(lambda more: rule(**more)))
def test_any_text_parses_or_is_refused(text):
    try:
        parse(text)
    except LanguageError as error:
        inside = 0 <= error.position <= len(text)
        assert inside, error  # noqa: PT017 most texts are refused, not all
