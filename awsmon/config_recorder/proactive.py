"""Judging a resource before it is there, from how CloudFormation would make it.

Lives here: `Proactive` and `Evaluation`. CloudFormation's properties become a configuration item's:
names with a small first letter, buckets' parts in their places. Rules that ask services, or read
what a template doesn't say, have nothing to say.
Source: Config Developer Guide, "Evaluating Your Resources with AWS Config Rules", "Proactive
evaluation".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.items import json_object
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
    """One evaluation of a resource that isn't there yet.

    Attributes:
        timeout: seconds that it might have taken.
    """

    id: str
    at: datetime
    details: dict[str, Any]
    context: dict[str, Any] | None
    timeout: int
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
        self, details: Mapping[str, Any], context: Mapping[str, Any] | None, timeout: int,
        token: str | None,
    ) -> Evaluation:  # fmt: skip
        """Ask the rules that may be asked so; at once.

        Raises:
            IdempotentParameterMismatch: the token was used for something else.
            InvalidParameterValueException: the configuration isn't a JSON object, or has a
                property in no form of CloudFormation's.
        """
        for each in self.by_id.values():
            if token and each.token == token:
                if (each.details, each.context, each.timeout) != (details, context, timeout):
                    raise IdempotentParameterMismatch.token()
                return each
        config = self._config
        item = _item(details, config.clock.now())
        evaluation = Evaluation(config.ids.uuid(), config.clock.now(), dict(details),
                                None if context is None else dict(context), timeout,
                                token)  # fmt: skip
        for rule in config.rules:
            if {"Mode": "PROACTIVE"} in rule.evaluation_modes:
                result = config.evaluating.foresee(rule, item)
                if result is not None:
                    evaluation.results.append(result)
        self.by_id[evaluation.id] = evaluation
        return evaluation


def _item(details: Mapping[str, Any], now: datetime) -> Item:
    properties = json_object(details["ResourceConfiguration"])
    if properties is None:
        raise InvalidParameterValueException.no_configuration()
    key = Key(details["ResourceType"], details["ResourceId"])
    supplementary = _bucket(properties) if key.type == "AWS::S3::Bucket" else {}
    return Item(key=key, service_key=key.id, status=DISCOVERED, captured=now, created=now,
                state_id=0, configuration=lowered(properties), supplementary=supplementary,
                tags=_tags(properties))  # fmt: skip


def _part(properties: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A property that has members."""
    found = properties.get(name, {})
    if not isinstance(found, dict):
        raise InvalidParameterValueException.property_form(name)
    return found


def _parts(properties: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A property that is a list of such."""
    found = properties.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise InvalidParameterValueException.property_form(name)
    return found


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    """A list of keys and values; of some types, as AWS::SSM::Parameter, an object."""
    if isinstance(properties.get("Tags"), dict):
        return dict(properties["Tags"])
    tags = _parts(properties, "Tags")
    if not all(isinstance(each.get("Key"), str) and "Value" in each for each in tags):
        raise InvalidParameterValueException.property_form("Tags")
    return {each["Key"]: each["Value"] for each in tags}


def _bucket(properties: Mapping[str, Any]) -> dict[str, Any]:
    """A bucket's properties where a configuration item has them."""
    logging = _part(properties, "LoggingConfiguration")
    defaults = _defaults(_part(properties, "BucketEncryption"))
    return {
        "BucketVersioningConfiguration": {
            "status": _part(properties, "VersioningConfiguration").get("Status", "Off")},
        "PublicAccessBlockConfiguration": lowered(
            _part(properties, "PublicAccessBlockConfiguration")),
        "BucketLoggingConfiguration": {
            "targetBucket": logging.get("DestinationBucketName"),
            "targetPrefix": logging.get("LogFilePrefix")} if "LoggingConfiguration" in properties
            else {},
        "ServerSideEncryptionConfiguration": {"rules": defaults} if defaults else {},
        "BucketLifecycleConfiguration": _ruled(properties, "LifecycleConfiguration"),
        "BucketReplicationConfiguration": _ruled(properties, "ReplicationConfiguration"),
        "BucketPolicy": {"policyText": None},
        "AccessControlList": {"grants": []},
    }  # fmt: skip


def _ruled(properties: Mapping[str, Any], name: str) -> Any:
    part = _part(properties, name)
    _parts(part, "Rules")
    return lowered(part)


def _defaults(encryption: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a bucket encrypts by; a rule may be about bucket keys alone."""
    found = [_part(each, "ServerSideEncryptionByDefault")
             for each in _parts(encryption, "ServerSideEncryptionConfiguration")]  # fmt: skip
    return [
        {"applyServerSideEncryptionByDefault": {
            "sSEAlgorithm": str(each.get("SSEAlgorithm", "")),
            "kMSMasterKeyID": each.get("KMSMasterKeyID")}}
        for each in found if each
    ]  # fmt: skip
