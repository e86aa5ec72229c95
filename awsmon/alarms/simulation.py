"""What an alarm would have done: states over a series of values, without storing anything.

Lives here: `simulate`, `Simulation` and `Simulated`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsmon.alarms.evaluation import EXTRA_PERIODS, evaluate
from awsmon.alarms.model import AlarmState
from awsmon.core.neighbours import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsmon.alarms.model import MetricAlarm

__all__ = ["Simulated", "Simulation", "simulate"]


@dataclass(frozen=True, slots=True)
class Simulated:
    """One evaluation.

    Attributes:
        value: of the period that has just ended; None: there was no datapoint.
        state: after it.
        why: what decided.
    """

    value: float | None
    state: AlarmState
    why: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """The evaluations one after the other, one for each value; prints as a table."""

    steps: tuple[Simulated, ...]

    @property
    def states(self) -> list[str]:
        """The state after each value."""
        return [step.state.value for step in self.steps]

    @property
    def changes(self) -> list[tuple[int, str]]:
        """Where the state changed, by the place of the value, and to what."""
        before = [AlarmState.INSUFFICIENT_DATA, *(step.state for step in self.steps)]
        return [
            (place, step.state.value) for place, step in enumerate(self.steps)
            if step.state is not before[place]
        ]  # fmt: skip

    def __iter__(self) -> Iterator[Simulated]:
        return iter(self.steps)

    def __str__(self) -> str:
        return "\n".join(
            f"{place:>5}  {'-' if step.value is None else f'{step.value:g}':>10}  "
            f"{step.state:<17}  {step.why}"
            for place, step in enumerate(self.steps)
        )

    __repr__ = __str__


def simulate(alarm: MetricAlarm, values: Iterable[float | None]) -> Simulation:
    """Evaluate an alarm after each of its periods, given the value of each; None: no datapoint."""
    window: list[Bucket | None] = [None] * (alarm.evaluation_periods + EXTRA_PERIODS)
    state, steps = alarm.state, []
    for place, value in enumerate(values):
        bucket = None if value is None else Bucket(place * alarm.period, 1.0, float(value))
        window = [*window[1:], bucket]
        verdict = evaluate(alarm, window)
        state = verdict.state or state
        steps.append(Simulated(value, state, verdict.why))
    return Simulation(tuple(steps))
