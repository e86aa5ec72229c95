"""Account policies: one setting for many log groups."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.core.errors import NotImplementedByAwsmon
from tests.logs.conftest import NOW, event, messages, refused

EMAIL = "arn:aws:dataprotection::aws:data-identifier/EmailAddress"
PROTECTION = json.dumps(
    {
        "Name": "P", "Version": "2021-06-01",
        "Statement": [
            {"DataIdentifier": [EMAIL], "Operation": {"Audit": {"FindingsDestination": {}}}},
            {"DataIdentifier": [EMAIL], "Operation": {"Deidentify": {"MaskConfig": {}}}},
        ],
    }
)  # fmt: skip
SUBSCRIPTION = json.dumps(
    {"DestinationArn": "arn:aws:lambda:us-east-1:123456789012:function:f", "FilterPattern": ""}
)
FIELDS = '{"Fields": ["requestId"]}'
TRANSFORMER = '[{"parseJSON": {}}]'
EXTRACTION = '{"EmbeddedMetricFormat": {"Status": "Disabled"}}'


def retention(days, mode="RETROACTIVE"):
    return json.dumps({"retentionInDays": days, "enforcementMode": mode})


DOCUMENTS = {
    "DATA_PROTECTION_POLICY": PROTECTION,
    "SUBSCRIPTION_FILTER_POLICY": SUBSCRIPTION,
    "FIELD_INDEX_POLICY": FIELDS,
    "TRANSFORMER_POLICY": TRANSFORMER,
    "METRIC_EXTRACTION_POLICY": EXTRACTION,
    "RETENTION_POLICY": retention(30),
}


def put(logs, kind, name="p", criteria=None, document=None, **more):
    given = {} if criteria is None else {"selectionCriteria": criteria}
    return logs.put_account_policy(
        policyName=name, policyType=kind, policyDocument=document or DOCUMENTS[kind],
        **given, **more,
    )  # fmt: skip


def names(logs, kind, **how):
    found = logs.describe_account_policies(policyType=kind, **how)["accountPolicies"]
    return [each["policyName"] for each in found]


def refusal(call, *args, **kwargs):
    with pytest.raises(ClientError) as error:
        call(*args, **kwargs)
    return refused(error)


# -- put, describe, delete -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_a_policy_of_every_kind_is_kept(monitoring, logs, kind):
    # when it is put, then the answer is that of the CLI's examples
    shown = {
        "policyName": "p", "policyDocument": DOCUMENTS[kind], "lastUpdatedTime": NOW,
        "policyType": kind, "scope": "ALL",
    }  # fmt: skip
    assert put(logs, kind)["accountPolicy"] == shown
    # and it is described with its account
    described = logs.describe_account_policies(policyType=kind)["accountPolicies"]
    assert described == [{**shown, "accountId": "123456789012"}]
    # when it is put again, then it takes the place of the first
    monitoring.clock.advance(seconds=1)
    put(logs, kind)
    [found] = logs.describe_account_policies(policyType=kind)["accountPolicies"]
    assert found["lastUpdatedTime"] == NOW + 1000
    # when it is deleted, then it is gone
    logs.delete_account_policy(policyName="p", policyType=kind)
    assert names(logs, kind) == []


def test_policies_of_two_kinds_may_have_one_name(logs):
    put(logs, "FIELD_INDEX_POLICY")
    put(logs, "TRANSFORMER_POLICY")
    logs.delete_account_policy(policyName="p", policyType="FIELD_INDEX_POLICY")
    assert names(logs, "TRANSFORMER_POLICY") == ["p"]


@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_one_policy_is_described_by_its_name(logs):
    put(logs, "RETENTION_POLICY", "a")
    put(logs, "RETENTION_POLICY", "b")
    assert names(logs, "RETENTION_POLICY", policyName="b") == ["b"]
    assert names(logs, "RETENTION_POLICY", policyName="c") == []
    assert names(logs, "RETENTION_POLICY", accountIdentifiers=["123456789012"]) == ["a", "b"]


@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_a_token_must_be_one(logs):
    assert refusal(
        logs.describe_account_policies, policyType="RETENTION_POLICY", nextToken="x"
    ) == ("InvalidParameterException", "The specified nextToken is invalid.")


@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_policies_of_other_accounts_are_not_built(logs):
    with pytest.raises(NotImplementedByAwsmon, match="accountIdentifiers"):
        logs.describe_account_policies(
            policyType="RETENTION_POLICY", accountIdentifiers=["111111111111"]
        )


@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_an_unknown_policy_cannot_be_deleted(logs):
    put(logs, "RETENTION_POLICY")
    assert refusal(logs.delete_account_policy, policyName="p", policyType="TRANSFORMER_POLICY") == (
        "ResourceNotFoundException",
        "Policy with name [p] does not exist.",
    )


def test_names_of_aws_are_refused(logs):
    assert refusal(put, logs, "FIELD_INDEX_POLICY", "aws/p") == (
        "InvalidParameterException",
        "Policy names cannot start with aws/.",
    )


# -- documents -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "document", "why"),
    [
        ("FIELD_INDEX_POLICY", "{", "it must be JSON."),
        ("FIELD_INDEX_POLICY", "[]", "it must be an object."),
        ("FIELD_INDEX_POLICY", '{"x": 1}', "it has no member x."),
        ("DATA_PROTECTION_POLICY", "{}", "Version must be 2021-06-01."),
        ("SUBSCRIPTION_FILTER_POLICY", "{}", "DestinationArn must be an ARN."),
        ("SUBSCRIPTION_FILTER_POLICY", '{"DestinationArn": 1}', "every member must be text."),
        ("SUBSCRIPTION_FILTER_POLICY", '{"DestinationArn": "arn:x", "Distribution": "x"}',
         "Distribution must be one of ByLogStream, Random."),
        ("TRANSFORMER_POLICY", "{}", "it must be an array of processors."),
        ("TRANSFORMER_POLICY", "[]", "it must be an array of processors."),
        ("TRANSFORMER_POLICY", "[", "it must be an array of processors."),
        ("METRIC_EXTRACTION_POLICY", "{}",
         "EmbeddedMetricFormat.Status must be Enabled or Disabled."),
        ("RETENTION_POLICY", retention(14),
         "retentionInDays must be one of 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, "
         "1827, 2192, 2557, 2922, 3288, 3653 or NEVER_EXPIRE."),
        ("RETENTION_POLICY", retention(30, "SOME"),
         "enforcementMode must be NEW_ONLY or RETROACTIVE."),
    ],
)  # fmt: skip
@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_a_document_must_be_of_its_kind(logs, kind, document, why):
    assert refusal(put, logs, kind, document=document) == (
        "InvalidParameterException",
        f"Invalid policy document: {why}",
    )


@pytest.mark.parametrize(
    ("target", "code", "message"),
    [  # API reference, PutAccountPolicy; in the words of PutSubscriptionFilter
        ("arn:x", "InvalidParameterException", "Invalid destinationArn: arn:x"),
        ("arn:aws:sqs:us-east-1:123456789012:q", "InvalidParameterException",
         "Invalid destinationArn: arn:aws:sqs:us-east-1:123456789012:q"),
        ("arn:aws:kinesis:us-east-1:123456789012:stream/s", "InvalidParameterException",
         "destinationArn for vendor kinesis cannot be used without roleArn"),
        ("arn:aws:lambda:us-east-1:999999999999:function:f", "AccessDeniedException",
         "Cross-account lambda invocation passing is not allowed. You must use "
         "DestinationPolicies to create cross account lambda triggers."),
        ("arn:aws:logs:us-east-1:123456789012:destination:d", "ResourceNotFoundException",
         "The specified destination does not exist."),
    ],
)  # fmt: skip
def test_a_subscription_s_target_is_checked(monitoring, logs, target, code, message):
    document = json.dumps({"DestinationArn": target, "FilterPattern": ""})
    found = refusal(put, logs, "SUBSCRIPTION_FILTER_POLICY", document=document)
    assert found == (code, message)
    # and events can still be put
    monitoring.logs.put("/app", "web", "a")


def test_a_subscription_s_pattern_is_checked(logs):
    document = json.dumps({"DestinationArn": "arn:x", "FilterPattern": "{"})
    code, message = refusal(put, logs, "SUBSCRIPTION_FILTER_POLICY", document=document)
    assert code == "InvalidParameterException"
    assert message == "If a filter pattern starts with '{' it must end with '}'"


def test_a_document_has_30720_characters_at_most(logs):
    put(logs, "FIELD_INDEX_POLICY", document=FIELDS.ljust(30_720))
    assert refusal(put, logs, "FIELD_INDEX_POLICY", document=FIELDS.ljust(30_721)) == (
        "InvalidParameterException",
        "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: "
        "Member must have length less than or equal to 30720",
    )


# -- criteria --------------------------------------------------------------------------------------

SOURCE = 'DataSourceName = "amazon_vpc" AND DataSourceType = "flow"'


@pytest.mark.parametrize(
    ("kind", "criteria"),
    [
        ("SUBSCRIPTION_FILTER_POLICY", 'LogGroupName NOT IN ["a", "b"]'),
        ("TRANSFORMER_POLICY", 'LogGroupNamePrefix IN ["a"]'),
        ("FIELD_INDEX_POLICY", 'LogGroupNamePrefix = "a"'),
        ("FIELD_INDEX_POLICY", SOURCE),
        ("METRIC_EXTRACTION_POLICY", 'LogGroupName IN ["a"]'),
        ("METRIC_EXTRACTION_POLICY", 'LogGroupNamePrefix NOT IN ["a"]'),
        ("RETENTION_POLICY", 'LogGroupNamePrefix IN ["a", "b"]'),
    ],
)
@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_criteria_that_a_kind_knows(logs, kind, criteria):
    put(logs, kind, criteria=criteria)
    [found] = logs.describe_account_policies(policyType=kind)["accountPolicies"]
    assert found["selectionCriteria"] == criteria


NAMES = "LogGroupName NOT IN []"
PREFIXES = "LogGroupNamePrefix IN []"


@pytest.mark.parametrize(
    ("kind", "criteria", "forms"),
    [
        ("SUBSCRIPTION_FILTER_POLICY", 'LogGroupName IN ["a"]', NAMES),
        ("SUBSCRIPTION_FILTER_POLICY", 'LogGroupNamePrefix NOT IN ["a"]', NAMES),
        ("TRANSFORMER_POLICY", 'LogGroupNamePrefix NOT IN ["a"]', PREFIXES),
        ("TRANSFORMER_POLICY", SOURCE, PREFIXES),
        ("RETENTION_POLICY", 'LogGroupName IN ["a"]', PREFIXES),
        ("FIELD_INDEX_POLICY", 'DataSourceName = "amazon_vpc"',
         f'{PREFIXES} or DataSourceName = "" AND DataSourceType = ""'),
        ("FIELD_INDEX_POLICY", 'DataSourceName = "a" AND LogGroupNamePrefix = "b"',
         f'{PREFIXES} or DataSourceName = "" AND DataSourceType = ""'),
        ("METRIC_EXTRACTION_POLICY", f"LogGroupName IN {json.dumps([*map(str, range(51))])}",
         "LogGroupName IN [] or LogGroupName NOT IN [] or LogGroupNamePrefix IN [] or "
         "LogGroupNamePrefix NOT IN []"),
    ],
)  # fmt: skip
@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_criteria_that_a_kind_does_not_know(logs, kind, criteria, forms):
    assert refusal(put, logs, kind, criteria=criteria) == (
        "InvalidParameterException",
        f"The selection criteria of {kind} must be of the form {forms}.",
    )


def test_criteria_must_be_of_the_language(logs):
    for wrong in ("LogGroupName", 'LogGroupName ~ "a"', 'LogGroupName NOT IN ["a"] OR x = "b"'):
        assert refusal(put, logs, "SUBSCRIPTION_FILTER_POLICY", criteria=wrong) == (
            "InvalidParameterException",
            "Invalid selection criteria",
        )


def test_data_protection_is_for_all_groups(logs):
    assert refusal(put, logs, "DATA_PROTECTION_POLICY", criteria='LogGroupName NOT IN ["a"]') == (
        "InvalidParameterException",
        "Selection criteria are not supported for DATA_PROTECTION_POLICY.",
    )


@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_criteria_have_25_kilobytes_at_most(logs):
    head, tail = 'LogGroupNamePrefix IN ["', '"]'
    longest = head + "ä" * ((25 * 1024 - len(head + tail)) // 2) + tail
    assert len(longest.encode()) == 25 * 1024
    put(logs, "RETENTION_POLICY", criteria=longest)
    assert refusal(put, logs, "RETENTION_POLICY", criteria=longest + " ") == (
        "InvalidParameterException",
        "1 validation error detected: Value at 'selectionCriteria' failed to satisfy constraint: "
        "Member must have length less than or equal to 25600",
    )


def prefix(*values):
    return f"LogGroupNamePrefix IN {json.dumps(values)}"


def without(*values):
    return f"LogGroupNamePrefix NOT IN {json.dumps(values)}"


def name(*values):
    return f"LogGroupName IN {json.dumps(values)}"


@pytest.mark.parametrize(
    ("kind", "first", "second", "overlap"),
    [
        # API reference, PutAccountPolicy: the examples of each kind
        ("TRANSFORMER_POLICY", prefix("my-log"), prefix("my-logpprod"), True),
        ("TRANSFORMER_POLICY", prefix("my-logging"), prefix("my-log"), True),
        ("TRANSFORMER_POLICY", prefix("my-log"), prefix("other"), False),
        ("TRANSFORMER_POLICY", None, prefix("other"), True),
        ("FIELD_INDEX_POLICY", prefix("my-log"), prefix("my-logpprod"), True),
        ("FIELD_INDEX_POLICY", prefix("my-log"), SOURCE, False),
        ("FIELD_INDEX_POLICY", SOURCE, SOURCE, True),
        ("FIELD_INDEX_POLICY", SOURCE, SOURCE.replace("flow", "x"), False),
        ("METRIC_EXTRACTION_POLICY", prefix("my-log"), prefix("x", "my-log-prod"), True),
        ("METRIC_EXTRACTION_POLICY", without("/aws/lambda"), name("/aws/lambda/f1"), False),
        ("METRIC_EXTRACTION_POLICY", without("/aws/lambda"), prefix("/aws"), True),
        ("METRIC_EXTRACTION_POLICY", without("a"), without("b"), True),
        ("METRIC_EXTRACTION_POLICY", None, None, True),
        ("METRIC_EXTRACTION_POLICY", name("a"), name("b"), False),
        ("METRIC_EXTRACTION_POLICY", name("a"), name("a"), True),
        ("METRIC_EXTRACTION_POLICY", name("ab"), prefix("a"), True),
        ("METRIC_EXTRACTION_POLICY", name("a"), prefix("ab"), False),
        ("METRIC_EXTRACTION_POLICY", "LogGroupName NOT IN [\"a\"]", prefix("a"), True),
        ("RETENTION_POLICY", prefix("a"), prefix("a"), False),
    ],
)  # fmt: skip
@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_no_two_policies_are_for_one_group(logs, kind, first, second, overlap):
    put(logs, kind, "first", first)
    if not overlap:
        put(logs, kind, "second", second)
        return
    assert refusal(put, logs, kind, "second", second) == (
        "InvalidParameterException",
        "The selection criteria overlap with those of policy first.",
    )


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        ("DATA_PROTECTION_POLICY", 1), ("SUBSCRIPTION_FILTER_POLICY", 1),
        ("FIELD_INDEX_POLICY", 20), ("TRANSFORMER_POLICY", 20),
        ("METRIC_EXTRACTION_POLICY", 5), ("RETENTION_POLICY", 20),
    ],
)  # fmt: skip
@pytest.mark.needs("logs.PolicyType.RETENTION_POLICY")
def test_there_are_so_many_of_each_kind(logs, kind, most):
    for number in range(most):
        put(logs, kind, f"p{number}", None if most == 1 else prefix(f"{number}-"))
    assert refusal(put, logs, kind, "more", None if most == 1 else prefix("more")) == (
        "LimitExceededException",
        "Resource limit exceeded.",
    )
    put(logs, kind, "p0", None if most == 1 else prefix("0-"))  # one of them may be changed


def test_twenty_more_indexes_are_for_data_sources(logs):
    for number in range(20):
        put(logs, "FIELD_INDEX_POLICY", f"p{number}", prefix(f"{number}-"))
        put(logs, "FIELD_INDEX_POLICY", f"s{number}", SOURCE.replace("flow", str(number)))
    assert refusal(put, logs, "FIELD_INDEX_POLICY", "more", SOURCE) == (
        "LimitExceededException",
        "Resource limit exceeded.",
    )


# -- which policy is for a group -------------------------------------------------------------------


def test_a_subscription_is_for_all_groups_but_some(monitoring, logs, stream):
    put(logs, "SUBSCRIPTION_FILTER_POLICY", criteria='LogGroupName NOT IN ["/loop"]')
    logs.create_log_group(logGroupName="/loop")
    applying = monitoring.logs.policies.applying
    found = applying("SUBSCRIPTION_FILTER_POLICY", monitoring.logs["/app"])
    assert found.document["DestinationArn"].endswith("function:f")
    assert applying("SUBSCRIPTION_FILTER_POLICY", monitoring.logs["/loop"]) is None
    assert applying("TRANSFORMER_POLICY", monitoring.logs["/app"]) is None


def test_the_policy_whose_prefix_fits_is_the_group_s(monitoring, logs, stream):
    put(logs, "TRANSFORMER_POLICY", "a", prefix("/a"))
    put(logs, "TRANSFORMER_POLICY", "b", prefix("/b"))
    assert (
        monitoring.logs.policies.applying("TRANSFORMER_POLICY", monitoring.logs["/app"]).name == "a"
    )


def embedded(name):
    return event(
        json.dumps(
            {
                "_aws": {
                    "Timestamp": NOW,
                    "CloudWatchMetrics": [
                        {"Namespace": "App", "Dimensions": [[]], "Metrics": [{"Name": name}]}
                    ],
                },
                name: 1,
            }
        )
    )


def test_metrics_are_not_extracted_where_a_policy_says_so(logs, stream):
    client = boto3.client("cloudwatch")
    # given a policy that disables metrics for the group
    put(logs, "METRIC_EXTRACTION_POLICY", criteria=name("/app"))
    logs.put_log_events(**stream, logEvents=[embedded("A")])
    assert client.list_metrics(Namespace="App")["Metrics"] == []
    assert len(messages(logs.get_log_events(**stream))) == 1
    # when it enables them, or is gone, then they are extracted
    enabled = EXTRACTION.replace("Disabled", "Enabled")
    put(logs, "METRIC_EXTRACTION_POLICY", criteria=name("/app"), document=enabled)
    logs.put_log_events(**stream, logEvents=[embedded("B")])
    assert [each["MetricName"] for each in client.list_metrics(Namespace="App")["Metrics"]] == ["B"]
