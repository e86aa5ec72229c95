"""Excerpts of logs: what filters matched, and the newest lines.

Lives here: `logs`, the section.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from awsmon.logs.patterns import checked
from awsmon.logs.reading import matching
from awsmon.pictures.markup import Markup, joined, tag
from awsmon.pictures.report.parts import instant, left_out, plural, section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from awsmon.logs.model import LogGroup
    from awsmon.logs.reading import LogLine
    from awsmon.pictures.report.session import Place, Session

__all__ = ["logs"]

MOST_GROUPS = 40
LOOKED_AT = 2000
"""Of a group's newest lines, how many are held against its filters."""
MATCHED, NEWEST = 40, 20
LONGEST = 2000
"""Characters of a line."""


class Excerpt(NamedTuple):
    """A line that is shown.

    Attributes:
        skipped: how many lines lie between it and the one before.
        filters: the names of the metric filters that match it.
    """

    line: LogLine
    skipped: int
    filters: tuple[str, ...]


def logs(session: Session) -> Markup | None:
    """The section; None where there are none."""
    groups = [(place, group) for place in session.places for group in place.used("logs") or ()]
    if not groups:
        return None
    groups.sort(key=lambda each: -_size(each[1]))
    count = sum(_size(group) for _, group in groups)
    return section(
        "logs", "Logs", f"{plural(count, 'event')} in {plural(len(groups), 'group')}",
        *(_group(session, *each) for each in groups[:MOST_GROUPS]),
        left_out(len(groups) - MOST_GROUPS, "groups are"),
    )  # fmt: skip


def _size(group: LogGroup) -> int:
    return sum(len(stream.events) for stream in group.streams.values())


def _group(session: Session, place: Place, group: LogGroup) -> Markup:
    excerpts = _excerpts(group)
    told = f"{plural(_size(group), 'event')}, {plural(len(group.streams), 'stream')}"
    filters = [
        joined([tag("dt", name), tag("dd", tag("code", each.filter_pattern or "everything"))])
        for name, each in group.metric_filters.items()
    ]
    return tag(
        "details",
        tag("summary", tag("b", group.name), " ", tag("small", told, " ", place.name or None)),
        tag("dl", *filters, class_="filters", aria_label="Metric filters") if filters else None,
        tag("ol", *(_line(session, each) for each in excerpts), class_="log"),
        open=bool(excerpts) and any(each.filters for each in excerpts),
    )  # fmt: skip


def _excerpts(group: LogGroup) -> Sequence[Excerpt]:
    """Lines that filters match, and the newest; oldest first."""
    tests = [
        (name, checked(each.filter_pattern).matches)
        for name, each in group.metric_filters.items()
        if each.filter_pattern.strip()
    ]
    total, matched = _size(group), 0
    chosen: list[tuple[int, LogLine, tuple[str, ...]]] = []
    newest = islice(matching(group.streams.values(), newest_first=True), LOOKED_AT)
    for place, found in enumerate(newest):
        line = found.line
        names = tuple(name for name, test in tests if test(line.message))
        wanted = bool(names) and matched < MATCHED
        matched += wanted
        if wanted or place < NEWEST:
            chosen.append((place, line, names))
    return list(_spaced(chosen[::-1], total))


def _spaced(chosen: list[tuple[int, LogLine, tuple[str, ...]]], total: int) -> Iterator[Excerpt]:
    before = total
    for place, line, names in chosen:
        yield Excerpt(line, before - place - 1, names)
        before = place


def _line(session: Session, found: Excerpt) -> Markup:
    skipped = tag("li", f"… {plural(found.skipped, 'line')}", class_="skipped")
    text = found.line.message
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}… {len(text) - LONGEST:,} more"
    matched = tag("small", ", ".join(found.filters)) if found.filters else None
    line = tag("li", instant(session, found.line.at), " ", tag("code", text), " ", matched,
               class_="matched" if found.filters else None)  # fmt: skip
    return joined([skipped if found.skipped else None, line])
