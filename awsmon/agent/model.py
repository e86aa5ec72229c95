"""What the agent does, as it was told: files to tail, plugins to run.

Lives here: `Plan` and its parts, plain data with all defaults filled in. Reading a configuration
into a plan is `configuration.py`'s, and the old agent's `old_configuration.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from awsmon.agent.timestamps import Format

__all__ = ["LogFile", "LogsPlan", "MetricsPlan", "Plan", "Plugin"]


@dataclass(frozen=True, kw_only=True)
class LogFile:
    """Files to tail as one log.

    Attributes:
        path: of the files, with ``*``, ``?`` and ``**``.
        group: of logs; placeholders are filled in.
        stream: likewise.
        group_class: ``STANDARD`` or ``INFREQUENT_ACCESS``.
        retention: in days; None: as it is.
        timestamps: how lines are stamped; None: they have the time at which they are read.
        trims: whether the timestamp is taken out of the message.
        starts: what the first line of an event looks like.
        encoding: of the files.
        filters: of each, whether what it finds is kept, and its pattern.
        removes: whether a file is deleted once it was read and another has come.
        excluded: names of files that the path means, but that aren't read.
        every: whether all files that the path means are tailed, and not the newest alone.
        from_start: whether what is in a file at first is read.
        entity: what the events are told to be about, ``service.name`` and the like.
        interval: seconds between sendings.
        most_events: of a batch.
        most_bytes: of a batch.
    """

    path: str
    group: str
    stream: str
    group_class: str = "STANDARD"
    retention: int | None = None
    timestamps: Format | None = None
    trims: bool = False
    starts: re.Pattern[str]
    encoding: str = "utf-8"
    filters: tuple[tuple[bool, re.Pattern[str]], ...] = ()
    removes: bool = False
    excluded: re.Pattern[str] | None = None
    every: bool = False
    from_start: bool = True
    entity: Mapping[str, str] = field(default_factory=dict)
    interval: float = 5
    most_events: int = 10_000
    most_bytes: int = 1_048_576


@dataclass(frozen=True, kw_only=True)
class LogsPlan:
    """What is sent to CloudWatch Logs.

    Attributes:
        files: in the order of the configuration.
        role_arn: a role to take on for it; None: as the agent itself.
    """

    files: tuple[LogFile, ...] = ()
    role_arn: str | None = None


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """Something that is measured.

    Attributes:
        kind: as ``cpu``.
        interval: seconds between measurements.
        measurements: wanted, to the name and the unit under which they are sent.
        dimensions: added to each.
        dropped: names of metrics that are sent aggregated only.
        settings: the plugin's own, by their names in the configuration.
    """

    kind: str
    interval: int
    measurements: dict[str, tuple[str, str]] = field(default_factory=dict)
    dimensions: dict[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MetricsPlan:
    """What is sent to CloudWatch.

    Attributes:
        plugins: in the order of the configuration.
        namespace: of all metrics.
        interval: seconds between sendings.
        appended: dimensions of the instance that each metric gets.
        aggregations: sets of dimensions by which metrics are sent once more.
        role_arn: a role to take on for it; None: as the agent itself.
    """

    plugins: tuple[Plugin, ...]
    namespace: str = "CWAgent"
    interval: float = 60
    appended: tuple[str, ...] = ()
    aggregations: tuple[tuple[str, ...], ...] = ()
    role_arn: str | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that the agent does.

    Attributes:
        region: where to; None: the instance's.
        omits_hostname: whether metrics have no dimension ``host``.
        state_file: where is kept how far files were read; None: nowhere.
    """

    logs: LogsPlan | None = None
    metrics: MetricsPlan | None = None
    region: str | None = None
    omits_hostname: bool = False
    state_file: str | None = None
