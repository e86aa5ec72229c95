"""Metric streams: which metrics go to Firehose, when, and how they are written."""

from __future__ import annotations

import json
import struct
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.oam.conftest import policy

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
MS = int(NOON.timestamp()) * 1000
MINUTE = timedelta(minutes=1)
FIREHOSE = "arn:aws:firehose:us-east-1:123456789012:deliverystream/metrics"
ROLE = "arn:aws:iam::123456789012:role/streams"
MORE = {"IncludeMetrics": [{"Namespace": "A", "MetricName": "m"}], "AdditionalStatistics": ["p9"]}


def stream(name="s", output="json", **more):
    return {"Name": name, "FirehoseArn": FIREHOSE, "RoleArn": ROLE, "OutputFormat": output, **more}


def raw(mon):
    """The records that went out, one after the other."""
    return [
        record["Data"]
        for delivery in mon.deliveries.to(FIREHOSE)
        for record in delivery.payload["Records"]
    ]


def sent(mon):
    return [json.loads(line) for data in raw(mon) for line in data.decode().splitlines()]


def names(mon):
    return [each["metric_name"] for each in sent(mon)]


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


# -- what is sent ----------------------------------------------------------------------------------


def test_each_minute_of_a_metric_is_a_record(monitoring, cloudwatch):
    # User Guide, "JSON format"
    cloudwatch.put_metric_stream(**stream())
    monitoring.metrics.put("App", "m", [1, 2, 6], unit="Count", dimensions={"Host": "a"})
    assert sent(monitoring) == []
    monitoring.clock.advance(minutes=1)
    assert sent(monitoring) == [
        {"metric_stream_name": "s", "account_id": "123456789012", "region": "us-east-1",
         "namespace": "App", "metric_name": "m", "dimensions": {"Host": "a"}, "timestamp": MS,
         "value": {"max": 6.0, "min": 1.0, "sum": 9.0, "count": 3.0}, "unit": "Count"}
    ]  # fmt: skip
    # and nothing is left to send, not even what it reports of itself
    monitoring.clock.settle()
    assert len(sent(monitoring)) == 1


def test_late_points_are_sent_with_what_was_there(monitoring, cloudwatch):
    cloudwatch.put_metric_stream(**stream())
    monitoring.metrics.put("App", "m", 1)
    monitoring.clock.advance(minutes=5)
    monitoring.metrics.put("App", "m", 2, at=NOON)
    monitoring.metrics.put("App", "m", 9, at=NOON - timedelta(hours=3))
    monitoring.clock.advance(minutes=1)
    assert [(each["timestamp"], each["value"]["sum"]) for each in sent(monitoring)] == [
        (MS, 1.0), (MS, 3.0),
    ]  # fmt: skip


def test_units_are_records_of_their_own(monitoring, cloudwatch):
    cloudwatch.put_metric_stream(**stream())
    monitoring.metrics.put("App", "m", 1, unit="Count")
    monitoring.metrics.put("App", "m", 2, unit="Seconds")
    monitoring.clock.advance(minutes=1)
    assert [(each["unit"], each["value"]["sum"]) for each in sent(monitoring)] == [
        ("Count", 1.0), ("Seconds", 2.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["a", "b", "c"]),
        ({"IncludeFilters": [{"Namespace": "App"}]}, ["a", "b"]),
        ({"IncludeFilters": [{"Namespace": "App", "MetricNames": ["b"]}, {"Namespace": "Shop"}]},
         ["b", "c"]),
        ({"ExcludeFilters": [{"Namespace": "App"}]}, ["c"]),
        ({"ExcludeFilters": [{"Namespace": "App", "MetricNames": ["b"]}]}, ["a", "c"]),
    ],
)  # fmt: skip
def test_filters(monitoring, cloudwatch, filters, expected):
    cloudwatch.put_metric_stream(**stream(**filters))
    for namespace, name in (("App", "a"), ("App", "b"), ("Shop", "c")):
        monitoring.metrics.put(namespace, name, 1)
    monitoring.clock.advance(minutes=1)
    assert names(monitoring) == expected


def test_further_statistics_of_some_metrics(monitoring, cloudwatch):
    chosen = {
        "IncludeMetrics": [{"Namespace": "App", "MetricName": "a"}],
        "AdditionalStatistics": ["p50", "TM(25%:75%)"],
    }
    cloudwatch.put_metric_stream(**stream(StatisticsConfigurations=[chosen]))
    for name in ("a", "b"):
        monitoring.metrics.put("App", name, [1, 2, 3, 4, 100])
    monitoring.clock.advance(minutes=1)
    first, second = sent(monitoring)
    assert first["value"]["p50"] == 3.0
    assert first["value"]["TM(25%:75%)"] == pytest.approx(3.0, abs=0.5)
    assert second["value"].keys() == {"max", "min", "sum", "count"}


def test_what_came_while_it_was_stopped_is_never_sent(monitoring, cloudwatch):
    cloudwatch.put_metric_stream(**stream())
    cloudwatch.stop_metric_streams(Names=["s"])
    monitoring.metrics.put("App", "a", 1)
    monitoring.clock.advance(minutes=1)
    cloudwatch.start_metric_streams(Names=["s"])
    assert cloudwatch.get_metric_stream(Name="s")["State"] == "running"
    monitoring.metrics.put("App", "b", 1)
    monitoring.clock.advance(minutes=1)
    assert names(monitoring) == ["b"]


def test_batches_are_as_large_as_firehose_takes_them(monitoring, cloudwatch):
    cloudwatch.put_metric_stream(**stream())
    for number in range(501):
        monitoring.metrics.put("App", "m", 1, dimensions={"Id": str(number)})
    monitoring.clock.advance(minutes=1)
    counts = [len(each.payload["Records"]) for each in monitoring.deliveries.to(FIREHOSE)]
    assert counts == [500, 1]


def test_what_a_stream_reports_of_itself(monitoring, cloudwatch):
    cloudwatch.put_metric_stream(**stream())
    for name in ("a", "b"):
        monitoring.metrics.put("App", name, 1)
    start = monitoring.clock.now()
    monitoring.clock.advance(minutes=3)

    def told(name, **dimensions):
        found = monitoring.metrics.get(
            "AWS/CloudWatch/MetricStreams", name, start=start, dimensions=dimensions
        )
        return sum(value for _, value in found)

    assert told("MetricUpdate", MetricStreamName="s") == 2
    assert told("TotalMetricUpdate") == 2
    assert told("PublishErrorRate", MetricStreamName="s") == 0


def test_metrics_of_linked_accounts(monitoring):
    # given a source account that shares its metrics with this one
    source = monitoring.at(account="111111111111")
    oam = boto3.client("oam")
    sink = oam.create_sink(Name="s")["Arn"]
    oam.put_sink_policy(SinkIdentifier=sink, Policy=policy())
    boto3.client("oam", **source.credentials).create_link(
        SinkIdentifier=sink, LabelTemplate="app", ResourceTypes=["AWS::CloudWatch::Metric"]
    )
    client = boto3.client("cloudwatch")
    client.put_metric_stream(**stream(IncludeLinkedAccountsMetrics=True))
    source.metrics.put("App", "theirs", 1)
    monitoring.metrics.put("App", "ours", 1)
    monitoring.clock.advance(minutes=1)
    found = [(each["metric_name"], each["account_id"]) for each in sent(monitoring)]
    assert found == [("theirs", "111111111111"), ("ours", "123456789012")]
    # when they aren't asked for
    client.put_metric_stream(**stream())
    source.metrics.put("App", "theirs", 1)
    monitoring.clock.advance(minutes=1)
    assert len(sent(monitoring)) == 2


def test_a_copy_goes_on_streaming(monitoring, cloudwatch):
    cloudwatch.put_metric_stream(**stream())
    monitoring.metrics.put("App", "m", 1)
    snapshot = monitoring.snapshot()
    cloudwatch.delete_metric_stream(Name="s")
    monitoring.restore(snapshot)
    monitoring.clock.advance(minutes=1)
    assert names(monitoring) == ["m"]


# -- OpenTelemetry ---------------------------------------------------------------------------------


def decoded(data):
    """A protocol buffer as pairs of field number and value; an independent reader."""
    found, at = [], 0
    while at < len(data):
        key, at = number(data, at)
        if key & 7 == 1:
            found.append((key >> 3, data[at : at + 8]))
            at += 8
        else:
            assert key & 7 == 2
            length, at = number(data, at)
            found.append((key >> 3, data[at : at + length]))
            at += length
    return found


def number(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def one(data, *fields):
    """What is at a path of field numbers."""
    for field in fields:
        [data] = [value for key, value in decoded(data) if key == field]
    return data


def double(data):
    return struct.unpack("<d", data)[0]


def summary(mon):
    """The metric and its point, of the only message."""
    [data] = raw(mon)
    length, at = number(data, 0)
    message = data[at:]
    assert len(message) == length
    metric = one(message, 1, 2, 2)
    return message, metric, one(metric, 11, 1)


@pytest.mark.parametrize("version", ["0.7", "1.0"])
def test_opentelemetry(monitoring, cloudwatch, version):
    # opentelemetry-proto: ResourceMetrics, Metric, Summary
    chosen = {
        "IncludeMetrics": [{"Namespace": "App", "MetricName": "m"}],
        "AdditionalStatistics": ["p50"],
    }
    cloudwatch.put_metric_stream(
        **stream(output=f"opentelemetry{version}", StatisticsConfigurations=[chosen])
    )
    monitoring.metrics.put("App", "m", [1, 2, 6], unit="Milliseconds", dimensions={"Host": "a"})
    monitoring.clock.advance(minutes=1)
    message, metric, point = summary(monitoring)
    resource = [decoded(value) for key, value in decoded(one(message, 1, 1)) if key == 1]
    attributes = {pair[0][1].decode(): one(pair[1][1], 1).decode() for pair in resource}
    assert attributes == {
        "cloud.provider": "aws", "cloud.account.id": "123456789012", "cloud.region": "us-east-1",
        "aws.exporter.arn": "arn:aws:cloudwatch:us-east-1:123456789012:metric-stream/s",
    }  # fmt: skip
    assert (one(metric, 1), one(metric, 3)) == (b"amazonaws.com/App/m", b"ms")
    start, end = (int.from_bytes(one(point, field), "little") for field in (2, 3))
    assert (start, end) == (MS * 10**6, (MS + 60_000) * 10**6)
    assert (int.from_bytes(one(point, 4), "little"), double(one(point, 5))) == (3, 9.0)
    quantiles = [value for key, value in decoded(point) if key == 6]
    found = [(double(one(each, 1)), double(one(each, 2))) for each in quantiles]
    assert found == [(0.0, 1.0), (0.5, 2.0), (1.0, 6.0)]


def test_labels_of_opentelemetry_0_7(monitoring, cloudwatch):
    cloudwatch.put_metric_stream(**stream(output="opentelemetry0.7"))
    monitoring.metrics.put("App", "m", 1, dimensions={"Host": "a"})
    monitoring.clock.advance(minutes=1)
    _, _, point = summary(monitoring)
    labels = [value for key, value in decoded(point) if key == 1]
    assert [(one(each, 1), one(each, 2)) for each in labels] == [
        (b"Namespace", b"App"), (b"MetricName", b"m"), (b"Host", b"a"),
    ]  # fmt: skip


def test_attributes_of_opentelemetry_1_0(monitoring, cloudwatch):
    cloudwatch.put_metric_stream(**stream(output="opentelemetry1.0"))
    monitoring.metrics.put("App", "m", 1, dimensions={"Host": "a"})
    monitoring.clock.advance(minutes=1)
    _, _, point = summary(monitoring)
    namespace, name, dimensions = [value for key, value in decoded(point) if key == 7]
    assert (one(namespace, 1), one(namespace, 2, 1)) == (b"Namespace", b"App")
    assert (one(name, 1), one(name, 2, 1)) == (b"MetricName", b"m")
    assert one(dimensions, 1) == b"Dimensions"
    host = one(dimensions, 2, 6, 1)
    assert (one(host, 1), one(host, 2, 1)) == (b"Host", b"a")


# -- streams ---------------------------------------------------------------------------------------


def test_a_stream_is_shown_changed_and_listed(monitoring, cloudwatch):
    arn = cloudwatch.put_metric_stream(**stream(Tags=[{"Key": "a", "Value": "b"}]))["Arn"]
    assert arn == "arn:aws:cloudwatch:us-east-1:123456789012:metric-stream/s"
    cloudwatch.stop_metric_streams(Names=["s"])
    monitoring.clock.advance(hours=1)
    cloudwatch.put_metric_stream(**stream(IncludeFilters=[{"Namespace": "App"}]))
    found = cloudwatch.get_metric_stream(Name="s")
    del found["ResponseMetadata"]
    assert found == {
        "Arn": arn, "Name": "s", "FirehoseArn": FIREHOSE, "RoleArn": ROLE, "State": "stopped",
        "CreationDate": NOON, "LastUpdateDate": NOON + 60 * MINUTE, "OutputFormat": "json",
        "IncludeFilters": [{"Namespace": "App"}], "IncludeLinkedAccountsMetrics": False,
    }  # fmt: skip
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [
        {"Key": "a", "Value": "b"}
    ]
    for name in ("t", "u"):
        cloudwatch.put_metric_stream(**stream(name))
    page = cloudwatch.list_metric_streams(MaxResults=2)
    rest = cloudwatch.list_metric_streams(NextToken=page["NextToken"])
    assert [each["Name"] for each in page["Entries"] + rest["Entries"]] == ["s", "t", "u"]


def test_a_deleted_stream_is_gone(monitoring, cloudwatch):
    cloudwatch.put_metric_stream(**stream())
    monitoring.metrics.put("App", "m", 1)
    for _ in range(2):  # the second time it isn't there, which is no mistake
        cloudwatch.delete_metric_stream(Name="s")
    monitoring.clock.advance(minutes=1)
    assert sent(monitoring) == []
    assert refused(cloudwatch.get_metric_stream, Name="s")[0] == "ResourceNotFoundException"


def test_all_are_started_or_none(cloudwatch):
    cloudwatch.put_metric_stream(**stream())
    assert refused(cloudwatch.stop_metric_streams, Names=["s", "none"])[0] == (
        "ResourceNotFoundException"
    )
    assert cloudwatch.get_metric_stream(Name="s")["State"] == "running"


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"Name": "a b"}, "InvalidParameterValue", "The value a b for parameter Name is invalid."),
        ({"IncludeFilters": [{"Namespace": "A"}], "ExcludeFilters": [{"Namespace": "B"}]},
         "InvalidParameterCombination",
         "The parameters IncludeFilters and ExcludeFilters are mutually exclusive and you have "
         "specified both."),
        ({"FirehoseArn": ROLE}, "InvalidParameterValue",
         f"The value {ROLE} for parameter FirehoseArn is invalid."),
        ({"RoleArn": FIREHOSE}, "InvalidParameterValue",
         f"The value {FIREHOSE} for parameter RoleArn is invalid."),
        ({"IncludeFilters": [{"Namespace": "A", "MetricNames": ["m"] * 1001}]},
         "InvalidParameterValue",
         "The collection MetricNames must not have a size greater than 1000."),
        # API reference: "in the same account as the metric stream"
        ({"FirehoseArn": FIREHOSE.replace("123456789012", "999999999999")}, "InvalidParameterValue",
         "The value arn:aws:firehose:us-east-1:999999999999:deliverystream/metrics for parameter "
         "FirehoseArn is invalid."),
        ({"RoleArn": "arn:aws:iam::999999999999:role/streams"}, "InvalidParameterValue",
         "The value arn:aws:iam::999999999999:role/streams for parameter RoleArn is invalid."),
        # API reference: "up to 100 members", "as many as 100 pairs"
        ({"StatisticsConfigurations": [MORE] * 101}, "InvalidParameterValue",
         "The collection StatisticsConfigurations must not have a size greater than 100."),
        ({"StatisticsConfigurations": [{**MORE, "IncludeMetrics": MORE["IncludeMetrics"] * 101}]},
         "InvalidParameterValue",
         "The collection IncludeMetrics must not have a size greater than 100."),
        ({"OutputFormat": "opentelemetry1.0", "StatisticsConfigurations": [
            {"IncludeMetrics": [{"Namespace": "A", "MetricName": "m"}],
             "AdditionalStatistics": ["TM(1%:2%)"]}]},
         "InvalidParameterValue",
         "The statistic TM(1%:2%) is not supported by the output format opentelemetry1.0."),
    ],
)  # fmt: skip
def test_what_is_refused(cloudwatch, changes, code, message):
    found = refused(cloudwatch.put_metric_stream, **stream(**changes))
    assert found == (code, message)
