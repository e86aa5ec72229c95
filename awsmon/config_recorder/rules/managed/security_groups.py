"""Managed rules about security groups."""

from __future__ import annotations

from typing import Any

from awsmon.config_recorder.rules.judging import PORTS, Given, NotApplicable, Reading, managed

_GROUP = "AWS::EC2::SecurityGroup"
_ANYWHERE = ("0.0.0.0/0", "::/0")
_PORTS: dict[str, Any] = {
    "blockedPort1": 20, "blockedPort2": 21, "blockedPort3": 3389, "blockedPort4": 3306,
    "blockedPort5": 4333,
}  # fmt: skip


def _open(group: Reading, protocol: str) -> list[tuple[int, int]]:
    """The ranges of ports that are open to everybody."""
    return [
        (rule.get("fromPort", 0), rule.get("toPort", 65535))
        for rule in group["ipPermissions"]
        if rule.get("ipProtocol") in (protocol, "-1") and _to_all(rule)
    ]


def _to_all(rule: dict[str, Any]) -> bool:
    return any(each.get("cidrIp") in _ANYWHERE for each in rule.get("ipRanges", ())) or any(
        each.get("cidrIpv6") in _ANYWHERE for each in rule.get("ipv6Ranges", ())
    )


@managed("INCOMING_SSH_DISABLED", _GROUP, periodic=True)
def restricted_ssh(group: Reading, _: Given) -> str | None:
    """Nobody from anywhere may reach port 22."""
    if any(first <= 22 <= last for first, last in _open(group, "tcp")):
        return "Port 22 is open to the world."
    return None


@managed("RESTRICTED_INCOMING_TRAFFIC", _GROUP, periodic=True, **_PORTS)
def restricted_common_ports(group: Reading, given: Given) -> str | None:
    """Nor any of five ports of one's choice."""
    ranges = _open(group, "tcp")
    for name in _PORTS:
        port = given.number(name)
        if port and any(first <= port <= last for first, last in ranges):
            return f"Port {port} is open to the world."
    return None


@managed("VPC_DEFAULT_SECURITY_GROUP_CLOSED", _GROUP)
def default_group_closed(group: Reading, _: Given) -> str | None:
    """A VPC's own group has no rules."""
    if group["groupName"] != "default":
        raise NotApplicable
    if group["ipPermissions"] or group["ipPermissionsEgress"]:
        return "The default group has rules."
    return None


def _authorized(given: Given, name: str) -> list[tuple[int, int]]:
    """Ports and ranges of them, as ``80,1024-2000``."""
    found = []
    for each in given.list(name):
        first, _, last = each.partition("-")
        found.append((int(first), int(last or first)))
    return found


@managed("VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS", _GROUP, periodic=True, authorizedTcpPorts=PORTS,
         authorizedUdpPorts=PORTS)  # fmt: skip
def only_authorized_ports(group: Reading, given: Given) -> str | None:
    """What is open to everybody is among the ports that may be."""
    for protocol, name in (("tcp", "authorizedTcpPorts"), ("udp", "authorizedUdpPorts")):
        allowed = _authorized(given, name)
        for first, last in _open(group, protocol):
            if not any(low <= first and last <= high for low, high in allowed):
                return f"{protocol} {first}-{last} is open to the world."
    return None


@managed("EC2_SECURITY_GROUP_ATTACHED_TO_ENI", _GROUP)
def attached_to_interface(group: Reading, _: Given) -> str | None:
    """A group that isn't a VPC's own is somebody's."""
    if group["groupName"] == "default":
        raise NotApplicable
    used = group.related("AWS::EC2::Instance") or group.related("AWS::EC2::NetworkInterface")
    return None if used else "The group isn't attached to any network interface."
