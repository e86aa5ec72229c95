"""Lookup tables: create, get, describe, update, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException, ResourceAlreadyExistsException
from awsmon.logs.lookup_tables import body_of

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        CreateLookupTableRequestTypeDef,
        DeleteLookupTableRequestTypeDef,
        DescribeLookupTablesRequestTypeDef,
        GetLookupTableRequestTypeDef,
        UpdateLookupTableRequestTypeDef,
    )

    from awsmon.logs.service import Logs


@operation("CreateLookupTable")
def create_lookup_table(logs: Logs, request: CreateLookupTableRequestTypeDef) -> dict[str, Any]:
    """Of CSV, or of the results of a query."""
    name = request["lookupTableName"]
    if name in logs.lookup_tables:
        raise ResourceAlreadyExistsException.lookup_table()
    table = logs.lookup_tables.put(
        name,
        _body(logs, request),
        description=request.get("description"),
        kms_key_id=request.get("kmsKeyId"),
    )
    logs.tags.create(table.lookup_table_arn, request.get("tags"))
    return {"lookupTableArn": table.lookup_table_arn, "createdAt": table.last_updated_time}


def _body(
    logs: Logs, request: CreateLookupTableRequestTypeDef | UpdateLookupTableRequestTypeDef
) -> str:
    if ("tableBody" in request) == ("queryId" in request):
        raise InvalidParameterException.body_or_query()
    if "tableBody" in request:
        return request["tableBody"]
    query = logs.queries[request["queryId"]]
    if query.status not in ("Complete", "Cancelled"):
        raise InvalidParameterException.query_unfinished(query.status)
    return body_of(query)


@operation("GetLookupTable")
def get_lookup_table(logs: Logs, request: GetLookupTableRequestTypeDef) -> dict[str, Any]:
    """With all of its content."""
    table = logs.lookup_tables.at(request["lookupTableArn"])
    shown = table.to_aws()
    del shown["tableFields"], shown["recordsCount"]
    return {**shown, "tableBody": table.body}


@operation("DescribeLookupTables")
def describe_lookup_tables(
    logs: Logs, request: DescribeLookupTablesRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    prefix = request.get("lookupTableNamePrefix", "")
    page, token = paging.page(
        [each for each in logs.lookup_tables if each.lookup_table_name.startswith(prefix)],
        request.get("nextToken"), request.get("maxResults") or 50, of="DescribeLookupTables",
        bad_token=InvalidParameterException.next_token, key=lambda each: each.lookup_table_name,
    )  # fmt: skip
    return {"lookupTables": [each.to_aws() for each in page], "nextToken": token}


@operation("UpdateLookupTable")
def update_lookup_table(logs: Logs, request: UpdateLookupTableRequestTypeDef) -> dict[str, Any]:
    """All of the content is replaced; an empty key takes the key away."""
    table = logs.lookup_tables.at(request["lookupTableArn"])
    updated = logs.lookup_tables.put(
        table.lookup_table_name,
        _body(logs, request),
        description=request.get("description", table.description),
        kms_key_id=request.get("kmsKeyId", table.kms_key_id) or None,
    )
    return {
        "lookupTableArn": updated.lookup_table_arn,
        "lastUpdatedTime": updated.last_updated_time,
    }


@operation("DeleteLookupTable")
def delete_lookup_table(logs: Logs, request: DeleteLookupTableRequestTypeDef) -> None:
    """Queries that name it fail from now on."""
    logs.lookup_tables.delete(logs.lookup_tables.at(request["lookupTableArn"]))
