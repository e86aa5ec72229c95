"""What was set up for monitoring, and what couldn't be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.application_insights.errors import ValidationException
from awsmon.application_insights.times import between
from awsmon.core import paging
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_application_insights.type_defs import ListConfigurationHistoryRequestTypeDef

    from awsmon.application_insights.service import ApplicationInsights

PAGE = 40


@operation("ListConfigurationHistory")
def list_configuration_history(
    insights: ApplicationInsights, request: ListConfigurationHistoryRequestTypeDef
) -> dict[str, Any]:
    """The newest first; of one application or of all."""
    insights = insights.of_account(request.get("AccountId"))
    name = request.get("ResourceGroupName")
    applications = list(insights) if name is None else [insights[name]]
    given: Any = request  # instants are aware by now
    within = between(given.get("StartTime"), given.get("EndTime"))
    status = request.get("EventStatus")
    events = [
        each for application in applications for each in application.history
        if within(each.event_time) and status in (None, each.event_status)
    ]  # fmt: skip
    page, token = paging.page(
        sorted(events, key=lambda each: each.event_time, reverse=True), request.get("NextToken"),
        request.get("MaxResults", PAGE), of="ListConfigurationHistory",
        bad_token=ValidationException.token,
    )  # fmt: skip
    return {"EventList": [each.to_aws() for each in page], "NextToken": token}
