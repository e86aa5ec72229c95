"""What the user holds: one session of the monitoring plane.

Lives here: `Monitoring`, and `Place` for other accounts and regions. Interception of SDK calls is
`mock.py`'s: `Monitoring(now=...)` on its own is the same world without it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.backend import Backend
from awsmon.core.clock import Clock, aware
from awsmon.core.errors import MisuseError
from awsmon.core.scope import DEFAULT_ACCOUNT, DEFAULT_REGION, Scope, scope_of
from awsmon.core.snapshot import dump, load
from awsmon.services import Services
from awsmon.wiring import wire

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Unpack

    from awsmon.agent.agent import Agent
    from awsmon.agent.reading import Source
    from awsmon.alarms.explain import CompositeExplanation, Explanation
    from awsmon.alarms.service import Alarms
    from awsmon.application_insights.service import ApplicationInsights
    from awsmon.config_recorder.service import ConfigRecorder
    from awsmon.core.deliveries import Deliveries
    from awsmon.core.trace import TraceTree
    from awsmon.event_bus.service import EventBus
    from awsmon.logs.service import Logs
    from awsmon.metrics.service import Metrics
    from awsmon.pictures.dashboards.dashboard import DashboardOptions, DashboardView
    from awsmon.pipes.service import Pipes
    from awsmon.sdk.faults import Faults
    from awsmon.sources.service import Sources
    from awsmon.trail.service import Trail

__all__ = ["Monitoring", "Place"]


class Place:
    """The services in one account and region.

    Attributes:
        backend: the state that all places share; awsmon's own parts need it, tests don't.
    """

    def __init__(self, backend: Backend, scope: Scope) -> None:
        self.backend = backend
        self._scope = scope

    @property
    def account(self) -> str:
        """Twelve digits."""
        return self._scope.account

    @property
    def region(self) -> str:
        """As ``us-east-1``."""
        return self._scope.region

    @property
    def _services(self) -> Services:
        with self.backend.door:  # what has fallen due happens before anybody looks
            services: Services = self.backend.at(self._scope)
        return services

    @property
    def metrics(self) -> Metrics:
        """CloudWatch metrics, dashboards and streams."""
        return self._services.metrics

    @property
    def logs(self) -> Logs:
        """CloudWatch Logs."""
        return self._services.logs

    @property
    def alarms(self) -> Alarms:
        """CloudWatch alarms."""
        return self._services.alarms

    @property
    def event_bus(self) -> EventBus:
        """EventBridge."""
        return self._services.event_bus

    @property
    def trail(self) -> Trail:
        """CloudTrail."""
        return self._services.trail

    @property
    def config_recorder(self) -> ConfigRecorder:
        """AWS Config."""
        return self._services.config_recorder

    @property
    def pipes(self) -> Pipes:
        """EventBridge Pipes."""
        return self._services.pipes

    @property
    def application_insights(self) -> ApplicationInsights:
        """CloudWatch Application Insights: applications and their problems."""
        return self._services.application_insights

    @property
    def sources(self) -> Sources:
        """What AWS itself writes: logs of Lambda, VPCs, DNS, API Gateway, ECS; EC2's metrics."""
        return self._services.sources

    def agent(
        self,
        configuration: Source | Sequence[Source],
        *,
        instance_id: str | None = None,
        hostname: str | None = None,
        ip_address: str | None = None,
        role: str | None = None,
        dimensions: Mapping[str, str] | None = None,
        state_file: str | None = None,
        check_permissions: bool = True,
    ) -> Agent:
        """A CloudWatch agent on this machine that reports here; `Agent.start` begins.

        Args:
            configuration: the agent's, as an object, a path, or ``ssm:`` and the name of a
                parameter; or several, which are appended; or the old Logs agent's, as a path.
            instance_id: the EC2 instance that this machine is taken for. None: it is on premises.
            hostname: None: this machine's.
            ip_address: None: the instance's, where the other mock knows it.
            role: the name of its IAM role. None: that of the instance's profile.
            dimensions: what ``append_dimensions`` may add and nobody else knows, as
                ``{"AutoScalingGroupName": "web"}``.
            state_file: where the agent keeps how far it has read files; None: in memory, or where
                the old agent's configuration says.
            check_permissions: whether the role's policies are judged, where the other mock has IAM.

        Raises:
            ConfigurationError: the configuration isn't valid; it tells where, and what is wrong.
            MissingPermissions: the role doesn't allow what the configuration asks for.
            MisuseError: boto3's calls aren't answered, or there is no such file, parameter or role.
        """
        from awsmon.agent.making import made

        return made(
            self, configuration, instance_id=instance_id, hostname=hostname, ip_address=ip_address,
            role=role, dimensions=dict(dimensions or {}), state_file=state_file,
            check_permissions=check_permissions,
        )  # fmt: skip

    def dashboard(self, name: str, **options: Unpack[DashboardOptions]) -> DashboardView:
        """A dashboard of the account, to be written as an HTML page or a PNG.

        Args:
            name: of the dashboard.
            **options: *start* and *end* of the time that it shows, where not what its body says;
                *variables*, values of its variables by their Ids.

        Raises:
            ResourceNotFound: there is none of that name.
            MisuseError: *start* isn't before *end*, or a variable isn't there.
        """
        from awsmon.pictures.dashboards.dashboard import DashboardView  # when somebody looks

        return DashboardView(self.backend, self._scope, name, **options)

    def sql(self, query: str) -> list[dict[str, str | None]]:
        """Ask, in Athena's SQL, what CloudTrail and AWS Config delivered to S3.

        Tables are those that were made through the client `athena`, and `cloudtrail_logs` and
        `aws_config_configuration_snapshot`, as AWS documents them.

        Args:
            query: a SELECT, in Trino's dialect.

        Returns:
            The rows, by name of column; values are text, as in Athena's results.

        Raises:
            MisuseError: it is no such statement, there is no such table, its files can't be read,
                or the extra ``lake`` isn't installed.
        """
        return self._services.athena.sql(query)

    @property
    def credentials(self) -> dict[str, str]:
        """Keys of this account: ``boto3.client("cloudwatch", **place.credentials)``."""
        key = self.backend.access_key(self.account)
        return {"aws_access_key_id": key, "aws_secret_access_key": "awsmon"}


class Monitoring(Place):
    """One session: every account and region, one clock, one record of what happened.

    Args:
        now: an aware datetime or ISO 8601 text: time stands still there until it is advanced.
            None: time starts at the wall clock and flows with it.
        account: the account of calls whose credentials say nothing else, twelve digits.
        region: the region of clients that name none.
        seed: of every id and random choice; the same seed, the same run.
        keep: how many entries of the trace, and how many deliveries, are kept.

    Raises:
        MisuseError: an argument cannot be meant; the message says what to write.
    """

    def __init__(
        self,
        now: datetime | str | None = None,
        *,
        account: str = DEFAULT_ACCOUNT,
        region: str = DEFAULT_REGION,
        seed: int = 0,
        keep: int = 100_000,
    ) -> None:
        home = scope_of(account, region)
        start = None if now is None else aware(now, "now")
        super().__init__(
            Backend(now=start, home=home, services=Services, seed=seed, keep=keep), home
        )
        wire(self.backend)

    @property
    def clock(self) -> Clock:
        """Virtual time: `now`, `advance`, `run_until`."""
        return self.backend.clock

    @property
    def deliveries(self) -> Deliveries:
        """All that left for a target, oldest first."""
        with self.backend.door:
            return self.backend.deliveries

    @cached_property
    def faults(self) -> Faults:
        """What goes wrong on demand: throttling, errors, latency, broken connections."""
        from awsmon.sdk.faults import Faults

        return Faults(self.backend)

    def at(self, account: str | None = None, region: str | None = None) -> Place:
        """The services of another account, another region, or both.

        Raises:
            MisuseError: it isn't an account, or not a region.
        """
        return Place(self.backend, scope_of(account or self.account, region or self.region))

    def bind(self, arn: str, handler: Callable[..., Any], *, layers: Sequence[str] = ()) -> None:
        """Put a Python callable behind an ARN: it gets what is delivered there.

        Args:
            arn: of a function, topic, queue, or anything else.
            handler: called with the payload: for a function its event (and a context, if it takes
                two arguments), for a topic the parameters of Publish, for others what they are
                sent. It may be a coroutine function, and may call boto3. What it raises is recorded
                with the delivery, which is tried again as AWS would.
            layers: of a Lambda function: with ``LambdaInsightsExtension`` among them, Lambda
                Insights tells what each call used.

        Raises:
            MisuseError: the ARN is none, or layers are given for what isn't a function.
        """
        found = Arn.parse(arn)
        if layers and not (found.service == "lambda" and found.resource.startswith("function:")):
            raise MisuseError(f"bind({arn!r}, layers=...): only Lambda functions have layers.")
        self.backend.bindings.bind(arn, handler)
        if layers:
            services: Services = self.backend.at(Scope(found.account, found.region))
            services.sources.functions.attach(found.resource.split(":")[1], layers)

    def unbind(self, arn: str) -> None:
        """Take away what `bind` put there."""
        self.backend.bindings.unbind(arn)

    def settle(self, limit: timedelta = timedelta(days=30)) -> None:
        """Let time pass until every stored point was evaluated and all that doesn't recur is done.

        Raises:
            AwsmonError: something still went on after *limit*; the message names it.
        """
        self.clock.settle(limit)

    def snapshot(self) -> bytes:
        """The whole state: resources, data, timers, pending deliveries, trace, clock, ids.

        Bytes, as pickle makes them: write them to a file, and read only files that you trust.
        Callables behind ARNs aren't kept; bind them again.
        """
        return dump(self.backend)

    def restore(self, snapshot: bytes) -> None:
        """Go back to a snapshot, of this session or another; nothing is shared with its source.

        Raises:
            MisuseError: the bytes are no snapshot.
        """
        load(snapshot, self.backend)
        self._scope = self.backend.home

    def explain(self, name: str) -> Explanation | CompositeExplanation:
        """Why an alarm is in the state it is in: an object with fields that prints as text."""
        return self.alarms.explain(name)

    def report(
        self, path: str | os.PathLike[str], *, title: str = "Report", note: str | None = None
    ) -> Path:
        """Write all of the session into one HTML page, to be opened by any browser.

        It shows what went wrong and why, alarms over their metrics, metrics, excerpts of logs,
        events, deliveries, calls, configuration and the trace; it loads nothing from elsewhere.
        Long lists are cut, and say so.

        Args:
            path: of the file, which is replaced; folders are made.
            title: of the page.
            note: shown at its head, as what a test failed with.

        Returns:
            Where it is.
        """
        from awsmon.pictures.report.writing import report  # when somebody wants one

        with self.backend.door:
            text = report(self.backend, title, note)
        file = Path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def trace(self) -> TraceTree:
        """What happened, and what each thing was brought about by."""
        with self.backend.door:
            return self.backend.trace.tree()
