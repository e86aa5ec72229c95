"""Connections: how EventBridge authorizes with an endpoint.

Lives here: `Connections`. For OAuth a token is asked for when a connection is made, when it expires
and when an endpoint refuses it. Where nobody stands behind the connection's ARN and its endpoint
isn't on this machine, a token is made up.
Source: User Guide, "Connections for API targets"; API reference, CreateConnection.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from awsmon.core.deliveries import Delivery, RetryPolicy
from awsmon.core.http import read_answer, request
from awsmon.event_bus.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from awsmon.core.events import DeliveryFinished
    from awsmon.event_bus.model import Connection
    from awsmon.event_bus.service import EventBus

__all__ = ["OAUTH", "Connections", "pairs", "secret_of"]

OAUTH = "OAUTH_CLIENT_CREDENTIALS"
_POLICY = RetryPolicy((timedelta(seconds=1), timedelta(seconds=2)))


class Connections:
    """The connections of one account and region: iterable, in order of name."""

    def __init__(self, events: EventBus) -> None:
        self._events = events
        self._connections: dict[str, Connection] = {}

    def __iter__(self) -> Iterator[Connection]:
        return iter([self._connections[name] for name in sorted(self._connections)])

    def __contains__(self, name: str) -> bool:
        return name in self._connections

    def __getitem__(self, name: str) -> Connection:
        """The connection of that name, or of that ARN.

        Raises:
            ResourceNotFoundException: there is none.
        """
        plain = name.partition(":connection/")[2].partition("/")[0] or name
        found = self._connections.get(plain)
        if found is None or name not in (plain, found.connection_arn):
            raise ResourceNotFoundException.connection(plain)
        return found

    def create(self, connection: Connection) -> None:
        """A new one; it authorizes."""
        self._connections[connection.name] = connection
        self.authorize(connection)

    def delete(self, connection: Connection) -> None:
        """One is gone."""
        del self._connections[connection.name]

    def authorize(self, connection: Connection) -> None:
        """Ask for a token, where the type of authorization has any."""
        now = self._events.clock.now()
        connection.token = connection.expires = connection.state_reason = None
        if connection.authorization_type != OAUTH:
            connection.connection_state, connection.last_authorized_time = "AUTHORIZED", now
            return
        connection.connection_state = "AUTHORIZING"
        self._events.deliveries.send(
            Delivery(at=now, scope=self._events.scope, sender="events", policy=_POLICY,
                     subject=connection.connection_arn, target_arn=connection.connection_arn,
                     payload=_token_request(connection), reads=read_answer)
        )  # fmt: skip

    def deauthorize(self, connection: Connection) -> None:
        """Forget its secrets."""
        connection.connection_state, connection.token = "DEAUTHORIZED", None
        connection.parameters = {}

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: the endpoint for tokens answered, or didn't."""
        name = event.subject.partition(":connection/")[2].partition("/")[0]
        connection = self._connections.get(name)
        if event.sender != "events" or connection is None or (
            connection.connection_state != "AUTHORIZING"
            or connection.connection_arn != event.subject
        ):  # fmt: skip
            return
        if event.error:
            connection.connection_state, connection.state_reason = "DEAUTHORIZED", event.error
            return
        body = (event.answer or {}).get("body")
        token = body.get("access_token") if isinstance(body, dict) else None
        connection.token = token or self._events.ids.hex(32)
        seconds = body.get("expires_in") if isinstance(body, dict) else None
        connection.expires = _expiry(event.at, seconds)
        connection.connection_state, connection.last_authorized_time = "AUTHORIZED", event.at


def _expiry(now: datetime, seconds: Any) -> datetime | None:
    """None: never; so also where the endpoint says no number of seconds."""
    try:
        return now + timedelta(seconds=float(seconds))
    except (TypeError, ValueError, OverflowError):
        return None


def pairs(parameters: Mapping[str, Any], member: str) -> list[tuple[str, str]]:
    """Keys and values of a connection's additional parameters, as ``HeaderParameters``."""
    return [(each["Key"], each.get("Value", "")) for each in parameters.get(member, ())]


def _token_request(connection: Connection) -> Any:
    """As RFC 6749 has it for client credentials, in the body."""
    given = connection.parameters["OAuthParameters"]
    client, more = given["ClientParameters"], given.get("OAuthHttpParameters", {})
    fields = [
        ("grant_type", "client_credentials"), ("client_id", client["ClientID"]),
        ("client_secret", client["ClientSecret"]), *pairs(more, "BodyParameters"),
    ]  # fmt: skip
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json", **dict(pairs(more, "HeaderParameters")),
    }  # fmt: skip
    query, body = pairs(more, "QueryStringParameters"), urlencode(dict(fields))
    if given["HttpMethod"] == "GET":
        query, body = [*query, *dict(fields).items()], ""
    return request(given["HttpMethod"], given["AuthorizationEndpoint"], headers, query, body)


def secret_of(parameters: Mapping[str, Any]) -> str:
    """The secret that EventBridge keeps in Secrets Manager, as recorded (LocalStack)."""
    basic, key = parameters.get("BasicAuthParameters"), parameters.get("ApiKeyAuthParameters")
    oauth = parameters.get("OAuthParameters")
    secret: dict[str, Any] = {}
    if basic:
        secret = {"username": basic["Username"], "password": basic["Password"]}
    elif key:
        secret = {"api_key_name": key["ApiKeyName"], "api_key_value": key["ApiKeyValue"]}
    elif oauth:
        client = oauth["ClientParameters"]
        secret = {
            "client_id": client["ClientID"], "client_secret": client["ClientSecret"],
            "authorization_endpoint": oauth["AuthorizationEndpoint"],
            "http_method": oauth["HttpMethod"],
        }  # fmt: skip
        if "OAuthHttpParameters" in oauth:
            secret["oauth_http_parameters"] = oauth["OAuthHttpParameters"]
    if "InvocationHttpParameters" in parameters:
        secret["invocation_http_parameters"] = parameters["InvocationHttpParameters"]
    return json.dumps(secret)
