"""Application Insights in one account and region.

Lives here: `ApplicationInsights`: applications and their life cycle. How resources are found is
`discovery.py`'s.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.application_insights.agent_configuration import Agents
from awsmon.application_insights.dashboards import Dashboards
from awsmon.application_insights.detection import Detection
from awsmon.application_insights.discovery import Discovery
from awsmon.application_insights.errors import (
    AccessDeniedException,
    BadRequestException,
    ResourceNotFoundException,
)
from awsmon.application_insights.model import ConfigurationEvent, Found
from awsmon.application_insights.monitoring import Monitoring
from awsmon.application_insights.problems import Problems
from awsmon.application_insights.resource_kinds import INSTANCE, kind_of
from awsmon.application_insights.symptoms import described
from awsmon.application_insights.telling import Telling
from awsmon.core.clock import Call
from awsmon.core.errors import MisuseError
from awsmon.core.service import Service, direct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsmon.application_insights.model import Application, Component
    from awsmon.core.backend import Backend
    from awsmon.core.neighbours import AlarmKeeper, DashboardKeeper, MetricReader, ObservedAccounts
    from awsmon.core.scope import Scope
    from awsmon.core.targets import OtherMock

__all__ = ["ApplicationInsights"]

DELETION_TAKES = timedelta(seconds=10)
KEPT = timedelta(days=90)
"""How long configuration events are kept; the span is ours."""


class ApplicationInsights(Service):
    """The applications of one account and region: iterable, in order of name.

    Args:
        alarms: keeps the alarms that are made.
        metrics: tells what is known of metrics.
        dashboards: keeps the account's dashboards.
        observed: tells which accounts share their applications with this one.

    Attributes:
        discovery: finds resources and makes components of them.
        monitoring: watches what components are configured to have watched.
        agents: tells agents what to collect.
        detection: makes observations of that.
        problems: what observations make together.
        telling: tells of problems.
        dashboards: draws applications and problems.
    """

    def __init__(
        self, backend: Backend, scope: Scope, *, alarms: AlarmKeeper, metrics: MetricReader,
        dashboards: DashboardKeeper, observed: ObservedAccounts,
    ) -> None:  # fmt: skip
        super().__init__(backend, scope)
        self.observed = observed
        self._applications: dict[str, Application] = {}
        self.discovery = Discovery(self)
        self.monitoring = Monitoring(self, alarms, metrics)
        self.agents = Agents(self)
        self.detection = Detection(self)
        self.problems = Problems(self)
        self.telling = Telling(self)
        self.dashboards = Dashboards(self, dashboards)

    # -- looking up --------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Application]:
        return iter([self._applications[name] for name in sorted(self._applications)])

    def __contains__(self, name: str) -> bool:
        return name in self._applications

    def __getitem__(self, name: str) -> Application:
        """The application of that resource group.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in self._applications:
            raise ResourceNotFoundException.application(name)
        return self._applications[name]

    def get(self, name: str) -> Application | None:
        """The application of that resource group, if there is one."""
        return self._applications.get(name)

    def component(self, name: str, component: str) -> Component:
        """A component of an application.

        Raises:
            ResourceNotFoundException: there is no such application, or component.
        """
        found = self[name].components.get(component)
        if found is None:
            raise ResourceNotFoundException.component(component)
        return found

    def of_account(self, account: str | None) -> ApplicationInsights:
        """That of an account: this one's, or of one that shares its applications with it.

        Raises:
            AccessDeniedException: it doesn't.
        """
        if account is None or account == self.scope.account:
            return self
        for linked in self.observed.sources("AWS::ApplicationInsights::Application"):
            if linked.scope.account == account:
                there: ApplicationInsights = self._backend.at(linked.scope).application_insights
                return there
        raise AccessDeniedException.account(account)

    # -- the life of an application ----------------------------------------------------------------

    def create(self, application: Application) -> None:
        """A new one; its resources are found a little later."""
        self._applications[application.resource_group_name] = application
        self.discovery.later(application)

    def settled(self, application: Application) -> None:
        """Say how far it is: something is monitored, or nothing is yet."""
        if application.life_cycle == "DELETING":
            return
        components = application.components.values()
        idle = sum(not each.monitor for each in components)
        application.life_cycle = "ACTIVE" if idle < len(components) else "NOT_CONFIGURED"
        application.remarks = (
            f"Configuring application, detected {idle} Unconfigured Components" if idle else ""
        )

    def delete(self, name: str) -> None:
        """It is watched no more, and gone a little later.

        Raises:
            ResourceNotFoundException: there is none.
            BadRequestException: it is being deleted.
        """
        application = self[name]
        if application.life_cycle == "DELETING":
            raise BadRequestException.busy(name, application.life_cycle)
        application.life_cycle = "DELETING"
        for component in application.components.values():
            self.monitoring.stop(application, component)
        self.clock.cancel(application.timer)
        application.timer = self.clock.set(
            self.clock.now() + DELETION_TAKES, Call("application_insights", "deleted", name),
            scope=self.scope,
        )  # fmt: skip

    def deleted(self, name: str) -> None:
        """A timer's verb: it is gone."""
        self.problems.forget(name)
        self.tags.forget(self._applications.pop(name).arn)

    def run_errand(self, name: str, mock: OtherMock) -> None:
        """Look at an application's resources, outside the lock."""
        self.discovery.look(name, mock)

    def remember(
        self, application: Application, component: Component, *, status: str, kind: str, name: str,
        detail: str,
    ) -> None:  # fmt: skip
        """Something was set up, or couldn't be: the configuration history tells it."""
        now = self.clock.now()
        application.history = [each for each in application.history if each.event_time > now - KEPT]
        application.history.append(
            ConfigurationEvent(
                resource_group_name=application.resource_group_name,
                account_id=self.scope.account, monitored_resource_arn=component.id,
                event_status=status, event_resource_type=kind, event_time=now, event_detail=detail,
                event_resource_name=name,
            )
        )  # fmt: skip

    # -- for people --------------------------------------------------------------------------------

    @direct
    def declare(self, group: str, resources: Iterable[str], *, windows: bool = False) -> None:
        """Say what is in a resource group, without another mock or beside what it says.

        Args:
            group: the name of the resource group.
            resources: ARNs; with those that were declared before.
            windows: instances among them run Windows.

        Raises:
            MisuseError: one is nothing that Application Insights watches.
        """
        declared = self.discovery.declared.setdefault(group, {})
        for arn in resources:
            kind = kind_of(arn)
            if kind is None:
                raise MisuseError(f"declare({group!r}): {arn!r} is nothing that is watched.")
            system = ("WINDOWS" if windows else "LINUX") if kind.type == INSTANCE else None
            declared[arn] = Found(arn=arn, os=system)
        application = self.get(group)
        if application is not None and application.life_cycle in ("ACTIVE", "NOT_CONFIGURED"):
            self.discovery.later(application)

    @direct
    def explain(self, problem: str) -> str:
        """Why observations are one problem.

        Args:
            problem: its id.

        Returns:
            Lines: the problem, and each observation with when it was seen, and why it belongs here.

        Raises:
            ResourceNotFoundException: there is no such problem.
        """
        found = self.problems[problem]
        lines = [f"{found.title}: {found.status}, {found.severity_level}"]
        for each in self.problems.observations(found):
            until = "on" if each.end_time is None else f"{each.end_time:%H:%M}"
            why = each.because or "with it the problem began"
            lines.append(f"  {each.start_time:%Y-%m-%d %H:%M} to {until}: {described(each)}: {why}")
        return "\n".join(lines)

    @direct
    def set_threshold(self, namespace: str, metric: str, value: float) -> None:
        """Say when alarms on a metric go off, instead of having it learnt from a fortnight of data.

        Args:
            namespace: of the metric, as ``AWS/EC2``.
            metric: its name; whether much or little of it is bad is known.
            value: the threshold of the alarms that are made from now on.
        """
        self.monitoring.thresholds[namespace, metric] = float(value)
        self.monitoring.again(timedelta(hours=1))
