"""What is wrong when an alarm goes off, a line matches or an event comes.

Lives here: `of_metric`, `of_log`, `layer_of`, `headline` and the text of a problem's insights.
AWS's own words aren't public but for one title (the AWS CLI's example has ``EC2: High CPU``), so
the words and the order of layers are ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.application_insights.problem_model import SEVERITIES, Symptom
from awsmon.application_insights.resource_kinds import kind_of, short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.application_insights.model import Component
    from awsmon.application_insights.problem_model import Observation

__all__ = [
    "DEPENDS",
    "described",
    "headline",
    "layer_of",
    "of_log",
    "of_metric",
    "severest",
    "told",
]

DEPENDS = {
    # layer -> layers that it depends on: what is wrong there shows here
    "frontend": ("compute",),
    "compute": ("database", "messaging", "storage"),
    "database": ("storage",),
    "messaging": (),
    "storage": (),
}
_DEPTH = {"frontend": 0, "compute": 1, "messaging": 2, "database": 3, "storage": 4}
_DATABASES = ("SQL_SERVER", "MYSQL", "POSTGRESQL", "ORACLE", "SAP_HANA", "SAP_ASE")

_METRICS = (
    # words in a metric's name, and what it means when its alarm goes off; the first that fits
    (("StatusCheckFailed",), "Status check failed", "High",
     "The instance or its host doesn't answer. Restart it, or stop and start it so that it moves."),
    (("UnHealthy", "failed_node"), "Unhealthy hosts", "High",
     "Health checks fail, so the others get their traffic. Look at what the hosts log."),
    (("Credit", "Balance"), "Burst credits are running out", "Medium",
     "Work goes on at the baseline once they are used up. Choose a larger or an unlimited type."),
    (("CPU", "Cpu", "cpu", "Processor"), "High CPU", "Medium",
     "More is asked of it than it can do. Look at its processes, or scale out."),
    (("Deadlock", "Blocked", "Lock"), "Database contention", "Medium",
     "Transactions wait for one another. Look at the longest ones."),
    (("FreeStorage", "FreeLocal", "LogicalDisk", "disk_used", "filesystem", "Disk", "space_usage"),
     "Disk pressure", "High", "Space or throughput of a disk runs out. Remove or move data."),
    (("Mem", "mem", "heap", "swap", "Paging", "Page", "Buffer", "out_of_memory"),
     "Memory pressure", "Medium",
     "Little memory is left, and work slows down. Look for what grows, or choose a larger type."),
    (("5XX", "5xx"), "HTTP 5XX errors", "High",
     "Requests fail on the server's side. Look at the application's log and at what it calls."),
    (("4XX", "4xx"), "HTTP 4XX errors", "Low",
     "Requests are refused. Look for a client that changed, or for missing permissions."),
    (("Throttl", "Throttle"), "Throttling", "Medium",
     "More is asked than is allowed. Raise the limit, or ask less often."),
    (("Latency", "Duration", "ResponseTime", "IteratorAge", "Wait", "Time"), "High latency",
     "Medium", "Answers take longer than they did. Look at what is called for them."),
    (("AgeOfOldest", "Queue", "Messages"), "Growing backlog", "Medium",
     "More comes in than is worked off. Look at who reads it."),
    (("Error", "Fail", "Abort", "TimedOut", "Rejected", "Exceps"), "Errors", "Medium",
     "Work fails. Look at its log, and at what changed last."),
)  # fmt: skip

_LOGS = {
    # log type -> name
    "IIS": "Errors in the web server's log",
    "API_GATEWAY_ACCESS": "Errors in the API's access log",
    "API_GATEWAY_EXECUTION": "Errors in the API's execution log",
    "STEP_FUNCTION": "Failed executions",
    "MYSQL_SLOW_QUERY": "Slow queries",
    "APPLICATION": "Application errors",
    "CUSTOM": "Application errors",
    "DEFAULT": "Application errors",
}


def of_metric(name: str, severity: str | None = None) -> Symptom:
    """What an alarm on a metric means; a configuration may say how grave it is."""
    for words, symptom, usual, advice in _METRICS:
        if any(word in name for word in words):
            return Symptom(symptom, severity or usual, advice)
    return Symptom(f"Unusual {name}", severity or "Low", "It left the range in which it was.")


def of_log(log_type: str, severity: str) -> Symptom:
    """What lines of a log mean that match a pattern."""
    name = _LOGS.get(log_type)
    if name is None:
        kind = "Windows" if log_type.startswith("WINDOWS") else "database"
        name = f"Errors in the {kind} log"
    return Symptom(name, severity, "The first of the lines stands with the observation.")


def layer_of(arn: str, component: Component) -> str:
    """The layer of an application that a resource belongs to."""
    if component.tier is not None and component.tier.startswith(_DATABASES):
        return "database"
    kind = kind_of(arn)
    return "compute" if kind is None else kind.layer


def severest(observations: Sequence[Observation]) -> str:
    """Of the gravest."""
    return max((each.symptom.severity for each in observations), key=SEVERITIES.index)


def headline(observations: Sequence[Observation]) -> Observation:
    """The one that the others most likely come from: of the deepest layer; then gravest, oldest."""
    return min(
        observations,
        key=lambda each: (-_DEPTH[each.layer], -SEVERITIES.index(each.symptom.severity),
                          each.start_time),
    )  # fmt: skip


def described(observation: Observation) -> str:
    """An observation in a few words."""
    return f"{observation.symptom.name} on {short_name(observation.source_arn)}"


def told(observations: Sequence[Observation]) -> tuple[str, str]:
    """Title and insights of a problem."""
    first = headline(observations)
    kind = kind_of(first.source_arn)
    title = f"{kind.title if kind else 'Application'}: {first.symptom.name}"
    text = f"{described(first)}. {first.symptom.advice}"
    others = dict.fromkeys(described(each) for each in observations if each is not first)
    return title, f"{text} Seen with it: {'; '.join(others)}." if others else text
