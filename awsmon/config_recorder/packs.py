"""Conformance packs: rules and remediations that are made, judged and deleted together.

Lives here: `Packs` and `Pack`. What a pack makes is there at once, and so is its state.
Source: Config Developer Guide, "Conformance Packs".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.config_recorder.pack_errors import NoSuchConformancePackException
from awsmon.config_recorder.rules.model import COMPLIANT, NON_COMPLIANT, Result
from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.config_recorder.rules.model import Rule
    from awsmon.config_recorder.service import ConfigRecorder

__all__ = ["Pack", "Packs"]


@dataclass(kw_only=True, slots=True, eq=False)
class Pack(Resource):
    """A pack as DescribeConformancePacks shows it.

    Attributes:
        rules: names of those that it made.
        why: it failed.
        updated: it was put again.
    """

    aws_shape: ClassVar[str] = "config.ConformancePackDetail"

    conformance_pack_name: str
    conformance_pack_arn: str
    conformance_pack_id: str
    delivery_s3_bucket: str | None = field(default=None, metadata=aws("DeliveryS3Bucket"))
    delivery_s3_key_prefix: str | None = field(default=None, metadata=aws("DeliveryS3KeyPrefix"))
    conformance_pack_input_parameters: list[dict[str, str]] = field(default_factory=list)
    last_update_requested_time: datetime
    created_by: str | None = None
    rules: list[str] = field(default_factory=list, metadata=aws(None))
    why: str | None = field(default=None, metadata=aws(None))
    updated: bool = field(default=False, metadata=aws(None))

    @property
    def state(self) -> str:
        """As DescribeConformancePackStatus tells it."""
        verb = "UPDATE" if self.updated else "CREATE"
        return f"{verb}_FAILED" if self.why else f"{verb}_COMPLETE"


class Packs:
    """The packs of one account and region, by name."""

    def __init__(self, config: ConfigRecorder) -> None:
        self._config = config
        self.by_name: dict[str, Pack] = {}

    def find(self, name: str) -> Pack:
        """The pack of that name.

        Raises:
            NoSuchConformancePackException: there is none.
        """
        if name not in self.by_name:
            raise NoSuchConformancePackException.named(name)
        return self.by_name[name]

    def rules(self, pack: Pack) -> list[Rule]:
        """Its rules, in order of name."""
        known = self._config.rules.by_name
        return [known[name] for name in sorted(pack.rules) if name in known]

    def clear(self, pack: Pack) -> None:
        """Take away what it made."""
        for rule in self.rules(pack):
            if self._config.remediation.of(rule.name):
                self._config.remediation.delete(rule.name)
            self._config.rules.forget(rule)
        pack.rules = []

    def results(self, pack: Pack) -> list[Result]:
        """All that its rules say."""
        return [each for rule in self.rules(pack) for each in self._config.rules.of_rule(rule)]

    def compliance(self, pack: Pack) -> str:
        """Not compliant where any rule isn't; without any result nobody knows."""
        words = {self._config.rules.compliance(rule)[0] for rule in self.rules(pack)}
        if NON_COMPLIANT in words:
            return NON_COMPLIANT
        return COMPLIANT if COMPLIANT in words else "INSUFFICIENT_DATA"

    def score(self, pack: Pack) -> str:
        """Of a hundred: how many of the pairs of rule and resource are compliant."""
        words = [each.compliance for each in self.results(pack)]
        if not words:
            return "INSUFFICIENT_DATA"
        return f"{100 * words.count(COMPLIANT) / len(words):.2f}"
