"""Resource policies: of the account and of log groups."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.logs.conftest import NOW, refused

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/app"


def document(**changed):
    """As the recordings have it: the resource is no ARN."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Route53LogsToCloudWatchLogs",
                    "Effect": "Allow",
                    "Principal": {"Service": ["route53.amazonaws.com"]},
                    "Action": "logs:PutLogEvents",
                    "Resource": "log_arn",
                    **changed,
                }
            ],
        }
    )


def described(logs, **how):
    return logs.describe_resource_policies(**how)["resourcePolicies"]


# -- of the account --------------------------------------------------------------------------------


def test_a_policy_is_answered_as_it_was_put(logs):
    """Recorded: LocalStack, test_put_resource_policy, 2026-02-06."""
    found = logs.put_resource_policy(policyName="p", policyDocument=document())
    assert found["resourcePolicy"] == {
        "policyName": "p",
        "policyDocument": document(),
        "lastUpdatedTime": NOW,
        "policyScope": "ACCOUNT",
    }
    assert "revisionId" not in found


def test_a_policy_is_described_as_aws_keeps_it(logs):
    """Recorded: LocalStack, test_describe_resource_policies: lists of one are their one."""
    logs.put_resource_policy(policyName="p", policyDocument=document())
    [found] = described(logs)
    assert json.loads(found["policyDocument"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Route53LogsToCloudWatchLogs",
                "Effect": "Allow",
                "Principal": {"Service": "route53.amazonaws.com"},
                "Action": "logs:PutLogEvents",
                "Resource": "log_arn",
            }
        ],
    }


def test_a_policy_that_is_put_again_takes_the_place_of_the_first(monitoring, logs):
    """Recorded: LocalStack, test_put_resource_policy_update: a version is added, order is AWS's."""
    logs.put_resource_policy(policyName="p", policyDocument=document())
    monitoring.clock.advance(seconds=1)
    logs.put_resource_policy(
        policyName="p",
        policyDocument='{"Statement":[{"Action":"logs:*","Effect":"Allow",'
        '"Principal":{"Service": ["route53.amazonaws.com"]},"Resource":"*"}]}',
    )
    [found] = described(logs)
    assert found["policyDocument"] == (
        '{"Version":"2008-10-17","Statement":[{"Effect":"Allow",'
        '"Principal":{"Service":"route53.amazonaws.com"},"Action":"logs:*","Resource":"*"}]}'
    )
    assert found["lastUpdatedTime"] == NOW + 1000


def test_an_account_has_ten_policies_at_most(logs):
    """Recorded: LocalStack, test_put_resource_policy_limit_exceeded."""
    for number in range(10):
        logs.put_resource_policy(policyName=f"p{number}", policyDocument=document())
    with pytest.raises(ClientError) as error:
        logs.put_resource_policy(policyName="one-more", policyDocument=document())
    assert refused(error) == ("LimitExceededException", "Resource limit exceeded.")
    # but one of the ten may be changed
    logs.put_resource_policy(policyName="p1", policyDocument=document(Resource="*"))


def test_policies_come_in_pages(logs):
    for name in "cab":
        logs.put_resource_policy(policyName=name, policyDocument=document())
    first = logs.describe_resource_policies(limit=2)
    second = logs.describe_resource_policies(limit=2, nextToken=first["nextToken"])
    names = [each["policyName"] for page in (first, second) for each in page["resourcePolicies"]]
    assert names == ["a", "b", "c"]
    assert "nextToken" not in second
    with pytest.raises(ClientError) as error:
        logs.describe_resource_policies(nextToken="x")
    assert refused(error) == ("InvalidParameterException", "The specified nextToken is invalid.")


def test_a_policy_is_deleted_once(logs):
    logs.put_resource_policy(policyName="non-existent", policyDocument=document())
    logs.delete_resource_policy(policyName="non-existent")
    assert described(logs) == []
    with pytest.raises(ClientError) as error:
        logs.delete_resource_policy(policyName="non-existent")
    assert refused(error) == (  # recorded: LocalStack, test_delete_resource_policy_not_found
        "ResourceNotFoundException",
        "Policy with name [non-existent] does not exist.",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "{", "[]", '"text"', '{"Statement": [{"Effect": "Allow"}]}',
        document(Principal={"AWS": "delivery.logs.amazonaws.com"}),  # as users report it
        document(Effect="Maybe"), document(Action=3), document(Resource=3), document(More=1),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_refused(logs, wrong):
    with pytest.raises(ClientError) as error:
        logs.put_resource_policy(policyName="p", policyDocument=wrong)
    assert refused(error) == (
        "InvalidParameterException",
        "Could not convert to persistable policy.",
    )


@pytest.mark.needs("1.44")  # longer documents
def test_a_policy_of_the_account_has_5120_characters_at_most(logs):
    longest = document() + " " * (5120 - len(document()))
    logs.put_resource_policy(policyName="p", policyDocument=longest)
    with pytest.raises(ClientError) as error:
        logs.put_resource_policy(policyName="p", policyDocument=longest + " ")
    assert refused(error) == (
        "InvalidParameterException",
        "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: "
        "Member must have length less than or equal to 5120",
    )


@pytest.mark.parametrize(
    ("call", "member"),
    [
        (lambda logs: logs.put_resource_policy(policyDocument=document()), "policyName"),
        (lambda logs: logs.put_resource_policy(policyName="p"), "policyDocument"),
        (lambda logs: logs.delete_resource_policy(), "policyName"),
    ],
)
def test_name_and_document_are_required(logs, call, member):
    with pytest.raises(ClientError) as error:
        call(logs)
    assert refused(error) == (
        "InvalidParameterException",
        f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
        "Member must not be null",
    )


# -- of a log group --------------------------------------------------------------------------------


@pytest.fixture
def own(logs, stream):
    """The policy of a log group."""
    return logs.put_resource_policy(policyName="own", policyDocument=document(), resourceArn=GROUP)[
        "resourcePolicy"
    ]


def test_the_policy_of_a_log_group_has_a_revision(logs, stream):
    found = logs.put_resource_policy(
        policyName="own", policyDocument=document(), resourceArn=f"{GROUP}:*"
    )
    assert found["resourcePolicy"]["policyScope"] == "RESOURCE"
    assert found["resourcePolicy"]["resourceArn"] == GROUP
    assert found["resourcePolicy"]["revisionId"] == found["revisionId"]


@pytest.mark.parametrize(
    ("how", "names"),
    [
        ({}, ["account"]),
        ({"policyScope": "ACCOUNT"}, ["account"]),
        ({"policyScope": "RESOURCE"}, ["own"]),
        ({"resourceArn": GROUP}, ["own"]),
        ({"resourceArn": GROUP, "policyScope": "ACCOUNT"}, []),
    ],
)
def test_policies_are_described_by_scope(logs, own, how, names):
    logs.put_resource_policy(policyName="account", policyDocument=document())
    assert [each["policyName"] for each in described(logs, **how)] == names


def test_a_change_must_know_the_revision(logs, own):
    for revision in ({}, {"expectedRevisionId": "another"}):
        for call in (
            lambda how: logs.put_resource_policy(policyDocument=document(), **how),
            lambda how: logs.delete_resource_policy(**how),
        ):
            with pytest.raises(ClientError) as error:
                call({"policyName": "own", "resourceArn": GROUP, **revision})
            assert refused(error) == (
                "OperationAbortedException",
                "The expected revision ID does not match the current revision of the policy.",
            )
    # when the revision is known, the policy is changed, and has a new one
    changed = logs.put_resource_policy(
        policyName="own", policyDocument=document(Resource="*"), resourceArn=GROUP,
        expectedRevisionId=own["revisionId"],
    )  # fmt: skip
    assert changed["revisionId"] != own["revisionId"]
    logs.delete_resource_policy(
        policyName="own", resourceArn=GROUP, expectedRevisionId=changed["revisionId"]
    )
    assert described(logs, policyScope="RESOURCE") == []


def test_a_log_group_has_one_policy(logs, own):
    with pytest.raises(ClientError) as error:
        logs.put_resource_policy(
            policyName="other", policyDocument=document(), resourceArn=GROUP,
            expectedRevisionId=own["revisionId"],
        )  # fmt: skip
    assert refused(error) == ("LimitExceededException", "Resource limit exceeded.")


def test_its_policy_goes_with_the_group(logs, own):
    logs.delete_log_group(logGroupName="/app")
    assert described(logs, policyScope="RESOURCE") == []


@pytest.mark.needs("1.44")  # longer documents
def test_the_policy_of_a_log_group_may_be_longer(logs, stream):
    logs.put_resource_policy(
        policyName="own", policyDocument=document() + " " * 10_000, resourceArn=GROUP
    )


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        ("/app", "InvalidParameterException",
         "The resource ARN must be that of a log group: /app"),
        ("arn:aws:logs:us-east-1:123456789012:destination:d", "InvalidParameterException",
         "The resource ARN must be that of a log group: "
         "arn:aws:logs:us-east-1:123456789012:destination:d"),
        (GROUP + "x", "ResourceNotFoundException", "The specified log group does not exist."),
    ],
)  # fmt: skip
def test_a_policy_is_put_on_log_groups_alone(logs, stream, arn, code, message):
    with pytest.raises(ClientError) as error:
        logs.put_resource_policy(policyName="p", policyDocument=document(), resourceArn=arn)
    assert refused(error) == (code, message)


def test_deleting_what_a_group_has_not(logs, stream):
    with pytest.raises(ClientError) as error:
        logs.delete_resource_policy(policyName="own", resourceArn=GROUP)
    assert refused(error) == (
        "ResourceNotFoundException",
        "Policy with name [own] does not exist.",
    )


# -- what they allow -------------------------------------------------------------------------------

STREAM = f"{GROUP}:log-stream:s"


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        (document(Resource=f"{GROUP}:*"), True),
        (document(Resource="*"), True),
        (document(Resource="log_arn"), False),
        (document(Resource=["log_arn", f"{GROUP}:*"]), True),
        (document(Resource=f"{GROUP}:*", Action="logs:CreateLogStream"), False),
        (document(Resource="*", Condition={"StringEquals": {"aws:SourceAccount": "1"}}), False),
    ],
)
def test_a_policy_allows_a_service_what_it_says(monitoring, logs, policy, allowed):
    logs.put_resource_policy(policyName="p", policyDocument=policy)
    assert allowed is monitoring.logs.resource_policies.allow(
        "route53.amazonaws.com", "logs:PutLogEvents", STREAM
    )


def test_one_refusal_outweighs_all(monitoring, logs, own):
    ask = monitoring.logs.resource_policies.allow
    asked = ("route53.amazonaws.com", "logs:PutLogEvents", STREAM)
    assert not ask(*asked)
    logs.put_resource_policy(
        policyName="own", policyDocument=document(Resource="*"), resourceArn=GROUP,
        expectedRevisionId=own["revisionId"],
    )  # fmt: skip
    group = monitoring.logs["/app"]
    assert not ask(*asked)
    assert ask(*asked, group=group)
    logs.put_resource_policy(policyName="p", policyDocument=document(Effect="Deny", Resource="*"))
    assert not ask(*asked, group=group)
