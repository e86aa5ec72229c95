"""The configuration that Application Insights recommends for a component.

Lives here: `recommended`, `missing_parts`, `workload_of`. The tables are `tiers.py`'s.
Source: API reference, DescribeComponentConfigurationRecommendation; the AWS CLI's example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.application_insights.resource_kinds import BALANCERS, INSTANCE, VOLUME
from awsmon.application_insights.tiers import LINUX, METRICS, TIERS, WINDOWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from awsmon.application_insights.model import Component

__all__ = ["missing_parts", "recommended", "workload_of"]

_LEVELS = ["WARNING", "ERROR", "CRITICAL"]
_EVENTS = ("Application", "System", "Security")
_ENCODINGS = {"SQL_SERVER": "utf-16", "IIS": "ascii"}
_NESTED = ("AWS::AutoScaling::AutoScalingGroup", *BALANCERS)
_UNWATCHED = ("MYSQL_SLOW_QUERY", "ORACLE_LISTENER")
"""Logs of databases that are off unless somebody wants them, as the examples have it."""
_ENGINES = {"postgres": "POSTGRESQL", "sqlserver": "SQL_SERVER", "oracle": "ORACLE",
            "mysql": "MYSQL", "mariadb": "MYSQL", "aurora": "MYSQL"}  # fmt: skip


def workload_of(engine: str | None) -> str:
    """The tier that runs on a resource, as far as its database engine tells it."""
    return next((tier for word, tier in _ENGINES.items() if word in (engine or "")), "DEFAULT")


def recommended(group: str, component: Component, tier: str, kind: str = "ALL") -> dict[str, Any]:
    """What is recommended to watch.

    Args:
        group: the resource group, after which log groups are named.
        component: whose configuration it is to be.
        tier: of the component.
        kind: ``ALL``, ``INFRA_ONLY`` or ``WORKLOAD_ONLY``.
    """
    if component.custom or component.resource_type in _NESTED:
        nested = {"subComponentType": INSTANCE, **_instance(group, component, tier, kind)}
        own = METRICS.get(component.resource_type, ())
        first = {"alarmMetrics": _metrics(own)} if own and kind != "WORKLOAD_ONLY" else {}
        volumes = nested.pop("subComponents", [])
        return {**first, "subComponents": [nested, *volumes]}
    if component.resource_type == INSTANCE:
        return _instance(group, component, tier, kind)
    found: dict[str, Any] = {"alarmMetrics": []}
    if kind != "WORKLOAD_ONLY":
        found["alarmMetrics"] = _metrics(METRICS.get(component.resource_type, ()))
    logs = _own_logs(component.resource_type, tier) if kind != "INFRA_ONLY" else []
    return {**found, **({"logs": logs} if logs else {})}


def _instance(group: str, component: Component, tier: str, kind: str) -> dict[str, Any]:
    windows, workload = component.os_type == "WINDOWS", TIERS[tier]
    infra, work = kind != "WORKLOAD_ONLY", kind != "INFRA_ONLY"
    names = [*((WINDOWS if windows else LINUX) if infra else ()), *(workload.metrics * work)]
    found: dict[str, Any] = {"alarmMetrics": _metrics(names)}
    if work:
        found["logs"] = _logs(group, tier)
    if work and windows:
        found["windowsEvents"] = [_event(group, each) for each in (*_EVENTS, *workload.events)]
    if work and workload.exporter:
        section, settings = workload.exporter
        found[section] = dict(settings)
    if infra:
        volume = {"subComponentType": VOLUME, "alarmMetrics": _metrics(METRICS[VOLUME])}
        found["subComponents"] = [volume]
    return found


def _metrics(names: Iterable[str]) -> list[dict[str, Any]]:
    return [{"alarmMetricName": name, "monitor": True} for name in names]


def _logs(group: str, tier: str) -> list[dict[str, Any]]:
    return [
        {"logGroupName": f"{kind}-{group}", "logPath": path, "logType": kind, "monitor": True,
         "encoding": _ENCODINGS.get(kind, "utf-8")}
        for kind, path in TIERS[tier].logs
    ]  # fmt: skip


def _own_logs(resource_type: str, tier: str) -> list[dict[str, Any]]:
    """Logs of functions and databases, whose groups follow from the resource."""
    if resource_type == "AWS::Lambda::Function":
        return [{"logType": "DEFAULT", "monitor": True}]
    if not resource_type.startswith("AWS::RDS::"):
        return []
    return [{"logType": kind, "monitor": kind not in _UNWATCHED} for kind, _ in TIERS[tier].logs
            if kind != "APPLICATION"]  # fmt: skip


def _event(group: str, name: str) -> dict[str, Any]:
    channel = name.replace(" ", "_").replace("/", "_")
    return {"logGroupName": f"WINDOWS_EVENTS-{channel}-{group}", "eventName": name,
            "eventLevels": list(_LEVELS), "monitor": True}  # fmt: skip


def missing_parts(tier: str, configuration: Mapping[str, Any]) -> bool:
    """Whether a workload lacks the section without which its metrics can't be collected."""
    exporter = TIERS[tier].exporter
    return exporter is not None and exporter[0] not in configuration
