"""From alarms, log lines and events to observations.

Lives here: `Detection`. An alarm's observation lasts while it is in ALARM. A log's, and an event's,
is over when nothing like it came for a while, whose length is ours. Which observations make which
problem is `problems.py`'s.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.application_insights.event_rules import seen
from awsmon.application_insights.log_rules import Rule, first, rules_for
from awsmon.application_insights.problem_model import Observation
from awsmon.application_insights.resource_kinds import short_name
from awsmon.application_insights.symptoms import layer_of, of_log, of_metric
from awsmon.core.clock import EPOCH, Call

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from awsmon.application_insights.model import Application, Component
    from awsmon.application_insights.monitoring import AlarmWatch, LogWatch
    from awsmon.application_insights.problem_model import Symptom
    from awsmon.application_insights.service import ApplicationInsights
    from awsmon.core.events import AlarmConfigurationChanged, AlarmStateChanged, LogEventsPut

__all__ = ["Detection"]

QUIET = timedelta(minutes=5)
LONGEST = 1000
"""Characters of a log line that an observation shows; the figure is ours."""

Key = tuple[str, ...]


class Detection:
    """Makes observations of what is watched, and ends them."""

    def __init__(self, insights: ApplicationInsights) -> None:
        self._insights = insights
        self._open: dict[Key, Observation] = {}

    # -- alarms ------------------------------------------------------------------------------------

    def alarm_state_changed(self, event: AlarmStateChanged) -> None:
        """A listener."""
        name = event.alarm.partition(":alarm:")[2]
        for watch in self._insights.monitoring.alarms.get(name, ()):
            key = ("ALARM", watch.application, watch.component, name)
            if event.after.value == "ALARM":
                self._alarm(watch, name, key, event)
            else:
                self.end(key)

    def _alarm(self, watch: AlarmWatch, name: str, key: Key, event: AlarmStateChanged) -> None:
        if key in self._open:
            return
        metric = self._insights.monitoring.metric_of(name)
        severity = watch.severity.capitalize() if watch.severity else None
        symptom = of_metric(metric.name if metric else name, severity)
        value, unit = _value(event.after.data)
        self._begin(
            key, watch, watch.resource, symptom, event.at, source_type="ALARM", value=value,
            unit=unit, metric_namespace=metric.namespace if metric else None,
            metric_name=metric.name if metric else None,
        )  # fmt: skip

    def alarm_configuration_changed(self, event: AlarmConfigurationChanged) -> None:
        """A listener: what an alarm told is over when it is deleted."""
        if event.operation == "delete" and self._open:
            name = event.alarm.partition(":alarm:")[2]
            for key in [each for each in self._open if each[0] == "ALARM" and each[-1] == name]:
                self.end(key)

    # -- logs --------------------------------------------------------------------------------------

    def log_events_put(self, event: LogEventsPut) -> None:
        """A listener."""
        for watch in self._insights.monitoring.logs.get(event.group, ()):
            application = self._insights[watch.application]
            component = application.components[watch.component]
            rules = rules_for(watch.log_type, application.patterns.values(), watch.pattern_set)
            for time, line in zip(event.batch.times, event.batch.messages, strict=True):
                rule = first(rules, line)
                if rule is not None:
                    resource = _source(component, event.stream)
                    at = EPOCH + timedelta(milliseconds=time)
                    self._line(watch, resource, rule, event, at, line)

    def _line(
        self, watch: LogWatch, resource: str, rule: Rule, event: LogEventsPut, at: datetime,
        line: str,
    ) -> None:  # fmt: skip
        key = ("LOG", watch.application, watch.component, resource, event.group, rule.name)
        if key in self._open:
            self._open[key].last = event.at
            return
        self._begin(
            key, watch, resource, of_log(watch.log_type, rule.severity), event.at,
            source_type="LOG", log_group=event.group, line_time=at, log_text=line[:LONGEST],
            log_filter=rule.filter,
        )  # fmt: skip
        self._later(self._open[key])

    # -- events ------------------------------------------------------------------------------------

    def event_put(self, event: Mapping[str, Any], at: datetime) -> None:
        """A listener: an AWS service told the default event bus something."""
        sight = seen(event)
        if sight is None:
            return
        for application in self._insights:
            if not application.cwe_monitor_enabled or application.life_cycle == "DELETING":
                continue
            for component, resource in _concerned(application, sight.arns):
                key = ("EVENT", application.resource_group_name, component.component_name, resource,
                       sight.symptom.name)  # fmt: skip
                if key in self._open:
                    self._open[key].last = at
                    continue
                watch = _Place(application.resource_group_name, component.component_name)
                self._begin(key, watch, resource, sight.symptom, at, source_type="EVENT",
                            facts=sight.facts)  # fmt: skip
                self._later(self._open[key])

    # -- beginning and ending ----------------------------------------------------------------------

    def _begin(
        self, key: Key, place: AlarmWatch | LogWatch | _Place, resource: str, symptom: Symptom,
        at: datetime, **members: Any,
    ) -> None:  # fmt: skip
        component = self._insights[place.application].components[place.component]
        observation = Observation(
            id=f"o-{self._insights.ids.uuid()}", start_time=at, source_arn=resource,
            application=place.application, component=place.component, symptom=symptom,
            layer=layer_of(resource, component), key=key, last=at, **members,
        )  # fmt: skip
        self._open[key] = observation
        self._insights.problems.observe(observation)

    def _later(self, observation: Observation) -> None:
        call = Call("application_insights.detection", "quiet", observation.key)
        observation.timer = self._insights.clock.set(
            observation.last + QUIET, call, scope=self._insights.scope
        )

    def quiet(self, key: Key) -> None:
        """A timer's verb: nothing came for a while, or something did and it goes on."""
        observation = self._open[key]
        if observation.last + QUIET > self._insights.clock.now():
            self._later(observation)
        else:
            self.end(key)

    def end(self, key: Key) -> None:
        """What was observed is over."""
        observation = self._open.pop(key, None)
        if observation is None:
            return
        self._insights.clock.cancel(observation.timer)
        observation.timer = None
        alarm = observation.source_type == "ALARM"
        observation.end_time = self._insights.clock.now() if alarm else observation.last
        self._insights.problems.ended(observation)

    def sweep(self) -> None:
        """End what was observed of what isn't watched any more."""
        for key, observation in list(self._open.items()):
            if not self._watched(observation):
                self.end(key)

    def _watched(self, observation: Observation) -> bool:
        monitoring, place = self._insights.monitoring, (
            observation.application, observation.component)  # fmt: skip
        if observation.source_type == "EVENT":
            application = self._insights[observation.application]
            component = application.components.get(observation.component)
            return component is not None and component.monitor and (
                application.life_cycle != "DELETING")  # fmt: skip
        watches: Iterable[AlarmWatch | LogWatch] = (
            monitoring.alarms.get(observation.key[-1], ())
            if observation.source_type == "ALARM"
            else monitoring.logs.get(observation.log_group or "", ())
        )
        return any((each.application, each.component) == place for each in watches)


class _Place(NamedTuple):
    """Whose an observation is."""

    application: str
    component: str


def _value(data: str | None) -> tuple[float | None, str | None]:
    """What an alarm saw, and in which unit, by the data of its reason."""
    try:
        found = json.loads(data or "{}")
    except ValueError:
        return None, None
    if not isinstance(found, dict):
        return None, None
    points = found.get("evaluatedDatapoints", ())  # the newest first
    return next((each["value"] for each in points if "value" in each), None), found.get("unit")


def _source(component: Component, stream: str) -> str:
    """The resource that a log stream is named after; else the component's first."""
    named = (arn for arn in component.resources if short_name(arn) in stream)
    return next(named, component.arns[0] if component.arns else component.component_name)


def _concerned(application: Application, arns: tuple[str, ...]) -> list[tuple[Component, str]]:
    """The components that an event is about, each with the resource; ids count as ARNs do."""
    found = []
    for component in application.components.values():
        volumes = [volume for arn in component.resources if arn in application.resources
                   for volume in application.resources[arn].volumes]  # fmt: skip
        for arn in [*component.resources, *volumes]:
            if component.monitor and (arn in arns or short_name(arn) in arns):
                found.append((component, arn))
                break
    return found
