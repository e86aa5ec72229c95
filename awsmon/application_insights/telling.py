"""Who is told of problems: EventBridge, a topic, Systems Manager.

Lives here: `Telling`. An ignored problem is told to nobody.
Source: User Guide, "Application Insights CloudWatch Events for detected problems" (the event);
API reference, CreateApplication (OpsCenterEnabled, OpsItemSNSTopicArn, SNSNotificationArn),
CreateOpsItem. What stands in notices and OpsItems, and the address of the console, is ours.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.bus_events import EventEmitted
from awsmon.core.deliveries import Delivery

if TYPE_CHECKING:
    from awsmon.application_insights.model import Application
    from awsmon.application_insights.problem_model import Problem
    from awsmon.application_insights.service import ApplicationInsights

__all__ = ["Telling"]

_STATUS = {"PENDING": "In progress", "RECOVERING": "Recovering", "RESOLVED": "Resolved",
           "RECURRING": "Recurring"}  # fmt: skip
_OPS_SEVERITY = {"High": "2", "Medium": "3", "Low": "4", "Informative": "4"}


class Telling:
    """Tells of problems."""

    def __init__(self, insights: ApplicationInsights) -> None:
        self._insights = insights

    def tell(self, application: Application, problem: Problem, *, new: bool = False) -> None:
        """That there is a problem, or what has become of it."""
        if problem.visibility == "IGNORED":
            return
        if application.sns_notification_arn is not None:
            words = problem.title.replace(":", "").split()
            problem.short_name = "".join(word[:1].upper() + word[1:] for word in words)
        detail = self._detail(problem)
        word = "Detected" if new else "Updated"
        self._insights.publish(
            EventEmitted(
                at=self._insights.clock.now(), scope=self._insights.scope,
                source="aws.applicationinsights",
                detail_type=f"Application Insights Problem {word}", detail=detail,
                resources=(application.arn,),
            )
        )  # fmt: skip
        if application.sns_notification_arn is not None:
            self._send(problem, application.sns_notification_arn, _notice(
                application.sns_notification_arn, problem, word, detail))  # fmt: skip
        if new and application.ops_center_enabled:
            self._send(problem, self._insights.scope.arn("ssm", "opsitem"),
                       _ops_item(application, problem, detail))  # fmt: skip

    def _detail(self, problem: Problem) -> dict[str, Any]:
        region = self._insights.scope.region
        return {
            "problemId": problem.id,
            "region": region,
            "resourceGroupName": problem.resource_group_name,
            "status": _STATUS[problem.status],
            "severity": problem.severity_level,
            "problemUrl": f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
            f"#settings:AppInsightsSettings/problems/{problem.id}",
        }

    def _send(self, problem: Problem, target: str, payload: dict[str, Any]) -> None:
        insights = self._insights
        insights.deliveries.send(
            Delivery(at=insights.clock.now(), scope=insights.scope, sender="application_insights",
                     subject=problem.id, target_arn=target, payload=payload)
        )  # fmt: skip


def _notice(topic: str, problem: Problem, word: str, detail: dict[str, Any]) -> dict[str, Any]:
    message = {
        **detail, "title": problem.title, "shortName": problem.short_name,
        "affectedResource": problem.affected_resource, "insights": problem.insights,
    }  # fmt: skip
    subject = f"Application Insights Problem {word}: {problem.title}"
    return {"TopicArn": topic, "Subject": subject[:100], "Message": json.dumps(message)}


def _ops_item(application: Application, problem: Problem, detail: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "Title": problem.title,
        "Description": problem.insights[:1024],
        "Source": "CloudWatch Application Insights",
        "Severity": _OPS_SEVERITY[problem.severity_level],
        "OperationalData": {
            "/aws/resources": {"Type": "SearchableString",
                               "Value": json.dumps([{"arn": problem.affected_resource}])},
            "problem": {"Type": "SearchableString", "Value": json.dumps(detail)},
        },
    }  # fmt: skip
    if application.ops_item_sns_topic_arn is not None:
        item["Notifications"] = [{"Arn": application.ops_item_sns_topic_arn}]
    return item
