"""What rules say of resources, as resources of a type of their own.

Lives here: `JUDGED`, that type; `configuration`, what is known of one; and `history`, its items.
Source: Config Developer Guide, "Querying Compliance History for your AWS Resources".
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.model import CHANGED, DELETED, DISCOVERED, Item, Key
from awsmon.config_recorder.resource_types import Relationship
from awsmon.config_recorder.rules.model import (
    COMPLIANT,
    INSUFFICIENT_DATA,
    NON_COMPLIANT,
    NOT_APPLICABLE,
)
from awsmon.core.clock import EPOCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.config_recorder.service import ConfigRecorder

__all__ = ["JUDGED", "configuration", "history", "id_of"]

JUDGED = "AWS::Config::ResourceCompliance"


def id_of(key: Key) -> str:
    """Under which the judgements of a resource are known: ``AWS::S3::Bucket/logs``."""
    return f"{key.type}/{key.id}"


def configuration(config: ConfigRecorder, key: Key, said: Mapping[str, str]) -> dict[str, Any]:
    """Of what rules, by their names, say of a resource; those that are gone are left out."""
    rules = [config.rules.by_name[name] for name in sorted(said) if name in config.rules.by_name]
    words = said.values()
    word = next((each for each in (NON_COMPLIANT, COMPLIANT) if each in words), INSUFFICIENT_DATA)
    return {
        "complianceType": word, "targetResourceId": key.id, "targetResourceType": key.type,
        "configRuleList": [
            {"configRuleName": rule.name, "configRuleArn": rule.config_rule_arn,
             "configRuleId": rule.config_rule_id, "complianceType": said[rule.name]}
            for rule in rules
        ],
    }  # fmt: skip


def history(config: ConfigRecorder, id_: str) -> list[Item]:
    """An item for each instant at which rules said something else; oldest first."""
    kind, _, resource = id_.partition("/")
    key, found = Key(kind, resource), list[Item]()
    said: dict[str, str] = {}
    for at, changes in groupby(config.rules.changes.get(key, ()), key=lambda change: change[0]):
        said |= {rule: word for _, rule, word in changes}
        said = {rule: word for rule, word in said.items() if word != NOT_APPLICABLE}
        status = CHANGED if found and not found[-1].deleted else DISCOVERED
        found.append(Item(
            key=Key(JUDGED, id_), service_key=id_, status=status if said else DELETED, captured=at,
            created=found[0].captured if found else at,
            state_id=(at - EPOCH) // timedelta(milliseconds=1),
            configuration=configuration(config, key, said) if said else None,
            relationships=[Relationship(kind, resource, "Is associated with ")],
        ))  # fmt: skip
    return found
