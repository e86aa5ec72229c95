"""Custom rules that are functions: what they are told.

Lives here: `Functions`. A function answers by PutEvaluations, with the token that it was given.
Source: Config Developer Guide, "Example AWS Lambda Events for AWS Config Rules".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.items import VERSION, difference, stamp, summary, told, too_long
from awsmon.core.deliveries import ASYNCHRONOUS, Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.config_recorder.model import Item, Recorder
    from awsmon.config_recorder.rules.model import Rule
    from awsmon.config_recorder.service import ConfigRecorder
    from awsmon.core.events import DeliveryFinished
    from awsmon.core.scope import Scope

__all__ = ["Functions"]


class Functions:
    """The functions of one account's rules in one region.

    Attributes:
        tokens: result tokens that functions were given, and their rules.
    """

    def __init__(self, config: ConfigRecorder) -> None:
        self._config = config
        self.tokens: dict[str, str] = {}

    def tell(self, rule: Rule, item: Item, *, left: bool) -> None:
        """A resource is another, or has *left* the rule's scope."""
        config = self._config
        items = config.history(item.key)
        before = items[-2] if len(items) > 1 and not items[-2].deleted else None
        message: dict[str, Any] = {
            "configurationItemDiff": difference(before, item) if before else None,
            "configurationItem": told(item, config.scope),
            "notificationCreationTime": stamp(config.clock.now()),
            "messageType": "ConfigurationItemChangeNotification", "recordVersion": VERSION,
        }  # fmt: skip
        if too_long(message):
            message = {
                "configurationItemSummary": summary(item, config.scope),
                "notificationCreationTime": stamp(config.clock.now()),
                "messageType": "OversizedConfigurationItemChangeNotification",
                "recordVersion": "1.0",
            }
        self._invoke(rule, message, left=left)

    def remind(self, rule: Rule) -> None:
        """It is time for a rule that the clock asks."""
        self._invoke(rule, {
            "awsAccountId": self._config.scope.account,
            "notificationCreationTime": stamp(self._config.clock.now()),
            "messageType": "ScheduledNotification", "recordVersion": "1.0",
        })  # fmt: skip

    def snapshot_delivered(self, told: Mapping[str, Any]) -> None:
        """A snapshot is in the bucket, under the key that is told."""
        kind = "ConfigurationSnapshotDeliveryCompleted"
        for rule in self._config.rules:
            kinds = [each.get("MessageType") for each in rule.source.get("SourceDetails", ())]
            if rule.owner == "CUSTOM_LAMBDA" and kind in kinds:
                self._invoke(rule, {
                    **told, "notificationCreationTime": stamp(self._config.clock.now()),
                    "messageType": kind, "recordVersion": "1.1",
                })  # fmt: skip

    def _invoke(self, rule: Rule, invoking: dict[str, Any], *, left: bool = False) -> None:
        """Call the function of a custom rule; it answers by PutEvaluations."""
        config = self._config
        token = config.ids.hex(64)
        self.tokens[token] = rule.name
        config.deliveries.send(
            Delivery(at=config.clock.now(), scope=config.scope, sender="config_recorder",
                     subject=f"rule {rule.name}", target_arn=rule.source["SourceIdentifier"],
                     payload=_event(rule, invoking, token, left, config.own, config.scope),
                     policy=ASYNCHRONOUS)
        )  # fmt: skip

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: a function was called, or couldn't be."""
        word, _, name = event.subject.partition(" ")
        rule = self._config.rules.by_name.get(name) if word == "rule" else None
        if rule is None:
            return
        if event.error is None:
            rule.status["LastSuccessfulInvocationTime"] = event.at
        else:
            rule.status |= {"LastFailedInvocationTime": event.at, "LastErrorMessage": event.error,
                            "LastErrorCode": "InvocationError"}  # fmt: skip


def _event(
    rule: Rule, invoking: Mapping[str, Any], token: str, left: bool, recorder: Recorder | None,
    scope: Scope,
) -> dict[str, Any]:  # fmt: skip
    """The event of a custom rule's function."""
    return {
        "invokingEvent": json.dumps(invoking),
        "ruleParameters": rule.input_parameters or "{}",
        "resultToken": token,
        "eventLeftScope": left,
        "executionRoleArn": recorder.role_arn if recorder else None,
        "configRuleArn": rule.config_rule_arn,
        "configRuleName": rule.name,
        "configRuleId": rule.config_rule_id,
        "accountId": scope.account,
        "version": "1.0",
    }
