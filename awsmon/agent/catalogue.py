"""Which metrics the agent knows, in which units.

Lives here: the table, by plugin and measurement. How they are measured is `plugins/`'.
Source: CloudWatch User Guide, "Metrics collected by the CloudWatch agent".
"""

from __future__ import annotations

__all__ = ["CPU_STATES", "MEASUREMENTS", "RLIMITS"]

CPU_STATES = ("active", "guest", "guest_nice", "idle", "iowait", "irq", "nice", "softirq", "steal",
              "system", "user")  # fmt: skip
RLIMITS = (
    "cpu_time",
    "file_locks",
    "memory_data",
    "memory_locked",
    "memory_rss",
    "memory_stack",
    "memory_vms",
    "nice_priority",
    "num_fds",
    "realtime_priority",
    "signals_pending",
)
"""Limits of processes, each soft and hard."""
_TCP = ("close", "close_wait", "closing", "established", "fin_wait1", "fin_wait2", "last_ack",
        "listen", "none", "syn_recv", "syn_sent", "time_wait")  # fmt: skip
_PROCESSES = ("blocked", "dead", "idle", "paging", "running", "sleeping", "stopped", "total",
              "total_threads", "wait", "zombies")  # fmt: skip


def _in(unit: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, unit)


MEASUREMENTS: dict[str, dict[str, str]] = {
    "cpu": {
        **_in("Percent", *(f"usage_{state}" for state in CPU_STATES)),
        **_in("None", *(f"time_{state}" for state in CPU_STATES)),
    },
    "disk": {
        **_in("Bytes", "free", "total", "used"),
        **_in("Percent", "used_percent"),
        **_in("Count", "inodes_free", "inodes_used", "inodes_total"),
    },
    "diskio": {
        **_in("Count", "reads", "writes", "iops_in_progress"),
        **_in("Bytes", "read_bytes", "write_bytes"),
        **_in("Milliseconds", "read_time", "write_time", "io_time"),
    },
    "mem": {
        **_in("Bytes", "active", "available", "buffered", "cached", "free", "inactive", "total",
              "used"),
        **_in("Percent", "available_percent", "used_percent"),
    },
    "net": {
        **_in("Bytes", "bytes_sent", "bytes_recv"),
        **_in("Count", "drop_in", "drop_out", "err_in", "err_out", "packets_sent", "packets_recv"),
    },
    "netstat": _in("Count", *(f"tcp_{state}" for state in _TCP), "udp_socket"),
    "processes": _in("Count", *_PROCESSES),
    "swap": {**_in("Bytes", "free", "used"), **_in("Percent", "used_percent")},
    "procstat": {
        **_in("None", "cpu_time", "cpu_time_system", "cpu_time_user"),
        **_in("Percent", "cpu_usage"),
        **_in("Bytes", "memory_data", "memory_locked", "memory_rss", "memory_stack", "memory_swap",
              "memory_vms", "read_bytes", "write_bytes"),
        **_in("None", "involuntary_context_switches", "nice_priority", "num_fds", "num_threads",
              "pid", "pid_count", "read_count", "realtime_priority", "signals_pending",
              "voluntary_context_switches", "write_count"),
        **_in("None", *(f"rlimit_{limit}_hard" for limit in RLIMITS)),
        **_in("None", *(f"rlimit_{limit}_soft" for limit in RLIMITS)),
    },
}  # fmt: skip
"""Of each plugin, the measurements and the unit of each."""
