"""Advanced queries, and queries that are stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.config_recorder import pages
from awsmon.config_recorder.errors import (
    ResourceNotFoundException,
    ValidationException,
)
from awsmon.config_recorder.querying import answer
from awsmon.config_recorder.tagging import tags_of
from awsmon.core.operation import operation
from awsmon.core.resource import Resource

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        DeleteStoredQueryRequestTypeDef,
        GetStoredQueryRequestTypeDef,
        ListStoredQueriesRequestTypeDef,
        PutStoredQueryRequestTypeDef,
        SelectResourceConfigRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder


_MOST = 300


@dataclass(kw_only=True, slots=True, eq=False)
class StoredQuery(Resource):
    """A query by name."""

    aws_shape: ClassVar[str] = "config.StoredQuery"

    query_id: str
    query_arn: str
    query_name: str
    description: str | None = None
    expression: str | None = None


@operation("SelectResourceConfig")
def select_resource_config(
    config: ConfigRecorder, request: SelectResourceConfigRequestTypeDef
) -> dict[str, Any]:
    """What is known now in this account and region."""
    rows, fields = answer(request["Expression"], [config])
    page, token = pages.page(rows, request, 25, f"SelectResourceConfig {request['Expression']}")
    return {"Results": page, "QueryInfo": {"SelectFields": fields}, "NextToken": token}


@operation("PutStoredQuery")
def put_stored_query(
    config: ConfigRecorder, request: PutStoredQueryRequestTypeDef
) -> dict[str, Any]:
    """A new one, or what is given of one that is there; the text isn't looked at."""
    tags = tags_of(request)
    given: Any = request["StoredQuery"]
    name = given["QueryName"]
    old = config.stored_queries.get(name)
    if old is None:
        _check_new(config, given)
    else:
        given = {**old.to_aws(), **given}
    id_ = old.query_id if old else f"query-{config.ids.key('', 16).lower()}"
    arn = config.scope.arn("config", f"stored-query/{name}/{id_}")
    config.stored_queries[name] = StoredQuery.from_aws(given, query_id=id_, query_arn=arn)
    config.tags.create(arn, tags)
    return {"QueryArn": arn}


def _check_new(config: ConfigRecorder, given: Any) -> None:
    if not given.get("Expression"):
        raise ValidationException.no_expression()
    if len(config.stored_queries) >= _MOST:
        raise ValidationException.too_many_queries(_MOST)


def _find(config: ConfigRecorder, name: str) -> StoredQuery:
    if name not in config.stored_queries:
        raise ResourceNotFoundException.query(name)
    return config.stored_queries[name]


@operation("GetStoredQuery")
def get_stored_query(
    config: ConfigRecorder, request: GetStoredQueryRequestTypeDef
) -> dict[str, Any]:
    """With its text."""
    return {"StoredQuery": _find(config, request["QueryName"]).to_aws()}


@operation("DeleteStoredQuery")
def delete_stored_query(
    config: ConfigRecorder, request: DeleteStoredQueryRequestTypeDef
) -> dict[str, Any]:
    """And its tags."""
    found = _find(config, request["QueryName"])
    del config.stored_queries[found.query_name]
    config.tags.forget(found.query_arn)
    return {}


@operation("ListStoredQueries")
def list_stored_queries(
    config: ConfigRecorder, request: ListStoredQueriesRequestTypeDef
) -> dict[str, Any]:
    """In order of name, without their texts."""
    found = [config.stored_queries[name] for name in sorted(config.stored_queries)]
    page, token = pages.page(
        found, request, 50, "ListStoredQueries", key=lambda each: each.query_name
    )
    told = [{name: value for name, value in each.to_aws().items() if name != "Expression"}
            for each in page]  # fmt: skip
    return {"StoredQueryMetadata": told, "NextToken": token}
