"""What the CloudWatch agent on a component's instances is to collect, put into Parameter Store.

Lives here: `agent_configuration`, `parameter_name`, and `Agents`, which sends it there. AWS
installs the agent, too; here a test runs it.
Source: User Guide, "CloudWatch agent configuration file: complete details"; "Performance Counter
metrics" for the objects; the service-linked role's policy for the beginning of the parameter's
name.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from awsmon.application_insights.configuration import sections
from awsmon.application_insights.resource_kinds import INSTANCE, kind_of, short_name
from awsmon.core.deliveries import Delivery
from awsmon.core.targets import ServiceCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsmon.application_insights.model import Application, Component
    from awsmon.application_insights.service import ApplicationInsights

__all__ = ["Agents", "agent_configuration", "parameter_name"]

_OBJECTS = (
    ".NET CLR Exceptions", ".NET CLR Interop", ".NET CLR Jit", ".NET CLR Loading",
    ".NET CLR LocksAndThreads", ".NET CLR Memory", ".NET CLR Networking 4.0.0.0", "APP_POOL_WAS",
    "ASP.NET Applications", "ASP.NET", "Database ==> Instances", "DirectoryServices", "DNS",
    "HTTP Service Request Queues", "LogicalDisk", "Memory", "Network Interface", "Paging File",
    "PhysicalDisk", "Processor", "SharePoint Disk-Based Cache", "SharePoint Foundation",
    "SharePoint Publishing Cache", "Security System-Wide Statistics", "SQLServer:Access Methods",
    "SQLServer:Buffer Manager", "SQLServer:Database Replica", "SQLServer:General Statistics",
    "SQLServer:Latches", "SQLServer:Locks", "SQLServer:Memory Manager", "SQLServer:SQL Statistics",
    "System", "TCPv4", "TCPv6", "W3SVC_W3WP", "Web Service",
)  # fmt: skip
"""Of performance counters; one that begins like another comes before it."""
_PLUGINS = ("cpu", "diskio", "disk", "mem", "netstat", "net", "processes", "swap")
_DIMENSIONS = {name: f"${{aws:{name}}}" for name in ("ImageId", "InstanceId", "InstanceType")}


def agent_configuration(component: Component) -> dict[str, Any] | None:
    """The agent's own form of what is to be watched of instances; None: it has nothing to do."""
    metrics: dict[str, Any] = {}
    for configuration in component.configurations:
        for _, item in sections(configuration, "alarmMetrics"):
            _collect(metrics, item["alarmMetricName"])
        for _, process in sections(configuration, "processes"):
            names = [each["alarmMetricName"].removeprefix("procstat ").removeprefix("procstat_")
                     for each in process["alarmMetrics"] if each["monitor"]]  # fmt: skip
            metrics.setdefault("procstat", []).append(
                {"exe": process["processName"], "measurement": names}
            )
    collected = {"files": list(_files(component)), "windows_events": list(_events(component))}
    logs = {name: {"collect_list": found} for name, found in collected.items() if found}
    wanted: dict[str, Any] = {}
    if metrics:
        wanted["metrics"] = {"append_dimensions": dict(_DIMENSIONS), "metrics_collected": metrics}
    if logs:
        wanted["logs"] = {"logs_collected": logs}
    return wanted or None


def _collect(metrics: dict[str, Any], name: str) -> None:
    """A counter of an object of Windows, or a plugin's measurement; others aren't the agent's."""
    for counted in _OBJECTS:
        if name.startswith(f"{counted} "):
            _measure(metrics, counted, name.removeprefix(f"{counted} "), ["*"])
            return
    for plugin in _PLUGINS:
        if name.startswith(f"{plugin}_"):
            every = ["*"] if plugin in ("cpu", "disk", "diskio", "net") else None
            _measure(metrics, plugin, name, every)
            return


def _measure(metrics: dict[str, Any], name: str, counter: str, every: list[str] | None) -> None:
    found = metrics.setdefault(name, {"measurement": []})
    if every is not None:
        found["resources"] = every
    if counter not in found["measurement"]:
        found["measurement"].append(counter)


def _files(component: Component) -> Iterator[dict[str, Any]]:
    for configuration in component.configurations:
        for _, item in sections(configuration, "logs"):
            if item.get("logPath") and "logGroupName" in item:
                yield {
                    "file_path": item["logPath"], "log_group_name": item["logGroupName"],
                    "log_stream_name": "{instance_id}", "encoding": item.get("encoding", "utf-8"),
                }  # fmt: skip


def _events(component: Component) -> Iterator[dict[str, Any]]:
    for configuration in component.configurations:
        for _, item in sections(configuration, "windowsEvents"):
            yield {
                "event_name": item["eventName"], "event_levels": item["eventLevels"],
                "log_group_name": item["logGroupName"], "log_stream_name": "{instance_id}",
                "event_format": "text",
            }  # fmt: skip


def parameter_name(group: str, component: str) -> str:
    """The parameter of a component; but for its beginning the name is ours."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", short_name(component))
    return f"AmazonCloudWatch-ApplicationInsights-{group}-{name}"


class Agents:
    """Keeps the parameters of components with instances."""

    def __init__(self, insights: ApplicationInsights) -> None:
        self._insights = insights
        self._kept: dict[str, str] = {}

    def keep(self, application: Application, component: Component) -> None:
        """Put what the agent is to collect, if it is anything and anything else than before."""
        name = parameter_name(application.resource_group_name, component.component_name)
        wanted = agent_configuration(component) if _has_instances(component.resources) else None
        if wanted is None:
            self.drop(application, component)
            return
        value = json.dumps(wanted)
        if self._kept.get(name) != value:
            self._kept[name] = value
            self._send(name, "PutParameter", Value=value, Type="String", Overwrite=True)

    def drop(self, application: Application, component: Component) -> None:
        """The parameter goes, if there is one."""
        name = parameter_name(application.resource_group_name, component.component_name)
        if self._kept.pop(name, None) is not None:
            self._send(name, "DeleteParameter")

    def _send(self, name: str, operation: str, **parameters: Any) -> None:
        insights = self._insights
        arn = insights.scope.arn("ssm", f"parameter/{name}")
        call = ServiceCall("ssm", operation, {"Name": name, **parameters})
        insights.deliveries.send(
            Delivery(at=insights.clock.now(), scope=insights.scope, sender="application_insights",
                     subject=name, target_arn=arn, payload=dict(call.parameters), request=call)
        )  # fmt: skip


def _has_instances(arns: Iterable[str]) -> bool:
    kinds = map(kind_of, arns)
    return any(kind is not None and kind.type == INSTANCE for kind in kinds)
