"""What is watched of components, and what is recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.application_insights.configuration import read, written
from awsmon.application_insights.errors import ValidationException
from awsmon.application_insights.log_groups import check_log_groups
from awsmon.application_insights.recommending import recommended
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_application_insights.type_defs import (
        DescribeComponentConfigurationRecommendationRequestTypeDef,
        DescribeComponentConfigurationRequestTypeDef,
        UpdateComponentConfigurationRequestTypeDef,
    )

    from awsmon.application_insights.service import ApplicationInsights

_SEVERAL = ("SAP_ASE_SINGLE_NODE", "SAP_ASE_HIGH_AVAILABILITY")


@operation("UpdateComponentConfiguration")
def update_component_configuration(
    insights: ApplicationInsights, request: UpdateComponentConfigurationRequestTypeDef
) -> dict[str, Any]:
    """What isn't said stays; a first configuration is monitored unless it says otherwise.

    `AutoConfigEnabled` puts what is recommended where no configuration is given.
    """
    application = insights[request["ResourceGroupName"]]
    component = insights.component(application.resource_group_name, request["ComponentName"])
    tier = request.get("Tier", component.tier or "DEFAULT")
    wanted = component.configuration
    if "ComponentConfiguration" in request:
        wanted = read(request["ComponentConfiguration"])
        check_log_groups(wanted, component.arns)
    elif request.get("AutoConfigEnabled"):
        wanted = recommended(application.resource_group_name, component, tier)
    first = component.configuration is None and wanted is not None
    monitor = request.get("Monitor", component.monitor or first)
    if monitor and wanted is None and not component.workloads:
        raise ValidationException.no_configuration()
    component.configuration, component.tier, component.monitor = wanted, tier, monitor
    insights.monitoring.apply(application, component)
    insights.settled(application)
    return {}


@operation("DescribeComponentConfiguration")
def describe_component_configuration(
    insights: ApplicationInsights, request: DescribeComponentConfigurationRequestTypeDef
) -> dict[str, Any]:
    """The configuration in the service's own form; none where none was given."""
    insights = insights.of_account(request.get("AccountId"))
    component = insights.component(request["ResourceGroupName"], request["ComponentName"])
    configuration = component.configuration
    return {
        "Monitor": component.monitor,
        "Tier": component.tier,
        "ComponentConfiguration": None if configuration is None else written(configuration),
    }


@operation("DescribeComponentConfigurationRecommendation")
def describe_component_configuration_recommendation(
    insights: ApplicationInsights,
    request: DescribeComponentConfigurationRecommendationRequestTypeDef,
) -> dict[str, Any]:
    """By the type of the component, its operating system and the tier."""
    component = insights.component(request["ResourceGroupName"], request["ComponentName"])
    tier = request["Tier"]
    if tier in _SEVERAL and "WorkloadName" not in request:
        raise ValidationException.workload_name(tier)
    kind = request.get("RecommendationType", "ALL")
    found = recommended(request["ResourceGroupName"], component, tier, kind)
    return {"ComponentConfiguration": written(found)}
