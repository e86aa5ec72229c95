"""CloudTrail's records as OCSF's API Activity, Authentication or Account Change.

Lives here: `activity`. AWS shows which records are of which class in a picture only: here those of
signing in and of STS's sessions are Authentication, those that change users, roles and what is
attached to them Account Change, all others API Activity, by the verb of their name. Unverified.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from awsmon.lang.transformers.ocsf.mapping import Draft, Raw, is_ip, moment

if TYPE_CHECKING:
    from awsmon.lang.transformers.ocsf.mapping import Version

__all__ = ["activity"]

_API, _AUTHENTICATION = (6003, "API Activity"), (3002, "Authentication")
_ACCOUNT_CHANGE = 3001, "Account Change"
_CATEGORIES = {6: (6, "Application Activity"), 3: (3, "Identity & Access Management")}
_SESSIONS = frozenset((
    "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "GetFederationToken",
    "GetSessionToken",
))  # fmt: skip
_CHANGES = {
    "CreateUser": (1, "Create"), "CreateRole": (1, "Create"),
    "ChangePassword": (3, "Password Change"), "UpdateLoginProfile": (4, "Password Reset"),
    "DeleteUser": (6, "Delete"), "DeleteRole": (6, "Delete"),
    "AttachUserPolicy": (7, "Attach Policy"), "AttachRolePolicy": (7, "Attach Policy"),
    "DetachUserPolicy": (8, "Detach Policy"), "DetachRolePolicy": (8, "Detach Policy"),
    "EnableMFADevice": (10, "MFA Factor Enable"), "DeactivateMFADevice": (11, "MFA Factor Disable"),
}  # fmt: skip
_VERBS = (
    (1, "Create", re.compile("Create|Run|Allocate|Register|Import")),
    (2, "Read", re.compile("Get|Describe|List|Head|Lookup|Search|Select|Query|Scan|BatchGet|View")),
    (3, "Update", re.compile("Update|Modify|Put|Set|Change|Tag|Untag|Enable|Disable|Reset")),
    (4, "Delete", re.compile("Delete|Remove|Terminate|Deregister|Release|BatchDelete")),
)  # fmt: skip
_IDENTITY = "userIdentity."
_NAMES = {
    "actor.idp.name": _IDENTITY + "identityProvider",
    "actor.invoked_by": _IDENTITY + "invokedBy",
    "actor.session.created_time_dt": _IDENTITY + "sessionContext.attributes.creationDate",
    "actor.session.issuer": _IDENTITY + "sessionContext.sessionIssuer.arn",
    "actor.user.account.uid": _IDENTITY + "accountId",
    "actor.user.type": _IDENTITY + "type",
    "api.operation": "eventName", "api.request.uid": "requestID",
    "api.response.error": "errorCode", "api.response.message": "errorMessage",
    "api.service.name": "eventSource", "api.version": "apiVersion", "cloud.region": "awsRegion",
    "http_request.user_agent": "userAgent", "metadata.event_code": "eventType",
    "metadata.product.version": "eventVersion", "metadata.uid": "eventID",
    "src_endpoint.uid": "vpcEndpointId",
}  # fmt: skip
_EITHER = {
    "actor.idp.name": (_IDENTITY + "sessionContext.webIdFederationData.federatedProvider",
                       _IDENTITY + "webIdFederationData.federatedProvider"),
    "actor.idp.uid": (_IDENTITY + "onBehalfOf.identityStoreArn",),
    "actor.user.credential_uid": (_IDENTITY + "accessKeyId", _IDENTITY + "credentialId"),
    "actor.user.name": (_IDENTITY + "userName", "additionalEventData.UserName"),
    "actor.user.uid_alt": (_IDENTITY + "principalId", _IDENTITY + "onBehalfOf.userId"),
}  # fmt: skip
_ASSUMED = {
    "session.credential_uid": "credentials.accessKeyId", "session.uid": "assumedRoleUser.arn",
    "session.uid_alt": "assumedRoleUser.assumedRoleId",
}  # fmt: skip


def activity(record: dict[str, Any], version: Version) -> dict[str, Any]:
    """The event of a record."""
    class_, doing = _classified(str(record.get("eventSource")), str(record.get("eventName")))
    raw = Raw(record)
    draft = Draft(version, _CATEGORIES[class_[0] // 1000], ["cloud", "datetime"])
    draft.put("metadata.product.name", "CloudTrail")
    category = raw.take("eventCategory") or "Management, Data, and Insights"
    draft.put("metadata.product.feature.name", category)
    draft.classify(class_, doing)
    draft.put("status", _status(raw, class_))
    if class_ == _AUTHENTICATION:
        _signed_in(draft, raw)
    elif class_ == _ACCOUNT_CHANGE:
        _changed(draft, raw)
    _actor(draft, raw)
    draft.happened(moment(raw.take("eventTime")))
    _told(draft, raw, version)
    return draft.done(raw)


def _classified(source: str, name: str) -> tuple[tuple[int, str], tuple[int, str]]:
    if source == "signin.amazonaws.com" or (source == "sts.amazonaws.com" and name in _SESSIONS):
        logs_on = name == "ConsoleLogin" or name in _SESSIONS
        return _AUTHENTICATION, (1, "Logon") if logs_on else (99, name)
    if source == "iam.amazonaws.com" and name in _CHANGES:
        return _ACCOUNT_CHANGE, _CHANGES[name]
    found = ((number, verb) for number, verb, names in _VERBS if names.match(name))
    return _API, next(found, (99, name))


def _status(raw: Raw, class_: tuple[int, str]) -> str | None:
    """Whether it succeeded; of signing in that is told by the answer."""
    if class_ == _AUTHENTICATION:
        answer = raw.see("responseElements.ConsoleLogin")
        return None if answer is None else str(answer)
    return "Failure" if raw.see("errorCode") else "Success"


def _signed_in(draft: Draft, raw: Raw) -> None:
    draft.put("user.uid_alt", raw.see(_IDENTITY + "principalId"))
    role = raw.see("requestParameters.roleArn")
    draft.put("user.uid", raw.see(_IDENTITY + "arn") if role is None else role)
    draft.put("user.name", raw.see("requestParameters.roleSessionName"))
    draft.put("dst_endpoint.svc_name", raw.take("additionalEventData.LoginTo"))
    used = raw.take("additionalEventData.MFAUsed")
    draft.put("is_mfa", None if used is None else used == "Yes")
    for path, source in _ASSUMED.items():
        draft.put(path, raw.see(f"responseElements.{source}"))


def _changed(draft: Draft, raw: Raw) -> None:
    """The user or role that was changed."""
    for kind in ("role", "user"):
        draft.put("user.uid", raw.see(f"responseElements.{kind}.{kind}Id"))
        name = raw.see(f"responseElements.{kind}.{kind}Name")
        draft.put("user.name", name or raw.see(f"requestParameters.{kind}Name"))
    draft.put("policy.uid", raw.see("requestParameters.policyArn"))


def _actor(draft: Draft, raw: Raw) -> None:
    draft.put("actor.user.uid", raw.take(_IDENTITY + "arn"))
    for path, sources in _EITHER.items():
        source = next((each for each in sources if raw.see(each) is not None), sources[0])
        draft.put(path, raw.take(source))
    mfa = raw.take(_IDENTITY + "sessionContext.attributes.mfaAuthenticated")
    draft.put("actor.session.is_mfa", None if mfa is None else str(mfa).lower() == "true")
    draft.fill(raw, _NAMES)
    user = draft.event.get("actor", {}).get("user", {})
    draft.observe("actor.user.name", user.get("name"), "User Name")


def _told(draft: Draft, raw: Raw, version: Version) -> None:
    """What was asked and answered, from where, and about which resources."""
    if version == "1.5.0":
        draft.put("cloud.account.uid", raw.take("recipientAccountId"))
    for path, source in (("request", "requestParameters"), ("response", "responseElements")):
        data = raw.take(source)
        draft.put(f"api.{path}.data", data if data is None or data == "" else _json(data))
    address = raw.take("sourceIPAddress")
    kind, shown = ("ip", "IP Address") if is_ip(address) else ("domain", "Hostname")
    draft.put(f"src_endpoint.{kind}", address)
    draft.observe(f"src_endpoint.{kind}", address, shown)
    if isinstance(raw.see("resources"), list):
        _resources(draft, raw.take("resources"), version)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _resources(draft: Draft, resources: list[Any], version: Version) -> None:
    found = []
    for each in resources:
        if isinstance(each, dict):
            account = {"account": {"uid": each.get("accountId")}}
            owner = {"owner": account} if version == "1.5.0" else account
            named = {"uid": each.get("ARN"), "type": each.get("type")}
            owned = owner if each.get("accountId") else {}
            found.append({**{name: of for name, of in named.items() if of is not None}, **owned})
            draft.observe("resources[].uid", each.get("ARN"), "Resource UID")
    draft.put("resources", found)
