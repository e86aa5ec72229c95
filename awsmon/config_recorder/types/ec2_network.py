"""EC2's networks: security groups, as Config describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.resource_types import (
    Asking,
    Described,
    Relationship,
    ResourceType,
    lowered,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["TYPES"]


def _by(name: str, keys: Sequence[str] | None) -> dict[str, Any]:
    """A filter, for it leaves out what isn't there any more."""
    return {} if keys is None else {"Filters": [{"Name": name, "Values": list(keys)}]}


def _tags(found: dict[str, Any]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in found.get("Tags", ())}


def security_groups(ask: Asking, keys: Sequence[str] | None) -> Iterator[Described]:
    """With their rules, inbound and outbound."""
    for found in ask.all("DescribeSecurityGroups", "SecurityGroups", **_by("group-id", keys)):
        yield Described(
            id=found["GroupId"], name=found["GroupName"], configuration=lowered(found),
            arn=ask.scope.arn("ec2", f"security-group/{found['GroupId']}"), tags=_tags(found),
            relationships=[
                Relationship("AWS::EC2::VPC", found["VpcId"], "Is contained in Vpc")
            ] if found.get("VpcId") else [],
        )  # fmt: skip


TYPES = [
    ResourceType(name="AWS::EC2::SecurityGroup", client="ec2", describe=security_groups,
                 members=("GroupId", "GroupIds", "SecurityGroupIds", "SecurityGroups")),
]  # fmt: skip
