"""Who may do what by a resource's policy: principals, actions, resources, conditions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.core.policies import allows, decide, parse
from awsmon.core.policy_conditions import OPERATORS
from awsmon.core.policy_patterns import expand, matches

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "policy_conditions.jsonl").read_text().splitlines()
]
SINK = "arn:aws:oam:us-east-1:123456789012:sink/1"
SESSION = "arn:aws:sts::111111111111:assumed-role/deploy/ann"
ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def policy(*statements, version="2012-10-17"):
    """A policy of statements, each of which says only how it differs from ANYBODY."""
    whole = []
    for each in statements:
        without = {key.removeprefix("Not") for key in each if key.startswith("Not")}
        kept = {key: value for key, value in ANYBODY.items() if key not in without}
        whole.append({**kept, **each})
    return parse(json.dumps({"Version": version, "Statement": whole}))


def asks(*statements, principal="111111111111", action="oam:CreateLink", resource=SINK, **more):
    """What a policy of these statements answers."""
    return decide(
        policy(*statements), principal=principal, action=action, resource=resource, **more
    )


# -- statements ------------------------------------------------------------------------------------


def test_what_no_statement_speaks_of_is_not_allowed():
    assert asks({"Action": "oam:UpdateLink"}) is None
    assert not allows(
        policy({"Action": "oam:UpdateLink"}), principal="1", action="oam:CreateLink", resource=SINK
    )


def test_a_denial_wins_wherever_it_stands():
    deny = {"Effect": "Deny", "Action": "oam:*"}
    assert asks({}) == "Allow"
    assert asks({}, deny) == asks(deny, {}) == "Deny"
    assert not allows(policy({}, deny), principal="1", action="oam:GetSink", resource=SINK)


def test_a_single_statement_needs_no_list():
    found = parse(json.dumps({"Version": "2012-10-17", "Statement": ANYBODY}))
    assert allows(found, principal="111111111111", action="a:B", resource=SINK)


# -- principals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "principal", "expected"),
    [  # source: IAM User Guide, "IAM JSON policy elements: Principal"
        ("*", "111111111111", True),
        ({"AWS": "*"}, SESSION, True),
        ({"AWS": "111111111111"}, "111111111111", True),
        ({"AWS": "arn:aws:iam::111111111111:root"}, "111111111111", True),
        ({"AWS": ["222222222222", "111111111111"]}, "111111111111", True),
        ({"AWS": "222222222222"}, "111111111111", False),
        ({"AWS": "111111111111"}, SESSION, True),
        ({"AWS": "111111111111"}, "arn:aws:iam::111111111111:user/ann", True),
        ({"AWS": "arn:aws:iam::111111111111:user/ann"}, "arn:aws:iam::111111111111:user/ann", True),
        ({"AWS": "arn:aws:iam::111111111111:user/ann"}, "111111111111", False),
        ({"AWS": "arn:aws:iam::111111111111:user/bob"}, "arn:aws:iam::111111111111:user/ann",
         False),
        ({"AWS": "arn:aws:iam::111111111111:role/deploy"}, SESSION, True),
        ({"AWS": "arn:aws:iam::111111111111:role/ci/deploy"}, SESSION, True),
        ({"AWS": "arn:aws:iam::111111111111:role/other"}, SESSION, False),
        ({"AWS": SESSION}, SESSION, True),
        ({"AWS": SESSION}, SESSION.replace("ann", "bob"), False),
        ({"Service": "logs.amazonaws.com"}, "logs.amazonaws.com", True),
        ({"Service": ["events.amazonaws.com", "logs.amazonaws.com"]}, "logs.amazonaws.com", True),
        ({"Service": "events.amazonaws.com"}, "logs.amazonaws.com", False),
        ({"Service": "logs.amazonaws.com"}, "111111111111", False),
        ({"AWS": "222222222222", "Service": "logs.amazonaws.com"}, "logs.amazonaws.com", True),
        ({"Federated": "logs.amazonaws.com"}, "logs.amazonaws.com", False),
        ({"CanonicalUser": "79a59df900b949e55d96a1e6"}, "79a59df900b949e55d96a1e6", False),
    ],
)  # fmt: skip
def test_a_principal_is_known_by_its_names(element, principal, expected):
    assert (asks({"Principal": element}, principal=principal) == "Allow") is expected


@pytest.mark.parametrize(
    ("element", "principal", "denied"),
    [  # source: IAM User Guide, "IAM JSON policy elements: NotPrincipal"
        ({"AWS": "222222222222"}, "111111111111", True),
        ({"AWS": "111111111111"}, "111111111111", False),
        ({"AWS": "arn:aws:iam::111111111111:user/ann"}, "arn:aws:iam::111111111111:user/ann", True),
        ({"AWS": ["arn:aws:iam::111111111111:user/ann", "111111111111"]},
         "arn:aws:iam::111111111111:user/ann", False),
        ({"AWS": [SESSION, "arn:aws:iam::111111111111:role/deploy",
                  "arn:aws:iam::111111111111:root"]}, SESSION, False),
    ],
)  # fmt: skip
def test_all_but_one_must_name_its_account_too(element, principal, denied):
    statement = {"Effect": "Deny", "NotPrincipal": element}
    assert (asks({}, statement, principal=principal) == "Deny") is denied


# -- actions and resources -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "action", "expected"),
    [  # source: IAM User Guide, "IAM JSON policy elements: Action"
        ("s3:GetObject", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("iam:*AccessKey*", "iam:CreateAccessKey", True),
        ("iam:*AccessKey*", "iam:ListAccessKeys", True),
        ("iam:*AccessKey*", "iam:ListUsers", False),
        ("sqs:???dMessage", "sqs:SendMessage", True),
        ("s3:*", "sqs:SendMessage", False),
        ("*", "sqs:SendMessage", True),
        ("*:*", "sqs:SendMessage", True),
        (["sqs:*", "s3:Get*"], "s3:GetObject", True),
    ],
)
def test_an_action_has_wildcards_and_no_case(element, action, expected):
    assert (asks({"Action": element}, action=action) == "Allow") is expected
    assert (asks({"NotAction": element}, action=action) == "Allow") is not expected


@pytest.mark.parametrize(
    ("element", "resource", "expected"),
    [  # source: IAM User Guide, "IAM JSON policy elements: Resource"
        ("*", "arn:aws:sqs:us-east-2:123456789012:queue1", True),
        ("arn:aws:sqs:us-east-2:123456789012:queue1", "arn:aws:sqs:us-east-2:123456789012:queue1",
         True),
        ("arn:aws:sqs:us-east-2:123456789012:queue?", "arn:aws:sqs:us-east-2:123456789012:queue1",
         True),
        ("arn:aws:sqs:*:123456789012:queue1", "arn:aws:sqs:us-east-2:123456789012:queue1", True),
        ("arn:aws:sqs", "arn:aws:sqs:us-east-2:123456789012:queue1", True),
        ("arn:aws:sqs", "arn:aws:sns:us-east-2:123456789012:queue1", False),
        ("arn:aws:sqs:us-east-?", "arn:aws:sqs:us-east-2:123456789012:queue1", True),
        ("arn:aws:logs:*:*:log-group:/app/*", "arn:aws:logs:us-east-1:123456789012:log-group:/app/a"
         ":log-stream:b", True),
        ("arn:aws:logs:*:log-group:a", "arn:aws:logs:us-east-1:123456789012:log-group:a", True),
        ("arn:aws:sqs:us-*-2:queue1", "arn:aws:sqs:us-east-2:123456789012:queue1", False),
        ("arn:aws:s3:::bucket/*/test/*", "arn:aws:s3:::bucket/1/2/test/3/object.jpg", True),
        ("arn:aws:s3:::bucket/*/test/*", "arn:aws:s3:::bucket/1/test", False),
        (["arn:aws:sqs:*:*:a", "arn:aws:sqs:*:*:b"], "arn:aws:sqs:us-east-2:123456789012:b", True),
        ("arn:aws:s3:::bucket/Key", "arn:aws:s3:::bucket/key", False),
    ],
)  # fmt: skip
def test_a_resource_has_wildcards(element, resource, expected):
    assert (asks({"Resource": element}, resource=resource) == "Allow") is expected
    assert (asks({"NotResource": element}, resource=resource) == "Allow") is not expected


def test_variables_are_those_of_the_newer_version():
    # given a statement on what is named after the caller's account
    statement = {"Resource": "arn:aws:logs:*:*:${aws:PrincipalAccount}/*"}
    request = {
        "principal": "111111111111",
        "action": "logs:PutLogEvents",
        "resource": "arn:aws:logs:us-east-1:123456789012:111111111111/x",
    }
    # then it means that in the newer version, and nothing special in the older
    assert allows(policy(statement), **request)
    assert not allows(policy(statement, version="2008-10-17"), **request)
    request["resource"] = "arn:aws:logs:us-east-1:123456789012:${aws:PrincipalAccount}/x"
    assert allows(policy(statement, version="2008-10-17"), **request)


def test_a_variable_without_a_value_fits_nothing():
    for element in ("Resource", "NotResource"):
        statement = {element: "arn:aws:logs:*:*:${aws:PrincipalTag/team}"}
        assert asks(statement, resource="arn:aws:logs:us-east-1:123456789012:red") is None


# -- conditions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: json.dumps(case["condition"])[:60])
def test_condition(case):
    found = asks({"Condition": case["condition"]}, conditions=case["request"])
    assert (found == "Allow") is case["holds"]


def test_every_operator_has_a_case():
    named = {
        operator.rpartition(":")[2].removesuffix("IfExists")
        for case in CASES for operator in case["condition"]
    }  # fmt: skip
    assert named == OPERATORS


@pytest.mark.parametrize(
    ("principal", "key", "value"),
    [  # source: IAM User Guide, "AWS global condition context keys"
        ("111111111111", "aws:PrincipalAccount", "111111111111"),
        (SESSION, "aws:PrincipalAccount", "111111111111"),
        (SESSION, "aws:PrincipalArn", "arn:aws:iam::111111111111:role/deploy"),
        ("arn:aws:iam::111111111111:user/ann", "aws:PrincipalArn",
         "arn:aws:iam::111111111111:user/ann"),
        ("111111111111", "aws:PrincipalIsAWSService", "false"),
        ("logs.amazonaws.com", "aws:PrincipalIsAWSService", "true"),
        ("logs.amazonaws.com", "aws:PrincipalServiceName", "logs.amazonaws.com"),
    ],
)  # fmt: skip
def test_a_principal_brings_its_own_keys(principal, key, value):
    assert asks({"Condition": {"StringEquals": {key: value}}}, principal=principal) == "Allow"
    assert asks({"Condition": {"StringEquals": {key: "x"}}}, principal=principal) is None


def test_keys_that_are_given_come_before_the_principals_own():
    statement = {"Condition": {"StringEquals": {"aws:PrincipalAccount": "222222222222"}}}
    assert asks(statement, conditions={"AWS:principalaccount": "222222222222"}) == "Allow"


# -- wildcards agree with regular expressions ------------------------------------------------------


@given(st.text("ab:*?", max_size=10), st.text("ab:", max_size=12))
def test_wildcards_agree_with_regular_expressions(pattern, text):
    expression = "".join({"*": ".*", "?": "."}.get(each, each) for each in pattern)
    assert matches(expand(pattern, None), text) is (re.fullmatch(expression, text) is not None)


def test_many_wildcards_take_no_time():
    assert not matches(expand("*a" * 200 + "b", None), "a" * 2000)
