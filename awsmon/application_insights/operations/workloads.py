"""Workloads on components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.application_insights.configuration import read, written
from awsmon.application_insights.errors import (
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)
from awsmon.application_insights.log_groups import check_log_groups
from awsmon.application_insights.model import Workload
from awsmon.application_insights.recommending import missing_parts
from awsmon.core import paging
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_application_insights.type_defs import (
        AddWorkloadRequestTypeDef,
        DescribeWorkloadRequestTypeDef,
        ListWorkloadsRequestTypeDef,
        RemoveWorkloadRequestTypeDef,
        UpdateWorkloadRequestTypeDef,
    )

    from awsmon.application_insights.model import Component
    from awsmon.application_insights.service import ApplicationInsights

MOST = 5
"""On one component. Source: API reference, AddWorkload."""
PAGE = 40


@operation("AddWorkload")
def add_workload(
    insights: ApplicationInsights, request: AddWorkloadRequestTypeDef
) -> dict[str, Any]:
    """The component is monitored from now on."""
    component = insights.component(request["ResourceGroupName"], request["ComponentName"])
    return _keep(insights, component, request, None)


@operation("UpdateWorkload")
def update_workload(
    insights: ApplicationInsights, request: UpdateWorkloadRequestTypeDef
) -> dict[str, Any]:
    """Its configuration is replaced; without an id it is added."""
    component = insights.component(request["ResourceGroupName"], request["ComponentName"])
    id_ = request.get("WorkloadId")
    if id_ is not None and id_ not in component.workloads:
        raise ResourceNotFoundException.workload(id_)
    return _keep(insights, component, request, id_)


def _keep(
    insights: ApplicationInsights, component: Component, request: Any, id_: str | None
) -> dict[str, Any]:
    given = request["WorkloadConfiguration"]
    tier = given.get("Tier", "DEFAULT")
    name, configuration = given.get("WorkloadName", tier[:12]), read(given["Configuration"])
    check_log_groups(configuration, component.arns)
    for each in component.workloads.values():
        if each.workload_name == name and each.workload_id != id_:
            raise ResourceInUseException.workload(name)
    if id_ is None and len(component.workloads) >= MOST:
        raise ValidationException.too_many_workloads(MOST)
    workload = Workload(
        workload_id=id_ or f"w-{insights.ids.uuid()}", component_name=component.component_name,
        workload_name=name, tier=tier, configuration=configuration,
        missing_workload_config=missing_parts(tier, configuration) or None,
    )  # fmt: skip
    component.workloads[workload.workload_id] = workload
    component.monitor, component.tier = True, component.tier or tier
    _apply(insights, request["ResourceGroupName"], component)
    return _shown(workload)


def _apply(insights: ApplicationInsights, name: str, component: Component) -> None:
    insights.monitoring.apply(insights[name], component)
    insights.settled(insights[name])


def _shown(workload: Workload) -> dict[str, Any]:
    return {
        "WorkloadId": workload.workload_id,
        "WorkloadConfiguration": {
            "WorkloadName": workload.workload_name,
            "Tier": workload.tier,
            "Configuration": written(workload.configuration),
        },
    }


def _found(component: Component, id_: str) -> Workload:
    if id_ not in component.workloads:
        raise ResourceNotFoundException.workload(id_)
    return component.workloads[id_]


@operation("DescribeWorkload")
def describe_workload(
    insights: ApplicationInsights, request: DescribeWorkloadRequestTypeDef
) -> dict[str, Any]:
    """With its configuration."""
    insights = insights.of_account(request.get("AccountId"))
    component = insights.component(request["ResourceGroupName"], request["ComponentName"])
    return _shown(_found(component, request["WorkloadId"]))


@operation("ListWorkloads")
def list_workloads(
    insights: ApplicationInsights, request: ListWorkloadsRequestTypeDef
) -> dict[str, Any]:
    """In the order in which they were added."""
    insights = insights.of_account(request.get("AccountId"))
    component = insights.component(request["ResourceGroupName"], request["ComponentName"])
    page, token = paging.page(
        list(component.workloads.values()), request.get("NextToken"),
        request.get("MaxResults", PAGE), of="ListWorkloads", bad_token=ValidationException.token,
    )  # fmt: skip
    return {"WorkloadList": [each.to_aws() for each in page], "NextToken": token}


@operation("RemoveWorkload")
def remove_workload(
    insights: ApplicationInsights, request: RemoveWorkloadRequestTypeDef
) -> dict[str, Any]:
    """What was watched for it alone is watched no more."""
    component = insights.component(request["ResourceGroupName"], request["ComponentName"])
    del component.workloads[_found(component, request["WorkloadId"]).workload_id]
    _apply(insights, request["ResourceGroupName"], component)
    return {}
