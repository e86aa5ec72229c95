"""The story of a replay, told as it happens.

Lives here: `tell`, its wording and colours, and the `Progress` bar.
"""

from __future__ import annotations

import re
from textwrap import wrap
from typing import TYPE_CHECKING, TextIO

from awsmon.demo.incidents import Chronicle, Incident
from awsmon.demo.replay import ALARM, TOPIC, Notified, Sent

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from awsmon.demo.replay import Datapoint, Happening, Watch

__all__ = ["Progress", "tell"]

WIDTH = 100
INDENT = 14
SHOWN = 4
"""Lines quoted for an incident."""
LISTED = 20
"""Incidents in the summary."""
SECOND, MINUTE = "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"

COLOURS = {"ALARM": "\x1b[1;31m", "OK": "\x1b[32m"}
PLAIN = "\x1b[0m"


class Progress:
    """A bar that moves along with what happens, where *stream* is a terminal."""

    def __init__(self, stream: TextIO, fraction: Callable[[], float]) -> None:
        self._stream, self._fraction = stream, fraction
        self._shown = "" if stream.isatty() else None

    def along(self, happenings: Iterable[Happening]) -> Iterator[Happening]:
        """Pass everything on; the bar is gone whenever something may be printed."""
        try:
            for happening in happenings:
                if not isinstance(happening, Sent):
                    self._draw("")
                yield happening
                done = round(self._fraction() * 40)
                self._draw(f"[{'#' * done:<40}] {done * 5 // 2:3}%")
        finally:
            self._draw("")

    def _draw(self, bar: str) -> None:
        if self._shown not in (None, bar):
            print(f"\r\x1b[K{bar}", end="", file=self._stream, flush=True)
            self._shown = bar


def tell(
    happenings: Iterable[Happening],
    watch: Watch,
    *,
    log: str,
    out: TextIO,
    colours: bool = False,
) -> Chronicle:
    """Tell what happens, and the sum of it in the end; nothing if there was no entry at all."""
    chronicle = Chronicle(watch)
    for happening in happenings:
        if isinstance(happening, Sent) and not chronicle.entries:
            _print(_head(log, watch, happening.entries[0].at), out)
        chronicle.hear(happening)
        if isinstance(happening, Notified):
            _print(_change(chronicle, happening, colours), out)
    if chronicle.entries:
        _print(_summary(chronicle), out)
    return chronicle


def _print(lines: Iterable[str], out: TextIO) -> None:
    for line in lines:
        print(line, file=out)


def _head(log: str, watch: Watch, start: datetime) -> Iterator[str]:
    yield from _item("log", [_safe(log)])
    yield from _item("alarm", [
        f"{ALARM}: more than {watch.threshold} answers 5xx a minute, in {watch.datapoints} of "
        f"{watch.periods} minutes"])  # fmt: skip
    yield from _item("topic", [TOPIC])
    yield from _item("clock", [f"follows the lines, from {start:{SECOND}}; all times are UTC"])


# -- one change of the alarm -----------------------------------------------------------------------


def _change(chronicle: Chronicle, change: Notified, colours: bool) -> Iterator[str]:
    state = f"{COLOURS.get(change.after, '')}{change.after}{PLAIN}" if colours else change.after
    last = chronicle.incidents[-1] if chronicle.incidents else None
    yield ""
    yield f"{change.at:{SECOND}}  {state}{_what(change, last)}"
    points = [_datapoint(chronicle, point) for point in change.datapoints]
    yield from _item("datapoints", points)
    if last is not None and change is last.fired:
        yield from _item("lines", _quoted(last))
    reason = wrap(change.message["NewStateReason"], WIDTH - INDENT)
    yield from _item("notified", [change.subject, *reason])


def _what(change: Notified, last: Incident | None) -> str:
    if change.before == "INSUFFICIENT_DATA":
        return ", from its first datapoints"
    if last is not None and change is last.cleared:
        return f", after an incident {_extent(last)}"
    return ""


def _datapoint(chronicle: Chronicle, point: Datapoint) -> str:
    if point.value is None:
        return f"{point.start:%H:%M}     - nothing was answered"
    over = f", over {chronicle.watch.threshold}" if chronicle.breaching(point) else ""
    return f"{point.start:%H:%M}  {point.value:4.0f} of {point.samples:.0f} answers 5xx{over}"


def _quoted(incident: Incident) -> Iterator[str]:
    """A few, from all over the datapoints; the status before what may be cut off."""
    lines = incident.lines
    shown = lines[:: -(-len(lines) // SHOWN)]
    digits = len(str(max(entry.number for entry in shown)))
    for entry in shown:
        text = _safe(entry.text, WIDTH - INDENT - digits - 7)
        yield f"{entry.number:{digits}}  {entry.status}  {text}"
    if len(lines) > len(shown):
        yield f"and {len(lines) - len(shown):,} more"


# -- the sum of it ---------------------------------------------------------------------------------


def _summary(chronicle: Chronicle) -> Iterator[str]:
    yield ""
    yield from _item("lines", _lines(chronicle))
    if chronicle.broken:
        yield from _item("broken", _broken(chronicle))
    yield from _item("5xx", [f"{chronicle.failed:,} answers"])
    yield from _item("incidents", _incidents(chronicle.incidents))
    if chronicle.ended is not None:
        statuses = [f"{count} {status}" for status, count in chronicle.ended.deliveries.items()]
        yield from _item("notified", [", ".join(statuses) or "nobody"])
        yield from _item("in the end", [f"the alarm is {chronicle.ended.state}"])


def _lines(chronicle: Chronicle) -> Iterator[str]:
    yield (
        f"{chronicle.entries + chronicle.broken:,} read, of {len(chronicle.minutes):,} minutes, "
        f"{chronicle.first:{SECOND}} to {chronicle.newest:{SECOND}}"
    )
    if chronicle.disordered:
        yield (
            f"{chronicle.disordered:,} stand up to {chronicle.latest.total_seconds():.0f} s too "
            "late, and count in their own minutes"
        )


def _broken(chronicle: Chronicle) -> Iterator[str]:
    yield f"{chronicle.broken:,}"
    for line in chronicle.named:
        yield f"line {line.number}: {line.reason}"
        yield f"  {_safe(line.text, WIDTH - INDENT - 2)}"
    if chronicle.broken > len(chronicle.named):
        yield f"and {chronicle.broken - len(chronicle.named):,} more"


def _incidents(incidents: Sequence[Incident]) -> Iterator[str]:
    yield f"{len(incidents):,}" if incidents else "none"
    for incident in incidents[:LISTED]:
        yield f"{incident.fired.at:{MINUTE}}  {_extent(incident)}"
    if len(incidents) > LISTED:
        yield f"and {len(incidents) - LISTED:,} more"


def _extent(incident: Incident) -> str:
    failures = incident.failures
    return f"{_lasted(incident)}: {failures.total():,} answers 5xx, {_most(failures)}"


def _lasted(incident: Incident) -> str:
    if incident.cleared is None:
        return "until the log ended"
    minutes = (incident.cleared.at - incident.fired.at).total_seconds() / 60
    return f"for {minutes:,.0f} minute{'' if minutes == 1 else 's'}"


def _most(failures: Counter[str]) -> str:
    [(most, count)] = failures.most_common(1)
    return f"all {_safe(most)}" if count == failures.total() else f"{count:,} of them {_safe(most)}"


# -- layout ----------------------------------------------------------------------------------------


def _item(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines side by side with their name."""
    for place, line in enumerate(lines):
        yield f"  {'' if place else name:<{INDENT - 2}}{line}"


def _safe(text: str, longest: int = WIDTH) -> str:
    """What a stranger wrote, without anything that a terminal would obey."""
    shown = re.sub(r"[^ -~]", lambda found: found[0].encode("unicode_escape").decode(), text)
    return shown if len(shown) <= longest else f"{shown[: longest - 3]}..."
