"""The embedded metric format. Source of the cases: User Guide, "Specification"."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from awsmon.core.neighbours import MetricKey
from tests.logs.conftest import NOW, event

START = datetime(2026, 3, 2, 11, tzinfo=timezone.utc)


def document(*, directive=None, timestamp=NOW, **targets):
    """The specification's own example, or with another directive and other targets."""
    return {
        "_aws": {
            "Timestamp": timestamp,
            "CloudWatchMetrics": [
                {
                    "Namespace": "lambda-function-metrics",
                    "Dimensions": [["functionVersion"]],
                    "Metrics": [{"Name": "time", "Unit": "Milliseconds", "StorageResolution": 60}],
                    **(directive or {}),
                }
            ],
        },
        "functionVersion": "$LATEST",
        "time": 100,
        "requestId": "989ffbf8-9ace-4817-a57c-e4dd734019ee",
        **targets,
    }


def put(logs, stream, *found):
    logs.put_log_events(
        **stream, logEvents=[event(f if isinstance(f, str) else json.dumps(f)) for f in found]
    )


def metrics(monitoring):
    return [str(key) for key in monitoring.metrics if key.namespace != "AWS/Logs"]


def values(monitoring, name, statistic="Sum", *, period=60, **dimensions):
    found = monitoring.metrics.get(
        "lambda-function-metrics", name, statistic, start=START, end=START + timedelta(hours=2),
        dimensions=dimensions, period=period,
    )  # fmt: skip
    return [value for _, value in found]


def test_an_event_yields_the_metrics_that_it_carries(monitoring, logs, stream):
    put(logs, stream, document())
    assert values(monitoring, "time", functionVersion="$LATEST") == [100]
    key = MetricKey.of("lambda-function-metrics", "time", {"functionVersion": "$LATEST"})
    assert monitoring.metrics.stored.units(key) == ["Milliseconds"]
    assert logs.get_log_events(**stream)["events"][0]["message"] == json.dumps(document())


def test_an_array_is_so_many_values(monitoring, logs, stream):
    put(logs, stream, document(time=[1, 2, 3, 3]))
    assert values(monitoring, "time", "SampleCount", functionVersion="$LATEST") == [4]
    assert values(monitoring, "time", "p100", functionVersion="$LATEST") == [3]


def test_each_dimension_set_makes_a_metric_of_its_own(monitoring, logs, stream):
    directive = {"Dimensions": [["functionVersion"], ["functionVersion", "az"], []]}
    put(logs, stream, document(directive=directive, az="a"))
    name = "lambda-function-metrics/time"
    assert metrics(monitoring) == [
        name,
        f"{name}{{az=a, functionVersion=$LATEST}}",
        f"{name}{{functionVersion=$LATEST}}",
    ]


def test_a_missing_target_costs_its_metric_alone(monitoring, logs, stream):
    directive = {"Metrics": [{"Name": "time"}, {"Name": "missing"}],
                 "Dimensions": [["functionVersion"], ["missing"]]}  # fmt: skip
    put(logs, stream, document(directive=directive))
    assert metrics(monitoring) == ["lambda-function-metrics/time{functionVersion=$LATEST}"]


def test_high_resolution_is_filed_by_the_second(monitoring, logs, stream):
    directive = {"Metrics": [{"Name": "time", "StorageResolution": 1}]}
    put(logs, stream, document(directive=directive, timestamp=NOW - 5000),
        document(directive=directive, timestamp=NOW - 4000))  # fmt: skip
    assert values(monitoring, "time", period=1, functionVersion="$LATEST") == [100, 100]


def test_the_instant_is_that_of_the_document(monitoring, logs, stream):
    put(logs, stream, document(timestamp=NOW - 600_000))
    [(at, _)] = monitoring.metrics.get(
        "lambda-function-metrics", "time", start=START,
        dimensions={"functionVersion": "$LATEST"},
    )  # fmt: skip
    assert at == datetime(2026, 3, 2, 11, 50, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("found", "counted"),
    [
        ('{"_aws": {"CloudWatchMetrics": [', "EMFParsingErrors"),
        (json.dumps(document()) + " and more", "EMFParsingErrors"),
        ({"_aws": {"CloudWatchMetrics": []}}, "EMFParsingErrors"),
        ({"_aws": {"Timestamp": NOW, "CloudWatchMetrics": {}}}, "EMFParsingErrors"),
        (document(directive={"Namespace": 5}), "EMFParsingErrors"),
        (document(directive={"Dimensions": ["functionVersion"]}), "EMFParsingErrors"),
        (document(directive={"Metrics": ["time"]}), "EMFParsingErrors"),
        (document(directive={"Metrics": [{}]}), "EMFParsingErrors"),
        (document(directive={"Namespace": ""}), "EMFValidationErrors"),
        (document(directive={"Namespace": "x" * 1025}), "EMFValidationErrors"),
        (document(directive={"Metrics": [{"Name": "time"}] * 101}), "EMFValidationErrors"),
        (document(directive={"Metrics": [{"Name": "time", "Unit": "Furlongs"}]}),
         "EMFValidationErrors"),
        (document(directive={"Metrics": [{"Name": "time", "StorageResolution": 5}]}),
         "EMFValidationErrors"),
        (document(directive={"Dimensions": [[f"d{n}" for n in range(31)]]}), "EMFValidationErrors"),
        (document(directive={"Dimensions": [["x" * 251]]}), "EMFValidationErrors"),
        (document(time="fast"), "EMFValidationErrors"),
        (document(time=True), "EMFValidationErrors"),
        (document(time=[1] * 101), "EMFValidationErrors"),
        (document(time=2.0**361), "EMFValidationErrors"),
        (document(functionVersion=1), "EMFValidationErrors"),
        (document(functionVersion="x" * 1025), "EMFValidationErrors"),
        (document(timestamp=NOW - 15 * 86_400_000), "EMFValidationErrors"),
        (document(timestamp=NOW + 3 * 3_600_000), "EMFValidationErrors"),
    ],
)  # fmt: skip
def test_what_is_not_sound_yields_nothing_and_counts(monitoring, logs, stream, found, counted):
    # when an unsound event is put, and a sound one beside it
    put(logs, stream, found, document(time=7))
    # then both are logs, one has metrics, and the error is told when the minute is over
    assert len(logs.get_log_events(**stream)["events"]) == 2
    assert values(monitoring, "time", functionVersion="$LATEST") == [7]
    monitoring.clock.advance(minutes=1)
    errors = {
        key.name for key in monitoring.metrics if key.name.startswith("EMF") and key.dimensions
    }
    assert errors == {counted}


@pytest.mark.parametrize(
    "message", ["plain", "{}", '{"_aws": 1}', '["_aws"]', '{"a": "\\"_aws\\""}']
)
def test_other_events_are_none_of_its_business(monitoring, logs, stream, message):
    put(logs, stream, message)
    monitoring.clock.advance(minutes=1)
    assert metrics(monitoring) == []
    assert not [key for key in monitoring.metrics if key.name.startswith("EMF")]


def test_only_the_standard_class_reads_them(monitoring, logs):
    logs.create_log_group(logGroupName="ia", logGroupClass="INFREQUENT_ACCESS")
    monitoring.logs.put("ia", "s", document())
    assert metrics(monitoring) == []


def test_the_service_reports_its_usage_by_the_minute(monitoring, logs, stream):
    # User Guide, "CloudWatch Logs metrics": for each group and for the account
    put(logs, stream, "four", "some")
    assert list(monitoring.metrics) == []
    monitoring.clock.advance(minutes=1)
    for dimensions in ({"LogGroupName": "/app"}, {}):
        found = {
            name: monitoring.metrics.get("AWS/Logs", name, start=START, dimensions=dimensions)
            for name in ("IncomingBytes", "IncomingLogEvents")
        }
        at = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
        assert found == {"IncomingBytes": [(at, 8)], "IncomingLogEvents": [(at, 2)]}
