"""Events from outside of AWS come in through a channel: the client ``cloudtrail-data``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.operation import operation
from awsmon.trail.lake.audit_events import NotTaken, audit_event
from awsmon.trail.lake.feeding_errors import (
    ChannelInsufficientPermission,
    ChannelNotFound,
    DuplicatedAuditEventId,
    InvalidChannelARN,
)
from awsmon.trail.lake.policies import may

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail_data.type_defs import PutAuditEventsRequestTypeDef

    from awsmon.trail.lake.channels import Channel
    from awsmon.trail.service import Trail


@operation("PutAuditEvents")
def put_audit_events(trail: Trail, request: PutAuditEventsRequestTypeDef) -> dict[str, Any]:
    """Events that can't be taken are told in the answer; the others are in their stores at once."""
    owner, channel = _channel(trail, request["channelArn"])
    if not may(owner, trail.scope.account, "cloudtrail-data:PutAuditEvents", channel.arn,
               external_id=request.get("externalId")):  # fmt: skip
        raise ChannelInsufficientPermission.of(channel.arn)
    entries = request["auditEvents"]
    twice = [id_ for id_, times in Counter(each["id"] for each in entries).items() if times > 1]
    if twice:
        raise DuplicatedAuditEventId.of(twice[0])
    answer: dict[str, Any] = {"successful": [], "failed": []}
    for entry in entries:
        _take(owner, channel, entry, answer)
    return answer


def _channel(trail: Trail, arn: str) -> tuple[Trail, Channel]:
    """A channel of any account in this region."""
    parsed = Arn.maybe(arn)
    if parsed is None or parsed.service != "cloudtrail" or (
        not parsed.resource.startswith("channel/")
    ):  # fmt: skip
        raise InvalidChannelARN.of(arn)
    owner = trail.in_account(parsed.account)
    if owner is None or arn not in owner.channels:
        raise ChannelNotFound.of(arn)
    return owner, owner.channels[arn]


def _take(owner: Trail, channel: Channel, entry: Any, answer: dict[str, Any]) -> None:
    now, event_id, status = owner.clock.now(), owner.ids.uuid(), channel.ingestion_status
    status |= {"LatestIngestionAttemptTime": now, "LatestIngestionAttemptEventID": event_id}
    try:
        event = audit_event(
            entry, event_id=event_id, channel=channel.arn, scope=owner.scope, now=now
        )
    except NotTaken as error:
        status["LatestIngestionErrorCode"] = error.code
        answer["failed"].append(
            {"id": entry["id"], "errorCode": error.code, "errorMessage": error.why}
        )
        return
    for arn in channel.stores:
        store = owner.stores[arn]
        if store.status == "ENABLED":
            owner.kept.add(store, event)
    status.pop("LatestIngestionErrorCode", None)
    status |= {"LatestIngestionSuccessTime": now, "LatestIngestionSuccessEventID": event_id}
    answer["successful"].append({"id": entry["id"], "eventID": event_id})
