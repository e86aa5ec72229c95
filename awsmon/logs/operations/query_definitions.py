"""Saved queries: put, describe, delete."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException, LimitExceededException
from awsmon.logs.query_errors import InvalidQuery, NoSuchQuery
from awsmon.logs.saved_queries import QueryDefinition, placeholders

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        DeleteQueryDefinitionRequestTypeDef,
        DescribeQueryDefinitionsRequestTypeDef,
        PutQueryDefinitionRequestTypeDef,
    )

    from awsmon.logs.service import Logs

MOST = 1000  # saved queries of an account and region
MOST_PARAMETERS = 20


@operation("PutQueryDefinition")
def put_query_definition(logs: Logs, request: PutQueryDefinitionRequestTypeDef) -> dict[str, Any]:
    """What an update leaves out is gone. The query itself isn't checked before it is run."""
    saved = logs.queries.definitions
    token = request.get("clientToken")
    known = request.get("queryDefinitionId")
    _check(request)
    if known is not None and known not in saved:
        raise NoSuchQuery.definition()
    if known is None and token is not None:
        known = next((key for key, each in saved.items() if each.client_token == token), None)
    if known is None and len(saved) >= MOST:
        raise LimitExceededException.resource()
    definition = QueryDefinition(
        query_definition_id=known or logs.ids.uuid(),
        name=request["name"],
        query_string=request["queryString"],
        last_modified=logs.now,
        log_group_names=list(request.get("logGroupNames", [])),
        query_language=request.get("queryLanguage", "CWLI"),
        parameters=copy.deepcopy([dict(each) for each in request.get("parameters", [])]) or None,
        client_token=token,
    )
    saved[definition.query_definition_id] = definition
    return {"queryDefinitionId": definition.query_definition_id}


def _check(request: PutQueryDefinitionRequestTypeDef) -> None:
    names = [each["name"] for each in request.get("parameters", [])]
    if names and request.get("queryLanguage", "CWLI") != "CWLI":
        raise InvalidQuery.parameters_language()
    if len(names) > MOST_PARAMETERS:
        raise InvalidQuery.parameters(MOST_PARAMETERS)
    if len(set(names)) < len(names):
        raise InvalidQuery.duplicate_parameter()
    if not set(names) <= placeholders(request["queryString"]):
        raise InvalidQuery.parameter_not_found()


@operation("DescribeQueryDefinitions")
def describe_query_definitions(
    logs: Logs, request: DescribeQueryDefinitionsRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    page, token = paging.page(
        sorted(
            (
                each for each in logs.queries.definitions.values()
                if each.name.startswith(request.get("queryDefinitionNamePrefix", ""))
                and request.get("queryLanguage", each.query_language) == each.query_language
            ),
            key=_key,
        ),
        request.get("nextToken"), request.get("maxResults", 1000), key=_key,
        bad_token=InvalidParameterException.next_token, of="DescribeQueryDefinitions",
    )  # fmt: skip
    return {"queryDefinitions": [each.to_aws() for each in page], "nextToken": token}


def _key(definition: QueryDefinition) -> str:
    return f"{definition.name}\0{definition.query_definition_id}"


@operation("DeleteQueryDefinition")
def delete_query_definition(
    logs: Logs, request: DeleteQueryDefinitionRequestTypeDef
) -> dict[str, Any]:
    """A query that was started goes on."""
    if request["queryDefinitionId"] not in logs.queries.definitions:
        raise NoSuchQuery.definition()
    del logs.queries.definitions[request["queryDefinitionId"]]
    return {"success": True}
