"""IP addresses in patterns: blocks, and strings that are addresses.

Lives here: `address` and `block`. Wordings: AWS's own matcher (event-ruler).
"""

from __future__ import annotations

import ipaddress
import re

from awsmon.lang.event_pattern.reader import PatternError

__all__ = ["Address", "Block", "address", "block"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Block = ipaddress.IPv4Network | ipaddress.IPv6Network

_FOUR = re.compile(r"[0-9]{1,10}(\.[0-9]{1,10}){3}")
_SIX = re.compile(r"[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")


def address(text: str) -> Address | None:
    """The address that a string is, however it is written; None: it is none."""
    try:
        if _FOUR.fullmatch(text):
            return ipaddress.IPv4Address(".".join(str(int(part)) for part in text.split(".")))
        if _SIX.fullmatch(text):
            return ipaddress.IPv6Address(text)
    except ValueError:
        pass
    return None


def block(text: str) -> Block:
    """A block of addresses; what it says beyond its mask doesn't count.

    Raises:
        PatternError: it is none.
    """
    start, *rest = text.split("/")
    if len(rest) != 1:
        raise PatternError("Malformed CIDR, one '/' required")
    if not re.fullmatch(r"[0-9]{1,6}", rest[0]):
        raise PatternError("Malformed CIDR, mask bits must be an integer")
    first = address(start)
    if first is None:
        raise PatternError(f"Nonstandard IP address: {start}")
    bits = int(rest[0])
    if bits >= first.max_prefixlen:
        version = f"IPv{first.version}"
        raise PatternError(f"{version} mask bits must be < {first.max_prefixlen}")
    return ipaddress.ip_network(f"{first}/{bits}", strict=False)
