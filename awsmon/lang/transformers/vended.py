"""The processors for AWS's own logs: CloudFront, PostgreSQL, Route 53, VPC flow logs, WAF.

Lives here: a function for each. They read the whole message. Source: CloudWatch Logs User Guide,
"Processors that you can use", built-in processors.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from awsmon.lang.transformers.parsers import MESSAGE, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.lang.transformers.parsers import Process
    from awsmon.lang.transformers.paths import Event

__all__ = ["parse_cloudfront", "parse_postgres", "parse_route53", "parse_vpc", "parse_waf"]

_CLOUDFRONT = (
    "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem",
    "sc-status", "cs(Referer)", "cs(User-Agent)", "cs-uri-query", "cs(Cookie)",
    "x-edge-result-type", "x-edge-request-id", "x-host-header", "cs-protocol", "cs-bytes",
    "time-taken", "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type",
    "cs-protocol-version", "fle-status", "fle-encrypted-fields", "c-port", "time-to-first-byte",
    "x-edge-detailed-result-type", "sc-content-type", "sc-content-len", "sc-range-start",
    "sc-range-end",
)  # fmt: skip
_ROUTE53 = (
    "version", "queryTimestamp", "hostZoneId", "queryName", "queryType", "responseCode", "protocol",
    "edgeLocation", "resolverIp", "ednsClientSubnet",
)  # fmt: skip
_VPC = (
    "version", "accountId", "interfaceId", "srcAddr", "dstAddr", "srcPort", "dstPort", "protocol",
    "packets", "bytes", "start", "end", "action", "logStatus",
)  # fmt: skip
_TEXTS = frozenset(("accountId", "date", "time", "hostZoneId"))
_POSTGRES = re.compile(
    r"(?P<logTime>\S+ \S+ \S+?):(?P<srcIp>[^:]*):(?P<userName>[^@:]*)@(?P<dbName>[^:]*):"
    r"\[(?P<processId>\d+)\]:(?P<logLevel>\w+):.*",
    re.DOTALL,
)
_INTEGER, _NUMBER = re.compile(r"-?\d+"), re.compile(r"-?\d+\.\d+")


def _number(text: str) -> Any:
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _columns(event: Event, names: tuple[str, ...]) -> bool:
    """Values in their order, with blanks between them; numbers become such."""
    values = (text_of(event, MESSAGE) or "").split()
    if len(values) != len(names):
        return False
    for name, value in zip(names, values, strict=True):
        event[name] = value if name in _TEXTS else _number(unquote(value))
    return True


def parse_cloudfront(_: Mapping[str, Any]) -> Process:
    """``parseCloudfront``."""
    return lambda event: _columns(event, _CLOUDFRONT)


def parse_route53(_: Mapping[str, Any]) -> Process:
    """``parseRoute53``."""
    return lambda event: _columns(event, _ROUTE53)


def parse_vpc(_: Mapping[str, Any]) -> Process:
    """``parseVPC``, in the default format."""
    return lambda event: _columns(event, _VPC)


def parse_postgres(_: Mapping[str, Any]) -> Process:
    """``parsePostgres``."""

    def process(event: Event) -> bool:
        found = _POSTGRES.fullmatch(text_of(event, MESSAGE) or "")
        if found is None:
            return False
        event.update(found.groupdict())
        return True

    return process


def parse_waf(_: Mapping[str, Any]) -> Process:
    """``parseWAF``: headers and labels become objects."""

    def process(event: Event) -> bool:
        try:
            found = json.loads(text_of(event, MESSAGE) or "")
        except (ValueError, RecursionError):
            return False
        if not isinstance(found, dict):
            return False
        request = found.get("httpRequest")
        if isinstance(request, dict) and isinstance(request.get("headers"), list):
            request["headers"] = _named(request["headers"])
        if isinstance(found.get("labels"), list):
            found["labels"] = _labels(found["labels"])
        event.update((name, value) for name, value in found.items() if name != MESSAGE)
        return True

    return process


def _named(pairs: list[Any]) -> dict[str, Any]:
    return {each["name"]: each.get("value") for each in pairs
            if isinstance(each, dict) and isinstance(each.get("name"), str)}  # fmt: skip


def _labels(labels: list[Any]) -> dict[str, Any]:
    """``[{"name": "value"}]`` becomes ``{"name": "value"}``."""
    return {
        name: value for each in labels if isinstance(each, dict) for name, value in each.items()
    }
