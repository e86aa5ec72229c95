"""Files in the channel's bucket: snapshots when asked for or by schedule, history every six hours.

Lives here: `Delivering`. Source: Config Developer Guide, "Delivering Configuration Snapshot to an
Amazon S3 Bucket", "Components of a configuration item" (names of files), "Viewing Configuration
Compliance and history files".
"""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.items import summary, told
from awsmon.config_recorder.model import Key
from awsmon.core.clock import Call
from awsmon.core.deliveries import Delivery, RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.config_recorder.model import Channel, Item
    from awsmon.config_recorder.service import ConfigRecorder
    from awsmon.core.config_events import ResourceChanged
    from awsmon.core.events import DeliveryFinished

__all__ = ["FREQUENCIES", "Delivering"]

FREQUENCIES = {"One_Hour": 1, "Three_Hours": 3, "Six_Hours": 6, "Twelve_Hours": 12,
               "TwentyFour_Hours": 24}  # fmt: skip
"""In hours."""
_HISTORY = timedelta(hours=6)
_POLICY = RetryPolicy((timedelta(minutes=5), timedelta(minutes=10)))
_SNAPSHOT, _FILED, _STREAM = (
    "configSnapshotDeliveryInfo", "configHistoryDeliveryInfo", "configStreamDeliveryInfo",
)  # fmt: skip


class Delivering:
    """What one account's channel delivers of one region."""

    def __init__(self, config: ConfigRecorder) -> None:
        self._config = config
        self._oversized: dict[str, tuple[Item, str, tuple[str, ...]]] = {}

    # -- the channel -------------------------------------------------------------------------------

    def opened(self, channel: Channel, before: Channel | None) -> None:
        """A channel is new, or another: Config writes a file to see that it may."""
        if before is None or _frequency(before) != _frequency(channel):
            self._schedule(channel)
        if before is not None and before.sns_topic_arn != channel.sns_topic_arn:
            channel.status.pop(_STREAM, None)
        name = f"{self._root(channel)}/ConfigWritabilityCheckFile"
        self._send(channel, name, b"", "check")

    def _schedule(self, channel: Channel) -> None:
        config = self._config
        config.clock.cancel(channel.snapshot_timer)
        channel.snapshot_timer = None
        channel.status.get(_SNAPSHOT, {}).pop("nextDeliveryTime", None)
        frequency = _frequency(channel)
        if frequency:
            due = config.clock.now() + timedelta(hours=FREQUENCIES[frequency])
            channel.status.setdefault(_SNAPSHOT, {})["nextDeliveryTime"] = due
            channel.snapshot_timer = config.clock.set(
                due, Call("config_recorder.delivering", "scheduled", None), scope=config.scope,
                recurs=True,
            )  # fmt: skip

    def closed(self, channel: Channel) -> None:
        """The channel is gone."""
        for timer in (channel.snapshot_timer, channel.history_timer):
            self._config.clock.cancel(timer)

    # -- snapshots ---------------------------------------------------------------------------------

    def scheduled(self, _: None) -> None:
        """A timer's verb: a snapshot is due."""
        channel = self._config.channel
        if channel is not None:
            if self._config.running:
                self.snapshot(channel)
            self._schedule(channel)

    def snapshot(self, channel: Channel) -> str:
        """Write all that is there; the snapshot's id."""
        config, now = self._config, self._config.clock.now()
        id_ = config.ids.uuid()
        config.notifying.tell(
            "ConfigurationSnapshotDeliveryStarted",
            f"Configuration Snapshot Delivery Started for Account {config.scope.account}", "1.1",
            {"configSnapshotId": id_},
        )  # fmt: skip
        newest = [config.newest(key) for key in config.alive() if not config.internal(key.type)]
        items = [told(each, config.scope) for each in newest if each]
        body = {"fileVersion": "1.0", "configSnapshotId": id_, "configurationItems": items}
        name = (
            f"{self._folder(channel)}/ConfigSnapshot/{config.scope.account}_Config_"
            f"{config.scope.region}_ConfigSnapshot_{now:%Y%m%dT%H%M%SZ}_{id_}.json.gz"
        )
        self._send(channel, name, _packed(body), f"snapshot {id_}")
        return id_

    # -- history -----------------------------------------------------------------------------------

    def resource_changed(self, event: ResourceChanged) -> None:
        """A listener: an item waits for the next history file of its type."""
        config, channel = self._config, self._config.channel
        if channel is None or not config.running or config.internal(event.resource_type):
            return
        item = config.newest(Key(event.resource_type, event.resource_id))
        if item is None:
            return
        channel.changed.setdefault(event.resource_type, []).append(item)
        if channel.history_timer is None or not channel.history_timer.live:
            due = config.clock.now() + _HISTORY
            channel.status.setdefault(_FILED, {})["nextDeliveryTime"] = due
            channel.history_timer = config.clock.set(
                due, Call("config_recorder.delivering", "file", None), scope=config.scope,
                recurs=True,
            )  # fmt: skip

    def file(self, _: None) -> None:
        """A timer's verb: a history file for each type that changed."""
        channel = self._config.channel
        if channel is None:
            return
        changed, channel.changed = channel.changed, {}
        channel.status.get(_FILED, {}).pop("nextDeliveryTime", None)  # a change sets the next
        for resource_type, items in changed.items():
            self._file(channel, resource_type, items)

    def _file(self, channel: Channel, resource_type: str, items: Sequence[Item]) -> None:
        scope = self._config.scope
        first, last = items[0].captured, items[-1].captured
        name = (
            f"{self._folder(channel)}/ConfigHistory/{scope.account}_Config_{scope.region}_"
            f"ConfigHistory_{resource_type}_{first:%Y%m%dT%H%M%SZ}_{last:%Y%m%dT%H%M%SZ}_1.json.gz"
        )
        body = {"fileVersion": "1.0", "configurationItems": [told(each, scope) for each in items]}
        self._send(channel, name, _packed(body), "history")

    # -- items that are too long for a notice ------------------------------------------------------

    def oversized(
        self, channel: Channel, item: Item, subject: str, resources: tuple[str, ...]
    ) -> None:
        """Write a file of one item; who is told of it gets a summary when it is there."""
        scope, key = self._config.scope, item.key
        name = (
            f"{self._folder(channel)}/OversizedChangeNotification/{key.type}/{key.id}/"
            f"{scope.account}_Config_{scope.region}_ChangeNotification_{key.type}_{key.id}_"
            f"{item.captured:%Y%m%dT%H%M%SZ}_0.json.gz"
        )
        self._oversized[name] = item, subject, resources
        body = {"fileVersion": "1.0", "configurationItems": [told(item, scope)]}
        self._send(channel, name, _packed(body), "oversized")

    def _tell_oversized(self, channel: Channel, event: DeliveryFinished) -> None:
        item, subject, resources = self._oversized.pop(event.payload["Key"])
        location = f"{channel.s3_bucket_name}/{event.payload['Key']}"
        word = "DeliveryFailed" if event.error else "Notification"
        self._config.notifying.tell(
            f"OversizedConfigurationItemChange{word}", subject, "1.0",
            {"configurationItemSummary": summary(item, self._config.scope),
             "s3DeliverySummary": {"s3BucketLocation": location, "errorMessage": event.error,
                                   "errorCode": "NoSuchBucket" if event.error else None}},
            resources,
        )  # fmt: skip

    # -- sending -----------------------------------------------------------------------------------

    def _root(self, channel: Channel) -> str:
        prefix = f"{channel.s3_key_prefix}/" if channel.s3_key_prefix else ""
        return f"{prefix}AWSLogs/{self._config.scope.account}/Config"

    def _folder(self, channel: Channel) -> str:
        now = self._config.clock.now()
        return f"{self._root(channel)}/{self._config.scope.region}/{now.year}/{now.month}/{now.day}"

    def _send(self, channel: Channel, name: str, body: bytes, subject: str) -> None:
        config = self._config
        payload: dict[str, Any] = {"Key": name, "Body": body, "ACL": "bucket-owner-full-control"}
        if channel.s3_kms_key_arn:
            payload |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": channel.s3_kms_key_arn}
        config.deliveries.send(
            Delivery(at=config.clock.now(), scope=config.scope, sender="config_recorder",
                     subject=subject, payload=payload, policy=_POLICY,
                     target_arn=f"arn:{config.scope.partition}:s3:::{channel.s3_bucket_name}")
        )  # fmt: skip

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: a file, or what the topic was told, arrived or didn't."""
        channel = self._config.channel
        kind = event.subject.partition(" ")[0]
        if channel is not None and event.target_arn == channel.sns_topic_arn:
            _streamed(channel, event)
            return
        if channel is not None and kind == "oversized":
            self._tell_oversized(channel, event)
        if channel is None or kind not in ("snapshot", "history"):
            return
        at = event.at
        status = channel.status.setdefault(_SNAPSHOT if kind == "snapshot" else _FILED, {})
        status |= {"lastAttemptTime": at, **_outcome(event)}
        if not event.error:
            status["lastSuccessfulTime"] = at
        self._tell(channel, kind, event)

    def _tell(self, channel: Channel, kind: str, event: DeliveryFinished) -> None:
        told = {"s3ObjectKey": event.payload["Key"], "s3Bucket": channel.s3_bucket_name}
        if kind == "snapshot":
            told["configSnapshotId"] = event.subject.partition(" ")[2]
        elif event.error:
            return
        word = "Failed" if event.error else "Completed"
        noun = kind.capitalize()
        self._config.notifying.tell(
            f"Configuration{noun}Delivery{word}",
            f"Configuration {noun} Delivery {word} for Account {self._config.scope.account}",
            "1.1", told,
        )  # fmt: skip
        if (kind, word) == ("snapshot", "Completed"):
            self._config.evaluating.functions.snapshot_delivered(told)


def _frequency(channel: Channel) -> str | None:
    return (channel.config_snapshot_delivery_properties or {}).get("deliveryFrequency")


def _outcome(event: DeliveryFinished) -> dict[str, Any]:
    """How a delivery ended, as the channel's status has it."""
    return {"lastStatus": "FAILURE" if event.error else "SUCCESS",
            "lastErrorCode": event.code or None, "lastErrorMessage": event.error}  # fmt: skip


def _streamed(channel: Channel, event: DeliveryFinished) -> None:
    status, outcome = channel.status.setdefault(_STREAM, {}), _outcome(event)
    if status.get("lastStatus") != outcome["lastStatus"]:
        status["lastStatusChangeTime"] = event.at
    status |= outcome


def _packed(body: Any) -> bytes:
    return gzip.compress(json.dumps(body, separators=(",", ":")).encode(), mtime=0)
