"""When windows end and alarms are evaluated: as time goes by, or as the clock on the wall has it.

Lives here: `boundary_before` and `boundary_after`, in seconds since the epoch.
Source: User Guide, "Alarm evaluation", "Alarm evaluation windows". That a calendar week starts on
Monday is unverified.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from awsmon.core.clock import EPOCH

if TYPE_CHECKING:
    from awsmon.alarms.model import MetricAlarm

__all__ = ["boundary_after", "boundary_before", "offset"]

_WEEK = 7 * 86_400
_MONDAY = 4 * 86_400  # the first one of the epoch
_OFFSET = re.compile(r"(?:UTC)?([+-])(\d{2}):(\d{2})")


def offset(zone: str, at: int) -> int:
    """Seconds that a time zone is ahead of UTC then: ``Europe/Paris``, ``+05:30``, ``UTC+05:30``.

    Raises:
        ValueError: there is no such time zone.
    """
    if found := _OFFSET.fullmatch(zone):
        sign, hours, minutes = found.groups()
        seconds = int(hours) * 3600 + int(minutes) * 60
        if int(hours) > 14 or int(minutes) > 59 or seconds % 300:
            raise ValueError(zone)
        return -seconds if sign == "-" else seconds
    try:
        there = (EPOCH + timedelta(seconds=at)).astimezone(ZoneInfo(zone))
    except (KeyError, OSError) as error:
        raise ValueError(zone) from error
    ahead = there.utcoffset()
    assert ahead is not None
    return int(ahead.total_seconds())


def boundary_before(alarm: MetricAlarm, at: int) -> int:
    """The last boundary not after an instant."""
    step, shift = _grid(alarm, at)
    return (at - shift) // step * step + shift


def boundary_after(alarm: MetricAlarm, at: int) -> int:
    """The first boundary after an instant."""
    step, shift = _grid(alarm, at)
    return ((at - shift) // step + 1) * step + shift


def _grid(alarm: MetricAlarm, at: int) -> tuple[int, int]:
    """How far boundaries lie apart, and where the first of them is."""
    clock = (alarm.evaluation_window or {}).get("WallClockWindow")
    if clock is None:
        return alarm.interval, 0
    shift = -offset(clock.get("Timezone", "UTC"), at)
    return alarm.period, shift + (_MONDAY if alarm.period % _WEEK == 0 else 0)
