"""Configuration recorders: a customer's own, and those of services."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.delivery_errors import NoAvailableDeliveryChannelException
from awsmon.config_recorder.errors import (
    ConflictException,
    InvalidConfigurationRecorderNameException,
    InvalidRecordingGroupException,
    InvalidRoleException,
    MaxNumberOfConfigurationRecordersExceededException,
    NoSuchConfigurationRecorderException,
    UnmodifiableEntityException,
    ValidationException,
)
from awsmon.config_recorder.model import Recorder
from awsmon.config_recorder.tagging import tags_of
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_config.type_defs import (
        AssociateResourceTypesRequestTypeDef,
        DeleteConfigurationRecorderRequestTypeDef,
        DeleteServiceLinkedConfigurationRecorderRequestTypeDef,
        DescribeConfigurationRecordersRequestTypeDef,
        DescribeConfigurationRecorderStatusRequestTypeDef,
        DisassociateResourceTypesRequestTypeDef,
        ListConfigurationRecordersRequestTypeDef,
        PutConfigurationRecorderRequestTypeDef,
        PutServiceLinkedConfigurationRecorderRequestTypeDef,
        PutThirdPartyServiceLinkedConfigurationRecorderRequestTypeDef,
        StartConfigurationRecorderRequestTypeDef,
        StopConfigurationRecorderRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder

_ALL, _SOME, _BUT = (
    "ALL_SUPPORTED_RESOURCE_TYPES", "INCLUSION_BY_RESOURCE_TYPES", "EXCLUSION_BY_RESOURCE_TYPES",
)  # fmt: skip
_LINKED = "AWSConfigurationRecorderFor"
"""How the names of recorders of services begin."""
_CONTINUOUS = {"recordingFrequency": "CONTINUOUS"}


@operation("PutConfigurationRecorder")
def put_configuration_recorder(
    config: ConfigRecorder, request: PutConfigurationRecorderRequestTypeDef
) -> None:
    """One of a customer's own; a recorder that is on sees at once what it now records, too."""
    tags = tags_of(request)
    given: Any = request["ConfigurationRecorder"]
    name = given.get("name", "default")
    _check_name(config, name)
    if not given.get("roleARN"):
        raise InvalidRoleException.missing()
    group = _group(given.get("recordingGroup"))
    own = config.own
    if own is not None and own.name != name:
        raise MaxNumberOfConfigurationRecordersExceededException.named(name)
    if own is None:
        arn = config.scope.arn(
            "config", f"configuration-recorder/{name}/{config.ids.key('', 16).lower()}"
        )
        own = Recorder(arn=arn, name=name, recording_group=group, recording_mode={})
        config.recorders[name] = own
        config.tags.create(arn, tags)
    own.role_arn = given["roleARN"]
    own.recording_group = group
    own.recording_mode = copy.deepcopy(given.get("recordingMode") or _CONTINUOUS)
    if own.recording:
        config.start(own)


def _check_name(config: ConfigRecorder, name: str) -> None:
    if not name.strip():
        raise InvalidConfigurationRecorderNameException.named(name)
    if name in config.recorders:
        _own(config, name)
    if name.startswith(_LINKED):
        raise InvalidConfigurationRecorderNameException.reserved(name)


def _group(given: Any) -> dict[str, Any]:
    """A recording group in full; one that is empty, or contradicts itself, is refused."""
    if given is None:
        given = {"allSupported": True}
    strategy = given.get("recordingStrategy", {}).get("useOnly")
    some = list(given.get("resourceTypes", ()))
    but = list(given.get("exclusionByResourceTypes", {}).get("resourceTypes", ()))
    everything = given.get("allSupported", False)
    global_ = given.get("includeGlobalResourceTypes", False)
    meant = _ALL if everything else _BUT if but else _SOME
    consistent = not (
        (everything and (some or but))
        or (some and but)
        or (not everything and not some and not but)
        or (global_ and not everything)
        or strategy not in ((meant,) if but else (None, meant))
    )
    if not consistent:
        raise InvalidRecordingGroupException.group()
    return {
        "allSupported": everything, "includeGlobalResourceTypes": global_, "resourceTypes": some,
        "exclusionByResourceTypes": {"resourceTypes": but},
        "recordingStrategy": {"useOnly": meant},
    }  # fmt: skip


@operation("DescribeConfigurationRecorders")
def describe_configuration_recorders(
    config: ConfigRecorder, request: DescribeConfigurationRecordersRequestTypeDef
) -> dict[str, Any]:
    """The customer's own, or the one that is named."""
    return {"ConfigurationRecorders": [each.to_aws() for each in _wanted(config, request)]}


@operation("DescribeConfigurationRecorderStatus")
def describe_configuration_recorder_status(
    config: ConfigRecorder, request: DescribeConfigurationRecorderStatusRequestTypeDef
) -> dict[str, Any]:
    """Whether they record; nothing here makes that fail."""
    return {
        "ConfigurationRecordersStatus": [
            {
                "arn": each.arn, "name": each.name, "recording": each.recording,
                "lastStartTime": each.started, "lastStopTime": each.stopped,
                "lastStatus": "Success" if each.started else "Pending",
                "lastStatusChangeTime": max(filter(None, (each.started, each.stopped)),
                                            default=None),
                "servicePrincipal": each.service_principal,
            }
            for each in _wanted(config, request)
        ]
    }  # fmt: skip


def _wanted(config: ConfigRecorder, request: Any) -> list[Recorder]:
    names = list(request.get("ConfigurationRecorderNames", ()))
    names += [request[each] for each in ("ServicePrincipal", "Arn") if each in request]
    if len(names) > 1:
        raise ValidationException.several_recorders()
    if names:
        return [config.find(names[0])]
    return [config.own] if config.own else []


@operation("ListConfigurationRecorders")
def list_configuration_recorders(
    config: ConfigRecorder, request: ListConfigurationRecordersRequestTypeDef
) -> dict[str, Any]:
    """Filtered by their scope of recording."""
    wanted = [set(each.get("filterValue", ())) for each in request.get("Filters", ())]
    found = [each for each in config.recorders.values()
             if all(each.recording_scope in values for values in wanted)]  # fmt: skip
    page, token = pages.page(found, request, 20, "ListConfigurationRecorders")
    return {
        "ConfigurationRecorderSummaries": [
            {"arn": each.arn, "name": each.name, "servicePrincipal": each.service_principal,
             "recordingScope": each.recording_scope,
             "provider": each.connector_arn and config.connector(each.connector_arn).provider}
            for each in page
        ],
        "NextToken": token,
    }  # fmt: skip


@operation("StartConfigurationRecorder")
def start_configuration_recorder(
    config: ConfigRecorder, request: StartConfigurationRecorderRequestTypeDef
) -> None:
    """It needs somewhere to deliver to."""
    recorder = _own(config, request["ConfigurationRecorderName"])
    if config.channel is None:
        raise NoAvailableDeliveryChannelException.to_start()
    config.start(recorder)


@operation("StopConfigurationRecorder")
def stop_configuration_recorder(
    config: ConfigRecorder, request: StopConfigurationRecorderRequestTypeDef
) -> None:
    """What is known stays."""
    config.stop(_own(config, request["ConfigurationRecorderName"]))


@operation("DeleteConfigurationRecorder")
def delete_configuration_recorder(
    config: ConfigRecorder, request: DeleteConfigurationRecorderRequestTypeDef
) -> None:
    """What it recorded stays."""
    recorder = _own(config, request["ConfigurationRecorderName"])
    config.tags.forget(recorder.arn)
    del config.recorders[recorder.name]


def _own(config: ConfigRecorder, name: str) -> Recorder:
    if name not in config.recorders:
        raise NoSuchConfigurationRecorderException.named(name)
    recorder = config.recorders[name]
    if recorder.service_principal:
        raise UnmodifiableEntityException.linked(name)
    return recorder


# -- of services -----------------------------------------------------------------------------------


@operation("PutServiceLinkedConfigurationRecorder")
def put_service_linked_configuration_recorder(
    config: ConfigRecorder, request: PutServiceLinkedConfigurationRecorderRequestTypeDef
) -> dict[str, Any]:
    """It records for a service, and is on at once; its types are associated with it."""
    principal = request["ServicePrincipal"]
    if not principal.endswith(".amazonaws.com"):
        raise ValidationException.recorder_principal(principal)
    for each in config.recorders.values():
        if each.service_principal == principal and each.connector_arn is None:
            raise ConflictException.recorder(principal)
    recorder = _link(config, request, role="AWSServiceRoleForConfig")
    return {"Arn": recorder.arn, "Name": recorder.name}


@operation("PutThirdPartyServiceLinkedConfigurationRecorder")
def put_third_party_service_linked_configuration_recorder(
    config: ConfigRecorder, request: PutThirdPartyServiceLinkedConfigurationRecorderRequestTypeDef
) -> dict[str, Any]:
    """It records what `ConfigRecorder.record` tells of the other cloud; again: another scope.

    On AWS the linked service alone may call it; here whoever stands for that service does.
    """
    principal, scope = request["ServicePrincipal"], request["ScopeConfiguration"]
    if not principal.endswith(".amazonaws.com"):
        raise ValidationException.recorder_principal(principal)
    connector = config.connector(request["ConnectorArn"])
    connector.check(scope)
    recorder = next((each for each in config.recorders.values()
                     if (each.service_principal, each.connector_arn)
                     == (principal, connector.arn)), None)  # fmt: skip
    if recorder is None:
        recorder = _link(
            config, request, role="AWSServiceRoleForConfigThirdParty", suffix=connector.name
        )
        recorder.connector_arn = connector.arn
    recorder.scope_configuration = copy.deepcopy(dict(scope))
    return {"Arn": recorder.arn, "Name": recorder.name}


def _link(config: ConfigRecorder, request: Any, *, role: str, suffix: str = "") -> Recorder:
    """A recorder of a service, which is on at once."""
    tags = tags_of(request)
    principal = request["ServicePrincipal"]
    service = principal.partition(".")[0]
    name = f"{_LINKED}{''.join(each.capitalize() for each in service.split('-'))}"
    name += f"-{suffix}" if suffix else ""
    arn = config.scope.arn(
        "config", f"configuration-recorder/{name}/{config.ids.key('', 16).lower()}"
    )
    recorder = Recorder(
        arn=arn, name=name, service_principal=principal, recording_scope="INTERNAL",
        recording_mode=dict(_CONTINUOUS), recording_group={
            "allSupported": False, "includeGlobalResourceTypes": False, "resourceTypes": [],
            "exclusionByResourceTypes": {"resourceTypes": []},
            "recordingStrategy": {"useOnly": _SOME}},
        role_arn=f"arn:{config.scope.partition}:iam::{config.scope.account}:role/aws-service-role/"
                 f"{principal}/{role}",
    )  # fmt: skip
    config.recorders[name] = recorder
    config.tags.create(arn, tags)
    config.start(recorder)
    return recorder


@operation("DeleteServiceLinkedConfigurationRecorder")
def delete_service_linked_configuration_recorder(
    config: ConfigRecorder, request: DeleteServiceLinkedConfigurationRecorderRequestTypeDef
) -> dict[str, Any]:
    """By the service, or its ARN."""
    if ("Arn" in request) == ("ServicePrincipal" in request):
        raise ValidationException.arn_or_principal()
    recorder = config.find(request.get("Arn") or request["ServicePrincipal"])
    if not recorder.service_principal:
        raise ValidationException.recorder_principal(recorder.name)
    config.tags.forget(recorder.arn)
    del config.recorders[recorder.name]
    return {"Arn": recorder.arn, "Name": recorder.name}


@operation("AssociateResourceTypes")
def associate_resource_types(
    config: ConfigRecorder, request: AssociateResourceTypesRequestTypeDef
) -> dict[str, Any]:
    """Those types are recorded, too."""
    recorder = config.find(request["ConfigurationRecorderArn"])
    types: list[str] = [*request["ResourceTypes"]]
    already = [each for each in types if recorder.wants(each)]
    return _change_types(config, recorder, types, "associated", already)


@operation("DisassociateResourceTypes")
def disassociate_resource_types(
    config: ConfigRecorder, request: DisassociateResourceTypesRequestTypeDef
) -> dict[str, Any]:
    """Those types aren't recorded any more."""
    recorder = config.find(request["ConfigurationRecorderArn"])
    types: list[str] = [*request["ResourceTypes"]]
    already = [each for each in types if not recorder.wants(each)]
    return _change_types(config, recorder, types, "disassociated", already)


def _change_types(
    config: ConfigRecorder, recorder: Recorder, types: Sequence[str], word: str, already: list[str]
) -> dict[str, Any]:
    """The types come into the recorder's list, or go from it, so that it is *word* with them."""
    group = recorder.recording_group
    strategy = group["recordingStrategy"]["useOnly"]
    if strategy == _ALL:
        raise ValidationException.strategy()
    if already:
        raise ValidationException.already(word, already)
    listed = group if strategy == _SOME else group["exclusionByResourceTypes"]
    if (strategy == _SOME) == (word == "associated"):
        listed["resourceTypes"] = [*dict.fromkeys([*listed["resourceTypes"], *types])]
    else:
        listed["resourceTypes"] = [each for each in listed["resourceTypes"] if each not in types]
    if recorder.recording and word == "associated":
        config.start(recorder)
    return {"ConfigurationRecorder": recorder.to_aws()}
