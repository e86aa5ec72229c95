"""Guard: what policies say of documents.

Source of the cases: AWS CloudFormation Guard User Guide, "Writing Guard rules", "Defining Guard
queries and filtering", "Composing named-rule blocks"; Config Developer Guide, "Creating AWS Config
Custom Policy Rules".
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.lang.guard.evaluation import FAIL, PASS, SKIP, evaluate
from awsmon.lang.guard.parser import parse
from awsmon.lang.text import LanguageError

TABLE = {
    "resourceType": "AWS::DynamoDB::Table",
    "tags": {"team": "a"},
    "configuration": {
        "tableStatus": "ACTIVE", "size": 5, "ratio": 0.5, "encrypted": True, "nothing": None,
        "ports": [22, 80], "none": [], "names": ["ann", "bob"],
        "rules": [{"port": 22, "cidr": "0.0.0.0/0"}, {"port": 80, "cidr": "10.0.0.0/8"}],
    },
    "supplementaryConfiguration": {
        "ContinuousBackupsDescription": {
            "pointInTimeRecoveryDescription": {"pointInTimeRecoveryStatus": "DISABLED"}}},
}  # fmt: skip
POINT_IN_TIME = """
# This rule checks if point in time recovery (PITR) is enabled on active tables
let status = ['ACTIVE']

rule tableisactive when
    resourceType == "AWS::DynamoDB::Table" {
    configuration.tableStatus == %status
}

rule checkcompliance when
    resourceType == "AWS::DynamoDB::Table"
    tableisactive {
        let pitr = supplementaryConfiguration.ContinuousBackupsDescription.pointInTimeRecoveryDescription.pointInTimeRecoveryStatus
        %pitr == "ENABLED" <<Point-in-time recovery
            is off>>
}
"""  # noqa: E501


def status(clause, document=TABLE):
    return evaluate(parse(clause), document).status


CLAUSES = [
    # comparisons
    ('configuration.tableStatus == "ACTIVE"', PASS), ("configuration.size == 5", PASS),
    ("configuration.size != 5", FAIL), ("configuration.size > 4", PASS),
    ("configuration.size <= 4", FAIL), ("configuration.ratio < 1", PASS),
    ("configuration.tableStatus > 4", FAIL), ("configuration.encrypted == true", PASS),
    ("configuration.encrypted == 1", FAIL), ("not configuration.size == 5", FAIL),
    ("configuration.tableStatus == /^ACT/", PASS), ("configuration.tableStatus != /(?i)act/", FAIL),
    ("configuration.size == r[1,5]", PASS), ("configuration.size == r[1,5)", FAIL),
    ("configuration.ports == [22, 80]", PASS), ("configuration.ports == [80, 22]", FAIL),
    ("tags == {'team': 'a'}", PASS),
    # in
    ("configuration.tableStatus in ['ACTIVE', 'UPDATING']", PASS),
    ("configuration.tableStatus not in ['ACTIVE']", FAIL),
    ("configuration.tableStatus !in [/^DEL/]", PASS),
    ("configuration.ports in [22, 80, 443]", PASS), ("configuration.ports in [22]", FAIL),
    ('configuration.tableStatus in "ACTIVE or not"', PASS),
    # there, empty, and of which kind
    ("configuration.size exists", PASS), ("configuration.other exists", FAIL),
    ("configuration.other !exists", PASS), ("configuration.other not exists", PASS),
    ("configuration.nothing exists", PASS), ("configuration.none empty", PASS),
    ("configuration.ports !empty", PASS), ("configuration.ports not empty", PASS),
    ("configuration.size is_int", PASS), ("configuration.ratio is_float", PASS),
    ("configuration.tableStatus is_string", PASS), ("configuration.ports is_list", PASS),
    ("configuration is_struct", PASS), ("configuration.encrypted is_bool", PASS),
    ("configuration.nothing is_null", PASS), ("configuration.size !is_string", PASS),
    # all, or some
    ("configuration.ports[*] >= 22", PASS), ("configuration.ports[*] > 22", FAIL),
    ("some configuration.ports[*] > 22", PASS), ("some configuration.ports[*] > 80", FAIL),
    ("configuration.ports[0] == 22", PASS), ("configuration.ports.1 == 80", PASS),
    ("configuration.ports[2] == 80", FAIL), ("configuration.rules[*].port exists", PASS),
    ("configuration.rules[*].other == 1", FAIL), ("some configuration.rules[*].other == 1", FAIL),
    ("tags.* == 'a'", PASS), ("configuration.none[*] == 1", SKIP),
    # what isn't there fails
    ("configuration.other == 5", FAIL), ("configuration.other != 5", FAIL),
    # filters
    ("configuration.rules[ port == 22 ].cidr == '0.0.0.0/0'", PASS),
    ("configuration.rules[ port == 22 cidr != '0.0.0.0/0' ].cidr exists", FAIL),
    ("configuration.rules[ port == 22 or port == 80 ].cidr is_string", PASS),
    ("configuration.rules[ port == 443 ].cidr == 'x'", SKIP),
    ("configuration.rules[*][ cidr == /^0/ ] { port == 22 }", PASS),
    ("configuration[ keys == /^na/ ] is_list", PASS),
    ("tags['team'] == 'a'", PASS), ('tags."team" == "a"', PASS),
    # lines, either, and blocks
    ("configuration.size == 5 or configuration.size == 6", PASS),
    ("configuration.size == 7 OR configuration.size == 6", FAIL),
    ("configuration.size == 5\nconfiguration.ratio == 1", FAIL),
    ("configuration { size == 5 ratio == 0.5 }", PASS),
    ("configuration.rules[*] { port in [22, 80] cidr exists }", PASS),
    ("configuration.other { size == 5 }", FAIL), ("configuration.none[*] { x == 5 }", SKIP),
    ("when configuration.size == 5 { configuration.ratio == 1 }", FAIL),
    ("when configuration.size == 6 { configuration.ratio == 1 }", SKIP),
    # variables
    ("let a = configuration.rules[*]\n%a.port == r(0,100)", PASS),
    ("let a = configuration.rules[ port == 443 ]\n%a empty", PASS),
    ("let a = configuration.rules[ port == 443 ]\n%a !empty", FAIL),
    ("let a = configuration.rules[ port == 443 ]\nwhen %a !empty { %a.cidr == 1 }", SKIP),
    ("let a = ['ACTIVE', 'OTHER']\nconfiguration.tableStatus in %a", PASS),
    ("let a = 'size'\nconfiguration.%a == 5", PASS),
    ("let a = configuration.ports\nconfiguration.rules[*].port in %a", PASS),
    ("configuration.rules[*] { let p = port\n%p > 20 }", PASS),
    # named rules
    ("rule a { configuration.size == 5 }\nrule b when a { configuration.ratio == 1 }", FAIL),
    ("rule a { configuration.size == 6 }\nrule b when not a { configuration.ratio == 0.5 }", FAIL),
    ("rule a when configuration.size == 6 { tags exists }\nrule b when a { tags == 1 }", SKIP),
    ("rule a { configuration.size == 5 }\nrule b { a }", PASS),
    ("rule a when resourceType == 'AWS::S3::Bucket' { configuration.size == 6 }", SKIP),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "expected"), CLAUSES, ids=[each[0] for each in CLAUSES])
def test_clauses(clause, expected):
    assert status(clause) == expected


def test_the_example_of_the_developer_guide():
    outcome = evaluate(parse(POINT_IN_TIME), TABLE)
    assert outcome.rules == {"tableisactive": PASS, "checkcompliance": FAIL}
    assert outcome.failures == ["Point-in-time recovery is off"]
    [path] = [each for each in outcome.reads if each.endswith("pointInTimeRecoveryStatus")]
    assert outcome.reads[path] == "DISABLED"


def test_resources_of_a_template():
    template = {"Resources": {
        "A": {"Type": "AWS::S3::Bucket", "Properties": {"Name": "a"}},
        "B": {"Type": "AWS::SQS::Queue", "Properties": {}}}}  # fmt: skip
    assert status("AWS::S3::Bucket { Properties.Name == 'a' }", template) == PASS
    assert status("AWS::S3::Bucket { Properties.Name == 'b' }", template) == FAIL
    assert status("AWS::SNS::Topic { Properties.Name == 'b' }", template) == SKIP


def test_a_failure_says_what_was_found():
    outcome = evaluate(parse("configuration.size == 6"), TABLE)
    assert outcome.failures == ["configuration.size == 6: configuration.size is 5"]


BAD = [
    ("", "Expected a rule"), ("configuration.size ==", "Expected a name"),
    ("configuration.size", None), ("rule a { configuration.size == 5", None),
    ("configuration.size ~ 5", "Unexpected character"), ("rule { }", "Expected a name"),
    ("a.b == /(/", "Not a regular expression"), ("let a = count(b)\na exists", "Functions"),
    ("rule a(x) { x exists }", "Rules with parameters"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD)
def test_texts_that_are_no_policy(text, message):
    with pytest.raises(LanguageError, match=message or "Expected"):
        parse(text)


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text("abc", max_size=3))
DOCUMENTS = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3)
                 | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_size=3)  # fmt: skip
PATHS = st.sampled_from(["a", "a.b", "a[*]", "b.*", "a[0]", "a.b[*].c", "c[ a exists ]"])


@given(DOCUMENTS, PATHS, LEAVES)
def test_a_clause_and_its_negation(document, path, value):
    """Where every value is there, one of the two fails; `some` passes where all do."""
    literal = json.dumps(value)
    holds, not_ = status(f"{path} == {literal}", document), status(f"{path} != {literal}", document)
    assert (holds == SKIP) == (not_ == SKIP)
    assert not (holds == PASS and not_ == PASS)
    if holds == PASS:
        assert status(f"some {path} == {literal}", document) == PASS
        assert status(f"{path} exists", document) == PASS
        assert status(f"{path} !exists", document) == FAIL
