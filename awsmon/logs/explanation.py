"""Which log events a filter let through, and why not the others.

Lives here: `FilterExplanation` and `explain_filter`. It reads what is stored and changes nothing;
what a pattern fails at is `lang/filter_pattern/explanation.py`'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from awsmon.core.errors import MisuseError
from awsmon.lang.filter_pattern.explanation import explain
from awsmon.lang.filter_pattern.message import Message, number_of
from awsmon.lang.filter_pattern.parser import parse
from awsmon.logs.model import MetricFilter
from awsmon.logs.patterns import matcher
from awsmon.logs.reading import LogLine, matching
from awsmon.logs.subscriptions import subject_of
from awsmon.logs.system_fields import selects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.core.deliveries import Delivery
    from awsmon.lang.filter_pattern.explanation import Mismatch
    from awsmon.logs.model import LogGroup
    from awsmon.logs.reading import Found
    from awsmon.logs.service import Logs
    from awsmon.logs.subscriptions import SubscriptionFilter

__all__ = ["ExplainedEvent", "FilterExplanation", "explain_filter"]

_SHOWN = 100  # characters of a message


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    """A log event, and what a filter made of it.

    Attributes:
        line: when, what, in which stream; as the filter read it.
        mismatch: the part of the pattern that fails; None: the pattern matches.
        note: why nothing came of it though the pattern matches; empty: something did.
    """

    line: LogLine
    mismatch: Mismatch | None
    note: str = ""

    @property
    def matched(self) -> bool:
        """Whether the pattern matches."""
        return self.mismatch is None


@dataclass(frozen=True, slots=True)
class FilterExplanation:
    """What a filter made of the newest events of its group; prints as readable text.

    Attributes:
        group, name: of the filter.
        kind: ``metric filter`` or ``subscription filter``.
        pattern: that it looks for.
        events: oldest first.
        deliveries: of a subscription filter: what was sent for it, with its outcome.
    """

    group: str
    name: str
    kind: str
    pattern: str
    events: tuple[ExplainedEvent, ...]
    deliveries: tuple[Delivery, ...]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    __repr__ = __str__

    def _lines(self) -> Iterator[str]:
        matched = sum(event.matched for event in self.events)
        yield (
            f"{self.kind} {self.name} of {self.group} matches {matched} of the last "
            f"{len(self.events)} events"
        )
        yield f"  pattern  {self.pattern or '(empty: all match)'}"
        for event in self.events:
            text = str(event.line).replace("\n", " ")
            text = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
            yield f"  {'+' if event.matched else '-'} {text}  [{event.line.stream}]"
            if event.mismatch is not None:
                at = event.mismatch.position
                yield f"      {event.mismatch.part} (position {at}): {event.mismatch.why}"
            elif event.note:
                yield f"      {event.note}"
        for each in self.deliveries:
            yield f"  {each.at:%Y-%m-%d %H:%M:%S}  {each}"


def explain_filter(
    logs: Logs, group: LogGroup, name: str, last: int, kind: str | None
) -> FilterExplanation:
    """Apply a filter to the newest events of its group and say how it goes.

    Raises:
        MisuseError: there is no filter of that name, there are two and *kind* doesn't choose, or
            *last* is less than 1.
    """
    if last < 1:
        raise MisuseError(f"last={last!r}: expected how many events to look at.")
    found = _filter(logs, group, name, kind)
    logs.retention.expire(group)
    newest = islice(matching(group.streams.values(), newest_first=True), last)
    subject = subject_of(group, name)
    metric = isinstance(found, MetricFilter)
    return FilterExplanation(
        group=group.name, name=name, pattern=found.filter_pattern,
        kind="metric filter" if metric else "subscription filter",
        events=tuple(_explained(logs, found, each) for each in newest)[::-1],
        deliveries=() if metric else tuple(
            each for each in logs.deliveries if each.subject == subject),
    )  # fmt: skip


def _filter(
    logs: Logs, group: LogGroup, name: str, kind: str | None
) -> MetricFilter | SubscriptionFilter:
    kinds: dict[str, dict[str, MetricFilter] | dict[str, SubscriptionFilter]] = {
        "metric": group.metric_filters,
        "subscription": {each.name: each for each in logs.subscriptions.of(group)},
    }
    if kind not in (None, *kinds):
        raise MisuseError(f"kind={kind!r}: expected 'metric' or 'subscription'.")
    found = [named[name] for each, named in kinds.items() if name in named and kind in (None, each)]
    if len(found) == 1:
        return found[0]
    if found:
        raise MisuseError(f"{group.name} has two filters {name!r}: say which by kind=.")
    names = ", ".join(sorted({*kinds["metric"], *kinds["subscription"]})) or "none"
    raise MisuseError(f"{group.name} has no filter {name!r}; it has: {names}.")


def _explained(logs: Logs, found: MetricFilter | SubscriptionFilter, each: Found) -> ExplainedEvent:
    line, events = each.line, each.stream.events
    if found.apply_on_transformed_logs:
        line = line._replace(message=events.transformed.get(each.number, line.message))
    message = Message(line.message)
    mismatch = explain(parse(found.filter_pattern), message)
    if mismatch is not None:
        return ExplainedEvent(line, mismatch)
    return ExplainedEvent(line, None, _note(logs, found, message, events.ingested[each.at]))


def _note(
    logs: Logs, found: MetricFilter | SubscriptionFilter, message: Message, ingested: int
) -> str:
    if ingested < found.creation_time:
        return "it came in before the filter was put"
    if not selects(found.field_selection_criteria, logs.scope):
        return f"the filter's criteria leave it out: {found.field_selection_criteria}"
    return _unread(found, message) if isinstance(found, MetricFilter) else ""


def _unread(found: MetricFilter, message: Message) -> str:
    """What keeps a match from becoming a datapoint."""
    [transformation] = found.metric_transformations
    pattern, selector = matcher(found.filter_pattern), transformation["metricValue"]
    if number_of(selector) is None:
        value = pattern.value(selector, message)
        if value is None or number_of(value.strip()) is None:
            what = "isn't there" if value is None else f"is {value!r}, no number"
            return f"no datapoint: the value {selector} {what}"
    for name, of in transformation.get("dimensions", {}).items():
        if not pattern.value(of, message):
            return f"no datapoint: {of}, the dimension {name}, isn't there"
    return ""
