"""The alarms of one account and region.

Lives here: `Alarms`, its state and rules: look-up, creation, changes of state, and the evaluation
of metric alarms on time. Judging datapoints is `evaluation.py`'s, composite alarms are
`composites.py`'s, telling others `actions.py`'s, explaining `explain.py`'s.

An evaluation that cannot change anything is not run. After each evaluation the alarm sets a timer
for the next only if its window held a datapoint, or will: with an empty window the verdict is the
one just found. A datapoint that comes wakes it at the first boundary that sees it.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.alarms import reasons
from awsmon.alarms.actions import due, payload, repeated
from awsmon.alarms.composites import Composites
from awsmon.alarms.creation import made
from awsmon.alarms.errors import InvalidFormat, ResourceNotFound
from awsmon.alarms.evaluation import EXTRA_PERIODS, evaluate
from awsmon.alarms.explain import CompositeExplanation, Explanation, explain, explain_composite
from awsmon.alarms.history import History
from awsmon.alarms.model import Alarm, AlarmState, CompositeAlarm, MetricAlarm
from awsmon.alarms.mute_rules import MuteRules
from awsmon.alarms.simulation import Simulation, simulate
from awsmon.core.clock import EPOCH, Call
from awsmon.core.deliveries import ASYNCHRONOUS, Delivery
from awsmon.core.errors import MisuseError
from awsmon.core.events import (
    AlarmConfigurationChanged,
    AlarmStateChanged,
    AlarmStateFacts,
    DeliveryFinished,
    MetricDataPut,
)
from awsmon.core.service import Service, direct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from typing_extensions import Unpack

    from awsmon.alarms.creation import AlarmOptions
    from awsmon.core.backend import Backend
    from awsmon.core.neighbours import Bucket, MetricKey, MetricReader
    from awsmon.core.scope import Scope

__all__ = ["Alarms"]


_SECOND = timedelta(seconds=1)


def _state(state: AlarmState | str) -> AlarmState:
    """A user's own word for a state."""
    try:
        return AlarmState(state)
    except ValueError:
        raise MisuseError(f"{state!r} is no state: {', '.join(AlarmState)}.") from None


class Alarms(Service):
    """The alarms of one account and region: iterable, `in`, and ``alarms["name"]``."""

    def __init__(self, backend: Backend, scope: Scope, metrics: MetricReader) -> None:
        super().__init__(backend, scope)
        self.history = History()
        self._metrics = metrics
        self.composites = Composites(self)
        self.mute_rules = MuteRules(self)
        self._alarms: dict[str, Alarm] = {}
        self._watching: dict[MetricKey, dict[str, MetricAlarm]] = {}

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

    def __len__(self) -> int:
        return len(self._alarms)

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
            self._forget(known)
            alarm.state, alarm.state_reason = known.state, known.state_reason
            alarm.state_reason_data = known.state_reason_data
            alarm.state_updated_timestamp = known.state_updated_timestamp
            alarm.state_transitioned_timestamp = known.state_transitioned_timestamp
        self._alarms[alarm.name] = alarm
        self.tags.create(alarm.arn)
        self.history.configured(alarm, "Update" if known else "Create", now)
        if isinstance(alarm, MetricAlarm):
            self._watching.setdefault(alarm.metric, {})[alarm.name] = alarm
            self._wake(alarm, self._now())
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
            self._forget(alarm)
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

    def _forget(self, alarm: Alarm) -> None:
        self.clock.cancel(alarm.timer)
        if isinstance(alarm, CompositeAlarm):
            self.composites.forget(alarm)
        elif isinstance(alarm, MetricAlarm):
            self._watching[alarm.metric].pop(alarm.name)
            if not self._watching[alarm.metric]:
                del self._watching[alarm.metric]

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
            self._wake(alarm, self._now())

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

    def run_actions(self, event: AlarmStateChanged) -> None:
        """Send what the new state's actions ask for."""
        alarm = self[event.alarm]
        if not alarm.actions_enabled or event.after.suppressed_by:
            return
        if not self.mute_rules.hold(alarm, event.before):
            self.act(alarm, event.before)

    def act(self, alarm: Alarm, before: AlarmStateFacts, *, after_mute: bool = False) -> None:
        """Carry out the present state's actions."""
        for arn in due(alarm):
            self._send(alarm, arn, before, after_mute)
        if any(map(repeated, alarm.actions)):
            self._repeat_in_a_minute(alarm)

    def _send(self, alarm: Alarm, arn: str, before: AlarmStateFacts, after_mute: bool) -> None:
        self.deliveries.send(
            Delivery(
                at=self.clock.now(), scope=self.scope, sender="alarms", subject=alarm.arn,
                target_arn=arn, policy=ASYNCHRONOUS,
                payload=payload(alarm, arn, before, scope=self.scope, metric_id=self.ids.uuid(),
                                tags=self.tags.of(alarm.arn), after_mute=after_mute)))  # fmt: skip

    def _repeat_in_a_minute(self, alarm: Alarm) -> None:
        self.clock.set(
            self.clock.now() + timedelta(minutes=1),
            Call("alarms", "repeat", (alarm.name, alarm.state_transitioned_timestamp)),
            scope=self.scope,
            recurs=True,
        )

    def repeat(self, key: tuple[str, datetime]) -> None:
        """A timer's verb: some actions go on each minute, while the state lasts."""
        alarm = self._alarms.get(key[0])
        if alarm is None or alarm.state_transitioned_timestamp != key[1]:
            return
        again = [arn for arn in alarm.actions if repeated(arn)]
        muted = self.mute_rules.muting(alarm.name) or not alarm.actions_enabled
        for arn in () if muted else again:
            self._send(alarm, arn, alarm.facts, False)
        if again:
            self._repeat_in_a_minute(alarm)

    def action_finished(self, event: DeliveryFinished) -> None:
        """Remember what became of an action."""
        if event.sender == "alarms":
            message = event.payload.get("Message") or json.dumps(event.payload)
            name = self.name_of(event.subject)
            kind = self._alarms[name].kind if name in self._alarms else MetricAlarm.kind
            self.history.action(name, kind, event, message)

    def knows(self, statistic: str) -> bool:
        """Whether there is an extended statistic of that name, as ``p99``."""
        return self._metrics.extended(statistic)

    # -- evaluation --------------------------------------------------------------------------------

    def metric_data_put(self, event: MetricDataPut) -> None:
        """Wake whoever watches the metric, for the first boundary that sees the new points."""
        for alarm in self._watching.get(event.metric, {}).values():
            self._wake(alarm, max(self._now(), event.oldest))

    def evaluate(self, name: str) -> None:
        """A timer's verb: judge the window that ends now."""
        alarm = self._metric_alarm(name)
        now = self.clock.now()
        end = self._now() // alarm.interval * alarm.interval
        window = self._window(alarm, end)
        verdict = evaluate(alarm, window)
        if verdict.state is not None and verdict.state is not alarm.state:
            self.enter(
                alarm, verdict.state, reasons.reason(alarm, verdict, alarm.state),
                reasons.reason_data(alarm, verdict, window, end, now),
            )  # fmt: skip
        self._sleep(alarm, end, empty=not verdict.considered)

    def _metric_alarm(self, name: str) -> MetricAlarm:
        alarm = self._alarms[name]
        assert isinstance(alarm, MetricAlarm)
        return alarm

    def _window(self, alarm: MetricAlarm, end: int) -> list[Bucket | None]:
        return self._metrics.window(
            alarm.metric, end=end, period=alarm.period, statistic=alarm.stat, unit=alarm.unit,
            count=alarm.evaluation_periods + EXTRA_PERIODS,
        )  # fmt: skip

    def _now(self) -> int:
        """Whole seconds since the epoch."""
        return (self.clock.now() - EPOCH) // _SECOND

    def _wake(self, alarm: MetricAlarm, after: int) -> None:
        """Have it evaluated at the first boundary after that second."""
        step = alarm.interval
        boundary = (after // step + 1) * step
        alarm.timer = self.clock.earlier(
            alarm.timer, EPOCH + timedelta(seconds=boundary),
            Call("alarms", "evaluate", alarm.name), scope=self.scope,
        )  # fmt: skip

    def _sleep(self, alarm: MetricAlarm, end: int, *, empty: bool) -> None:
        """Set the next evaluation, if there is one that can change anything."""
        if not empty:
            self._wake(alarm, end)
            return
        reach = (alarm.evaluation_periods + EXTRA_PERIODS) * alarm.period
        coming = self._metrics.first_point(alarm.metric, since=end - reach, unit=alarm.unit)
        if coming is not None:
            self._wake(alarm, max(end, coming))

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
        if isinstance(alarm, CompositeAlarm):
            return explain_composite(alarm, self.composites.children(alarm), history, sent)
        alarm = self._metric_alarm(alarm.name)
        end = self._now() // alarm.interval * alarm.interval
        return explain(alarm, self._window(alarm, end), end, history, sent)
