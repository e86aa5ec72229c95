"""When schedules are due: rates, cron, at; zones, windows, starts and ends."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest

from awsmon import Monitoring, mock_monitoring
from tests.scheduler.conftest import FUNCTION, schedule

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


def test_a_rate_begins_at_once_and_goes_on(monitoring, scheduler, times):
    scheduler.create_schedule(**schedule("rate(5 minutes)"))
    monitoring.clock.advance(minutes=12)
    assert times == ["12:00", "12:05", "12:10"]


@pytest.mark.parametrize(("expression", "expected"), [
    ("rate(1 minutes)", ["12:10", "12:11", "12:12"]),
    ("cron(0/5 * * * ? *)", ["12:10"]),
])  # fmt: skip
def test_a_start_date_is_waited_for(monitoring, scheduler, times, expression, expected):
    # given a schedule that starts ten minutes from now
    start = NOON + timedelta(minutes=10)
    scheduler.create_schedule(**schedule(expression, StartDate=start))
    # when twelve minutes pass, it was due from there on
    monitoring.clock.advance(minutes=12)
    assert times == expected


def test_after_its_end_date_a_schedule_is_silent(monitoring, scheduler, times):
    end = NOON + timedelta(minutes=10)
    scheduler.create_schedule(**schedule("rate(5 minutes)", EndDate=end))
    monitoring.clock.advance(hours=1)
    assert times == ["12:00", "12:05", "12:10"]
    assert scheduler.get_schedule(Name="s")["EndDate"] == end


def test_at_is_once_and_the_schedule_stays(monitoring, scheduler, times):
    scheduler.create_schedule(**schedule("at(2026-03-02T12:03:00)"))
    monitoring.clock.advance(hours=1)
    assert times == ["12:03"]
    assert scheduler.get_schedule(Name="s")["State"] == "ENABLED"


def test_settle_waits_for_what_is_due_once(monitoring, scheduler, times):
    scheduler.create_schedule(**schedule("at(2026-03-03T08:00:00)"))
    scheduler.create_schedule(**schedule("rate(1 days)", name="daily"))
    monitoring.settle()
    assert times == ["12:00", "08:00"]


def test_what_lies_in_the_past_is_not_made_up_for(monitoring, scheduler, times):
    scheduler.create_schedule(**schedule("at(2026-03-02T11:00:00)"))
    monitoring.clock.advance(hours=1)
    assert times == []


# Source: Scheduler User Guide, "Time zones", "Daylight saving time"; dates of the tz database.
@pytest.mark.parametrize(("now", "expression", "zone", "expected"), [
    # clocks in New York go forward at 02:00 on 2026-03-08: 02:30 is skipped
    ("2026-03-07T00:00:00Z", "cron(30 2 * * ? *)", "America/New_York",
     ["03-07 07:30", "03-09 06:30", "03-10 06:30"]),
    # and back at 02:00 on 2026-11-01: 01:30 happens once
    ("2026-10-31T00:00:00Z", "cron(30 1 * * ? *)", "America/New_York",
     ["10-31 05:30", "11-01 05:30", "11-02 06:30", "11-03 06:30"]),
    ("2026-03-02T00:00:00Z", "at(2026-03-02T09:00:00)", "Europe/Berlin", ["03-02 08:00"]),
    # a day of a rate has 24 hours
    ("2026-03-07T12:00:00Z", "rate(1 days)", "America/New_York",
     ["03-07 12:00", "03-08 12:00", "03-09 12:00", "03-10 12:00"]),
    ("2028-02-28T00:00:00Z", "cron(0 9 L * ? *)", "UTC", ["02-29 09:00"]),
])  # fmt: skip
def test_zones_and_daylight_saving(now, expression, zone, expected):
    with mock_monitoring(now=now) as mon:
        called = []
        mon.bind(FUNCTION, lambda _: called.append(f"{mon.clock.now():%m-%d %H:%M}"))
        boto3.client("scheduler").create_schedule(
            **schedule(expression, ScheduleExpressionTimezone=zone)
        )
        mon.clock.advance(days=3, hours=12)
    assert called == expected


def test_within_a_flexible_window_the_instant_is_drawn(monitoring, scheduler):
    # given ten schedules of one time, with a window of an hour
    for number in range(10):
        scheduler.create_schedule(
            **schedule("at(2026-03-02T13:00:00)", name=f"s{number}",
                       target={"Input": '"<aws.scheduler.scheduled-time>"'})
            | {"FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60}}
        )  # fmt: skip
    # when the hour is over, all were sent in it, not all at once, for the time that was due
    monitoring.clock.advance(hours=2)
    instants = [delivery.at for delivery in monitoring.deliveries]
    assert len(instants) == 10
    assert len(set(instants)) > 5
    assert min(instants) >= NOON + timedelta(hours=1)
    assert max(instants) < NOON + timedelta(hours=2)
    assert {delivery.payload for delivery in monitoring.deliveries} == {"2026-03-02T13:00:00Z"}


def test_a_schedule_that_goes_after_completion(monitoring, scheduler, times):
    # given one that is due once and one with an end, both to be deleted then
    scheduler.create_schedule(**schedule("at(2026-03-02T12:03:00)", ActionAfterCompletion="DELETE"))
    scheduler.create_schedule(
        **schedule("rate(5 minutes)", name="r", ActionAfterCompletion="DELETE",
                   EndDate=NOON + timedelta(minutes=7))
    )  # fmt: skip
    # when the first was due, it is gone; the other goes with its end date
    monitoring.clock.advance(minutes=6)
    assert [each["Name"] for each in scheduler.list_schedules()["Schedules"]] == ["r"]
    monitoring.clock.advance(minutes=1)
    assert scheduler.list_schedules()["Schedules"] == []
    assert times == ["12:00", "12:03", "12:05"]


def test_disabled_and_enabled_again_it_keeps_its_rhythm(monitoring, scheduler, times):
    scheduler.create_schedule(**schedule("rate(5 minutes)"))
    monitoring.clock.advance(minutes=2)
    scheduler.update_schedule(**schedule("rate(5 minutes)", State="DISABLED"))
    monitoring.clock.advance(minutes=5)
    scheduler.update_schedule(**schedule("rate(5 minutes)", State="ENABLED"))
    monitoring.clock.advance(minutes=5)
    assert times == ["12:00", "12:10"]


def test_another_rate_begins_anew(monitoring, scheduler, times):
    scheduler.create_schedule(**schedule("rate(5 minutes)"))
    monitoring.clock.advance(minutes=2)
    scheduler.update_schedule(**schedule("rate(10 minutes)"))
    monitoring.clock.advance(minutes=10)
    assert times == ["12:00", "12:02", "12:12"]


def test_a_deleted_schedule_sets_nothing_off(monitoring, scheduler, times):
    scheduler.create_schedule(**schedule("at(2026-03-02T12:03:00)"))
    scheduler.create_schedule(
        **schedule("at(2026-03-02T12:00:00)", name="flexible")
        | {"FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60}}
    )
    for name in ("s", "flexible"):
        scheduler.delete_schedule(Name=name)
    monitoring.clock.advance(hours=2)
    assert times == []


def test_a_snapshot_carries_what_is_still_to_come(monitoring, scheduler):
    # given a schedule that was due once, and will be again
    scheduler.create_schedule(**schedule("rate(1 hour)"))
    monitoring.clock.advance(minutes=30)
    # when another session goes on from there
    other = Monitoring(now=NOON)
    other.restore(monitoring.snapshot())
    other.clock.advance(minutes=30)
    # then it is due there, too
    assert len(other.deliveries) == 2
    assert len(monitoring.deliveries) == 1
