"""VPC flow logs as OCSF's Network Activity.

Lives here: `network_activity`, for the fields of a flow log of any version. What the published
mapping leaves open follows OCSF's own enumerations: the boundary of each traffic path, and
``Unknown`` where a record says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.lang.transformers.ocsf.mapping import Draft, Raw, moment, whole

if TYPE_CHECKING:
    from awsmon.lang.transformers.ocsf.mapping import Version

__all__ = ["FIELDS", "network_activity"]

FIELDS = (
    "version", "account_id", "interface_id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol",
    "packets", "bytes", "start", "end", "action", "log_status",
)  # fmt: skip
"""Those of the default format, in their order."""

_CLASS = 4001, "Network Activity"
_ACTIVITIES = {"ACCEPT": (6, "Traffic"), "REJECT": (5, "Refuse")}
_ACTIONS = {"ACCEPT": (1, "Allowed", "Allowed"), "REJECT": (2, "Denied", "Blocked")}
_DIRECTIONS = {"ingress": (1, "Inbound", "dst"), "egress": (2, "Outbound", "src")}
_BOUNDARIES = (
    "Same VPC", "Internet/VPC Gateway", "Virtual Private Gateway", "Intra-region VPC",
    "Inter-region VPC", "Local Gateway", "Gateway VPC", "Internet Gateway",
)  # fmt: skip
_TEXTS = {
    "metadata.product.version": "version", "cloud.account.uid": "account_id",
    "cloud.region": "region", "cloud.zone": "az_id", "connection_info.protocol_ver": "type",
    "src_endpoint.svc_name": "pkt_src_aws_service", "dst_endpoint.svc_name": "pkt_dst_aws_service",
    "status_code": "log_status",
}  # fmt: skip
_NUMBERS = {
    "src_endpoint.port": "srcport", "dst_endpoint.port": "dstport",
    "connection_info.protocol_num": "protocol", "connection_info.tcp_flags": "tcp_flags",
    "traffic.packets": "packets", "traffic.bytes": "bytes",
}  # fmt: skip
_ENDPOINT = ("interface", "vpc", "instance", "subnet")


def network_activity(fields: dict[str, Any], version: Version) -> dict[str, Any]:
    """The event of a flow, by its fields' names with underscores."""
    raw = Raw(fields)
    draft = Draft(version, (4, "Network Activity"), ["cloud", "security_control", "datetime"])
    draft.put("metadata.product.name", "Amazon VPC")
    draft.put("metadata.product.feature.name", "Flowlogs")
    draft.fill(raw, _TEXTS)
    for path, source in _NUMBERS.items():
        draft.put(path, whole(raw.take(source)))
    _when(draft, raw)
    _judged(draft, str(raw.take("action")))
    _directed(draft, raw)
    for side in ("dst", "src"):
        _addresses(draft, raw, side)
        uid = draft.event.get(f"{side}_endpoint", {}).get("instance_uid")
        draft.observe(f"{side}_endpoint.instance_uid", uid, "Resource UID")
    return draft.done(raw)


def _when(draft: Draft, raw: Raw) -> None:
    start, end = moment(raw.take("start")), moment(raw.take("end"))
    draft.happened(start)
    draft.put("start_time_dt", start.isoformat() if start else None)
    draft.put("end_time_dt", end.isoformat() if end else None)


def _judged(draft: Draft, action: str) -> None:
    draft.classify(_CLASS, _ACTIVITIES.get(action, (0, "Unknown")))
    action_id, name, disposition = _ACTIONS.get(action, (0, "Unknown", "Unknown"))
    draft.event.update(action=name, action_id=action_id, disposition=disposition)


def _directed(draft: Draft, raw: Raw) -> None:
    """The side that has the interface is the one that traffic comes in at, or goes out from."""
    direction = str(raw.take("flow_direction"))
    number, name, side = _DIRECTIONS.get(direction, (0, "Unknown", ""))
    draft.put("connection_info.direction", name)
    draft.put("connection_info.direction_id", number)
    path = whole(raw.take("traffic_path")) or 0
    known = 1 <= path <= len(_BOUNDARIES)
    draft.put("connection_info.boundary", _BOUNDARIES[path - 1] if known else "Unknown")
    draft.put("connection_info.boundary_id", path + 3 if known else 0)
    if side:
        draft.fill(raw, {f"{side}_endpoint.{of}_uid": f"{of}_id" for of in _ENDPOINT})


def _addresses(draft: Draft, raw: Raw, side: str) -> None:
    """What the packet says, and the interface's own where that is another."""
    own, packet = raw.take(f"{side}addr"), raw.take(f"pkt_{side}addr")
    endpoint = f"{side}_endpoint"
    if packet is not None and own is not None and packet != own:
        draft.put(f"{endpoint}.intermediate_ips", [own])
        draft.observe(f"{endpoint}.intermediate_ips[]", own, "IP Address")
    address = own if packet is None else packet
    draft.put(f"{endpoint}.ip", address)
    draft.observe(f"{endpoint}.ip", address, "IP Address")
