"""Integrations with OpenSearch, and data sources as S3 tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.connections import Integration, TableSource
from awsmon.logs.errors import ResourceNotFoundException, ValidationException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_logs.type_defs import (
        DeleteIntegrationRequestTypeDef,
        GetIntegrationRequestTypeDef,
        ListIntegrationsRequestTypeDef,
        PutIntegrationRequestTypeDef,
    )

    from awsmon.logs.service import Logs


@operation("PutIntegration")
def put_integration(logs: Logs, request: PutIntegrationRequestTypeDef) -> dict[str, Any]:
    """An account has one."""
    integration = Integration.from_aws(
        request,
        created=logs.now,
        config=dict(request["resourceConfig"]["openSearchResourceConfig"]),
    )
    logs.connections.integrate(integration)
    return {
        "integrationName": integration.integration_name,
        "integrationStatus": integration.integration_status,
    }


@operation("GetIntegration")
def get_integration(logs: Logs, request: GetIntegrationRequestTypeDef) -> dict[str, Any]:
    """With what was made for it."""
    found = logs.connections.integration(request["integrationName"])
    return found.to_aws() | {"integrationDetails": found.details}


@operation("ListIntegrations")
def list_integrations(logs: Logs, request: ListIntegrationsRequestTypeDef) -> dict[str, Any]:
    """Those that fit."""
    return {
        "integrationSummaries": [
            each.to_aws() for each in logs.connections.integrations
            if each.integration_name.startswith(request.get("integrationNamePrefix", ""))
            and request.get("integrationType", each.integration_type) == each.integration_type
            and request.get("integrationStatus", each.integration_status)
            == each.integration_status
        ]
    }  # fmt: skip


@operation("DeleteIntegration")
def delete_integration(logs: Logs, request: DeleteIntegrationRequestTypeDef) -> None:
    """It has no dashboards here, so that nothing needs to be forced."""
    logs.connections.integration(request["integrationName"])
    logs.connections.separate()


# -- S3 tables -------------------------------------------------------------------------------------


@operation("AssociateSourceToS3TableIntegration")
def associate_source_to_s3_table_integration(
    logs: Logs, request: Mapping[str, Any]
) -> dict[str, Any]:
    """Associated once more, a data source keeps its identifier."""
    wanted = request["integrationArn"], request["dataSource"]
    for known in logs.connections.tables.values():
        if (known.integration, known.data_source) == wanted:
            return {"identifier": known.identifier}
    source = TableSource.from_aws(
        request, identifier=logs.ids.uuid(), created_time_stamp=logs.now,
        integration=request["integrationArn"],
    )  # fmt: skip
    logs.connections.tables[source.identifier] = source
    return {"identifier": source.identifier}


@operation("DisassociateSourceFromS3TableIntegration")
def disassociate_source_from_s3_table_integration(
    logs: Logs, request: Mapping[str, Any]
) -> dict[str, Any]:
    """By its identifier."""
    identifier = request["identifier"]
    if identifier not in logs.connections.tables:
        raise ResourceNotFoundException.association()
    del logs.connections.tables[identifier]
    return {"identifier": identifier}


@operation("ListSourcesForS3TableIntegration")
def list_sources_for_s3_table_integration(logs: Logs, request: Mapping[str, Any]) -> dict[str, Any]:
    """In the order of their making."""
    found = [each for each in logs.connections.tables.values()
             if each.integration == request["integrationArn"]]  # fmt: skip
    page, token = paging.page(
        found, request.get("nextToken"), request.get("maxResults", 100),
        of="ListSourcesForS3TableIntegration", bad_token=ValidationException,
    )  # fmt: skip
    return {"sources": [each.to_aws() for each in page], "nextToken": token}
