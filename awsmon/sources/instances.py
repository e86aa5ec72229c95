"""EC2 instances, as their hypervisor sees them: utilisation and status checks.

Lives here: `Instances` and `Instance`. The hypervisor doesn't look inside: no memory, no disk
space, no logs. Which metrics there are is `instance_metrics.py`'s. Sources: EC2 User Guide,
"CloudWatch metrics that are available for your instances", "Status checks for your instances";
CloudWatch User Guide, "Amazon EC2 metrics".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from awsmon.core.clock import EPOCH, Call
from awsmon.core.deliveries import Refused
from awsmon.core.errors import MisuseError
from awsmon.core.service import Service, direct
from awsmon.sources.instance_metrics import CHECKS, FIVE_MINUTES, MINUTE, Load, reported
from awsmon.sources.source import epoch_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from awsmon.core.backend import Backend
    from awsmon.core.events import ApiCalled, DeliveryFinished
    from awsmon.core.scope import Scope

__all__ = ["Instance", "Instances", "MetricWriter"]

_NAMESPACE = "AWS/EC2"
_HYPERVISORS = ("nitro", "xen")
_RECOVERS = (":recover", "AWS_EC2.InstanceId.Recover/1.0")


class MetricWriter(Protocol):
    """What a source asks of CloudWatch's metrics."""

    def put(
        self, namespace: str, name: str, value: float | Sequence[float], *, unit: str = "None",
        dimensions: Mapping[str, str] | None = None, at: datetime | str | None = None,
        resolution: int = 60,
    ) -> None:  # fmt: skip
        """Put one datapoint, or several of one instant."""


@dataclass(slots=True, eq=False)
class Instance:
    """A running instance, and what its hypervisor reports.

    Attributes:
        instance_id: as ``i-01234567890123456``.
        detailed: monitored each minute, not each five; may be changed.
        hypervisor: ``nitro`` or ``xen``.
        shared: by which dimensions it is aggregated with others, AWS's names to values.
        failing: the status checks that fail: of ``system``, ``instance``, ``ebs``.
        running: whether it is: a stopped one reports nothing.
    """

    instance_id: str
    detailed: bool
    hypervisor: str
    shared: dict[str, str]
    current: Load
    source: Instances = field(repr=False)
    failing: dict[str, bool] = field(default_factory=dict)
    running: bool = True
    gathered: dict[str, list[float]] = field(default_factory=dict, repr=False)

    def load(self, **values: float | Sequence[float]) -> None:
        """From now on it works like that.

        Args:
            values: by AWS's names of the metrics, as ``CPUUtilization=95``; what isn't named stays
                as it was. Percentages are those of each minute, counts and bytes what comes in a
                minute. Several values are those of the minutes to come, one each; the last goes on.

        Raises:
            MisuseError: EC2 has no such metric.
        """
        with self.source.door:
            self.current = self.current.changed(self.source.clock.now(), values)

    def fail(self, check: str, *, lasting: bool = False) -> None:
        """Let a status check fail from now on, until it is mended.

        Args:
            check: ``system`` (AWS's side), ``instance`` (yours) or ``ebs`` (an attached volume).
            lasting: nothing that is done to the instance mends it. False: a recovery or a stop and
                start mends the instance and the system, which is another then; a reboot the
                instance.

        Raises:
            MisuseError: there is no such check.
        """
        with self.source.door:
            self.failing[self._check(check)] = lasting

    def mend(self, check: str) -> None:
        """A status check passes again.

        Raises:
            MisuseError: there is no such check.
        """
        with self.source.door:
            self.failing.pop(self._check(check), None)

    def _check(self, name: str) -> str:
        known = [each for each in CHECKS if each != "ebs" or self.hypervisor == "nitro"]
        if name not in known:
            raise MisuseError(f"{name!r} is no status check: {', '.join(known)}.")
        return name

    def treated(self, *checks: str) -> None:
        """What was done to it mends these checks, unless they are to fail for good."""
        for check in checks:
            if self.failing.get(check) is False:
                del self.failing[check]


class Instances(Service):
    """The instances here that report: iterable, and by id."""

    def __init__(self, backend: Backend, scope: Scope, metrics: MetricWriter) -> None:
        super().__init__(backend, scope)
        self.metrics = metrics
        self._instances: dict[str, Instance] = {}

    def __iter__(self) -> Iterator[Instance]:
        return iter(list(self._instances.values()))

    def __getitem__(self, instance_id: str) -> Instance:
        """The instance of that id.

        Raises:
            MisuseError: none reports under it.
        """
        if instance_id not in self._instances:
            raise MisuseError(f"{instance_id} doesn't report: mon.sources.ec2({instance_id!r}).")
        return self._instances[instance_id]

    @direct
    def create(
        self,
        instance_id: str,
        load: Mapping[str, float | Sequence[float]],
        *,
        detailed: bool | None,
        hypervisor: str,
        shared: Mapping[str, str | None],
    ) -> Instance:
        """As `Sources.ec2` says."""
        if hypervisor not in _HYPERVISORS:
            raise MisuseError(f"hypervisor={hypervisor!r}: expected nitro or xen.")
        known = self._described(instance_id)
        told = {name: value or known.get(name) for name, value in shared.items()}
        if detailed is None:
            detailed = known.get("Monitoring", {}).get("State") == "enabled"
        made = Instance(
            instance_id, detailed, hypervisor,
            {name: value for name, value in told.items() if value},
            Load().changed(self.clock.now(), load), self,
        )  # fmt: skip
        if instance_id not in self._instances:
            self._await_minute(instance_id)
        self._instances[instance_id] = made
        return made

    def _described(self, instance_id: str) -> dict[str, Any]:
        """What the other mock knows of it; nothing where there is none, or it doesn't know it."""
        arn = self.scope.arn("ec2", f"instance/{instance_id}")
        wanted = {"InstanceIds": [instance_id]}
        try:
            answer = self.ask(arn, "ec2", "DescribeInstances", wanted)
        except Refused:
            return {}
        if answer is None:
            return {}
        found: dict[str, Any] = answer["Reservations"][0]["Instances"][0]
        return found

    # -- each minute -------------------------------------------------------------------------------

    def _await_minute(self, instance_id: str) -> None:
        begun = epoch_seconds(self.clock.now()) // MINUTE * MINUTE
        self.clock.set(
            EPOCH + timedelta(seconds=begun + MINUTE),
            Call("sources.instances", "minute_ended", instance_id),
            scope=self.scope,
            recurs=True,
        )

    def minute_ended(self, instance_id: str) -> None:
        """A timer's verb: take a sample of the minute that ends."""
        instance = self[instance_id]
        if instance.running:
            start = epoch_seconds(self.clock.now()) - MINUTE
            self._check_status(instance, start)
            self._sample(instance, start)
        self._await_minute(instance_id)

    def _check_status(self, instance: Instance, start: int) -> None:
        failed = instance.failing
        results = {f"StatusCheckFailed{suffix}": check in failed for check, suffix in CHECKS.items()
                   if check != "ebs" or instance.hypervisor == "nitro"}  # fmt: skip
        for name, result in {"StatusCheckFailed": bool(failed), **results}.items():
            self._put(instance, name, "Count", [float(result)], start)

    def _sample(self, instance: Instance, start: int) -> None:
        """Nitro's datapoint grows with each sample, Xen's is whole at the end of its period."""
        last = (start + MINUTE) % FIVE_MINUTES == 0
        values = instance.current.at(self.clock.now())
        for metric in reported(instance.hypervisor, instance.detailed, values):
            period = MINUTE if instance.detailed and not metric.slow else FIVE_MINUTES
            if metric.slow and not last:
                continue
            sample, begun = values.get(metric.name, 0.0), start // period * period
            if instance.hypervisor == "nitro" or period == MINUTE or metric.slow:
                self._put(instance, metric.name, metric.unit, [sample], begun)
                continue
            instance.gathered.setdefault(metric.name, []).append(sample)
            if last:
                samples = instance.gathered.pop(metric.name)
                self._put(instance, metric.name, metric.unit, samples, begun)

    def _put(
        self, instance: Instance, name: str, unit: str, samples: list[float], start: int
    ) -> None:
        sets: list[dict[str, str]] = [{"InstanceId": instance.instance_id}]
        for dimension, value in instance.shared.items():
            if dimension == "AutoScalingGroupName" or instance.detailed:
                sets.append({dimension: value})
        if instance.detailed:
            sets.append({})
        at = EPOCH + timedelta(seconds=start)
        for dimensions in sets:
            self.metrics.put(_NAMESPACE, name, samples, unit=unit, dimensions=dimensions, at=at)

    # -- what is done to them ----------------------------------------------------------------------

    def api_called(self, event: ApiCalled) -> None:
        """A call that the other mock's EC2 answered."""
        if event.error is not None:
            return
        for instance_id in event.parameters.get("InstanceIds", ()):
            if instance_id in self._instances:
                self._done(self._instances[instance_id], event.operation)

    def _done(self, instance: Instance, operation: str) -> None:
        if operation in ("StopInstances", "TerminateInstances"):
            instance.running = False
            instance.gathered = {}
        elif operation == "StartInstances":
            instance.running = True
            instance.treated("system", "instance")
        elif operation == "RebootInstances":
            instance.treated("instance")

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """An alarm's action upon an instance: what recovers is on another host."""
        if event.sender != "alarms" or event.error or not event.target_arn.endswith(_RECOVERS):
            return
        for instance_id in event.payload["InstanceIds"]:
            if instance_id in self._instances:
                self._instances[instance_id].treated("system", "instance")
