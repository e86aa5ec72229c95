"""The rules of composite alarms."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmon.lang.alarm_rule.compiler import compile_rule
from awsmon.lang.alarm_rule.parser import STATES, parse
from awsmon.lang.alarm_rule.tree import And, AtLeast, Constant, InState, Not, Or
from awsmon.lang.text import LanguageError

ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu"

# the User Guide's and the API reference's own examples: rule, alarms in ALARM (others are OK), met
EXAMPLES = [
    ("ALARM(CPUUtilizationTooHigh) AND ALARM(DiskReadOpsTooHigh)",
     "CPUUtilizationTooHigh DiskReadOpsTooHigh", True),
    ("ALARM(CPUUtilizationTooHigh) AND ALARM(DiskReadOpsTooHigh)", "CPUUtilizationTooHigh", False),
    ("AT_LEAST(2, ALARM, (WebServer1CPU, WebServer2CPU, WebServer3CPU, WebServer4CPU))",
     "WebServer1CPU WebServer4CPU", True),
    ("AT_LEAST(2, ALARM, (WebServer1CPU, WebServer2CPU, WebServer3CPU, WebServer4CPU))",
     "WebServer4CPU", False),
    ("AT_LEAST(50%, OK, (DatabaseConnection1, DatabaseConnection2, DatabaseConnection3, "
     "DatabaseConnection4))", "DatabaseConnection1 DatabaseConnection2", True),
    ("AT_LEAST(50%, OK, (DatabaseConnection1, DatabaseConnection2, DatabaseConnection3, "
     "DatabaseConnection4))", "DatabaseConnection1 DatabaseConnection2 DatabaseConnection3", False),
    ("ALARM(CPUUtilizationTooHigh) AND NOT ALARM(DeploymentInProgress)",
     "CPUUtilizationTooHigh", True),
    ("ALARM(CPUUtilizationTooHigh) AND NOT ALARM(DeploymentInProgress)",
     "CPUUtilizationTooHigh DeploymentInProgress", False),
    ("AT_LEAST(2, ALARM, (AZ1Health, AZ2Health, AZ3Health)) AND NOT ALARM(MaintenanceWindow)",
     "AZ1Health AZ3Health", True),
    ("(ALARM(CPUUtilizationTooHigh) OR ALARM(DiskReadOpsTooHigh)) AND "
     "OK(NetworkOutTooHigh)", "DiskReadOpsTooHigh", True),
    ("(ALARM(CPUUtilizationTooHigh) OR ALARM(DiskReadOpsTooHigh)) AND "
     "OK(NetworkOutTooHigh)", "DiskReadOpsTooHigh NetworkOutTooHigh", False),
    ('AT_LEAST("50%", NOT ALARM, (a, b))', "a", True),
    ("TRUE", "", True),
    ("FALSE", "", False),
    ("NOT FALSE", "", True),
    # precedence: NOT, AND, OR
    ("TRUE OR FALSE AND FALSE", "", True),
    ("(TRUE OR FALSE) AND FALSE", "", False),
    ("NOT ALARM(a) AND ALARM(b)", "b", True),
    ("NOT (ALARM(a) AND ALARM(b))", "b", True),
    (f"ALARM({ARN})", ARN, True),
    ('ALARM ( "a b" ) and not ok("a b")', "a", False),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "alarming", "met"), EXAMPLES)
def test_documented_examples(rule, alarming, met):
    states = dict.fromkeys(alarming.split(), "ALARM")
    assert compile_rule(rule).holds(lambda name: states.get(name, "OK")) is met


@pytest.mark.parametrize(
    ("rule", "alarms"),
    [
        ("ALARM(a) OR OK(b) OR ALARM(a)", ("a", "b")),
        ('ALARM("with \\"quotes\\", and (all)")', ('with "quotes", and (all)',)),
        ("ALARM(OK) AND OK(NOT)", ("OK", "NOT")),
        ("AT_LEAST(1, ALARM, (x, y)) AND ALARM(y)", ("x", "y")),
        ("TRUE", ()),
    ],
)
def test_the_alarms_of_a_rule(rule, alarms):
    assert compile_rule(rule).alarms == alarms


@pytest.mark.parametrize(
    ("rule", "position"),
    [
        ("", 0),
        ("ALARM", 5),
        ("ALARM()", 6),
        ("ALARM(a b)", 8),
        ("ALARM(a) ALARM(b)", 9),
        ("ALARM(a) AND", 12),
        ("(ALARM(a)", 9),
        ("BROKEN(a)", 0),
        ('ALARM("a)', 6),
        ("AT_LEAST(0, ALARM, (a))", 9),
        ("AT_LEAST(3, ALARM, (a, b))", 9),
        ("AT_LEAST(101%, ALARM, (a, b))", 9),
        ("AT_LEAST(half, ALARM, (a, b))", 9),
        ("AT_LEAST(1, RED, (a, b))", 12),
        ("AT_LEAST(1, ALARM, ())", 20),
        ("NOT " * 60 + "TRUE", None),
    ],
)
def test_what_is_no_rule(rule, position):
    with pytest.raises(LanguageError) as caught:
        parse(rule)
    if position is not None:
        assert caught.value.position == position


NAMES = st.text(min_size=1, max_size=5) | st.sampled_from(["a", "b", "OK", "a b", 'q"', "x\\"])
LEAVES = (
    st.booleans().map(Constant)
    | st.builds(InState, st.sampled_from(STATES), NAMES)
    | st.builds(
        lambda alarms, negated, state: AtLeast(len(alarms), False, negated, state, tuple(alarms)),
        st.lists(NAMES, min_size=1, max_size=3), st.booleans(), st.sampled_from(STATES),
    )
    | st.integers(1, 100).map(lambda percent: AtLeast(percent, True, False, "OK", ("a", "b")))
)  # fmt: skip


def combined(rules):
    several = st.lists(rules, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, rules) | several.map(And) | several.map(Or)


RULES = st.recursive(LEAVES, combined, max_leaves=8)


@settings(max_examples=60)
@given(RULES)
def test_a_rule_reads_as_it_prints(rule):
    assert parse(str(rule)) == rule


@settings(max_examples=60)
@given(RULES)
def test_a_rule_is_met_as_a_table_says(rule):
    compiled = compile_rule(str(rule))
    for states in itertools.islice(itertools.product(STATES, repeat=len(compiled.alarms)), 27):
        table = dict(zip(compiled.alarms, states, strict=True))
        assert compiled.holds(table.__getitem__) is met(rule, table)


def met(rule, table):
    """The same, by hand."""
    if isinstance(rule, Constant):
        return rule.value
    if isinstance(rule, InState):
        return table[rule.alarm] == rule.state
    if isinstance(rule, Not):
        return not met(rule.rule, table)
    if isinstance(rule, And):
        return False not in [met(each, table) for each in rule.rules]
    if isinstance(rule, Or):
        return True in [met(each, table) for each in rule.rules]
    right = [name for name in rule.alarms if (table[name] != rule.state) == rule.negated]
    share = len(right) / len(rule.alarms) * 100 if rule.percent else len(right)
    return share >= rule.least


@settings(max_examples=100)
@given(st.text() | st.lists(st.sampled_from(["ALARM", "(", ")", "a", "AND", ",", "2", '"']))
       .map(" ".join))  # fmt: skip
def test_any_text_is_a_rule_or_refused(text):
    try:
        rule = parse(text)
    except LanguageError as error:
        position = error.position
    else:
        assert parse(str(rule)) == rule
        position = 0
    assert 0 <= position <= len(text)
