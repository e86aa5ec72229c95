"""Route 53 Resolver query logs as OCSF's DNS Activity.

Lives here: `dns_activity`. Numbers of response codes are OCSF's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.lang.transformers.ocsf.mapping import Draft, Raw, is_ip, moment, whole

if TYPE_CHECKING:
    from awsmon.lang.transformers.ocsf.mapping import Version

__all__ = ["dns_activity"]

_CLASS, _TRAFFIC = (4003, "DNS Activity"), (6, "Traffic")
_ACTIONS = {
    "ALLOW": (1, "Allowed", "Allowed"), "ALERT": (1, "Allowed", "Alert"),
    "BLOCK": (2, "Denied", "Blocked"),
}  # fmt: skip
_CODES = {
    "NOERROR": (0, "NoError"), "FORMERR": (1, "FormError"), "SERVFAIL": (2, "ServError"),
    "NXDOMAIN": (3, "NXDomain"), "NOTIMP": (4, "NotImp"), "REFUSED": (5, "Refused"),
    "YXDOMAIN": (6, "YXDomain"), "YXRRSET": (7, "YXRRSet"), "NXRRSET": (8, "NXRRSet"),
    "NOTAUTH": (9, "NotAuth"), "NOTZONE": (10, "NotZone"),
}  # fmt: skip
_NAMES = {
    "metadata.product.version": "version", "cloud.account.uid": "account_id",
    "cloud.region": "region", "src_endpoint.vpc_uid": "vpc_id", "query.hostname": "query_name",
    "query.type": "query_type", "query.class": "query_class", "src_endpoint.ip": "srcaddr",
    "connection_info.protocol_name": "transport", "src_endpoint.instance_uid": "srcids.instance",
    "dst_endpoint.instance_uid": "srcids.resolver_endpoint",
    "dst_endpoint.interface_uid": "srcids.resolver_network_interface",
    "firewall_rule.uid": "firewall_rule_group_id",
}  # fmt: skip


def dns_activity(record: dict[str, Any], version: Version) -> dict[str, Any]:
    """The event of a query."""
    raw = Raw(record)
    draft = Draft(version, (4, "Network Activity"), ["cloud", "security_control", "datetime"])
    draft.put("metadata.product.name", "Route 53")
    draft.put("metadata.product.feature.name", "Resolver Query Logs")
    draft.classify(_CLASS, _TRAFFIC)
    draft.fill(raw, _NAMES)
    draft.put("src_endpoint.port", whole(raw.take("srcport")))
    draft.put("connection_info.direction", "Unknown")
    draft.put("connection_info.direction_id", 0)
    draft.happened(moment(raw.take("query_timestamp")))
    code = str(raw.take("rcode"))
    number, name = _CODES.get(code.upper(), (99, code))
    draft.event.update(rcode=name, rcode_id=number)
    action = str(raw.take("firewall_rule_action"))
    action_id, name, disposition = _ACTIONS.get(action, (0, "Unknown", "Unknown"))
    draft.event.update(action=name, action_id=action_id, disposition=disposition)
    _answers(draft, raw)
    _observe(draft)
    return draft.done(raw)


def _answers(draft: Draft, raw: Raw) -> None:
    answers = raw.take("answers")
    if isinstance(answers, list):
        found = [each for each in answers if isinstance(each, dict)]
        draft.put("answers", [{name.lower(): text for name, text in each.items()}
                              for each in found])  # fmt: skip


def _observe(draft: Draft) -> None:
    event = draft.event
    for answer in event.get("answers", ()):
        if is_ip(answer.get("rdata")):
            draft.observe("answers[].rdata", answer["rdata"], "IP Address")
    for side in ("dst_endpoint", "src_endpoint"):
        uid = event.get(side, {}).get("instance_uid")
        draft.observe(f"{side}.instance_uid", uid, "Resource UID")
    draft.observe("src_endpoint.ip", event.get("src_endpoint", {}).get("ip"), "IP Address")
    draft.observe("query.hostname", event.get("query", {}).get("hostname"), "Hostname")
