"""The event buses of one account and region.

Lives here: `EventBus`: buses, rules, and the direct API. What a bus does with an event is
`routing.py`'s, how a target is reached `invoking.py`'s, rules by schedule `schedules.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.clock import aware
from awsmon.core.deliveries import Refused
from awsmon.core.errors import MisuseError
from awsmon.core.later import Later
from awsmon.core.samples import sample
from awsmon.core.scope import Scope
from awsmon.core.service import Service, direct
from awsmon.event_bus.api_destinations import ApiDestinations
from awsmon.event_bus.archives import Archives
from awsmon.event_bus.connections import Connections
from awsmon.event_bus.endpoints import Endpoint, Endpoints
from awsmon.event_bus.entries import emitted, envelope
from awsmon.event_bus.errors import ResourceNotFoundException
from awsmon.event_bus.inputs import compact
from awsmon.event_bus.invoking import DISCOVERY, Invoking, bus_of
from awsmon.event_bus.model import DEFAULT, Bus
from awsmon.event_bus.partners import EventSources
from awsmon.event_bus.permissions import may
from awsmon.event_bus.replays import Replays
from awsmon.event_bus.routing import Routing
from awsmon.event_bus.rules import RuleHandle, Rules
from awsmon.event_bus.schedules import Schedules
from awsmon.lang.event_pattern.explanation import explain
from awsmon.lang.event_pattern.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import TypeVar

    from awsmon.core.backend import Backend
    from awsmon.core.bus_events import DiscovererChanged, EventEmitted
    from awsmon.core.deliveries import Delivery
    from awsmon.core.neighbours import Conformance
    from awsmon.event_bus.model import Rule
    from awsmon.lang.event_pattern.explanation import Mismatch

    H = TypeVar("H", bound=Callable[..., Any])

__all__ = ["EventBus"]


class EventBus(Service):
    """EventBridge in one account and region: its buses are iterable, and `event_bus["name"]`.

    Attributes:
        buses: by name; ``default`` is always there.
        most_rules: a bus may have; 300, AWS's quota, which can be raised.
    """

    def __init__(self, backend: Backend, scope: Scope) -> None:
        super().__init__(backend, scope)
        self.most_rules = 300
        self.buses: dict[str, Bus] = {}
        self.routing = Routing(self)
        self.invoking = Invoking(self)
        self.schedules = Schedules(self)
        self.rules = Rules(self)
        self.archives = Archives(self)
        self.replays = Replays(self)
        self.connections = Connections(self)
        self.destinations = ApiDestinations(self)
        self.sources = EventSources(self)
        self.endpoints = Endpoints(self)
        self.create_bus(DEFAULT)

    def __iter__(self) -> Iterator[Bus]:
        return iter([self.buses[name] for name in sorted(self.buses)])

    def __getitem__(self, name: str) -> Bus:
        return self.bus(name)

    # -- buses -------------------------------------------------------------------------------------

    def create_bus(self, name: str, **more: Any) -> Bus:
        """A new bus; *more* are fields of `Bus`."""
        now = self.clock.now()
        bus = Bus(name=name, arn=self.scope.arn("events", f"event-bus/{name}"),
                  creation_time=now, last_modified_time=now, **more)  # fmt: skip
        self.buses[name] = bus
        return bus

    def bus(self, name: str | None) -> Bus:
        """The bus of that name or ARN; None: the default one.

        Raises:
            ResourceNotFoundException: there is none here; the ARN may be of another place.
        """
        wanted = name or DEFAULT
        plain = wanted.rpartition(":event-bus/")[2]
        found = self.buses.get(plain)
        if found is None or wanted not in (plain, found.arn):
            raise ResourceNotFoundException.bus(plain)
        return found

    def there(self, name: str) -> EventBus:
        """EventBridge where a bus lies, by the bus's ARN; a name is one here."""
        arn = Arn.maybe(name) if name.startswith("arn:") else None
        if arn is None or (arn.account, arn.region) == self.scope:
            return self
        found: EventBus = self._backend.at(Scope(arn.account, arn.region)).event_bus
        return found

    def of_account(self, account: str) -> EventBus:
        """EventBridge of another account, in this region."""
        found: EventBus = self._backend.at(Scope(account, self.scope.region)).event_bus
        return found

    def region_wide(self) -> list[EventBus]:
        """EventBridge of all accounts that there are in this region."""
        return [
            self.of_account(scope.account)
            for scope in self._backend.scopes if scope.region == self.scope.region
        ]  # fmt: skip

    def endpoint(self, id_: str) -> tuple[EventBus, Endpoint]:
        """A global endpoint of this account by its id, and EventBridge where it is at home.

        Raises:
            ResourceNotFoundException: there is none.
        """
        for scope in self._backend.scopes:
            if scope.account == self.scope.account:
                home: EventBus = self._backend.at(scope).event_bus
                for endpoint in home.endpoints:
                    if endpoint.endpoint_id == id_:
                        return home, endpoint
        raise ResourceNotFoundException.endpoint(id_)

    @direct
    def set_health(self, health_check_arn: str, *, healthy: bool) -> None:
        """Have a Route 53 health check, by which global endpoints fail over, fail or recover.

        Where moto has the health check, the alarm that it watches decides, and this isn't needed.

        Args:
            health_check_arn: ``arn:aws:route53:::healthcheck/...``, as endpoints name it.
            healthy: False: events go to the second region.
        """
        if healthy:
            self.endpoints.unhealthy.discard(health_check_arn)
        else:
            self.endpoints.unhealthy.add(health_check_arn)

    def healthy(self, endpoint: Endpoint) -> bool:
        """Whether events go to the first region of an endpoint."""
        alarm = self.endpoints.alarm_of(endpoint)
        if endpoint.health_check in self.endpoints.unhealthy:
            return False
        if alarm is None:
            return True
        region, name, silent = alarm
        alarms = self._backend.at(Scope(self.scope.account, region)).alarms
        state = alarms[name].state if name in alarms else "INSUFFICIENT_DATA"
        return state == "OK" or (state == "INSUFFICIENT_DATA" and silent != "Unhealthy")

    # -- what comes in -----------------------------------------------------------------------------

    def event_emitted(self, event: EventEmitted) -> None:
        """A listener: an AWS service tells the default bus something."""
        self.routing.receive(self.bus(None), Later(emitted, self.ids.uuid(), event))

    def discoverer_changed(self, event: DiscovererChanged) -> None:
        """A listener: a rule of its own shows the schema registry what comes to a bus.

        Events of AWS's own aren't discovered: their schemas are known.
        """
        bus = self.bus(event.bus)
        name = f"Schemas-events-event-bus-{bus.name}"
        if name in bus.rules:
            self.rules.unmanage(bus, name)
        if event.started:
            pattern: dict[str, Any] = {"source": [{"anything-but": {"prefix": "aws."}}]}
            if not event.cross_account:
                pattern["account"] = [self.scope.account]
            self.rules.manage(bus, name, compact(pattern), DISCOVERY)

    def deliver(self, delivery: Delivery) -> None:
        """An event for a bus, which may be another account's, from a rule elsewhere.

        Raises:
            Refused: there is no such bus, or its policy lets nobody in.
        """
        arn = bus_of(delivery)
        with self.door:
            there = self.there(delivery.target_arn)
            bus = there.buses.get(arn.resource.removeprefix("event-bus/"))
            if bus is None:
                raise Refused(f"{arn} does not exist", permanent=True,
                              code="ResourceNotFoundException")  # fmt: skip
            if not may(bus, there.scope.account, delivery.scope.account):
                raise Refused(f"the policy of {arn} lets {delivery.scope.account} put no events",
                              permanent=True, code="AccessDeniedException")  # fmt: skip
            if not _is_event(delivery.payload):
                raise Refused("the input is no event", permanent=True, code="MalformedDetail")
            forwarded = delivery.sender == "events"
            there.routing.receive(bus, delivery.payload, forwarded=forwarded)

    # -- for people --------------------------------------------------------------------------------

    @direct
    def put(
        self,
        source: str,
        detail_type: str,
        detail: Mapping[str, Any] | None = None,
        *,
        resources: Sequence[str] = (),
        bus: str | None = None,
        at: datetime | str | None = None,
    ) -> str:
        """Put one event on a bus; its id.

        Args:
            source: as ``com.example.orders``; AWS's own begin with ``aws.``: `put_aws_event`.
            detail_type: as ``Order Placed``.
            detail: a JSON object.
            resources: ARNs.
            bus: name or ARN; None: the default bus.
            at: aware; what the event says of its time. None: now.

        Raises:
            MisuseError: the source is AWS's.
            ResourceNotFoundException: there is no such bus.
        """
        if source.startswith("aws."):
            raise MisuseError(f"put({source!r}): events of AWS's own are put_aws_event's.")
        return self._put(bus, source, detail_type, detail or {}, resources, at)

    @direct
    def put_aws_event(
        self,
        source: str,
        detail_type: str,
        detail: Mapping[str, Any] | None = None,
        *,
        resources: Sequence[str] = (),
        at: datetime | str | None = None,
    ) -> str:
        """Have an AWS service tell the default bus something; the event's id.

        Args:
            source: as ``aws.ec2``.
            detail_type: as ``EC2 Instance State-change Notification``.
            detail: a JSON object.
            resources: ARNs.
            at: aware; what the event says of its time. None: now.
        """
        return self._put(None, source, detail_type, detail or {}, resources, at)

    def sample(self, source: str, detail_type: str, **changes: Any) -> dict[str, Any]:
        """The detail of a sample event of an AWS service, for `put_aws_event`.

        Args:
            source: as ``aws.ec2``.
            detail_type: as ``EC2 Instance State-change Notification``.
            changes: members of the detail to put in place of the sample's.

        Raises:
            MisuseError: there is no such sample; the message says which there are.
        """
        return {**sample(source, detail_type), **changes}

    def conforms(self, event: Mapping[str, Any], schema: str | Mapping[str, Any]) -> Conformance:
        """Whether an event conforms to a schema: true, or false and printing what is wrong.

        Args:
            event: the whole event.
            schema: an OpenAPI 3 or JSON Schema document; ``registry/name``; or the name of a
                schema in any registry, as ``my.app@OrderPlaced``.

        Raises:
            MisuseError: there is no such schema, or the extra ``schemas`` isn't installed.
        """
        found: Conformance = self._backend.at(self.scope).schemas.conforms(event, schema)
        return found

    def _put(
        self, bus: str | None, source: str, detail_type: str, detail: Mapping[str, Any],
        resources: Sequence[str], at: datetime | str | None,
    ) -> str:  # fmt: skip
        found = self.bus(bus)
        event = envelope(
            self.scope, id_=self.ids.uuid(), source=source, detail_type=detail_type,
            at=self.clock.now() if at is None else aware(at), resources=resources, detail=detail,
        )  # fmt: skip
        self.routing.receive(found, event)
        id_: str = event["id"]
        return id_

    @direct
    def rule(
        self,
        name: str,
        pattern: Mapping[str, Any] | None = None,
        *,
        schedule: str | None = None,
        bus: str | None = None,
    ) -> RuleHandle:
        """Make a rule, or make it anew; ``.to(...)`` gives it targets.

        Args:
            name: of the rule.
            pattern: an event pattern as a mapping.
            schedule: as ``rate(5 minutes)``, on the default bus.
            bus: name or ARN; None: the default bus.

        Raises:
            InvalidEventPatternException: the pattern is none.
            ValidationException: the schedule is none, or there is neither.
            ResourceNotFoundException: there is no such bus.
        """
        return self.rules.handle(name, pattern, schedule, self.bus(bus))

    def on(self, pattern: Mapping[str, Any], *, bus: str | None = None) -> Callable[[H], H]:
        """Have a Python function called with each event of a pattern: a decorator.

        It makes a rule named after the function, and binds the function as a Lambda function.
        """

        def decorate(handler: H) -> H:
            self.rule(handler.__name__, pattern, bus=bus).to(handler)
            return handler

        return decorate

    @direct
    def explain(
        self, rule: str, event: Mapping[str, Any], *, bus: str | None = None
    ) -> list[Mismatch]:
        """Which fields of an event don't match a rule, and what was there; none: it matches.

        Raises:
            ResourceNotFoundException: there is no such rule.
            MisuseError: the rule has a schedule and no pattern.
        """
        found: Rule = self.rules.of(self.bus(bus), rule)
        if found.event_pattern is None:
            raise MisuseError(f"Rule {rule} has no pattern: it fires by its schedule.")
        return explain(parse(found.event_pattern), event)

    def bind(self, arn: str, handler: Callable[..., Any]) -> None:
        """Put a Python callable behind an ARN, as `Monitoring.bind` does."""
        self._backend.bindings.bind(arn, handler)


def _is_event(payload: Any) -> bool:
    """Whether a bus takes it: the detail is an object, as PutEvents wants it."""
    if not isinstance(payload, dict) or "detail-type" not in payload:
        return False
    return isinstance(payload.get("detail"), dict)
