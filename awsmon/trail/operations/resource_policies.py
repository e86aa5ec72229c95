"""Resource policies of event data stores, channels and dashboards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.core.policies import PolicyError, parse
from awsmon.trail.errors import ResourceNotFoundException
from awsmon.trail.lake.feeding_errors import (
    ResourceARNNotValidException,
    ResourcePolicyNotFoundException,
    ResourcePolicyNotValidException,
    ResourceTypeNotSupportedException,
)

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        DeleteResourcePolicyRequestTypeDef,
        GetResourcePolicyRequestTypeDef,
        PutResourcePolicyRequestTypeDef,
    )

    from awsmon.trail.service import Trail

KINDS = ("eventdatastore", "channel", "dashboard")


def _known(trail: Trail, arn: str) -> str:
    """The ARN of something here that may have a policy."""
    beginning = trail.scope.arn("cloudtrail", "")
    if not arn.startswith(beginning):
        raise ResourceARNNotValidException.of(arn)
    if arn.removeprefix(beginning).partition("/")[0] not in KINDS:
        raise ResourceTypeNotSupportedException.of(arn)
    if arn not in trail.tags:
        raise ResourceNotFoundException.named(arn)
    return arn


def _policy(trail: Trail, arn: str) -> str:
    policy = trail.policies.get(_known(trail, arn))
    if policy is None:
        raise ResourcePolicyNotFoundException.of(arn)
    return policy


@operation("PutResourcePolicy")
def put_resource_policy(trail: Trail, request: PutResourcePolicyRequestTypeDef) -> dict[str, Any]:
    """In place of the one it had."""
    arn, policy = _known(trail, request["ResourceArn"]), request["ResourcePolicy"]
    try:
        parsed = parse(policy)
    except PolicyError as error:
        raise ResourcePolicyNotValidException.because(str(error)) from error
    for each in parsed.statements:
        if set(each.resources.values) != {arn}:
            raise ResourcePolicyNotValidException.because(f"its resource must be {arn}.")
    trail.policies[arn] = policy
    return {"ResourceArn": arn, "ResourcePolicy": policy}


@operation("GetResourcePolicy")
def get_resource_policy(trail: Trail, request: GetResourcePolicyRequestTypeDef) -> dict[str, Any]:
    """As it was put."""
    arn = request["ResourceArn"]
    return {"ResourceArn": arn, "ResourcePolicy": _policy(trail, arn)}


@operation("DeleteResourcePolicy")
def delete_resource_policy(trail: Trail, request: DeleteResourcePolicyRequestTypeDef) -> None:
    """Only the owner's account is left."""
    _policy(trail, request["ResourceArn"])
    del trail.policies[request["ResourceArn"]]
