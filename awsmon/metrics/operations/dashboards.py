"""Dashboards: put, get, list, delete; the same ones in every region of an account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.cloudwatch_tags import checked_tags
from awsmon.core.operation import operation
from awsmon.metrics.dashboard_body import validate
from awsmon.metrics.dashboards import global_metrics
from awsmon.metrics.errors import (
    InvalidParameterInput,
    InvalidParameterValue,
    MissingParameter,
    ResourceNotFound,
)

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import (
        DeleteDashboardsInputTypeDef,
        GetDashboardInputTypeDef,
        ListDashboardsInputTypeDef,
        PutDashboardInputTypeDef,
    )

    from awsmon.metrics.service import Metrics

NAME = re.compile(r"[A-Za-z0-9_-]+")
LONGEST_NAME = 255
PAGE = 1000


@operation("PutDashboard")
def put_dashboard(metrics: Metrics, request: PutDashboardInputTypeDef) -> dict[str, Any]:
    """All that was on it is replaced; tags count when it is made."""
    name, body = request["DashboardName"], request["DashboardBody"]
    _check_name(name)
    mistakes = validate(body)
    if mistakes:
        raise InvalidParameterInput.dashboard(mistakes)
    global_metrics(metrics).dashboards.put(name, body, checked_tags(request.get("Tags")))
    return {"DashboardValidationMessages": []}


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise InvalidParameterValue.dashboard_name()
    if len(name) > LONGEST_NAME:
        raise InvalidParameterValue.long_dashboard_name(LONGEST_NAME)


@operation("GetDashboard")
def get_dashboard(metrics: Metrics, request: GetDashboardInputTypeDef) -> dict[str, Any]:
    """As it was put."""
    found = global_metrics(metrics).dashboards[request["DashboardName"]]
    return {"DashboardArn": found.arn, "DashboardBody": found.body, "DashboardName": found.name}


@operation("ListDashboards")
def list_dashboards(metrics: Metrics, request: ListDashboardsInputTypeDef) -> dict[str, Any]:
    """In order of name."""
    prefix = request.get("DashboardNamePrefix", "")
    page, token = paging.page(
        [each for each in global_metrics(metrics).dashboards if each.name.startswith(prefix)],
        request.get("NextToken"), PAGE, of="ListDashboards", key=lambda each: each.name,
        bad_token=InvalidParameterValue.next_token,
    )  # fmt: skip
    return {"DashboardEntries": [each.to_aws() for each in page], "NextToken": token}


@operation("DeleteDashboards")
def delete_dashboards(metrics: Metrics, request: DeleteDashboardsInputTypeDef) -> None:
    """All of them, or none."""
    names = request["DashboardNames"]
    if not names:
        raise MissingParameter.one_of("DashboardNames")
    dashboards = global_metrics(metrics).dashboards
    missing = [name for name in names if name not in dashboards]
    if missing:
        raise ResourceNotFound.dashboards(missing)
    for name in dict.fromkeys(names):
        dashboards.delete(name)
