"""Who made a call, in CloudTrail's words.

Lives here: `identity_element`, in each of its forms; `identity_of`, for callers that are only
named; and `shared_id`, of a call that two accounts record.
Source: CloudTrail User Guide, "CloudTrail userIdentity element".
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import stamp
from awsmon.core.scope import Identity, Session

if TYPE_CHECKING:
    from awsmon.core.backend import Backend
    from awsmon.core.events import ApiCalled
    from awsmon.core.scope import Scope

__all__ = ["foreign_role", "identity_element", "identity_of", "shared_id"]

_KEY = 21


def identity_element(call: ApiCalled) -> dict[str, Any]:
    """The member ``userIdentity`` of a call's record."""
    if call.operation in _UNSIGNED:
        return _UNSIGNED[call.operation](call)
    identity = call.identity
    kind = identity.arn.rpartition(":")[2]
    session = identity.session or Session(call.at)
    common = {"principalId": identity.user_id, "arn": identity.arn, "accountId": identity.account}
    if identity.access_key:
        common["accessKeyId"] = identity.access_key
    if kind.startswith("assumed-role/"):
        context = _context(session, _role(identity, kind))
        return {"type": "AssumedRole", **common, "sessionContext": context}
    if kind.startswith("federated-user/"):
        context = _context(session, _issuer(identity, session))
        return {"type": "FederatedUser", **common, "sessionContext": context}
    found: dict[str, Any] = {"type": "Unknown", **common}
    if kind == "root":
        found |= {"type": "Root", "principalId": identity.account}
    elif kind.startswith("user/"):
        found |= {"type": "IAMUser", "userName": kind.rpartition("/")[2]}
    if identity.session is not None:
        found["sessionContext"] = _context(session, {})
    return found


def _context(session: Session, issuer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"sessionIssuer": issuer} if issuer else {}
    if session.provider:
        found["webIdFederationData"] = {"federatedProvider": session.provider, "attributes": {}}
    found["attributes"] = {
        "creationDate": stamp(session.since),
        "mfaAuthenticated": str(session.mfa).lower(),
    }
    if session.source_identity:
        found["sourceIdentity"] = session.source_identity
    return found


def _role(identity: Identity, kind: str) -> dict[str, Any]:
    role = kind.split("/")[1]
    partition = identity.arn.split(":")[1]
    return {
        "type": "Role", "principalId": identity.user_id.partition(":")[0],
        "arn": f"arn:{partition}:iam::{identity.account}:role/{role}",
        "accountId": identity.account, "userName": role,
    }  # fmt: skip


def _issuer(identity: Identity, session: Session) -> dict[str, Any]:
    """The user, or the root, who got the credentials for somebody."""
    arn = session.issuer or f"arn:{identity.arn.split(':')[1]}:iam::{identity.account}:root"
    name = arn.rpartition("/")[2] if ":user/" in arn else ""
    found = {"type": "IAMUser" if name else "Root", "principalId": _unique("AIDA", arn),
             "arn": arn, "accountId": identity.account}  # fmt: skip
    return {**found, "userName": name} if name else {**found, "principalId": identity.account}


# -- calls that nobody signs -----------------------------------------------------------------------


def _web_identity(call: ApiCalled) -> dict[str, Any]:
    result = call.result or {}
    provider = result.get("Provider") or call.parameters.get("ProviderId") or ""
    user = result.get("SubjectFromWebIdentityToken") or call.parameters["RoleSessionName"]
    parts = (provider, result.get("Audience"), user)
    found = {"type": "WebIdentityUser", "principalId": ":".join(filter(None, parts)),
             "userName": user}  # fmt: skip
    return {**found, "identityProvider": provider} if provider else found


def _saml(call: ApiCalled) -> dict[str, Any]:
    result = call.result or {}
    qualifier, subject = result.get("NameQualifier", ""), result.get("Subject", "")
    return {"type": "SAMLUser", "principalId": f"{qualifier}:{subject}", "userName": subject,
            "identityProvider": qualifier}  # fmt: skip


_UNSIGNED = {"AssumeRoleWithWebIdentity": _web_identity, "AssumeRoleWithSAML": _saml}


# -- other accounts --------------------------------------------------------------------------------


def foreign_role(call: ApiCalled) -> str:
    """The account of a role that somebody of another account assumes; empty: it isn't that."""
    if call.operation != "AssumeRole" or call.error is not None:
        return ""
    account: str = call.parameters["RoleArn"].split(":")[4]
    return "" if account == call.identity.account else account


def shared_id(call: ApiCalled) -> str:
    """What the records of both accounts have in common; empty: only one records it."""
    if not foreign_role(call):
        return ""
    text = hashlib.md5(f"shared {call.request_id}".encode(), usedforsecurity=False).hexdigest()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


# -- callers who are only named --------------------------------------------------------------------


def identity_of(backend: Backend, scope: Scope, who: str) -> Identity:
    """The identity behind an ARN, or a user's name; unknown ones get ids that follow from it."""
    arn = (
        who if who.startswith("arn:") else f"arn:{scope.partition}:iam::{scope.account}:user/{who}"
    )
    for known in backend.identities.values():
        if known.arn == arn:
            return known
    kind = arn.rpartition(":")[2]
    account = arn.split(":")[4]
    if kind.startswith("assumed-role/"):
        _, role, session = kind.split("/", 2)
        return Identity(account, arn, f"{_unique('AROA', role + account)}:{session}")
    if kind.startswith("federated-user/"):
        return Identity(account, arn, f"{account}:{kind.partition('/')[2]}")
    return Identity(account, arn, account if kind == "root" else _unique("AIDA", arn))


def _unique(prefix: str, of: str) -> str:
    text = hashlib.md5(of.encode(), usedforsecurity=False).hexdigest().upper()
    return (prefix + text)[:_KEY]
