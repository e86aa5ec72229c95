"""Spans of time in requests.

Lives here: `between`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.application_insights.errors import ValidationException

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

__all__ = ["between"]


def between(start: datetime | None, end: datetime | None) -> Callable[[datetime], bool]:
    """Whether an instant lies in a span; either end may be open.

    Raises:
        ValidationException: it ends before it begins.
    """
    if start is not None and end is not None and start > end:
        raise ValidationException.times()
    return lambda at: (start is None or at >= start) and (end is None or at <= end)
