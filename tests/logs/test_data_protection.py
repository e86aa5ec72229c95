"""Data protection: sensitive data is masked as it comes in, and findings are reported."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.core.errors import NotImplementedByAwsmon
from tests.logs.conftest import NOW, event, messages, refused

IDENTIFIER = "arn:aws:dataprotection::aws:data-identifier/"
EMAIL, IP = f"{IDENTIFIER}EmailAddress", f"{IDENTIFIER}IpAddress"
ARN = "arn:aws:logs:us-east-1:123456789012:log-group:/app"


def policy(*identifiers, destination=None, custom=None, **changed):
    """A document as the user guide has it."""
    identifiers = list(identifiers or [EMAIL])
    found = {
        "Name": "protect",
        "Description": "",
        "Version": "2021-06-01",
        "Statement": [
            {"Sid": "audit", "DataIdentifier": identifiers,
             "Operation": {"Audit": {"FindingsDestination": destination or {}}}},
            {"Sid": "redact", "DataIdentifier": identifiers,
             "Operation": {"Deidentify": {"MaskConfig": {}}}},
        ],
        **changed,
    }  # fmt: skip
    if custom is not None:
        found["Configuration"] = {"CustomDataIdentifier": custom}
    return json.dumps(found)


def protect(logs, document=None, group="/app"):
    return logs.put_data_protection_policy(
        logGroupIdentifier=group, policyDocument=document or policy()
    )


def shown(logs, group="/app"):
    [found] = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    return {key: found.get(key) for key in ("dataProtectionStatus", "inheritedProperties")}


# -- the policy ------------------------------------------------------------------------------------


def test_a_policy_is_put_shown_and_deleted(logs, stream):
    # given a group that never had a policy
    assert logs.get_data_protection_policy(logGroupIdentifier="/app").get("policyDocument") is None
    assert shown(logs)["dataProtectionStatus"] is None
    # when one is put, then it is answered and shown
    found = protect(logs, group=ARN)
    assert {key: found[key] for key in ("logGroupIdentifier", "policyDocument")} == {
        "logGroupIdentifier": ARN,
        "policyDocument": policy(),
    }
    assert found["lastUpdatedTime"] == NOW
    got = logs.get_data_protection_policy(logGroupIdentifier="/app")
    assert (got["logGroupIdentifier"], got["policyDocument"]) == ("/app", policy())
    assert shown(logs)["dataProtectionStatus"] == "ACTIVATED"
    # when it is deleted, then the group still says that it had one
    logs.delete_data_protection_policy(logGroupIdentifier="/app")
    assert "policyDocument" not in logs.get_data_protection_policy(logGroupIdentifier="/app")
    assert shown(logs)["dataProtectionStatus"] == "DELETED"


def test_what_is_not_there_cannot_be_deleted(logs, stream):
    with pytest.raises(ClientError) as error:
        logs.delete_data_protection_policy(logGroupIdentifier="/app")
    assert refused(error) == (
        "ResourceNotFoundException",
        "The specified log group has no data protection policy.",
    )


def test_an_unknown_group_is_not_found(logs):
    for call in (
        lambda: protect(logs),
        lambda: logs.get_data_protection_policy(logGroupIdentifier="/app"),
        lambda: logs.delete_data_protection_policy(logGroupIdentifier="/app"),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert refused(error) == (
            "ResourceNotFoundException",
            "The specified log group does not exist.",
        )


def test_groups_for_delivery_cannot_be_protected(logs):
    logs.create_log_group(logGroupName="/app", logGroupClass="DELIVERY")
    with pytest.raises(ClientError) as error:
        protect(logs)
    assert refused(error) == (
        "InvalidParameterException",
        "Data protection is not supported for log groups with log class DELIVERY.",
    )


AUDIT = {"DataIdentifier": [EMAIL], "Operation": {"Audit": {"FindingsDestination": {}}}}
REDACT = {"DataIdentifier": [EMAIL], "Operation": {"Deidentify": {"MaskConfig": {}}}}
NO_PAIR = "one statement must have the operation Audit, the other Deidentify."


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("{", "it must be JSON."),
        ("[]", "it must be an object."),
        (policy(More=1), "it has no member More."),
        (policy(Version="2012-10-17"), "Version must be 2021-06-01."),
        (policy(Name=1), "Name and Description must be text."),
        (policy(Statement=[AUDIT]), "Statement must be an array of two."),
        (policy(Statement={}), "Statement must be an array of two."),
        (policy(Statement=[AUDIT, AUDIT]), NO_PAIR),
        (policy(Statement=[REDACT, REDACT]), NO_PAIR),
        (policy(Statement=[AUDIT, 1]), "a statement must be an object."),
        (policy(Statement=[AUDIT, {**REDACT, "Effect": "Allow"}]),
         "a statement has no member Effect."),
        (policy(Statement=[AUDIT, {**REDACT, "DataIdentifier": [IP]}]),
         "both statements must have the same DataIdentifier."),
        (policy(Statement=[AUDIT, {**REDACT, "DataIdentifier": []}]),
         "DataIdentifier must be an array of different names."),
        (policy(EMAIL, EMAIL), "DataIdentifier must be an array of different names."),
        (policy(Statement=[AUDIT, {**REDACT, "Operation": {"Mask": {}}}]),
         "Operation has no member Mask."),
        (policy(Statement=[AUDIT, {**REDACT, "Operation": {"Deidentify": {}}}]),
         "Deidentify must be an empty MaskConfig."),
        (policy(Statement=[AUDIT, {**REDACT, "Operation": {"Deidentify": {"MaskConfig": [1]}}}]),
         "Deidentify must be an empty MaskConfig."),
        (policy(Statement=[{**AUDIT, "Operation": {"Audit": {}}}, REDACT]),
         "FindingsDestination must be an object."),
        (policy(destination={"SNS": {}}), "FindingsDestination has no member SNS."),
        (policy(destination={"S3": {}}), "S3 must name its Bucket."),
        (policy(destination={"Firehose": {"DeliveryStream": ""}}),
         "Firehose must name its DeliveryStream."),
        (policy("EmailAddress"), "EmailAddress is not a data identifier."),
        (policy(f"{IDENTIFIER}ShoeSize"), f"{IDENTIFIER}ShoeSize is not a data identifier."),
        (policy("Mine", custom=[]), "Mine is not a data identifier."),
        (policy(custom={}), "CustomDataIdentifier must be an array of at most 10."),
        (policy(custom=[{"Name": f"n{at}", "Regex": "a"} for at in range(11)]),
         "CustomDataIdentifier must be an array of at most 10."),
        (policy(custom=[{"Name": "a"}]),
         "a custom data identifier must have a Name and a Regex."),
        (policy(custom=[{"Name": "a", "Regex": "b"}] * 2),
         "there are two custom data identifiers a."),
        (policy(custom=[{"Name": "a b", "Regex": "b"}]),
         "the name of a custom data identifier is made of at most 128 letters, digits, _ and -."),
        (policy(custom=[{"Name": "a" * 129, "Regex": "b"}]),
         "the name of a custom data identifier is made of at most 128 letters, digits, _ and -."),
        (policy(custom=[{"Name": "EmailAddress", "Regex": "b"}]),
         "EmailAddress is the name of a managed data identifier."),
        (policy(custom=[{"Name": "Name", "Regex": "b"}]),
         "Name is the name of a managed data identifier."),
        (policy(custom=[{"Name": "a", "Regex": "b" * 201}]),
         "the Regex of a must have 1 to 200 characters."),
        (policy(custom=[{"Name": "a", "Regex": ""}]),
         "the Regex of a must have 1 to 200 characters."),
        (policy(custom=[{"Name": "a", "Regex": "a(b)"}]),
         "the Regex of a: '(' is not supported."),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_refused(logs, stream, document, why):
    with pytest.raises(ClientError) as error:
        protect(logs, document)
    assert refused(error) == ("InvalidParameterException", f"Invalid policy document: {why}")


def test_a_policy_has_30720_characters_at_most(logs, stream):
    protect(logs, policy().ljust(30_720))
    with pytest.raises(ClientError) as error:
        protect(logs, policy().ljust(30_721))
    assert refused(error) == (
        "InvalidParameterException",
        "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: "
        "Member must have length less than or equal to 30720",
    )


def test_ten_custom_identifiers_of_full_length_are_accepted(logs, stream):
    custom = [{"Name": f"{at}".ljust(128, "x"), "Regex": "a" * 200} for at in range(10)]
    protect(logs, policy(*(each["Name"] for each in custom), custom=custom))


@pytest.mark.parametrize("name", ["Name", "Address", "DriversLicense-AT"])
def test_what_cannot_be_found_here_is_said(logs, stream, name):
    with pytest.raises(NotImplementedByAwsmon, match=f"data identifier {name}"):
        protect(logs, policy(f"{IDENTIFIER}{name}"))


# -- masking ---------------------------------------------------------------------------------------


def test_what_comes_in_from_now_on_is_masked(logs, stream):
    # given an event from before the policy
    logs.put_log_events(**stream, logEvents=[event("old a@example.com")])
    protect(logs)
    # when another comes in, then it is masked, each character by an asterisk
    logs.put_log_events(**stream, logEvents=[event("new bob@example.com!", 1), event("plain", 2)])
    seen = ["old a@example.com", "new ***************!", "plain"]
    clear = ["old a@example.com", "new bob@example.com!", "plain"]
    for read in (logs.get_log_events, logs.filter_log_events):
        where = {"logGroupName": "/app"} if read == logs.filter_log_events else stream
        assert messages(read(**where)) == seen
        assert messages(read(**where, unmask=True)) == clear
    # when the policy is deleted, then it stays masked, and what comes in later is clear
    logs.delete_data_protection_policy(logGroupIdentifier="/app")
    logs.put_log_events(**stream, logEvents=[event("c@example.com", 3)])
    assert messages(logs.get_log_events(**stream)) == [*seen, "c@example.com"]


def test_who_may_not_see_it_cannot_search_for_it(logs, stream):
    protect(logs)
    logs.put_log_events(**stream, logEvents=[event("from bob@example.com")])
    search = {"logGroupName": "/app", "filterPattern": "bob"}
    assert messages(logs.filter_log_events(**search)) == []
    assert messages(logs.filter_log_events(**search, unmask=True)) == ["from bob@example.com"]


def test_late_events_are_masked_in_their_places(logs, stream):
    protect(logs)
    for second in (3, 1, 2):
        logs.put_log_events(**stream, logEvents=[event(f"{second}@example.com", second)])
    assert messages(logs.get_log_events(**stream)) == ["*************"] * 3
    assert messages(logs.get_log_events(**stream, unmask=True)) == [
        "1@example.com", "2@example.com", "3@example.com",
    ]  # fmt: skip


def test_metric_filters_see_what_is_masked(logs, stream):
    protect(logs)
    for name, pattern in (("Clear", "bob"), ("Masked", '"***"')):
        logs.put_metric_filter(
            logGroupName="/app", filterName=name, filterPattern=pattern,
            metricTransformations=[
                {"metricName": name, "metricNamespace": "App", "metricValue": "1"}],
        )  # fmt: skip
    logs.put_log_events(**stream, logEvents=[event("bob@example.com")])
    found = boto3.client("cloudwatch").list_metrics(Namespace="App")["Metrics"]
    assert [each["MetricName"] for each in found] == ["Masked"]


def test_a_single_record_is_masked_too(monitoring, logs, stream):
    from awsmon.logs.store import Pointer

    protect(logs)
    logs.put_log_events(**stream, logEvents=[event("bob@example.com")])
    pointer = str(Pointer("123456789012", "/app", "web", NOW, 1))
    found = logs.get_log_record(logRecordPointer=pointer)["logRecord"]
    assert found["@message"] == "***************"
    found = logs.get_log_record(logRecordPointer=pointer, unmask=True)["logRecord"]
    assert found["@message"] == "bob@example.com"


def test_custom_identifiers_are_masked(logs, stream):
    """Source: User Guide, "Custom data identifiers": the example."""
    custom = [{"Name": "EmployeeId", "Regex": r"EmployeeID-\d{9}"}]
    protect(logs, policy("EmployeeId", IP, custom=custom))
    logs.put_log_events(**stream, logEvents=[event("EmployeeID-123456789 at 192.0.2.1")])
    assert messages(logs.get_log_events(**stream)) == ["******************** at *********"]


def test_the_account_s_policy_counts_too(logs, stream):
    # given the account masks e-mail, and the group addresses
    logs.put_account_policy(
        policyName="p", policyType="DATA_PROTECTION_POLICY", policyDocument=policy()
    )
    protect(logs, policy(IP))
    assert shown(logs) == {
        "dataProtectionStatus": "ACTIVATED",
        "inheritedProperties": ["ACCOUNT_DATA_PROTECTION"],
    }
    # when both come in, then both are masked; in a new group the account's alone
    logs.create_log_group(logGroupName="/new")
    logs.create_log_stream(logGroupName="/new", logStreamName="s")
    where = {"logGroupName": "/new", "logStreamName": "s"}
    for into in (stream, where):
        logs.put_log_events(**into, logEvents=[event("a@b.com 192.0.2.1")])
    assert messages(logs.get_log_events(**stream)) == ["******* *********"]
    assert messages(logs.get_log_events(**where)) == ["******* 192.0.2.1"]
    assert shown(logs, "/new")["dataProtectionStatus"] is None
    # when the account's policy goes, then the group's own stays
    logs.delete_account_policy(policyName="p", policyType="DATA_PROTECTION_POLICY")
    logs.put_log_events(**stream, logEvents=[event("a@b.com 192.0.2.1", 1)])
    assert messages(logs.get_log_events(**stream))[1] == "a@b.com *********"
    assert shown(logs)["inheritedProperties"] is None


def test_masks_are_in_a_snapshot(monitoring, logs, stream):
    protect(logs)
    kept = monitoring.snapshot()
    logs.put_log_events(**stream, logEvents=[event("a@b.com")])
    later = monitoring.snapshot()
    monitoring.restore(kept)
    assert messages(logs.get_log_events(**stream)) == []
    monitoring.restore(later)
    assert messages(logs.get_log_events(**stream)) == ["*******"]


# -- findings --------------------------------------------------------------------------------------


@pytest.fixture
def audited(logs, stream):
    """Findings in /app are reported to /audit."""
    logs.create_log_group(logGroupName="/audit")
    protect(logs, policy(EMAIL, IP, destination={"CloudWatchLogs": {"LogGroup": "/audit"}}))


def reports(logs):
    return messages(logs.filter_log_events(logGroupName="/audit"))


def test_findings_are_reported_event_by_event(logs, stream, audited):
    """Form and meaning: User Guide, "Audit findings reports"; positions count from 1."""
    logs.put_log_events(
        **stream,
        logEvents=[event("my mail is a@example.com or b@example.com"), event("none", 1),
                   event("192.0.2.1 c@example.com", 2)],
    )  # fmt: skip
    first, second = map(json.loads, reports(logs))
    assert first == {
        "auditTimestamp": "2026-03-02T12:00:00Z",
        "resourceArn": f"{ARN}:*",
        "dataIdentifiers": [
            {"name": "EmailAddress", "count": 2,
             "detections": [{"start": 12, "end": 24}, {"start": 29, "end": 41}]}
        ],
    }  # fmt: skip
    assert [(each["name"], each["count"]) for each in second["dataIdentifiers"]] == [
        ("EmailAddress", 1),
        ("IpAddress", 1),
    ]


def test_events_with_findings_are_counted(monitoring, logs, stream, audited):
    logs.put_log_events(
        **stream, logEvents=[event("a@b.com c@d.com"), event("none", 1), event("192.0.2.1", 2)]
    )
    monitoring.clock.advance(minutes=1)
    client = boto3.client("cloudwatch")
    for more in ([], [{"Name": "PolicyName", "Value": "protect"}]):
        found = client.get_metric_statistics(
            Namespace="AWS/Logs", MetricName="LogEventsWithFindings",
            Dimensions=[{"Name": "LogGroupName", "Value": "/app"},
                        {"Name": "DataProtectionOperation", "Value": "Audit"}, *more],
            StartTime="2026-03-02T12:00:00Z", EndTime="2026-03-02T12:01:00Z", Period=60,
            Statistics=["Sum"],
        )  # fmt: skip
        assert [each["Sum"] for each in found["Datapoints"]] == [2.0]


def test_the_destination_must_be_there(logs, stream):
    with pytest.raises(ClientError) as error:
        protect(logs, policy(destination={"CloudWatchLogs": {"LogGroup": "/audit"}}))
    assert refused(error) == (
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    )


def test_reports_are_not_looked_through_in_turn(logs, stream):
    # given a group that reports to itself, and a policy that finds something in each report
    custom = [{"Name": "Word", "Regex": "[a-z]+"}]
    protect(logs, policy("Word", custom=custom,
                         destination={"CloudWatchLogs": {"LogGroup": "/app"}}))  # fmt: skip
    logs.put_log_events(**stream, logEvents=[event("hello")])
    found = messages(logs.filter_log_events(logGroupName="/app"))
    assert found[0] == "*****"
    assert json.loads(found[1])["dataIdentifiers"][0]["name"] == "Word"
    assert len(found) == 2


def test_findings_leave_for_streams_and_buckets(monitoring, logs, stream):
    to = {"Firehose": {"DeliveryStream": "findings"}, "S3": {"Bucket": "findings"}}
    protect(logs, policy(destination=to))
    logs.put_log_events(**stream, logEvents=[event("a@b.com")])
    assert [each.target_arn for each in monitoring.deliveries] == [
        "arn:aws:firehose:us-east-1:123456789012:deliverystream/findings",
        "arn:aws:s3:::findings",
    ]
    for each in monitoring.deliveries:
        assert json.loads(each.payload)["dataIdentifiers"][0]["count"] == 1


def test_a_report_whose_group_has_gone_is_on_record(monitoring, logs, stream, audited):
    logs.delete_log_group(logGroupName="/audit")
    logs.put_log_events(**stream, logEvents=[event("a@b.com")])
    [delivery] = monitoring.deliveries
    assert delivery.target_arn.endswith(":log-group:/audit")
