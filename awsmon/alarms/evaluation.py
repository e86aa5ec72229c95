"""Alarm evaluation: from datapoints to a verdict, nothing else.

Lives here: `evaluate` and its `Verdict`. Reading metrics is `service.py`'s, putting the verdict
into words `reasons.py`'s, acting on a change `actions.py`'s.
Source: CloudWatch User Guide, "Alarm evaluation" and "Configuring how alarms treat missing data",
whose tables are the tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from awsmon.alarms.model import (
    BAND_BREACHES,
    BREACHES,
    AlarmState,
    MetricAlarm,
    ThresholdAlarm,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.core.neighbours import Bucket

__all__ = ["EXTRA_PERIODS", "Bands", "Verdict", "evaluate"]

Bands: TypeAlias = "Mapping[int, tuple[float, float]]"
"""The start of a period, in seconds, to the lower and the upper threshold."""

EXTRA_PERIODS = 2
"""Periods looked at beyond the N of the alarm, so that late or sparse points count.

The guide's examples retrieve five for N = 3 and say that the number depends on period and
resolution.
"""


class Verdict(NamedTuple):
    """What an evaluation finds.

    Attributes:
        state: the state to be in; None: the one it is in.
        considered: the real datapoints that counted, oldest first.
        breaching: those of them beyond the threshold.
        filled: how many missing ones were made up by the alarm's treatment.
        why: what decided, in a few words for `explain`.
    """

    state: AlarmState | None
    considered: tuple[Bucket, ...]
    breaching: tuple[Bucket, ...]
    filled: int
    why: str


def evaluate(
    alarm: ThresholdAlarm, window: Sequence[Bucket | None], bands: Bands | None = None
) -> Verdict:
    """Judge a window of N + `EXTRA_PERIODS` periods, oldest first; None is a missing datapoint."""
    wanted = alarm.evaluation_periods
    considered = tuple([bucket for bucket in window if bucket is not None][-wanted:])
    breaching = tuple(_breaching(alarm, considered, bands))
    filled = wanted - len(considered)
    if considered and _too_few_samples(alarm, considered):
        state, why = None, "too few samples for the percentile: state kept"
    else:
        state, why = _judged(alarm, window, len(considered), len(breaching), filled)
    return Verdict(state, considered, breaching, filled, why)


def _judged(
    alarm: ThresholdAlarm, window: Sequence[Bucket | None], considered: int, breaching: int,
    filled: int,
) -> tuple[AlarmState | None, str]:  # fmt: skip
    """The state, and what decided."""
    needed, treatment = alarm.datapoints_to_alarm or alarm.evaluation_periods, alarm.missing
    if treatment == "breaching" and breaching + filled >= needed:
        return AlarmState.ALARM, f"{breaching} breaching and {filled} made up"
    if breaching >= needed:
        return AlarmState.ALARM, f"{breaching} of {alarm.evaluation_periods} breaching"
    if breaching < considered or treatment in ("breaching", "notBreaching"):
        return AlarmState.OK, f"{breaching} breaching, {needed} needed"
    # nothing but breaching or missing datapoints is left, and too few of the former
    if treatment == "ignore":
        return None, "missing datapoints ignored: state kept"
    if breaching and _age_of_oldest(window) >= needed:
        return AlarmState.ALARM, "the oldest breaching, none since within the threshold"
    if breaching:
        return None, "breaching, but too few and too new to alarm: state kept"
    return AlarmState.INSUFFICIENT_DATA, "no datapoint in the evaluation range"


def _breaching(
    alarm: ThresholdAlarm, considered: Sequence[Bucket], bands: Bands | None
) -> list[Bucket]:
    if bands is not None:
        outside = BAND_BREACHES[alarm.comparison_operator]
        return [each for each in considered if outside(each.value, *bands[each.start])]
    breaches, threshold = BREACHES[alarm.comparison_operator], alarm.threshold
    assert threshold is not None
    return [bucket for bucket in considered if breaches(bucket.value, threshold)]


def _age_of_oldest(window: Sequence[Bucket | None]) -> int:
    """How many periods ago the oldest real datapoint was; the newest period is 1 ago."""
    return next(len(window) - place for place, bucket in enumerate(window) if bucket is not None)


def _too_few_samples(alarm: ThresholdAlarm, considered: Sequence[Bucket]) -> bool:
    """Whether a percentile is to be ignored for its few samples.

    Source: User Guide, "Percentile-based alarms and low data samples".
    """
    if not isinstance(alarm, MetricAlarm):
        return False
    if alarm.evaluate_low_sample_count_percentile != "ignore" or not alarm.extended_statistic:
        return False
    if not alarm.extended_statistic.startswith("p"):
        return False
    share = float(alarm.extended_statistic[1:]) / 100
    needed = 10 / (1 - share) if 0.5 <= share < 1 else 10 / share if 0 < share < 0.5 else 0
    return sum(bucket.samples for bucket in considered) < needed
