"""API destinations: endpoints of other people's that rules and pipes send requests to.

Lives here: `ApiDestinations`: the request in full, the authorization of its connection, and the
rate. A callable behind the destination's ARN gets the request, and what it returns is the answer;
else the request is sent to this machine, or recorded only.
Source: User Guide, "API destinations as targets"; API reference, ConnectionHttpParameters.
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import Call
from awsmon.core.deliveries import Refused
from awsmon.core.http import read_answer, request
from awsmon.event_bus.connections import pairs
from awsmon.event_bus.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.core.deliveries import Delivery
    from awsmon.event_bus.model import ApiDestination, Connection
    from awsmon.event_bus.service import EventBus

__all__ = ["ApiDestinations"]

SECOND = timedelta(seconds=1)
_HEADERS = {
    "User-Agent": "Amazon/EventBridge/ApiDestinations",
    "Content-Type": "application/json; charset=utf-8",
    "Range": "bytes=0-1048575",
    "Accept-Encoding": "gzip,deflate",
    "Connection": "close",
}
_FIXED = {"user-agent", "range", "accept-encoding", "connection", "host", "content-length"}
_BODILESS = {"GET", "HEAD"}


class ApiDestinations:
    """The API destinations of one account and region: iterable, in order of name."""

    def __init__(self, events: EventBus) -> None:
        self._events = events
        self._destinations: dict[str, ApiDestination] = {}
        self._waiting: dict[int, Delivery] = {}

    def __iter__(self) -> Iterator[ApiDestination]:
        return iter([self._destinations[name] for name in sorted(self._destinations)])

    def __contains__(self, name: str) -> bool:
        return name in self._destinations

    def __getitem__(self, name: str) -> ApiDestination:
        """The destination of that name, or of that ARN.

        Raises:
            ResourceNotFoundException: there is none.
        """
        plain = name.partition(":api-destination/")[2].partition("/")[0] or name
        found = self._destinations.get(plain)
        if found is None or name not in (plain, found.api_destination_arn):
            raise ResourceNotFoundException.api_destination(plain)
        return found

    def create(self, destination: ApiDestination) -> None:
        """A new one."""
        self._destinations[destination.name] = destination

    def delete(self, name: str) -> None:
        """One is gone."""
        del self._destinations[self[name].name]

    def state(self, destination: ApiDestination) -> str:
        """``ACTIVE`` while its connection is authorized."""
        try:
            connection = self._events.connections[destination.connection_arn]
        except ResourceNotFoundException:
            return "INACTIVE"
        return "ACTIVE" if connection.connection_state == "AUTHORIZED" else "INACTIVE"

    # -- sending -----------------------------------------------------------------------------------

    def invoke(self, delivery: Delivery, text: str, parameters: Mapping[str, Any]) -> None:
        """Send a delivery to its destination, as soon as the rate allows.

        Args:
            delivery: to an API destination.
            text: the body.
            parameters: a target's HttpParameters.
        """
        events, now = self._events, self._events.clock.now()
        delivery.payload = _payload(text)
        delivery.form = Call("event_bus.destinations", "formed", json.dumps([text, parameters]))
        delivery.reads = read_answer
        try:
            destination = self[delivery.target_arn]
        except ResourceNotFoundException:
            events.deliveries.drop(delivery, "there is no such API destination")
            return
        delivery.at = at = self._slot(destination)
        if at == now:
            events.deliveries.send(delivery)
            return
        ticket = max(self._waiting, default=0) + 1
        self._waiting[ticket] = delivery
        events.clock.set(at, Call("event_bus.destinations", "release", ticket), scope=events.scope)

    def release(self, ticket: int) -> None:
        """A timer's verb: the rate allows another request."""
        self._events.deliveries.send(self._waiting.pop(ticket))

    def _slot(self, destination: ApiDestination) -> Any:
        """The instant of the next request: so many in each second."""
        now = self._events.clock.now()
        start, count = destination.second or (now, 0)
        if now >= start + SECOND:
            start, count = now, 0
        elif count >= destination.invocation_rate_limit_per_second:
            start, count = start + SECOND, 0
        destination.second = start, count + 1
        return max(now, start)

    def formed(self, key: str, delivery: Delivery) -> Any:
        """The request of an attempt, with the authorization as it is then.

        Raises:
            Refused: the connection isn't authorized; not for good while it is about it.
        """
        events = self._events
        try:
            destination = self[delivery.target_arn]
            connection = events.connections[destination.connection_arn]
        except ResourceNotFoundException as error:
            raise Refused(str(error), permanent=True, code=error.code) from None
        refused = delivery.attempts and delivery.attempts[-1].code in ("401", "407")
        expired = connection.expires is not None and connection.expires <= events.clock.now()
        if connection.token and (expired or refused):
            events.connections.authorize(connection)
        if connection.connection_state == "AUTHORIZING":
            raise Refused("the connection is being authorized", code="AUTHORIZING")
        if connection.connection_state != "AUTHORIZED":
            raise Refused("the connection is not authorized", permanent=True,
                          code="NotAuthorized")  # fmt: skip
        text, parameters = json.loads(key)
        return _request(destination, connection, text, parameters)


def _request(
    destination: ApiDestination, connection: Connection, text: str, parameters: Mapping[str, Any]
) -> Any:
    """What the connection adds goes before what the target says."""
    url = destination.invocation_endpoint
    for value in parameters.get("PathParameterValues", ()):
        url = url.replace("*", value, 1)
    more = connection.parameters.get("InvocationHttpParameters", {})
    given = {**parameters.get("HeaderParameters", {}), **dict(pairs(more, "HeaderParameters"))}
    allowed = {name: value for name, value in given.items() if name.lower() not in _FIXED}
    headers = {**_HEADERS, **allowed, **_authorization(connection)}
    query = {
        **parameters.get("QueryStringParameters", {}),
        **dict(pairs(more, "QueryStringParameters")),
    }
    body = "" if destination.http_method in _BODILESS else _body(text, more)
    return request(destination.http_method, url, headers, query.items(), body)


def _payload(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _body(text: str, more: Mapping[str, Any]) -> str:
    """The input; members of the connection's own are added to an object."""
    added, found = dict(pairs(more, "BodyParameters")), _payload(text)
    if not added or not isinstance(found, dict):
        return text
    return json.dumps({**found, **added}, separators=(",", ":"), ensure_ascii=False)


def _authorization(connection: Connection) -> dict[str, str]:
    basic = connection.parameters.get("BasicAuthParameters")
    key = connection.parameters.get("ApiKeyAuthParameters")
    if basic:
        pair = f"{basic['Username']}:{basic['Password']}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    if key:
        return {key["ApiKeyName"]: key["ApiKeyValue"]}
    return {"Authorization": f"Bearer {connection.token}"}
