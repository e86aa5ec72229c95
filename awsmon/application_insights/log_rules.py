"""Patterns that log lines are held against: AWS's own by type of log, and an application's.

Lives here: `Rule`, `rules_for` and `first`. AWS's own patterns, whose ranks lie beyond a million,
aren't public: these are ours. Patterns are run in time that is linear in the line.
Source: API reference, CreateLogPattern (ranks: 250,000 is High, 500,000 Medium, 750,000 Low).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from awsmon.lang.insights_ql.regex import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsmon.application_insights.model import LogPattern

__all__ = ["Rule", "first", "rules_for"]


class Rule(NamedTuple):
    """A pattern and how grave a line is that matches it.

    Attributes:
        name: by which it is known.
        pattern: in RE2's syntax.
        filter: ``ERROR``, ``WARN`` or ``INFO``.
    """

    name: str
    pattern: str
    severity: str
    filter: str


_ERRORS = (
    Rule("fatal", r"\b(FATAL|CRITICAL|PANIC|OutOfMemory(Error|Exception))\b", "High", "ERROR"),
    Rule("error", r"\bERROR\b|\bSEVERE\b|[A-Za-z](Exception|Error)\b", "Medium", "ERROR"),
)
_WINDOWS = (
    Rule("critical", r"\[CRITICAL\]|<Level>1</Level>", "High", "ERROR"),
    Rule("error", r"\[ERROR\]|<Level>2</Level>", "Medium", "ERROR"),
)
_SQL = (
    Rule("severity", r"Error: \d+, Severity: (1[7-9]|2\d)", "High", "ERROR"),
    Rule("memory", r"insufficient system memory|memory pressure", "High", "ERROR"),
    Rule("login", r"Login failed", "Low", "WARN"),
)
_OWN: dict[str, tuple[Rule, ...]] = {
    "IIS": (Rule("5xx", r" 5\d\d \d+ \d+ \d+\s*$", "Medium", "ERROR"),),
    "SQL_SERVER": _SQL,
    "SQL_SERVER_ALWAYSON_AVAILABILITY_GROUP": _SQL,
    "SQL_SERVER_FAILOVER_CLUSTER_INSTANCE": _SQL,
    "MYSQL": (Rule("error", r"\[ERROR\]", "Medium", "ERROR"),),
    "MYSQL_SLOW_QUERY": (Rule("slow", r"Query_time: [1-9]", "Low", "WARN"),),
    "POSTGRESQL": (Rule("fatal", r"\b(FATAL|PANIC):", "High", "ERROR"),
                   Rule("error", r"\bERROR:", "Medium", "ERROR")),
    "ORACLE_ALERT": (Rule("ora", r"\bORA-\d{5}", "Medium", "ERROR"),),
    "ORACLE_LISTENER": (Rule("tns", r"\bTNS-\d{5}", "Medium", "ERROR"),),
    "STEP_FUNCTION": (
        Rule("failed", r'"type":\s*"Execution(Failed|TimedOut|Aborted)"', "Medium", "ERROR"),),
    "API_GATEWAY_ACCESS": (Rule("5xx", r'"?status"?\W+5\d\d|[ ,>]5\d\d[ ,<]', "Medium", "ERROR"),),
    "API_GATEWAY_EXECUTION": (
        Rule("failed", r"Execution failed|completed with status: 5\d\d", "Medium", "ERROR"),),
    "SAP_HANA_HIGH_AVAILABILITY": (Rule("error", r"(?i)\b(error|crit):", "High", "ERROR"),),
}  # fmt: skip


def _of_type(log_type: str) -> tuple[Rule, ...]:
    if log_type in _OWN:
        return _OWN[log_type]
    return _WINDOWS if log_type.startswith("WINDOWS_EVENTS") else _ERRORS


def rules_for(log_type: str, patterns: Iterable[LogPattern], pattern_set: str | None) -> list[Rule]:
    """The rules of a log, in the order in which they are tried: the application's own first."""
    own = [each for each in patterns if pattern_set in (None, each.pattern_set_name)]
    own.sort(key=lambda each: each.rank)
    return [*map(_custom, own), *_of_type(log_type)]


def _custom(pattern: LogPattern) -> Rule:
    severity = next((word for most, word in _RANKS if pattern.rank <= most), "Low")
    name = f"{pattern.pattern_set_name}/{pattern.pattern_name}"
    return Rule(name, pattern.pattern, severity, "WARN" if severity == "Low" else "ERROR")


_RANKS = ((250_000, "High"), (500_000, "Medium"))


def first(rules: Sequence[Rule], line: str) -> Rule | None:
    """The first rule that a line matches."""
    for rule in rules:
        regex = compiled(rule.pattern)
        if not isinstance(regex, str) and regex.matches(line):
            return rule
    return None
