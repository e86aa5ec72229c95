"""Lambda: what functions bound to their ARNs print, log and raise."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
import time

import boto3
import pytest

from awsmon import mock_monitoring
from tests.alarms.builders import FUNCTION, TOPIC, alarm
from tests.sources.conftest import events, messages, streams

GROUP = "/aws/lambda/fix"
log = logging.getLogger("shop.orders")


def said(group=GROUP):
    """What the function itself said: the platform's lines aside."""
    platform = ("INIT_START", "START", "END", "REPORT", '{"time"')
    return [message for message in messages(group) if not message.startswith(platform)]


def request_id():
    return messages(GROUP)[-1].split("\t")[0].removeprefix("REPORT RequestId: ")


def test_prints_stand_between_start_and_report(invoke):
    # given a function that prints
    def handler(event):
        print("alarm", event["alarmData"]["alarmName"])
        print("two\nlines", file=sys.stderr)

    # when an alarm calls it
    invoke(handler)
    # then there is the log that Lambda writes
    init, start, *printed, end, report = messages(GROUP)
    assert init.startswith("INIT_START Runtime Version: python:3.13.v")
    assert printed == ["alarm too-many-errors\n", "two\n", "lines\n"]
    assert start == f"START RequestId: {request_id()} Version: $LATEST\n"
    assert end == f"END RequestId: {request_id()}\n"
    assert report == (
        f"REPORT RequestId: {request_id()}\tDuration: 0.00 ms\tBilled Duration: 1 ms\t"
        "Memory Size: 128 MB\tMax Memory Used: 32 MB\tInit Duration: 0.00 ms\t\n"
    )


def test_prints_are_still_seen_where_they_went(invoke, capsys):
    out, err = sys.stdout, sys.stderr
    invoke(lambda event: (print("a"), print("b", file=sys.stderr), sys.stdout.writelines(["c\n"])))
    assert capsys.readouterr() == ("a\nc\n", "b\n")
    assert said() == ["a\n", "b\n", "c\n"]
    assert (sys.stdout, sys.stderr) == (out, err)


def test_a_line_that_was_not_finished_is_a_message_too(invoke):
    def handler(event):
        for part in ("half ", "a line"):
            print(part, end="")

    invoke(handler)
    assert said() == ["half a line"]


def test_the_second_invocation_is_warm(invoke):
    invoke(lambda event: print("x"))
    invoke()
    assert len(streams(GROUP)) == 1
    assert [message.split(" ")[0] for message in messages(GROUP)].count("INIT_START") == 1


def test_log_records_have_lambda_s_text_format(invoke, monitoring):
    def handler(event):
        log.warning("order %s\nis late", 7)
        log.info("not at this level")

    monitoring.clock.advance(milliseconds=250)
    invoke(handler)
    assert said() == [f"[WARNING]\t2026-03-02T12:00:00.250Z\t{request_id()}\torder 7\nis late\n"]
    rows = monitoring.logs.query(GROUP, "filter @message like /late/ | fields @requestId")
    assert [row["@requestId"] for row in rows] == [request_id()]


def test_a_logged_exception_has_its_traceback(invoke):
    def handler(event):
        try:
            raise KeyError("order")
        except KeyError:
            log.exception("failed")

    invoke(handler)
    [message] = said()
    assert message.startswith(
        f"[ERROR]\t2026-03-02T12:00:00.000Z\t{request_id()}\tfailed\nTraceback"
    )
    assert message.endswith("KeyError: 'order'")


def test_basic_config_in_a_handler_changes_nothing_as_in_lambda(invoke):
    def handler(event):
        logging.basicConfig(format="mine")
        log.warning("x")

    handlers = list(logging.getLogger().handlers)
    invoke(handler)
    assert said() == [f"[WARNING]\t2026-03-02T12:00:00.000Z\t{request_id()}\tx\n"]
    assert logging.getLogger().handlers == handlers


def test_in_json_log_records_are_objects_and_prints_are_not(invoke, monitoring):
    # given a function that logs JSON, whose level is INFO unless set
    monitoring.sources.functions.describe("fix", log_format="JSON")

    def handler(event):
        print("plain")
        log.info("order %s", 7, extra={"order": {"id": 7}})
        log.debug("too low")
        try:
            raise ValueError("no")
        except ValueError:
            log.exception("failed")

    level = logging.getLogger().level
    invoke(handler)
    # then the records have the members that Lambda's runtime gives them
    plain, info, failed = said()
    assert plain == "plain\n"
    asked = json.loads(messages(GROUP)[-1])["record"]["requestId"]
    assert json.loads(info) == {
        "timestamp": "2026-03-02T12:00:00.000Z", "level": "INFO", "message": "order 7",
        "logger": "shop.orders", "requestId": asked, "order": {"id": 7},
    }  # fmt: skip
    record = json.loads(failed)
    assert (record["errorType"], record["errorMessage"]) == ("ValueError", "no")
    assert record["location"].startswith(f"{__file__}:handler:")
    assert "test_bound_functions.py" in record["stackTrace"][0]
    # and the root logger is as it was
    assert logging.getLogger().level == level


@pytest.mark.parametrize(
    ("level", "logged"),
    [("TRACE", "dwe"), ("DEBUG", "dwe"), ("WARN", "we"), ("ERROR", "e"), ("FATAL", "")],
)
def test_in_json_the_application_level_counts(invoke, monitoring, level, logged):
    monitoring.sources.functions.describe("fix", log_format="JSON", application_log_level=level)
    invoke(lambda event: (log.debug("d"), log.warning("w"), log.error("e")))
    assert "".join(json.loads(message)["message"] for message in said()) == logged


def test_an_error_is_logged_with_its_traceback(invoke, monitoring):
    def handler(event):
        print("before")
        raise ValueError("no such order")

    invoke(handler)
    assert said()[0] == "before\n"
    lines = said()[1].split("\n")
    assert lines[:2] == ["[ERROR] ValueError: no such order", "Traceback (most recent call last):"]
    assert lines[2].startswith(f'\u00a0\u00a0File "{__file__}", line ')
    assert lines[2].endswith(", in handler")
    assert lines[3] == '\u00a0\u00a0\u00a0\u00a0raise ValueError("no such order")'
    # and the delivery knows of it as before
    assert monitoring.deliveries[0].attempts[0].error == "ValueError: no such order"


def test_each_attempt_has_a_log(invoke, monitoring):
    def handler(event):
        raise RuntimeError

    invoke(handler)
    monitoring.settle()
    told = [(time - 1772452800000, message.split("\n")[0]) for time, message in events(GROUP)
            if message.startswith("[ERROR]")]  # fmt: skip
    assert told == [(0, "[ERROR] RuntimeError"), (60000, "[ERROR] RuntimeError"),
                    (180000, "[ERROR] RuntimeError")]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "reason"),
    [(3, "with error: exit status 3"), ("x", "with error: exit status 1"),
     (None, "without providing a reason")],
)  # fmt: skip
def test_a_process_that_ends_is_told_by_the_platform(invoke, code, reason):
    def handler(event):
        sys.exit(code)

    with pytest.raises(SystemExit):
        invoke(handler)
    [message] = said()
    assert message.split(" ", 2)[2] == f"Error: Runtime exited {reason}\nRuntime.ExitError\n"
    assert messages(GROUP)[-1].endswith("\tStatus: error\tError Type: Runtime.ExitError\n")


def test_sleeping_takes_virtual_time(invoke, monitoring):
    def handler(event):
        print("a")
        time.sleep(1.5)
        print("b")

    invoke(handler)
    start = 1772452800000
    assert [(at - start, message) for at, message in events(GROUP)][2:4] == [
        (0, "a\n"),
        (1500, "b\n"),
    ]
    assert "\tDuration: 1500.00 ms\tBilled Duration: 1500 ms\t" in messages(GROUP)[-1]


def test_a_function_that_takes_too_long_has_failed(invoke, monitoring):
    # given a function with a timeout of a second
    monitoring.sources.functions.describe("fix", timeout_s=1)

    def handler(event):
        print("a")
        time.sleep(5)
        print("too late")

    # when it takes longer
    invoke(handler)
    # then Lambda says so, and tries again as it does after errors
    assert said()[0] == "a\n"
    assert said()[1].endswith("Task timed out after 1.00 seconds\n\n")
    assert len(said()) == 2
    assert "\tDuration: 1000.00 ms\t" in messages(GROUP)[-1]
    [delivery] = monitoring.deliveries
    assert delivery.status == "pending"
    assert "Task timed out after 1.00 seconds" in delivery.attempts[0].error


def test_the_context_tells_how_the_function_is_described(invoke, monitoring):
    monitoring.sources.functions.describe("fix", memory_mb=512, timeout_s=10)
    seen = []

    def handler(event, context):
        time.sleep(4)
        seen.append(
            (context.function_name, context.memory_limit_in_mb, context.log_group_name,
             context.log_stream_name, context.get_remaining_time_in_millis())
        )  # fmt: skip

    invoke(handler)
    assert seen == [("fix", 512, GROUP, streams(GROUP)[0], 6000)]


def test_a_version_has_streams_of_its_own(monitoring, cloudwatch):
    monitoring.bind(FUNCTION, lambda event: print("x"))
    cloudwatch.put_metric_alarm(**alarm(actions=[f"{FUNCTION}:7", f"{FUNCTION}:live"]))
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
    assert [name[:14] for name in streams(GROUP)] == ["2026/03/02/[$L", "2026/03/02/[7]"]


def test_a_function_elsewhere_logs_there(monitoring, cloudwatch):
    arn = "arn:aws:lambda:eu-west-1:111111111111:function:far"
    monitoring.bind(arn, lambda event: print("far"))
    cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
    handler = monitoring.backend.bindings.handler(arn)
    handler({}, "id")
    place = monitoring.at("111111111111", "eu-west-1")
    assert [group.name for group in place.logs] == ["/aws/lambda/far"]
    assert list(monitoring.logs) == []


def test_a_coroutine_function_is_heard_too(invoke):
    async def handler(event):
        print("before")
        await asyncio.sleep(0)
        raise ValueError("no")

    invoke(handler)
    assert said()[0] == "before\n"
    assert said()[1].split("\n")[2].startswith(f'\u00a0\u00a0File "{__file__}"')


def test_what_stands_behind_a_topic_is_no_function(monitoring, cloudwatch):
    monitoring.bind(TOPIC, lambda event: print("x"))
    cloudwatch.put_metric_alarm(**alarm(actions=[TOPIC]))
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
    assert list(monitoring.logs) == []


def test_the_log_is_caused_by_the_delivery(invoke, monitoring):
    invoke(lambda event: print("x"))
    trace = str(monitoring.trace())
    delivery = next(line for line in trace.splitlines() if f"delivery to {FUNCTION}" in line)
    written = next(line for line in trace.splitlines() if f"log events {GROUP}" in line)
    assert written.index("log events") > delivery.index("delivery to")


def test_json_prints_are_discovered_and_embedded_metrics_extracted(invoke, monitoring):
    def handler(event):
        print(json.dumps({"level": "WARN", "order": 7}))
        print(json.dumps({
            "_aws": {"Timestamp": 1772452800000, "CloudWatchMetrics": [
                {"Namespace": "Shop", "Dimensions": [[]], "Metrics": [{"Name": "Orders"}]}]},
            "Orders": 3,
        }))  # fmt: skip

    invoke(handler)
    rows = monitoring.logs.query(GROUP, "filter level = 'WARN' | fields order")
    assert [row["order"] for row in rows] == ["7"]
    monitoring.clock.advance(minutes=1)
    metrics = boto3.client("cloudwatch").list_metrics(Namespace="Shop")["Metrics"]
    assert [metric["MetricName"] for metric in metrics] == ["Orders"]


def test_functions_that_run_at_once_do_not_hear_one_another(monitoring, capsys):
    # given two functions that wait for each other in the middle
    meeting = threading.Barrier(3, timeout=10)

    def handler(event):
        for _ in range(2):
            print(event)
            log.warning(event)
            meeting.wait()

    arns = [FUNCTION.replace("fix", name) for name in ("one", "two")]
    threads = []
    for arn in arns:
        monitoring.bind(arn, handler)
        name = arn.rpartition(":")[2]
        call = monitoring.backend.bindings.handler(arn)
        threads.append(threading.Thread(target=call, args=(name, f"id-{name}")))
    # when both run, and the test prints meanwhile
    for thread in threads:
        thread.start()
    for _ in range(2):
        print("the test")
        meeting.wait()
    for thread in threads:
        thread.join(10)
    # then each has its own lines, and all were seen
    for name in ("one", "two"):
        line = f"[WARNING]\t2026-03-02T12:00:00.000Z\tid-{name}\t{name}\n"
        assert said(f"/aws/lambda/{name}") == [f"{name}\n", line] * 2
    assert sorted(capsys.readouterr().out.split()) == sorted(["one", "two", "the", "test"] * 2)


def test_invocations_at_once_have_environments_of_their_own(monitoring):
    meeting = threading.Barrier(2, timeout=10)
    monitoring.bind(FUNCTION, lambda event: meeting.wait())
    call = monitoring.backend.bindings.handler(FUNCTION)
    threads = [threading.Thread(target=call, args=({}, str(n))) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(streams(GROUP)) == 2


def test_the_same_test_writes_the_same_log():
    def run():
        with mock_monitoring(now="2026-03-02T12:00:00Z") as mon:
            mon.bind(FUNCTION, lambda event: print("x"))
            cloudwatch = boto3.client("cloudwatch", region_name="us-east-1")
            cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
            cloudwatch.set_alarm_state(
                AlarmName="too-many-errors", StateValue="ALARM", StateReason="x"
            )
            return [(line.stream, line.message) for line in mon.logs.tail(GROUP)]

    assert run() == run()
