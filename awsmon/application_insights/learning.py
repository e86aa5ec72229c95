"""Thresholds that follow the data: those that were learnt are learnt anew each day.

Lives here: `Learning`. How one is learnt is `thresholds.py`'s. When AWS looks again, and at which
difference it changes an alarm, isn't public: a day, and a twentieth, are ours.
Source: API reference, ListConfigurationHistory ("updating an alarm threshold").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.application_insights.thresholds import learnt, request_of
from awsmon.core.clock import EPOCH, Call

if TYPE_CHECKING:
    from awsmon.application_insights.service import ApplicationInsights
    from awsmon.core.clock import Timer
    from awsmon.core.neighbours import AlarmKeeper, MetricKey, MetricReader

__all__ = ["Learning"]

EACH = timedelta(days=1)
SHARE = 0.05


@dataclass(slots=True)
class _Learnt:
    """An alarm whose threshold was learnt, of a component of an application."""

    application: str
    component: str
    key: MetricKey
    value: float


class Learning:
    """The alarms of one place whose thresholds were learnt."""

    def __init__(
        self, insights: ApplicationInsights, keeper: AlarmKeeper, metrics: MetricReader
    ) -> None:
        self._insights = insights
        self._keeper = keeper
        self._metrics = metrics
        self._alarms: dict[str, _Learnt] = {}
        self._timer: Timer | None = None

    def keep(self, name: str, place: tuple[str, str], key: MetricKey, value: float) -> None:
        """An alarm was made of what was learnt."""
        self._alarms[name] = _Learnt(*place, key, value)
        self._next()

    def forget(self, name: str) -> None:
        """It is gone."""
        self._alarms.pop(name, None)

    def _next(self) -> None:
        clock = self._insights.clock
        if self._alarms and (self._timer is None or not self._timer.live):
            call = Call("application_insights.monitoring.learning", "again", None)
            self._timer = clock.set(clock.now() + EACH, call, scope=self._insights.scope,
                                    recurs=True)  # fmt: skip

    def again(self, _: None) -> None:
        """A timer's verb: has what is usual changed?"""
        self._timer = None
        now = (self._insights.clock.now() - EPOCH) // timedelta(seconds=1)
        for name, each in self._alarms.items():
            found = learnt(each.key, self._metrics, now)
            if found is None or abs(found.value - each.value) <= SHARE * abs(each.value):
                continue
            self._keeper.put(request_of(name, each.application, each.key, found))
            application = self._insights[each.application]
            self._insights.remember(
                application, application.components[each.component], status="INFO",
                kind="CLOUDWATCH_ALARM", name=name,
                detail=f"The threshold of alarm {name} was changed from {each.value:g} to "
                f"{found.value:g}.",
            )  # fmt: skip
            each.value = found.value
        self._next()
