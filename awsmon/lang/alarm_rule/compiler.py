"""From the text of an alarm rule to a test of states.

Lives here: `compile_rule`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from awsmon.lang.alarm_rule.parser import parse
from awsmon.lang.alarm_rule.tree import And, AtLeast, Constant, InState, Not, Or, Rule, alarms_in

__all__ = ["AlarmRule", "compile_rule"]

StateOf: TypeAlias = Callable[[str], str]
Test: TypeAlias = Callable[[StateOf], bool]


class AlarmRule(NamedTuple):
    """A rule, ready to be asked.

    Attributes:
        alarms: those that it names, each once.
        holds: whether it is met, given a function from a name to a state.
    """

    alarms: tuple[str, ...]
    holds: Test


@functools.lru_cache(maxsize=1024)
def compile_rule(text: str) -> AlarmRule:
    """A rule by its text.

    Raises:
        LanguageError: it is none.
    """
    rule = parse(text)
    return AlarmRule(alarms_in(rule), _test(rule))


def _test(rule: Rule) -> Test:
    match rule:
        case Constant():
            return lambda _state_of: rule.value
        case InState():
            return lambda state_of: state_of(rule.alarm) == rule.state
        case AtLeast():
            return lambda state_of: _reached(rule, state_of)
        case Not():
            inner = _test(rule.rule)
            return lambda state_of: not inner(state_of)
        case And():
            parts = [_test(each) for each in rule.rules]
            return lambda state_of: all(part(state_of) for part in parts)
        case Or():
            parts = [_test(each) for each in rule.rules]
            return lambda state_of: any(part(state_of) for part in parts)


def _reached(rule: AtLeast, state_of: StateOf) -> bool:
    count = sum((state_of(name) == rule.state) is not rule.negated for name in rule.alarms)
    if rule.percent:
        return 100 * count >= rule.least * len(rule.alarms)
    return count >= rule.least
