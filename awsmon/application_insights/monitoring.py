"""What is watched of components: alarms that are made, alarms that are there, log groups.

Lives here: `Monitoring` and what it keeps for each thing that is watched. What it means when one of
them speaks up is `detection.py`'s.

An alarm is made as soon as its threshold is known: at once where it is obvious, else when there are
datapoints enough, which is looked for after an hour, and then less and less often, while something
waits. The configuration history tells of both.

Source: User Guide, "Component configuration sections", "Metrics with data points requirements"; the
AWS CLI's example of ListConfigurationHistory.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.application_insights.configuration import sections
from awsmon.application_insights.learning import Learning
from awsmon.application_insights.log_groups import log_group
from awsmon.application_insights.metric_targets import alarm_name, targets
from awsmon.application_insights.recommending import recommended
from awsmon.application_insights.resource_kinds import INSTANCE, VOLUME, kind_of
from awsmon.application_insights.thresholds import (
    Threshold,
    learnt,
    obvious,
    reasoned,
    request_of,
)
from awsmon.core.clock import EPOCH, Call
from awsmon.core.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.application_insights.model import Application, Component
    from awsmon.application_insights.service import ApplicationInsights
    from awsmon.core.clock import Timer
    from awsmon.core.neighbours import AlarmKeeper, MetricKey, MetricReader

__all__ = ["AlarmWatch", "LogWatch", "Monitoring"]

AGAIN_AFTER = timedelta(hours=1)
LONGEST = timedelta(days=1)
LONGEST_NAME = 255
"""Of an alarm."""


@dataclass(frozen=True, slots=True)
class AlarmWatch:
    """An alarm whose state tells of a component.

    Attributes:
        application, component: names.
        resource: the ARN of what the alarm watches.
        severity: as a configuration says it; None: by what is watched.
        own: Application Insights made it.
    """

    application: str
    component: str
    resource: str
    severity: str | None = None
    own: bool = True


@dataclass(frozen=True, slots=True)
class LogWatch:
    """A log group whose lines tell of a component.

    Attributes:
        application, component: names.
        log_type: by which AWS's own patterns are chosen.
        pattern_set: of the application's own patterns; None: all of them.
    """

    application: str
    component: str
    log_type: str
    pattern_set: str | None = None


class Wish(NamedTuple):
    """A metric of a resource that is to have an alarm."""

    resource: str
    metric: str
    process: str | None = None


class Monitoring:
    """Watches what components are configured to have watched.

    Attributes:
        alarms: what is watched, by the alarm's name.
        logs: the same by log group.
        thresholds: that a test knows instead of learning them, by namespace and metric.
        learning: keeps those that were learnt up to date.
    """

    def __init__(
        self, insights: ApplicationInsights, keeper: AlarmKeeper, metrics: MetricReader
    ) -> None:
        self._insights = insights
        self._keeper = keeper
        self._metrics = metrics
        self.alarms: dict[str, list[AlarmWatch]] = {}
        self.logs: dict[str, list[LogWatch]] = {}
        self.thresholds: dict[tuple[str, str], float] = {}
        self.learning = Learning(insights, keeper, metrics)
        self._waiting: dict[tuple[str, str], dict[Wish, str]] = {}
        self._timer: Timer | None = None

    # -- configuring -------------------------------------------------------------------------------

    def configure_all(self, application: Application) -> None:
        """Give each component that nobody configured what is recommended for it."""
        for component in application.components.values():
            if component.configuration is None:
                tier = component.tier or next(iter(component.detected_workload or ()), "DEFAULT")
                self.configure(application, component, tier)

    def configure(self, application: Application, component: Component, tier: str) -> None:
        """Watch what is recommended for a component."""
        component.tier, component.monitor = tier, True
        component.configuration = recommended(application.resource_group_name, component, tier)
        self.apply(application, component)

    def apply(self, application: Application, component: Component) -> None:
        """Watch what a component is configured to have watched, and nothing else of it."""
        if not component.monitor or application.life_cycle == "DELETING":
            self.stop(application, component)
            return
        place = application.resource_group_name, component.component_name
        self._watch_logs(place, component)
        wishes = dict.fromkeys(_wishes(application, component))
        self._waiting[place] = {
            wish: known for wish, known in self._waiting.get(place, {}).items() if wish in wishes
        }
        made = {
            name for wish in wishes for name in self._make(application, component, wish)
        } | self._watch_given(place, component)  # fmt: skip
        self._forget_alarms(place, but=made)
        self._insights.agents.keep(application, component)
        self._look_again()
        self._changed(place[0])

    def stop(self, application: Application, component: Component) -> None:
        """Nothing of a component is watched any more; its alarms go."""
        place = application.resource_group_name, component.component_name
        self._waiting.pop(place, None)
        self._watch_logs(place, None)
        self._forget_alarms(place, but=set())
        self._insights.agents.drop(application, component)
        self._changed(place[0])

    def _changed(self, name: str) -> None:
        self._insights.detection.sweep()
        self._insights.dashboards.overview(name)

    def metric_of(self, name: str) -> MetricKey | None:
        """The one metric that an alarm watches, if it is such an alarm and there."""
        return self._keeper.metric_of(name)

    def _forget_alarms(self, place: tuple[str, str], *, but: set[str]) -> None:
        for name, watches in list(self.alarms.items()):
            gone = [each for each in watches if (each.application, each.component) == place]
            if not gone or name in but:
                continue
            kept = [each for each in watches if each not in gone]
            if kept:
                self.alarms[name] = kept
                continue
            del self.alarms[name]
            if any(each.own for each in gone):
                self._keeper.delete(name)
                self.learning.forget(name)

    def _watch_given(self, place: tuple[str, str], component: Component) -> set[str]:
        """Alarms that are there already, or will be."""
        names = set()
        for configuration in component.configurations:
            for item in configuration.get("alarms", ()):
                watch = AlarmWatch(*place, component.arns[0], item.get("severity"), own=False)
                self._add(item["alarmName"], watch)
                names.add(item["alarmName"])
        return names

    def _add(self, name: str, watch: AlarmWatch) -> None:
        place = watch.application, watch.component
        others = [each for each in self.alarms.get(name, ())
                  if (each.application, each.component) != place]  # fmt: skip
        self.alarms[name] = [*others, watch]

    # -- logs --------------------------------------------------------------------------------------

    def _watch_logs(self, place: tuple[str, str], component: Component | None) -> None:
        wanted = {} if component is None else dict(_logs(place, component))
        for group in [*self.logs, *(each for each in wanted if each not in self.logs)]:
            kept = [each for each in self.logs.get(group, ())
                    if (each.application, each.component) != place]  # fmt: skip
            found = [*kept, *wanted.get(group, ())]
            if found:
                self.logs[group] = found
            else:
                self.logs.pop(group, None)

    # -- alarms on metrics -------------------------------------------------------------------------

    def _make(self, application: Application, component: Component, wish: Wish) -> set[str]:
        """The alarms of a wish, made where they weren't; none: it has to wait."""
        place = application.resource_group_name, component.component_name
        keys = targets(wish.resource, wish.metric, self._metrics, wish.process)
        names = set()
        for key in keys:
            name = alarm_name(place[0], wish.resource, key)
            threshold = None
            if name not in self.alarms:
                threshold = self._threshold(key) or self._learn(place, name, key)
            if threshold is not None:
                self._put(application, component, name, request_of(name, place[0], key, threshold))
            if threshold is not None or name in self.alarms:
                self._add(name, AlarmWatch(*place, wish.resource))
                names.add(name)
        if len(names) == len(keys) > 0:
            self._waiting[place].pop(wish, None)
        else:
            self._wait(application, component, wish, insufficient=bool(keys))
        return names

    def _threshold(self, key: MetricKey) -> Threshold | None:
        told = self.thresholds.get((key.namespace, key.name))
        return obvious(key) if told is None else reasoned(key, told)

    def _learn(self, place: tuple[str, str], name: str, key: MetricKey) -> Threshold | None:
        now = (self._insights.clock.now() - EPOCH) // timedelta(seconds=1)
        found = learnt(key, self._metrics, now)
        if found is not None:
            self.learning.keep(name, place, key, found.value)
        return found

    def _wait(
        self, application: Application, component: Component, wish: Wish, *, insufficient: bool
    ) -> None:
        place = application.resource_group_name, component.component_name
        status = "WARN" if insufficient else "INFO"
        before = self._waiting[place].get(wish)
        self._waiting[place][wish] = status
        if before != status:
            words = _INSUFFICIENT if insufficient else _MISSING
            self._insights.remember(
                application, component, status=status,
                kind="CLOUDWATCH_ALARM" if insufficient else "CLOUDWATCH_METRIC",
                name=wish.metric, detail=words.format(metric=wish.metric, component=component.id),
            )  # fmt: skip

    def _put(
        self, application: Application, component: Component, name: str, request: dict[str, Any]
    ) -> None:
        """Make an alarm; the history tells it, or why there is none."""
        status, detail = "INFO", f"Alarm {name} was created."
        why = "its name is too long." if len(name) > LONGEST_NAME else self._refused(request)
        if why is not None:
            status, detail = "ERROR", f"Alarm {name} was not created: {why}"
        self._insights.remember(application, component, status=status, kind="CLOUDWATCH_ALARM",
                                name=name, detail=detail)  # fmt: skip

    def _refused(self, request: dict[str, Any]) -> str | None:
        """Why CloudWatch doesn't take an alarm; None: it does."""
        try:
            self._keeper.put(request)
        except AwsError as error:  # as where there is a composite alarm of that name
            return error.message
        return None

    def _look_again(self, wait: timedelta = AGAIN_AFTER) -> None:
        clock = self._insights.clock
        if any(self._waiting.values()):
            call = Call("application_insights.monitoring", "again", wait)
            self._timer = clock.earlier(self._timer, clock.now() + wait, call,
                                        scope=self._insights.scope, recurs=True)  # fmt: skip

    def again(self, wait: timedelta) -> None:
        """A timer's verb: are there datapoints enough by now? If not, wait twice as long."""
        self._insights.clock.cancel(self._timer)
        self._timer, made = None, False
        for (name, component), wishes in list(self._waiting.items()):
            application = self._insights[name]
            for wish in list(wishes):
                if self._make(application, application.components[component], wish):
                    self._insights.dashboards.overview(name)
                    made = True
        self._look_again(AGAIN_AFTER if made else min(2 * wait, LONGEST))


_INSUFFICIENT = (
    "Alarm on metric {metric} of component {component} was not created: there are not enough data "
    "points to predict a threshold."
)
_MISSING = (
    # recorded: the AWS CLI's example
    "Metric {metric} does not exist for component {component}, alarm cannot be created. Possible "
    "reason might be metric misses data points for two weeks, or required workload to emit this "
    "metric not installed."
)


def _logs(place: tuple[str, str], component: Component) -> Iterator[tuple[str, list[LogWatch]]]:
    found: dict[str, list[LogWatch]] = {}
    for configuration in component.configurations:
        for section in ("logs", "windowsEvents"):
            for _, item in sections(configuration, section):
                group = log_group(item, component.arns)
                watch = LogWatch(*place, item.get("logType", "WINDOWS_EVENTS"),
                                 item.get("patternSet"))  # fmt: skip
                if group is not None and watch not in found.setdefault(group, []):
                    found[group].append(watch)
    yield from found.items()


def _wishes(application: Application, component: Component) -> Iterator[Wish]:
    for configuration in component.configurations:
        for sub_type, item in sections(configuration, "alarmMetrics"):
            for resource in _resources(application, component, sub_type):
                yield Wish(resource, item["alarmMetricName"])
        for sub_type, process in sections(configuration, "processes"):
            for resource in _resources(application, component, sub_type):
                for item in process["alarmMetrics"]:
                    if item["monitor"]:
                        yield Wish(resource, item["alarmMetricName"], process["processName"])


def _resources(application: Application, component: Component, sub_type: str | None) -> list[str]:
    """What a section is about: the component itself, or resources within."""
    if sub_type is None:
        return component.arns
    instances = [arn for arn in component.resources if _is(arn, INSTANCE)]
    if sub_type == INSTANCE:
        return instances
    if sub_type != VOLUME:
        return [arn for arn in application.resources if _is(arn, sub_type)]
    found = (application.resources.get(arn) for arn in instances)
    volumes = [arn for each in found if each is not None for arn in each.volumes]
    return [*(arn for arn in component.arns if _is(arn, VOLUME)), *volumes]


def _is(arn: str, resource_type: str) -> bool:
    kind = kind_of(arn)
    return kind is not None and kind.type == resource_type
