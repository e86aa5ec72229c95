"""What the agent's JSON configuration may hold.

Lives here: `problems`, which tells all that is wrong with one. Source: CloudWatch User Guide,
"Manually create or edit the CloudWatch agent configuration file", and the agent's JSON schema.
"""

from __future__ import annotations

import codecs
from typing import Any

from awsmon.agent.catalogue import MEASUREMENTS
from awsmon.agent.checks import (
    Check,
    Problems,
    any_of,
    listed,
    mapping,
    not_built,
    one_of,
    pattern,
    section,
    text,
    whole,
    yes_no,
)
from awsmon.agent.timestamps import DIRECTIVES, Format
from awsmon.core.units import UNITS
from awsmon.logs.model import RETENTION_DAYS

__all__ = ["APPENDED", "encoding", "problems"]

APPENDED = {name: f"${{aws:{name}}}" for name in
            ("ImageId", "InstanceId", "InstanceType", "AutoScalingGroupName")}  # fmt: skip
"""The only dimensions that ``append_dimensions`` may add to all metrics, and their only values."""

_seconds, _seconds_or_none = whole(1, 172800), whole(0, 172800)
_role = section({"role_arn": text(2048, 20)})
_names = {"service.name": text(255), "deployment.environment": text(259)}
_no_names = dict.fromkeys(_names, not_built("entities of metrics"))
_dimensions = mapping(text(1024))


def problems(configuration: Any) -> Problems:
    """All that is wrong with a configuration: where, and what; nothing if it is valid."""
    found: Problems = []
    _whole(configuration, "", found)
    return found


# -- metrics ---------------------------------------------------------------------------------------


def _measurement(plugin: str) -> Check:
    known = MEASUREMENTS[plugin]

    def named(value: Any, path: str, found: Problems) -> None:
        if not isinstance(value, str):
            text(255)(value, path, found)
        elif value.removeprefix(f"{plugin}_") not in known:
            one_of(known)(value, path, found)

    written = section(
        {"name": named, "rename": text(255), "unit": one_of(sorted(UNITS))}, needs=("name",)
    )
    return listed(any_of(named, written), unique=True)


def _plugin(plugin: str, needs: tuple[str, ...] = ("measurement",), **more: Check) -> Check:
    return section(
        {
            "measurement": _measurement(plugin),
            "metrics_collection_interval": _seconds,
            "append_dimensions": _dimensions,
            "drop_original_metrics": listed(text(255), least=1, unique=True),
            **more,
            **_no_names,
        },
        needs=needs,
    )


def _cpu(value: Any, path: str, found: Problems) -> None:
    _plugin("cpu", resources=listed(one_of(["*"]), most=1), totalcpu=yes_no)(value, path, found)
    if isinstance(value, dict) and value.get("totalcpu") is False and not value.get("resources"):
        found.append((path, 'nothing is measured: totalcpu true or resources ["*"] is needed'))


def _appended(value: Any, path: str, found: Problems) -> None:
    section({name: one_of([only]) for name, only in APPENDED.items()})(value, path, found)


_resources = listed(text(), most=256)
_PROCSTAT = section(
    {
        "pid_file": text(255), "exe": pattern, "pattern": pattern,
        "measurement": _measurement("procstat"), "metrics_collection_interval": _seconds,
        "append_dimensions": _dimensions, "drop_original_metrics": listed(text(255), least=1),
        **_no_names,
    },
    needs=("measurement",),
    one=("pid_file", "exe", "pattern"),
)  # fmt: skip
_STATSD = section({
    "service_address": text(255), "metrics_collection_interval": _seconds,
    "metrics_aggregation_interval": _seconds_or_none, "allowed_pending_messages": whole(1, 2**31-1),
    "metric_separator": text(255), "drop_original_metrics": listed(text(255), least=1),
    **_no_names,
})  # fmt: skip
_LACKING = ("collectd", "ethtool", "nvidia_gpu", "nvidia_smi", "jmx", "otlp", "prometheus", "efa")
_WINDOWS = ("Processor", "LogicalDisk", "PhysicalDisk", "Memory", "Paging File", "System", "TCPv4",
            "TCPv6", "UDPv4", "UDPv6", "Network Interface")  # fmt: skip
_COLLECTED: dict[str, Check] = {
    "cpu": _cpu,
    "disk": _plugin("disk", resources=_resources, drop_device=yes_no,
                    ignore_file_system_types=listed(text(), most=256)),
    "diskio": _plugin("diskio", resources=_resources),
    "mem": _plugin("mem"),
    "net": _plugin("net", resources=_resources),
    "netstat": _plugin("netstat"),
    "processes": _plugin("processes"),
    "swap": _plugin("swap"),
    "procstat": listed(_PROCSTAT, least=1, most=255),
    "statsd": _STATSD,
    **{name: not_built(f"the plugin {name}") for name in _LACKING},
    **{name: not_built("Windows' counters") for name in _WINDOWS},
}  # fmt: skip
_METRICS = section(
    {
        "namespace": text(255), "append_dimensions": _appended,
        "aggregation_dimensions": listed(listed(text(1024), most=30, unique=True), least=1,
                                         most=1024, unique=True),
        "metrics_collected": section(_COLLECTED), "force_flush_interval": _seconds,
        "credentials": _role,
        "endpoint_override": not_built("there are no endpoints but awsmon's"),
        "metrics_destinations": not_built("destinations besides CloudWatch"),
        **_no_names,
    },
    needs=("metrics_collected",),
)  # fmt: skip


# -- logs ------------------------------------------------------------------------------------------


def _timestamp(value: Any, path: str, found: Problems) -> None:
    before = len(found)
    text()(value, path, found)
    if len(found) == before and (unknown := Format.unknown(value)):
        found.append(
            (path, f"{', '.join(unknown)} means nothing; there are {' '.join(DIRECTIVES)}")
        )


def encoding(value: Any, path: str, found: Problems) -> None:
    """The name of an encoding, as Python knows it."""
    before = len(found)
    text()(value, path, found)
    if len(found) == before:
        try:
            codecs.lookup(value)
        except LookupError:
            found.append((path, f"there is no encoding {value!r}"))


def _start(value: Any, path: str, found: Problems) -> None:
    if value != "{timestamp_format}":
        pattern(value, path, found)


_FILE = section(
    {
        "file_path": text(), "log_group_name": text(512), "log_stream_name": text(512),
        "log_group_class": one_of(["STANDARD", "INFREQUENT_ACCESS"]),
        "retention_in_days": one_of((-1, *RETENTION_DAYS)), "timestamp_format": _timestamp,
        "timezone": one_of(["UTC", "Local", "LOCAL"]), "trim_timestamp": yes_no,
        "multi_line_start_pattern": _start, "encoding": encoding, "auto_removal": yes_no,
        "blacklist": pattern, "publish_multi_logs": yes_no,
        "filters": listed(section({"type": one_of(["include", "exclude"]), "expression": pattern},
                                  needs=("type", "expression"))),
        "backpressure_mode": one_of(["fd_release"]), **_names,
    },
    needs=("file_path",),
)  # fmt: skip
_FILE_LIST = listed(_FILE, least=1, unique=True)
_LOGS = section(
    {
        "logs_collected": section({
            "files": section({"collect_list": _FILE_LIST}, needs=("collect_list",)),
            "windows_events": not_built("Windows' event logs"),
            "application_signals": not_built("Application Signals"),
        }),
        "metrics_collected": section({
            name: not_built(f"the plugin {name} of logs")
            for name in ("emf", "prometheus", "kubernetes", "ecs", "application_signals", "otlp")
        }),
        "log_stream_name": text(512), "force_flush_interval": _seconds, "credentials": _role,
        "endpoint_override": not_built("there are no endpoints but awsmon's"),
        "concurrency": whole(1, 2**31 - 1), **_names,
    },
    needs=("logs_collected",),
)  # fmt: skip

_AGENT = section({
    "metrics_collection_interval": _seconds, "region": text(64), "credentials": _role,
    "debug": yes_no, "quiet": yes_no, "aws_sdk_log_level": text(), "logfile": text(least=0),
    "omit_hostname": yes_no, "run_as_user": text(), "user_agent": text(), "internal": yes_no,
    "use_dualstack_endpoint": yes_no, **_names,
})  # fmt: skip
_whole = section({
    "agent": _AGENT, "metrics": _METRICS, "logs": _LOGS,
    "traces": not_built("traces"), "opentelemetry": not_built("OpenTelemetry"),
})  # fmt: skip
