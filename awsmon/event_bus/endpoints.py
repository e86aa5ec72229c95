"""Global endpoints: events go to one region, and to another while the first is unhealthy.

Lives here: `Endpoint` and `Endpoints`. Whether it is healthy, the Route 53 health check says: by
the alarm that it watches, where the other mock has it, or as a test sets it.
Source: EventBridge User Guide, "Global endpoints"; Route 53's CloudWatch-alarm health checks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.arns import Arn
from awsmon.core.clock import Call
from awsmon.core.deliveries import Refused
from awsmon.core.resource import Resource, aws
from awsmon.event_bus.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from awsmon.core.clock import Timer
    from awsmon.event_bus.service import EventBus

__all__ = ["Endpoint", "Endpoints"]

CHANGE_TAKES = timedelta(seconds=5)
"""To be created, updated or deleted; AWS names no time."""


@dataclass(kw_only=True, slots=True, eq=False)
class Endpoint(Resource):
    """A global endpoint as DescribeEndpoint shows it."""

    aws_shape: ClassVar[str] = "events.DescribeEndpointResponse"

    name: str
    description: str | None = None
    arn: str
    routing_config: dict[str, Any]
    replication_config: dict[str, Any] = field(default_factory=lambda: {"State": "ENABLED"})
    event_buses: list[dict[str, str]]
    role_arn: str | None = None
    endpoint_id: str
    endpoint_url: str
    state: str = "CREATING"
    state_reason: str | None = None
    creation_time: datetime
    last_modified_time: datetime
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def health_check(self) -> str:
        """The ARN of the health check that watches the primary region."""
        return str(self.routing_config["FailoverConfig"]["Primary"]["HealthCheck"])


class Endpoints:
    """The global endpoints whose primary region this is: iterable, in order of name.

    Attributes:
        unhealthy: health checks that a test has failed.
    """

    def __init__(self, events: EventBus) -> None:
        self._events = events
        self._endpoints: dict[str, Endpoint] = {}
        self.unhealthy: set[str] = set()

    def __iter__(self) -> Iterator[Endpoint]:
        return iter([self._endpoints[name] for name in sorted(self._endpoints)])

    def __contains__(self, name: str) -> bool:
        return name in self._endpoints

    def __getitem__(self, name: str) -> Endpoint:
        """The endpoint of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in self._endpoints:
            raise ResourceNotFoundException.endpoint(name)
        return self._endpoints[name]

    def create(self, endpoint: Endpoint) -> None:
        """A new one."""
        self._endpoints[endpoint.name] = endpoint
        self.become(endpoint, "CREATING")

    def become(self, endpoint: Endpoint, state: str) -> None:
        """Be in that state for a little while, and then active, or gone."""
        endpoint.state = state
        clock = self._events.clock
        clock.cancel(endpoint.timer)
        call = Call("event_bus.endpoints", "changed", endpoint.name)
        endpoint.timer = clock.set(clock.now() + CHANGE_TAKES, call, scope=self._events.scope)

    def changed(self, name: str) -> None:
        """A timer's verb: the change is done."""
        endpoint = self._endpoints[name]
        if endpoint.state == "DELETING":
            del self._endpoints[name]
        else:
            endpoint.state = "ACTIVE"

    # -- routing -----------------------------------------------------------------------------------

    def alarm_of(self, endpoint: Endpoint) -> tuple[str, str, str] | None:
        """Region and name of the alarm that the health check watches, and what no data means.

        It asks the other mock, so nothing may have been looked at before.
        """
        check = endpoint.health_check
        try:
            answer = self._events.ask(check, "route53", "GetHealthCheck",
                                      {"HealthCheckId": check.rpartition("/")[2]})  # fmt: skip
        except Refused:
            return None
        config = (answer or {}).get("HealthCheck", {}).get("HealthCheckConfig", {})
        alarm = config.get("AlarmIdentifier")
        if not alarm:
            return None
        silent = config.get("InsufficientDataHealthStatus", "LastKnownStatus")
        return alarm["Region"], alarm["Name"], silent

    def buses_of(self, endpoint: Endpoint, *, healthy: bool) -> list[str]:
        """The ARNs of the buses that an event goes to: the first by rank, then its replica."""
        second = endpoint.routing_config["FailoverConfig"]["Secondary"]["Route"]
        arns = [each["EventBusArn"] for each in endpoint.event_buses]
        ranked = sorted(arns, key=lambda arn: (Arn.parse(arn).region == second) == healthy)
        return ranked if endpoint.replication_config.get("State") == "ENABLED" else ranked[:1]
