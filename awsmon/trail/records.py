"""From a call to its CloudTrail record.

Lives here: `Recorder`, which builds a record when somebody reads it, and `Record`, the record with
what people ask of it.
Source: CloudTrail User Guide, "CloudTrail record contents", "CloudTrail userIdentity element".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from awsmon.core.activity_events import ActivityReported
from awsmon.core.clock import stamp
from awsmon.trail import kinds, rendering
from awsmon.trail.identities import identity_element, shared_id
from awsmon.trail.resources import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from awsmon.core.backend import Backend
    from awsmon.core.events import ApiCalled
    from awsmon.core.outlines import Outlines, Teller
    from awsmon.core.scope import Identity
    from awsmon.trail.history import History

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
        history: the calls before, which say what a table's key is.
    """

    def __init__(self, backend: Backend, history: History) -> None:
        self._backend = backend
        self._history = history

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
            "eventTime": stamp(call.at),
            "eventSource": kinds.source_of(service, outlines.host),
            "eventName": kinds.event_name(service, operation),
            "awsRegion": region,
            "sourceIPAddress": by or SOURCE_IP,
            "userAgent": by or call.user_agent,
        }  # fmt: skip
        if call.error is not None:
            found["errorCode"], found["errorMessage"] = _error(service, *call.error)
        resources = listed(call, data)
        found |= self._said(call, outlines, region, resources)
        additional = _additional(call, resources)
        if additional:
            found["additionalEventData"] = additional
        found |= {"requestID": call.request_id, "eventID": call.event_id, "readOnly": read}
        if resources:
            found["resources"] = resources
        found["eventType"] = "AwsApiCall"
        if service in _API_VERSIONS:
            found["apiVersion"] = _API_VERSIONS[service]
        found |= {
            "managementEvent": not data, "recipientAccountId": call.scope.account,
            "eventCategory": "Data" if data else "Management",
        }  # fmt: skip
        if not by:
            host = _host(service, outlines, region, found["requestParameters"])
            found["tlsDetails"] = {**_TLS, "clientProvidedHostHeader": host}
        shared = shared_id(call)
        if shared:
            found["sharedEventID"] = shared
        if isinstance(call, ActivityReported):
            return _told(found, call.told)
        return found

    def _said(
        self, call: ApiCalled, outlines: Outlines, region: str, resources: Sequence[dict[str, str]]
    ) -> dict[str, Any]:
        """What was asked, and what was answered."""
        service, operation, result = call.service, call.operation, call.result
        asked = rendering.asked(
            service, operation, outlines, call.parameters, partial(self._keys, call)
        )
        if service == "s3" and region != "us-east-1":
            asked["Host"] = asked.get("Host", "").replace("s3.", f"s3.{region}.")
        answered = None
        if result is not None and call.error is None and _answers(service, operation):
            answered = rendering.answered(service, operation, outlines, result, call.request_id)
            if (service, operation) in _NAMES_ITS_KEY and resources:
                answered = {"keyId": resources[0]["ARN"]}
        return {"requestParameters": asked, "responseElements": answered}

    def _keys(self, call: ApiCalled, table: str) -> Sequence[str]:
        """The key's attributes of a table that was made before the call, as far as is known."""
        name = table.rpartition("/")[2]
        for each in self._history.find("ResourceName", name, self.outlines):
            made = (each.service, each.operation, each.error) == ("dynamodb", "CreateTable", None)
            if made and each.number <= call.number:
                return [key["AttributeName"] for key in each.parameters["KeySchema"]]
        return ()


_TELLING = ("s3", "sns", "sqs")  # whose data events have answers
_GLOBAL_HOSTS = ("cloudfront", "iam", "route53")  # that have no region
_API_VERSIONS = {
    "dynamodb": "2012-08-10", "efs": "2015-02-01", "elbv2": "2015-12-01", "events": "2015-10-07",
    "logs": "20140328", "route53": "2013-04-01", "wafv2": "2019-04-23",
}  # fmt: skip
"""Services whose records tell the version of their API, and how they write it."""
_SIGNED = {
    "SignatureVersion": "SigV4", "CipherSuite": _TLS["cipherSuite"],
    "AuthenticationMethod": "AuthHeader",
}  # fmt: skip
_ADDITIONAL = {
    ("route53", "ChangeResourceRecordSets"): {"Note": "Do not use to reconstruct hosted zone"},
}
_NAMES_ITS_KEY = {("kms", "DisableKey"), ("kms", "EnableKey")}
"""Operations without an answer, whose record names the key all the same."""


def _additional(call: ApiCalled, resources: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What services say beside the request and the answer, as documented records show it."""
    if call.service == "s3":
        return dict(_SIGNED)
    if call.service == "application-autoscaling":
        return {"service": "application-autoscaling"}
    result = call.result or {}
    if call.service in ("ses", "sesv2") and "MessageId" in result:
        return {"sesMessageId": result["MessageId"]}
    version = result.get("ExecutedVersion")
    if (call.service, call.operation) == ("lambda", "Invoke") and version and resources:
        function = ":".join(resources[0]["ARN"].split(":")[:7])
        return {"functionVersion": f"{function}:{version}"}
    return dict(_ADDITIONAL.get((call.service, call.operation), {}))


def _answers(service: str, operation: str) -> bool:
    """Whether the record of such a call has its answer."""
    if kinds.is_read(service, operation):
        return kinds.is_told(service, operation)
    return not kinds.data_type(service, operation) or service in _TELLING


def _host(service: str, outlines: Outlines, region: str, asked: Mapping[str, Any] | None) -> str:
    """The host that the caller spoke to."""
    if service == "s3" and asked:
        return str(asked["Host"])
    name = outlines.host or service
    return f"{name}.amazonaws.com" if name in _GLOBAL_HOSTS else f"{name}.{region}.amazonaws.com"


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
    "eventType", "apiVersion", "managementEvent", "recipientAccountId", "sharedEventID",
    "serviceEventDetails", "eventCategory", "sessionCredentialFromConsole", "tlsDetails",
)  # fmt: skip


def _place(name: str) -> int:
    return _ORDER.index(name)


_AS_THEY_ARE = ("AccessDenied", "InvalidClientTokenId", "Throttling", "ValidationError")


def _error(service: str, code: str, message: str) -> tuple[str, str]:
    """EC2 says whose mistake it was; IAM's are named as exceptions."""
    if service == "ec2" and not code.startswith(("Client.", "Server.")):
        code = f"Client.{code}"
    if service == "iam" and not code.endswith("Exception") and code not in _AS_THEY_ARE:
        code = f"{code}Exception"
    return code, message[:1024]
