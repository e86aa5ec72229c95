"""The clock: timers in order, flowing and standing time, settling."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from freezegun import freeze_time

from awsmon import AwsmonError, MisuseError, Monitoring
from awsmon.core.clock import Call

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


class Recorder:
    """Stands in for a service: remembers what its timers called, and when."""

    def __init__(self, mon: Monitoring) -> None:
        self.mon, self.heard = mon, []
        mon.backend.at(mon.backend.home).__dict__["recorder"] = self

    def hear(self, key):
        self.heard.append((key, self.mon.clock.now()))

    def again(self, key):
        self.hear(key)
        if key:
            self.set(0, key - 1, verb="again")

    def set(self, seconds, key, *, verb="hear", recurs=False):
        clock = self.mon.clock
        return clock.set(clock.now() + timedelta(seconds=seconds), Call("recorder", verb, key),
                         scope=self.mon.backend.home, recurs=recurs)  # fmt: skip


@pytest.fixture
def recorder():
    return Recorder(Monitoring(now=NOON))


def test_timers_run_in_order_of_time_and_then_of_setting(recorder):
    # given timers set in no order
    for seconds, key in [(5, "c"), (1, "a"), (5, "d"), (3, "b"), (60, "later")]:
        recorder.set(seconds, key)
    # when ten seconds pass
    recorder.mon.clock.advance(seconds=10)
    # then they ran in order, each at its own instant
    assert recorder.heard == [
        (key, NOON + timedelta(seconds=s)) for key, s in [("a", 1), ("b", 3), ("c", 5), ("d", 5)]
    ]
    assert recorder.mon.clock.now() == NOON + timedelta(seconds=10)


def test_a_timer_may_set_one_for_the_same_instant(recorder):
    recorder.set(1, 3, verb="again")
    recorder.mon.clock.advance(seconds=1)
    assert [key for key, _ in recorder.heard] == [3, 2, 1, 0]


def test_a_cancelled_timer_does_not_run(recorder):
    timer = recorder.set(1, "x")
    recorder.mon.clock.cancel(timer)
    recorder.mon.clock.cancel(timer)
    recorder.mon.clock.advance(seconds=5)
    assert recorder.heard == []
    assert recorder.mon.clock.timers == []


def test_many_cancelled_timers_take_no_room(recorder):
    clock = recorder.mon.clock
    for _ in range(5000):
        clock.cancel(recorder.set(1, "x"))
    recorder.set(2, "y")
    assert len(clock._heap) < 3000
    clock.advance(seconds=5)
    assert [key for key, _ in recorder.heard] == ["y"]


def test_settling_waits_for_all_but_what_recurs(recorder):
    recorder.set(5, "once")
    recorder.set(3, "tidy", recurs=True)
    recorder.set(90, "tidy", recurs=True)
    recorder.mon.settle()
    assert [key for key, _ in recorder.heard] == ["tidy", "once"]
    assert recorder.mon.clock.now() == NOON + timedelta(seconds=5)


def test_settling_gives_up_on_what_goes_on_for_ever(recorder):
    recorder.set(3600, "late")
    with pytest.raises(AwsmonError, match=r"recorder\.hear\('late'\)"):
        recorder.mon.settle(timedelta(minutes=5))


def test_time_stands_still_with_now():
    mon = Monitoring(now="2026-03-02T13:00:00+01:00")
    assert mon.clock.now() == NOON
    assert mon.clock.now() == NOON


def test_time_flows_without_now():
    before = datetime.now(timezone.utc)
    mon = Monitoring()
    assert before - timedelta(seconds=1) < mon.clock.now() < before + timedelta(minutes=1)
    mon.clock.advance(hours=3)
    assert mon.clock.now() > before + timedelta(hours=3) - timedelta(seconds=1)


def test_flowing_time_obeys_freezegun():
    with freeze_time("2020-02-02T02:02:02Z") as frozen:
        mon = Monitoring()
        assert mon.clock.now().isoformat() == "2020-02-02T02:02:02+00:00"
        frozen.tick(60)
        assert mon.clock.now().isoformat() == "2020-02-02T02:03:02+00:00"


def test_what_falls_due_while_time_flows_runs_before_the_next_call():
    with freeze_time("2020-02-02T02:02:02Z") as frozen:
        recorder = Recorder(Monitoring())
        due = recorder.set(10, "x").due
        frozen.tick(60)
        assert recorder.heard == []
        recorder.mon.metrics.put("App", "Errors", 1)
        assert recorder.heard == [("x", due)]


@pytest.mark.parametrize(
    ("now", "message"),
    [(NOON.replace(tzinfo=None), "has no time zone"), ("noon", "ISO 8601"), (5, "aware datetime")],
)
def test_an_instant_that_cannot_be_meant_is_refused_by_name(now, message):
    with pytest.raises(MisuseError, match=message):
        Monitoring(now=now)


def test_time_does_not_go_back():
    mon = Monitoring(now=NOON)
    with pytest.raises(MisuseError, match="time doesn't go back"):
        mon.clock.advance(seconds=-1)
    mon.clock.run_until("2020-01-01T00:00:00Z")
    assert mon.clock.now() == NOON
