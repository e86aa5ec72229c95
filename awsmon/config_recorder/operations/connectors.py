"""Connectors to other clouds."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.connectors import Connector
from awsmon.config_recorder.errors import ConflictException, ValidationException
from awsmon.config_recorder.tagging import tags_of
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        DeleteConnectorRequestTypeDef,
        GetConnectorRequestTypeDef,
        ListConnectorsRequestTypeDef,
        PutConnectorRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder


@operation("PutConnector")
def put_connector(config: ConfigRecorder, request: PutConnectorRequestTypeDef) -> dict[str, Any]:
    """One for each configuration; it gets its name from AWS."""
    tags = tags_of(request)
    given: Any = copy.deepcopy(request["ConnectorConfiguration"])
    if len(given) != 1:
        raise ValidationException.providers()
    if any(each.connector_configuration == given for each in config.connectors.values()):
        raise ConflictException.connector()
    name = f"{next(iter(given))}-{config.ids.key('', 16).lower()}"
    arn = config.scope.arn("config", f"connector/{name}")
    config.connectors[arn] = Connector(
        name=name, arn=arn, connector_configuration=given, created_time=config.clock.now()
    )
    config.tags.create(arn, tags)
    return {"Arn": arn}


@operation("GetConnector")
def get_connector(config: ConfigRecorder, request: GetConnectorRequestTypeDef) -> dict[str, Any]:
    """By ARN."""
    return {"Connector": config.connector(request["Arn"]).to_aws()}


@operation("ListConnectors")
def list_connectors(
    config: ConfigRecorder, request: ListConnectorsRequestTypeDef
) -> dict[str, Any]:
    """Filtered by provider."""
    wanted = [set(each.get("filterValues", ())) for each in request.get("Filters", ())]
    found = [each.summary() for each in config.connectors.values()
             if all(each.provider in values for values in wanted)]  # fmt: skip
    page, token = pages.page(found, request, 100, "ListConnectors")
    return {"ConnectorSummaries": page, "NextToken": token}


@operation("DeleteConnector")
def delete_connector(config: ConfigRecorder, request: DeleteConnectorRequestTypeDef) -> None:
    """Its recorders have to go first."""
    arn = config.connector(request["Arn"]).arn
    if any(each.connector_arn == arn for each in config.recorders.values()):
        raise ValidationException.connector_in_use(arn)
    config.tags.forget(arn)
    del config.connectors[arn]
