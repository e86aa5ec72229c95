"""Processes: all of them, and some in detail.

Lives here: `Processes`, `Procstat`. Source: CloudWatch User Guide, "Metrics collected by the
CloudWatch agent" and "Collect process metrics with the procstat plugin".
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from awsmon.agent.catalogue import RLIMITS
from awsmon.agent.plugins.plugin import Sample, psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Processes", "Procstat"]

_STATUS = {"blocked": "disk-sleep", "dead": "dead", "paging": "waking", "running": "running",
           "sleeping": "sleeping", "stopped": "stopped", "zombies": "zombie"}  # fmt: skip
_RESOURCES = dict(zip(RLIMITS, ("CPU", "LOCKS", "DATA", "MEMLOCK", "RSS", "STACK", "AS", "NICE",
                                "NOFILE", "RTPRIO", "SIGPENDING"), strict=True))  # fmt: skip
_KEPT_IN_STATUS = {"memory_data": "VmData", "memory_locked": "VmLck", "memory_stack": "VmStk",
                   "memory_swap": "VmSwap"}  # fmt: skip
_ENDLESS = 2.0**64 - 1
_REALTIME_PRIORITY = 37  # of the fields of /proc/<pid>/stat after the name


class Processes:
    """How many processes are in which state. ``idle`` and ``wait`` are FreeBSD's."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        del settings

    def samples(self) -> Iterator[Sample]:
        """Of all processes."""
        found = [each.info for each in psutil().process_iter(["status", "num_threads"])]
        states = Counter(each["status"] for each in found)
        for name, status in _STATUS.items():
            yield Sample(
                name, states[status] + (states["tracing-stop"] if name == "stopped" else 0)
            )
        yield Sample("total", len(found))
        yield Sample("total_threads", sum(each["num_threads"] or 0 for each in found))

    def close(self) -> None:
        """Nothing to let go."""


class Procstat:
    """Some processes in detail: by a file with the id, by name, or by command line."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        kind = next(each for each in ("pid_file", "exe", "pattern") if each in settings)
        self._kind, self._wanted = kind, settings[kind]
        self._dimensions = {"pidfile" if kind == "pid_file" else kind: self._wanted}
        self._known: dict[int, Any] = {}
        list(self.samples())  # of shares of the processor, those from now on

    def samples(self) -> Iterator[Sample]:
        """Of each process that is found, and how many there are."""
        library, ours = psutil(), {}
        for process in self._found():
            ours[process.pid] = known = self._known.get(process.pid, process)
            dimensions = {**self._dimensions, "process_name": process.name()}
            for name, measure in _MEASURES.items():
                try:
                    value = measure(known)
                except (library.Error, AttributeError, OSError, LookupError):
                    continue  # it has gone, it isn't ours to see, or the system doesn't tell
                yield Sample(name, value, dimensions)
        self._known = ours
        finder = {**self._dimensions, "pid_finder": "native"}
        yield Sample("pid_count", len(ours), finder)

    def close(self) -> None:
        """Nothing to let go."""

    def _found(self) -> Iterator[Any]:
        if self._kind == "pid_file":
            yield from self._of_file()
            return
        for process in psutil().process_iter(["name", "cmdline"]):
            name = process.info["name"] or ""
            told = name if self._kind == "exe" else " ".join(process.info["cmdline"] or ())
            if re.search(self._wanted, told):
                yield process

    def _of_file(self) -> Iterator[Any]:
        try:
            with open(self._wanted) as file:
                yield psutil().Process(int(file.read().strip()))
        except (OSError, ValueError, psutil().NoSuchProcess):
            return


def _status(process: Any, name: str) -> float:
    """A line of /proc/<pid>/status, in bytes where it is in kilobytes."""
    with open(f"/proc/{process.pid}/status") as file:
        found = next(line for line in file if line.startswith(f"{name}:")).split()
    number = found[1].partition("/")[0]
    return float(number) * (1024 if found[-1] == "kB" else 1)


def _realtime_priority(process: Any) -> float:
    with open(f"/proc/{process.pid}/stat") as file:
        return float(file.read().rpartition(")")[2].split()[_REALTIME_PRIORITY])


def _limit(resource: str, at: int) -> Callable[[Any], float]:
    def measure(process: Any) -> float:
        found = float(process.rlimit(getattr(psutil(), f"RLIMIT_{resource}"))[at])
        return _ENDLESS if found < 0 else found

    return measure


def _kept(name: str) -> Callable[[Any], float]:
    return lambda process: _status(process, name)


_MEASURES: dict[str, Callable[[Any], float]] = {
    "cpu_time": lambda it: round(100 * sum(it.cpu_times()[:2]), 2),
    "cpu_time_system": lambda it: round(100 * it.cpu_times().system, 2),
    "cpu_time_user": lambda it: round(100 * it.cpu_times().user, 2),
    "cpu_usage": lambda it: it.cpu_percent(),
    "memory_rss": lambda it: it.memory_info().rss,
    "memory_vms": lambda it: it.memory_info().vms,
    **{name: _kept(line) for name, line in _KEPT_IN_STATUS.items()},
    "num_fds": lambda it: it.num_fds(),
    "num_threads": lambda it: it.num_threads(),
    "pid": lambda it: it.pid,
    "read_bytes": lambda it: it.io_counters().read_bytes,
    "write_bytes": lambda it: it.io_counters().write_bytes,
    "read_count": lambda it: it.io_counters().read_count,
    "write_count": lambda it: it.io_counters().write_count,
    "voluntary_context_switches": lambda it: it.num_ctx_switches().voluntary,
    "involuntary_context_switches": lambda it: it.num_ctx_switches().involuntary,
    "nice_priority": lambda it: it.nice(),
    "realtime_priority": _realtime_priority,
    "signals_pending": _kept("SigQ"),
    **{f"rlimit_{name}_{kind}": _limit(resource, at) for name, resource in _RESOURCES.items()
       for at, kind in enumerate(("soft", "hard"))},
}  # fmt: skip
