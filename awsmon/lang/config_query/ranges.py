"""Addresses and blocks of addresses, as ranges.

Lives here: `Range`, `range_of`, `compare` and `between`. A block in CIDR notation is found by any
address that it includes, and lies below (above) another where any of its addresses does: so the
guide's query for one exact block finds no wider one.
Source: Config Developer Guide, "Querying the current configuration state", "CIDR notation".
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Range", "between", "compare", "range_of"]


class Range(NamedTuple):
    """From one address to another, both within.

    Attributes:
        block: it was written as one, with a slash.
    """

    version: int
    first: int
    last: int
    block: bool

    def includes(self, other: Range) -> bool:
        """Whether all of another is in it."""
        return (self.version == other.version and self.first <= other.first
                and other.last <= self.last)  # fmt: skip


@lru_cache(maxsize=4096)
def range_of(text: str) -> Range | None:
    """What a text means; None: no address, and no block."""
    try:
        found = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return Range(found.version, int(found.network_address), int(found.broadcast_address),
                 "/" in text)  # fmt: skip


def compare(operator: str, found: Range, asked: Range) -> bool:
    """A value that was found, and what it is asked for; an address is in a block, too."""
    if operator in ("=", "!="):
        same = found.includes(asked) or (not found.block and asked.includes(found))
        return same == (operator == "=")
    if found.version != asked.version:
        return False
    return {
        "<": found.first < asked.first, "<=": found.first <= asked.first,
        ">": found.last > asked.last, ">=": found.last >= asked.last,
    }[operator]  # fmt: skip


def between(found: Range, low: Range, high: Range) -> bool:
    """A block includes both ends; an address lies between them."""
    if found.block:
        return found.includes(low) and found.includes(high)
    return compare(">=", found, low) and compare("<=", found, high)
