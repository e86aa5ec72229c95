"""Components: those that were found, and those that a person groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.application_insights.errors import (
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)
from awsmon.application_insights.model import Component
from awsmon.application_insights.resource_kinds import INSTANCE
from awsmon.core import paging
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_application_insights.type_defs import (
        CreateComponentRequestTypeDef,
        DeleteComponentRequestTypeDef,
        DescribeComponentRequestTypeDef,
        ListComponentsRequestTypeDef,
        UpdateComponentRequestTypeDef,
    )

    from awsmon.application_insights.model import Application
    from awsmon.application_insights.service import ApplicationInsights

PAGE = 40


@operation("CreateComponent")
def create_component(
    insights: ApplicationInsights, request: CreateComponentRequestTypeDef
) -> dict[str, Any]:
    """Standalone instances become one component."""
    application, name = insights[request["ResourceGroupName"]], request["ComponentName"]
    if name in application.components:
        raise ResourceInUseException.component(name)
    arns = list(dict.fromkeys(request["ResourceList"]))
    _check(application, arns)
    component = Component(
        component_name=name, resource_type="CustomComponent", custom=True, arns=arns,
        os_type=_system(application, arns), id=f"customizedcomponent-{insights.ids.uuid()}",
    )  # fmt: skip
    application.components[name] = component
    insights.discovery.arrange(application)
    insights.settled(application)
    return {}


def _check(application: Application, arns: Sequence[str], component: str | None = None) -> None:
    """Only standalone instances of the application are grouped."""
    for arn in arns:
        if arn not in application.resources:
            raise ValidationException.not_in_application(arn)
        for each in application.components.values():
            if each.custom and each.component_name != component and arn in each.arns:
                raise ResourceInUseException.grouped(arn, each.component_name)
        own = component is not None and arn in application.components[component].arns
        standing = application.components.get(arn)
        if not own and (standing is None or standing.resource_type != INSTANCE):
            raise ValidationException.not_standalone(arn)


def _system(application: Application, arns: Sequence[str]) -> str:
    systems = {application.resources[arn].os for arn in arns}
    return "WINDOWS" if "WINDOWS" in systems else "LINUX"


@operation("UpdateComponent")
def update_component(
    insights: ApplicationInsights, request: UpdateComponentRequestTypeDef
) -> dict[str, Any]:
    """Another name, other resources, or both; what was configured stays."""
    name = request["ComponentName"]
    application, component = insights[request["ResourceGroupName"]], _custom(insights, request)
    renamed, arns = request.get("NewComponentName", name), request.get("ResourceList")
    if renamed == name and arns is None:
        raise ValidationException.no_change()
    if renamed != name and renamed in application.components:
        raise ResourceInUseException.component(renamed)
    if arns is not None:
        _check(application, arns, name)
    insights.monitoring.stop(application, component)
    del application.components[name]
    component.component_name = renamed
    if arns is not None:
        component.arns = list(dict.fromkeys(arns))
        component.os_type = _system(application, arns)
    application.components[renamed] = component
    for workload in component.workloads.values():
        workload.component_name = renamed
    insights.discovery.arrange(application)
    insights.monitoring.apply(application, component)
    return {}


@operation("DeleteComponent")
def delete_component(
    insights: ApplicationInsights, request: DeleteComponentRequestTypeDef
) -> dict[str, Any]:
    """Its instances stand alone again, and are monitored no more."""
    application, component = insights[request["ResourceGroupName"]], _custom(insights, request)
    insights.monitoring.stop(application, component)
    del application.components[component.component_name]
    insights.discovery.arrange(application)
    insights.settled(application)
    return {}


def _custom(insights: ApplicationInsights, request: Any) -> Component:
    component = insights.component(request["ResourceGroupName"], request["ComponentName"])
    if not component.custom:
        raise ResourceNotFoundException.component(request["ComponentName"])
    return component


@operation("DescribeComponent")
def describe_component(
    insights: ApplicationInsights, request: DescribeComponentRequestTypeDef
) -> dict[str, Any]:
    """With the resources that it groups; one that stands alone groups none."""
    insights = insights.of_account(request.get("AccountId"))
    component = insights.component(request["ResourceGroupName"], request["ComponentName"])
    return {
        "ApplicationComponent": component.to_aws(),
        "ResourceList": component.arns if component.custom else component.members,
    }


@operation("ListComponents")
def list_components(
    insights: ApplicationInsights, request: ListComponentsRequestTypeDef
) -> dict[str, Any]:
    """In order of name, without the workloads that were detected."""
    insights = insights.of_account(request.get("AccountId"))
    page, token = paging.page(
        list(insights[request["ResourceGroupName"]].components.values()),
        request.get("NextToken"), request.get("MaxResults", PAGE), of="ListComponents",
        key=lambda each: each.component_name, bad_token=ValidationException.token,
    )  # fmt: skip
    shown = [{**each.to_aws(), "DetectedWorkload": None} for each in page]
    return {"ApplicationComponentList": shown, "NextToken": token}
