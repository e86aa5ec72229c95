"""From a target with its parameters to the API call that reaches it.

Lives here: `target_call` and `target_payload`, for EventBridge's rules, schedules and pipes;
parameters have the names that PutTargets gives them. Plain kinds of target are `targets.py`'s.
Source: EventBridge User Guide, "Event bus targets"; botocore's models of what is called.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.targets import ServiceCall, sent_message, service_call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["target_call", "target_payload"]


def target_call(
    target_arn: str, text: str, parameters: Mapping[str, Any], *, key: str, name: str
) -> ServiceCall | None:
    """The call by which a target gets its input; None for a kind without one.

    Args:
        target_arn: where to.
        text: the input, JSON.
        parameters: of the target, as ``SqsParameters``.
        key: the partition key where the parameters give none.
        name: what an execution or job is called where the parameters give none.
    """
    arn = Arn.maybe(target_arn)
    if arn is None:
        return None
    if arn.service == "sqs":
        given = parameters.get("SqsParameters", {})
        return sent_message(arn, text, **{name: value for name, value in given.items() if value})
    if arn.service == "kinesis":
        partition = parameters.get("KinesisParameters", {}).get("PartitionKey", key)
        return service_call(arn, {"Data": text.encode(), "PartitionKey": partition})
    make = _CALLS.get(arn.service)
    return make(arn, text, parameters, name) if make else service_call(arn, text)


def target_payload(target_arn: str, text: str, call: ServiceCall | None) -> Any:
    """What a target gets, as `Delivery.payload` says it of each kind.

    Args:
        target_arn: where to.
        text: the input.
        call: that carries it there.
    """
    service = target_arn.split(":", 3)[2]
    if service in ("lambda", "states") or call is None:
        return _json(text)
    return text if service == "sqs" else dict(call.parameters)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _object(text: str) -> dict[str, Any]:
    found = _json(text)
    return found if isinstance(found, dict) else {}


def _lower(found: Any) -> Any:
    """Names with a small first letter, as ECS writes them."""
    if isinstance(found, dict):
        return {name[:1].lower() + name[1:]: _lower(value) for name, value in found.items()}
    return [_lower(each) for each in found] if isinstance(found, list) else found


def _start_execution(arn: Arn, text: str, _: Mapping[str, Any], name: str) -> ServiceCall:
    return ServiceCall(
        "stepfunctions", "StartExecution",
        {"stateMachineArn": str(arn), "input": text, "name": name},
    )  # fmt: skip


def _run_task(arn: Arn, text: str, parameters: Mapping[str, Any], name: str) -> ServiceCall:
    given = _lower(parameters.get("EcsParameters", {}))
    wanted = {
        "cluster": str(arn), "taskDefinition": given.pop("taskDefinitionArn", ""),
        "count": given.pop("taskCount", 1), "startedBy": f"events-rule/{name}"[:36],
    }  # fmt: skip
    overrides = _object(text)
    if "containerOverrides" in overrides:
        wanted["overrides"] = {"containerOverrides": overrides["containerOverrides"]}
    return ServiceCall("ecs", "RunTask", wanted | given)


def _submit_job(arn: Arn, text: str, parameters: Mapping[str, Any], name: str) -> ServiceCall:
    given = parameters.get("BatchParameters", {})
    wanted = {
        "jobQueue": str(arn), "jobName": given.get("JobName", name),
        "jobDefinition": given.get("JobDefinition", ""),
    }  # fmt: skip
    if "ArrayProperties" in given:
        wanted["arrayProperties"] = _lower(given["ArrayProperties"])
    if "RetryStrategy" in given:
        wanted["retryStrategy"] = _lower(given["RetryStrategy"])
    overrides = _object(text)
    for member in ("ContainerOverrides", "DependsOn", "Parameters"):
        if member in overrides:
            wanted[member[:1].lower() + member[1:]] = (
                overrides[member] if member == "Parameters" else _lower(overrides[member])
            )
    return ServiceCall("batch", "SubmitJob", wanted)


def _start_build(arn: Arn, text: str, _: Mapping[str, Any], name: str) -> ServiceCall:
    del name
    project = arn.resource.removeprefix("project/")
    known = ("sourceVersion", "environmentVariablesOverride", "buildspecOverride")
    overrides = {member: value for member, value in _object(text).items() if member in known}
    return ServiceCall("codebuild", "StartBuild", {"projectName": project, **overrides})


def _start_pipeline(arn: Arn, _: str, parameters: Mapping[str, Any], name: str) -> ServiceCall:
    del parameters, name
    return ServiceCall("codepipeline", "StartPipelineExecution", {"name": arn.resource})


def _ssm(arn: Arn, text: str, parameters: Mapping[str, Any], name: str) -> ServiceCall | None:
    """A command, an automation or an OpsItem."""
    del name
    kind, _, document = arn.resource.partition("/")
    if kind == "document":
        targets = parameters.get("RunCommandParameters", {}).get("RunCommandTargets", [])
        return ServiceCall(
            "ssm", "SendCommand",
            {"DocumentName": document, "Targets": targets, "Parameters": _lists(text)},
        )  # fmt: skip
    if kind == "automation-definition":
        document, _, version = document.partition(":")
        wanted = {"DocumentName": document, "Parameters": _lists(text)}
        if version:
            wanted["DocumentVersion"] = version
        return ServiceCall("ssm", "StartAutomationExecution", wanted)
    if kind == "opsitem":
        event = _object(text)
        return ServiceCall(
            "ssm", "CreateOpsItem",
            {"Title": event.get("detail-type", "EventBridge"), "Description": text,
             "Source": event.get("source", "EventBridge")},
        )  # fmt: skip
    return None


def _lists(text: str) -> dict[str, list[str]]:
    """The parameters of a document are lists of texts."""
    return {
        name: [str(each) for each in (value if isinstance(value, list) else [value])]
        for name, value in _object(text).items()
    }


_BUILT_IN = {
    "stop-instance": ("StopInstances", "InstanceIds"),
    "terminate-instance": ("TerminateInstances", "InstanceIds"),
    "reboot-instance": ("RebootInstances", "InstanceIds"),
}


def _built_in(arn: Arn, text: str, parameters: Mapping[str, Any], name: str) -> ServiceCall | None:
    """EventBridge's own targets: ``target/stop-instance``; the input is an Id."""
    del parameters, name
    kind, _, action = arn.resource.partition("/")
    if kind != "target":
        return None
    subject = _json(text)
    if isinstance(subject, dict):
        subject = subject.get("detail", {}).get("instance-id", "")
    if action == "create-snapshot":
        return ServiceCall("ec2", "CreateSnapshot", {"VolumeId": str(subject)})
    if action not in _BUILT_IN:
        return None
    operation, member = _BUILT_IN[action]
    return ServiceCall("ec2", operation, {member: [str(subject)]})


def _statement(arn: Arn, text: str, parameters: Mapping[str, Any], name: str) -> ServiceCall:
    del text
    given = parameters.get("RedshiftDataParameters", {})
    wanted = {
        "ClusterIdentifier": arn.resource.removeprefix("cluster:"),
        "Database": given.get("Database", ""),
        "StatementName": given.get("StatementName", name),
        "WithEvent": given.get("WithEvent", False),
    }
    if "DbUser" in given:
        wanted["DbUser"] = given["DbUser"]
    if "SecretManagerArn" in given:
        wanted["SecretArn"] = given["SecretManagerArn"]
    if "Sqls" in given:
        call = {**wanted, "Sqls": given["Sqls"]}
        return ServiceCall("redshift-data", "BatchExecuteStatement", call)
    return ServiceCall("redshift-data", "ExecuteStatement", {**wanted, "Sql": given.get("Sql", "")})


def _sage_maker(arn: Arn, _: str, parameters: Mapping[str, Any], name: str) -> ServiceCall:
    given = parameters.get("SageMakerPipelineParameters", {}).get("PipelineParameterList", [])
    return ServiceCall(
        "sagemaker", "StartPipelineExecution",
        {"PipelineName": arn.resource.removeprefix("pipeline/"), "PipelineParameters": given,
         "ClientRequestToken": name.ljust(32, "0")},
    )  # fmt: skip


def _notify(arn: Arn, _: str, parameters: Mapping[str, Any], name: str) -> ServiceCall:
    del parameters
    flow = arn.resource.removeprefix("workflow/")
    return ServiceCall("glue", "StartWorkflowRun", {"Name": flow, "RunProperties": {"id": name}})


_CALLS: dict[str, Callable[[Arn, str, Mapping[str, Any], str], ServiceCall | None]] = {
    "states": _start_execution,
    "ecs": _run_task,
    "batch": _submit_job,
    "codebuild": _start_build,
    "codepipeline": _start_pipeline,
    "ssm": _ssm,
    "events": _built_in,
    "redshift": _statement,
    "sagemaker": _sage_maker,
    "glue": _notify,
}
