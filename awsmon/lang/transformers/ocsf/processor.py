"""The processor ``parseToOCSF``: which mapping reads which log.

Lives here: `parse_to_ocsf` and `Unbuilt`. Flow logs are read in their default format, the others as
JSON. Source: CloudWatch Logs User Guide, "parseToOCSF".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.lang.text import LanguageError
from awsmon.lang.transformers.ocsf.audits import audit_activity
from awsmon.lang.transformers.ocsf.calls import activity
from awsmon.lang.transformers.ocsf.flow_logs import FIELDS, network_activity
from awsmon.lang.transformers.ocsf.query_logs import dns_activity
from awsmon.lang.transformers.ocsf.web_requests import http_activity
from awsmon.lang.transformers.parsers import MESSAGE, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.lang.transformers.ocsf.mapping import Version
    from awsmon.lang.transformers.parsers import Process
    from awsmon.lang.transformers.paths import Event

__all__ = ["Unbuilt", "parse_to_ocsf"]

_VERSIONS: dict[str, Version] = {"V1.1": "1.1.0", "V1.5": "1.5.0"}
_UNBUILT = (("EKSAudit", "V1.1"), ("AWSWAF", "V1.1"))
_MAPPINGS = ("1.5", "1.5.0")


class Unbuilt(LanguageError):
    """A mapping that AWS has, and that is not built; the message is which."""


def parse_to_ocsf(config: Mapping[str, Any]) -> Process:
    """``parseToOCSF``: the event takes the place of all fields.

    Raises:
        LanguageError: no such source or version, or a mapping's version with ``V1.1``.
        Unbuilt: the mapping of a source to a version, or another version of the mappings.
    """
    source, version = config["eventSource"], _VERSIONS.get(config["ocsfVersion"])
    mapping = config.get("mappingVersion")
    if (source, config["ocsfVersion"]) in _UNBUILT:
        raise Unbuilt(f"parseToOCSF with eventSource {source} and ocsfVersion V1.1", "", 0)
    if source not in _READ or version is None:
        raise LanguageError(f"there is no {source} for {config['ocsfVersion']}", "", 0)
    if mapping is not None and version == "1.1.0":
        raise LanguageError("mappingVersion is not supported with ocsfVersion V1.1", "", 0)
    if mapping not in (None, *_MAPPINGS):
        raise Unbuilt(f"parseToOCSF with mappingVersion {mapping}", "", 0)
    read, mapped, path = *_READ[source], config.get("source", MESSAGE)

    def process(event: Event) -> bool:
        record = read(text_of(event, path) or "")
        if record is None:
            return False
        for name in [name for name in event if not name.startswith("@")]:
            del event[name]
        event.update(mapped(record, version))
        return True

    return process


def _flow(text: str) -> dict[str, Any] | None:
    values = text.split()
    return dict(zip(FIELDS, values, strict=True)) if len(values) == len(FIELDS) else None


def _json(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


_READ: dict[str, tuple[Callable[[str], dict[str, Any] | None],
                       Callable[[dict[str, Any], Version], dict[str, Any]]]] = {
    "AWSWAF": (_json, http_activity),
    "CloudTrail": (_json, activity),
    "EKSAudit": (_json, audit_activity),
    "Route53Resolver": (_json, dns_activity),
    "VPCFlow": (_flow, network_activity),
}  # fmt: skip
