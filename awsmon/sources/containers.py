"""ECS: what containers print, by the log driver ``awslogs``.

Lives here: `Containers`. The driver's options are those of a task definition's
``logConfiguration``. Sources: ECS Developer Guide, "Send Amazon ECS logs to CloudWatch"; Docker
documentation, "Amazon CloudWatch Logs logging driver".
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import MisuseError
from awsmon.core.scope import scope_of
from awsmon.core.service import direct
from awsmon.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    Lines = list[tuple[datetime, str]]

__all__ = ["Containers"]

_OPTIONS = {
    "awslogs-group", "awslogs-region", "awslogs-create-group", "awslogs-stream-prefix",
    "awslogs-datetime-format", "awslogs-multiline-pattern", "mode", "max-buffer-size",
}  # fmt: skip
_FLUSHED_AFTER = timedelta(seconds=5)
_BUFFER = "10m"
_UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_DIRECTIVES = {
    "a": "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)",
    "A": "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
    "b": "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
    "B": "(?:January|February|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber)",
    "d": r"(?:0[1-9]|[12]\d|3[01])",
    "f": r"\d{6}",
    "H": r"(?:[01]\d|2[0-3])",
    "I": r"(?:0\d|1[0-2])",
    "j": r"(?:[0-2]\d\d|3[0-5]\d|36[0-6])",
    "L": r"\.\d{3}",
    "m": r"(?:0[1-9]|1[0-2])",
    "M": r"[0-5]\d",
    "p": "[AP]M",
    "S": r"[0-5]\d",
    "w": "[0-6]",
    "y": r"\d{2}",
    "Y": r"\d{4}",
    "z": r"[+-]\d{4}",
    "Z": "[A-Z]{1,4}T",
}
"""What ``awslogs-datetime-format`` may hold after ``%``. Source: Docker documentation, as above."""


class Containers(Source):
    """Containers of ECS tasks."""

    @direct
    def output(
        self,
        container: str,
        lines: Iterable[Any],
        options: Mapping[str, str],
        *,
        task: str | None = None,
        at: datetime | str | None = None,
    ) -> str:
        """Lines that a container printed.

        Args:
            container: its name in the task definition.
            lines: text, or pairs of an instant and text. Those of one call reach the driver
                together: an unfinished multiline message is sent at its end.
            options: of the driver, by AWS's names, as ``awslogs-group``.
            task: its id, 32 hexadecimal digits; None: another task.
            at: aware; when those lines were printed that don't say so. None: now.

        Returns:
            The id of the task.

        Raises:
            MisuseError: the options contradict one another, or the group is missing and
                ``awslogs-create-group`` isn't ``true``: then AWS doesn't start the task.
        """
        _check(options)
        logs, group = self.logs, options["awslogs-group"]
        if (region := options.get("awslogs-region", self.scope.region)) != self.scope.region:
            logs = logs.elsewhere(scope_of(self.scope.account, region))
        if group not in logs and options.get("awslogs-create-group") != "true":
            raise MisuseError(
                f"output({container!r}, ...): there is no log group {group!r}, and "
                "'awslogs-create-group' isn't 'true': create the group first."
            )
        kept = self.timed(lines, self.instant(at))
        if options.get("mode", "non-blocking") == "non-blocking":
            kept = _buffered(kept, _bytes(options.get("max-buffer-size", _BUFFER)))
        start = _start_of_message(options)
        messages = kept if start is None else _joined(kept, start)
        task = task or self.ids.hex(32)
        prefix = options.get("awslogs-stream-prefix")
        stream = f"{prefix}/{container}/{task}" if prefix else self.ids.hex(64)
        logs.put(group, stream, [(when, text) for when, text in messages if text])
        return task


def _check(options: Mapping[str, str]) -> None:
    if unknown := options.keys() - _OPTIONS:
        raise MisuseError(f"{', '.join(sorted(unknown))}: the awslogs driver has no such option.")
    if "awslogs-group" not in options:
        raise MisuseError("options: the awslogs driver needs 'awslogs-group'.")
    if {"awslogs-datetime-format", "awslogs-multiline-pattern"} <= options.keys():
        raise MisuseError(
            "you cannot configure log opt 'awslogs-datetime-format' and "
            "'awslogs-multiline-pattern' at the same time"
        )
    mode = options.get("mode", "non-blocking")
    if mode not in ("blocking", "non-blocking"):
        raise MisuseError(f"mode={mode!r}: 'blocking' or 'non-blocking'.")


def _start_of_message(options: Mapping[str, str]) -> re.Pattern[str] | None:
    """What the first line of a message matches; None: each line is a message."""
    pattern = options.get("awslogs-multiline-pattern")
    if "awslogs-datetime-format" in options:
        pattern = re.sub(
            "%(.)", lambda found: _DIRECTIVES.get(found[1], ""), options["awslogs-datetime-format"]
        )
    try:
        return re.compile(pattern) if pattern else None
    except re.error as error:
        raise MisuseError(f"awslogs could not parse multiline pattern: {error}") from None


def _joined(lines: Lines, start: re.Pattern[str]) -> Lines:
    """Messages of a line that matches and all that follow it within the driver's five seconds."""
    found: Lines = []
    for when, line in lines:
        if found and not start.search(line) and when - found[-1][0] < _FLUSHED_AFTER:
            found[-1] = found[-1][0], f"{found[-1][1]}{line}\n"
        else:
            found.append((when, f"{line}\n"))
    return found


def _buffered(lines: Lines, size: int) -> Lines:
    """What a buffer of so many bytes holds of the lines of one instant; the others are lost."""
    kept: Lines = []
    used = 0
    for when, line in lines:
        if kept and kept[-1][0] != when:
            used = 0
        if used + len(line.encode()) <= size:
            used += len(line.encode())
            kept.append((when, line))
    return kept


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d+)([bkmg]?)b?", text.lower())
    if found is None:
        raise MisuseError(f"max-buffer-size={text!r}: expected a size such as '25m'.")
    return int(found[1]) * _UNITS[found[2]]
