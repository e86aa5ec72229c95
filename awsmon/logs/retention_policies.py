"""Retention for many log groups at once: whose events are kept how long, what a change would do.

Lives here: `Rule`, and what a dry run tells. When a rule takes effect is `policies.py`'s.
Source: API reference, PutAccountPolicy ("Retention policy") and DryRunResult.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsmon.logs.model import LogGroup
    from awsmon.logs.policy_criteria import Criteria

__all__ = ["NEVER", "Rule", "outcome", "told"]

NEVER = "NEVER_EXPIRE"
MOST_TOLD = 20  # groups of a dry run


class Rule(NamedTuple):
    """What a retention policy says.

    Attributes:
        policy: its name.
        created: when the policy was, in milliseconds.
        days: None: for ever.
        older: names of groups that it isn't for, as they were there before the policy.
    """

    policy: str
    created: int
    days: int | None
    criteria: Criteria
    older: frozenset[str]

    def selects(self, group: LogGroup) -> bool:
        """Whether it is for a group; one made anew under an old name is not what was there."""
        before = group.name in self.older and group.creation_time <= self.created
        return not before and self.criteria.selects(group)

    @staticmethod
    def governing(rules: Iterable[Rule], group: LogGroup) -> Rule | None:
        """Of those that are for a group the longest; among equals the one created first."""
        found = [rule for rule in rules if rule.selects(group)]
        return min(found, key=lambda rule: (-_length(rule.days), rule.created), default=None)


def _length(days: int | None) -> float:
    return math.inf if days is None else days


def outcome(group: LogGroup, now: int | None, then: int | None) -> tuple[float, dict[str, Any]]:
    """How much longer a group's events would be kept, and the group as a dry run tells of it."""
    change = 0 if now == then else _length(then) - _length(now)
    return change, {
        "logGroupName": group.name,
        "currentRetention": NEVER if now is None else str(now),
        "proposedRetention": NEVER if then is None else str(then),
        "storedBytes": group.stored_bytes,
    }


def told(outcomes: Sequence[tuple[float, dict[str, Any]]]) -> dict[str, Any]:
    """DryRunResult."""
    largest = sorted((group for _, group in outcomes), key=lambda each: -each["storedBytes"])
    return {
        "totalMatchedLogGroups": len(outcomes),
        "increasedRetentionLogGroupCount": sum(change > 0 for change, _ in outcomes),
        "decreasedRetentionLogGroupCount": sum(change < 0 for change, _ in outcomes),
        "unchangedRetentionLogGroupCount": sum(change == 0 for change, _ in outcomes),
        "failedAnalysisCount": 0,
        "topLogGroupsImpacted": largest[:MOST_TOLD],
    }
