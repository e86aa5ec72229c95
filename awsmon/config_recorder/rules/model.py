"""What rules are, and what they say.

Lives here: `Rule`, `Result`, and the words for compliance.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.config_recorder.model import Item, Key
    from awsmon.core.clock import Timer

__all__ = ["COMPLIANT", "INSUFFICIENT_DATA", "NON_COMPLIANT", "NOT_APPLICABLE", "Result", "Rule"]

COMPLIANT = "COMPLIANT"
NON_COMPLIANT = "NON_COMPLIANT"
NOT_APPLICABLE = "NOT_APPLICABLE"
INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@lru_cache(maxsize=1024)
def _read(parameters: str) -> Mapping[str, Any]:
    """Once for all the resources that a rule judges."""
    found: dict[str, Any] = json.loads(parameters)
    return found


@dataclass(kw_only=True, slots=True, eq=False)
class Rule(Resource):
    """A rule as DescribeConfigRules shows it.

    Attributes:
        status: as DescribeConfigRuleEvaluationStatus shows it.
        timer: of its next periodic evaluation.
        asked: when it was last asked to judge anew.
    """

    aws_shape: ClassVar[str] = "config.ConfigRule"

    config_rule_name: str
    config_rule_arn: str
    config_rule_id: str
    description: str | None = None
    scope: dict[str, Any] | None = None
    source: dict[str, Any]
    input_parameters: str | None = None
    maximum_execution_frequency: str | None = None
    config_rule_state: str = "ACTIVE"
    created_by: str | None = None
    evaluation_modes: list[dict[str, str]] = field(default_factory=lambda: [{"Mode": "DETECTIVE"}])
    rule_evaluation_visibility: str | None = None
    status: dict[str, Any] = field(default_factory=dict, metadata=aws(None))
    timer: Timer | None = field(default=None, metadata=aws(None))
    asked: datetime | None = field(default=None, metadata=aws(None))

    @property
    def name(self) -> str:
        """By which it is known."""
        return self.config_rule_name

    @property
    def detective(self) -> bool:
        """Whether it judges resources that are there."""
        return {"Mode": "DETECTIVE"} in self.evaluation_modes

    @property
    def owner(self) -> str:
        """``AWS``, ``CUSTOM_LAMBDA`` or ``CUSTOM_POLICY``."""
        return str(self.source["Owner"])

    @property
    def parameters(self) -> Mapping[str, Any]:
        """InputParameters, read; nobody changes them."""
        return _read(self.input_parameters or "{}")

    def covers(self, item: Item) -> bool:
        """Whether a resource is in its scope."""
        scope = self.scope or {}
        kinds, id_ = scope.get("ComplianceResourceTypes"), scope.get("ComplianceResourceId")
        if (kinds and item.key.type not in kinds) or (id_ and item.key.id != id_):
            return False
        tag = scope.get("TagKey")
        if tag is None:
            return True
        wanted = scope.get("TagValue")
        return tag in item.tags and (wanted is None or item.tags[tag] == wanted)


@dataclass(slots=True, eq=False)
class Result:
    """What a rule says of a resource.

    Attributes:
        ordering: the instant that it is about; an older one doesn't replace it.
        recorded: when it was said.
        invoked: when the rule was asked.
        item: what it was judged by, where the rule isn't a function.
        reads: paths of what the rule read in it.
        mode: ``PROACTIVE`` of a resource that isn't there yet.
    """

    rule: str
    key: Key
    compliance: str
    annotation: str | None
    ordering: datetime
    recorded: datetime
    invoked: datetime
    item: Item | None = None
    reads: tuple[str, ...] = ()
    mode: str = "DETECTIVE"
