"""Logs that AWS services write in formats of their own: Lambda, VPC flow logs, Route 53.

Each function takes a message and answers its fields, or None if the message is of another format.
Source: User Guide, "Supported logs and discovered fields"; VPC Flow Logs User Guide, "Flow log
records"; Route 53 Developer Guide, "Public DNS query logging". Lambda's memory sizes are in bytes,
a megabyte being a million of them (sample query "overprovisioned memory"), and its times in
milliseconds.
"""

from __future__ import annotations

import re

__all__ = ["flow_log", "lambda_line", "query_log"]

_ID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_PLATFORM = re.compile(rf"(START|END|REPORT) RequestId: ({_ID})(?![0-9a-fA-F-])")
_APPLICATION = re.compile(rf"(?:\[[A-Z]+\]\t)?[0-9T:.Z-]{{20,30}}\t({_ID})\t")
_MEASURE = re.compile(
    r"[\t\n](Duration|Billed Duration|Init Duration|Memory Size|Max Memory Used|XRAY TraceId"
    r"|SegmentId): ([^\t\n]*)"
)
_MEASURES = {
    "Duration": ("@duration", "ms"),
    "Billed Duration": ("@billedDuration", "ms"),
    "Init Duration": ("@initDuration", "ms"),
    "Memory Size": ("@memorySize", "MB"),
    "Max Memory Used": ("@maxMemoryUsed", "MB"),
    "XRAY TraceId": ("@xrayTraceId", ""),
    "SegmentId": ("@xraySegmentId", ""),
}
_FLOW = (
    "version", "accountId", "interfaceId", "srcAddr", "dstAddr", "srcPort", "dstPort", "protocol",
    "packets", "bytes", "startTime", "endTime", "action", "logStatus",
)  # fmt: skip
_QUERY = (
    "version", "queryTimestamp", "hostZoneId", "queryName", "queryType", "responseCode", "protocol",
    "edgeLocation", "resolverIp", "ednsClientSubnet",
)  # fmt: skip


def lambda_line(message: str) -> dict[str, object] | None:
    """A line of the Lambda platform, or of a function by its runtime's logger."""
    platform = _PLATFORM.match(message)
    if platform is None:
        line = _APPLICATION.match(message)
        return {"@requestId": line[1]} if line else None
    found: dict[str, object] = {"@type": platform[1], "@requestId": platform[2]}
    if platform[1] == "REPORT":
        for label, value in _MEASURE.findall(message):
            name, unit = _MEASURES[label]
            measured = _measured(value, unit)
            if measured is not None:
                found[name] = measured
    return found


def _measured(value: str, unit: str) -> object:
    text = value.strip()
    if not unit:
        return text or None
    number, _, given = text.partition(" ")
    if given != unit:
        return None
    try:
        return float(number) * (1_000_000 if unit == "MB" else 1)
    except ValueError:
        return None


def flow_log(message: str) -> dict[str, object] | None:
    """A VPC flow log record of version 2; ``-`` is no value."""
    if not message.startswith("2 "):
        return None
    fields = message.split()
    if len(fields) != len(_FLOW) or not fields[2].startswith("eni-"):
        return None
    return {name: text for name, text in zip(_FLOW, fields, strict=True) if text != "-"}


def query_log(message: str) -> dict[str, object] | None:
    """A line of Route 53's public DNS query logging; ``-`` is no value."""
    if not message.startswith("1.0 "):
        return None
    fields = message.split()
    if len(fields) != len(_QUERY) or not fields[1].endswith("Z"):
        return None
    return {name: text for name, text in zip(_QUERY, fields, strict=True) if text != "-"}
