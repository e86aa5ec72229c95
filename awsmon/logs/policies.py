"""Account policies: one setting for all log groups of an account and region, or for some.

Lives here: `AccountPolicy`, and `Policies`, which keeps them and says which governs a log group.
What a document must say is `policy_documents.py`'s, which groups one is for `policy_criteria.py`'s,
retention `retention_policies.py`'s; who carries a policy out asks `Policies.applying`.

Source: API reference, PutAccountPolicy.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.clock import Call
from awsmon.core.resource import Resource, aws
from awsmon.logs.errors import LimitExceededException
from awsmon.logs.policy_criteria import read_criteria
from awsmon.logs.policy_documents import check_document
from awsmon.logs.policy_errors import InvalidPolicy, NoSuchPolicy
from awsmon.logs.protection_policies import PROTECTED
from awsmon.logs.retention_policies import Rule, outcome, told
from awsmon.logs.store import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.core.clock import Timer
    from awsmon.logs.model import LogGroup
    from awsmon.logs.policy_criteria import Criteria
    from awsmon.logs.service import Logs

__all__ = ["AccountPolicy", "Policies"]

RETENTION = "RETENTION_POLICY"
MOST = {
    "DATA_PROTECTION_POLICY": 1, "SUBSCRIPTION_FILTER_POLICY": 1, "FIELD_INDEX_POLICY": 20,
    "TRANSFORMER_POLICY": 20, "METRIC_EXTRACTION_POLICY": 5, RETENTION: 20,
}  # fmt: skip
"""Policies of each kind; of field index policies as many again may be for data sources."""
EXCLUSIVE = ("TRANSFORMER_POLICY", "FIELD_INDEX_POLICY", "METRIC_EXTRACTION_POLICY")
"""Kinds of which no two may be for one log group."""
LONGEST = 30_720  # characters of a document
LONGEST_CRITERIA = 25 * 1024  # bytes
DELAY = 86_400_000  # milliseconds until a retention policy takes effect


@dataclass(kw_only=True, slots=True, eq=False)
class AccountPolicy(Resource):
    """An account policy as DescribeAccountPolicies shows it; times in milliseconds.

    Attributes:
        created: when its name was first put.
        older: of a retention policy: the groups that were there before it.
        rule: of a retention policy: what is in effect; None: nothing yet.
        timer: until what was put last takes effect.
    """

    aws_shape: ClassVar[str] = "logs.AccountPolicy"
    aws_lower_camel: ClassVar[bool] = True

    name: str = field(metadata=aws("policyName"))
    policy_document: str
    last_updated_time: int
    policy_type: str
    scope: str = "ALL"
    selection_criteria: str | None = None
    account_id: str
    created: int = field(metadata=aws(None))
    older: frozenset[str] = field(default=frozenset(), repr=False, metadata=aws(None))
    rule: Rule | None = field(default=None, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def document(self) -> Any:
        """The document as Python has it; not to be changed."""
        return json.loads(self.policy_document)

    @property
    def criteria(self) -> Criteria:
        """Which groups it is for."""
        return read_criteria(self.policy_type, self.selection_criteria)

    @property
    def proposed(self) -> Rule:
        """Of a retention policy: what will be in effect."""
        days = self.document["retentionInDays"]
        return Rule(
            self.name, self.created, None if days == "NEVER_EXPIRE" else int(days), self.criteria,
            self.older if self.document["enforcementMode"] == "NEW_ONLY" else frozenset(),
        )  # fmt: skip


class Policies:
    """The account policies of one account and region."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._policies: dict[str, dict[str, AccountPolicy]] = {}

    def of(self, kind: str) -> Iterator[AccountPolicy]:
        """Those of a kind, in the order in which they were created."""
        return iter(self._policies.get(kind, {}).values())

    def get(self, kind: str, name: str) -> AccountPolicy:
        """The policy of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        found = self._policies.get(kind, {}).get(name)
        if found is None:
            raise NoSuchPolicy.named(name)
        return found

    def applying(self, kind: str, group: LogGroup) -> AccountPolicy | None:
        """The policy of a kind that is for a log group; None: there is none.

        A retention policy is in effect, and the one that keeps events longest; of field index
        policies it is the one that isn't for data sources. Whether the group has a setting of its
        own that goes before it, as a transformer, plays no part.
        """
        found = self._policies.get(kind)
        if not found:
            return None
        if kind == RETENTION:
            rule = self._rule(group)
            return found[rule.policy] if rule else None
        return next((each for each in found.values() if each.criteria.selects(group)), None)

    def extracts_metrics(self, group: LogGroup) -> bool:
        """Whether events of a group in embedded metric format become metrics."""
        found = self.applying("METRIC_EXTRACTION_POLICY", group)
        return found is None or found.document["EmbeddedMetricFormat"]["Status"] == "Enabled"

    def shown(self, group: LogGroup) -> dict[str, Any]:
        """What DescribeLogGroups tells of a group because of account policies."""
        found: dict[str, Any] = {}
        rule = self._rule(group)
        if rule is not None:
            found |= {"retentionPolicyName": rule.policy, "retentionInDays": rule.days}
        if group.log_group_class in PROTECTED and self.applying("DATA_PROTECTION_POLICY", group):
            found["inheritedProperties"] = ["ACCOUNT_DATA_PROTECTION"]
        return found

    # -- put and delete ----------------------------------------------------------------------------

    def checked(
        self, kind: str, name: str, document: str, criteria: str | None = None
    ) -> AccountPolicy:
        """A policy that may be put; nothing has changed yet.

        Raises:
            InvalidParameterException: of its name, document or criteria.
            LimitExceededException: there are as many others as there may be.
        """
        if name.startswith("aws/"):
            raise InvalidPolicy.name()
        if len(document) > LONGEST:
            raise InvalidPolicy.length("policyDocument", LONGEST)
        if criteria is not None and len(criteria.encode()) > LONGEST_CRITERIA:
            raise InvalidPolicy.length("selectionCriteria", LONGEST_CRITERIA)
        selected = read_criteria(kind, criteria)
        check_document(self._logs, kind, document)
        self._check_others(kind, name, selected)
        before = self._policies.get(kind, {}).get(name)
        now = self._logs.now
        return AccountPolicy(
            name=name, policy_document=document, last_updated_time=now, policy_type=kind,
            selection_criteria=criteria, account_id=self._logs.scope.account,
            created=before.created if before else now,
            older=before.older if before else frozenset(group.name for group in self._logs),
            rule=before.rule if before else None,
        )  # fmt: skip

    def _check_others(self, kind: str, name: str, criteria: Criteria) -> None:
        others = [each for each in self.of(kind) if each.name != name]
        alike = [each for each in others if each.criteria.of_source == criteria.of_source]
        if len(alike) >= MOST[kind]:
            raise LimitExceededException.resource()
        for each in alike if kind in EXCLUSIVE else ():
            if criteria.overlaps(each.criteria):
                raise InvalidPolicy.overlap(each.name)

    def put(self, policy: AccountPolicy) -> None:
        """Keep a policy that was found good; one of its name and kind goes."""
        kept = self._policies.setdefault(policy.policy_type, {})
        self._stop(kept.get(policy.name))
        kept[policy.name] = policy
        if policy.policy_type == RETENTION:
            clock = self._logs.clock
            policy.timer = clock.set(
                instant(self._logs.now + DELAY),
                Call("logs.policies", "take_effect", policy.name), scope=self._logs.scope,
            )  # fmt: skip
        self._tell(policy.policy_type)

    def remove(self, policy: AccountPolicy) -> None:
        """Forget a policy; what has expired by it is gone."""
        if policy.rule is not None:
            self._expire()
        self._stop(policy)
        del self._policies[policy.policy_type][policy.name]
        self._tell(policy.policy_type)

    def _tell(self, kind: str) -> None:
        if kind == "FIELD_INDEX_POLICY":
            self._logs.indexes.refresh_all()

    def _stop(self, policy: AccountPolicy | None) -> None:
        if policy is not None and policy.timer is not None:
            self._logs.clock.cancel(policy.timer)

    # -- retention ---------------------------------------------------------------------------------

    def retention(self, group: LogGroup) -> int | None:
        """The days that events of a group are kept; None: for ever."""
        rule = self._rule(group)
        return rule.days if rule else group.retention_in_days

    def _rule(self, group: LogGroup, *, but: str = "") -> Rule | None:
        """The rule that governs a group, leaving one policy out."""
        rules = self._policies.get(RETENTION)
        if not rules:
            return None
        found = [each.rule for name, each in rules.items() if each.rule and name != but]
        return Rule.governing(found, group)

    def take_effect(self, name: str) -> None:
        """A timer's verb: a retention policy was put a day ago."""
        self._expire()  # by what was in effect until now
        policy = self._policies[RETENTION][name]
        policy.rule, policy.timer = policy.proposed, None

    def _expire(self) -> None:
        for group in self._logs:
            self._logs.retention.expire(group)

    def preview(self, name: str, rule: Rule, *, put: bool) -> dict[str, Any]:
        """What DryRunResult says: the groups that a rule is for, and what would become of them.

        Args:
            name: of the policy.
            rule: that would be in effect, or would no longer be.
            put: which of the two.
        """
        found = []
        for group in self._logs:
            if rule.selects(group):
                others = self._rule(group, but=name)
                after = [each for each in (others, rule if put else None) if each]
                governing = Rule.governing(after, group)
                days = governing.days if governing else group.retention_in_days
                found.append(outcome(group, self.retention(group), days))
        return told(found)
