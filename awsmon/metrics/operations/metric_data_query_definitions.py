"""Saved metric queries: put, get, list, delete. Their expressions are neither checked nor run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.cloudwatch_tags import checked_tags
from awsmon.core.operation import operation
from awsmon.metrics.configurations import MetricDataQueryDefinition
from awsmon.metrics.errors import (
    ConflictException,
    InvalidNextToken,
    LimitExceededException,
    ValidationError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.metrics.service import Metrics

LONGEST_PATH = 1015
MOST_DEFINITIONS = 1000
SHOWN = ("Id", "Path", "Type", "UpdatedAt")
"""What a list tells of each."""


@operation("PutMetricDataQueryDefinition")
def put_metric_data_query_definition(
    metrics: Metrics, request: Mapping[str, Any]
) -> dict[str, Any]:
    """With an Id one that is there is replaced; tags count when one is made."""
    known, now = metrics.configurations.queries, metrics.clock.now()
    before = metrics.configurations.query(request["Id"]) if "Id" in request else None
    path = request["Path"]
    if path.startswith("/") or path.endswith("/") or "//" in path:
        raise ValidationError(f"The path {path} must not have empty folder names")
    if len(path.encode()) > LONGEST_PATH:
        raise ValidationError(f"The path must not be longer than {LONGEST_PATH} bytes")
    if before is None and len(known) >= MOST_DEFINITIONS:
        raise LimitExceededException.query_definitions(MOST_DEFINITIONS)
    if any(each.path == path and each is not before for each in known.values()):
        raise ConflictException.path(path)
    tags = checked_tags(request.get("Tags"))
    id_ = before.id if before else metrics.ids.uuid()
    arn = metrics.scope.arn("cloudwatch", f"metric-query-definition/{id_}")
    known[id_] = MetricDataQueryDefinition.from_aws(
        request, id=id_, arn=arn, created_at=before.created_at if before else now, updated_at=now
    )
    metrics.tags.create(arn, tags)
    return known[id_].to_aws()


@operation("GetMetricDataQueryDefinition")
def get_metric_data_query_definition(
    metrics: Metrics, request: Mapping[str, Any]
) -> dict[str, Any]:
    """As it was put."""
    return metrics.configurations.query(request["Id"]).to_aws()


@operation("ListMetricDataQueryDefinitions")
def list_metric_data_query_definitions(
    metrics: Metrics, request: Mapping[str, Any]
) -> dict[str, Any]:
    """In order of path, without their expressions."""
    found = sorted(metrics.configurations.queries.values(), key=lambda each: each.path)
    page, token = paging.page(
        found, request.get("NextToken"), request.get("MaxResults", 100),
        of="ListMetricDataQueryDefinitions", key=lambda each: each.path, bad_token=InvalidNextToken,
    )  # fmt: skip
    shown = [{name: each.to_aws()[name] for name in SHOWN} for each in page]
    return {"Items": shown, "NextToken": token}


@operation("DeleteMetricDataQueryDefinition")
def delete_metric_data_query_definition(metrics: Metrics, request: Mapping[str, Any]) -> None:
    """One that isn't there is no mistake."""
    found = metrics.configurations.queries.pop(request["Id"], None)
    if found is not None:
        metrics.tags.forget(found.arn)
