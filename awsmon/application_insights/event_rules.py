"""Events of EventBridge that tell of trouble with a resource.

Lives here: `Sight` and `seen`. Only events of AWS's own services count.
Source: API reference, Observation; the services' documentation of their events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.application_insights.problem_model import Symptom

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Sight", "seen"]

Event = dict[str, Any]


class Sight(NamedTuple):
    """What an event tells.

    Attributes:
        arns: whom it may be about.
        facts: the observation's members, by AWS's names.
    """

    arns: tuple[str, ...]
    symptom: Symptom
    facts: dict[str, Any]


def seen(event: Mapping[str, Any]) -> Sight | None:
    """What an event tells; None: nothing that is wrong."""
    read = _READERS.get((event["source"], event["detail-type"]))
    found = read(event) if read else None
    if found is None:
        return None
    facts = {"CloudWatchEventId": event["id"], "CloudWatchEventDetailType": event["detail-type"],
             **found.facts}  # fmt: skip
    if event["source"] in _SOURCES:
        facts["CloudWatchEventSource"] = _SOURCES[event["source"]]
    facts = {name: value for name, value in facts.items() if value is not None}
    return found._replace(facts=facts)


_SOURCES = {"aws.ec2": "EC2", "aws.codedeploy": "CODE_DEPLOY", "aws.health": "HEALTH",
            "aws.rds": "RDS"}  # fmt: skip


def _resources(event: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(event.get("resources", ()))


def _instance(event: Mapping[str, Any]) -> Sight | None:
    state = event["detail"].get("state", "")
    if state not in ("stopping", "stopped", "shutting-down", "terminated"):
        return None
    words = Symptom("Instance stopped", "Medium", "Look who stopped it, and whether it comes back.")
    return Sight(_resources(event), words, {"Ec2State": state.upper()})


def _volume(event: Mapping[str, Any]) -> Sight | None:
    detail = event["detail"]
    if detail.get("result") != "failed":
        return None
    words = Symptom(
        "Volume failed", "High", "The volume can't be used. Restore it from a snapshot."
    )
    return Sight(_resources(event), words, {
        "EbsEvent": detail.get("event"), "EbsResult": "failed", "EbsCause": detail.get("cause"),
        "EbsRequestId": detail.get("request-id"),
    })  # fmt: skip


def _deployment(event: Mapping[str, Any]) -> Sight | None:
    detail = event["detail"]
    if detail.get("state") not in ("FAILURE", "STOP"):
        return None
    region, account = event["region"], event["account"]
    arns = [*_resources(event)]
    if "instanceId" in detail:
        arns.append(f"arn:aws:ec2:{region}:{account}:instance/{detail['instanceId']}")
    words = Symptom("Deployment failed", "High", "Look at what was deployed, or roll it back.")
    return Sight(tuple(arns), words, {
        "CodeDeployDeploymentId": detail.get("deploymentId"),
        "CodeDeployDeploymentGroup": detail.get("deploymentGroup"),
        "CodeDeployState": detail.get("state"),
        "CodeDeployApplication": detail.get("application"),
        "CodeDeployInstanceGroupId": detail.get("instanceGroupId"),
    })  # fmt: skip


def _health(event: Mapping[str, Any]) -> Sight | None:
    detail = event["detail"]
    if detail.get("eventTypeCategory") != "issue":
        return None
    entities = [each.get("entityValue", "") for each in detail.get("affectedEntities", ())]
    described = detail.get("eventDescription") or [{}]
    words = Symptom("AWS Health issue", "High", "Something is wrong on AWS's side: see its text.")
    return Sight((*_resources(event), *entities), words, {
        "HealthEventArn": detail.get("eventArn"), "HealthService": detail.get("service"),
        "HealthEventTypeCode": detail.get("eventTypeCode"), "HealthEventTypeCategory": "issue",
        "HealthEventDescription": described[0].get("latestDescription"),
    })  # fmt: skip


def _database(event: Mapping[str, Any]) -> Sight | None:
    detail = event["detail"]
    found = [each for each in detail.get("EventCategories", ()) if each in _TROUBLES]
    if not found:
        return None
    words = Symptom(f"Database {found[0]}", "High", "RDS tells what happened: see its message.")
    return Sight((detail.get("SourceArn", ""), *_resources(event)), words, {
        "RdsEventCategories": ",".join(detail["EventCategories"]),
        "RdsEventMessage": detail.get("Message"),
    })  # fmt: skip


_TROUBLES = ("failure", "failover", "availability", "low storage", "recovery", "read replica")


def _execution(event: Mapping[str, Any]) -> Sight | None:
    detail = event["detail"]
    if detail.get("status") not in ("FAILED", "TIMED_OUT", "ABORTED"):
        return None
    words = Symptom("Failed executions", "Medium", "Look at the execution's history.")
    return Sight((detail.get("stateMachineArn", ""),), words, {
        "StatesExecutionArn": detail.get("executionArn"),
        "StatesArn": detail.get("stateMachineArn"), "StatesStatus": detail.get("status"),
        "StatesInput": detail.get("input"),
    })  # fmt: skip


def _service_action(event: Mapping[str, Any]) -> Sight | None:
    detail = event["detail"]
    if detail.get("eventType") != "ERROR":
        return None
    words = Symptom(f"ECS: {detail.get('eventName', 'error')}", "High", "See the service's events.")
    return Sight((*_resources(event), detail.get("clusterArn", "")), words, {})


def _task(event: Mapping[str, Any]) -> Sight | None:
    detail = event["detail"]
    failed = any(each.get("exitCode") for each in detail.get("containers", ()))
    if detail.get("lastStatus") != "STOPPED" or not failed:
        return None
    words = Symptom("Task stopped", "Medium", "A container ended with an error: see its log.")
    arns = [detail.get("clusterArn", "")]
    cluster, group = arns[0].rpartition("/")[2], detail.get("group", "")
    if group.startswith("service:"):
        service = group.removeprefix("service:")
        arns.insert(0, arns[0].replace(f"cluster/{cluster}", f"service/{cluster}/{service}"))
    return Sight(tuple(arns), words, {})


_READERS: dict[tuple[str, str], Callable[[Mapping[str, Any]], Sight | None]] = {
    ("aws.ec2", "EC2 Instance State-change Notification"): _instance,
    ("aws.ec2", "EBS Volume Notification"): _volume,
    ("aws.codedeploy", "CodeDeploy Deployment State-change Notification"): _deployment,
    ("aws.codedeploy", "CodeDeploy Instance State-change Notification"): _deployment,
    ("aws.health", "AWS Health Event"): _health,
    ("aws.rds", "RDS DB Instance Event"): _database,
    ("aws.rds", "RDS DB Cluster Event"): _database,
    ("aws.states", "Step Functions Execution Status Change"): _execution,
    ("aws.ecs", "ECS Service Action"): _service_action,
    ("aws.ecs", "ECS Deployment State Change"): _service_action,
    ("aws.ecs", "ECS Task State Change"): _task,
}
