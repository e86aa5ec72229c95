"""When rules are asked, and of what.

Lives here: `Evaluating`. A rule is asked when a resource in its scope changes, by the clock, when
it is made or another, and when somebody wants it; at once, within the same instant. Rules that ask
services themselves are run outside the lock.
Source: Config Developer Guide, "Evaluation Mode and Trigger Types for AWS Config Rules".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import types
from awsmon.config_recorder.delivering import FREQUENCIES
from awsmon.config_recorder.items import told
from awsmon.config_recorder.model import DISCOVERED, Item, Key
from awsmon.config_recorder.resource_types import Asking
from awsmon.config_recorder.rules import managed, policies
from awsmon.config_recorder.rules.functions import Functions
from awsmon.config_recorder.rules.judging import (
    ACCOUNT,
    Given,
    Lacking,
    ManagedRule,
    NotApplicable,
    Reading,
)
from awsmon.config_recorder.rules.model import (
    COMPLIANT,
    INSUFFICIENT_DATA,
    NON_COMPLIANT,
    NOT_APPLICABLE,
    Result,
)
from awsmon.core.clock import Call
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsmon.config_recorder.rules.model import Rule
    from awsmon.config_recorder.service import ConfigRecorder
    from awsmon.core.config_events import ResourceChanged
    from awsmon.core.targets import OtherMock

__all__ = ["Evaluating", "Question"]

_LONGEST_NOTE = 256
_DEFAULT = "TwentyFour_Hours"


@dataclass(frozen=True, slots=True)
class Question:
    """What a rule that asks services is to judge, once the lock is free; no key: all there is."""

    rule: Rule
    key: Key | None = None


class Evaluating:
    """The evaluations of one account and region."""

    def __init__(self, config: ConfigRecorder) -> None:
        self._config = config
        self.functions = Functions(config)

    # -- what triggers it --------------------------------------------------------------------------

    def resource_changed(self, event: ResourceChanged) -> None:
        """A listener: the rules that are about a resource judge it."""
        config = self._config
        key = Key(event.resource_type, event.resource_id)
        item = config.newest(key)
        if item is None:
            return
        for rule in config.rules:
            own = _own(rule)
            if not _about(rule, own, item):
                self._leave(rule, key)
            elif rule.detective and _by_change(rule, own):
                self._ask(rule, own, item)
            elif item.deleted:
                self._leave(rule, key)

    def _leave(self, rule: Rule, key: Key) -> None:
        """A resource is gone, or no longer in the scope of a rule; a function is told."""
        if rule.owner == "CUSTOM_LAMBDA":
            *before, item = self._config.history(key)
            covered = bool(before) and rule.covers(before[-1])
            if covered and rule.detective and _by_change(rule, None):
                self.functions.tell(rule, item, left=True)
        elif self._config.rules.result(rule, key) is not None:
            self._dismiss(rule, key)

    def _dismiss(self, rule: Rule, key: Key) -> None:
        """What a rule said of a resource holds no longer."""
        now = self._config.clock.now()
        self._config.rules.store(Result(rule.name, key, NOT_APPLICABLE, None, now, now, now))

    def changed(self, rule: Rule) -> None:
        """A rule is new or another: it judges everything, and then by the clock."""
        self._wind(rule)
        self.judge_all(rule)

    def _wind(self, rule: Rule) -> None:
        """Set when the clock asks it next, if it does."""
        config = self._config
        config.clock.cancel(rule.timer)
        rule.timer = None
        now = config.clock.now()
        rule.status.setdefault("FirstActivatedTime", now)
        hours = self._hours(rule) if rule.detective else None
        if hours:
            call = Call("config_recorder.evaluating", "due", rule.name)
            rule.timer = config.clock.set(
                now + timedelta(hours=hours), call, scope=config.scope, recurs=True
            )

    def due(self, name: str) -> None:
        """A timer's verb: a rule is asked by the clock."""
        rule = self._config.rules.by_name.get(name)
        if rule is None:
            return
        self._wind(rule)
        if rule.owner == "CUSTOM_LAMBDA":
            self.functions.remind(rule)
        else:
            self.judge_all(rule)

    def _hours(self, rule: Rule) -> int | None:
        """Between two periodic evaluations; None: there are none."""
        if rule.owner == "AWS":
            own = _own(rule)
            if own is None or not own.periodic:
                return None
            return FREQUENCIES[rule.maximum_execution_frequency or _DEFAULT]
        for each in rule.source.get("SourceDetails", ()):
            if each.get("MessageType") == "ScheduledNotification":
                told = each.get("MaximumExecutionFrequency") or rule.maximum_execution_frequency
                return FREQUENCIES[told or _DEFAULT]
        return None

    def judge_all(self, rule: Rule) -> None:
        """Ask a rule about everything in its scope, and forget what it said of all else."""
        own = _own(rule)
        for result in self._config.rules.of_rule(rule):
            if not rule.detective or self._left(rule, own, result.key):
                self._dismiss(rule, result.key)
        if not rule.detective:
            return
        rule.status["FirstEvaluationStarted"] = True
        if own is not None and (own.asks or not own.change):
            self._config.send_errand(Question(rule))
            return
        if rule.owner == "CUSTOM_LAMBDA" and self._hours(rule):
            self.functions.remind(rule)
        if _by_change(rule, own):
            for key in list(self._config.alive()):
                item = self._config.newest(key)
                if item and _about(rule, own, item):
                    self._ask(rule, own, item)

    def _left(self, rule: Rule, own: ManagedRule | None, key: Key) -> bool:
        if own is not None and key.type not in own.types:
            return True
        item = self._config.newest(key)
        return item is not None and (item.deleted or not rule.covers(item))

    # -- asking ------------------------------------------------------------------------------------

    def _ask(self, rule: Rule, own: ManagedRule | None, item: Item) -> None:
        """One rule, one resource."""
        if rule.owner == "CUSTOM_LAMBDA":
            self.functions.tell(rule, item, left=item.deleted)
        elif item.deleted:
            self._said(rule, item, NOT_APPLICABLE, None, ())
        elif own is not None and own.asks:
            self._config.send_errand(Question(rule, item.key))
        else:
            self._said(rule, item, *self._judged(rule, own, item))

    def _judged(
        self, rule: Rule, own: ManagedRule | None, item: Item, mock: OtherMock | None = None
    ) -> tuple[str, str | None, tuple[str, ...]]:
        """What a managed rule or a policy says of a resource, why, and what it read."""
        config = self._config
        if own is None:
            return policies.judged(rule, told(item, config.scope))

        def asking(client: str) -> Asking:
            assert mock is not None, f"{own.identifier} asks, and doesn't say so"
            return Asking(mock, client, config.scope)

        reading = Reading(item)
        values = _values(own, rule.input_parameters)
        given = Given(values, config.clock.now(), config.scope, self._readings, asking)
        return *judged(own, reading, given), reading.reads

    def foresee(self, rule: Rule, item: Item) -> Result | None:
        """What a rule says of a resource that isn't there yet; None where it says nothing."""
        own = _own(rule)
        if rule.owner == "CUSTOM_LAMBDA" or (own is not None and own.asks):
            return None
        if not _about(rule, own, item):
            return None
        word, why, reads = self._judged(rule, own, item)
        if word == NOT_APPLICABLE:
            return None
        now = self._config.clock.now()
        return Result(rule.name, item.key, word, why, now, now, now, item, reads, mode="PROACTIVE")

    def _readings(self, resource_type: str) -> Iterator[Reading]:
        for key in self._config.alive(resource_type):
            item = self._config.newest(key)
            if item is not None:
                yield Reading(item)

    def _said(
        self, rule: Rule, item: Item, compliance: str, why: str | None, reads: tuple[str, ...]
    ) -> None:
        now = self._config.clock.now()
        rule.status |= {"LastSuccessfulInvocationTime": now, "LastSuccessfulEvaluationTime": now}
        note = why[:_LONGEST_NOTE] if why else None
        self._store(Result(rule.name, item.key, compliance, note, now, now, now, item, reads))

    def _store(self, result: Result) -> None:
        if self._config.rules.store(result):
            self._config.remediation.judged(result)

    # -- rules that ask services themselves: outside the lock --------------------------------------

    def run(self, question: Question, mock: OtherMock) -> None:
        """Ask a managed rule about what is in its scope; one that is gone says no more."""
        rule, own = question.rule, _own(question.rule)
        assert own is not None
        try:
            for item in self._asked_about(question, own, mock):
                if rule.covers(item):
                    self._judge_asking(rule, own, item, mock)
        except Refused as error:
            self._failed(rule, error)

    def _judge_asking(self, rule: Rule, own: ManagedRule, item: Item, mock: OtherMock) -> None:
        """One resource; that a service doesn't answer for it says nothing of the others."""
        try:
            found = self._judged(rule, own, item, mock)
        except Refused as error:
            self._failed(rule, error)
            return
        with self._config.door:
            if self._config.rules.by_name.get(rule.name) is rule:
                self._said(rule, item, *found)

    def _failed(self, rule: Rule, error: Refused) -> None:
        with self._config.door:
            rule.status |= {
                "LastFailedInvocationTime": self._config.clock.now(), "LastErrorCode": error.code,
                "LastErrorMessage": str(error),
            }  # fmt: skip

    def _asked_about(
        self, question: Question, own: ManagedRule, mock: OtherMock
    ) -> Iterator[Item]:  # fmt: skip
        if question.key is None:
            yield from self._subjects(own, mock)
            return
        with self._config.door:
            item = self._config.newest(question.key)
        if item is not None and not item.deleted:
            yield item

    def _subjects(self, own: ManagedRule, mock: OtherMock) -> Iterator[Item]:
        """What a rule judges: the account, recorded resources, or those of types that aren't."""
        config = self._config
        for name in own.types:
            if name == ACCOUNT:
                yield self._fresh(Key(ACCOUNT, config.scope.account), {})
            elif config.wants(name) or any(config.alive(name)):
                with config.door:
                    found = [config.newest(key) for key in config.alive(name)]
                yield from (each for each in found if each is not None)
            else:
                yield from self._described(name, mock)

    def _described(self, name: str, mock: OtherMock) -> Iterator[Item]:
        kind = types.find(name)
        if kind is None or not (mock.ours(kind.client) or mock.serves(kind.client)):
            return
        for each in kind.describe(Asking(mock, kind.client, self._config.scope), None):
            item = self._fresh(Key(name, each.id), each.configuration)
            item.name, item.arn, item.tags = each.name, each.arn, each.tags
            item.supplementary, item.relationships = each.supplementary, each.relationships
            yield item

    def _fresh(self, key: Key, configuration: Any) -> Item:
        now = self._config.clock.now()
        return Item(key=key, service_key=key.id, status=DISCOVERED, captured=now, created=now,
                    state_id=0, configuration=configuration)  # fmt: skip

    # -- what others report ------------------------------------------------------------------------

    def put(self, rule: Rule, said: Sequence[tuple[Key, str, str | None, Any]]) -> None:
        """Results that a function, or somebody else, reports."""
        now = self._config.clock.now()
        rule.status["LastSuccessfulEvaluationTime"] = now
        for key, compliance, note, ordering in said:
            self._store(
                Result(rule.name, key, compliance, note, ordering, now,
                       rule.status.get("LastSuccessfulInvocationTime") or now)
            )  # fmt: skip


def _own(rule: Rule) -> ManagedRule | None:
    """What AWS's own rule does; None of a custom one."""
    return managed.find(rule.source["SourceIdentifier"]) if rule.owner == "AWS" else None


@lru_cache(maxsize=1024)
def _values(own: ManagedRule, given: str | None) -> Mapping[str, Any]:
    """The parameters that a rule was given, and the defaults of the others; nobody changes them."""
    defaults = {
        name: value for name, value in own.parameters.items() if isinstance(value, (str, int))
    }
    return {**defaults, **json.loads(given or "{}")}


def judged(own: ManagedRule, reading: Reading, given: Given) -> tuple[str, str | None]:
    """What a managed rule says of a resource, and why."""
    try:
        why = own.judge(reading, given)
    except NotApplicable:
        return NOT_APPLICABLE, None
    except Lacking as error:
        return INSUFFICIENT_DATA, f"{error}."
    return (COMPLIANT, None) if why is None else (NON_COMPLIANT, why)


def _by_change(rule: Rule, own: ManagedRule | None) -> bool:
    if own is not None:
        return own.change
    return any(each.get("MessageType", "").startswith("ConfigurationItemChange")
               for each in rule.source.get("SourceDetails", ()))  # fmt: skip


def _about(rule: Rule, own: ManagedRule | None, item: Item) -> bool:
    return (own is None or item.key.type in own.types) and rule.covers(item)
