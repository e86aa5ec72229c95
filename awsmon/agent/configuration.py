"""From the agent's JSON to a plan.

Lives here: `merged`, which makes one configuration of several, and `plan_of`. What a configuration
may hold is `schema.py`'s, where it comes from `reading.py`'s. Source: CloudWatch User Guide,
"Manually create or edit the CloudWatch agent configuration file".
"""

from __future__ import annotations

import os
import re
from datetime import timezone
from typing import TYPE_CHECKING, Any

from awsmon.agent.catalogue import MEASUREMENTS
from awsmon.agent.errors import ConfigurationError
from awsmon.agent.model import LogFile, LogsPlan, MetricsPlan, Plan, Plugin
from awsmon.agent.schema import problems
from awsmon.agent.timestamps import Format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.agent.host import Host

__all__ = ["merged", "plan_of"]

_INTERVAL = 60
_STATSD = {"service_address": ":8125", "metrics_collection_interval": 10,
           "metrics_aggregation_interval": 60, "allowed_pending_messages": 10_000,
           "metric_separator": "_"}  # fmt: skip
_ENTITY = ("service.name", "deployment.environment")
_INHERITED = ("log_stream_name", *_ENTITY)
"""What a file has from its section, or from that of the agent, unless it says so itself."""
_SEVERAL = ("collect_list", "procstat", "aggregation_dimensions")
"""Lists that grow when configurations are appended; all else must agree."""


def merged(configurations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One configuration of several that were appended, as ``append-config`` makes it.

    Raises:
        ConfigurationError: two say different things of the same.
    """
    whole: dict[str, Any] = {}
    found: list[tuple[str, str]] = []
    for each in configurations:
        _add(whole, each, "", found)
    if found:
        raise ConfigurationError(found)
    return whole


def _add(
    whole: dict[str, Any], more: Mapping[str, Any], path: str, found: list[tuple[str, str]]
) -> None:
    for name, value in more.items():
        there, where = whole.get(name), f"{path}/{name}"
        if isinstance(there, dict) and isinstance(value, dict):
            whole[name] = copy = dict(there)
            _add(copy, value, where, found)
        elif name in _SEVERAL and isinstance(there, list) and isinstance(value, list):
            whole[name] = [*there, *(each for each in value if each not in there)]
        elif name in whole and there != value:
            found.append((where, f"{there!r} in one configuration, {value!r} in another"))
        else:
            whole[name] = value


def plan_of(configuration: Mapping[str, Any], host: Host, state_file: str | None = None) -> Plan:
    """The plan of a configuration on a host.

    Args:
        configuration: whole.
        host: fills in placeholders.
        state_file: where is kept how far files were read; None: nowhere.

    Raises:
        ConfigurationError: it isn't valid; all that is wrong is told.
    """
    found = problems(configuration)
    if not found and not ({"metrics", "logs"} & set(configuration)):
        found = [("/", "there is nothing to do: metrics or logs is needed")]
    if found:
        raise ConfigurationError(found)
    agent = configuration.get("agent", {})
    logs, metrics = configuration.get("logs"), configuration.get("metrics")
    return Plan(
        logs=_logs(logs, agent, host) if logs else None,
        metrics=_metrics(metrics, agent) if metrics else None,
        region=agent.get("region"),
        omits_hostname=agent.get("omit_hostname", False),
        state_file=state_file,
    )


# -- logs ------------------------------------------------------------------------------------------


def _logs(section: Mapping[str, Any], agent: Mapping[str, Any], host: Host) -> LogsPlan:
    inherited = {
        "log_stream_name": "{instance_id}" if host.instance_id else "{hostname}",
        **{name: told[name] for told in (agent, section) for name in _INHERITED if name in told},
    }
    listed = section.get("logs_collected", {}).get("files", {}).get("collect_list", [])
    interval = section.get("force_flush_interval", 5)
    files = tuple(_file({**inherited, **each}, interval, host) for each in listed)
    _check_retention(files)
    role = agent.get("credentials", {}).get("role_arn")
    return LogsPlan(files=files, role_arn=section.get("credentials", {}).get("role_arn", role))


def _file(entry: Mapping[str, Any], interval: int, host: Host) -> LogFile:
    path = entry["file_path"]
    zone = timezone.utc if entry.get("timezone") == "UTC" else None
    timestamps = Format(entry["timestamp_format"], zone) if "timestamp_format" in entry else None
    start = entry.get("multi_line_start_pattern", r"^\S")
    if start == "{timestamp_format}":
        starts = timestamps.pattern if timestamps else re.compile(r"^\S")
    else:
        starts = re.compile(start)
    every = entry.get("publish_multi_logs", False)
    retention = entry.get("retention_in_days", -1)
    return LogFile(
        path=path,
        group=host.filled(entry.get("log_group_name", "" if every else os.path.splitext(path)[0])),
        stream=host.filled(entry["log_stream_name"]),
        group_class=entry.get("log_group_class", "STANDARD"),
        retention=retention if retention > 0 else None,
        timestamps=timestamps,
        trims=entry.get("trim_timestamp", False),
        starts=starts,
        encoding=entry.get("encoding", "utf-8"),
        filters=tuple((each["type"] == "include", re.compile(each["expression"]))
                      for each in entry.get("filters", ())),
        removes=entry.get("auto_removal", False),
        excluded=re.compile(entry["blacklist"]) if "blacklist" in entry else None,
        every=every,
        entity={name: entry[name] for name in _ENTITY if name in entry},
        interval=interval,
    )  # fmt: skip


def _check_retention(files: Sequence[LogFile]) -> None:
    """A group that is named twice has one retention."""
    told: dict[str, int] = {}
    for at, each in enumerate(files):
        if each.retention and told.setdefault(each.group, each.retention) != each.retention:
            where = f"/logs/logs_collected/files/collect_list/{at}/retention_in_days"
            what = f"{each.retention}, but {each.group} has {told[each.group]} elsewhere"
            raise ConfigurationError([(where, what)])


# -- metrics ---------------------------------------------------------------------------------------


def _metrics(section: Mapping[str, Any], agent: Mapping[str, Any]) -> MetricsPlan:
    role = agent.get("credentials", {}).get("role_arn")
    interval = agent.get("metrics_collection_interval", _INTERVAL)
    plugins = [
        _plugin(kind, each, interval)
        for kind, found in section["metrics_collected"].items()
        for each in (found if isinstance(found, list) else [found])
    ]
    return MetricsPlan(
        plugins=tuple(plugins),
        namespace=section.get("namespace", "CWAgent"),
        interval=section.get("force_flush_interval", 60),
        appended=tuple(section.get("append_dimensions", ())),
        aggregations=tuple(map(tuple, section.get("aggregation_dimensions", ()))),
        role_arn=section.get("credentials", {}).get("role_arn", role),
    )


def _plugin(kind: str, entry: Mapping[str, Any], interval: int) -> Plugin:
    if kind == "statsd":
        entry = {**_STATSD, **entry}
    wanted = dict(_wanted(kind, each) for each in entry.get("measurement", ()))
    return Plugin(
        kind=kind,
        interval=entry.get("metrics_collection_interval", interval),
        measurements=wanted,
        dimensions=dict(entry.get("append_dimensions", {})),
        dropped=tuple(_sent(kind, wanted, each) for each in entry.get("drop_original_metrics", ())),
        settings=dict(entry),
    )


def _wanted(kind: str, entry: str | Mapping[str, str]) -> tuple[str, tuple[str, str]]:
    """A measurement, and the name and unit under which it is sent."""
    told = {"name": entry} if isinstance(entry, str) else entry
    name = told["name"].removeprefix(f"{kind}_")
    full = f"{kind}_lookup_{name}" if name == "pid_count" else f"{kind}_{name}"
    return name, (told.get("rename", full), told.get("unit", MEASUREMENTS[kind][name]))


def _sent(kind: str, wanted: Mapping[str, tuple[str, str]], name: str) -> str:
    """The name under which a metric is sent, of that or of its measurement."""
    return wanted.get(name.removeprefix(f"{kind}_"), (name, ""))[0]
