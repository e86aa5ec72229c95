"""Deliveries: users' callables, retries, dead letters, loops."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import timedelta

import boto3
import pytest

from awsmon import CausalLoop, MisuseError, mock_monitoring
from tests.alarms.builders import FUNCTION, TOPIC, alarm


def fire(monitoring, cloudwatch, name="too-many-errors"):
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="x")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="x")


def test_a_failing_callable_is_recorded_and_tried_again(monitoring, cloudwatch):
    # given a function that fails twice
    times = []

    def flaky(event):
        times.append(monitoring.clock.now())
        if len(times) < 3:
            raise RuntimeError("not yet")

    monitoring.bind(FUNCTION, flaky)
    cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
    start = monitoring.clock.now()
    # when it is called for an alarm
    fire(monitoring, cloudwatch)
    [delivery] = monitoring.deliveries
    assert (delivery.status, delivery.attempts[0].error) == ("pending", "RuntimeError: not yet")
    # then it is called again after one minute and after two more, as Lambda does
    monitoring.settle()
    assert [at - start for at in times] == [timedelta(minutes=m) for m in (0, 1, 3)]
    assert delivery.status == "delivered"
    # and the history tells the outcome once
    items = cloudwatch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in items] == [
        f"Successfully executed action {FUNCTION}"
    ]


def test_what_fails_for_good_is_given_up_and_told(monitoring, cloudwatch):
    def broken(event):
        raise KeyError("no")

    monitoring.bind(TOPIC, broken)
    cloudwatch.put_metric_alarm(**alarm(actions=[TOPIC]))
    fire(monitoring, cloudwatch)
    monitoring.settle()
    [delivery] = monitoring.deliveries
    assert delivery.status == "failed"
    assert len(delivery.attempts) == 3
    [item] = cloudwatch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"]
    assert item["HistorySummary"].startswith(f"Failed to execute action {TOPIC}. Received error: ")


def test_a_callable_may_call_boto3_from_threads_of_its_own(monitoring, cloudwatch):
    # given a function that puts a metric, from a thread and from its own
    def handler(event):
        def put(name):
            boto3.client("cloudwatch").put_metric_data(
                Namespace="App", MetricData=[{"MetricName": name, "Value": 1}]
            )

        thread = threading.Thread(target=put, args=("aside",))
        thread.start()
        thread.join(10)
        put("here")

    monitoring.bind(FUNCTION, handler)
    cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
    # when it is called
    fire(monitoring, cloudwatch)
    # then both arrived
    assert {metric["MetricName"] for metric in cloudwatch.list_metrics()["Metrics"]} == {
        "aside", "here"
    }  # fmt: skip


def test_a_coroutine_function_is_awaited(monitoring, cloudwatch):
    got = []

    async def handler(event):
        await asyncio.sleep(0)
        got.append(event["alarmData"]["alarmName"])

    monitoring.bind(FUNCTION, handler)
    cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
    fire(monitoring, cloudwatch)

    async def inside_a_loop():
        fire(monitoring, cloudwatch)

    asyncio.run(inside_a_loop())
    assert got == ["too-many-errors"] * 2


def test_a_version_of_a_function_leads_to_what_was_bound_to_the_function(monitoring, cloudwatch):
    got = []
    monitoring.bind(FUNCTION, got.append)
    cloudwatch.put_metric_alarm(**alarm(actions=[f"{FUNCTION}:live"]))
    fire(monitoring, cloudwatch)
    assert len(got) == 1


def test_a_target_that_nobody_stands_behind_is_recorded(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**alarm(actions=[TOPIC]))
    fire(monitoring, cloudwatch)
    [delivery] = monitoring.deliveries.to(TOPIC)
    assert (delivery.status, delivery.via) == ("recorded", "nobody")
    assert delivery.payload["Subject"].startswith("ALARM")


@pytest.mark.parametrize(
    ("now", "before"), [*(("2026-03-02T12:00:00Z", before) for before in range(4)), (None, 1)]
)
def test_a_function_that_sets_off_its_own_alarm_ends_in_an_error(now, before):
    # given standing or flowing time, and some calls before
    with mock_monitoring(now=now) as mon:
        client = boto3.client("cloudwatch")
        mon.bind(FUNCTION, lambda event: fire(mon, client))
        client.put_metric_alarm(**alarm(actions=[FUNCTION]))
        for _ in range(before):
            client.describe_alarms()
        with pytest.raises(CausalLoop, match="too-many-errors"):
            fire(mon, client)


def test_a_handler_gets_a_copy_of_the_payload(monitoring, cloudwatch):
    # given a function that takes its event apart and fails
    seen = []

    def handler(event):
        seen.append(json.dumps(event))
        event.pop("source")
        event["at"] = object()
        raise RuntimeError("no")

    monitoring.bind(FUNCTION, handler)
    cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
    fire(monitoring, cloudwatch)
    monitoring.settle()
    # then it gets the same each time, and the record stays whole
    assert len(seen) == 3
    assert len(set(seen)) == 1
    assert monitoring.deliveries[0].payload["source"] == "aws.cloudwatch"


def test_a_handler_that_ends_the_test_leaves_a_record(monitoring, cloudwatch):
    def leave(event):
        raise SystemExit(3)

    monitoring.bind(FUNCTION, leave)
    cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
    with pytest.raises(SystemExit):
        fire(monitoring, cloudwatch)
    assert monitoring.deliveries[0].status == "failed"


def test_the_history_of_a_deleted_alarm_tells_its_last_action(monitoring, cloudwatch):
    monitoring.bind(FUNCTION, lambda event: monitoring.alarms.delete("too-many-errors"))
    cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
    fire(monitoring, cloudwatch)
    [item] = cloudwatch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"]
    assert item["HistorySummary"] == f"Successfully executed action {FUNCTION}"


def test_an_errand_is_told_of_only_if_it_fails(monitoring):
    def broken(event):
        raise KeyError("volumes")

    monitoring.bind(FUNCTION, lambda event: None)
    monitoring.backend.deliveries.errand(FUNCTION)
    monitoring.clock.advance(minutes=1)
    assert list(monitoring.deliveries) == []
    monitoring.bind(FUNCTION, broken)
    monitoring.backend.deliveries.errand(FUNCTION)
    monitoring.clock.advance(minutes=1)
    [failed] = monitoring.deliveries
    assert (failed.status, failed.attempts[0].error) == ("failed", "KeyError: 'volumes'")
    assert "KeyError: 'volumes'" in str(monitoring.trace())


def test_a_loop_at_one_instant_ends_in_an_error_that_shows_it(monitoring, cloudwatch):
    # given two alarms whose functions set one another off
    for name, other in [("ping", "pong"), ("pong", "ping")]:
        arn = FUNCTION.replace("fix", name)
        monitoring.bind(arn, lambda event, name=other: fire(monitoring, cloudwatch, name))
        cloudwatch.put_metric_alarm(**alarm(name, actions=[arn]))
    # when one is touched, then the error names both
    with pytest.raises(CausalLoop, match="ping") as caught:
        fire(monitoring, cloudwatch, "ping")
    assert "pong" in str(caught.value)


def test_the_newest_deliveries_are_kept():
    from awsmon import Monitoring

    mon = Monitoring(now="2026-03-02T12:00:00Z", keep=10)
    from awsmon.core.deliveries import Delivery

    for number in range(25):
        with mon.backend.door:
            mon.deliveries.send(
                Delivery(at=mon.clock.now(), scope=mon.backend.home, sender="test",
                         subject="", target_arn=TOPIC, payload=number))  # fmt: skip
    assert [d.payload for d in mon.deliveries] == list(range(15, 25))
    assert mon.deliveries.dropped == 15
    assert mon.trace().dropped > 0


@pytest.mark.parametrize(
    ("arn", "handler", "message"),
    [("topic", print, "not an ARN"), (TOPIC, 5, "callable"), (TOPIC, lambda: 1, "payload")],
)
def test_what_cannot_be_bound_is_refused(monitoring, arn, handler, message):
    with pytest.raises(MisuseError, match=message):
        monitoring.bind(arn, handler)
