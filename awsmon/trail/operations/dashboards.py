"""Dashboards of CloudTrail Lake: create, look at, change, refresh, delete."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list
from awsmon.trail.errors import InvalidNextTokenException, InvalidParameterException
from awsmon.trail.lake.dashboards import LakeDashboard
from awsmon.trail.lake.errors import ConflictException, ServiceQuotaExceededException
from awsmon.trail.lake.highlights import HIGHLIGHTS, MOST_WIDGETS
from awsmon.trail.lake.queries import MOST
from awsmon.trail.tagging import checked_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_cloudtrail.type_defs import (
        CreateDashboardRequestTypeDef,
        DeleteDashboardRequestTypeDef,
        GetDashboardRequestTypeDef,
        ListDashboardsRequestTypeDef,
        StartDashboardRefreshRequestTypeDef,
        UpdateDashboardRequestTypeDef,
    )

    from awsmon.trail.service import Trail

_ALLOWED = {"HOURS": (1, 6, 12, 24), "DAYS": (1,)}
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NOT_CREATED = ("Status", "CreatedTimestamp", "UpdatedTimestamp", "LastRefreshId",
                "LastRefreshFailureReason")  # fmt: skip


def _widgets(trail: Trail, wanted: Sequence[Any]) -> list[Any]:
    """Widgets whose queries could run, each with an alias."""
    if len(wanted) > MOST_WIDGETS:
        raise ServiceQuotaExceededException.widgets(MOST_WIDGETS)
    for statement in trail.dashboards.statements(wanted, {}):
        trail.queries.check(statement)
    return [{"QueryAlias": f"widget-{trail.ids.uuid()}", **copy.deepcopy(each)} for each in wanted]


def _schedule(wanted: Any) -> Any:
    """With what it usually is: every day, at midnight."""
    if wanted is None:
        return None
    found = {"Status": "ENABLED", "TimeOfDay": "00:00", **copy.deepcopy(wanted)}
    of = found["Frequency"] = {"Unit": "HOURS", "Value": 24, **found.get("Frequency", {})}
    if of["Value"] not in _ALLOWED[of["Unit"]]:
        raise InvalidParameterException.because(
            f"A dashboard cannot be refreshed every {of['Value']} {of['Unit'].lower()}."
        )
    if not _TIME.fullmatch(found["TimeOfDay"]):
        raise InvalidParameterException.because(f"{found['TimeOfDay']} is not a time of day.")
    return found


def _shown(dashboard: LakeDashboard, *left_out: str) -> dict[str, Any]:
    shown = {"Name": dashboard.name, **dashboard.to_aws()}
    return {name: value for name, value in shown.items() if name not in left_out}


@operation("CreateDashboard")
def create_dashboard(trail: Trail, request: CreateDashboardRequestTypeDef) -> dict[str, Any]:
    """One of your own, or the Highlights; its queries run when it is refreshed."""
    name, now = request["Name"], trail.clock.now()
    if name == HIGHLIGHTS:
        _check_highlights(request, _schedule(request.get("RefreshSchedule")))
    if name in trail.dashboards:
        raise ConflictException.named(name)
    tags = checked_tags(request.get("TagsList"), limited=False)
    dashboard = LakeDashboard(
        arn=trail.scope.arn("cloudtrail", f"dashboard/{name}"), created_timestamp=now,
        type="MANAGED" if name == HIGHLIGHTS else "CUSTOM",
        refresh_schedule=_schedule(request.get("RefreshSchedule")), updated_timestamp=now,
        termination_protection_enabled=request.get("TerminationProtectionEnabled", False),
        widgets=_widgets(trail, request.get("Widgets", ())),
    )  # fmt: skip
    trail.dashboards.put(dashboard)
    trail.tags.create(dashboard.arn, tags)
    return {**_shown(dashboard, *_NOT_CREATED), "TagsList": tag_list(tags)}


def _check_highlights(request: Any, schedule: Any) -> None:
    """CloudTrail chooses the widgets, and every six hours is the one schedule there is."""
    if request.get("Widgets"):
        raise InvalidParameterException.because(f"Widgets cannot be specified for {HIGHLIGHTS}.")
    six = {"Unit": "HOURS", "Value": 6}
    if schedule is None or (schedule["Status"], schedule["Frequency"]) != ("ENABLED", six):
        raise InvalidParameterException.because(
            f"{HIGHLIGHTS} must have an enabled refresh schedule of 6 HOURS."
        )


@operation("GetDashboard")
def get_dashboard(trail: Trail, request: GetDashboardRequestTypeDef) -> dict[str, Any]:
    """By name or ARN."""
    return trail.dashboards[request["DashboardId"]].to_aws()


@operation("ListDashboards")
def list_dashboards(trail: Trail, request: ListDashboardsRequestTypeDef) -> dict[str, Any]:
    """In order of name."""
    prefix = request.get("NamePrefix", "")
    found = [
        each for each in trail.dashboards
        if each.name.startswith(prefix) and request.get("Type", each.type) == each.type
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("NextToken"), request.get("MaxResults", 1000), of="ListDashboards",
        key=lambda each: each.name, bad_token=InvalidNextTokenException.token,
    )  # fmt: skip
    return {"Dashboards": [{"DashboardArn": each.arn, "Type": each.type} for each in page],
            "NextToken": token}  # fmt: skip


@operation("UpdateDashboard")
def update_dashboard(trail: Trail, request: UpdateDashboardRequestTypeDef) -> dict[str, Any]:
    """What isn't said stays; widgets are said all together."""
    dashboard = trail.dashboards[request["DashboardId"]]
    schedule = _schedule(request.get("RefreshSchedule")) or dashboard.refresh_schedule
    if dashboard.name == HIGHLIGHTS:
        _check_highlights(request, schedule)
    if "Widgets" in request:
        dashboard.widgets = _widgets(trail, request["Widgets"])
    dashboard.termination_protection_enabled = request.get(
        "TerminationProtectionEnabled", dashboard.termination_protection_enabled
    )
    dashboard.status, dashboard.updated_timestamp = "UPDATED", trail.clock.now()
    dashboard.refresh_schedule = schedule
    trail.dashboards.put(dashboard)
    return _shown(dashboard, "Status", "LastRefreshId", "LastRefreshFailureReason")


@operation("DeleteDashboard")
def delete_dashboard(trail: Trail, request: DeleteDashboardRequestTypeDef) -> None:
    """One that isn't protected."""
    dashboard = trail.dashboards[request["DashboardId"]]
    if dashboard.termination_protection_enabled:
        raise ConflictException.protected(dashboard.name)
    trail.dashboards.delete(dashboard)
    trail.tags.forget(dashboard.arn)
    trail.policies.pop(dashboard.arn, None)


@operation("StartDashboardRefresh")
def start_dashboard_refresh(
    trail: Trail, request: StartDashboardRefreshRequestTypeDef
) -> dict[str, Any]:
    """The queries of all widgets, each of which DescribeQuery finds by its alias."""
    dashboard = trail.dashboards[request["DashboardId"]]
    trail.dashboards.choose(dashboard)
    values = dict(request.get("QueryParameterValues", {}))
    for statement in trail.dashboards.statements(dashboard.widgets, values):
        trail.queries.check(statement)
    if trail.queries.running + len(dashboard.widgets) > MOST:
        raise ServiceQuotaExceededException.queries(MOST)
    return {"RefreshId": trail.dashboards.start(dashboard, values)}
