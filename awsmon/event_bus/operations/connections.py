"""Connections."""

from __future__ import annotations

import copy
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.deliveries import Refused
from awsmon.core.operation import operation
from awsmon.event_bus.connections import OAUTH, secret_of
from awsmon.event_bus.errors import ResourceAlreadyExistsException, ValidationException
from awsmon.event_bus.model import Connection

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        CreateConnectionRequestTypeDef,
        DeauthorizeConnectionRequestTypeDef,
        DeleteConnectionRequestTypeDef,
        DescribeConnectionRequestTypeDef,
        ListConnectionsRequestTypeDef,
        UpdateConnectionRequestTypeDef,
    )

    from awsmon.event_bus.service import EventBus

_NEEDED = {
    "BASIC": "BasicAuthParameters",
    "API_KEY": "ApiKeyAuthParameters",
    OAUTH: "OAuthParameters",
}
_MEMBERS = {
    "BASIC": ("Username", "Password"),
    "API_KEY": ("ApiKeyName", "ApiKeyValue"),
    OAUTH: ("AuthorizationEndpoint", "HttpMethod", "ClientParameters"),
}
_CLIENT = ("ClientID", "ClientSecret")
_LISTED = (
    "ConnectionArn", "Name", "ConnectionState", "StateReason", "AuthorizationType", "CreationTime",
    "LastModifiedTime", "LastAuthorizedTime",
)  # fmt: skip
_TOLD = ("ConnectionArn", "ConnectionState", "CreationTime", "LastModifiedTime",
         "LastAuthorizedTime")  # fmt: skip


def _told(connection: Connection, state: str | None = None) -> dict[str, Any]:
    shown = connection.to_aws()
    told = {member: shown.get(member) for member in _TOLD}
    return {**told, "ConnectionState": state or connection.connection_state}


def _check(kind: str, parameters: Any) -> None:
    given = {member for member in _NEEDED.values() if member in parameters}
    if given != {_NEEDED[kind]} or not _whole(kind, parameters[_NEEDED[kind]]):
        raise ValidationException.auth_parameters(_NEEDED[kind])


def _whole(kind: str, given: Any) -> bool:
    """Whether all is there that CreateConnection asks for, where UpdateConnection doesn't."""
    members = {*given, *given.get("ClientParameters", {})}
    return members.issuperset((*_MEMBERS[kind], *(_CLIENT if kind == OAUTH else ())))


def _updated(connection: Connection, kind: str, given: Any) -> Any:
    """The parameters of a connection with others laid over them; those of another type go."""
    others = {member for each, member in _NEEDED.items() if each != kind}
    kept = {name: value for name, value in connection.parameters.items() if name not in others}
    return _laid_over(kept, given)


def _laid_over(before: Any, given: Any) -> Any:
    if not isinstance(before, dict) or not isinstance(given, dict):
        return copy.deepcopy(given)
    laid = {name: _laid_over(before.get(name), value) for name, value in given.items()}
    return {**before, **laid}


@operation("CreateConnection")
def create_connection(events: EventBus, request: CreateConnectionRequestTypeDef) -> dict[str, Any]:
    """Its secret is kept in Secrets Manager, where the other mock has one."""
    name, kind = request["Name"], request["AuthorizationType"]
    if name in events.connections:
        raise ResourceAlreadyExistsException.connection(name)
    parameters = copy.deepcopy(request["AuthParameters"])
    _check(kind, parameters)
    id_, now = events.ids.uuid(), events.clock.now()
    secret_arn = _kept(events, f"events!connection/{name}/{id_}", secret_of(parameters))
    connection = Connection.from_aws(
        request, connection_arn=events.scope.arn("events", f"connection/{name}/{id_}"),
        connection_state="CREATING", secret_arn=secret_arn, parameters=parameters,
        creation_time=now, last_modified_time=now,
    )  # fmt: skip
    events.connections.create(connection)
    return {**_told(connection), "LastAuthorizedTime": None}


def _kept(events: EventBus, name: str, secret: str) -> str:
    """The secret's ARN."""
    arn = events.scope.arn("secretsmanager", f"secret:{name}-{events.ids.hex(6)}")
    request = {"Name": name, "SecretString": secret}
    answer = events.ask(arn, "secretsmanager", "CreateSecret", request)
    return str((answer or {}).get("ARN", arn))


@operation("DescribeConnection")
def describe_connection(
    events: EventBus, request: DescribeConnectionRequestTypeDef
) -> dict[str, Any]:
    """Without its secrets."""
    return events.connections[request["Name"]].to_aws()


@operation("UpdateConnection")
def update_connection(events: EventBus, request: UpdateConnectionRequestTypeDef) -> dict[str, Any]:
    """What isn't said stays; it authorizes anew."""
    connection = events.connections[request["Name"]]
    kind = request.get("AuthorizationType", connection.authorization_type)
    parameters: Any = _updated(connection, kind, request.get("AuthParameters", {}))
    _check(kind, parameters)
    connection.authorization_type, connection.parameters = kind, parameters
    connection.description = request.get("Description", connection.description)
    connection.kms_key_identifier = request.get("KmsKeyIdentifier", connection.kms_key_identifier)
    connection.last_modified_time = events.clock.now()
    _keep_again(events, connection)
    events.connections.authorize(connection)
    return _told(connection)


def _keep_again(events: EventBus, connection: Connection) -> None:
    arn, secret = connection.secret_arn, secret_of(connection.parameters)
    request = {"SecretId": arn, "SecretString": secret}
    events.ask(arn, "secretsmanager", "PutSecretValue", request)


@operation("DeauthorizeConnection")
def deauthorize_connection(
    events: EventBus, request: DeauthorizeConnectionRequestTypeDef
) -> dict[str, Any]:
    """Its secrets are forgotten; UpdateConnection gives it others."""
    connection = events.connections[request["Name"]]
    events.connections.deauthorize(connection)
    connection.last_modified_time = events.clock.now()
    return _told(connection, "DEAUTHORIZING")


@operation("DeleteConnection")
def delete_connection(events: EventBus, request: DeleteConnectionRequestTypeDef) -> dict[str, Any]:
    """API destinations that use it become inactive."""
    connection = events.connections[request["Name"]]
    forget = {"SecretId": connection.secret_arn, "ForceDeleteWithoutRecovery": True}
    with suppress(Refused):  # somebody deleted the secret before
        events.ask(connection.secret_arn, "secretsmanager", "DeleteSecret", forget)
    events.connections.delete(connection)
    return _told(connection, "DELETING")


@operation("ListConnections")
def list_connections(events: EventBus, request: ListConnectionsRequestTypeDef) -> dict[str, Any]:
    """In order of name."""
    found, token = paging.page(
        [
            each for each in events.connections
            if each.name.startswith(request.get("NamePrefix", ""))
            and request.get("ConnectionState", each.connection_state) == each.connection_state
        ],
        request.get("NextToken"), request.get("Limit", 100), of="ListConnections",
        key=lambda connection: connection.name, bad_token=ValidationException.token,
    )  # fmt: skip
    shown = [each.to_aws() for each in found]
    return {
        "Connections": [{member: each.get(member) for member in _LISTED} for each in shown],
        "NextToken": token,
    }
