"""Judging a resource before it is there, from how CloudFormation would make it.

Lives here: `Proactive` and `Evaluation`. CloudFormation's properties become a configuration item's:
names with a small first letter, buckets' parts in their places. Rules that ask services, or read
what a template doesn't say, have nothing to say.
Source: Config Developer Guide, "Evaluating Your Resources with AWS Config Rules", "Proactive
evaluation".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.model import DISCOVERED, Item, Key
from awsmon.config_recorder.resource_types import lowered
from awsmon.config_recorder.rules.errors import (
    IdempotentParameterMismatch,
    InvalidParameterValueException,
)
from awsmon.config_recorder.rules.model import COMPLIANT, NON_COMPLIANT, Result

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.config_recorder.service import ConfigRecorder

__all__ = ["Evaluation", "Proactive"]


@dataclass(slots=True, eq=False)
class Evaluation:
    """One evaluation of a resource that isn't there yet."""

    id: str
    at: datetime
    details: dict[str, Any]
    context: dict[str, Any] | None
    token: str | None
    results: list[Result] = field(default_factory=list)

    @property
    def compliance(self) -> str:
        """What all rules together say."""
        words = {each.compliance for each in self.results}
        if NON_COMPLIANT in words:
            return NON_COMPLIANT
        return COMPLIANT if COMPLIANT in words else "INSUFFICIENT_DATA"


class Proactive:
    """The evaluations of one account and region, by id."""

    def __init__(self, config: ConfigRecorder) -> None:
        self._config = config
        self.by_id: dict[str, Evaluation] = {}

    def start(
        self, details: Mapping[str, Any], context: Mapping[str, Any] | None, token: str | None
    ) -> Evaluation:
        """Ask the rules that may be asked so; at once.

        Raises:
            IdempotentParameterMismatch: the token was used for something else.
            InvalidParameterValueException: the configuration isn't a JSON object.
        """
        for each in self.by_id.values():
            if token and each.token == token:
                if each.details != details:
                    raise IdempotentParameterMismatch.token()
                return each
        config = self._config
        item = _item(details, config.clock.now())
        evaluation = Evaluation(config.ids.uuid(), config.clock.now(), dict(details),
                                dict(context) if context else None, token)  # fmt: skip
        for rule in config.rules:
            if {"Mode": "PROACTIVE"} in rule.evaluation_modes:
                result = config.evaluating.foresee(rule, item)
                if result is not None:
                    evaluation.results.append(result)
        self.by_id[evaluation.id] = evaluation
        return evaluation


def _item(details: Mapping[str, Any], now: datetime) -> Item:
    try:
        properties = json.loads(details["ResourceConfiguration"])
    except ValueError:
        properties = None
    if not isinstance(properties, dict):
        raise InvalidParameterValueException.no_configuration()
    key = Key(details["ResourceType"], details["ResourceId"])
    tags = {each["Key"]: each["Value"] for each in properties.get("Tags", ())}
    supplementary = _bucket(properties) if key.type == "AWS::S3::Bucket" else {}
    return Item(key=key, service_key=key.id, status=DISCOVERED, captured=now, created=now,
                state_id=0, configuration=lowered(properties), supplementary=supplementary,
                tags=tags)  # fmt: skip


def _bucket(properties: Mapping[str, Any]) -> dict[str, Any]:
    """A bucket's properties where a configuration item has them."""
    logging = properties.get("LoggingConfiguration")
    rules = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", ())
    defaults = [
        {"applyServerSideEncryptionByDefault": {
            "sSEAlgorithm": each["ServerSideEncryptionByDefault"]["SSEAlgorithm"],
            "kMSMasterKeyID": each["ServerSideEncryptionByDefault"].get("KMSMasterKeyID")}}
        for each in rules
    ]  # fmt: skip
    return {
        "BucketVersioningConfiguration": {
            "status": properties.get("VersioningConfiguration", {}).get("Status", "Off")},
        "PublicAccessBlockConfiguration": lowered(
            properties.get("PublicAccessBlockConfiguration", {})),
        "BucketLoggingConfiguration": {} if logging is None else {
            "targetBucket": logging.get("DestinationBucketName"),
            "targetPrefix": logging.get("LogFilePrefix")},
        "ServerSideEncryptionConfiguration": {"rules": defaults} if defaults else {},
        "BucketLifecycleConfiguration": lowered(properties.get("LifecycleConfiguration", {})),
        "BucketReplicationConfiguration": lowered(
            properties.get("ReplicationConfiguration", {})),
        "BucketPolicy": {"policyText": None},
        "AccessControlList": {"grants": []},
    }  # fmt: skip
