"""What is a policy and what is refused, with words that say what is wrong and where."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.core.policies import Policy, PolicyError, decide, parse

GOOD = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def document(**statement):
    """A policy of one statement; members that are None are left out."""
    whole = {key: value for key, value in {**GOOD, **statement}.items() if value is not None}
    return {"Version": "2012-10-17", "Statement": [whole]}


def refused(value):
    text = value if isinstance(value, str) else json.dumps(value)
    with pytest.raises(PolicyError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The policy is not valid JSON."),
        ("{", "The policy is not valid JSON."),
        ("[" * 100_000, "The policy is not valid JSON."),
        ("[]", "The policy must be an object."),
        ("1", "The policy must be an object."),
        ('{"Version": "2012-10-17"}', "Statement must not be empty."),
        ('{"Statement": []}', "Statement must not be empty."),
        ('{"Statement": [1]}', "Statement 1 must be an object."),
        ('{"Statements": []}', "The policy has no element Statements."),
        ('{"Version": "2012-10-18"}', "Version must be 2012-10-17 or 2008-10-17."),
        ('{"Version": 2012}', "Version must be text."),
        ('{"Id": 1}', "Id must be text."),
        ('{"Id": "a", "Id": "b"}', "A key stands twice in the same object."),
    ],
)
def test_a_text_that_is_no_policy_is_refused(text, message):
    assert refused(text) == message


ONE = "Statement 1"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"Effect": None}, f"{ONE}: Effect must be Allow or Deny."),
        ({"Effect": "allow"}, f"{ONE}: Effect must be Allow or Deny."),
        ({"Effects": "Allow"}, f"{ONE} has no element Effects."),
        ({"Sid": 1}, f"{ONE}: Sid must be text."),
        ({"Principal": None}, f"{ONE}: exactly one of Principal and NotPrincipal must be given."),
        ({"NotAction": "*"}, f"{ONE}: exactly one of Action and NotAction must be given."),
        ({"Resource": None}, f"{ONE}: exactly one of Resource and NotResource must be given."),
        ({"Principal": {}}, f"{ONE}: Principal must not be empty."),
        ({"Principal": "111111111111"}, f"{ONE}: Principal must be an object."),
        ({"Principal": {"Users": "*"}}, f"{ONE}: Principal has no element Users."),
        ({"Principal": {"AWS": []}}, f"{ONE}: Principal AWS must not be empty."),
        ({"Principal": {"AWS": 1}}, f"{ONE}: Principal AWS must be text."),
        ({"Principal": {"AWS": "1111"}}, f"{ONE}: Principal AWS: '1111' is invalid."),
        ({"Principal": {"AWS": "arn:aws:iam::111111111111:role/*"}},
         f"{ONE}: Principal AWS: 'arn:aws:iam::111111111111:role/*' is invalid."),
        ({"Principal": {"Service": "logs"}}, f"{ONE}: Principal Service: 'logs' is invalid."),
        ({"Action": "CreateLink"}, f"{ONE}: Action: 'CreateLink' is invalid."),
        ({"Action": []}, f"{ONE}: Action must not be empty."),
        ({"Action": None, "NotAction": ["a:b", 1]}, f"{ONE}: NotAction must be text."),
        ({"Resource": "sink/1"}, f"{ONE}: Resource: 'sink/1' is invalid."),
        ({"Condition": []}, f"{ONE}: Condition must be an object."),
        ({"Condition": {"StringEquals": "x"}}, f"{ONE}: Condition StringEquals must be an object."),
        ({"Condition": {"StringIs": {"a": "b"}}}, f"{ONE}: Condition: there is no operator "
         "StringIs."),
        ({"Condition": {"NullIfExists": {"a": "true"}}}, f"{ONE}: Condition: there is no operator "
         "NullIfExists."),
        ({"Condition": {"ForSome:Bool": {"a": "true"}}}, f"{ONE}: Condition: there is no operator "
         "ForSome:Bool."),
        ({"Condition": {"Bool": {"a": {}}}}, f"{ONE}: Condition Bool a must be text, a number or a "
         "boolean."),
        ({"Condition": {"Bool": {"a": []}}}, f"{ONE}: Condition Bool a must not be empty."),
    ],
)  # fmt: skip
def test_a_statement_that_is_none_is_refused(statement, message):
    assert refused(document(**statement)) == message


def test_the_statement_that_is_wrong_is_counted():
    found = refused({"Statement": [GOOD, {**GOOD, "Effect": "x"}]})
    assert found == "Statement 2: Effect must be Allow or Deny."


def test_a_whole_policy_is_read():
    found = parse(json.dumps({"Id": "x", **document(Sid="one", Condition={"Bool": {"A": True}})}))
    assert found.version == "2012-10-17"
    [statement] = found.statements
    assert (statement.sid, statement.effect) == ("one", "Allow")
    [condition] = statement.conditions
    assert (condition.operator, condition.key, condition.values) == ("Bool", "a", ("true",))


def test_without_a_version_it_is_the_older():
    assert parse(json.dumps({"Statement": GOOD})).version == "2008-10-17"


# -- any text, any JSON ----------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["Version", "2012-10-17", "Statement", "Effect", "Allow", "Deny", "Principal", "NotPrincipal",
     "AWS", "Service", "*", "111111111111", "logs.amazonaws.com", "Action", "oam:CreateLink",
     "Resource", "arn:aws:oam:us-east-1:1:sink/1", "Condition", "ForAnyValue:StringLike", "Null",
     "DateLessThan", "IpAddress", "oam:ResourceTypes", "${oam:ResourceTypes}", "${", "²"]
)  # fmt: skip
VALUES = st.recursive(
    WORDS | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Principal": VALUES | st.just("*"),
     "Action": WORDS, "Resource": WORDS | st.just("*")},
    optional={"Condition": st.dictionaries(WORDS, st.dictionaries(WORDS, VALUES, max_size=2))},
)  # fmt: skip


@given(VALUES | st.fixed_dictionaries({"Version": st.just("2012-10-17"), "Statement": STATEMENTS}))
def test_any_document_is_a_policy_or_is_refused(value):
    try:
        found = parse(json.dumps(value))
    except PolicyError:
        return
    assert isinstance(found, Policy)
    answer = decide(
        found, principal="111111111111", action="oam:CreateLink",
        resource="arn:aws:oam:us-east-1:1:sink/1", conditions={"oam:ResourceTypes": ["²", "1"]},
    )  # fmt: skip
    assert answer in ("Allow", "Deny", None)


@given(st.text())
def test_any_text_is_a_policy_or_is_refused(text):
    with pytest.raises(PolicyError):
        parse(text)
