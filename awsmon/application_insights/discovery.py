"""From the resources of an application to its components.

Lives here: `Discovery`: when an application is looked at, and what becomes of what was found.
Instances of an Auto Scaling group, or behind a load balancer, that is in the application belong to
that component; the others stand alone, until a person groups them. Asking is `looking.py`'s.

An application is looked at a little after it was created, and a while after something was changed
in the other mock; both spans are ours. Source: User Guide, "How Amazon CloudWatch Application
Insights works"; the life cycle as clients wait for it: CREATING, then NOT_CONFIGURED or ACTIVE.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.application_insights.looking import Asking, look
from awsmon.application_insights.model import Component, Found
from awsmon.application_insights.permissions import Attached, attach
from awsmon.application_insights.recommending import workload_of
from awsmon.application_insights.resource_kinds import INSTANCE, kind_of
from awsmon.core.clock import Call
from awsmon.core.deliveries import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsmon.application_insights.model import Application
    from awsmon.application_insights.service import ApplicationInsights
    from awsmon.core.targets import OtherMock

__all__ = ["Discovery"]

CREATION_TAKES = timedelta(seconds=10)
NOTICED_AFTER = timedelta(minutes=5)


class Discovery:
    """Finds resources and makes components of them."""

    def __init__(self, insights: ApplicationInsights) -> None:
        self._insights = insights
        self.declared: dict[str, dict[str, Found]] = {}

    def later(self, application: Application, wait: timedelta = CREATION_TAKES) -> None:
        """Have an application looked at."""
        clock = self._insights.clock
        call = Call("application_insights.discovery", "due", application.resource_group_name)
        application.timer = clock.earlier(
            application.timer, clock.now() + wait, call, scope=self._insights.scope
        )

    def stirred(self) -> None:
        """A listener: something was changed in the other mock."""
        for application in self._insights:
            if application.life_cycle in ("ACTIVE", "NOT_CONFIGURED"):
                self.later(application, NOTICED_AFTER)

    def due(self, name: str) -> None:
        """A timer's verb: the look itself is taken once the lock is free."""
        insights = self._insights
        insights[name].timer = None
        arn = insights.scope.arn("applicationinsights", "errand")
        insights.deliveries.send(
            Delivery(at=insights.clock.now(), scope=insights.scope, target_arn=arn,
                     sender="application_insights", subject=arn, payload=name),
            keep=False,
        )  # fmt: skip

    def look(self, name: str, mock: OtherMock) -> None:
        """An errand, outside the lock."""
        insights = self._insights
        with insights.door:
            application = insights.get(name)
            if application is None:
                return
            group = None if application.discovery_type == "ACCOUNT_BASED" else name
        ask = Asking(mock, insights.scope)
        found = look(ask, group)
        arns = [arn for each in found for arn in (each.arn, *each.members)]
        given = list(attach(ask, arns)) if application.attach_missing_permission else []
        with insights.door:
            if insights.get(name) is application and application.life_cycle != "DELETING":
                self.found(application, found)
                for each in given:
                    self._tell(application, each)

    def _tell(self, application: Application, given: Attached) -> None:
        """The history says that a role was given what it lacked, or why not."""
        for component in application.components.values():
            if given.instance in component.resources:
                self._insights.remember(
                    application, component, status="ERROR" if given.error else "INFO",
                    kind="SSM_ASSOCIATION", name=given.role,
                    detail=given.error or f"Policy {given.policy} was attached.",
                )  # fmt: skip

    def found(self, application: Application, resources: Iterable[Found]) -> None:
        """What there is of an application now, beside what was declared."""
        known = {each.arn: each for each in resources}
        known.update(self.declared.get(application.resource_group_name, {}))
        application.resources = known
        self.arrange(application)
        for component in application.components.values():
            if component.monitor:  # instances may have come or gone
                self._insights.monitoring.apply(application, component)
        first = application.life_cycle == "CREATING"
        if application.auto_config_enabled or (first and application.auto_create):
            self._insights.monitoring.configure_all(application)
        self._insights.settled(application)

    # -- components --------------------------------------------------------------------------------

    def arrange(self, application: Application) -> None:
        """Make the components agree with the resources; what was configured stays."""
        before, resources = application.components, application.resources
        custom = {name: each for name, each in before.items() if each.custom}
        for each in custom.values():
            each.arns = [arn for arn in each.arns if arn in resources]
        grouped = {arn for each in custom.values() for arn in each.arns}
        grouped |= {arn for each in resources.values() for arn in each.members}
        found = {
            arn: self._component(each, before.get(arn))
            for arn, each in resources.items() if arn not in grouped
        }  # fmt: skip
        for name in before.keys() - found.keys() - custom.keys():
            self._insights.monitoring.stop(application, before[name])
        application.components = dict(sorted((found | custom).items()))

    def _component(self, found: Found, known: Component | None) -> Component:
        kind = kind_of(found.arn)
        assert kind is not None
        if known is None:
            known = Component(component_name=found.arn, resource_type=kind.type, id=found.arn,
                              arns=[found.arn])  # fmt: skip
        known.os_type = found.os if found.os or kind.type != INSTANCE else "LINUX"
        known.members = list(found.members)
        known.detected_workload = {workload_of(found.engine): {"Priority": "1"}}
        return known

    def standalone(self, application: Application, arn: str) -> bool:
        """Whether a resource is an instance that no component has grouped."""
        kind, component = kind_of(arn), application.components.get(arn)
        return kind is not None and kind.type == INSTANCE and component is not None
