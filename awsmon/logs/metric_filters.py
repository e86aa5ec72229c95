"""Metric filters at work: from log events to datapoints.

Lives here: `MetricFilters`. A match adds its value to the minute of its event. Where events came
in for a minute and none matched, the default value is told when the present minute is over.
Source: User Guide, "Creating metrics from log events using filters".
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from awsmon.core.events import ExtractedDatum, MetricsExtracted
from awsmon.core.neighbours import MetricKey
from awsmon.lang.filter_pattern.message import Message, number_of
from awsmon.logs.patterns import matcher
from awsmon.logs.system_fields import selects, system_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from awsmon.core.events import LogEventsPut
    from awsmon.lang.filter_pattern.compiler import Matcher
    from awsmon.logs.model import LogGroup, MetricFilter
    from awsmon.logs.service import Logs

__all__ = ["MetricFilters"]

Dimensions = "tuple[tuple[str, str], ...]"

OLDEST = 14 * 86_400
"""Seconds back that a metric takes a datapoint; imported events may be older."""


class MetricFilters:
    """The metric filters of one account and region."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._minutes: dict[tuple[str, str], dict[int, bool]] = {}

    def log_events_put(self, event: LogEventsPut) -> None:
        """Hear of log events: every filter of their group reads them."""
        group = self._logs[event.group]
        if not group.metric_filters:
            return
        batch = event.batch
        minutes = [time // 60_000 * 60 for time in batch.times]
        messages = [Message(text) for text in batch.messages]
        changed = messages
        if batch.transformed:
            changed = [
                Message(batch.transformed[place]) if place in batch.transformed else message
                for place, message in enumerate(messages)
            ]
        for each in group.metric_filters.values():
            if selects(each.field_selection_criteria, self._logs.scope):
                self._apply(group, each, minutes,
                            changed if each.apply_on_transformed_logs else messages)  # fmt: skip

    def _apply(
        self,
        group: LogGroup,
        found: MetricFilter,
        minutes: Sequence[int],
        messages: Sequence[Message],
    ) -> None:
        [transformation] = found.metric_transformations
        pattern = matcher(found.filter_pattern)
        matched = [at for at, message in enumerate(messages) if pattern.matches(message)]
        default = transformation.get("defaultValue")
        if default is not None:
            hits = {minutes[at] for at in matched}
            seen = self._minutes.setdefault((group.name, found.name), {})
            for minute in dict.fromkeys(minutes):
                seen[minute] = seen.get(minute, False) or minute in hits
            self._logs.usage.wait()
        read = _reader(transformation, pattern)
        system = system_fields(self._logs.scope)
        fixed = {name: system[name] for name in found.emit_system_field_dimensions or ()}
        values: dict[tuple[Any, int], Counter[float]] = {}
        for at in matched:
            datum = read(messages[at])
            if datum is not None:
                dimensions, value = datum
                key = MetricKey.of(
                    transformation["metricNamespace"], transformation["metricName"],
                    {**dimensions, **fixed},
                )  # fmt: skip
                values.setdefault((key, minutes[at]), Counter())[value] += 1
        self._tell(
            found.name,
            (ExtractedDatum(key, transformation.get("unit", "None"), minute, dict(counts))
             for (key, minute), counts in values.items()),
        )  # fmt: skip

    def minute_ended(self, minute: int) -> None:
        """Tell the default values of minutes in which nothing matched."""
        del minute
        seen, self._minutes = self._minutes, {}
        for (group, name), minutes in seen.items():
            if group in self._logs and name in self._logs[group].metric_filters:
                self._tell(name, self._defaults(self._logs[group].metric_filters[name], minutes))

    def _defaults(
        self, found: MetricFilter, minutes: Mapping[int, bool]
    ) -> Iterator[ExtractedDatum]:
        [transformation] = found.metric_transformations
        default = transformation.get("defaultValue")
        if default is None:
            return
        key = MetricKey(transformation["metricNamespace"], transformation["metricName"])
        for minute, matched in minutes.items():
            if not matched:
                unit = transformation.get("unit", "None")
                yield ExtractedDatum(key, unit, minute, {float(default): 1.0})

    def _tell(self, name: str, data: Iterable[ExtractedDatum]) -> None:
        oldest = self._logs.now // 1000 - OLDEST
        found = tuple(each for each in data if each.time >= oldest)
        if found:
            self._logs.publish(
                MetricsExtracted(at=self._logs.clock.now(), scope=self._logs.scope,
                                 source=f"metric filter {name}", data=found)
            )  # fmt: skip


def _reader(
    transformation: Mapping[str, Any], pattern: Matcher
) -> Callable[[Message], tuple[dict[str, str], float] | None]:
    """What a matching message gives: dimensions and a value; None: nothing can be read."""
    text = transformation["metricValue"]
    fixed = number_of(text)
    dimensions: Mapping[str, str] = transformation.get("dimensions", {})

    def read(message: Message) -> tuple[dict[str, str], float] | None:
        value = fixed if fixed is not None else _number(pattern.value(text, message))
        if value is None:
            return None
        found = {name: pattern.value(of, message) for name, of in dimensions.items()}
        if not all(found.values()):
            return None
        return {name: each for name, each in found.items() if each is not None}, float(value)

    return read


def _number(text: str | None) -> float | None:
    return None if text is None else number_of(text.strip())
