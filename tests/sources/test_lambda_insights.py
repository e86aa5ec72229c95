"""Lambda Insights: performance events, what is measured of a call, metrics, a dashboard."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from moto import mock_aws

from awsmon import MisuseError, mock_monitoring
from tests.alarms.builders import FUNCTION, TOPIC, alarm
from tests.sources.conftest import dimension_sets, events, messages

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
GROUP = "/aws/lambda-insights"
LAYER = "arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53"


def told():
    """The performance events."""
    return [json.loads(message) for message in messages(GROUP)]


def value(mon, name, stat="Sum", **dimensions):
    """Of the minute after noon."""
    found = mon.metrics.get("LambdaInsights", name, stat, start=NOON, dimensions=dimensions,
                            end=NOON + timedelta(minutes=1))  # fmt: skip
    return found[0][1] if found else None


# User Guide, "Example telemetry event" of Lambda Insights
SAMPLE = {
    "_aws": {
        "Timestamp": 1772452800000,
        "CloudWatchMetrics": [{
            "Namespace": "LambdaInsights",
            "Dimensions": [["function_name"], ["function_name", "version"]],
            "Metrics": [
                {"Name": "memory_utilization", "Unit": "Percent"},
                {"Name": "total_memory", "Unit": "Megabytes"},
                {"Name": "used_memory_max", "Unit": "Megabytes"},
                {"Name": "cpu_total_time", "Unit": "Milliseconds"},
                {"Name": "tx_bytes", "Unit": "Bytes"}, {"Name": "rx_bytes", "Unit": "Bytes"},
                {"Name": "total_network", "Unit": "Bytes"},
                {"Name": "init_duration", "Unit": "Milliseconds"},
            ],
        }],
        "LambdaInsights": {"ShareTelemetry": True},
    },
    "event_type": "performance", "function_name": "cpu-intensive", "version": "Blue",
    "request_id": "12345678-8bcc-42f7-b1de-123456789012",
    "trace_id": "1-5faae118-12345678901234567890", "duration": 45191, "billed_duration": 45200,
    "billed_mb_ms": 11571200, "cold_start": True, "init_duration": 130, "tmp_free": 538329088,
    "tmp_max": 551346176, "threads_max": 11, "used_memory_max": 63, "total_memory": 256,
    "memory_utilization": 24, "cpu_user_time": 6640, "cpu_system_time": 50,
    "cpu_total_time": 6690, "fd_use": 416, "fd_max": 32642, "tx_bytes": 4434, "rx_bytes": 6911,
    "timeout": 1000, "shutdown_reason": "Timeout", "total_network": 11345,
    "agent_version": "1.0.72.0", "agent_memory_avg": 10, "agent_memory_max": 10,
}  # fmt: skip


def test_the_guides_sample_event_yields_metrics_and_a_dashboard(monitoring, cloudwatch):
    # given the event, put by hand
    monitoring.logs.put(GROUP, "cpu-intensive", SAMPLE)
    # then its metrics are there by function and by version
    assert value(monitoring, "cpu_total_time", function_name="cpu-intensive") == 6690
    assert value(monitoring, "init_duration", function_name="cpu-intensive", version="Blue") == 130
    # and a dashboard can be put and drawn
    body = monitoring.sources.functions.insights_dashboard("cpu-intensive")
    answer = cloudwatch.put_dashboard(DashboardName="f", DashboardBody=json.dumps(body))
    assert answer["DashboardValidationMessages"] == []
    shown = {row[1] for each in body["widgets"] for row in each["properties"]["metrics"]}
    assert shown == {"memory_utilization", "cpu_total_time", "total_network", "init_duration"}
    pytest.importorskip("matplotlib")
    chart = json.dumps({**body["widgets"][0]["properties"], "width": 300, "height": 200})
    image = cloudwatch.get_metric_widget_image(MetricWidget=chart)
    assert image["MetricWidgetImage"].startswith(b"\x89PNG")


def test_a_described_invocation_is_told_in_the_samples_members(monitoring):
    # given a function with the layer, and an invocation as in the sample
    functions = monitoring.sources.functions
    functions.describe("cpu-intensive", memory_mb=256, timeout_s=1000, layers=[LAYER])
    functions.invocation(
        "cpu-intensive", duration_ms=45191, init_duration_ms=130, max_memory_used_mb=63,
        cpu_ms=6690, rx_bytes=6911, tx_bytes=4434, trace_id=SAMPLE["trace_id"], at=NOON,
    )  # fmt: skip
    # then the event has the sample's members, save what isn't measured
    [event] = told()
    assert event["_aws"]["CloudWatchMetrics"] == SAMPLE["_aws"]["CloudWatchMetrics"]
    different = {"_aws", "version", "request_id", "billed_duration", "billed_mb_ms",
                 "cpu_user_time", "cpu_system_time"}  # fmt: skip
    same = {name for name in event if event[name] == SAMPLE.get(name)}
    assert event.keys() - same == different
    assert SAMPLE.keys() - event.keys() == {
        "tmp_free", "tmp_max", "threads_max", "fd_use", "fd_max", "agent_version",
        "agent_memory_avg", "agent_memory_max", "shutdown_reason",
    }  # fmt: skip
    assert event["billed_mb_ms"] == event["billed_duration"] * 256


def test_a_bound_callable_is_measured_where_its_layer_is_listed(monitoring, invoke):
    # given a function with the layer that works, and needs 20 MB
    def handler(event):
        until = time.thread_time() + 0.03
        kept = bytearray(20 * 1024 * 1024)
        while time.thread_time() < until:
            pass
        return len(kept)

    monitoring.bind(FUNCTION, handler, layers=[LAYER])
    # when it is called twice
    invoke()
    invoke()
    # then cpu time and memory are told, and the cold start once
    first, second = told()
    assert 10 <= first["cpu_total_time"] <= 1000
    assert first["cpu_total_time"] == first["cpu_user_time"] + first["cpu_system_time"]
    assert 51 <= first["used_memory_max"] <= 60  # 32 of the environment
    assert first["memory_utilization"] == first["used_memory_max"] * 100 // 128
    assert (first["cold_start"], first["init_duration"]) == (True, 0)
    assert "cold_start" not in second
    assert f"Max Memory Used: {first['used_memory_max']} MB" in messages("/aws/lambda/fix")[3]
    # and metrics come of it
    assert set(dimension_sets("LambdaInsights")["used_memory_max"]) == {
        frozenset({"function_name"}), frozenset({"function_name", "version"}),
    }  # fmt: skip
    assert value(monitoring, "total_memory", "SampleCount", function_name="fix",
                 version="$LATEST") == 2  # fmt: skip
    assert value(monitoring, "init_duration", "SampleCount", function_name="fix") == 1


def test_without_the_layer_nothing_is_told(monitoring, invoke):
    monitoring.bind(FUNCTION, print, layers=["arn:aws:lambda:us-east-1:1:layer:other:1"])
    invoke()
    assert GROUP not in monitoring.logs
    assert list(monitoring.metrics) == []


def test_a_timeout_is_the_reason_of_the_shutdown(monitoring, invoke):
    monitoring.bind(FUNCTION, lambda event: time.sleep(5), layers=[LAYER])
    monitoring.sources.functions.describe("fix", timeout_s=3)
    invoke()
    event = told()[0]
    assert (event["shutdown_reason"], event["duration"], event["timeout"]) == ("Timeout", 3000, 3)


def test_an_alarm_on_memory_goes_off(monitoring, invoke, cloudwatch):
    # given the alarm, and a function that is short of memory
    request = alarm("memory", threshold=80, actions=[TOPIC]) | {
        "Namespace": "LambdaInsights", "MetricName": "memory_utilization", "Statistic": "Maximum",
        "Dimensions": [{"Name": "function_name", "Value": "fix"}],
    }  # fmt: skip
    cloudwatch.put_metric_alarm(**request)
    monitoring.bind(FUNCTION, lambda event: bytearray(90 * 1024 * 1024), layers=[LAYER])
    # when it is called
    invoke()
    monitoring.clock.advance(minutes=1)
    # then it goes off
    assert monitoring.alarms["memory"].state == "ALARM"


def test_layers_may_be_those_of_motos_function():
    with mock_aws(), mock_monitoring(now=NOON.isoformat()) as mon:
        # given a function of moto's with the layer, bound to a callable
        role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
        client = boto3.client("lambda", region_name="us-east-1")
        layer = client.publish_layer_version(
            LayerName="LambdaInsightsExtension", Content={"ZipFile": b"zip"}
        )
        client.create_function(
            FunctionName="fix", Runtime="python3.13", Role=role["Role"]["Arn"], Handler="a.b",
            Code={"ZipFile": b"zip"}, Layers=[layer["LayerVersionArn"]],
        )  # fmt: skip
        mon.bind(FUNCTION, lambda event: None)
        # when an alarm calls it
        cloudwatch = boto3.client("cloudwatch")
        cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
        cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
        # then it is told of
        assert [event["function_name"] for event in told()] == ["fix"]


def test_the_time_of_an_event_is_that_at_which_the_call_ended(monitoring, invoke):
    monitoring.bind(FUNCTION, lambda event: time.sleep(2), layers=["LambdaInsightsExtension"])
    invoke()
    [(at, message), *_] = events(GROUP)
    assert at == json.loads(message)["_aws"]["Timestamp"] == 1772452802000


def test_only_functions_have_layers(monitoring):
    with pytest.raises(MisuseError, match="only Lambda functions have layers"):
        monitoring.bind(TOPIC, print, layers=[LAYER])
