"""File systems, disks, network interfaces, connections.

Lives here: `Disk`, `DiskIo`, `Net`, `Netstat`. Counters are told as what came since the last
measurement. Source: CloudWatch User Guide, "Metrics collected by the CloudWatch agent".
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

from awsmon.agent.plugins.plugin import Differences, Sample, psutil

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = ["Disk", "DiskIo", "Net", "Netstat"]

_DISK_COUNTERS = {"reads": "read_count", "writes": "write_count", "read_bytes": "read_bytes",
                  "write_bytes": "write_bytes", "read_time": "read_time",
                  "write_time": "write_time", "io_time": "busy_time"}  # fmt: skip
_NET_COUNTERS = {"bytes_sent": "bytes_sent", "bytes_recv": "bytes_recv", "drop_in": "dropin",
                 "drop_out": "dropout", "err_in": "errin", "err_out": "errout",
                 "packets_sent": "packets_sent", "packets_recv": "packets_recv"}  # fmt: skip
_STATES = {"close": "CLOSE", "close_wait": "CLOSE_WAIT", "closing": "CLOSING",
           "established": "ESTABLISHED", "fin_wait1": "FIN_WAIT1", "fin_wait2": "FIN_WAIT2",
           "last_ack": "LAST_ACK", "listen": "LISTEN", "none": "NONE", "syn_recv": "SYN_RECV",
           "syn_sent": "SYN_SENT", "time_wait": "TIME_WAIT"}  # fmt: skip


class _Of:
    """Things of which some are wanted, by name.

    Args:
        settings: of which ``resources`` names them; ``*`` and nothing mean all.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        wanted = settings.get("resources", ())
        self._wanted: Collection[str] | None = None if "*" in wanted or not wanted else set(wanted)
        self._differences = Differences()

    def _is_wanted(self, name: str) -> bool:
        return self._wanted is None or name in self._wanted

    def close(self) -> None:
        """Nothing to let go."""


class Disk(_Of):
    """File systems that have a size, by where they are mounted."""

    def samples(self) -> Iterator[Sample]:
        """Of each."""
        ignored = self._settings.get("ignore_file_system_types", ())
        for found in psutil().disk_partitions(all=True):
            if self._is_wanted(found.mountpoint) and found.fstype not in ignored:
                dimensions = {"path": found.mountpoint, "fstype": found.fstype}
                if not self._settings.get("drop_device", False):
                    dimensions["device"] = found.device.removeprefix("/dev/")
                yield from _file_system(found.mountpoint, dimensions)


def _file_system(path: str, dimensions: Mapping[str, str]) -> Iterator[Sample]:
    try:
        usage = psutil().disk_usage(path)
        nodes = os.statvfs(path)
    except OSError:  # it isn't there any more, or not ours to see
        return
    if not usage.total:
        return
    for name in ("free", "total", "used"):
        yield Sample(name, getattr(usage, name), dimensions)
    yield Sample("used_percent", usage.percent, dimensions)
    yield Sample("inodes_free", nodes.f_ffree, dimensions)
    yield Sample("inodes_total", nodes.f_files, dimensions)
    yield Sample("inodes_used", nodes.f_files - nodes.f_ffree, dimensions)


class DiskIo(_Of):
    """Disks and their partitions, by device."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        list(self.samples())  # from now on

    def samples(self) -> Iterator[Sample]:
        """Of each."""
        under_way = _under_way()
        found = psutil().disk_io_counters(perdisk=True, nowrap=False) or {}
        for device in filter(self._is_wanted, found):
            dimensions = {"name": device}
            for name, counter in _DISK_COUNTERS.items():
                if (value := getattr(found[device], counter, None)) is not None:
                    since = self._differences.since((device, name), value)
                    yield Sample(name, since, dimensions)
            if device in under_way:
                yield Sample("iops_in_progress", under_way[device], dimensions)


def _under_way() -> dict[str, int]:
    """Requests of each device that are being worked on; Linux tells."""
    try:
        with open("/proc/diskstats") as file:
            rows = [line.split() for line in file]
    except OSError:
        return {}
    return {row[2]: int(row[11]) for row in rows if len(row) > 11}


class Net(_Of):
    """Network interfaces; without ``resources``, those that lead elsewhere."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        list(self.samples())  # from now on

    def samples(self) -> Iterator[Sample]:
        """Of each."""
        found = psutil().net_io_counters(pernic=True, nowrap=False)
        for name in filter(self._is_wanted, found):
            if name.startswith("lo") and not self._settings.get("resources"):
                continue
            for measurement, counter in _NET_COUNTERS.items():
                value = getattr(found[name], counter)
                since = self._differences.since((name, measurement), value)
                yield Sample(measurement, since, {"interface": name})


class Netstat(_Of):
    """Connections of TCP by state, sockets of UDP."""

    def samples(self) -> Iterator[Sample]:
        """How many of each."""
        library = psutil()
        tcp = Counter(each.status for each in library.net_connections("tcp"))
        for name, state in _STATES.items():
            yield Sample(f"tcp_{name}", tcp[getattr(library, f"CONN_{state}")])
        yield Sample("udp_socket", len(library.net_connections("udp")))
