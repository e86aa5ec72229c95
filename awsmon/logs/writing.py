"""What `Logs.put` takes as messages.

Lives here: `prepared`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import aware
from awsmon.core.errors import MisuseError
from awsmon.logs.store import instant, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

__all__ = ["prepared"]

_HOUR = 3_600_000
_OLDEST, _NEWEST = 14 * 24 * _HOUR, 2 * _HOUR


def prepared(
    messages: str | Mapping[str, Any] | Iterable[Any], at: datetime | str | None, now: int
) -> list[tuple[int, str]]:
    """Time and text of each message, in order of time; times in milliseconds.

    Raises:
        MisuseError: a message is empty, or an instant over 14 days back, over two hours ahead.
    """
    default = milliseconds(aware(at)) if at is not None else now
    one = isinstance(messages, (str, dict))
    pairs = sorted(
        (_event(each, default) for each in ([messages] if one else messages)),
        key=lambda pair: pair[0],
    )
    for time in (pairs[0][0], pairs[-1][0]) if pairs else ():
        if not now - _OLDEST <= time <= now + _NEWEST:
            raise MisuseError(
                f"put(...): {instant(time)} is over 14 days back or over two hours ahead; Logs "
                "would reject the event."
            )
    return pairs


def _event(message: Any, default: int) -> tuple[int, str]:
    time = default
    if isinstance(message, tuple):
        at, message = message
        time = milliseconds(aware(at))
    if not isinstance(message, str):
        message = json.dumps(message, separators=(",", ":"))
    if not message:
        raise MisuseError("put(...): a message is at least one character.")
    return time, message
