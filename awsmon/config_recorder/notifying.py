"""What AWS Config tells the channel's topic and EventBridge.

Lives here: `Notifying`. Source: Config Developer Guide, "Notifications that AWS Config sends to an
Amazon SNS topic", "Monitoring AWS Config with Amazon EventBridge".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.items import VERSION, difference, stamp, told, too_long
from awsmon.config_recorder.model import Key
from awsmon.core.bus_events import EventEmitted
from awsmon.core.deliveries import Delivery
from awsmon.core.later import Later, made

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.config_recorder.rules.model import Result
    from awsmon.config_recorder.service import ConfigRecorder
    from awsmon.core.config_events import ComplianceChanged, ResourceChanged

__all__ = ["Notifying", "result_told"]

_LONGEST_SUBJECT = 100
_DONE = {"CREATE": "Created", "UPDATE": "Updated", "DELETE": "Deleted"}
_DETAIL_TYPES = {
    "ConfigurationItemChangeNotification": "Config Configuration Item Change",
    "OversizedConfigurationItemChangeNotification": "Config Configuration Item Change",
    "OversizedConfigurationItemChangeDeliveryFailed": "Config Configuration Item Change",
    "ComplianceChangeNotification": "Config Rules Compliance Change",
    "ConfigRulesEvaluationStarted": "Config Rules Re-evaluation Status",
    "ConfigurationSnapshotDeliveryStarted": "Config Configuration Snapshot Delivery Status",
    "ConfigurationSnapshotDeliveryCompleted": "Config Configuration Snapshot Delivery Status",
    "ConfigurationSnapshotDeliveryFailed": "Config Configuration Snapshot Delivery Status",
    "ConfigurationHistoryDeliveryCompleted": "Config Configuration History Delivery Status",
}


class Notifying:
    """The notices of one account and region."""

    def __init__(self, config: ConfigRecorder) -> None:
        self._config = config

    def resource_changed(self, event: ResourceChanged) -> None:
        """A listener: an item was recorded."""
        config, key = self._config, Key(event.resource_type, event.resource_id)
        newest = config.newest(key)
        if newest is None:
            return
        items = config.history(key)
        before = items[-2] if len(items) > 1 and not items[-2].deleted else None
        subject = f"{key.type} {key.id} {_DONE[event.change]} in Account {config.scope.account}"
        message = {"configurationItemDiff": difference(before, newest),
                   "configurationItem": told(newest, config.scope)}  # fmt: skip
        arns = (newest.arn,) if newest.arn else ()
        internal = config.internal(key.type)
        if config.channel is not None and not internal and too_long(message):
            config.delivering.oversized(config.channel, newest, subject, arns)
        else:
            self.tell("ConfigurationItemChangeNotification", subject, VERSION, message, arns,
                      topic=not internal)  # fmt: skip

    def compliance_changed(self, event: ComplianceChanged) -> None:
        """A listener: a rule judges a resource otherwise."""
        subject = (
            f"{event.resource_type} {event.resource_id} is {event.after} with {event.rule} in "
            f"Account {event.scope.account}"
        )
        self._send("ComplianceChangeNotification", subject, Later(_compliance, event))

    def evaluation_started(self, rules: list[str]) -> None:
        """Rules were asked to judge anew."""
        scope = self._config.scope
        self.tell(
            "ConfigRulesEvaluationStarted",
            f"Config Rules Evaluation Started for Account {scope.account}", "1.0",
            {"awsAccountId": scope.account, "awsRegion": scope.region, "configRuleNames": rules},
        )  # fmt: skip

    def tell(
        self, kind: str, subject: str, version: str, told: Mapping[str, Any],
        resources: tuple[str, ...] = (), *, topic: bool = True,
    ) -> None:  # fmt: skip
        """Tell the channel's topic, if it has one and is meant, and the default event bus."""
        now = self._config.clock.now()
        self._send(kind, subject, _message(kind, version, now, told), resources, topic=topic)

    def _send(
        self, kind: str, subject: str, message: Mapping[str, Any] | Later,
        resources: tuple[str, ...] = (), *, topic: bool = True,
    ) -> None:  # fmt: skip
        config, now = self._config, self._config.clock.now()
        arn = config.channel.sns_topic_arn if config.channel and topic else None
        if arn:
            text = f"[AWS Config:{config.scope.region}] {subject}"
            if len(text) > _LONGEST_SUBJECT:
                text = f"{text[: _LONGEST_SUBJECT - 3]}..."
            payload = {"TopicArn": arn, "Subject": text, "Message": json.dumps(made(message))}
            config.deliveries.send(
                Delivery(at=now, scope=config.scope, sender="config_recorder", subject=kind,
                         target_arn=arn, payload=payload)
            )  # fmt: skip
        config.publish(
            EventEmitted(at=now, scope=config.scope, source="aws.config", resources=resources,
                         detail_type=_DETAIL_TYPES[kind], detail=message)
        )  # fmt: skip


def _message(kind: str, version: str, at: datetime, told: Mapping[str, Any]) -> dict[str, Any]:
    return {**told, "notificationCreationTime": stamp(at), "messageType": kind,
            "recordVersion": version}  # fmt: skip


def _compliance(event: ComplianceChanged) -> dict[str, Any]:
    """What is told of a judgement."""
    scope = event.scope
    return _message("ComplianceChangeNotification", "1.0", event.at, {
        "awsAccountId": scope.account, "configRuleName": event.rule,
        "configRuleARN": event.rule_arn, "resourceType": event.resource_type,
        "resourceId": event.resource_id, "awsRegion": scope.region,
        "newEvaluationResult": result_told(event.new),
        "oldEvaluationResult": event.old and result_told(event.old),
    })  # fmt: skip


def result_told(result: Result) -> dict[str, Any]:
    """An evaluation result as notices have it."""
    return {
        "evaluationResultIdentifier": {
            "evaluationResultQualifier": {
                "configRuleName": result.rule, "resourceType": result.key.type,
                "resourceId": result.key.id, "evaluationMode": "DETECTIVE",
            },
            "orderingTimestamp": stamp(result.ordering),
        },
        "complianceType": result.compliance,
        "resultRecordedTime": stamp(result.recorded),
        "configRuleInvokedTime": stamp(result.invoked),
        "annotation": result.annotation,
    }  # fmt: skip
