"""From records to where trails deliver them: S3, SNS, CloudWatch Logs.

Lives here: `Delivering`. Files are written when five minutes are over, by the clock's own minutes.
EventBridge is told at once, by `takers.py`.
Source: CloudTrail User Guide, "CloudTrail log file examples", "How CloudTrail works", "Monitoring
CloudTrail log files with CloudWatch Logs".
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import string
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import EPOCH, Call, aware, stamp
from awsmon.core.deliveries import Delivery, RetryPolicy
from awsmon.trail.aggregates import aggregated, happened
from awsmon.trail.digests import FOLDER

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.core.events import DeliveryFinished
    from awsmon.trail.model import TrailSettings
    from awsmon.trail.service import Trail

__all__ = ["Delivering"]

EVERY = timedelta(minutes=5)
_POLICY = RetryPolicy((timedelta(minutes=5), timedelta(minutes=10)))
_CODE = re.compile(r"\((\w+)\)")
_TO_LOGS = "CloudWatchLogsDelivery"
_KINDS = {"s3": "Delivery", "sns": "Notification", "logs": _TO_LOGS}
_ATTEMPTS = ("Delivery", "Notification")  # whose attempts GetTrailStatus tells too
EVENTS, AGGREGATED = "CloudTrail", "CloudTrail-Aggregated"


class Delivering:
    """What one account's trails deliver of one region."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._waiting: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def keep(self, settings: TrailSettings, record: dict[str, Any], folder: str = EVENTS) -> None:
        """Deliver a record with the next file of a folder."""
        trail, key = self._trail, (settings.trail_arn, folder)
        trail.digests.begin(settings)
        waiting = self._waiting.setdefault(key, [])
        if not waiting:
            now = trail.clock.now()
            due = EPOCH + ((now - EPOCH) // EVERY + 1) * EVERY
            call = Call("trail.delivering", "flush", key)
            trail.clock.set(due, call, scope=trail.scope)
        waiting.append(record)

    def flush(self, key: tuple[str, str]) -> None:
        """A timer's verb: write a file."""
        arn, folder = key
        trail, records = self._trail, self._waiting.pop(key, [])
        settings = next((each for each in trail.everywhere() if each.trail_arn == arn), None)
        now = trail.clock.now()
        if settings is not None and folder == AGGREGATED:
            templates = [name for each in settings.aggregations for name in each["Templates"]]
            records = aggregated(trail, records, templates, now)
        if settings is None or not records:
            return
        body = json.dumps({"Records": records}, separators=(",", ":")).encode()
        file = self._key(settings, now, folder)
        self.put(settings, file, body, now, ACL="bucket-owner-full-control")
        if settings.cloud_watch_logs_log_group_arn:
            whose = [settings.organization] if settings.organization else []
            name = "_".join([*whose, trail.scope.account, "CloudTrail", trail.scope.region])
            events = [
                {"timestamp": int(aware(happened(each)).timestamp() * 1000),
                 "message": json.dumps(each, separators=(",", ":"))}
                for each in records
            ]  # fmt: skip
            group = settings.cloud_watch_logs_log_group_arn.removesuffix(":*")
            self.send(arn, group, {"stream": name, "events": events}, now)

    def put(
        self, settings: TrailSettings, key: str, body: bytes, now: datetime, **more: Any
    ) -> None:
        """Have a file, a log's or a digest, put into a trail's bucket."""
        payload = {
            "Key": key, "Body": gzip.compress(body, mtime=0), "ContentType": "application/json",
            "ContentEncoding": "gzip", **_encrypted(settings), **more,
        }  # fmt: skip
        bucket = f"arn:{self._trail.scope.partition}:s3:::{settings.s3_bucket_name}"
        self.send(settings.trail_arn, bucket, payload, now)

    def send(self, arn: str, target: str, payload: Any, now: datetime) -> None:
        """Have something of a trail's delivered."""
        self._trail.deliveries.send(
            Delivery(at=now, scope=self._trail.scope, sender="trail", subject=arn,
                     target_arn=target, payload=payload, policy=_POLICY)
        )  # fmt: skip

    def _key(self, settings: TrailSettings, now: datetime, folder: str) -> str:
        scope = self._trail.scope
        letters = string.ascii_letters + string.digits
        unique = "".join(self._trail.ids.random.choices(letters, k=16))
        return (
            f"{settings.folder(scope.account)}/{folder}/{scope.region}/{now:%Y/%m/%d}/"
            f"{scope.account}_{folder}_{scope.region}_{now:%Y%m%dT%H%MZ}_{unique}.json.gz"
        )

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: a file arrived or didn't; a topic is told of those that did."""
        settings = next(
            (each for each in self._trail.everywhere() if each.trail_arn == event.subject), None
        )
        if settings is None:
            return
        kind = _kind(event)
        _note(settings.status, kind, event)
        if event.error or kind != "Delivery":
            return
        self._trail.digests.delivered(settings, event.payload)
        if settings.sns_topic_arn:
            told = {"s3Bucket": settings.s3_bucket_name, "s3ObjectKey": [event.payload["Key"]]}
            message = {"TopicArn": settings.sns_topic_arn, "Message": json.dumps(told)}
            self.send(settings.trail_arn, settings.sns_topic_arn, message, event.at)


def _kind(event: DeliveryFinished) -> str:
    """What GetTrailStatus calls it."""
    kind = _KINDS.get(event.target_arn.split(":")[2], _TO_LOGS)
    digest = kind == "Delivery" and f"/{FOLDER}/" in event.payload["Key"]
    return "DigestDelivery" if digest else kind


def _note(status: dict[str, Any], kind: str, event: DeliveryFinished) -> None:
    """The time is that of what arrived; an error is S3's or SNS's code, or the text of Logs."""
    code = None if kind == _TO_LOGS else _CODE.search(event.error or "")
    status[f"Latest{kind}Error"] = (code[1] if code else event.error) or None
    tried = {f"Latest{kind}AttemptTime": stamp(event.at)} if kind in _ATTEMPTS else {}
    status |= tried
    if event.error:
        return
    status[f"Latest{kind}Time"] = event.at
    if tried:
        status[f"Latest{kind}AttemptSucceeded"] = stamp(event.at)


def _encrypted(settings: TrailSettings) -> dict[str, str]:
    """SSE-KMS with the trail's key; without one it is the bucket's own way."""
    if not settings.kms_key_id:
        return {}
    context = json.dumps({"aws:cloudtrail:arn": settings.trail_arn}, separators=(",", ":"))
    return {
        "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": settings.kms_key_id,
        "SSEKMSEncryptionContext": base64.b64encode(context.encode()).decode(),
    }  # fmt: skip
