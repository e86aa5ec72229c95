"""Applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.application_insights.errors import (
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)
from awsmon.application_insights.model import Application
from awsmon.core import paging
from awsmon.core.deliveries import Refused
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_map

if TYPE_CHECKING:
    from mypy_boto3_application_insights.type_defs import (
        CreateApplicationRequestTypeDef,
        DeleteApplicationRequestTypeDef,
        DescribeApplicationRequestTypeDef,
        ListApplicationsRequestTypeDef,
        UpdateApplicationRequestTypeDef,
    )

    from awsmon.application_insights.service import ApplicationInsights

PAGE = 40
_SETTINGS = {
    "OpsCenterEnabled": "ops_center_enabled",
    "CWEMonitorEnabled": "cwe_monitor_enabled",
    "OpsItemSNSTopicArn": "ops_item_sns_topic_arn",
    "SNSNotificationArn": "sns_notification_arn",
    "AutoConfigEnabled": "auto_config_enabled",
    "AttachMissingPermission": "attach_missing_permission",
}


@operation("CreateApplication")
def create_application(
    insights: ApplicationInsights, request: CreateApplicationRequestTypeDef
) -> dict[str, Any]:
    """The resource group is asked for where another mock has groups.

    An application of the account that is given no name is called ``ACCOUNT_BASED-`` and the
    account's number; what AWS calls it isn't public.
    """
    of_account = request.get("GroupingType") == "ACCOUNT_BASED"
    if "ResourceGroupName" not in request and not of_account:
        raise ValidationException.no_group()
    name = request.get("ResourceGroupName", f"ACCOUNT_BASED-{insights.scope.account}")
    if not of_account and name not in insights.discovery.declared:
        _look_up(insights, name)
    if name in insights:
        raise ResourceInUseException.application(name)
    application = Application.from_aws(
        request, account_id=insights.scope.account, resource_group_name=name,
        arn=insights.scope.arn("applicationinsights", f"application/resource-group/{name}"),
        discovery_type="ACCOUNT_BASED" if of_account else "RESOURCE_GROUP_BASED",
        auto_create=request.get("AutoCreate", False),
    )  # fmt: skip
    insights.tags.create(application.arn, tag_map(request.get("Tags")))
    insights.create(application)
    return {"ApplicationInfo": application.to_aws()}


def _look_up(insights: ApplicationInsights, name: str) -> None:
    arn = insights.scope.arn("resource-groups", f"group/{name}")
    try:
        insights.ask(arn, "resource-groups", "GetGroup", {"GroupName": name})
    except Refused:
        raise ResourceNotFoundException.group(name) from None


@operation("DescribeApplication")
def describe_application(
    insights: ApplicationInsights, request: DescribeApplicationRequestTypeDef
) -> dict[str, Any]:
    """Of another account, too, that shares its applications."""
    insights = insights.of_account(request.get("AccountId"))
    return {"ApplicationInfo": insights[request["ResourceGroupName"]].to_aws()}


@operation("ListApplications")
def list_applications(
    insights: ApplicationInsights, request: ListApplicationsRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    page, token = paging.page(
        list(insights.of_account(request.get("AccountId"))), request.get("NextToken"),
        request.get("MaxResults", PAGE), of="ListApplications",
        key=lambda each: each.resource_group_name, bad_token=ValidationException.token,
    )  # fmt: skip
    return {"ApplicationInfoList": [each.to_aws() for each in page], "NextToken": token}


@operation("UpdateApplication")
def update_application(
    insights: ApplicationInsights, request: UpdateApplicationRequestTypeDef
) -> dict[str, Any]:
    """What isn't said stays."""
    application, given = insights[request["ResourceGroupName"]], dict(request)
    for member, field in _SETTINGS.items():
        if member in given:
            setattr(application, field, given[member])
    if request.get("RemoveSNSTopic"):
        application.ops_item_sns_topic_arn = None
    if request.get("AutoConfigEnabled") and application.life_cycle != "CREATING":
        insights.monitoring.configure_all(application)
        insights.settled(application)
    return {"ApplicationInfo": application.to_aws()}


@operation("DeleteApplication")
def delete_application(
    insights: ApplicationInsights, request: DeleteApplicationRequestTypeDef
) -> dict[str, Any]:
    """Its alarms and dashboards go at once, itself a little later."""
    insights.delete(request["ResourceGroupName"])
    return {}
