"""State reasons: a verdict in AWS's words, and as JSON.

Lives here: `reason`, `reason_data` and how AWS prints numbers and times in them.
Sources: recordings of real alarms (LocalStack's snapshots), User Guide "View the history of an
alarm", and messages seen in public reports.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from awsmon.alarms.model import AlarmState, MetricAlarm
from awsmon.core.clock import EPOCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsmon.alarms.evaluation import Verdict
    from awsmon.core.neighbours import Bucket

__all__ = ["java_double", "reason", "reason_data", "timestamp"]

_OPERATORS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}
_TREATED = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


def reason(alarm: MetricAlarm, verdict: Verdict, before: AlarmState) -> str:
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
    comparison = f"{'' if crossed else 'not '}{_OPERATORS[alarm.comparison_operator]}"
    threshold = f"the threshold ({java_double(alarm.threshold)})"
    listed = ", ".join(_datapoint(bucket) for bucket in reversed(shown))
    if before is AlarmState.INSUFFICIENT_DATA:
        noun, verb = ("datapoint", "was") if len(shown) == 1 else ("datapoints", "were")
        return f"Threshold Crossed: {len(shown)} {noun} [{listed}] {verb} {comparison} {threshold}."
    needed = alarm.datapoints_to_alarm or wanted
    least = needed if crossed else wanted - needed + 1
    return (
        f"Threshold Crossed: {len(shown)} out of the last {len(verdict.considered)} datapoints "
        f"[{listed}] {'was' if len(shown) == 1 else 'were'} {comparison} {threshold} (minimum "
        f"{least} datapoint{'s' if least > 1 else ''} for {before} -> {verdict.state} transition)."
    )


def _count(number: int, noun: str) -> str:
    return f"1 {noun} was" if number == 1 else f"{number} {noun}s were"


def _datapoint(bucket: Bucket) -> str:
    at = EPOCH + timedelta(seconds=bucket.start)
    return f"{java_double(bucket.value)} ({at:%d/%m/%y %H:%M:%S})"


def reason_data(
    alarm: MetricAlarm, verdict: Verdict, window: Sequence[Bucket | None], end: int, now: datetime
) -> str:
    """The same as JSON. *window* is what was looked at, and ends at *end*, seconds."""
    points = list(_evaluated(alarm, verdict, window, end))
    data: dict[str, Any] = {"version": "1.0", "queryDate": timestamp(now)}
    if verdict.considered:
        data["startDate"] = timestamp(EPOCH + timedelta(seconds=verdict.considered[0].start))
    if alarm.unit:
        data["unit"] = alarm.unit
    data |= {
        "statistic": alarm.stat,
        "period": alarm.period,
        "recentDatapoints": [bucket.value for bucket in verdict.considered],
        "threshold": alarm.threshold,
        "evaluatedDatapoints": points,
    }
    return json.dumps(data, separators=(",", ":"))


def _evaluated(
    alarm: MetricAlarm, verdict: Verdict, window: Sequence[Bucket | None], end: int
) -> Iterable[dict[str, Any]]:
    """What counted, newest first; a missing datapoint has a time and no value."""
    missing = verdict.filled
    for age, bucket in enumerate(reversed(window), 1):
        if bucket is not None and bucket in verdict.considered:
            at = timestamp(EPOCH + timedelta(seconds=bucket.start))
            yield {"timestamp": at, "sampleCount": bucket.samples, "value": bucket.value}
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
