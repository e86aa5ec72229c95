"""IP address functions. Source: User Guide, "IP address string functions"."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from awsmon.lang.insights_ql.functions.registry import TEXT, function

__all__ = ["address", "network"]

_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))


@lru_cache(4096)
def address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is."""
    try:
        return ip_address(text)
    except ValueError:
        return None


@lru_cache(4096)
def network(text: str) -> IPv4Network | IPv6Network | None:
    """The network that a text is, in CIDR notation."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@function("isValidIp", TEXT)
def is_valid_ip(text: str) -> bool:
    return address(text) is not None


@function("isValidIpV4", TEXT)
def is_valid_ip_v4(text: str) -> bool:
    return isinstance(address(text), IPv4Address)


@function("isValidIpV6", TEXT)
def is_valid_ip_v6(text: str) -> bool:
    return isinstance(address(text), IPv6Address)


@function("isIpInSubnet", TEXT, TEXT)
def is_ip_in_subnet(text: str, subnet: str) -> bool:
    found, block = address(text), network(subnet)
    return found is not None and block is not None and found in block


@function("isIpv4InSubnet", TEXT, TEXT)
def is_ipv4_in_subnet(text: str, subnet: str) -> bool:
    return is_valid_ip_v4(text) is True and is_ip_in_subnet(text, subnet) is True


@function("isIpv6InSubnet", TEXT, TEXT)
def is_ipv6_in_subnet(text: str, subnet: str) -> bool:
    return is_valid_ip_v6(text) is True and is_ip_in_subnet(text, subnet) is True


@function("ipv4ToNumber", TEXT)
def ipv4_to_number(text: str) -> int | None:
    found = address(text)
    return int(found) if isinstance(found, IPv4Address) else None


@function("isPrivateIP", TEXT)
def is_private_ip(text: str) -> bool:
    """RFC 1918 for version 4; for version 6 its counterpart, RFC 4193."""
    found = address(text)
    if isinstance(found, IPv4Address):
        return any(found in block for block in _PRIVATE)
    return found is not None and int(found) >> 121 == 0xFC >> 1


@function("isPublicIP", TEXT)
def is_public_ip(text: str) -> bool:
    found = address(text)
    return found is not None and found.is_global and not found.is_multicast


@function("isReservedIP", TEXT)
def is_reserved_ip(text: str) -> bool:
    """Neither for anyone's use nor private: loopback, link-local, multicast, documentation ..."""
    found = address(text)
    if found is None:
        return False
    return not is_public_ip(text) and not is_private_ip(text)
