"""What no SDK call of this process does, and CloudTrail records all the same.

Lives here: `Activity`: sign-ins to the console, what services do by themselves, and calls that are
made elsewhere: in the console, by a service for somebody, by another account.
Source: CloudTrail User Guide, "AWS Management Console sign-in events", "AWS service events".
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

from awsmon.core.activity_events import ActivityReported
from awsmon.core.errors import MisuseError
from awsmon.core.scope import Scope
from awsmon.trail import kinds
from awsmon.trail.identities import identity_element
from awsmon.trail.rendering import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.scope import Identity
    from awsmon.trail.service import Trail

__all__ = ["Activity"]

BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
    "Safari/537.36"
)
INTERNAL = "AWS Internal"
_TLS = {
    "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
    "clientProvidedHostHeader": "signin.aws.amazon.com",
}  # fmt: skip


class Activity:
    """What is reported of one account and region."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    def sign_in(
        self, user: str | None, *, mfa: bool, succeeds: bool, unknown: bool
    ) -> ActivityReported:
        """A sign-in to the console; arguments are `Trail.sign_in`'s."""
        trail, partition = self._trail, self._trail.scope.partition
        root = user is None
        arn = user or f"arn:{partition}:iam::{trail.scope.account}:root"
        identity = trail.identity(arn)
        region = kinds.region_of("iam", trail.scope.region) if root else trail.scope.region
        outcome = "Success" if succeeds else "Failure"
        more = {
            "LoginTo": f"https://{region}.console.aws.amazon.com/console/home?region={region}",
            "MobileVersion": "No", "MFAUsed": "Yes" if mfa else "No",
        }  # fmt: skip
        if mfa:
            name = "root-account-mfa-device" if root else arn.rpartition("/")[2]
            more["MFAIdentifier"] = f"arn:{partition}:iam::{identity.account}:mfa/{name}"
        told = {
            "userIdentity": _signing_in(identity, succeeds=succeeds, unknown=unknown),
            "eventSource": "signin.amazonaws.com", "userAgent": BROWSER,
            "errorCode": None, "errorMessage": None if succeeds else "Failed authentication",
            "requestParameters": None, "responseElements": {"ConsoleLogin": outcome},
            "additionalEventData": more, "eventType": "AwsConsoleSignIn", "tlsDetails": _TLS,
            "requestID": None, "readOnly": False,
        }  # fmt: skip
        failed = None if succeeds else ("", "Failed authentication")
        return self._report("signin", "ConsoleLogin", identity, told, error=failed, region=region)

    def service_event(
        self, service: str, name: str, details: Mapping[str, Any], resources: Mapping[str, str],
        by: str,
    ) -> ActivityReported:  # fmt: skip
        """Something that a service did; arguments are `Trail.service_event`'s."""
        scope = self._trail.scope
        identity = self._trail.identity(f"arn:{scope.partition}:iam::{scope.account}:root")
        told = {
            "userIdentity": {"accountId": scope.account, "invokedBy": by}, "sourceIPAddress": by,
            "userAgent": by, "requestParameters": None, "responseElements": None,
            "requestID": None, "readOnly": False, "eventType": "AwsServiceEvent",
            "serviceEventDetails": dict(details) or None, "tlsDetails": None,
            "resources": [
                {"accountId": scope.account, "type": kind, "ARN": arn}
                for arn, kind in resources.items()
            ] or None,
        }  # fmt: skip
        return self._report(service, name, identity, told)

    def call(
        self, service: str, operation: str, parameters: Mapping[str, Any], *,
        result: Mapping[str, Any] | None, error: tuple[str, str] | None,
        user: str | Mapping[str, Any] | None, by: str | None,
    ) -> ActivityReported:  # fmt: skip
        """A call that was made elsewhere; arguments are `Trail.add_call`'s."""
        if user is None and by is None:
            raise MisuseError("add_call(...): say who called: user=, by=, or both.")
        trail, told = self._trail, dict[str, Any]()
        if by is not None:
            told = {"sourceIPAddress": by, "userAgent": by, "tlsDetails": None}
        named = isinstance(user, str) and not user.isdigit()
        root = f"arn:{trail.scope.partition}:iam::{trail.scope.account}:root"
        identity = trail.identity(str(user) if named else root)
        reported = self._event(service, operation, identity, told, parameters, result, error)
        element: dict[str, Any]
        if user is None:
            element = {"type": "AWSService"}
        elif not isinstance(user, str):
            element = dict(user)
        elif user.isdigit():
            element = {"type": "AWSAccount", "principalId": user, "accountId": user}
        else:
            element = identity_element(reported)
        told["userIdentity"] = {**element, "invokedBy": by} if by else element
        trail.publish(reported)
        return reported

    def _report(
        self, service: str, operation: str, identity: Identity, told: dict[str, Any], *,
        error: tuple[str, str] | None = None, region: str | None = None,
    ) -> ActivityReported:  # fmt: skip
        reported = self._event(service, operation, identity, told, {}, None, error, region)
        self._trail.publish(reported)
        return reported

    def _event(
        self, service: str, operation: str, identity: Identity, told: Mapping[str, Any],
        parameters: Mapping[str, Any], result: Mapping[str, Any] | None,
        error: tuple[str, str] | None, region: str | None = None,
    ) -> ActivityReported:  # fmt: skip
        trail, here = self._trail, self._trail.scope
        return ActivityReported(
            at=trail.clock.now(), scope=Scope(here.account, region or here.region),
            service=service, operation=operation, identity=identity, error=error, told=told,
            request_id=trail.ids.request(), user_agent=BROWSER,
            packed=(pickle.dumps(dict(parameters)),
                    None if result is None else pickle.dumps(dict(result))),
        )  # fmt: skip


def _signing_in(identity: Identity, *, succeeds: bool, unknown: bool) -> dict[str, Any]:
    """Nobody who fails has an ARN, and a name that nobody has may be a password."""
    kind = identity.arn.rpartition(":")[2]
    if kind == "root":
        return {"type": "Root", "principalId": identity.account, "arn": identity.arn,
                "accountId": identity.account, "accessKeyId": ""}  # fmt: skip
    if kind.startswith("assumed-role/"):
        return {"type": "AssumedRole", "principalId": identity.user_id, "arn": identity.arn,
                "accountId": identity.account}  # fmt: skip
    name = kind.rpartition("/")[2]
    if unknown:
        return {"type": "IAMUser", "accountId": identity.account, "accessKeyId": "",
                "userName": HIDDEN}  # fmt: skip
    if not succeeds:
        return {"type": "IAMUser", "principalId": identity.user_id, "accountId": identity.account,
                "accessKeyId": "", "userName": name}  # fmt: skip
    return {"type": "IAMUser", "principalId": identity.user_id, "arn": identity.arn,
            "accountId": identity.account, "userName": name}  # fmt: skip
