"""AWS WAF's logs as OCSF's HTTP Activity, of version 1.5.

Lives here: `http_activity`. AWS's own sample calls a request denied that was allowed; here the
action is what the record says. Of several rules that matched, or limited a rate, the first counts.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from awsmon.lang.transformers.ocsf.mapping import Draft, Raw, whole

if TYPE_CHECKING:
    from awsmon.lang.transformers.ocsf.mapping import Version

__all__ = ["http_activity"]

_CLASS = 4002, "HTTP Activity"
_METHODS = ("Connect", "Delete", "Get", "Head", "Options", "Post", "Put", "Trace", "Patch")
_ACTIONS = {
    "ALLOW": (1, "Allowed", 1, "Allowed"), "BLOCK": (2, "Denied", 2, "Blocked"),
    "COUNT": (1, "Allowed", 20, "Count"), "CAPTCHA": (2, "Denied", 22, "Captcha"),
    "CHALLENGE": (2, "Denied", 23, "Challenge"),
}  # fmt: skip
_MATCH, _RATE = "terminatingRuleMatchDetails.0.", "rateBasedRuleList.0."
_NAMES = {
    "metadata.product.feature.uid": "webaclId", "metadata.labels": "labels",
    "src_endpoint.svc_name": "httpSourceName", "src_endpoint.uid": "httpSourceId",
    "src_endpoint.ip": "httpRequest.clientIp",
    "src_endpoint.location.country": "httpRequest.country",
    "http_request.url.path": "httpRequest.uri", "http_request.version": "httpRequest.httpVersion",
    "http_request.http_method": "httpRequest.httpMethod",
    "http_request.uid": "httpRequest.requestId", "http_request.args": "httpRequest.args",
    "firewall_rule.uid": "terminatingRuleId", "firewall_rule.type": "terminatingRuleType",
    "firewall_rule.condition": _MATCH + "conditionType",
    "firewall_rule.sensitivity": _MATCH + "sensitivityLevel",
    "firewall_rule.match_location": _MATCH + "location",
    "firewall_rule.match_details": _MATCH + "matchedData",
    "firewall_rule.rate_limit": _RATE + "maxRateAllowed",
    "firewall_rule.name": _RATE + "rateBasedRuleName", "http_status": "responseCodeSent",
}  # fmt: skip
_HEADERS = {"user-agent": "user_agent", "host": "url.hostname", "referer": "referrer"}
_OBSERVED = {
    "http_request.url.hostname": "Hostname", "src_endpoint.uid": "Resource UID",
    "firewall_rule.uid": "Resource UID", "src_endpoint.ip": "IP Address",
}  # fmt: skip
_TLS = re.compile(r"[tqd](1)([0-3])")


def http_activity(record: dict[str, Any], version: Version) -> dict[str, Any]:
    """The event of a web request."""
    raw = Raw(record)
    draft = Draft(version, (4, "Network Activity"), ["cloud", "security_control", "datetime"])
    draft.put("metadata.product.name", "AWS WAF")
    form = raw.take("formatVersion")
    draft.put("metadata.product.version", None if form is None else str(form))
    method = str(raw.see("httpRequest.httpMethod"))
    known = method.capitalize() in _METHODS
    number = _METHODS.index(method.capitalize()) + 1 if known else 99
    draft.classify(_CLASS, (number, method.capitalize() if known else method))
    action = _ACTIONS.get(str(raw.take("action")), (0, "Unknown", 0, "Unknown"))
    names = ("action_id", "action", "disposition_id", "disposition")
    draft.event.update(zip(names, action, strict=True))
    draft.fill(raw, _NAMES)
    at = whole(raw.take("timestamp"))
    if at is not None:
        draft.happened(datetime.fromtimestamp(0, timezone.utc) + timedelta(milliseconds=at))
    _headers(draft, raw.take("httpRequest.headers"))
    _fingerprints(draft, raw)
    for path, kind in _OBSERVED.items():
        draft.observe(path, draft.see(path), kind)
    return draft.done(raw)


def _headers(draft: Draft, headers: Any) -> None:
    found = [each for each in headers or () if isinstance(each, dict)]
    draft.put("http_request.http_headers", found or None)
    for each in found:
        name, value = str(each.get("name")).lower(), each.get("value")
        if name in _HEADERS:
            draft.put(f"http_request.{_HEADERS[name]}", value)
        elif name == "x-forwarded-for":
            draft.put("http_request.x_forwarded_for", [value])


def _fingerprints(draft: Draft, raw: Raw) -> None:
    ja3, ja4 = raw.take("ja3Fingerprint"), raw.take("ja4Fingerprint")
    if ja4 is not None:
        found = {"type": "JA4", "type_id": 1, "value": ja4}
        draft.put("ja4_fingerprint_list", [found])
    spoken = _TLS.match(str(ja4))
    if ja3 is not None and spoken:
        draft.put("tls.version", f"{spoken[1]}.{spoken[2]}")
        draft.put("tls.ja3_hash", {"algorithm": "MD5", "algorithm_id": 1, "value": ja3})
