"""Transformers of log groups and accounts: who sees what became of an event."""

from __future__ import annotations

import gzip
import json

import pytest
from botocore.exceptions import ClientError

from awsmon.core.neighbours import MetricKey
from awsmon.errors import NotImplementedByAwsmon
from tests.logs.conftest import NOW, event, messages

FLOW = "2 123456789010 eni-abc123de 192.0.2.0 192.0.2.24 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK"  # noqa: E501
CONFIG = [{"parseVPC": {}}, {"addKeys": {"entries": [{"key": "team", "value": "net"}]}}]
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/s"


def put(logs, group="/app", config=CONFIG):
    logs.put_transformer(logGroupIdentifier=group, transformerConfig=config)


def come(logs, stream, *texts):
    logs.put_log_events(**stream, logEvents=[event(text) for text in texts])


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_insights_sees_the_transformed_event_and_readers_the_original(monitoring, logs, stream):
    put(logs)
    come(logs, stream, FLOW)
    assert messages(logs.get_log_events(**stream)) == [FLOW]
    assert messages(logs.filter_log_events(logGroupName="/app")) == [FLOW]
    rows = monitoring.logs.query("/app", "fields @message, srcAddr, bytes, team")
    assert rows[0]["srcAddr"] == "192.0.2.0"
    assert (rows[0]["bytes"], rows[0]["team"]) == ("4249", "net")
    assert json.loads(rows[0]["@message"])["team"] == "net"


def test_only_what_comes_in_afterwards_is_transformed(monitoring, logs, stream):
    come(logs, stream, FLOW)
    put(logs)
    come(logs, stream, FLOW)
    logs.delete_transformer(logGroupIdentifier="/app")
    come(logs, stream, FLOW)
    rows = monitoring.logs.query("/app", "fields @message | filter team = 'net'")
    assert len(rows) == 1


def test_metric_filters_choose_what_they_see(monitoring, logs, stream):
    put(logs)
    for name, transformed in (("a", True), ("b", False)):
        logs.put_metric_filter(
            logGroupName="/app", filterName=name, filterPattern='{ $.team = "net" }',
            applyOnTransformedLogs=transformed,
            metricTransformations=[
                {"metricNamespace": "App", "metricName": name, "metricValue": "$.bytes"}
            ],
        )  # fmt: skip
    come(logs, stream, FLOW)
    assert MetricKey("App", "a") in monitoring.metrics
    assert MetricKey("App", "b") not in monitoring.metrics
    start = monitoring.clock.now()
    monitoring.clock.advance(minutes=1)
    assert [value for _, value in monitoring.metrics.get("App", "a", start=start)] == [4249]


def test_subscriptions_choose_what_they_send(monitoring, logs, stream):
    put(logs)
    got = []
    monitoring.bind(STREAM, got.append)
    role = "arn:aws:iam::123456789012:role/r"
    for name, transformed in (("a", True), ("b", False)):
        logs.put_subscription_filter(
            logGroupName="/app", filterName=name, filterPattern="", destinationArn=STREAM,
            roleArn=role, applyOnTransformedLogs=transformed,
        )  # fmt: skip
    come(logs, stream, FLOW)
    monitoring.clock.settle()
    sent = {}
    for each in monitoring.deliveries.to(STREAM):
        for data in _data(each.payload):
            told = json.loads(gzip.decompress(data))
            if told["messageType"] == "DATA_MESSAGE":
                sent[told["subscriptionFilters"][0]] = told["logEvents"][0]["message"]
    assert json.loads(sent["a"])["team"] == "net"
    assert sent["b"] == FLOW


def _data(payload):
    records = payload.get("Records", [payload])
    return [each["Data"] for each in records if "Data" in each]


def test_metadata_is_copied_into_the_event(monitoring, logs, stream):
    sources = {"@logGroupName": "g", "@logGroupStream": "s", "@accountId": "a", "@regionName": "r"}
    entries = [{"source": source, "target": target} for source, target in sources.items()]
    put(logs, config=[{"parseJSON": {}}, {"copyValue": {"entries": entries}}])
    come(logs, stream, '{"x": 1}')
    [row] = monitoring.logs.query("/app", "fields g, s, a, r")
    found = [row[name] for name in "gsar"]
    assert found == ["/app", stream["logStreamName"], "123456789012", "us-east-1"]


def test_what_cannot_be_transformed_stays_and_is_counted(monitoring, logs, stream):
    put(logs)
    come(logs, stream, "no flow", FLOW)
    assert [row["@message"] for row in monitoring.logs.query(
        "/app", "fields @message | filter @message = 'no flow'")] == ["no flow"]  # fmt: skip
    start = monitoring.clock.now()
    monitoring.clock.advance(minutes=1)

    def counted(name):
        dimensions = {"LogGroupName": "/app"}
        found = monitoring.metrics.get("AWS/Logs", name, start=start, dimensions=dimensions)
        return sum(value for _, value in found)

    assert (counted("TransformedLogEvents"), counted("TransformationErrors")) == (1, 1)
    assert counted("TransformedBytes") > len(FLOW)


def test_sensitive_data_is_masked_before(monitoring, logs, stream):
    logs.put_data_protection_policy(
        logGroupIdentifier="/app",
        policyDocument=json.dumps({
            "Name": "p", "Version": "2021-06-01", "Statement": [
                {"Sid": "a", "DataIdentifier": [
                    "arn:aws:dataprotection::aws:data-identifier/EmailAddress"],
                 "Operation": {"Audit": {"FindingsDestination": {}}}},
                {"Sid": "b", "DataIdentifier": [
                    "arn:aws:dataprotection::aws:data-identifier/EmailAddress"],
                 "Operation": {"Deidentify": {"MaskConfig": {}}}},
            ],
        }),
    )  # fmt: skip
    put(logs, config=[{"parseJSON": {}}, {"upperCaseString": {"withKeys": ["who"]}}])
    come(logs, stream, '{"who": "mail to jane@example.com"}')
    [row] = monitoring.logs.query("/app", "fields who")
    assert "EXAMPLE.COM" not in row["who"]
    assert row["who"].startswith("MAIL TO *")


def test_a_transformer_is_put_shown_and_deleted(monitoring, logs, stream):
    put(logs)
    monitoring.clock.advance(hours=1)
    put(logs, config=[{"parseJSON": {}}])
    found = logs.get_transformer(logGroupIdentifier="/app")
    del found["ResponseMetadata"]
    assert found == {
        "logGroupIdentifier": "arn:aws:logs:us-east-1:123456789012:log-group:/app",
        "creationTime": NOW, "lastModifiedTime": NOW + 3_600_000,
        "transformerConfig": [{"parseJSON": {}}],
    }  # fmt: skip
    logs.delete_transformer(logGroupIdentifier="/app")
    for call in (logs.get_transformer, logs.delete_transformer):
        assert refused(call, logGroupIdentifier="/app") == (
            "ResourceNotFoundException", "The specified transformer does not exist.",
        )  # fmt: skip


def test_it_goes_with_its_group(logs, stream):
    put(logs)
    logs.delete_log_group(logGroupName="/app")
    logs.create_log_group(logGroupName="/app")
    assert refused(logs.get_transformer, logGroupIdentifier="/app")[0] == (
        "ResourceNotFoundException"
    )


def test_a_transformer_is_tried(logs):
    found = logs.test_transformer(transformerConfig=CONFIG, logEventMessages=[FLOW, "no flow"])
    first, second = found["transformedLogs"]
    assert (first["eventNumber"], first["eventMessage"]) == (1, FLOW)
    assert json.loads(first["transformedEventMessage"])["team"] == "net"
    assert second == {"eventNumber": 2, "eventMessage": "no flow"}


@pytest.mark.needs("logs.ParseToOCSF")
def test_flows_are_queried_as_events_of_ocsf(monitoring, logs, stream):
    put(logs, config=[{"parseToOCSF": {"eventSource": "VPCFlow", "ocsfVersion": "V1.1"}}])
    come(logs, stream, FLOW, FLOW.replace("ACCEPT", "REJECT"))
    rows = monitoring.logs.query("/app", "stats sum(traffic.bytes) as bytes by disposition")
    assert {row["disposition"]: row["bytes"] for row in rows} == {
        "Allowed": "4249", "Blocked": "4249",
    }  # fmt: skip


@pytest.mark.needs("logs.ParseToOCSF")
@pytest.mark.parametrize("source", ["EKSAudit", "AWSWAF"])
def test_a_source_whose_mapping_is_not_built_says_so(logs, stream, source):
    config = [{"parseToOCSF": {"eventSource": source, "ocsfVersion": "V1.1"}}]
    with pytest.raises(NotImplementedByAwsmon, match=source):
        put(logs, config=config)
    with pytest.raises(NotImplementedByAwsmon, match=source):
        logs.put_account_policy(policyName="p", policyType="TRANSFORMER_POLICY",
                                policyDocument=json.dumps(config))  # fmt: skip


def test_the_accounts_transformer_counts_where_a_group_has_none(monitoring, logs, stream):
    logs.put_account_policy(
        policyName="p", policyType="TRANSFORMER_POLICY", policyDocument=json.dumps(CONFIG),
        selectionCriteria='LogGroupNamePrefix IN ["/app"]',
    )  # fmt: skip
    come(logs, stream, FLOW)
    assert len(monitoring.logs.query("/app", "filter team = 'net'")) == 1
    # a log group's own goes before it
    put(logs, config=[{"parseVPC": {}}])
    come(logs, stream, FLOW)
    assert len(monitoring.logs.query("/app", "filter team = 'net'")) == 1


def test_what_is_refused(logs, stream):
    mutator = [{"trimString": {"withKeys": ["a"]}}]
    assert refused(logs.put_transformer, logGroupIdentifier="/app", transformerConfig=mutator) == (
        "InvalidParameterException", "The first processor must be a parser",
    )  # fmt: skip
    assert refused(logs.test_transformer, transformerConfig=mutator, logEventMessages=["a"])[0] == (
        "InvalidParameterException"
    )
    logs.create_log_group(logGroupName="/rare", logGroupClass="INFREQUENT_ACCESS")
    assert refused(logs.put_transformer, logGroupIdentifier="/rare", transformerConfig=CONFIG) == (
        "InvalidOperationException",
        "PutTransformer is not supported for log groups with log class INFREQUENT_ACCESS.",
    )
    assert refused(logs.put_transformer, logGroupIdentifier="/no", transformerConfig=CONFIG)[0] == (
        "ResourceNotFoundException"
    )


def test_a_copy_goes_on_transforming(monitoring, logs, stream):
    put(logs)
    snapshot = monitoring.snapshot()
    logs.delete_transformer(logGroupIdentifier="/app")
    monitoring.restore(snapshot)
    come(logs, stream, FLOW)
    assert len(monitoring.logs.query("/app", "filter team = 'net'")) == 1
