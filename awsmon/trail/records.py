"""From a call to its CloudTrail record.

Lives here: `Recorder`, which builds a record when somebody reads it, and `Record`, the record with
what people ask of it.
Source: CloudTrail User Guide, "CloudTrail record contents", "CloudTrail userIdentity element".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsmon.core.activity_events import ActivityReported
from awsmon.trail import kinds, rendering
from awsmon.trail.identities import identity_element, shared_id
from awsmon.trail.resources import listed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.core.backend import Backend
    from awsmon.core.events import ApiCalled
    from awsmon.core.outlines import Teller
    from awsmon.core.scope import Identity

__all__ = ["INVOKERS", "SOURCE_IP", "Record", "Recorder", "invoker", "username"]

VERSION = "1.11"
SOURCE_IP = "192.0.2.1"
"""Of every caller; an address that is kept for documents (RFC 5737)."""

INVOKERS = {
    "alarms": "cloudwatch.amazonaws.com", "metrics": "cloudwatch.amazonaws.com",
    "event_bus": "events.amazonaws.com", "config_recorder": "config.amazonaws.com",
    "trail": "cloudtrail.amazonaws.com",
}  # fmt: skip
_TLS = {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"}


@dataclass(frozen=True, slots=True)
class Record:
    """A record, as CloudTrail delivers it.

    Attributes:
        at: when.
        record: the whole, JSON.
    """

    at: datetime
    record: dict[str, Any]

    @property
    def event_name(self) -> str:
        """As ``DeleteTable``."""
        return str(self.record["eventName"])

    @property
    def who(self) -> str:
        """The caller's ARN, or the service that called."""
        identity = self.record["userIdentity"]
        return str(identity.get("arn") or identity.get("invokedBy") or identity.get("accountId"))

    def __str__(self) -> str:
        failed = f" -> {self.record['errorCode']}" if "errorCode" in self.record else ""
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.who} {self.event_name}{failed}"


def invoker(name: str) -> str:
    """The host of a service of awsmon's, by which records know it."""
    return INVOKERS.get(name, f"{name}.amazonaws.com")


def username(identity: Identity) -> str:
    """By which event history knows the caller: the user, the session, or ``root``."""
    return identity.arn.rpartition(":")[2].rpartition("/")[2]


class Recorder:
    """Builds records.

    Args:
        backend: knows what the services' models say.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def outlines(self) -> Teller:
        """What the services' models say."""
        return self._backend.outlines

    def record(self, call: ApiCalled) -> dict[str, Any]:
        """The record of a call; the order of the keys is CloudTrail's."""
        service, operation = call.service, call.operation
        outlines = self.outlines(service, operation)
        read, data = kinds.is_read(service, operation), kinds.data_type(service, operation)
        region = kinds.region_of(service, call.scope.region)
        by = call.invoked_by and invoker(call.invoked_by)
        found: dict[str, Any] = {
            "eventVersion": VERSION,
            "userIdentity": (
                {"type": "AWSService", "invokedBy": by} if by else identity_element(call)),
            "eventTime": f"{call.at:%Y-%m-%dT%H:%M:%SZ}",
            "eventSource": kinds.source_of(service, outlines.host),
            "eventName": kinds.event_name(service, operation),
            "awsRegion": region,
            "sourceIPAddress": by or SOURCE_IP,
            "userAgent": by or call.user_agent,
        }  # fmt: skip
        if call.error is not None:
            found["errorCode"], found["errorMessage"] = _error(service, *call.error)
        parameters, result = call.parameters, call.result
        unasked = read and not kinds.is_told(service, operation)
        quiet = unasked or (data and service not in _TELLING)
        silent = quiet or call.error is not None or result is None
        found |= {
            "requestParameters": rendering.asked(
                service, operation, outlines.request, parameters),
            "responseElements": None if silent else rendering.answered(
                service, operation, outlines.answer, result or {}),
            "requestID": call.request_id, "eventID": call.event_id, "readOnly": read,
        }  # fmt: skip
        if service == "s3" and region != "us-east-1":
            host = found["requestParameters"].get("Host", "")
            found["requestParameters"]["Host"] = host.replace("s3.", f"s3.{region}.")
        resources = listed(call, data)
        if resources:
            found["resources"] = resources
        found |= {
            "eventType": "AwsApiCall", "managementEvent": not data,
            "recipientAccountId": call.scope.account,
            "eventCategory": "Data" if data else "Management",
        }  # fmt: skip
        if not by:
            host = f"{outlines.host or service}.{region}.amazonaws.com"
            found["tlsDetails"] = {**_TLS, "clientProvidedHostHeader": host}
        shared = shared_id(call)
        if shared:
            found["sharedEventID"] = shared
        if isinstance(call, ActivityReported):
            return _told(found, call.told)
        return found


_TELLING = ("sns", "sqs")  # whose data events have answers

_EMPTY = ("requestParameters", "responseElements")  # which are there, though there is none


def _told(found: dict[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """A call's record with what differs; what is None isn't there."""
    merged = {**found, **told}
    return {
        name: merged[name] for name in sorted(merged, key=_place)
        if merged[name] is not None or name in _EMPTY
    }  # fmt: skip


_ORDER = (
    "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion",
    "sourceIPAddress", "userAgent", "errorCode", "errorMessage", "requestParameters",
    "responseElements", "additionalEventData", "requestID", "eventID", "readOnly", "resources",
    "eventType", "managementEvent", "recipientAccountId", "sharedEventID", "serviceEventDetails",
    "eventCategory", "sessionCredentialFromConsole", "tlsDetails",
)  # fmt: skip


def _place(name: str) -> int:
    return _ORDER.index(name)


def _error(service: str, code: str, message: str) -> tuple[str, str]:
    """EC2 says whose mistake it was."""
    prefixed = service == "ec2" and not code.startswith(("Client.", "Server."))
    return (f"Client.{code}" if prefixed else code), message[:1024]
