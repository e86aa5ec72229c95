"""VPC flow logs: packets, gathered into records.

Lives here: `FlowLogs`, `FlowLog`. What a record can tell, and how it is written, is
`flow_records.py`'s. Source: VPC User Guide, "Logging IP traffic using VPC Flow Logs".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.core.clock import EPOCH, Call
from awsmon.core.errors import MisuseError
from awsmon.core.service import direct
from awsmon.sources.flow_records import (
    Flow,
    Window,
    checked_fields,
    described,
    flags_value,
    protocol_number,
    record,
)
from awsmon.sources.source import Source, epoch_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from awsmon.core.backend import Backend
    from awsmon.core.clock import Timer
    from awsmon.core.scope import Scope
    from awsmon.sources.source import LogWriter

__all__ = ["FlowLog", "FlowLogs"]

_INTERVALS = (60, 600)
_TRAFFIC = ("ALL", "ACCEPT", "REJECT")


@dataclass(slots=True, eq=False)
class FlowLog:
    """A flow log of one network interface.

    Attributes:
        interface: the id of the network interface.
        group: the log group.
        fields: of each record, by AWS's names, in their order.
        interval: the aggregation interval in seconds.
        traffic: ``ALL``, ``ACCEPT`` or ``REJECT``.
        about: what is known of the interface, by AWS's names of the fields.
        nodata: whether idle intervals are told.
        start: of the current interval, in seconds since the epoch.
        flows: of the current interval, in the order in which they began.
        skipped: whether records of the current interval were skipped.
    """

    interface: str
    group: str
    fields: tuple[str, ...]
    interval: int
    traffic: str
    about: dict[str, str]
    nodata: bool
    start: int
    flows: dict[Flow, Window] = field(default_factory=dict)
    skipped: bool = False
    timer: Timer | None = None

    @property
    def stream(self) -> str:
        """As ``eni-1235b8ca123456789-all``."""
        return f"{self.interface}-{self.traffic.lower()}"


class FlowLogs(Source):
    """The flow logs here: iterable, in the order in which they were created."""

    def __init__(self, backend: Backend, scope: Scope, logs: LogWriter) -> None:
        super().__init__(backend, scope, logs)
        self._flow_logs: dict[tuple[str, str, str], FlowLog] = {}

    def __iter__(self) -> Iterator[FlowLog]:
        return iter(list(self._flow_logs.values()))

    @direct
    def create(
        self,
        /,
        interface: str,
        *,
        group: str,
        log_format: str | None = None,
        interval: int = 600,
        traffic: str = "ALL",
        nodata: bool = True,
        **about: str,
    ) -> FlowLog:
        """Let the traffic of a network interface be recorded from now on.

        Args:
            interface: its id, as ``eni-1235b8ca123456789``.
            group: the log group; the stream is the interface and the traffic, ``eni-...-all``.
            log_format: as CreateFlowLogs takes it: ``${version} ${srcaddr} ${vpc-id}``. None: the
                default format, the fields of version 2.
            interval: the aggregation interval, 60 or 600 seconds; intervals are counted from the
                epoch. What was gathered is written at its end, where AWS takes some minutes more.
            traffic: ``ALL``, ``ACCEPT`` or ``REJECT``.
            nodata: each interval without traffic has a record that says so, as with AWS. With
                intervals of a minute there is then something to do every minute, and
                `Monitoring.settle` finds no end: say False, or advance the clock.
            about: what is known of the interface, by the names of fields with ``_`` for ``-``:
                ``vpc_id="vpc-1"``, ``az_id="use1-az1"``, ``ecs_task_id=...``.

        Raises:
            MisuseError: there is no such interval, traffic or field, or such a flow log is there
                already.
        """
        if interval not in _INTERVALS or traffic not in _TRAFFIC:
            raise MisuseError(
                f"create({interface!r}, interval={interval!r}, traffic={traffic!r}): the interval "
                "is 60 or 600 seconds, the traffic ALL, ACCEPT or REJECT."
            )
        key = interface, group, traffic
        if key in self._flow_logs:
            raise MisuseError(f"create({interface!r}, group={group!r}): it is there already.")
        start = epoch_seconds(self.clock.now())
        made = FlowLog(interface, group, checked_fields(log_format), interval, traffic,
                       described(about), nodata, start)  # fmt: skip
        self._flow_logs[key] = made
        self._await_end(made)
        return made

    @direct
    def delete(self, interface: str) -> None:
        """No longer record an interface's traffic; what was gathered is still written.

        Raises:
            MisuseError: it isn't recorded.
        """
        for each in self._recording(interface):
            self.clock.cancel(each.timer)
            if each.flows or each.skipped:
                self._write(each, epoch_seconds(self.clock.now()))
            del self._flow_logs[each.interface, each.group, each.traffic]

    @direct
    def packet(
        self,
        /,
        interface: str,
        source: str,
        destination: str,
        source_port: int = 0,
        destination_port: int = 0,
        protocol: str | int = "tcp",
        *,
        bytes: int,
        packets: int = 1,
        action: str = "ACCEPT",
        flags: str = "",
        **about: str | int,
    ) -> None:
        """Packets that passed a network interface now, or were kept from passing.

        Args:
            interface: its id.
            source: an IPv4 or IPv6 address, as `destination`.
            destination: an address.
            source_port: 0 for protocols without ports, as `destination_port`.
            destination_port: a port.
            protocol: IANA's number, or one of ``tcp``, ``udp``, ``icmp``, ``icmpv6``, ``gre``,
                ``esp``, ``sctp``.
            bytes: of all of them.
            packets: how many.
            action: ``ACCEPT`` or ``REJECT``.
            flags: of TCP: ``"SYN"``, ``"SYN ACK"``.
            about: other fields of the record, with ``_`` for ``-``: ``flow_direction="egress"``,
                ``traffic_path=8``, ``pkt_dstaddr="203.0.113.5"``, ``pkt_dst_aws_service="S3"``,
                ``reject_reason="BPA"``.

        Raises:
            MisuseError: no flow log records the interface, or something isn't as above.
        """
        recording = self._recording(interface)
        if action not in ("ACCEPT", "REJECT"):
            raise MisuseError(f"action={action!r}: ACCEPT or REJECT.")
        flow = Flow(source, destination, source_port, destination_port, protocol_number(protocol),
                    action, tuple(sorted(described(about).items())))  # fmt: skip
        seen, bits = epoch_seconds(self.clock.now()), flags_value(flags)
        for each in recording:
            if each.traffic in ("ALL", action):
                window = each.flows.setdefault(flow, Window(seen, seen))
                window.add(seen, packets, bytes, bits)
                self._await_end(each)

    @direct
    def skip(self, interface: str) -> None:
        """Records of the current interval are lost: at its end there is one ``SKIPDATA``.

        Raises:
            MisuseError: no flow log records the interface.
        """
        for each in self._recording(interface):
            each.skipped = True
            self._await_end(each)

    def window_ended(self, key: tuple[str, str, str]) -> None:
        """A timer's verb: write what was gathered, or that there was nothing."""
        flow_log = self._flow_logs[key]
        flow_log.timer = None
        self._write(flow_log, epoch_seconds(self.clock.now()))
        self._await_end(flow_log)

    def _recording(self, interface: str) -> list[FlowLog]:
        found = [each for each in self if each.interface == interface]
        if not found:
            raise MisuseError(
                f"No flow log records {interface!r}: flow_logs.create(...) one first."
            )
        return found

    def _await_end(self, flow_log: FlowLog) -> None:
        """Set the timer of the interval's end; only one that has something to tell is awaited."""
        idle = not (flow_log.flows or flow_log.skipped)
        if idle and not flow_log.nodata:
            return
        if flow_log.timer is not None:
            if flow_log.timer.recurs == idle:
                return
            self.clock.cancel(flow_log.timer)
        begun = epoch_seconds(self.clock.now()) // flow_log.interval * flow_log.interval
        flow_log.start = max(flow_log.start, begun)
        key = flow_log.interface, flow_log.group, flow_log.traffic
        flow_log.timer = self.clock.set(
            EPOCH + timedelta(seconds=begun + flow_log.interval),
            Call("sources.flow_logs", "window_ended", key),
            scope=self.scope,
            recurs=idle,
        )

    def _write(self, flow_log: FlowLog, end: int) -> None:
        flows, start = flow_log.flows, flow_log.start
        place = {"account-id": self.scope.account, "interface-id": flow_log.interface,
                 "region": self.scope.region, **flow_log.about}  # fmt: skip
        status = "SKIPDATA" if flow_log.skipped else None if flows else "NODATA"
        records: list[tuple[datetime, str]] = [
            (EPOCH + timedelta(seconds=window.start),
             record(flow_log.fields, {**place, **flow.values(), **window.values()}))
            for flow, window in flows.items()
        ]  # fmt: skip
        if status:
            nothing = {**place, "start": str(start), "end": str(end), "log-status": status}
            at = EPOCH + timedelta(seconds=start)
            records.append((at, record(flow_log.fields, nothing)))
        flow_log.flows, flow_log.skipped, flow_log.start = {}, False, end
        self.logs.put(flow_log.group, flow_log.stream, records)
