"""Managed rules about VPCs and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.rules.judging import (
    REQUIRED,
    Given,
    NotApplicable,
    Reading,
    managed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANYWHERE = ("0.0.0.0/0", "::/0")
_GUARDED = (22, 3389)


@managed("SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED", "AWS::EC2::Subnet")
def no_addresses_unasked(subnet: Reading, _: Given) -> str | None:
    """Nobody gets a public address unasked."""
    return "mapPublicIpOnLaunch is on." if subnet["mapPublicIpOnLaunch"] else None


@managed("VPC_FLOW_LOGS_ENABLED", "AWS::EC2::VPC", change=False, asks=True, trafficType=None)
def flow_logs(vpc: Reading, given: Given) -> str | None:
    """What flows is logged."""
    wanted = given.text("trafficType")
    for each in given.ask("ec2").all("DescribeFlowLogs", "FlowLogs"):
        active = each.get("FlowLogStatus", "ACTIVE") == "ACTIVE"
        if each["ResourceId"] == vpc.id and active and wanted in (None, each["TrafficType"]):
            return None
    return "The VPC has no flow log."


@managed("VPC_NETWORK_ACL_UNUSED_CHECK", "AWS::EC2::NetworkAcl")
def acl_in_use(acl: Reading, _: Given) -> str | None:
    """Lists guard subnets."""
    return None if acl["associations"] else "The list guards no subnet."


def _entries(acl: Reading) -> Iterator[dict[str, Any]]:
    """Of incoming traffic, in the order in which they count."""
    yield from sorted(
        (each for each in acl["entries"] if not each["egress"]),
        key=lambda each: int(each["ruleNumber"]),
    )


@managed("NACL_NO_UNRESTRICTED_SSH_RDP", "AWS::EC2::NetworkAcl")
def no_ssh_rdp(acl: Reading, _: Given) -> str | None:
    """Nobody from anywhere may reach ports 22 and 3389."""
    for entry in _entries(acl):
        source = entry.get("cidrBlock") or entry.get("ipv6CidrBlock")
        if entry["ruleAction"] != "allow" or source not in _ANYWHERE:
            continue
        ports = entry.get("portRange") or {}
        first, last = ports.get("from", 0), ports.get("to", 65535)
        if entry["protocol"] in ("-1", "6") and any(first <= each <= last for each in _GUARDED):
            return f"Entry {entry['ruleNumber']} lets everybody in."
    return None


@managed("NO_UNRESTRICTED_ROUTE_TO_IGW", "AWS::EC2::RouteTable", routeTableIds=None)
def no_route_to_everywhere(table: Reading, given: Given) -> str | None:
    """Not everything is routed to an internet gateway."""
    if table.id in given.list("routeTableIds"):
        return None
    for route in table["routes"]:
        to = route.get("destinationCidrBlock") or route.get("destinationIpv6CidrBlock")
        if to in _ANYWHERE and (route.get("gatewayId") or "").startswith("igw-"):
            return f"{to} is routed to {route['gatewayId']}."
    return None


@managed("INTERNET_GATEWAY_AUTHORIZED_VPC_ONLY", "AWS::EC2::InternetGateway", AuthorizedVpcIds=None)
def authorized_vpcs(gateway: Reading, given: Given) -> str | None:
    """Gateways are attached to VPCs that may have one."""
    allowed = given.list("AuthorizedVpcIds")
    for each in gateway.get("attachments") or ():
        if each["vpcId"] not in allowed:
            return f"The gateway is attached to {each['vpcId']}."
    return None


@managed("EIP_ATTACHED", "AWS::EC2::EIP")
def address_attached(address: Reading, _: Given) -> str | None:
    """Addresses are in use."""
    used = address.get("instanceId") or address.get("networkInterfaceId")
    return None if used else "The address isn't attached."


@managed("SERVICE_VPC_ENDPOINT_ENABLED", "AWS::EC2::VPC", change=False, asks=True,
         serviceName=REQUIRED)  # fmt: skip
def endpoint_of_service(vpc: Reading, given: Given) -> str | None:
    """Each VPC reaches a service by an endpoint."""
    wanted = f".{given.text('serviceName')}"
    for each in given.ask("ec2").all("DescribeVpcEndpoints", "VpcEndpoints"):
        if each["VpcId"] == vpc.id and each["ServiceName"].endswith(wanted):
            return None
    return f"The VPC has no endpoint of {wanted[1:]}."


@managed("VPC_VPN_2_TUNNELS_UP", "AWS::EC2::VPNConnection")
def tunnels_up(connection: Reading, _: Given) -> str | None:
    """Both tunnels of a connection are up."""
    if connection.get("state") in ("deleted", "deleting"):
        raise NotApplicable
    down = [each for each in connection["vgwTelemetry"] if each.get("status") != "UP"]
    return f"{len(down)} tunnels are down." if down else None
