"""The alarms of one account and region.

Lives here: `Alarms`, its state and rules: look-up, creation, changes of state. Evaluating metric
alarms is `evaluations.py`'s, composite alarms are `composites.py`'s, telling others `acting.py`'s,
explaining `explain.py`'s.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from awsmon.alarms.acting import Actions
from awsmon.alarms.announcements import Announcements
from awsmon.alarms.composites import Composites
from awsmon.alarms.creation import asked_for, made, promql_asked_for
from awsmon.alarms.errors import InvalidFormat, ResourceNotFound, ValidationError
from awsmon.alarms.evaluations import Evaluations
from awsmon.alarms.explain import (
    CompositeExplanation,
    Explanation,
    explain,
    explain_composite,
    explain_several,
)
from awsmon.alarms.history import History
from awsmon.alarms.log_alarms import LogAlarms
from awsmon.alarms.model import (
    Alarm,
    AlarmState,
    CompositeAlarm,
    EvaluatedAlarm,
    LogAlarm,
    MetricAlarm,
    PromQLAlarm,
    ThresholdAlarm,
)
from awsmon.alarms.mute_rules import MuteRules
from awsmon.alarms.pictures import chart
from awsmon.alarms.promql import PromQLAlarms
from awsmon.alarms.scaling import Scaling
from awsmon.alarms.simulation import Simulation, simulate
from awsmon.core.clock import aware
from awsmon.core.cloudwatch_tags import checked_tags
from awsmon.core.errors import MisuseError
from awsmon.core.events import AlarmConfigurationChanged, AlarmStateChanged
from awsmon.core.service import Service, direct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from typing_extensions import Unpack

    from awsmon.alarms.creation import AlarmOptions
    from awsmon.core.backend import Backend
    from awsmon.core.neighbours import AlarmChart, ManagedQueries, MetricKey, MetricReader
    from awsmon.core.scope import Scope

__all__ = ["Alarms"]


def _state(state: AlarmState | str) -> AlarmState:
    """A user's own word for a state."""
    try:
        return AlarmState(state)
    except ValueError:
        raise MisuseError(f"{state!r} is no state: {', '.join(AlarmState)}.") from None


class Alarms(Service):
    """The alarms of one account and region: iterable, `in`, and ``alarms["name"]``.

    Attributes:
        metrics: what is asked of CloudWatch's metrics.
        history: what alarms did and what was done to them.
        evaluations: of metric alarms, on time.
        composites: composite alarms and what holds their actions back.
        mute_rules: times at which alarms don't act.
        actions: what changes of state set off.
        log_alarms: alarms upon scheduled queries of logs.
        promql: alarms upon PromQL queries.
        scaling: what alarms did by policies of Application Auto Scaling.
    """

    def __init__(self, backend: Backend, scope: Scope, metrics: MetricReader) -> None:
        super().__init__(backend, scope)
        self.history = History()
        self.metrics = metrics
        self.evaluations = Evaluations(self, metrics)
        self.composites = Composites(self)
        self.mute_rules = MuteRules(self)
        self.actions = Actions(self)
        self.announcements = Announcements(self)
        self.log_alarms = LogAlarms(self)
        self.promql = PromQLAlarms(self, metrics)
        self.scaling = Scaling()
        self._alarms: dict[str, Alarm] = {}

    # -- looking up --------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Alarm:
        """The alarm of that name or ARN.

        Raises:
            ResourceNotFound: there is none.
        """
        alarm = self._alarms.get(self.name_of(name))
        if alarm is None:
            raise ResourceNotFound(detail=f"there is no alarm {name!r} in {self.scope.region}")
        return alarm

    def __contains__(self, name: str) -> bool:
        return self.name_of(name) in self._alarms

    def name_of(self, name: str) -> str:
        """The name in an ARN of an alarm here; whatever else it is, itself."""
        return name.removeprefix(self.arn(""))

    def __iter__(self) -> Iterator[Alarm]:
        """All of them, in order of name."""
        return iter([self._alarms[name] for name in sorted(self._alarms)])

    def named(self, names: Iterable[str]) -> list[Alarm]:
        """Those of them that are there, in order of name."""
        return [self._alarms[name] for name in sorted({*names} & self._alarms.keys())]

    def __len__(self) -> int:
        return len(self._alarms)

    @property
    def scheduled_queries(self) -> ManagedQueries:
        """Those of Logs, which loads when somebody has a log alarm."""
        found: ManagedQueries = self._backend.at(self.scope).logs.scheduled_queries
        return found

    # -- configuring -------------------------------------------------------------------------------

    def arn(self, name: str) -> str:
        """The ARN of an alarm of that name here."""
        return self.scope.arn("cloudwatch", f"alarm:{name}")

    @direct
    def create(
        self, /, name: str, namespace: str, metric: str, comparison: str, threshold: float,
        **options: Unpack[AlarmOptions],
    ) -> MetricAlarm:  # fmt: skip
        """Create a metric alarm, or replace the configuration of one.

        Args:
            name: of the alarm.
            namespace: of the metric.
            metric: its name.
            comparison: ``>``, ``>=``, ``<`` or ``<=``.
            threshold: what values are compared with.
            **options: those of `AlarmOptions`.

        Raises:
            MisuseError: no such comparison or option.
            AwsError: AWS would refuse it.

        Publishes `AlarmConfigurationChanged`.
        """
        tags = options.pop("tags", {})
        alarm = made(self, name, namespace, metric, comparison, threshold, options)
        created = name not in self
        self.save(alarm)
        if created:
            self.tags.put(alarm.arn, tags)
        return alarm

    def simulate(
        self, /, values: Iterable[float | None], comparison: str, threshold: float,
        **options: Unpack[AlarmOptions],
    ) -> Simulation:  # fmt: skip
        """What an alarm would have done on a series, without metrics and without storing anything.

        Args:
            values: of the alarm's periods, one after the other; None: no datapoint.
            comparison: as for `create`.
            threshold: what they are compared with.
            **options: those of `AlarmOptions`.
        """
        alarm = made(self, "simulated", "App", "Values", comparison, threshold, options)
        return simulate(alarm, values)

    @direct
    def save(self, alarm: Alarm) -> None:
        """Keep a new alarm, or a new configuration of one: the state it had goes on.

        Publishes `AlarmConfigurationChanged`.
        """
        now = self.clock.now()
        known = self._alarms.get(alarm.name)
        previous = known.configuration() if known else None
        if known is not None:
            self._forget(known, replaced=True)
            alarm.state, alarm.state_reason = known.state, known.state_reason
            alarm.state_reason_data = known.state_reason_data
            alarm.state_updated_timestamp = known.state_updated_timestamp
            alarm.state_transitioned_timestamp = known.state_transitioned_timestamp
        self._alarms[alarm.name] = alarm
        self.tags.create(alarm.arn)
        self.history.configured(alarm, "Update" if known else "Create", now)
        if isinstance(alarm, EvaluatedAlarm):
            self._follow(alarm, known)
        self._configured(alarm, "update" if known else "create", previous)
        if isinstance(alarm, CompositeAlarm):
            self.composites.saved(alarm, known)

    @direct
    def delete(self, *names: str) -> None:
        """Delete those of these names that there are; history stays.

        Publishes `AlarmConfigurationChanged` for each.
        """
        known = [self._alarms[name] for name in dict.fromkeys(names) if name in self._alarms]
        for alarm in known:
            self._forget(alarm, replaced=False)
            del self._alarms[alarm.name]
            self.tags.forget(alarm.arn)
            self.history.configured(alarm, "Delete", self.clock.now())
            self._configured(alarm, "delete", None)

    @direct
    def enable_actions(self, *names: str, enabled: bool = True) -> None:
        """Have these alarms act on a change of state, or not; unknown names are passed over."""
        for name in names:
            if name in self._alarms:
                self._alarms[name].actions_enabled = enabled

    def _forget(self, alarm: Alarm, *, replaced: bool) -> None:
        self.clock.cancel(alarm.timer)
        if isinstance(alarm, CompositeAlarm):
            self.composites.forget(alarm)
        elif isinstance(alarm, MetricAlarm):
            self.evaluations.forget(alarm)
        elif isinstance(alarm, PromQLAlarm):
            self.promql.forget(alarm)
        elif isinstance(alarm, LogAlarm):
            self.log_alarms.forget(alarm, replaced=replaced)

    def _follow(self, alarm: EvaluatedAlarm, known: Alarm | None) -> None:
        self._carry_on(alarm, known)
        if isinstance(alarm, MetricAlarm):
            self.evaluations.follow(alarm)
        elif isinstance(alarm, LogAlarm):
            self.log_alarms.follow(alarm, known if isinstance(known, LogAlarm) else None)
        elif isinstance(alarm, PromQLAlarm):
            self.promql.follow(alarm, known if isinstance(known, PromQLAlarm) else None)

    def _carry_on(self, alarm: EvaluatedAlarm, known: Alarm | None) -> None:
        """What a new configuration takes over: its series in ALARM; a warm-up that is over."""
        if isinstance(known, MetricAlarm) and isinstance(alarm, MetricAlarm):
            alarm.contributors = known.contributors if known.several and alarm.several else {}
        if alarm.warm_up_configuration is None:
            return
        alarm.warm_since = self.clock.now()
        if isinstance(known, EvaluatedAlarm) and known.warm_up_configuration is not None:
            alarm.warm_since = known.warm_since
        alarm.evaluation_state = "IN_WARM_UP" if alarm.warm_since else None

    def _configured(self, alarm: Alarm, what: str, previous: dict[str, object] | None) -> None:
        self.publish(
            AlarmConfigurationChanged(
                at=self.clock.now(), scope=self.scope, alarm=alarm.arn, operation=what,
                configuration=alarm.configuration(), previous=previous))  # fmt: skip

    # -- states ------------------------------------------------------------------------------------

    @direct
    def set_state(
        self, name: str, state: AlarmState | str, *, reason: str, data: str | None = None
    ) -> None:
        """Put an alarm in a state, until its next evaluation finds another.

        A composite alarm is evaluated when an alarm of its rule changes, or the rule does.

        Args:
            name: of the alarm.
            state: OK, ALARM or INSUFFICIENT_DATA.
            reason: for people.
            data: for programs, JSON.

        Raises:
            ResourceNotFound: no such alarm.
            InvalidFormat: *data* isn't JSON.

        Publishes `AlarmStateChanged` if it was in another state. Source: API reference,
        SetAlarmState.
        """
        alarm, state = self[name], _state(state)
        if data is not None:
            try:
                json.loads(data)
            except ValueError:
                raise InvalidFormat.reason_data() from None
        self.enter(alarm, state, reason, data)
        if isinstance(alarm, MetricAlarm):
            self.evaluations.wake(alarm)
        elif isinstance(alarm, PromQLAlarm):
            self.promql.wake(alarm)

    def enter(self, alarm: Alarm, state: AlarmState, reason: str, data: str | None) -> None:
        """Take a state with its reason; tell it if it is another."""
        now = self.clock.now()
        before = alarm.facts
        alarm.state, alarm.state_reason, alarm.state_reason_data = state, reason, data
        alarm.state_updated_timestamp = now
        if state == before.value:
            return
        alarm.state_transitioned_timestamp = now
        if isinstance(alarm, CompositeAlarm):
            self.composites.suppress(alarm)
        self.history.state_changed(alarm, before)
        self.publish(
            AlarmStateChanged(at=now, scope=self.scope, alarm=alarm.arn,
                              before=before, after=alarm.facts))  # fmt: skip

    def put(self, request: Mapping[str, Any]) -> None:
        """Make a metric alarm, or replace one, by PutMetricAlarm's members; tags count when made.

        Raises:
            AwsError: AWS would refuse it.
        """
        made_from = promql_asked_for if "EvaluationCriteria" in request else asked_for
        alarm = made_from(self, request)
        known = self._alarms.get(alarm.name)
        if known is not None and known.kind != MetricAlarm.kind:
            raise ValidationError.other_kind(alarm.name, known.kind)
        tags = checked_tags(request.get("Tags"))
        self.save(alarm)
        if known is None:
            self.tags.put(alarm.arn, tags)

    def metric_of(self, name: str) -> MetricKey | None:
        """The one metric that an alarm watches, if it is such an alarm and there."""
        alarm = self._alarms.get(name)
        return alarm.metric if isinstance(alarm, MetricAlarm) and alarm.namespace else None

    def metric_alarm(self, name: str) -> MetricAlarm:
        """A metric alarm of that name that is known to be there."""
        alarm = self._alarms[name]
        assert isinstance(alarm, MetricAlarm)
        return alarm

    # -- explaining --------------------------------------------------------------------------------

    @direct
    def explain(self, name: str) -> Explanation | CompositeExplanation:
        """Why the alarm is in the state it is in, recomputed from what is stored.

        Raises:
            ResourceNotFound: no such alarm.
        """
        alarm = self[name]
        now = self.clock.now()
        history = [item for item in self.history.since(now) if item.alarm_name == alarm.name]
        sent = [each for each in self.deliveries if each.subject == alarm.arn]
        muted = self.mute_rules.names(alarm.name)
        if isinstance(alarm, CompositeAlarm):
            children = self.composites.children(alarm)
            return explain_composite(alarm, children, muted, history, sent)
        if not isinstance(alarm, MetricAlarm) or alarm.several:
            assert isinstance(alarm, (ThresholdAlarm, PromQLAlarm))
            return explain_several(alarm, muted, history, sent)
        return explain(alarm, self.evaluations.look(alarm), muted, history, sent)

    @direct
    def picture(
        self, name: str, *, start: datetime | str | None = None, end: datetime | str | None = None
    ) -> bytes:
        """The PNG of an alarm over its metric, its states as bands.

        Of a composite alarm, its states over those of its rule's alarms; of a log alarm, over those
        of its series. States come from the history, of 30 days.

        Args:
            name: of the alarm.
            start: of the time that is shown; None: three hours before *end*.
            end: None: now.

        Raises:
            ResourceNotFound: no such alarm.
            MisuseError: the extra ``charts`` isn't installed; *start* isn't before *end*.
        """
        until = self.clock.now() if end is None else aware(end, "end")
        since = until - timedelta(hours=3) if start is None else aware(start, "start")
        if since >= until:
            raise MisuseError("picture: start must be before end.")
        return self.metrics.alarm_picture(self.chart(name, since, until))

    def chart(self, name: str, start: datetime, end: datetime) -> AlarmChart:
        """What such a picture shows, of an alarm by its name or ARN."""
        return chart(self, self[name], start, end)
