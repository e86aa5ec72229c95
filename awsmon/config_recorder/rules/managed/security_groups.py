"""Managed rules about security groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.rules.judging import Given, Reading, managed

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUP = "AWS::EC2::SecurityGroup"
_ANYWHERE = ("0.0.0.0/0", "::/0")


def _open(group: Reading, protocol: str) -> Iterator[tuple[int, int]]:
    """The ranges of ports that are open to everybody."""
    for rule in group["ipPermissions"]:
        if rule.get("ipProtocol") in (protocol, "-1") and _to_all(rule):
            yield rule.get("fromPort", 0), rule.get("toPort", 65535)


def _to_all(rule: dict[str, Any]) -> bool:
    ranges = [each.get("cidrIp") for each in rule.get("ipRanges", ())]
    ranges += [each.get("cidrIpv6") for each in rule.get("ipv6Ranges", ())]
    return any(each in _ANYWHERE for each in ranges)


@managed("INCOMING_SSH_DISABLED", _GROUP, periodic=True)
def restricted_ssh(group: Reading, given: Given) -> str | None:
    """Nobody from anywhere may reach port 22."""
    del given
    if any(first <= 22 <= last for first, last in _open(group, "tcp")):
        return "Port 22 is open to the world."
    return None
