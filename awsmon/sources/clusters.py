"""Simulated clusters of containers, and the agent that tells of them every minute.

Lives here: `Clusters` and `Cluster`. What a cluster consists of is `ecs_cluster.py`'s and
`eks_cluster.py`'s. At each full minute the agent writes what there is then to the cluster's log
group; without an agent nothing is written, and nothing costs. Source: User Guide, "Container
Insights".
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from awsmon.core.clock import EPOCH, Call
from awsmon.core.errors import MisuseError
from awsmon.sources.source import Source, epoch_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsmon.core.backend import Backend
    from awsmon.core.clock import Timer
    from awsmon.core.scope import Scope
    from awsmon.sources.source import LogWriter

__all__ = ["Cluster", "Clusters"]

C = TypeVar("C", bound="Cluster")
MODES = ("enabled", "enhanced", "disabled")


class Cluster:
    """What clusters of either kind have in common.

    Attributes:
        name: of the cluster.
        group: the log group of its performance events.
        kind: ``ecs`` or ``eks``.
        insights: ``enabled``, ``enhanced`` or ``disabled``.
        agent: whether the agent runs.
    """

    kind = ""
    retention: int | None = None  # days, of a group that the agent makes

    def __init__(self, home: Clusters, name: str, insights: str, *, agent: bool) -> None:
        _check(insights)
        self.home, self.name, self.insights, self.agent = home, name, insights, agent
        self.timer: Timer | None = None

    @property
    def group(self) -> str:  # noqa: D102 above
        raise NotImplementedError

    @property
    def enhanced(self) -> bool:
        """Whether it has enhanced observability."""
        return self.insights == "enhanced"

    def configure(self, *, insights: str | None = None, agent: bool | None = None) -> None:
        """Turn Container Insights or the agent on or off; None leaves it as it is.

        Raises:
            MisuseError: *insights* isn't ``enabled``, ``enhanced`` or ``disabled``.
        """
        with self.home.door:
            if insights is not None:
                _check(insights)
                self.insights = insights
            if agent is not None:
                self.agent = agent
            self.home.await_minute(self)

    def events(self, milliseconds: int) -> Iterable[tuple[str, dict[str, Any]]]:
        """What the agent tells now, each with its log stream."""
        raise NotImplementedError


def _check(insights: str) -> None:
    if insights not in MODES:
        raise MisuseError(f"insights={insights!r}: expected one of {', '.join(MODES)}.")


class Clusters(Source):
    """The clusters of one account and region."""

    def __init__(self, backend: Backend, scope: Scope, logs: LogWriter) -> None:
        super().__init__(backend, scope, logs)
        self._clusters: dict[tuple[str, str], Cluster] = {}

    def add(self, cluster: C) -> C:
        """Keep a new cluster.

        Raises:
            MisuseError: there is one of that name.
        """
        key = cluster.kind, cluster.name
        if key in self._clusters:
            raise MisuseError(f"{cluster.kind}_cluster({cluster.name!r}): it is there already.")
        self._clusters[key] = cluster
        self.await_minute(cluster)
        return cluster

    def await_minute(self, cluster: Cluster) -> None:
        """Set the timer of the next minute if there will be something to tell, or take it away."""
        if cluster.timer is not None:
            self.clock.cancel(cluster.timer)
            cluster.timer = None
        if cluster.agent and cluster.insights != "disabled":
            minute = epoch_seconds(self.clock.now()) // 60 + 1
            cluster.timer = self.clock.set(
                EPOCH + timedelta(minutes=minute),
                Call("sources.clusters", "minute_began", (cluster.kind, cluster.name)),
                scope=self.scope, recurs=True,
            )  # fmt: skip

    def minute_began(self, key: tuple[str, str]) -> None:
        """A timer's verb: the agent tells what there is."""
        cluster = self._clusters[key]
        cluster.timer = None
        now = self.clock.now()
        streams: dict[str, list[tuple[Any, str]]] = {}
        for stream, event in cluster.events(epoch_seconds(now) * 1000):
            streams.setdefault(stream, []).append((now, json.dumps(event)))
        new = cluster.group not in self.logs
        for stream, events in streams.items():
            self.logs.put(cluster.group, stream, events)
        if streams and new and cluster.retention is not None:
            self.logs.set_retention(cluster.group, cluster.retention)
        self.await_minute(cluster)
