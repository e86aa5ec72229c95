"""Everything on one axis of time: states, calls, log events, events, deliveries, changes.

Lives here: `timeline`, the section. What happened closer together than can be seen is one mark.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from awsmon.core.bus_events import EventPut
from awsmon.core.config_events import ComplianceChanged, ResourceChanged
from awsmon.core.deliveries import Delivery
from awsmon.core.events import ApiCalled
from awsmon.pictures.markup import Markup, tag
from awsmon.pictures.plot import percent, times
from awsmon.pictures.report.parts import kind_of, left_out, plural, section
from awsmon.pictures.report.selection import matters
from awsmon.pictures.scales import instants, lasted, when

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from awsmon.core.trace import Entry
    from awsmon.pictures.report.session import Session, Story

__all__ = ["log_counts", "timeline"]

MOST_ALARMS = 12
BINS = 240
_BAD = ("failed", "dead-lettered")


def timeline(session: Session) -> Markup | None:
    """The section; None where nothing happened."""
    if not session.entries:
        return None
    stories = session.stories
    lanes = [_states(session, each) for each in stories[:MOST_ALARMS]]
    lanes += [lane for lane in _lanes(session) if lane is not None]
    ticks = instants(session.span, 6)
    lines = tag("div", *(tag("i", style=f"left:{percent(session.span.share(at))}")
                         for at, _ in ticks), class_="gridlines", aria_hidden="true")  # fmt: skip
    axis = tag("div", tag("span"), times(session.span, ticks), class_="lane axis")
    told = (
        f"{when(session.start, session.end)} UTC, {lasted(session.span.end - session.span.start)}"
    )
    return section(
        "timeline", "Timeline", told,
        tag("div", lines, *lanes, axis, class_="lanes shared"),
        left_out(len(stories) - MOST_ALARMS, "alarms are"),
    )  # fmt: skip


def _lane(name: str, href: str, count: str | None, *marks: Markup) -> Markup:
    link = tag("a", name, href=href)
    label = tag("span", link, " ", tag("small", count) if count else None, class_="lane-name")
    return tag("div", label, tag("div", *marks, class_="track"), class_="lane")


def _states(session: Session, story: Story) -> Markup:
    bars = []
    for each in story.chart.spans:
        left, right = session.span.share(each.start), session.span.share(each.end)
        word = each.state.replace("_", " ")
        bars.append(tag("a", word, href=f"#{story.id}", class_=f"bar {kind_of(each.state)}",
                        style=f"left:{percent(left)};width:{percent(right - left)}",
                        title=f"{story.alarm.name}: {word}", tabindex="-1"))  # fmt: skip
    return _lane(story.alarm.name, f"#{story.id}", None, *bars)


def _lanes(session: Session) -> Iterator[Markup | None]:
    yield _marks(
        session,
        "API calls",
        "#trail",
        "call",
        [each for each in session.entries if isinstance(each, ApiCalled)],
        matters,
    )
    yield _logs(session)
    yield _marks(session, "Events", "#events", "event",
                 [each for each in session.entries if isinstance(each, EventPut)],
                 lambda _: False)  # fmt: skip
    yield _marks(session, "Deliveries", "#deliveries", "delivery", session.deliveries,
                 lambda each: isinstance(each, Delivery) and each.status in _BAD)  # fmt: skip
    changes = [each for each in session.entries
               if isinstance(each, (ComplianceChanged, ResourceChanged))]  # fmt: skip
    yield _marks(session, "Resources", "#resources", "resource", changes,
                 lambda each: getattr(each, "after", "") == "NON_COMPLIANT")  # fmt: skip


def _marks(
    session: Session, name: str, href: str, kind: str, entries: Sequence[Entry],
    bad: Callable[[Entry], bool],
) -> Markup | None:  # fmt: skip
    """A mark for all that falls into one bin; the first that is bad speaks for it."""
    if not entries:
        return None
    bins: dict[int, list[Entry]] = {}
    for entry in entries:
        place = int(session.span.share(entry.at.timestamp()) * BINS)
        bins.setdefault(place, []).append(entry)
    marks = []
    for place, found in sorted(bins.items()):
        worst = next(filter(bad, found), None)
        first = worst or found[0]
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        to = f"#n{first.number}" if first.number in session.shown else href
        marks.append(tag(
            "a", class_=f"mark {kind}" + (" bad" if worst else ""), href=to, tabindex="-1",
            style=f"left:{percent(place / BINS)}",
            title=f"{session.clock(first.at)} {first}{more}",
        ))  # fmt: skip
    failed = sum(map(bad, entries))
    count = f"{len(entries):,}" + (f", {failed:,} failed" if failed else "")
    return _lane(name, href, count, *marks)


def _logs(session: Session) -> Markup | None:
    counts = log_counts(session, BINS // 3)
    most = max(counts, default=0)
    if not most:
        return None
    width, bars = percent(1 / len(counts)), []
    for place, count in enumerate(counts):
        if count:
            left, height = percent(place / len(counts)), percent(count / most)
            bars.append(tag("span", class_="count", title=plural(count, "log event"),
                            style=f"left:{left};width:{width};height:{height}"))  # fmt: skip
    return _lane("Log events", "#logs", f"{sum(counts):,}", *bars)


def log_counts(session: Session, bins: int) -> list[int]:
    """How many log events there are in each of so many equal parts of the session."""
    length = (session.span.end - session.span.start) or 1
    edges = [(session.span.start + length * n / bins) * 1000 for n in range(bins + 1)]
    counts = [0] * bins
    for place in session.places:
        for group in place.used("logs") or ():
            for stream in group.streams.values():
                at = [bisect_left(stream.events.times, edge) for edge in edges]
                for n in range(bins):
                    counts[n] += at[n + 1] - at[n]
    return counts
