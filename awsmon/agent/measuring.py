"""From samples to datapoints: names, units, dimensions, copies by aggregation; and sending them.

Lives here: `Meter`, one for each plugin of a plan, and `Sender`. What is measured is `plugins/`'.
Source: CloudWatch User Guide, "Manually create or edit the CloudWatch agent configuration file",
metrics section; API reference, PutMetricData.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from awsmon.agent.plugins.devices import Disk, DiskIo, Net, Netstat
from awsmon.agent.plugins.processes import Processes, Procstat
from awsmon.agent.plugins.statsd import StatsD
from awsmon.agent.plugins.system import Cpu, Memory, Swap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from awsmon.agent.host import Host
    from awsmon.agent.model import MetricsPlan, Plan, Plugin
    from awsmon.agent.plugins.plugin import Sample, Source

    Datum = dict[str, Any]

__all__ = ["Meter", "Sender", "source"]

_SOURCES: dict[str, Callable[[Mapping[str, Any]], Source]] = {
    "cpu": Cpu, "mem": Memory, "swap": Swap, "disk": Disk, "diskio": DiskIo, "net": Net,
    "netstat": Netstat, "processes": Processes, "procstat": Procstat,
}  # fmt: skip
_MINUTE = 60
_MOST = 1000  # datapoints of a PutMetricData, and
_MOST_VALUES = 150  # values of each


def source(plugin: Plugin, tell: Callable[[str], None]) -> Source:
    """What a plugin measures with, from now on."""
    if plugin.kind == "statsd":
        return StatsD(plugin.settings, tell)
    return _SOURCES[plugin.kind](plugin.settings)


def common_dimensions(plan: Plan, host: Host) -> dict[str, str]:
    """The dimensions that all metrics of a plan get: the instance's, or else the host's name."""
    appended = plan.metrics.appended if plan.metrics else ()
    if appended:
        return {name: host.about[name] for name in appended if name in host.about}
    return {} if plan.omits_hostname else {"host": host.local_hostname}


class Meter:
    """A plugin of a plan at work.

    Args:
        plugin: what is wanted.
        source: what measures it.
        common: dimensions that all metrics get.
        aggregations: sets of dimensions by which metrics are sent once more.
        tell: takes what cannot be measured, in words.
    """

    def __init__(
        self, plugin: Plugin, source: Source, common: Mapping[str, str],
        aggregations: tuple[tuple[str, ...], ...], tell: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._plugin = plugin
        self._source = source
        self._common = common
        self._aggregations = aggregations
        self._tell = tell
        self._told: set[str] = set()
        self._gathered: dict[Any, tuple[Datum, dict[float, float]]] = {}

    def close(self) -> None:
        """Measure no more."""
        self._source.close()

    def data(self, now: datetime) -> Iterator[Datum]:
        """Measure, and give what is to be sent."""
        missing = dict(self._plugin.measurements)
        for sample in self._source.samples():
            name, unit = self._called(sample)
            missing.pop(sample.measurement, None)
            if name:
                yield from self._copies(name, unit, sample, now)
        for name in sorted(set(missing) - self._told):
            self._told.add(name)
            self._tell(f"{self._plugin.kind}: nothing tells {name} on this machine")

    def _called(self, sample: Sample) -> tuple[str, str]:
        """The name and unit of a sample; none where it isn't wanted."""
        if self._plugin.kind == "statsd":
            return sample.measurement, "None"
        return self._plugin.measurements.get(sample.measurement, ("", ""))

    def _copies(self, name: str, unit: str, sample: Sample, now: datetime) -> Iterator[Datum]:
        """The datapoint as it is, unless that is dropped, and by each set of dimensions it has."""
        dimensions = {**self._common, **sample.dimensions, **self._plugin.dimensions}
        sets = [] if name in self._plugin.dropped else [dimensions]
        for wanted in self._aggregations:
            if set(wanted) <= set(dimensions):
                fewer = {each: dimensions[each] for each in wanted}
                if fewer not in sets:
                    sets.append(fewer)
        for each in sets:
            yield from self._datum(name, unit, sample.value, each, now)

    def _datum(
        self, name: str, unit: str, value: float | Mapping[float, float],
        dimensions: dict[str, str], now: datetime,
    ) -> Iterator[Datum]:  # fmt: skip
        datum = {
            "MetricName": name,
            "Dimensions": [
                {"Name": key, "Value": told} for key, told in sorted(dimensions.items())
            ],
            "Timestamp": now,
            "Unit": unit,
            "StorageResolution": 1 if self._period < _MINUTE else 60,
        }
        values = {float(value): 1.0} if isinstance(value, (int, float)) else dict(value)
        if self._plugin.settings.get("metrics_aggregation_interval"):
            key = name, tuple(sorted(dimensions.items()))
            _, gathered = self._gathered.setdefault(key, (datum, defaultdict(float)))
            for each, count in values.items():
                gathered[each] += count
            return
        yield from _parts(datum, values)

    @property
    def _period(self) -> int:
        found: int = self._plugin.settings.get("metrics_aggregation_interval", 0)
        return found or self._plugin.interval

    def aggregated(self) -> Iterator[Datum]:
        """What was gathered over an interval of aggregation; it is over."""
        for datum, values in self._gathered.values():
            yield from _parts(datum, values)
        self._gathered.clear()


def _parts(datum: Datum, values: Mapping[float, float]) -> Iterator[Datum]:
    """A datapoint with its values, or several where there are too many for one."""
    if len(values) == 1 and list(values.values()) == [1.0]:
        yield {**datum, "Value": next(iter(values))}
        return
    told = list(values.items())
    for start in range(0, len(told), _MOST_VALUES):
        part = told[start : start + _MOST_VALUES]
        yield {**datum, "Values": [value for value, _ in part],
               "Counts": [count for _, count in part]}  # fmt: skip


class Sender:
    """Datapoints on their way to CloudWatch; what can't be sent waits for the next time."""

    def __init__(self, plan: MetricsPlan, client: Any, tell: Callable[[str], None]) -> None:
        self._namespace = plan.namespace
        self._client = client
        self._tell = tell
        self._waiting: list[Datum] = []

    def add(self, datum: Datum) -> None:
        """Take a datapoint; it goes with the next `send`."""
        self._waiting.append(datum)

    def send(self) -> None:
        """Send all that waits."""
        while self._waiting:
            batch = self._waiting[:_MOST]
            try:
                self._client.put_metric_data(Namespace=self._namespace, MetricData=batch)
            except (BotoCoreError, ClientError) as error:
                self._tell(f"metrics: {error}")
                if not _never(error):
                    return
            del self._waiting[: len(batch)]


def _never(error: Exception) -> bool:
    """Whether CloudWatch will never take it."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    return code.startswith(("InvalidParameter", "Validation"))
