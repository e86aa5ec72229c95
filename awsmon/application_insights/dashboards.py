"""Dashboards that are made by themselves: one of each application, one of each problem.

Lives here: `Dashboards`. What AWS's show beyond metrics, alarms and logs of what was observed isn't
public; names are ours.
Source: User Guide, "How Amazon CloudWatch Application Insights works"; "Dashboard body structure
and syntax".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsmon.application_insights.problem_model import Observation, Problem
    from awsmon.application_insights.service import ApplicationInsights
    from awsmon.core.neighbours import DashboardKeeper

__all__ = ["Dashboards"]

MOST = 20
"""Observations on a dashboard. Source: User Guide, "Quotas"."""
_WIDE, _HIGH = 12, 6


class Dashboards:
    """Draws applications and problems."""

    def __init__(self, insights: ApplicationInsights, keeper: DashboardKeeper) -> None:
        self._insights = insights
        self._keeper = keeper

    def show(self, problem: Problem) -> None:
        """A problem, as it is now: what it is, and each of its observations."""
        insights = self._insights
        seen = insights.problems.observations(problem)[-MOST:]
        text = (
            f"# {problem.title}\n{problem.insights}\n\nStatus {problem.status}, severity "
            f"{problem.severity_level}, since {problem.start_time:%Y-%m-%d %H:%M} UTC."
        )
        widgets = [widget for each in seen for widget in self._observed(each)]
        self._put(problem.id, text, widgets)

    def overview(self, name: str) -> None:
        """An application: its alarms and logs; nothing where nothing is watched."""
        monitoring, region = self._insights.monitoring, self._insights.scope.region
        alarms = [alarm for alarm, watches in sorted(monitoring.alarms.items())
                  if any(each.application == name for each in watches)]  # fmt: skip
        groups = [group for group, watches in sorted(monitoring.logs.items())
                  if any(each.application == name for each in watches)]  # fmt: skip
        if not alarms and not groups:
            self.drop(name)
            return
        arns = [self._insights.scope.arn("cloudwatch", f"alarm:{alarm}") for alarm in alarms]
        widgets: list[dict[str, Any]] = []
        if arns:
            widgets.append({"type": "alarm", "properties": {"title": "Alarms", "alarms": arns}})
        widgets += [_alarm(alarm, arn, region) for alarm, arn in zip(alarms, arns, strict=True)]
        widgets += [_log(group, region) for group in groups]
        self._put(name, f"# {name}\nMade by Application Insights.", widgets)

    def drop(self, name: str) -> None:
        """What there was of an application, or of a problem, goes."""
        if _named(name) in self._keeper:
            self._keeper.delete(_named(name))

    def _put(self, name: str, text: str, widgets: list[dict[str, Any]]) -> None:
        title = {"type": "text", "x": 0, "y": 0, "width": 24, "height": 3,
                 "properties": {"markdown": text}}  # fmt: skip
        placed = [
            {**widget, "x": place % 2 * _WIDE, "y": 3 + place // 2 * _HIGH, "width": _WIDE,
             "height": _HIGH}
            for place, widget in enumerate(widgets)
        ]  # fmt: skip
        self._keeper.put(_named(name), json.dumps({"widgets": [title, *placed]}), {})

    def _observed(self, observation: Observation) -> list[dict[str, Any]]:
        region = self._insights.scope.region
        if observation.source_type == "ALARM":
            name = observation.key[-1]
            return [_alarm(name, self._insights.scope.arn("cloudwatch", f"alarm:{name}"), region)]
        if observation.log_group is not None:
            return [_log(observation.log_group, region)]
        facts = "\n".join(f"- {name}: {value}" for name, value in observation.facts.items())
        text = f"## {observation.symptom.name}\n{observation.source_arn}\n\n{facts}"
        return [{"type": "text", "properties": {"markdown": text}}]


def _named(name: str) -> str:
    return f"ApplicationInsights-{name.replace('.', '_')}"[:255]


def _alarm(name: str, arn: str, region: str) -> dict[str, Any]:
    """An alarm's metric, as public dashboards have it."""
    return {"type": "metric", "properties": {
        "title": name, "annotations": {"alarms": [arn]}, "region": region, "view": "timeSeries",
        "stacked": False,
    }}  # fmt: skip


def _log(group: str, region: str) -> dict[str, Any]:
    query = f"SOURCE '{group}' | fields @timestamp, @message | sort @timestamp desc | limit 20"
    return {"type": "log", "properties": {
        "title": group, "query": query, "region": region, "view": "table",
    }}  # fmt: skip
