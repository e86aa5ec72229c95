"""PromQL alarms: who is evaluated when, and what becomes of each series that the query returns.

Lives here: `PromQLAlarms`. What the query says is `lang/promql`'s. A series that is returned is
breaching, one that is not any more is recovering; each has its time for that. An evaluation that
cannot change anything is not run: without a sample in reach the query returns what it returned.
Sources: User Guide, "PromQL alarms", "Alarm warm-up periods". Reasons are unverified. Decided here:
a query has no window that could be full, so a warm-up ends early with the first sample in reach.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from awsmon.alarms.contributors import changed, identified
from awsmon.alarms.model import AlarmState, PromQLAlarm
from awsmon.alarms.reasons import java_double, series_reason, timestamp
from awsmon.core.clock import EPOCH, Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from awsmon.alarms.service import Alarms
    from awsmon.core.neighbours import MetricReader
    from awsmon.lang.promql.compiler import Moment, Sample
    from awsmon.lang.promql.tree import Node

__all__ = ["PromQLAlarms"]

MOST_SERIES = 500


class _Query(NamedTuple):
    """A query, ready to run.

    Attributes:
        names: of the metrics that it selects.
        back: how many milliseconds before an evaluation a sample may lie that counts, and `ahead`.
        timeless: whether nothing but samples changes what it returns.
    """

    run: Callable[[Moment], list[Sample]]
    names: frozenset[str]
    back: int
    ahead: int
    timeless: bool


class PromQLAlarms:
    """The PromQL alarms of one account and region."""

    def __init__(self, alarms: Alarms, metrics: MetricReader) -> None:
        self._alarms = alarms
        self._metrics = metrics
        self._by_name: dict[str, dict[str, PromQLAlarm]] = {}

    def follow(self, alarm: PromQLAlarm, known: PromQLAlarm | None) -> None:
        """A new alarm, or a new configuration of one, whose series go on."""
        if known is not None:
            alarm.contributors = known.contributors
            alarm.pending, alarm.recovering = known.pending, known.recovering
        for name in _query(alarm.query).names:
            self._by_name.setdefault(name, {})[alarm.name] = alarm
        self.wake(alarm)

    def forget(self, alarm: PromQLAlarm) -> None:
        """It is evaluated no longer."""
        for name in _query(alarm.query).names:
            del self._by_name[name][alarm.name]

    def samples_put(self, name: str, time: int) -> None:
        """Wake whoever selects that metric for the first evaluation that sees the sample."""
        for alarm in self._by_name.get(name, {}).values():
            at = EPOCH + timedelta(milliseconds=time - _query(alarm.query).ahead)
            self.wake(alarm, at, seen=True)

    def wake(self, alarm: PromQLAlarm, at: datetime | None = None, *, seen: bool = False) -> None:
        """Have it evaluated at the first boundary after an instant, or at it if *seen* there."""
        clock, step = self._alarms.clock, timedelta(seconds=alarm.evaluation_interval)
        now = clock.now()
        after = now if at is None else max(now, at)
        boundary = EPOCH + (after - EPOCH) // step * step
        if boundary < after or boundary <= now or not seen:
            boundary += step
        alarm.timer = clock.earlier(
            alarm.timer, boundary, Call("alarms.promql", "evaluate", alarm.name),
            scope=self._alarms.scope, recurs=not _query(alarm.query).timeless,
        )  # fmt: skip

    # -- evaluating --------------------------------------------------------------------------------

    def evaluate(self, name: str) -> None:
        """A timer's verb: run the query, and see what became of each series."""
        from awsmon.lang.promql.compiler import QueryError

        alarm = self._alarms[name]
        assert isinstance(alarm, PromQLAlarm)
        now = self._alarms.clock.now()
        if alarm.warm_since is not None and alarm.warming_up(now, full=self._sees(alarm, now)):
            self.wake(alarm)
            return
        try:
            found = self.vector(alarm, now)
        except QueryError as error:
            alarm.evaluation_state = "EVALUATION_ERROR"
            self._enter(alarm, alarm.state, f"The PromQL query could not be evaluated: {error}")
        else:
            alarm.evaluation_state = "PARTIAL_DATA" if len(found) > MOST_SERIES else None
            self._judge(alarm, {identified(each.labels): each for each in found[:MOST_SERIES]}, now)
        self._sleep(alarm, now)

    def _sees(self, alarm: PromQLAlarm, now: datetime) -> bool:
        """Whether there is a sample in reach of what its query selects."""
        query, time = _query(alarm.query), (now - EPOCH) // timedelta(milliseconds=1)
        since, until = time - query.back, time + query.ahead
        return any(
            True for name in query.names
            for _ in self._metrics.samples(name, since=since, until=until)
        )  # fmt: skip

    def vector(self, alarm: PromQLAlarm, at: datetime) -> list[Sample]:
        """What the query returns at an instant.

        Raises:
            QueryError: its samples don't match one another.
        """
        from awsmon.lang.promql.compiler import Moment

        time = (at - EPOCH) // timedelta(milliseconds=1)
        return _query(alarm.query).run(
            Moment(time, lambda name, since, until: self._metrics.samples(
                name, since=since, until=until)))  # fmt: skip

    def _judge(self, alarm: PromQLAlarm, found: Mapping[str, Sample], now: datetime) -> None:
        for id_ in alarm.pending.keys() - found.keys():
            del alarm.pending[id_]
        for id_, sample in found.items():
            alarm.recovering.pop(id_, None)
            if id_ in alarm.contributors:
                continue
            since = alarm.pending.setdefault(id_, now)
            if now - since >= timedelta(seconds=alarm.pending_period):
                del alarm.pending[id_]
                reason = _breaching(alarm, sample)
                changed(self._alarms, alarm, id_, dict(sample.labels), reason, crossed=True)
        for id_ in sorted(alarm.contributors.keys() - found.keys()):
            since = alarm.recovering.setdefault(id_, now)
            if now - since >= timedelta(seconds=alarm.recovery_period):
                del alarm.recovering[id_]
                reason = "The query did not return this contributor."
                attributes = alarm.contributors[id_].attributes
                changed(self._alarms, alarm, id_, attributes, reason, crossed=False)
        state = AlarmState.ALARM if alarm.contributors else AlarmState.OK
        count = len({*found, *alarm.contributors})
        reason = series_reason(len(alarm.contributors), count)
        if state is not alarm.state or (state is AlarmState.ALARM and reason != alarm.state_reason):
            self._enter(alarm, state, reason)

    def _enter(self, alarm: PromQLAlarm, state: AlarmState, reason: str) -> None:
        data = {"version": "1.0", "queryDate": timestamp(self._alarms.clock.now())}
        self._alarms.enter(alarm, state, reason, json.dumps(data, separators=(",", ":")))

    def _sleep(self, alarm: PromQLAlarm, now: datetime) -> None:
        """Set the next evaluation, if there is one that can change anything."""
        query = _query(alarm.query)
        if alarm.pending or alarm.recovering or not query.timeless:
            self.wake(alarm)
            return
        since = (now - EPOCH) // timedelta(milliseconds=1) - query.back
        found = (self._metrics.next_sample(name, after=since) for name in query.names)
        coming = min((each for each in found if each is not None), default=None)
        if coming is not None:
            self.wake(alarm, EPOCH + timedelta(milliseconds=coming - query.ahead), seen=True)


def _breaching(alarm: PromQLAlarm, sample: Sample) -> str:
    number = isinstance(sample.value, (int, float))
    what = f"the value {java_double(sample.value)}" if number else "a histogram"
    return (
        f"The query returned {what} for this contributor, which has been breaching for "
        f"{alarm.pending_period} seconds."
    )


@lru_cache(maxsize=256)
def _query(text: str) -> _Query:
    """Alarms ask for the same again and again; the language loads with the first."""
    from awsmon.lang.promql.compiler import compile_query
    from awsmon.lang.promql.parser import parse
    from awsmon.lang.promql.selectors import reach
    from awsmon.lang.promql.tree import Selector, walk

    tree = parse(text)
    nodes = list(walk(tree))
    names = frozenset(each.name for each in nodes if isinstance(each, Selector))
    back, ahead = reach(tree)
    return _Query(compile_query(tree), names, back, max(0, ahead), not any(map(_timed, nodes)))


def _timed(node: Node) -> bool:
    """Whether time alone may change what it yields: it asks for the time, or looks at an instant.

    An instant's samples are in reach whatever the time is.
    """
    from awsmon.lang.promql.pointwise import CALENDAR
    from awsmon.lang.promql.tree import Call, Selector, Subquery

    if isinstance(node, Call):
        return node.function == "time" or (node.function in CALENDAR and not node.arguments)
    return isinstance(node, (Selector, Subquery)) and node.at is not None
