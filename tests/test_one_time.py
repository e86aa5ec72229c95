"""One time: sleeping, polling, log handlers, asyncio, the process's own time."""

from __future__ import annotations

import asyncio
import builtins
import logging
import threading
import time
from datetime import datetime, timedelta, timezone

import boto3
import pytest
import time_machine
from freezegun import freeze_time

from awsmon import MisuseError, mock_monitoring
from tests.alarms.builders import alarm

NOW = "2026-03-02T12:00:00Z"
NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


def test_a_polling_loop_ends_by_itself():
    # given code that waits for an alarm, sleeping between two looks
    def wait_for_alarm(client):
        for attempt in range(1, 100):
            [found] = client.describe_alarms(AlarmNames=["too-many-errors"])["MetricAlarms"]
            if found["StateValue"] == "ALARM":
                return attempt
            time.sleep(10)
        raise AssertionError("never")

    with mock_monitoring(now=NOW) as mon:
        client = boto3.client("cloudwatch")
        client.put_metric_alarm(**alarm())
        mon.metrics.put("App", "Errors", 9)
        # when it runs, then the minute passes while it sleeps
        assert wait_for_alarm(client) == 7
        assert mon.clock.now() == NOON + timedelta(minutes=1)


def test_other_threads_sleep_for_real():
    with mock_monitoring(now=NOW) as mon:
        thread = threading.Thread(target=time.sleep, args=(0.01,))
        thread.start()
        thread.join()
        assert mon.clock.now() == NOON


def test_sleeping_can_stay_real():
    real = time.sleep
    with mock_monitoring(now=NOW, sleep="real"):
        assert time.sleep is real
    with mock_monitoring(now=NOW):
        assert time.sleep is not real
        with pytest.raises(ValueError, match="non-negative"):
            time.sleep(-1)
    assert time.sleep is real
    with mock_monitoring():
        assert time.sleep is real
    with pytest.raises(MisuseError, match="'virtual' or 'real'"):
        mock_monitoring(sleep="never")


def test_the_process_follows_the_clock():
    with mock_monitoring(now=NOW) as mon:
        assert datetime.now(timezone.utc) == NOON
        mon.clock.advance(hours=1)
        assert time.time() == (NOON + timedelta(hours=1)).timestamp()
    assert abs(time.time() - NOON.timestamp()) > 3600


def test_timers_see_the_process_at_their_own_instant():
    seen = []
    with mock_monitoring(now=NOW) as mon:
        mon.bind("arn:aws:sns:us-east-1:123456789012:topic", lambda _: seen.append(time.time()))
        boto3.client("cloudwatch").put_metric_alarm(
            **alarm(actions=["arn:aws:sns:us-east-1:123456789012:topic"])
        )
        mon.metrics.put("App", "Errors", 9)
        mon.clock.advance(hours=1)
    assert seen == [(NOON + timedelta(minutes=1)).timestamp()]


def test_the_process_can_keep_its_own_time():
    before = time.time()
    with mock_monitoring(now=NOW, process_time=False):
        assert 0 <= time.time() - before < 60


def test_a_log_handler_that_stamps_with_the_process_time_is_right():
    # given a handler that puts a metric with the record's own time
    class Handler(logging.Handler):
        def emit(self, record):
            boto3.client("cloudwatch").put_metric_data(
                Namespace="App",
                MetricData=[{"MetricName": "Errors", "Value": 9, "Timestamp": record.created}],
            )

    with mock_monitoring(now=NOW) as mon:
        boto3.client("cloudwatch").put_metric_alarm(**alarm())
        logger = logging.getLogger("one-time")
        logger.addHandler(Handler())
        # when something is logged, then the alarm of this minute sees it
        logger.error("no")
        mon.clock.advance(minutes=1)
        assert mon.alarms["too-many-errors"].state == "ALARM"
        logger.handlers.clear()


def test_tasks_sleep_side_by_side():
    # given tasks that sleep for different times
    async def nap(name, seconds, woke):
        for _ in range(2):
            await asyncio.sleep(seconds)
            woke.append((name, round((datetime.now(timezone.utc) - NOON).total_seconds())))
        return name

    async def main():
        woke = []
        names = await asyncio.gather(*(nap(n, s, woke) for n, s in [("a", 30), ("b", 20)]))
        return names, woke

    with mock_monitoring(now=NOW) as mon:
        names, woke = asyncio.run(main())
        assert names == ["a", "b"]
        assert woke == [("b", 20), ("a", 30), ("b", 40), ("a", 60)]
        assert mon.clock.now() == NOON + timedelta(seconds=60)


def test_without_the_extra_a_wall_clock_timestamp_draws_a_warning(monkeypatch):
    # given an environment without time-machine
    real_import = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "time_machine":
            raise ImportError(name)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with mock_monitoring(now=NOW):
        client = boto3.client("cloudwatch")
        wall = {"MetricName": "x", "Value": 1, "Timestamp": datetime.now(timezone.utc)}
        # when a datapoint is stamped with the wall clock, then the warning names the remedy
        with (
            pytest.warns(UserWarning, match=r"awsmon\[time\]"),
            pytest.raises(client.exceptions.ClientError),
        ):
            client.put_metric_data(Namespace="App", MetricData=[wall])
        # and it is said once
        with pytest.raises(client.exceptions.ClientError):
            client.put_metric_data(Namespace="App", MetricData=[wall])


@pytest.mark.parametrize("freeze", [freeze_time, lambda at: time_machine.travel(at, tick=False)])
def test_flowing_time_follows_a_frozen_clock_entered_before_or_after(freeze):
    with freeze("2020-01-01T00:00:00Z"), mock_monitoring() as mon:
        assert mon.clock.now().isoformat() == "2020-01-01T00:00:00+00:00"
    with mock_monitoring() as mon:
        later = mon.clock.now()
        with freeze("2020-01-01T00:00:00Z"):
            assert mon.clock.now().isoformat() == "2020-01-01T00:00:00+00:00"
        assert mon.clock.now() >= later


def test_what_was_to_happen_keeps_its_instant_when_time_jumps_back():
    # given an alarm that is to be evaluated at 12:01
    with freeze_time("2026-03-02T12:00:00Z") as frozen, mock_monitoring() as mon:
        boto3.client("cloudwatch").put_metric_alarm(**alarm())
        mon.metrics.put("App", "Errors", 9)
        # when the wall clock jumps back by an hour, and an hour and a minute pass
        frozen.move_to("2026-03-02T11:00:00Z")
        mon.clock.advance(minutes=60)
        assert mon.alarms["too-many-errors"].state == "INSUFFICIENT_DATA"
        mon.clock.advance(minutes=1)
        # then it was evaluated at its own instant
        assert mon.alarms["too-many-errors"].state == "ALARM"


def test_standing_time_stays_when_something_else_is_frozen_inside():
    with mock_monitoring(now=NOW) as mon, freeze_time("2020-01-01T00:00:00Z"):
        assert mon.clock.now() == NOON
        mon.clock.advance(minutes=1)
        assert mon.clock.now() == NOON + timedelta(minutes=1)
