"""State reasons: a verdict in AWS's words, and as JSON.

Lives here: `reason`, `reason_data`, those of alarms on several series, and how AWS prints numbers
and times in them.
Sources: recordings of real alarms (LocalStack's snapshots), User Guide "View the history of an
alarm", and messages seen in public reports.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from awsmon.alarms.model import AlarmState, MetricAlarm, ThresholdAlarm
from awsmon.core.clock import EPOCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsmon.alarms.evaluation import Bands, Verdict
    from awsmon.core.neighbours import Bucket

__all__ = ["contributor_reason", "java_double", "reason", "reason_data", "series_reason",
           "timestamp"]  # fmt: skip

_OPERATORS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}
_BAND_OPERATORS = {
    "LessThanLowerOrGreaterThanUpperThreshold": ("less than the lower", "greater than the upper"),
    "LessThanLowerThreshold": ("less than the lower",),
    "GreaterThanUpperThreshold": ("greater than the upper",),
}
_TREATED = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


def reason(
    alarm: ThresholdAlarm, verdict: Verdict, before: AlarmState, bands: Bands | None = None
) -> str:
    """Why the alarm goes from *before* to the verdict's state."""
    wanted = alarm.evaluation_periods
    if verdict.state is AlarmState.INSUFFICIENT_DATA:
        return f"Insufficient Data: {_count(verdict.filled, 'datapoint')} unknown."
    if verdict.filled and alarm.missing in _TREATED:
        received = _count(len(verdict.considered), "datapoint") if verdict.considered else (
            "no datapoints were")  # fmt: skip
        periods = "1 period" if wanted == 1 else f"{wanted} periods"
        made_up = _count(verdict.filled, "missing datapoint")
        return (
            f"Threshold Crossed: {received} received for {periods} and {made_up} treated as "
            f"[{_TREATED[alarm.missing]}]."
        )
    crossed = verdict.state is AlarmState.ALARM
    shown = verdict.breaching if crossed else [
        bucket for bucket in verdict.considered if bucket not in verdict.breaching]  # fmt: skip
    comparison = _comparison(alarm, list(reversed(shown)), bands, crossed)
    what = "Threshold" if bands is None else "Thresholds"
    listed = ", ".join(_datapoint(bucket) for bucket in reversed(shown))
    if before is AlarmState.INSUFFICIENT_DATA:
        noun, verb = ("datapoint", "was") if len(shown) == 1 else ("datapoints", "were")
        return f"{what} Crossed: {len(shown)} {noun} [{listed}] {verb} {comparison}."
    needed = alarm.datapoints_to_alarm or wanted
    least = needed if crossed else wanted - needed + 1
    return (
        f"{what} Crossed: {len(shown)} out of the last {len(verdict.considered)} datapoints "
        f"[{listed}] {'was' if len(shown) == 1 else 'were'} {comparison} (minimum "
        f"{least} datapoint{'s' if least > 1 else ''} for {before} -> {verdict.state} transition)."
    )


def _comparison(
    alarm: ThresholdAlarm, shown: Sequence[Bucket], bands: Bands | None, crossed: bool
) -> str:
    """What the datapoints were, or were not."""
    negated = "" if crossed else "not "
    if bands is None:
        return f"{negated}{_OPERATORS[alarm.comparison_operator]} {_threshold(alarm)}"
    limits = []
    for words in _BAND_OPERATORS[alarm.comparison_operator]:
        side = words.endswith("upper")
        listed = ", ".join(java_double(bands[bucket.start][side]) for bucket in shown)
        limits.append(f"{negated}{words} thresholds [{listed}]")
    return " or ".join(limits)


def _threshold(alarm: ThresholdAlarm) -> str:
    assert alarm.threshold is not None
    return f"the threshold ({java_double(alarm.threshold)})"


def contributor_reason(alarm: ThresholdAlarm, verdict: Verdict, *, crossed: bool) -> str:
    """Why one of several series is in ALARM, or no longer.

    Source: User Guide, "Alarm events and EventBridge"; of a series that is OK again unverified.
    """
    if not verdict.considered:
        return "No data was returned for this contributor."
    shown = verdict.breaching if crossed else [
        bucket for bucket in verdict.considered if bucket not in verdict.breaching]  # fmt: skip
    noun, verb = ("datapoint", "was") if len(shown) == 1 else ("datapoints", "were")
    text = (
        f"Threshold Crossed: {len(shown)} {noun} {verb} {_comparison(alarm, shown, None, crossed)}."
    )
    latest = f" The most recent datapoint which crossed the threshold: [{_datapoint(shown[-1])}]."
    return text + latest if shown else text


def series_reason(in_alarm: int, count: int) -> str:
    """Why an alarm on several series is in its state.

    Source: User Guide, "Metrics Insights alarms" limits; of OK as users report it.
    """
    if in_alarm > 100:
        return "100+ time series evaluated to ALARM"
    if in_alarm:
        return f"{in_alarm} out of {count} time series evaluated to ALARM"
    return f"{count} time series evaluated to OK"


def _count(number: int, noun: str) -> str:
    return f"1 {noun} was" if number == 1 else f"{number} {noun}s were"


def _datapoint(bucket: Bucket) -> str:
    at = EPOCH + timedelta(seconds=bucket.start)
    return f"{java_double(bucket.value)} ({at:%d/%m/%y %H:%M:%S})"


def reason_data(
    alarm: MetricAlarm, verdict: Verdict, window: Sequence[Bucket | None], end: int, now: datetime,
    bands: Bands | None = None,
) -> str:  # fmt: skip
    """The same as JSON. *window* is what was looked at, and ends at *end*, seconds."""
    points = list(_evaluated(alarm, verdict, window, end))
    data: dict[str, Any] = {"version": "1.0", "queryDate": timestamp(now)}
    if verdict.considered:
        data["startDate"] = timestamp(EPOCH + timedelta(seconds=verdict.considered[0].start))
    if alarm.unit:
        data["unit"] = alarm.unit
    if alarm.stat:
        data["statistic"] = alarm.stat
    data |= {
        "period": alarm.period,
        "recentDatapoints": [bucket.value for bucket in verdict.considered],
    }
    if bands is None:
        data["threshold"] = alarm.threshold
    else:
        within = [bands[each.start] for each in verdict.considered]
        data["recentLowerThresholds"] = [lower for lower, _ in within]
        data["recentUpperThresholds"] = [upper for _, upper in within]
    data["evaluatedDatapoints"] = points
    return json.dumps(data, separators=(",", ":"))


def _evaluated(
    alarm: MetricAlarm, verdict: Verdict, window: Sequence[Bucket | None], end: int
) -> Iterable[dict[str, Any]]:
    """What counted, newest first; a missing datapoint has a time and no value."""
    missing = verdict.filled
    for age, bucket in enumerate(reversed(window), 1):
        if bucket is not None and bucket in verdict.considered:
            at = timestamp(EPOCH + timedelta(seconds=bucket.start))
            samples = {} if alarm.queries else {"sampleCount": bucket.samples}
            yield {"timestamp": at, **samples, "value": bucket.value}
        elif bucket is None and missing:
            missing -= 1
            yield {"timestamp": timestamp(EPOCH + timedelta(seconds=end - age * alarm.period))}


def timestamp(at: datetime) -> str:
    """As all of CloudWatch's JSON writes times: ``2022-11-08T11:26:05.399+0000``."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+0000"


def java_double(value: float) -> str:
    """As Java prints a double: ``21.0``, ``1.0E7``, ``1.5E-4``.

    Source: Java SE API, Double.toString.
    """
    value = float(value)
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    sign, digits, exponent = _scientific(value)
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"


def _scientific(value: float) -> tuple[str, str, int]:
    """Sign, shortest digits, and the power of ten of the first of them."""
    shortest = f"{float(repr(abs(value))):e}" if value else "0e0"
    for precision in range(17):
        shortest = f"{abs(value):.{precision}e}"
        if float(shortest) == abs(value):
            break
    mantissa, exponent = shortest.split("e")
    return "-" if value < 0 else "", mantissa.replace(".", ""), int(exponent)
