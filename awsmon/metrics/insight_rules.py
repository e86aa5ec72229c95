"""Contributor Insights: rules at work, from log events to contributors.

Lives here: `InsightRule` and `InsightRules`. A rule counts what comes in while it is enabled, under
the minute of each log event's own time. What a rule's text means is `lang/insight_rule`'s, what is
kept `contributions.py`'s; reports are `insight_reports.py`'s, rules that AWS manages
`managed_rules.py`'s. Source: User Guide, "Use Contributor Insights to analyze high-cardinality
data".

Decided here, where AWS doesn't say: a rule that is given another definition starts anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from awsmon.core.arns import Arn
from awsmon.core.insight_events import ContributorsChanged
from awsmon.core.resource import Resource, aws
from awsmon.metrics.contributions import Contributions
from awsmon.metrics.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from awsmon.core.events import LogBatch, LogEventsPut
    from awsmon.core.neighbours import MetricKey
    from awsmon.core.scope import Scope
    from awsmon.lang.filter_pattern.message import Message
    from awsmon.lang.insight_rule.compiler import Contribution
    from awsmon.lang.insight_rule.tree import RuleDefinition
    from awsmon.metrics.contributions import Minutes
    from awsmon.metrics.service import Metrics

__all__ = ["InsightRule", "InsightRules", "Managed", "checked_arn", "compiled"]

SHARED = "AWS::Logs::LogGroup"
NEWEST = 2 * 3_600
"""Seconds that log events and datapoints may lie ahead."""


class Managed(NamedTuple):
    """What a rule is that AWS manages: its template, and the resource that it is for."""

    template: str
    resource_arn: str


@dataclass(kw_only=True, slots=True, eq=False)
class InsightRule(Resource):
    """A rule as DescribeInsightRules shows it."""

    aws_shape: ClassVar[str] = "cloudwatch.InsightRule"

    name: str
    arn: str = field(metadata=aws(None))
    state: str = "ENABLED"
    schema: str = "CloudWatchLogRule/1"
    definition: str
    managed_rule: bool = False
    apply_on_transformed_logs: bool = False
    managed: Managed | None = field(default=None, metadata=aws(None))
    since: int = field(default=0, metadata=aws(None))  # seconds since the epoch
    kept: Contributions = field(default_factory=Contributions, repr=False, metadata=aws(None))

    @property
    def enabled(self) -> bool:
        """Whether it looks at what comes in."""
        return self.state == "ENABLED"


@lru_cache(maxsize=512)
def compiled(
    definition: str,
) -> tuple[RuleDefinition, Callable[[Message], Contribution | None]]:
    """The tree of a rule's text, and what it takes from a log event.

    Raises:
        LanguageError: it is no rule.
    """
    from awsmon.lang.insight_rule.compiler import compile_rule  # when there is a rule
    from awsmon.lang.insight_rule.parser import parse

    tree = parse(definition)
    return tree, compile_rule(tree)


class InsightRules:
    """The rules of one account and region: iterable, in order of name.

    Attributes:
        managed: the names of those that AWS manages.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._rules: dict[str, InsightRule] = {}
        self._watching: dict[tuple[Scope, str], list[InsightRule]] = {}
        self.managed: set[str] = set()

    def __iter__(self) -> Iterator[InsightRule]:
        return iter([self._rules[name] for name in sorted(self._rules)])

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, name: str) -> bool:
        return name in self._rules

    def __getitem__(self, name: str) -> InsightRule:
        """The rule of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in self._rules:
            raise ResourceNotFoundException.insight_rule(name)
        return self._rules[name]

    # -- changing ----------------------------------------------------------------------------------

    def save(self, rule: InsightRule) -> None:
        """Keep a new rule, or one with a new configuration."""
        before = self._rules.get(rule.name)
        if before is not None and before.definition == rule.definition:
            rule.kept, rule.since = before.kept, before.since
        self._rules[rule.name] = rule
        if rule.managed is not None:
            self.managed.add(rule.name)
        self._watching.clear()
        self.tell([rule.name], self._metrics.now)

    def switch(self, name: str, state: str) -> None:
        """Enable or disable a rule that is there."""
        self._rules[name].state = state
        self._watching.clear()

    def delete(self, name: str) -> None:
        """Forget a rule that is there, and all that it found."""
        self._metrics.tags.forget(self._rules.pop(name).arn)
        self.managed.discard(name)
        self._watching.clear()
        self.tell([name], self._metrics.now)

    def tell(self, rules: Iterable[str], oldest: int) -> None:
        """Tell that what rules found has changed, from a second since the epoch on."""
        self._metrics.publish(ContributorsChanged(
            at=self._metrics.clock.now(), scope=self._metrics.scope, rules=tuple(rules),
            oldest=oldest,
        ))  # fmt: skip

    # -- at work -----------------------------------------------------------------------------------

    def log_events_put(self, event: LogEventsPut) -> None:
        """Hear of log events, of this account or a linked one."""
        rules = self._of(event.scope, event.group)
        if rules:
            self._collect(rules, event.batch)

    def _of(self, scope: Scope, group: str) -> list[InsightRule]:
        """The enabled rules that look at a group."""
        if scope != self._metrics.scope and not self._linked(scope, group):
            return []
        found = self._watching.get((scope, group))
        if found is None:
            found = [rule for rule in self if rule.enabled and self._looks(rule, scope, group)]
            self._watching[scope, group] = found
        return found

    def _linked(self, scope: Scope, group: str) -> bool:
        return any(
            each.scope == scope and each.passes(group)
            for each in self._metrics.observed.sources(SHARED)
        )

    def _looks(self, rule: InsightRule, scope: Scope, group: str) -> bool:
        if rule.managed is not None:
            return False
        definition, _ = compiled(rule.definition)
        if definition.groups:
            return scope == self._metrics.scope and any(
                _named(pattern, group) for pattern in definition.groups
            )
        return any(_meant(arn, scope, group) for arn in definition.arns)

    def _collect(self, rules: Sequence[InsightRule], batch: LogBatch) -> None:
        from awsmon.lang.filter_pattern.message import Message  # when there is a rule

        original = dict(enumerate(map(Message, batch.messages)))
        changed = original
        if batch.transformed is not None:  # what couldn't be transformed isn't there
            changed = {place: Message(text) for place, text in batch.transformed.items()}
        seconds = [time // 1000 for time in batch.times]
        counted = [
            rule.name
            for rule in rules
            if self._count(rule, seconds, changed if rule.apply_on_transformed_logs else original)
        ]
        if counted:
            self.tell(counted, min(seconds))

    def _count(
        self, rule: InsightRule, seconds: Sequence[int], messages: Mapping[int, Message]
    ) -> bool:
        """Whether any of the messages contributed."""
        _, contribution = compiled(rule.definition)
        rule.kept.forget(self._metrics.now)
        any_ = False
        for place, message in messages.items():
            found = contribution(message)
            if found is not None:
                rule.kept.add(seconds[place], *found)
                any_ = True
        return any_

    def first_contribution(self, name: str, since: int) -> int | None:
        """What alarms ask (`core.neighbours.MetricReader`); a rule that is new counts as well."""
        rule = self._rules.get(name)
        if rule is None:
            return None
        if rule.since >= since:
            return rule.since
        ahead = self._metrics.now + NEWEST
        return next((at for at, _ in self.minutes(rule, since, ahead)), None)

    def metric_data_put(self, key: MetricKey, oldest: int) -> None:
        """Hear of datapoints while there are managed rules, which read metrics."""
        from awsmon.metrics.managed_rules import NAMESPACE

        if key.namespace == NAMESPACE:
            self.tell(sorted(self.managed), oldest)

    def minutes(self, rule: InsightRule, start: int, end: int) -> Minutes:
        """Who contributed, minute by minute, from one second since the epoch to another."""
        if rule.managed is not None:
            from awsmon.metrics.managed_rules import observed  # when there is such a rule

            return observed(self._metrics, rule, start, end)
        return rule.kept.between(start, end, self._metrics.now)


def _named(pattern: str, group: str) -> bool:
    return group.startswith(pattern[:-1]) if pattern.endswith("*") else group == pattern


def _meant(pattern: str, scope: Scope, group: str) -> bool:
    """Whether an ARN, whose account may be ``*`` and whose name may end in it, is of a group."""
    arn = Arn.maybe(pattern)
    if arn is None or arn.service != "logs" or arn.region != scope.region:
        return False
    if arn.account not in ("*", scope.account):
        return False
    name = arn.resource.removeprefix("log-group")[1:]  # the guide writes log-group/ for log-group:
    return _named(name.removesuffix(":*"), group)


def checked_arn(pattern: str) -> bool:
    """Whether a text is the ARN of log groups."""
    arn = Arn.maybe(pattern)
    return arn is not None and arn.service == "logs" and arn.resource.startswith(
        ("log-group:", "log-group/"))  # fmt: skip
