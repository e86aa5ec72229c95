"""Lambda: invocations that are described."""

from __future__ import annotations

import json
import re

import pytest

from awsmon import MisuseError, Monitoring
from awsmon.errors import NotImplementedByAwsmon
from tests.sources.conftest import events, messages, streams

GROUP = "/aws/lambda/checkout"
ID = "4ce9340a-b765-490f-ad8a-02ab3415e2bf"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def functions(monitoring):
    return monitoring.sources.functions


def warm(functions, name="checkout"):
    """Have an execution environment ready, and forget what that wrote."""
    functions.invocation(name, duration_ms=1)
    group = functions.logs[f"/aws/lambda/{name}"]
    functions.logs.delete(group)


# Source: Lambda Developer Guide, "Log and monitor Python Lambda functions", the example of
# GetLogEvents, but for the number of its instants.
def test_an_invocation_has_the_lines_of_aws_s_example(functions):
    # given an execution environment that is there
    warm(functions)
    # when the function prints a line and takes 26.73 ms
    functions.invocation(
        "checkout", ["ENVIRONMENT VARIABLES"], duration_ms=26.73, max_memory_used_mb=75,
        request_id=ID,
    )  # fmt: skip
    # then there are its lines between the platform's
    assert messages(GROUP) == [
        f"START RequestId: {ID} Version: $LATEST\n",
        "ENVIRONMENT VARIABLES\n",
        f"END RequestId: {ID}\n",
        f"REPORT RequestId: {ID}\tDuration: 26.73 ms\tBilled Duration: 27 ms\tMemory Size: 128 MB\t"
        "Max Memory Used: 75 MB\t\n",
    ]


# Source: recordings of 2025 and later, in which the start is billed.
@pytest.mark.parametrize(
    ("took", "init", "billed"), [(84.77, 549.71, 635), (3000, 402.04, 3403), (344356.22, 0, 344357)]
)
def test_a_cold_start_says_so_and_is_billed(functions, took, init, billed):
    functions.describe("checkout", memory_mb=1024)
    functions.invocation("checkout", duration_ms=took, init_duration_ms=init)
    first, *_, report = messages(GROUP)
    assert re.fullmatch(
        r"INIT_START Runtime Version: python:3\.13\.v\d+\tRuntime Version ARN: "
        r"arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}\n",
        first,
    )
    assert report.endswith(
        f"\tDuration: {took:.2f} ms\tBilled Duration: {billed} ms\tMemory Size: 1024 MB\t"
        f"Max Memory Used: 32 MB\tInit Duration: {init:.2f} ms\t\n"
    )


def test_it_ended_now_unless_said_otherwise(functions):
    functions.invocation("checkout", ["x"], duration_ms=200, init_duration_ms=500)
    noon = 1772452800000
    assert [time - noon for time, _ in events(GROUP)] == [-700, -200, -200, 0, 0]
    functions.invocation("checkout", duration_ms=50, at="2026-03-02T11:00:00Z")
    assert [time - noon for time, _ in events(GROUP)][:3] == [-3600000, -3599950, -3599950]


def test_a_stream_belongs_to_an_execution_environment(functions, monitoring):
    # given a cold start, a warm one, and another cold one a day later
    functions.invocation("checkout", duration_ms=1)
    functions.invocation("checkout", duration_ms=1)
    assert len(streams(GROUP)) == 1
    monitoring.clock.advance(days=1)
    functions.invocation("checkout", duration_ms=1, init_duration_ms=100)
    functions.invocation("checkout", duration_ms=1, version="7")
    # then each environment has a stream with its day and version
    names = streams(GROUP)
    assert [re.sub("[0-9a-f]{32}$", "<id>", name) for name in names] == [
        "2026/03/02/[$LATEST]<id>", "2026/03/03/[$LATEST]<id>", "2026/03/03/[7]<id>",
    ]  # fmt: skip


def test_another_log_group_has_the_function_s_name_in_its_streams(functions):
    functions.describe("checkout", log_group="/shared")
    functions.invocation("checkout", duration_ms=1)
    [name] = streams("/shared")
    assert re.fullmatch(r"2026/03/02/checkout\[\$LATEST\][0-9a-f]{32}", name)


def test_a_timeout_is_told_and_ends_the_environment(functions):
    # given a function that may take three seconds
    functions.describe("checkout", timeout_s=3, init_duration_ms=402.04)
    # when it takes longer
    functions.invocation("checkout", duration_ms=5000, request_id=ID)
    # then it ended after three, as recordings show it
    assert messages(GROUP)[2:] == [
        f"2026-03-02T12:00:00.000Z {ID} Task timed out after 3.00 seconds\n\n",
        f"END RequestId: {ID}\n",
        f"REPORT RequestId: {ID}\tDuration: 3000.00 ms\tBilled Duration: 3403 ms\t"
        "Memory Size: 128 MB\tMax Memory Used: 32 MB\tInit Duration: 402.04 ms\tStatus: timeout\n",
    ]
    # and the next invocation starts another environment
    functions.invocation("checkout", duration_ms=5)
    assert len(streams(GROUP)) == 2


def test_an_invocation_may_be_said_to_have_timed_out(functions):
    functions.invocation("checkout", duration_ms=10000, timed_out=True, request_id=ID)
    assert f"{ID} Task timed out after 10.00 seconds\n\n" in messages(GROUP)[2]


def test_an_error_without_a_traceback(functions):
    warm(functions)
    functions.invocation("checkout", duration_ms=1, error=KeyError("order"), request_id=ID)
    assert messages(GROUP)[1] == "[ERROR] KeyError: 'order'\nTraceback (most recent call last):"


def test_a_traced_invocation_names_its_trace(functions, monitoring):
    functions.invocation("checkout", duration_ms=1, trace_id="1-6ac7d554-62c6be2f6c1bd8032dac9acf")
    report = messages(GROUP)[-1]
    assert re.search(
        r"\t\nXRAY TraceId: 1-6ac7d554-62c6be2f6c1bd8032dac9acf\tSegmentId: [0-9a-f]{16}\t"
        r"Sampled: true\t\n$",
        report,
    )


# Source: recordings of 2025 and 2026.
def test_in_json_the_platform_s_events_have_the_recorded_members(functions):
    functions.describe("checkout", log_format="JSON", memory_mb=256, runtime="nodejs22")
    request_id = functions.invocation(
        "checkout", ["plain"], duration_ms=1233.96, init_duration_ms=463.512, max_memory_used_mb=123
    )
    init, start, plain, report = messages(GROUP)
    [stream] = streams(GROUP)
    record = json.loads(init)["record"]
    assert json.loads(init)["type"] == "platform.initStart"
    assert re.fullmatch(r"nodejs:22\.v\d+", record.pop("runtimeVersion"))
    assert record.pop("runtimeVersionArn").startswith("arn:aws:lambda:us-east-1::runtime:")
    assert record == {
        "initializationType": "on-demand",
        "phase": "init",
        "functionName": "checkout",
        "functionVersion": "$LATEST",
        "instanceId": stream.replace("/[", "/checkout["),
        "instanceMaxMemory": 268435456,
    }
    assert start == (
        '{"time":"2026-03-02T11:59:58.766Z","type":"platform.start",'
        f'"record":{{"requestId":"{request_id}","version":"$LATEST"}}}}'
    )
    assert plain == "plain\n"
    assert report == (
        '{"time":"2026-03-02T12:00:00.000Z","type":"platform.report","record":{"requestId":'
        f'"{request_id}","metrics":{{"durationMs":1233.96,"billedDurationMs":1698,'
        '"memorySizeMB":256,"maxMemoryUsedMB":123,"initDurationMs":463.512},"status":"success"}}'
    )


def test_in_json_errors_and_timeouts_are_in_the_report(functions):
    functions.describe("checkout", log_format="JSON", timeout_s=3)
    functions.invocation("checkout", duration_ms=9, error=ValueError("no"), request_id=ID)
    error, report = (json.loads(message) for message in messages(GROUP)[2:])
    assert error == {
        "timestamp": "2026-03-02T12:00:00Z", "level": "ERROR", "errorMessage": "no",
        "errorType": "ValueError", "requestId": ID, "stackTrace": [],
    }  # fmt: skip
    assert report["record"]["status"] == "error"
    functions.invocation("checkout", duration_ms=9000, trace_id="1-a")
    record = json.loads(messages(GROUP)[-1])["record"]
    assert (record["status"], record["metrics"]["durationMs"]) == ("timeout", 3000)
    assert re.fullmatch("Root=1-a;Parent=[0-9a-f]{16};Sampled=1", record["tracing"]["value"])


def test_at_the_system_level_warn_only_what_failed_is_told(functions):
    functions.describe("checkout", log_format="JSON", system_log_level="WARN")
    functions.invocation("checkout", ["x"], duration_ms=1)
    assert messages(GROUP) == ["x\n"]
    functions.invocation("checkout", duration_ms=1, error=ValueError("no"))
    assert json.loads(messages(GROUP)[-1])["type"] == "platform.report"


def test_insights_discovers_what_lambda_reports(functions, monitoring):
    functions.describe("checkout", memory_mb=512)
    for took in (10, 30):
        functions.invocation("checkout", duration_ms=took, max_memory_used_mb=100)
    rows = monitoring.logs.query(
        GROUP,
        'filter @type = "REPORT" | stats avg(@duration) as took, count(@initDuration) as cold,'
        " max(@maxMemoryUsed/1000/1000) as mb, max(@memorySize/1000/1000) as size",
    )
    [row] = rows
    found = {name: float(row[name]) for name in ("took", "mb", "cold", "size")}
    assert found == {"took": 20, "mb": 100, "cold": 1, "size": 512}


def test_insights_reads_json_reports(functions, monitoring):
    functions.describe("checkout", log_format="JSON")
    functions.invocation("checkout", duration_ms=12.5)
    rows = monitoring.logs.query(
        GROUP, "filter type = 'platform.report' | fields record.metrics.durationMs, record.status"
    )
    assert [(row["record.metrics.durationMs"], row["record.status"]) for row in rows] == [
        ("12.5", "success")
    ]


def test_a_snapshot_keeps_functions_and_their_environments(functions, monitoring):
    functions.describe("checkout", memory_mb=512)
    functions.invocation("checkout", duration_ms=1)
    copy = Monitoring()
    copy.restore(monitoring.snapshot())
    copy.sources.functions.invocation("checkout", duration_ms=1)
    assert list(copy.logs[GROUP].streams) == streams(GROUP)
    assert "Memory Size: 512 MB" in copy.logs.tail(GROUP)[-1].message
    assert len(messages(GROUP)) == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"log_format": "json"}, "JSON"),
        ({"log_format": "INFO"}, "JSON"),
        ({"application_log_level": "LOUD"}, "FATAL"),
        ({"system_log_level": "ERROR"}, "WARN"),
    ],
)
def test_what_a_function_cannot_be_is_refused(functions, options, message):
    with pytest.raises(MisuseError, match=message):
        functions.describe("checkout", **options)


def test_the_platform_s_debug_events_are_missing_and_say_so(functions):
    with pytest.raises(NotImplementedByAwsmon, match="DEBUG"):
        functions.describe("checkout", system_log_level="DEBUG")


def test_time_does_not_run_backwards_in_a_function(functions, monitoring):
    with pytest.raises(MisuseError, match="duration_ms"):
        functions.invocation("checkout", duration_ms=-1)
    assert GROUP not in monitoring.logs


def test_each_invocation_has_an_id(functions):
    ids = {functions.invocation("checkout", duration_ms=1) for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch(UUID, request_id) for request_id in ids)
