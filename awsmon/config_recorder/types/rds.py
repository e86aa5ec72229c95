"""RDS: instances, clusters and snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.describing import Listed, relations, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from awsmon.config_recorder.resource_types import Asking, Relationship

__all__ = ["TYPES"]

_ONE = "db-M5ENSHXFPU6XHZ4G4ZEI5QIO2U"
"""What moto gives every instance as its DbiResourceId."""


def _network(found: dict[str, Any]) -> list[Relationship]:
    groups = [each["VpcSecurityGroupId"] for each in found.get("VpcSecurityGroups", ())]
    return [
        *relations("Is associated with SecurityGroup", "AWS::EC2::SecurityGroup", *groups),
        *relations("Is associated with Vpc", "AWS::EC2::VPC",
                   found.get("DBSubnetGroup", {}).get("VpcId")
                   if isinstance(found.get("DBSubnetGroup"), dict) else None),
    ]  # fmt: skip


def _told(operation: str, member: str, id_: str, name: str) -> Callable[[Asking], Any]:
    """What there is; a mock that gives all one resource id has them known by their names."""

    def ask_all(ask: Asking) -> Iterator[dict[str, Any]]:
        for found in ask.all(operation, member):
            yield {**found, id_: found[name]} if found.get(id_) in (None, _ONE) else found

    return ask_all


def _shared(ask: Asking, found: dict[str, Any]) -> dict[str, Any]:
    answer = told(ask, "DescribeDBSnapshotAttributes",
                  DBSnapshotIdentifier=found["DBSnapshotIdentifier"])  # fmt: skip
    if answer is None:
        return {}
    attributes = answer["DBSnapshotAttributesResult"].get("DBSnapshotAttributes", [])
    return {"DBSnapshotAttributes": attributes}


TYPES = [
    Listed(
        type="AWS::RDS::DBInstance", client="rds", members=("DBInstanceIdentifier",),
        each=_told("DescribeDBInstances", "DBInstances", "DbiResourceId", "DBInstanceIdentifier"),
        id="DbiResourceId",
        key="DBInstanceIdentifier", name="DBInstanceIdentifier", arn="DBInstanceArn",
        tags="TagList", related=_network, zone="AvailabilityZone",
    ).resource_type,
    Listed(
        type="AWS::RDS::DBCluster", client="rds", members=("DBClusterIdentifier",),
        each=("DescribeDBClusters", "DBClusters"), id="DbClusterResourceId",
        key="DBClusterIdentifier", name="DBClusterIdentifier", arn="DBClusterArn",
        tags="TagList", related=_network,
    ).resource_type,
    Listed(
        type="AWS::RDS::DBSnapshot", client="rds", members=("DBSnapshotIdentifier",),
        each=("DescribeDBSnapshots", "DBSnapshots"), id="DBSnapshotIdentifier",
        arn="DBSnapshotArn", tags="TagList", extra=_shared,
    ).resource_type,
]  # fmt: skip
