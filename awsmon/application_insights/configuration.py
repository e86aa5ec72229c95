"""Component configurations: read, checked, and written as Application Insights writes them.

Lives here: `read`, `written`, `sections` and what a configuration may say. What is recommended is
`recommending.py`'s.
Source: User Guide, "Component configuration sections"; the AWS CLI's examples for the form.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.application_insights.errors import ValidationException
from awsmon.application_insights.resource_kinds import BALANCERS, INSTANCE, VOLUME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["EXPORTERS", "LOG_TYPES", "read", "sections", "written"]

LOG_TYPES = frozenset((
    "SQL_SERVER", "MYSQL", "MYSQL_SLOW_QUERY", "POSTGRESQL", "ORACLE_ALERT", "ORACLE_LISTENER",
    "IIS", "APPLICATION", "WINDOWS_EVENTS", "WINDOWS_EVENTS_ACTIVE_DIRECTORY",
    "WINDOWS_EVENTS_DNS", "WINDOWS_EVENTS_IIS", "WINDOWS_EVENTS_SHAREPOINT",
    "SQL_SERVER_ALWAYSON_AVAILABILITY_GROUP", "SQL_SERVER_FAILOVER_CLUSTER_INSTANCE", "DEFAULT",
    "CUSTOM", "STEP_FUNCTION", "API_GATEWAY_ACCESS", "API_GATEWAY_EXECUTION", "SAP_HANA_LOGS",
    "SAP_HANA_TRACE", "SAP_HANA_HIGH_AVAILABILITY", "SAP_ASE_SERVER_LOGS",
    "SAP_ASE_BACKUP_SERVER_LOGS", "SAP_ASE_REP_SERVER_LOGS", "SAP_ASE_RMA_AGENT_LOGS",
    "SAP_ASE_FAULT_MANAGER_LOGS", "SAP_NETWEAVER_DEV_TRACE_LOGS", "PACEMAKER_HIGH_AVAILABILITY",
))  # fmt: skip
EXPORTERS = {
    "JMXPrometheusExporter": ("jmxURL", "hostPort", "prometheusPort"),
    "hanaPrometheusExporter": (
        "hanaSid", "hanaPort", "hanaSecretName", "agreeToInstallHANADBClient", "prometheusPort"),
    "haClusterPrometheusExporter": ("prometheusPort",),
    "netWeaverPrometheusExporter": ("sapSid", "instanceNumbers", "prometheusPort"),
    "sqlServerPrometheusExporter": ("prometheusPort", "sqlSecretName"),
}  # fmt: skip
"""Members of each, by its section."""

_LEVELS = ("INFORMATION", "WARNING", "ERROR", "CRITICAL", "VERBOSE")

_SHAPES: dict[str, dict[str, str]] = {
    # member -> what it is; with ! it must be there, in brackets it is a list
    "metric": {"alarmMetricName": "text!", "monitor": "flag"},
    "log": {"logGroupName": "text", "logPath": "text", "logType": "logType!", "monitor": "flag",
            "encoding": "text", "patternSet": "text"},
    "event": {"logGroupName": "text!", "eventName": "text!", "eventLevels": "[level]!",
              "monitor": "flag", "patternSet": "text"},
    "process": {"processName": "text!", "alarmMetrics": "[metric]!"},
    "alarm": {"alarmName": "text!", "severity": "severity"},
    "subComponent": {"subComponentType": "subType!", "alarmMetrics": "[metric]", "logs": "[log]",
                     "processes": "[process]", "windowsEvents": "[event]"},
    "configuration": {"alarmMetrics": "[metric]", "logs": "[log]", "processes": "[process]",
                      "windowsEvents": "[event]", "alarms": "[alarm]",
                      **{name: name for name in EXPORTERS}, "subComponents": "[subComponent]"},
}  # fmt: skip
_SHAPES |= {name: dict.fromkeys(members, "any") for name, members in EXPORTERS.items()}
_VALUES = {
    "logType": LOG_TYPES,
    "level": frozenset(_LEVELS),
    "severity": frozenset(("HIGH", "MEDIUM", "LOW")),
    "subType": frozenset((INSTANCE, VOLUME, *BALANCERS)),
}


def read(text: str) -> dict[str, Any]:
    """A configuration, its members in order, `monitor` said everywhere.

    Raises:
        ValidationException: it isn't one; the message says where.
    """
    try:
        found = json.loads(text)
    except ValueError:
        raise ValidationException.configuration("it is not JSON.") from None
    configuration = _structure("configuration", found, "the configuration")
    jmx = configuration.get("JMXPrometheusExporter", {})
    if "jmxURL" in jmx and "hostPort" in jmx:
        raise ValidationException.configuration(
            "only one of jmxURL and hostPort can be specified.")  # fmt: skip
    return configuration


def _structure(name: str, found: Any, at: str) -> dict[str, Any]:
    shape = _SHAPES[name]
    if not isinstance(found, dict):
        raise ValidationException.configuration(f"{at} is not an object.")
    for member in found.keys() - shape.keys():
        raise ValidationException.configuration(f"{at} has no member {member}.")
    read_: dict[str, Any] = {}
    for member, kind in shape.items():
        if member in found:
            read_[member] = _value(kind.rstrip("!"), found[member], member)
        elif kind.endswith("!"):
            raise ValidationException.configuration(f"{member} is missing in {at}.")
        elif kind == "flag":
            read_[member] = True
    return read_


def _value(kind: str, found: Any, at: str) -> Any:
    if kind == "any":
        return found
    if kind.startswith("["):
        if not isinstance(found, list):
            raise ValidationException.configuration(f"{at} is not a list.")
        return [_value(kind[1:-1], each, at) for each in found]
    if kind in _SHAPES:
        return _structure(kind, found, at)
    if kind == "flag":
        if found in ("true", "false"):
            return found == "true"
        if not isinstance(found, bool):
            raise ValidationException.configuration(f"{at} is neither true nor false.")
        return found
    if not isinstance(found, str):
        raise ValidationException.configuration(f"{at} is not a text.")
    if kind in _VALUES and found not in _VALUES[kind]:
        raise ValidationException.configuration(f"{found} is not a valid {at}.")
    return found


def sections(
    configuration: Mapping[str, Any], name: str
) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """The items of a section that are to be monitored, each with its sub-component's type.

    Args:
        configuration: of a component or workload.
        name: of the section, as ``logs``.
    """
    within: list[tuple[str | None, Mapping[str, Any]]] = [(None, configuration)]
    within += [(each["subComponentType"], each) for each in configuration.get("subComponents", ())]
    for sub_type, part in within:
        for item in part.get(name, ()):
            if item.get("monitor", True):
                yield sub_type, item


def written(value: Any, depth: int = 0) -> str:
    """A configuration as text, in the form in which Application Insights gives it."""
    if isinstance(value, dict):
        if not value:
            return "{ }"
        pad = "  " * depth
        inner = (
            f"{pad}  {json.dumps(name)} : {written(each, depth + 1)}"
            for name, each in value.items()
        )  # fmt: skip
        return "{\n" + ",\n".join(inner) + f"\n{pad}}}"
    if isinstance(value, list):
        return f"[ {', '.join(written(each, depth) for each in value)} ]" if value else "[ ]"
    return json.dumps(value, ensure_ascii=False)
