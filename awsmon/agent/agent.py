"""The agent: what a user holds.

Lives here: `Agent`, which runs a plan on the clock of a session; making one of a configuration is
`making.py`'s. It speaks boto3 through the mock, as the real one speaks to AWS: what it does is in
the trail, is refused when faults are on, and goes to the account and region of its place. Its
timers are data like all others; the agent itself is the user's and in no snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from awsmon.agent.measuring import Meter, Sender, common_dimensions, source
from awsmon.agent.plugins.statsd import StatsD
from awsmon.agent.tailing import Logs
from awsmon.core.clock import Call, Timer
from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.agent.host import Host
    from awsmon.agent.model import MetricsPlan, Plan
    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope

__all__ = ["Agent"]


@dataclass
class _Task:
    """Something that is done again and again."""

    every: timedelta
    do: Callable[[datetime], None]
    due: datetime | None = None


class Agent:
    """A CloudWatch agent on one machine.

    Attributes:
        plan: what it does.
        host: the machine that it believes to be on.
        log: what it has to say: what was refused, what this machine doesn't tell.
        statsd_address: where it listens for StatsD, as ``("127.0.0.1", 8125)``; None: nowhere.
    """

    def __init__(
        self, backend: Backend, scope: Scope, plan: Plan, host: Host, clients: Callable[..., Any]
    ) -> None:
        self.plan = plan
        self.host = host
        self.log: list[str] = []
        self.statsd_address: tuple[str, int] | None = None
        self._backend = backend
        self._scope = scope
        self._arn = scope.arn("cloudwatch-agent", backend.ids.uuid())
        self._clients = clients
        self._timer: Timer | None = None
        self._running = False
        self._failure: BaseException | None = None
        self._logs = self._reader()
        self._sender: Sender | None = None
        self._meters: list[Meter] = []
        self._tasks: list[_Task] = []

    def start(self) -> Agent:
        """Begin to tail and to measure, from now on.

        Raises:
            MisuseError: it runs already, or StatsD's port is taken.
        """
        if self._running:
            raise MisuseError("The agent runs already.")
        self._begin()
        self._running = True
        self._backend.bindings.bind(self._arn, self._due)
        self._await()
        return self

    def stop(self) -> None:
        """Send what there is, and end; `start` goes on where it stopped.

        Raises:
            AwsmonError: as for `collect`.
        """
        if self._running:
            self._finish()
        self._running = False
        self._backend.bindings.unbind(self._arn)
        with self._backend.door:
            self._backend.clock.cancel(self._timer)
        for meter in self._meters:
            meter.close()
        self._meters, self._tasks, self.statsd_address = [], [], None
        if self._logs is not None:
            self._logs.close()
        self._raise()

    def __enter__(self) -> Agent:
        return self if self._running else self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def collect(self) -> None:
        """Read, measure and send now, whatever is due when.

        Raises:
            AwsmonError: something went wrong since the last time, or now.
        """
        self._begin()
        for meter in self._meters:
            self._measure(meter, self._backend.clock.now())
        self._finish()
        self._raise()

    def _finish(self) -> None:
        """Read what was written, and send all."""
        now = self._backend.clock.now()
        if self._logs is not None:
            self._logs.read(now, whole=True)
        for meter in self._meters:
            self._aggregate(meter, now)
        if self._sender is not None:
            self._sender.send()

    def _raise(self) -> None:
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    # -- beginning ---------------------------------------------------------------------------------

    def _reader(self) -> Logs | None:
        plan = self.plan.logs
        if plan is None:
            return None
        client = self._clients("logs", plan.role_arn)
        return Logs(plan, client, self.plan.state_file, self.log.append)

    def _begin(self) -> None:
        """Make what measures; counters count from here."""
        if self._tasks:
            return
        plan = self.plan
        if plan.metrics is not None:
            self._measure_from_now(plan.metrics)
        if plan.logs is not None and self._logs is not None:
            self._logs.begin()
            for interval in dict.fromkeys(file.interval for file in plan.logs.files):
                self._every(interval, partial(self._read, interval))

    def _measure_from_now(self, plan: MetricsPlan) -> None:
        if self._sender is None:
            client = self._clients("cloudwatch", plan.role_arn)
            self._sender = Sender(plan, client, self.log.append)
        common = common_dimensions(self.plan, self.host)
        for plugin in plan.plugins:
            what = source(plugin, self.log.append)
            if isinstance(what, StatsD):
                self.statsd_address = what.address
            meter = Meter(plugin, what, common, plan.aggregations, self.log.append)
            self._meters.append(meter)
            self._every(plugin.interval, partial(self._measure, meter))
            if wait := plugin.settings.get("metrics_aggregation_interval"):
                self._every(wait, partial(self._aggregate, meter))
        self._every(plan.interval, self._send)

    def _every(self, seconds: float, do: Callable[[datetime], None]) -> None:
        self._tasks.append(_Task(timedelta(seconds=seconds), do))

    # -- working -----------------------------------------------------------------------------------

    def _read(self, interval: float, now: datetime) -> None:
        """Where time stands still, whatever was written before it went on is whole."""
        assert self._logs is not None
        self._logs.read(now, whole=not self._backend.clock.flows, interval=interval)

    def _measure(self, meter: Meter, now: datetime) -> None:
        assert self._sender is not None
        for datum in meter.data(now):
            self._sender.add(datum)

    def _aggregate(self, meter: Meter, now: datetime) -> None:
        del now
        assert self._sender is not None
        for datum in meter.aggregated():
            self._sender.add(datum)

    def _send(self, now: datetime) -> None:
        del now
        assert self._sender is not None
        self._sender.send()

    def _await(self) -> None:
        """Have a timer set for what is due next."""
        with self._backend.door:
            clock = self._backend.clock
            for task in self._tasks:
                task.due = task.due or clock.now() + task.every
            due = min((task.due for task in self._tasks if task.due), default=None)
            if due is not None:
                self._timer = clock.set(
                    due, Call("deliveries", "errand", self._arn), scope=self._scope, recurs=True
                )

    def _due(self, payload: Any) -> None:
        """An errand of the clock's: do what is due; nobody of the trace has asked for it."""
        del payload
        now = self._backend.clock.now()
        try:
            with self._backend.caused_by(None):
                for task in self._tasks:
                    if task.due is not None and task.due <= now:
                        task.due = now + task.every
                        task.do(now)
        except Exception as error:  # the errand has nobody to tell: `collect` does
            self._failure = error
            self.log.append(f"{type(error).__name__}: {error}")
        if self._running:
            self._await()
