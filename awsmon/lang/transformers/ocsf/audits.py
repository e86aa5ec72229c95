"""Amazon EKS's audit logs as OCSF's API Activity, of version 1.5.

Lives here: `audit_activity`. Activities by verb are Kubernetes's read and write verbs, in OCSF's
words.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.lang.transformers.ocsf.mapping import Draft, Raw, moment

if TYPE_CHECKING:
    from awsmon.lang.transformers.ocsf.mapping import Version

__all__ = ["audit_activity"]

_CLASS = 6003, "API Activity"
_ACTIVITIES = {
    "create": (1, "Create"),
    **dict.fromkeys(("get", "list", "watch"), (2, "Read")),
    **dict.fromkeys(("update", "patch"), (3, "Update")),
    **dict.fromkeys(("delete", "deletecollection"), (4, "Delete")),
}
_NAMES = {
    "metadata.log_level": "level", "metadata.log_name": "kind",
    "metadata.product.version": "apiVersion", "api.request.uid": "auditID", "message": "stage",
    "http_request.url.path": "requestURI", "http_request.user_agent": "userAgent",
    "api.operation": "verb", "api.version": "objectRef.apiVersion",
    "api.group.name": "objectRef.apiGroup", "actor.user.name": "user.username",
    "actor.user.uid": "user.uid", "actor.session.credential_uid": "user.extra.accessKeyId.0",
    "actor.session.issuer": "user.extra.canonicalArn.0",
    "actor.session.uid": "user.extra.sessionName.0",
    "actor.user.uid_alt": "user.extra.principalId.0", "cloud.account.uid": "user.extra.arn.0",
    "api.response.code": "responseStatus.code", "api.response.message": "responseStatus.message",
    "api.response.error": "responseStatus.reason",
    "api.response.error_message": "responseStatus.status", "src_endpoint.ip": "sourceIPs.0",
}  # fmt: skip
_RESOURCE = {"namespace": "namespace", "name": "name", "uid": "uid", "version": "resourceVersion"}
_OBSERVED = {
    "actor.user.name": "User Name", "src_endpoint.ip": "IP Address",
    "http_request.url.path": "URL String",
}  # fmt: skip


def audit_activity(record: dict[str, Any], version: Version) -> dict[str, Any]:
    """The event of a request to a cluster's API."""
    raw = Raw(record)
    draft = Draft(version, (6, "Application Activity"), ["cloud", "datetime", "security_control"])
    draft.put("metadata.product.name", "Amazon EKS")
    draft.put("metadata.product.feature.name", "Elastic Kubernetes Service")
    draft.event.update(action="Unknown", action_id=0)
    verb = str(raw.see("verb"))
    draft.classify(_CLASS, _ACTIVITIES.get(verb, (99, verb)))
    for source in ("request", "response"):
        _object(draft, raw, source)
    draft.put("actor.user.type_id", 0)
    groups = raw.take("user.groups")
    if isinstance(groups, list):
        draft.put("actor.user.groups", [{"name": name} for name in groups])
    draft.fill(raw, _NAMES)
    further = raw.take("sourceIPs")
    draft.put("src_endpoint.intermediate_ips", further or None)
    _resource(draft, raw)
    _when_and_why(draft, raw)
    for path, kind in _OBSERVED.items():
        draft.observe(path, draft.see(path), kind)
    return draft.done(raw)


def _object(draft: Draft, raw: Raw, source: str) -> None:
    """What was sent or answered, and the containers in it."""
    data = raw.take(f"{source}Object")
    if not isinstance(data, dict):
        return
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    draft.put(f"api.{source}.data", text)
    spec = data.get("spec")
    containers = spec.get("containers") if isinstance(spec, dict) else None
    if isinstance(containers, list):
        found = [{"name": each.get("name"), "image": {"name": each.get("image")}}
                 for each in containers if isinstance(each, dict)]  # fmt: skip
        draft.put(f"api.{source}.containers", found)


def _resource(draft: Draft, raw: Raw) -> None:
    found = {
        name: value
        for name, source in _RESOURCE.items()
        if (value := raw.take(f"objectRef.{source}")) is not None
    }
    kinds = [raw.take("objectRef.resource"), raw.take("objectRef.subresource")]
    kind = "/".join(each for each in kinds if isinstance(each, str))
    if found or kind:
        draft.put("resources", [{**found, "type": kind}])
        draft.observe("resources[].uid", found.get("uid"), "Resource UID")


def _when_and_why(draft: Draft, raw: Raw) -> None:
    draft.happened(moment(raw.take("stageTimestamp")))
    received = moment(raw.take("requestReceivedTimestamp"))
    draft.put("start_time_dt", received.isoformat() if received else None)
    annotations = raw.see("annotations")
    if isinstance(annotations, dict):
        reason = annotations.pop("authorization.k8s.io/reason", None)
        draft.put("policy.name", reason or None)
