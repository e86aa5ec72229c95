"""The rules of one account and region, and their results.

Lives here: `Rules`. When rules are asked is `evaluating.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.config_recorder.rules.errors import NoSuchConfigRuleException
from awsmon.config_recorder.rules.model import COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE, Result
from awsmon.core.config_events import ComplianceChanged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from awsmon.config_recorder.model import Key
    from awsmon.config_recorder.rules.model import Rule
    from awsmon.config_recorder.service import ConfigRecorder

__all__ = ["Rules"]


class Rules:
    """Rules by name, and results by rule and resource.

    Attributes:
        by_name: in order of their making.
        evaluations: how many there were.
        changes: when which rule said what else of a resource than before.
    """

    def __init__(self, config: ConfigRecorder) -> None:
        self._config = config
        self.by_name: dict[str, Rule] = {}
        self.evaluations = 0
        self.changes: dict[Key, list[tuple[datetime, str, str]]] = {}
        self._results: dict[str, dict[Key, Result]] = {}
        self._dismissed: dict[str, dict[Key, datetime]] = {}
        """The instants of which rules said that they don't apply."""

    def __iter__(self) -> Iterator[Rule]:
        yield from (self.by_name[name] for name in sorted(self.by_name))

    def find(self, name: str) -> Rule:
        """The rule of that name.

        Raises:
            NoSuchConfigRuleException: there is none.
        """
        if name not in self.by_name:
            raise NoSuchConfigRuleException.named(name)
        return self.by_name[name]

    def forget(self, rule: Rule) -> None:
        """A rule is gone, and all that it said."""
        self._config.clock.cancel(rule.timer)
        self._config.tags.forget(rule.config_rule_arn)
        del self.by_name[rule.name]
        self.clear(rule)

    def clear(self, rule: Rule) -> None:
        """Forget what a rule said."""
        self._results.pop(rule.name, None)
        self._dismissed.pop(rule.name, None)

    def result(self, rule: Rule, key: Key) -> Result | None:
        """What a rule says of a resource."""
        return self._results.get(rule.name, {}).get(key)

    def of_rule(self, rule: Rule) -> list[Result]:
        """All that a rule says, in order of resource."""
        found = self._results.get(rule.name, {})
        return [found[key] for key in sorted(found)]

    def of_resource(self, key: Key) -> list[Result]:
        """What all rules say of a resource, in order of rule."""
        found = (self._results.get(name, {}).get(key) for name in sorted(self.by_name))
        return [each for each in found if each is not None]

    def judged(self) -> list[Key]:
        """The resources of which any rule says something."""
        return sorted({key for found in self._results.values() for key in found})

    def compliance(self, rule: Rule) -> tuple[str, int]:
        """What it comes to: the compliance of a rule, and how many resources aren't compliant."""
        said = [each.compliance for each in self._results.get(rule.name, {}).values()]
        bad = said.count(NON_COMPLIANT)
        if bad:
            return NON_COMPLIANT, bad
        return (COMPLIANT if COMPLIANT in said else "INSUFFICIENT_DATA"), 0

    def store(self, new: Result) -> bool:
        """Keep a result; one about an earlier instant than the last is left aside.

        Returns:
            Whether it was kept.
        """
        self.evaluations += 1
        found = self._results.setdefault(new.rule, {})
        dismissed = self._dismissed.setdefault(new.rule, {})
        old = found.get(new.key)
        last = old.ordering if old else dismissed.get(new.key)
        if last is not None and last > new.ordering:
            return False
        if new.compliance == NOT_APPLICABLE:
            found.pop(new.key, None)
            dismissed[new.key] = new.ordering
        else:
            found[new.key] = new
        if (old.compliance if old else NOT_APPLICABLE) != new.compliance:
            config, rule = self._config, self.by_name.get(new.rule)
            said = (new.recorded, new.rule, new.compliance)
            self.changes.setdefault(new.key, []).append(said)
            config.publish(
                ComplianceChanged(
                    at=new.recorded, scope=config.scope, rule=new.rule,
                    resource_type=new.key.type, resource_id=new.key.id,
                    before=old.compliance if old else None, after=new.compliance,
                    annotation=new.annotation, old=old, new=new,
                    rule_arn=rule.config_rule_arn if rule else None,
                )
            )  # fmt: skip
        return True
