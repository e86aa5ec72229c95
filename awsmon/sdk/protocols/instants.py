"""Instants on the wire: whole milliseconds, as a number or as text."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

__all__ = ["iso8601", "seconds"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)


def seconds(at: datetime) -> float:
    """Seconds since 1970, to the millisecond."""
    return (at - _EPOCH) // _MILLISECOND / 1000


def iso8601(at: datetime) -> str:
    """In UTC, with milliseconds where they aren't zero."""
    utc = at.astimezone(timezone.utc)
    digits = "milliseconds" if utc.microsecond >= 1000 else "seconds"
    return utc.replace(tzinfo=None).isoformat(timespec=digits) + "Z"
