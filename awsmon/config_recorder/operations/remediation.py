"""Remediations: configured, excepted, started and watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.model import Key
from awsmon.config_recorder.remediation import Configuration, Execution
from awsmon.config_recorder.remediation_errors import (
    NoSuchRemediationConfigurationException,
    NoSuchRemediationExceptionException,
    RemediationInProgressException,
)
from awsmon.config_recorder.rules.errors import InvalidParameterValueException
from awsmon.config_recorder.rules.model import COMPLIANT, NON_COMPLIANT
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        DeleteRemediationConfigurationRequestTypeDef,
        DeleteRemediationExceptionsRequestTypeDef,
        DescribeRemediationConfigurationsRequestTypeDef,
        DescribeRemediationExceptionsRequestTypeDef,
        DescribeRemediationExecutionStatusRequestTypeDef,
        PutRemediationConfigurationsRequestTypeDef,
        PutRemediationExceptionsRequestTypeDef,
        StartRemediationExecutionRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder


@operation("PutRemediationConfigurations")
def put_remediation_configurations(
    config: ConfigRecorder, request: PutRemediationConfigurationsRequestTypeDef
) -> dict[str, Any]:
    """For each rule one; automatic ones act on what isn't compliant already."""
    wanted: Any = request["RemediationConfigurations"]
    for each in wanted:
        rule = config.rules.find(each["ConfigRuleName"])
        if rule.created_by:
            raise InvalidParameterValueException.of_service(rule.name)
        _check(each)
    for each in wanted:
        put_remediation(config, each)
    return {"FailedBatches": []}


def put_remediation(config: ConfigRecorder, given: Any, *, maker: str | None = None) -> None:
    """One, of whoever makes them: a service, or the account."""
    name = config.rules.find(given["ConfigRuleName"]).name
    _check(given)
    old = config.remediation.of(name)
    arn = old.arn if old else config.scope.arn(
        "config", f"remediation-configuration/{name}/rem-{config.ids.key('', 6).lower()}"
    )  # fmt: skip
    config.remediation.put(Configuration.from_aws(given, arn=arn, created_by_service=maker))


def _check(given: Any) -> None:
    parameters = given.get("Parameters", {})
    for name, value in parameters.items():
        if ("ResourceValue" in value) == ("StaticValue" in value):
            raise InvalidParameterValueException.one_value(name)
    if given.get("Automatic"):
        static = parameters.get("AutomationAssumeRole", {}).get("StaticValue")
        if not static:
            raise InvalidParameterValueException.automatic("AutomationAssumeRole")
        for name in ("MaximumAutomaticAttempts", "RetryAttemptSeconds"):
            if given.get(name) is None:
                raise InvalidParameterValueException.automatic(name)


@operation("DescribeRemediationConfigurations")
def describe_remediation_configurations(
    config: ConfigRecorder, request: DescribeRemediationConfigurationsRequestTypeDef
) -> dict[str, Any]:
    """Of rules that have one."""
    found = (config.remediation.of(name) for name in request["ConfigRuleNames"])
    return {"RemediationConfigurations": [each.to_aws() for each in found if each]}


@operation("DeleteRemediationConfiguration")
def delete_remediation_configuration(
    config: ConfigRecorder, request: DeleteRemediationConfigurationRequestTypeDef
) -> dict[str, Any]:
    """Not while it runs."""
    name = request["ConfigRuleName"]
    _find(config, name)
    if config.remediation.running(name):
        raise RemediationInProgressException.now(name)
    config.remediation.delete(name)
    return {}


def _find(config: ConfigRecorder, name: str) -> Configuration:
    found = config.remediation.of(name)
    if found is None:
        raise NoSuchRemediationConfigurationException.named(name)
    return found


def _keys(request: Any) -> list[Key]:
    return [
        Key(each.get("ResourceType") or each["resourceType"],
            each.get("ResourceId") or each["resourceId"])
        for each in request.get("ResourceKeys", ())
    ]  # fmt: skip


@operation("PutRemediationExceptions")
def put_remediation_exceptions(
    config: ConfigRecorder, request: PutRemediationExceptionsRequestTypeDef
) -> dict[str, Any]:
    """Automatic remediation leaves these alone; only what isn't compliant can be an exception."""
    name = config.rules.find(request["ConfigRuleName"]).name
    until: Any = request.get("ExpirationTime")
    failed = [key for key in _keys(request) if _said(config, name, key) != NON_COMPLIANT]
    for key in _keys(request):
        if key not in failed:
            config.remediation.exempt(name, key, request.get("Message"), until)
    items = [{"ConfigRuleName": name, "ResourceType": key.type, "ResourceId": key.id}
             for key in failed]  # fmt: skip
    why = "The resource is not noncompliant."
    return {"FailedBatches": [{"FailureMessage": why, "FailedItems": items}] if items else []}


def _said(config: ConfigRecorder, rule: str, key: Key) -> str | None:
    found = config.rules.result(config.rules.find(rule), key)
    return found.compliance if found else None


@operation("DescribeRemediationExceptions")
def describe_remediation_exceptions(
    config: ConfigRecorder, request: DescribeRemediationExceptionsRequestTypeDef
) -> dict[str, Any]:
    """Those that still hold, in order of resource."""
    name, keys = request["ConfigRuleName"], _keys(request)
    there = config.remediation.exceptions(name)
    found = [
        {"ConfigRuleName": name, "ResourceType": key.type, "ResourceId": key.id,
         "Message": there[key].message, "ExpirationTime": there[key].until}
        for key in sorted(there) if not keys or key in keys
    ]  # fmt: skip
    page, token = pages.page(found, request, 25, "DescribeRemediationExceptions")
    return {"RemediationExceptions": page, "NextToken": token}


@operation("DeleteRemediationExceptions")
def delete_remediation_exceptions(
    config: ConfigRecorder, request: DeleteRemediationExceptionsRequestTypeDef
) -> dict[str, Any]:
    """Those that aren't there fail."""
    name = request["ConfigRuleName"]
    if not config.remediation.exceptions(name):
        raise NoSuchRemediationExceptionException.of(name)
    failed = [key for key in _keys(request) if not config.remediation.forgive(name, key)]
    items = [{"ResourceType": key.type, "ResourceId": key.id} for key in failed]
    why = "There is no remediation exception of the resource."
    return {"FailedBatches": [{"FailureMessage": why, "FailedItems": items}] if items else []}


@operation("StartRemediationExecution")
def start_remediation_execution(
    config: ConfigRecorder, request: StartRemediationExecutionRequestTypeDef
) -> dict[str, Any]:
    """Once for each resource; those that were never seen, or are compliant, fail."""
    name = request["ConfigRuleName"]
    configuration, failed = _find(config, name), {}
    for key in _keys(request):
        if config.newest(key) is None:
            failed[key] = "The resource is unknown or has not been discovered."
        elif _said(config, name, key) == COMPLIANT:
            failed[key] = "The resource is already compliant."
        else:
            config.remediation.start(configuration, key)
    items = [{"resourceType": key.type, "resourceId": key.id} for key in failed]
    return {"FailureMessage": next(iter(failed.values()), None), "FailedItems": items}


@operation("DescribeRemediationExecutionStatus")
def describe_remediation_execution_status(
    config: ConfigRecorder, request: DescribeRemediationExecutionStatusRequestTypeDef
) -> dict[str, Any]:
    """The last run of each resource, with its steps."""
    name, keys = request["ConfigRuleName"], _keys(request)
    _find(config, name)
    found = [each for each in config.remediation.executions(name) if not keys or each.key in keys]
    page, token = pages.page(found, request, 25, "DescribeRemediationExecutionStatus")
    return {"RemediationExecutionStatuses": [_shown(each) for each in page], "NextToken": token}


def _shown(execution: Execution) -> dict[str, Any]:
    return {
        "ResourceKey": {"resourceType": execution.key.type, "resourceId": execution.key.id},
        "State": execution.state,
        "StepDetails": [
            {"Name": each.name, "State": each.state, "ErrorMessage": each.error,
             "StartTime": each.started, "StopTime": each.stopped}
            for each in execution.steps
        ],
        "InvocationTime": execution.invoked,
        "LastUpdatedTime": execution.updated,
    }  # fmt: skip
