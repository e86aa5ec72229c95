"""Records of VPC flow logs: their fields and how they are written.

Lives here: `FIELDS`, `Flow` and `Window`, which a record is made of, and `record`. Source: VPC User
Guide, "Flow log records" and "Flow log record examples".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FIELDS",
    "Flow",
    "Window",
    "checked_fields",
    "described",
    "flags_value",
    "protocol_number",
    "record",
]

_BY_VERSION = {
    2: "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
       "start end action log-status",
    3: "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr",
    4: "region az-id sublocation-type sublocation-id",
    5: "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path",
    7: "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id "
       "ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn "
       "ecs-task-arn ecs-task-id",
    8: "reject-reason",
    9: "resource-id",
    10: "encryption-status",
}  # fmt: skip
FIELDS = {name: version for version, names in _BY_VERSION.items() for name in names.split()}
"""Every field and the version that it came with."""

_DEFAULT = tuple(_BY_VERSION[2].split())
_MEASURED = {"version", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes",
             "start", "end", "action", "log-status", "tcp-flags"}  # fmt: skip
_PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "icmpv6": 58, "sctp": 132}
_FLAGS = {"FIN": 1, "SYN": 2, "RST": 4, "ACK": 16, "PSH": 0, "URG": 0, "ECE": 0, "CWR": 0}


class Flow(NamedTuple):
    """What packets of one record have in common.

    Attributes:
        about: further fields, by AWS's names.
    """

    source: str
    destination: str
    source_port: int
    destination_port: int
    protocol: int
    action: str
    about: tuple[tuple[str, str], ...] = ()

    def values(self) -> dict[str, str]:
        """The fields that it tells; the packet's addresses are the flow's if it says no others."""
        return {
            "srcaddr": self.source,
            "dstaddr": self.destination,
            "srcport": str(self.source_port),
            "dstport": str(self.destination_port),
            "protocol": str(self.protocol),
            "action": self.action,
            "log-status": "OK",
            "type": "IPv6" if ":" in self.source else "IPv4",
            "pkt-srcaddr": self.source,
            "pkt-dstaddr": self.destination,
            **dict(self.about),
        }


@dataclass(slots=True)
class Window:
    """What was counted of a flow in one interval.

    Attributes:
        start, end: when the first and the last packet came, in seconds since the epoch.
        flags: of TCP, all of them.
    """

    start: int
    end: int
    packets: int = 0
    bytes: int = 0
    flags: int = 0

    def add(self, at: int, packets: int, size: int, flags: int) -> None:
        """Count packets."""
        self.end = at
        self.packets += packets
        self.bytes += size
        self.flags |= flags

    def values(self) -> dict[str, str]:
        """The fields that it tells."""
        return {
            "start": str(self.start),
            "end": str(self.end),
            "packets": str(self.packets),
            "bytes": str(self.bytes),
            "tcp-flags": str(self.flags),
        }


def record(fields: tuple[str, ...], values: Mapping[str, str]) -> str:
    """The fields of a record; what isn't known is ``-``."""
    version = str(max(FIELDS[name] for name in fields))
    return " ".join(version if name == "version" else values.get(name, "-") for name in fields)


def checked_fields(log_format: str | None) -> tuple[str, ...]:
    """The fields of a format as CreateFlowLogs takes it.

    Raises:
        MisuseError: it isn't one, or there is no such field.
    """
    if log_format is None:
        return _DEFAULT
    names = tuple(re.findall(r"\$\{([a-z-]+)\}", log_format))
    if not names or " ".join(f"${{{name}}}" for name in names) != log_format:
        raise MisuseError(
            f"log_format={log_format!r}: expected fields between single blanks, as "
            "'${version} ${srcaddr} ${dstaddr}'."
        )
    if unknown := [name for name in names if name not in FIELDS]:
        raise MisuseError(f"log_format: flow logs have no field {', '.join(unknown)}.")
    return names


def described(about: Mapping[str, str | int]) -> dict[str, str]:
    """Fields that a user names with ``_``, by AWS's names.

    Raises:
        MisuseError: there is no such field, or it is counted and not described.
    """
    found = {name.replace("_", "-"): str(value) for name, value in about.items()}
    if wrong := [name for name in found if name not in FIELDS or name in _MEASURED]:
        raise MisuseError(f"{', '.join(wrong)}: no field of a flow log that can be described.")
    return found


def flags_value(flags: str) -> int:
    """The bits that flow logs show of a packet's TCP flags: an ACK only beside a SYN.

    Raises:
        MisuseError: there is no such flag.
    """
    names = re.findall("[A-Z]+", flags.upper())
    if unknown := [name for name in names if name not in _FLAGS]:
        raise MisuseError(f"flags={flags!r}: TCP has no {', '.join(unknown)}.")
    value = sum({_FLAGS[name] for name in names})
    return value if value & _FLAGS["SYN"] else value & ~_FLAGS["ACK"]


def protocol_number(protocol: str | int) -> int:
    """IANA's number of a protocol.

    Raises:
        MisuseError: the name isn't known here.
    """
    if isinstance(protocol, int):
        return protocol
    if protocol.lower() not in _PROTOCOLS:
        raise MisuseError(
            f"protocol={protocol!r}: {', '.join(_PROTOCOLS)}, or the number that IANA gives it."
        )
    return _PROTOCOLS[protocol.lower()]
