"""Evaluation agrees with a tiny independent model, whatever comes when.

The model evaluates at every boundary, keeps all points in a list and knows the documented rules as
sentences about a string of 0, X and -. awsmon skips what cannot change anything: the states over
time must be the same.
"""

from __future__ import annotations

from datetime import timedelta

import boto3
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from awsmon import mock_monitoring
from tests.alarms.builders import alarm

EXTRA = 2
CLOUDWATCH = boto3.client("cloudwatch", region_name="us-east-1")


def judged(marks: str, n: int, m: int, treatment: str, state: str) -> str:
    """The documented outcome for a window, oldest on the left."""
    real = [mark for mark in marks if mark != "-"][-n:]
    missing = n - len(real)
    if treatment == "breaching":
        real += ["X"] * missing
    if treatment == "notBreaching":
        real += ["0"] * missing
    if not real:
        return state if treatment == "ignore" else "INSUFFICIENT_DATA"
    if real.count("X") >= m:
        return "ALARM"
    if "0" in real:
        return "OK"
    if treatment == "ignore":
        return state
    oldest = len(marks) - marks.index("X")
    return "ALARM" if oldest >= m else state


class AlarmMachine(RuleBasedStateMachine):
    """Random points, late and early ones, gaps, periods, treatments, advances."""

    @initialize(
        n=st.integers(1, 4),
        m=st.integers(1, 4),
        period=st.sampled_from([10, 30, 60, 120, 300]),
        treatment=st.sampled_from(["missing", "ignore", "breaching", "notBreaching"]),
        second=st.sampled_from([0, 7, 59]),
    )
    def begin(self, n, m, period, treatment, second):
        self.n, self.m, self.period, self.treatment = n, min(m, n), period, treatment
        self.step = 10 if period < 60 else 60
        self.mock = mock_monitoring(now=f"2026-03-02T12:00:{second:02d}Z")
        self.mon = self.mock.start()
        CLOUDWATCH.put_metric_alarm(
            **alarm("a", periods=n, needed=self.m, period=period, missing=treatment)
        )
        self.now = self._seconds()
        self.points: list[tuple[int, float]] = []
        self.state = "INSUFFICIENT_DATA"
        self.dirty = True

    def _seconds(self) -> int:
        return int(self.mon.clock.now().timestamp())

    @rule(
        value=st.sampled_from([0, 2, 3, 9]), ago=st.sampled_from([0, 0, 0, 30, 60, 150, 600, -90])
    )
    def put(self, value, ago):
        at = self.mon.clock.now() - timedelta(seconds=ago)
        self.mon.metrics.put("App", "Errors", value, at=at, resolution=1 if self.step == 10 else 60)
        grain = 1 if self.step == 10 else 60
        self.dirty = True
        self.points.append((int(at.timestamp()) // grain * grain, value))

    @rule(state=st.sampled_from(["OK", "ALARM", "INSUFFICIENT_DATA"]))
    def set_state(self, state):
        self.mon.alarms.set_state("a", state, reason="a test")
        self.dirty = True
        self.state = state

    @rule(seconds=st.sampled_from([1, 10, 45, 60, 61, 300, 1800, 9000]))
    def advance(self, seconds):
        end = self.now + seconds
        boundary = (self.now // self.step + 1) * self.step
        while boundary <= end:
            self._evaluate(boundary)
            boundary += self.step
        self.now = end
        self.mon.clock.advance(seconds=seconds)

    def _evaluate(self, end):
        marks = ""
        for age in range(self.n + EXTRA, 0, -1):
            start = end - age * self.period
            inside = [value for at, value in self.points if start <= at < start + self.period]
            marks += "-" if not inside else "X" if sum(inside) > 5 else "0"
        self.state = judged(marks, self.n, self.m, self.treatment, self.state)
        self.dirty = False

    @precondition(lambda self: hasattr(self, "mon"))
    @invariant()
    def same_state(self):
        assert self.mon.alarms["a"].state == self.state

    @precondition(lambda self: hasattr(self, "mon") and not self.dirty)
    @invariant()
    def explained(self):
        """As long as nothing came since the last evaluation, `explain` finds what it found."""
        explanation = self.mon.explain("a")
        assert explanation.verdict in (None, self.state)
        assert len(explanation.points) == self.n + EXTRA

    def teardown(self):
        if hasattr(self, "mock"):
            self.mock.stop()


TestAlarmsAgainstTheModel = AlarmMachine.TestCase
TestAlarmsAgainstTheModel.settings = settings(
    max_examples=150, stateful_step_count=30, deadline=None
)
