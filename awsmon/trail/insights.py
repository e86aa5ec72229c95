"""CloudTrail Insights: calls that come more often than usual, or no longer.

Lives here: `Insights`, of one account and region. Calls are counted where a trail or an event data
store wants insights, and judged when a window of five minutes, an hour or a day with calls in it is
over. Verdicts begin when seven days are known. How they are found is `rates.py`'s, what is told
`insight_records.py`'s.
Source: CloudTrail User Guide, "Working with CloudTrail Insights".
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.core.bus_events import EventEmitted
from awsmon.core.clock import EPOCH, Call, stamp
from awsmon.trail.history import KEPT
from awsmon.trail.insight_records import Unusual, insight_record
from awsmon.trail.rates import BASELINE, SCALES, Rate, burst, drop, quiet_at_least, quiet_at_most

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from awsmon.core.clock import Timer
    from awsmon.core.events import ApiCalled
    from awsmon.trail.service import Trail
    from awsmon.trail.takers import Taker

__all__ = ["CALLS", "DATA", "ERRORS", "FOLDER", "Insights", "Key", "Series"]

FOLDER = "CloudTrail-Insight"
CALLS, ERRORS = "ApiCallRateInsight", "ApiErrorRateInsight"
MANAGEMENT, DATA = "Management", "Data"
MINUTE = timedelta(minutes=1)
_TOLD = "AWS Insight via CloudTrail"


class Key(NamedTuple):
    """What is counted.

    Attributes:
        trail: the ARN of the trail whose data events they are; empty: management events.
        kind: of insight.
        error: the code of calls that fail; empty for all calls.
    """

    trail: str
    kind: str
    source: str
    name: str
    error: str


class Series:
    """What is known of one kind of call."""

    __slots__ = ("open", "rate")

    def __init__(self) -> None:
        self.rate = Rate()
        self.open: Unusual | None = None


class Insights:
    """What is unusual in one account and region.

    Attributes:
        series: all that is counted.
        found: the records of insights, oldest first.
    """

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._wanted: dict[str, dict[str, list[str]]] = {}
        self._since = 0
        self._stirred: list[dict[Key, None]] = [{} for _ in SCALES]
        self._listening: dict[Key, Timer] = {}
        self.series: dict[Key, Series] = {}
        self.found: list[dict[str, Any]] = []

    # -- counting ----------------------------------------------------------------------------------

    def reconsider(self, takers: Iterable[Taker]) -> None:
        """Other takers: count what they want, as event history has it, and from now on."""
        wanted = {each.arn: _categories(each.insights) for each in takers if each.insights}
        if wanted == self._wanted:
            return
        self._wanted, known = wanted, self.series
        self.series = {}
        calls = self._trail.history.calls if wanted else []
        self._since = min((_minute(each.at) for each in calls[:1]), default=self._now())
        for call in calls:
            if call.at > self._trail.clock.now() - KEPT:
                self.count(call, *self._trail.takers.wanting(call))
        self.series |= {key: series for key, series in known.items() if self._wants(key)}

    @property
    def watching(self) -> bool:
        """Whether a trail that logs, or a store, wants insights."""
        return bool(self._wanted)

    def count(self, call: ApiCalled, record: dict[str, Any], takers: Iterable[Taker]) -> None:
        """A call was made that these log."""
        minute = _minute(call.at)
        for key in self._keys(record, takers):
            series = self.series.get(key)
            if series is None:
                series = self.series[key] = Series()
            series.rate.add(minute)
            self._stir(0, key)

    def _wants(self, key: Key) -> bool:
        category = DATA if key.trail else MANAGEMENT
        return any(
            key.kind in kinds.get(category, ())
            for arn, kinds in self._wanted.items() if key.trail in ("", arn)
        )  # fmt: skip

    def _keys(self, record: dict[str, Any], takers: Iterable[Taker]) -> set[Key]:
        category, error = record["eventCategory"], record.get("errorCode", "")
        source, name = record["eventSource"], record["eventName"]
        found = set()
        for each in takers:
            kinds = self._wanted.get(each.arn, {}).get(category, ())
            arn = each.arn if category == DATA else ""
            if CALLS in kinds and (category == DATA or not record["readOnly"]):
                found.add(Key(arn, CALLS, source, name, ""))
            if ERRORS in kinds and error:
                found.add(Key(arn, ERRORS, source, name, error))
        return found

    def _now(self) -> int:
        return _minute(self._trail.clock.now())

    # -- judging -----------------------------------------------------------------------------------

    def _stir(self, place: int, key: Key) -> None:
        """Judge it when the window that it is in, of that scale, is over."""
        stirred = self._stirred[place]
        if not stirred:
            due = (self._now() // SCALES[place] + 1) * SCALES[place]
            self._trail.clock.set(
                EPOCH + due * MINUTE, Call("trail.insights", "look", place),
                scope=self._trail.scope, recurs=place > 0,
            )  # fmt: skip
        stirred[key] = None

    def look(self, place: int) -> None:
        """A timer's verb: a window is over."""
        keys, self._stirred[place] = self._stirred[place], {}
        for key in keys:
            series = self.series.get(key)
            if series is None:
                continue
            self._judge(key, series, place)
            if place + 1 < len(SCALES):
                self._stir(place + 1, key)
            if key.kind == CALLS:
                self._listen(key, quiet_at_least(series.rate))

    def _judge(self, key: Key, series: Series, place: int) -> None:
        scale = SCALES[place]
        start = self._now() - scale
        if series.open is not None:
            self._judge_again(key, series, series.open, place)
        elif start - BASELINE < self._since:
            return
        elif burst(series.rate, start, scale, start):
            first = series.rate.minutes(start, start + scale)[0][0]
            self._begin(key, series, Unusual("many", place, first, start))
        elif key.kind == CALLS and drop(series.rate, start, scale, start):
            self._begin(key, series, Unusual("few", place, start, start))

    def _judge_again(self, key: Key, series: Series, unusual: Unusual, place: int) -> None:
        """What is going on goes on, or has ended."""
        if unusual.kind == "none" and series.rate.newest >= unusual.start:
            self._end(key, series, series.rate.minutes(unusual.start, self._now())[0][0])
        elif unusual.place == place:
            scale, now = SCALES[place], self._now()
            goes_on = (burst if unusual.kind == "many" else drop)(
                series.rate, now - scale, scale, unusual.before
            )
            if goes_on and now - unusual.start < BASELINE:
                unusual.until = now
                self._stir(place, key)
            else:
                self._end(key, series, self._last(series, unusual))

    def _last(self, series: Series, unusual: Unusual) -> int:
        """When the unusual ended: many, with the last of them; few, with the window."""
        if unusual.kind == "few":
            return unusual.until
        minutes = series.rate.minutes(unusual.start, unusual.until)
        return minutes[-1][0] + 1

    # -- silence -----------------------------------------------------------------------------------

    def _listen(self, key: Key, minute: int) -> None:
        """See whether it is quiet, when the window that a minute is in is over, and not now."""
        scale = SCALES[0]
        due = max(-(-minute // scale), self._now() // scale + 1) * scale
        self._listening[key] = self._trail.clock.earlier(
            self._listening.get(key), EPOCH + due * MINUTE, Call("trail.insights", "listen", key),
            scope=self._trail.scope, recurs=True,
        )  # fmt: skip

    def listen(self, key: Key) -> None:
        """A timer's verb: it may have been quiet for too long."""
        self._listening.pop(key, None)
        series, now = self.series.get(key), self._now()
        if series is None:
            return
        if series.open is not None:
            if series.open.kind == "none":  # for a week: now it is usual
                self._end(key, series, now)
            return
        newest = series.rate.newest
        if newest - BASELINE < self._since:
            return
        until: int | None = quiet_at_least(series.rate)
        if until is not None and until <= now:
            until = quiet_at_most(series.rate)
        if until is None:
            return
        if until > now:
            self._listen(key, until)
        else:
            self._begin(key, series, Unusual("none", 0, newest + 1, newest + 1))
            self._listen(key, newest + BASELINE)

    # -- telling -----------------------------------------------------------------------------------

    def _begin(self, key: Key, series: Series, unusual: Unusual) -> None:
        unusual.id, unusual.until = self._trail.ids.uuid(), self._now()
        series.open = unusual
        if unusual.kind != "none":
            self._stir(unusual.place, key)
        self._tell(key, series, unusual, "Start")

    def _end(self, key: Key, series: Series, minute: int) -> None:
        unusual = series.open
        assert unusual is not None
        series.open, unusual.until = None, max(minute, unusual.start + 1)
        self._trail.clock.cancel(self._listening.pop(key, None))
        if minute - unusual.start < BASELINE:
            series.rate.left_out.append((unusual.start, minute))
        self._tell(key, series, unusual, "End")

    def _tell(self, key: Key, series: Series, unusual: Unusual, state: str) -> None:
        trail, now = self._trail, self._trail.clock.now()
        record = insight_record(trail, key, series, unusual, state)
        told = [each for each in trail.takers.all if self._tells(key, each)]
        for each in told:
            each.take_insight(record)
        if not any(each.tells for each in told):
            return
        while self.found and self.found[0]["eventTime"] < stamp(now - KEPT):
            del self.found[0]
        self.found.append(record)
        trail.publish(
            EventEmitted(at=now, scope=trail.scope, detail_type=_TOLD, detail=record,
                         source="aws.cloudtrail")
        )  # fmt: skip

    def _tells(self, key: Key, taker: Taker) -> bool:
        category = DATA if key.trail else MANAGEMENT
        kinds = self._wanted.get(taker.arn, {}).get(category, ())
        return key.kind in kinds and key.trail in ("", taker.arn)


def _minute(at: datetime) -> int:
    return (at - EPOCH) // MINUTE


def _categories(selectors: Iterable[Any]) -> dict[str, list[str]]:
    """The kinds of insight that are wanted, by category of event."""
    found: dict[str, list[str]] = {}
    for each in selectors:
        for category in each.get("EventCategories") or [MANAGEMENT]:
            found.setdefault(category, []).append(each["InsightType"])
    return found
