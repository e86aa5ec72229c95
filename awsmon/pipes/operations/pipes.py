"""Pipes."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.pipes.errors import ConflictException, ValidationException
from awsmon.pipes.model import Pipe
from awsmon.pipes.settings import check

if TYPE_CHECKING:
    from mypy_boto3_pipes.type_defs import (
        CreatePipeRequestTypeDef,
        DeletePipeRequestTypeDef,
        DescribePipeRequestTypeDef,
        ListPipesRequestTypeDef,
        StartPipeRequestTypeDef,
        StopPipeRequestTypeDef,
        UpdatePipeRequestTypeDef,
    )

    from awsmon.pipes.service import Pipes

_TOLD = ("Arn", "Name", "DesiredState", "CurrentState", "CreationTime", "LastModifiedTime")
_LISTED = (*_TOLD, "StateReason", "Source", "Target", "Enrichment")
_SETTINGS = {
    "Description": "description",
    "Enrichment": "enrichment",
    "EnrichmentParameters": "enrichment_parameters",
    "Target": "target",
    "TargetParameters": "target_parameters",
    "RoleArn": "role_arn",
    "LogConfiguration": "log_configuration",
    "KmsKeyIdentifier": "kms_key_identifier",
}


def _told(pipe: Pipe) -> dict[str, Any]:
    shown = pipe.to_aws()
    return {member: shown[member] for member in _TOLD}


@operation("CreatePipe")
def create_pipe(pipes: Pipes, request: CreatePipeRequestTypeDef) -> dict[str, Any]:
    """It is at work a little later, unless it is to be stopped."""
    name, now = request["Name"], pipes.clock.now()
    if name in pipes:
        raise ConflictException.exists(name)
    source: Any = copy.deepcopy(request.get("SourceParameters", {}))
    pipe = Pipe.from_aws(
        request, arn=pipes.scope.arn("pipes", f"pipe/{name}"), creation_time=now,
        last_modified_time=now, source_parameters=source,
    )  # fmt: skip
    check(pipe)
    pipes.tags.create(pipe.arn, request.get("Tags"))
    pipes.create(pipe)
    return _told(pipe)


@operation("DescribePipe")
def describe_pipe(pipes: Pipes, request: DescribePipeRequestTypeDef) -> dict[str, Any]:
    """All of it."""
    pipe = pipes[request["Name"]]
    return {**pipe.to_aws(), "Tags": pipes.tags.of(pipe.arn)}


@operation("UpdatePipe")
def update_pipe(pipes: Pipes, request: UpdatePipeRequestTypeDef) -> dict[str, Any]:
    """What isn't said stays; the source stays anyway."""
    pipe = pipes.steady(request["Name"])
    given: Any = request
    wanted = {
        field: copy.deepcopy(given[member])
        for member, field in _SETTINGS.items() if member in given
    }  # fmt: skip
    if "SourceParameters" in given:
        wanted["source_parameters"] = _updated(pipe.source_parameters, given["SourceParameters"])
    changed = copy.copy(pipe)
    for field, value in wanted.items():
        setattr(changed, field, value)
    check(changed)
    for field, value in wanted.items():
        setattr(pipe, field, value)
    pipe.last_modified_time = pipes.clock.now()
    pipes.become(pipe, "UPDATING", given.get("DesiredState", pipe.desired_state))
    return _told(pipe)


def _updated(before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Where a stream is read from isn't said again."""
    found = {**before, **copy.deepcopy(given)}
    for name, value in before.items():
        if name in given and isinstance(value, dict):
            found[name] = {**value, **given[name]}
    return found


@operation("StartPipe")
def start_pipe(pipes: Pipes, request: StartPipeRequestTypeDef) -> dict[str, Any]:
    """It goes on where it stopped."""
    pipe = pipes.steady(request["Name"])
    if pipe.current_state == "RUNNING":
        raise ConflictException.busy(pipe.name, "RUNNING")
    pipes.become(pipe, "STARTING", "RUNNING")
    return _told(pipe)


@operation("StopPipe")
def stop_pipe(pipes: Pipes, request: StopPipeRequestTypeDef) -> dict[str, Any]:
    """It reads no more."""
    pipe = pipes.steady(request["Name"])
    if pipe.current_state == "STOPPED":
        raise ConflictException.busy(pipe.name, "STOPPED")
    pipes.become(pipe, "STOPPING", "STOPPED")
    return _told(pipe)


@operation("DeletePipe")
def delete_pipe(pipes: Pipes, request: DeletePipeRequestTypeDef) -> dict[str, Any]:
    """It is gone a little later."""
    pipe = pipes.steady(request["Name"])
    pipes.become(pipe, "DELETING", "DELETED")
    return _told(pipe)


@operation("ListPipes")
def list_pipes(pipes: Pipes, request: ListPipesRequestTypeDef) -> dict[str, Any]:
    """In order of name."""
    found, token = paging.page(
        [
            pipe for pipe in pipes
            if pipe.name.startswith(request.get("NamePrefix", ""))
            and pipe.source.startswith(request.get("SourcePrefix", ""))
            and pipe.target.startswith(request.get("TargetPrefix", ""))
            and request.get("DesiredState", pipe.desired_state) == pipe.desired_state
            and request.get("CurrentState", pipe.current_state) == pipe.current_state
        ],
        request.get("NextToken"), request.get("Limit", 100), of="ListPipes",
        key=lambda pipe: pipe.name, bad_token=ValidationException.token,
    )  # fmt: skip
    shown = [pipe.to_aws() for pipe in found]
    return {"Pipes": [{member: each.get(member) for member in _LISTED} for each in shown],
            "NextToken": token}  # fmt: skip
