"""What a schedule sets off.

Lives here: `check`, `input_of` and `call_of`. A templated target is one of a few kinds, with
parameters of its own; a universal one is any API call that does more than read.
Source: EventBridge Scheduler User Guide, "Managing targets".
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.clock import stamp
from awsmon.core.target_calls import target_call
from awsmon.core.targets import ServiceCall
from awsmon.scheduler.errors import ValidationException

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.core.scope import Scope
    from awsmon.scheduler.model import Schedule

__all__ = ["call_of", "check", "input_of", "is_bus"]

_TEMPLATED = {
    "codebuild", "codepipeline", "ecs", "events", "firehose", "inspector", "kinesis", "lambda",
    "sagemaker", "sns", "sqs", "states",
}  # fmt: skip
_NEEDED = {
    "ecs": "EcsParameters",
    "events": "EventBridgeParameters",
    "kinesis": "KinesisParameters",
}
_JSON = {"lambda", "states", "events"}
_UNIVERSAL = re.compile(r"arn:aws[a-z-]*:scheduler:::aws-sdk:([a-z0-9]+):([a-z][A-Za-z0-9]*)")
_READS = (
    "get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read",
    "lookup", "discover", "validate", "batchGet", "batchDescribe", "batchRead", "transactGet",
    "adminGet", "adminList", "testMigration", "retrieve", "testConnection", "translateDocument",
    "isAuthorized", "invokeModel",
)  # fmt: skip
_CLIENTS = {
    # service id -> boto3 client, where they differ by more than hyphens. Source: botocore's models
    "applicationdiscoveryservice": "discovery",
    "applicationinsights": "application-insights",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "costandusagereportservice": "cur",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "directoryservice": "ds",
    "directoryservicedata": "ds-data",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearchservice": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "lexmodelbuildingservice": "lex-models",
    "lexmodelsv2": "lexv2-models",
    "lexruntimeservice": "lex-runtime",
    "lexruntimev2": "lexv2-runtime",
    "marketplaceentitlementservice": "marketplace-entitlement",
    "marketplacemetering": "meteringmarketplace",
    "migrationhub": "mgh",
    "pinpointsmsvoice": "sms-voice",
    "serverlessapplicationrepository": "serverlessrepo",
    "sfn": "stepfunctions",
    "simpledb": "sdb",
}


def check(target: Mapping[str, Any]) -> None:
    """Whether a schedule can set this off.

    Raises:
        ValidationException: it is no target, lacks what its kind needs, or its input is no JSON.
    """
    arn = Arn.maybe(target["Arn"])
    if arn is None:
        raise ValidationException.target()
    if arn.service == "scheduler":
        found = _UNIVERSAL.fullmatch(target["Arn"])
        if found is None or found[2].startswith(_READS):
            raise ValidationException.action(target["Arn"])
    elif arn.service not in _TEMPLATED:
        raise ValidationException.target()
    member = _NEEDED.get(arn.service)
    if member is not None and member not in target:
        raise ValidationException.parameters(member)
    if arn.service == "sqs" and arn.resource.endswith(".fifo") and "SqsParameters" not in target:
        raise ValidationException.parameters("SqsParameters")
    if "Input" in target and (arn.service in _JSON or arn.service == "scheduler"):
        try:
            json.loads(target["Input"])
        except (ValueError, RecursionError):
            raise ValidationException.input_json() from None


def is_bus(target_arn: str) -> bool:
    """Whether an event bus stands there."""
    return ":event-bus/" in target_arn


def input_of(schedule: Schedule, scope: Scope, at: datetime, execution: str) -> str:
    """The input as text: the schedule's own, with its context filled in, or an event about it.

    Args:
        schedule: whose time has come.
        scope: where.
        at: the time that was due, which a flexible window may lie behind.
        execution: the id of this invocation.
    """
    scheduled = stamp(at)
    if "Input" not in schedule.target:
        universal = schedule.target["Arn"].startswith(f"arn:{scope.partition}:scheduler:::")
        return "{}" if universal else _event(schedule, scope, scheduled, execution)
    text: str = schedule.target["Input"]
    for name, value in (
        ("schedule-arn", schedule.arn), ("scheduled-time", scheduled),
        ("execution-id", execution), ("attempt-number", "1"),
    ):  # fmt: skip
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _event(schedule: Schedule, scope: Scope, at: str, execution: str) -> str:
    """As it was seen; the detail is a text indeed."""
    event = {
        "version": "0", "id": execution, "detail-type": "Scheduled Event",
        "source": "aws.scheduler", "account": scope.account, "time": at, "region": scope.region,
        "resources": [schedule.arn], "detail": "{}",
    }  # fmt: skip
    return json.dumps(event, separators=(",", ":"))


def call_of(schedule: Schedule, text: str, execution: str) -> ServiceCall | None:
    """The API call that gives the target its input."""
    target = schedule.target
    universal = _UNIVERSAL.fullmatch(target["Arn"])
    if universal is not None:
        service, action = universal[1], universal[2]
        operation = action[:1].upper() + action[1:]
        return ServiceCall(_CLIENTS.get(service, service), operation, json.loads(text))
    parameters = {name: value for name, value in target.items() if name.endswith("Parameters")}
    if "EcsParameters" in parameters:
        started = f"chronos-schedule/{schedule.name}"[:36]
        parameters["EcsParameters"] = {**parameters["EcsParameters"], "StartedBy": started}
    return target_call(target["Arn"], text, parameters, key=execution, name=execution)
