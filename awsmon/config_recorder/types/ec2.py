"""EC2: instances, volumes, networks and what guards them, as AWS Config describes them.

All are described alike: one call with a filter, which leaves out what isn't there any more.
Source of names and relationships: Config Developer Guide, "Supported Resource Types".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.describing import relations, tags_of
from awsmon.config_recorder.resource_types import Asking, Described, ResourceType, lowered
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from awsmon.config_recorder.resource_types import Relationship

__all__ = ["TYPES"]

_INSTANCE, _VOLUME, _GROUP = "AWS::EC2::Instance", "AWS::EC2::Volume", "AWS::EC2::SecurityGroup"
_VPC, _SUBNET = "AWS::EC2::VPC", "AWS::EC2::Subnet"
_INTERFACE, _ADDRESS = "AWS::EC2::NetworkInterface", "AWS::EC2::EIP"
_ROUTES, _ACL, _GATEWAY = (
    "AWS::EC2::RouteTable", "AWS::EC2::NetworkAcl", "AWS::EC2::InternetGateway",
)  # fmt: skip
_NAT, _FLOW, _VPN = "AWS::EC2::NatGateway", "AWS::EC2::FlowLog", "AWS::EC2::VPNConnection"
_REGIONAL = "Regional"


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one type is described.

    Attributes:
        operation, member: the call, and the list in its answer.
        id: the member that identifies.
        filter: by which the call is narrowed; also what stands in ARNs, with ``-id`` left out.
        prefix: of ids.
        related: its relationships.
        zone: its availability zone.
    """

    name: str
    operation: str
    member: str
    id: str
    filter: str
    prefix: str
    related: Callable[[dict[str, Any]], list[Relationship]]
    zone: Callable[[dict[str, Any]], str] = lambda found: found.get("AvailabilityZone", _REGIONAL)
    noun: str = ""
    label: str = ""

    def describe(self, ask: Asking, keys: Sequence[str] | None) -> Iterator[Described]:
        """All, or those of these ids."""
        ids = None if keys is None else [each for each in keys if each.startswith(self.prefix)]
        if ids == []:
            return
        for found in self._asked(ask, ids):
            yield from (each for each in self._described(ask, found)
                        if ids is None or each.id in ids)  # fmt: skip

    def _asked(self, ask: Asking, ids: Sequence[str] | None) -> list[dict[str, Any]]:
        if ids is None:
            return list(ask.all(self.operation, self.member))
        try:
            narrowed = [{"Name": self.filter, "Values": ids}]
            return list(ask.all(self.operation, self.member, Filters=narrowed))
        except Refused:  # a mock that hasn't that filter
            return list(ask.all(self.operation, self.member))

    def _described(self, ask: Asking, found: dict[str, Any]) -> Iterator[Described]:
        if "Instances" in found:  # of a reservation
            for each in found["Instances"]:
                if each["State"]["Name"] != "terminated":
                    yield from self._described(ask, each)
            return
        id_ = found[self.id]
        noun = self.noun or self.filter.removesuffix("-id")
        yield Described(
            id=id_, name=found.get(self.label) if self.label else None,
            arn=ask.scope.arn("ec2", f"{noun}/{id_}"), configuration=lowered(found),
            tags=tags_of(found.get("Tags")), relationships=self.related(found),
            availability_zone=self.zone(found),
        )  # fmt: skip


def _in(found: dict[str, Any]) -> list[Relationship]:
    return [
        *relations("Is contained in Vpc", _VPC, found.get("VpcId")),
        *relations("Is contained in Subnet", _SUBNET, found.get("SubnetId")),
    ]


def _groups(found: dict[str, Any], member: str) -> list[Relationship]:
    ids = [each["GroupId"] for each in found.get(member, ())]
    return relations("Is associated with SecurityGroup", _GROUP, *ids)


def _instance(found: dict[str, Any]) -> list[Relationship]:
    volumes = [each.get("Ebs", {}).get("VolumeId") for each in found.get("BlockDeviceMappings", ())]
    cards = [each["NetworkInterfaceId"] for each in found.get("NetworkInterfaces", ())]
    return [
        *_in(found), *_groups(found, "SecurityGroups"),
        *relations("Is attached to Volume", _VOLUME, *volumes),
        *relations("Contains NetworkInterface", _INTERFACE, *cards),
    ]  # fmt: skip


def _volume(found: dict[str, Any]) -> list[Relationship]:
    ids = [each.get("InstanceId") for each in found.get("Attachments", ())]
    return relations("Is attached to Instance", _INSTANCE, *ids)


def _interface(found: dict[str, Any]) -> list[Relationship]:
    return [
        *_in(found), *_groups(found, "Groups"),
        *relations("Is attached to Instance", _INSTANCE,
                   found.get("Attachment", {}).get("InstanceId")),
    ]  # fmt: skip


def _address(found: dict[str, Any]) -> list[Relationship]:
    return [
        *relations("Is attached to Instance", _INSTANCE, found.get("InstanceId") or None),
        *relations("Is attached to NetworkInterface", _INTERFACE, found.get("NetworkInterfaceId")),
    ]


def _routes(found: dict[str, Any]) -> list[Relationship]:
    subnets = [each.get("SubnetId") for each in found.get("Associations", ())]
    gateways = [each.get("GatewayId") for each in found.get("Routes", ())]
    return [
        *_in(found), *relations("Contains Subnet", _SUBNET, *subnets),
        *relations("Is attached to InternetGateway", _GATEWAY,
                   *(each for each in gateways if each and each.startswith("igw-"))),
    ]  # fmt: skip


def _acl(found: dict[str, Any]) -> list[Relationship]:
    subnets = [each.get("SubnetId") for each in found.get("Associations", ())]
    return [*_in(found), *relations("Is attached to Subnet", _SUBNET, *subnets)]


def _gateway(found: dict[str, Any]) -> list[Relationship]:
    vpcs = [each.get("VpcId") for each in found.get("Attachments", ())]
    return relations("Is attached to Vpc", _VPC, *vpcs)


def _flow(found: dict[str, Any]) -> list[Relationship]:
    kinds = {"vpc-": _VPC, "subnet-": _SUBNET, "eni-": _INTERFACE}
    id_ = found.get("ResourceId", "")
    kind = next((kind for prefix, kind in kinds.items() if id_.startswith(prefix)), None)
    return relations("Is attached to", kind, id_) if kind else []


_KINDS = [
    _Kind(_INSTANCE, "DescribeInstances", "Reservations", "InstanceId", "instance-id", "i-",
          _instance, lambda found: found["Placement"]["AvailabilityZone"], noun="instance"),
    _Kind(_VOLUME, "DescribeVolumes", "Volumes", "VolumeId", "volume-id", "vol-", _volume),
    _Kind(_GROUP, "DescribeSecurityGroups", "SecurityGroups", "GroupId", "group-id", "sg-", _in,
          lambda _: "Not Applicable", noun="security-group", label="GroupName"),
    _Kind(_VPC, "DescribeVpcs", "Vpcs", "VpcId", "vpc-id", "vpc-", lambda _: [],
          lambda _: "Multiple Availability Zones"),
    _Kind(_SUBNET, "DescribeSubnets", "Subnets", "SubnetId", "subnet-id", "subnet-",
          lambda found: relations("Is contained in Vpc", _VPC, found.get("VpcId"))),
    _Kind(_INTERFACE, "DescribeNetworkInterfaces", "NetworkInterfaces", "NetworkInterfaceId",
          "network-interface-id", "eni-", _interface),
    _Kind(_ADDRESS, "DescribeAddresses", "Addresses", "AllocationId", "allocation-id", "eipalloc-",
          _address, lambda _: "Not Applicable", noun="eip-allocation", label="PublicIp"),
    _Kind(_ROUTES, "DescribeRouteTables", "RouteTables", "RouteTableId", "route-table-id", "rtb-",
          _routes, lambda _: "Not Applicable"),
    _Kind(_ACL, "DescribeNetworkAcls", "NetworkAcls", "NetworkAclId", "network-acl-id", "acl-",
          _acl, lambda _: "Multiple Availability Zones"),
    _Kind(_GATEWAY, "DescribeInternetGateways", "InternetGateways", "InternetGatewayId",
          "internet-gateway-id", "igw-", _gateway, lambda _: "Multiple Availability Zones"),
    _Kind(_NAT, "DescribeNatGateways", "NatGateways", "NatGatewayId", "nat-gateway-id", "nat-",
          _in, lambda _: "Not Applicable", noun="natgateway"),
    _Kind(_FLOW, "DescribeFlowLogs", "FlowLogs", "FlowLogId", "flow-log-id", "fl-", _flow,
          noun="vpc-flow-log"),
    _Kind(_VPN, "DescribeVpnConnections", "VpnConnections", "VpnConnectionId", "vpn-connection-id",
          "vpn-", lambda _: [], lambda _: "Not Applicable"),
]  # fmt: skip
_NAMING = (
    # members of EC2's requests and answers whose values begin with the prefix of their type
    "InstanceId", "InstanceIds", "VolumeId", "GroupId", "GroupIds", "SecurityGroupIds", "Groups",
    "VpcId", "SubnetId", "SubnetIds", "NetworkInterfaceId", "AllocationId", "RouteTableId",
    "NetworkAclId", "InternetGatewayId", "NatGatewayId", "FlowLogIds", "ResourceIds", "Resources",
    "VpnConnectionId", "ResourceId",
)  # fmt: skip
TYPES = [
    ResourceType(name=each.name, client="ec2", members=_NAMING, describe=each.describe,
                 prefix=each.prefix,
                 brings=(_GROUP, _ACL, _ROUTES) if each.name == _VPC else ())
    for each in _KINDS
]  # fmt: skip
