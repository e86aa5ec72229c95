"""A simulated cluster of Amazon ECS: services, tasks, container instances, and what they use.

Lives here: `EcsCluster` and its parts. What the agent says of them is `ecs_performance.py`'s.
Sources: User Guide, "Amazon ECS Container Insights metrics", "... with enhanced observability".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import MisuseError
from awsmon.sources.clusters import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsmon.sources.clusters import Clusters

__all__ = ["EcsCluster", "Instance", "Load", "Task", "Workload"]


@dataclass(slots=True)
class Load:
    """What each task of a workload uses; `EcsCluster.load` tells the units."""

    cpu: float = 0.0
    memory_mb: float = 0.0
    network_rx: float = 0.0
    network_tx: float = 0.0
    storage_read: float = 0.0
    storage_write: float = 0.0
    ephemeral_storage_gb: float = 0.0


@dataclass(slots=True, eq=False)
class Instance:
    """A container instance on EC2."""

    id: str
    container_instance: str
    cpu: float
    memory_mb: float
    filesystem: float


@dataclass(slots=True, eq=False)
class Task:
    """A task that runs.

    Attributes:
        started: milliseconds since the epoch.
        restarts: of each container that was restarted, how often.
    """

    id: str
    started: int
    instance: Instance | None = None
    restarts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True, kw_only=True, eq=False)
class Workload:
    """The tasks of a service, or those of a family that run on their own."""

    family: str
    service: str | None
    launch_type: str
    cpu: float | None
    memory_mb: float | None
    containers: tuple[str, ...]
    ephemeral_storage_gb: float
    network_mode: str
    restart_policy: bool
    health_check: bool
    desired: int
    pending: int = 0
    unhealthy: set[str] = field(default_factory=set)
    tasks: list[Task] = field(default_factory=list)
    load: Load = field(default_factory=Load)


class EcsCluster(Cluster):
    """A cluster of Amazon ECS, on Fargate and EC2: made by ``mon.sources.ecs_cluster``."""

    kind, retention = "ecs", 1

    def __init__(self, home: Clusters, name: str, insights: str, *, agent: bool) -> None:
        super().__init__(home, name, insights, agent=agent)
        self.workloads: dict[str, Workload] = {}
        self.instances: list[Instance] = []

    @property
    def group(self) -> str:
        """``/aws/ecs/containerinsights/<name>/performance``."""
        return f"/aws/ecs/containerinsights/{self.name}/performance"

    def service(
        self,
        name: str,
        *,
        tasks: int = 1,
        family: str | None = None,
        launch_type: str = "FARGATE",
        cpu: float | None = 256,
        memory_mb: float | None = 512,
        containers: Sequence[str] = ("app",),
        ephemeral_storage_gb: float = 20,
        network_mode: str = "awsvpc",
        restart_policy: bool = False,
        health_check: bool = False,
        standalone: bool = False,
    ) -> None:
        """A service, all of whose tasks run.

        Args:
            name: of the service.
            tasks: how many.
            family: of the task definition; None: called as the service.
            launch_type: ``FARGATE``, or ``EC2``: on the instances that there are, in turn.
            cpu: units that a task reserves, 1024 for a processor; None: the task definition says
                nothing.
            memory_mb: megabytes that a task reserves; None as for *cpu*.
            containers: their names; they use, and reserve, equal parts of their task's.
            ephemeral_storage_gb: of each task on Fargate.
            network_mode: network metrics exist for ``awsvpc`` and ``bridge``.
            restart_policy: whether its containers have one: their restarts are counted then.
            health_check: whether its containers have one: enhanced observability tells then.
            standalone: there is no service: these are tasks that somebody runs.

        Raises:
            MisuseError: the name is taken, the launch type isn't one, or there is no instance.
        """
        self._add(name, Workload(
            family=family or name, service=None if standalone else name, launch_type=launch_type,
            cpu=cpu, memory_mb=memory_mb, containers=tuple(containers), desired=tasks,
            ephemeral_storage_gb=ephemeral_storage_gb, network_mode=network_mode,
            restart_policy=restart_policy, health_check=health_check,
        ))  # fmt: skip

    def instance(
        self, *, cpu: float = 2048, memory_mb: float = 4096, filesystem: float = 0.0
    ) -> str:
        """A container instance on EC2; its agent is told of as well.

        Args:
            cpu: units that it has.
            memory_mb: megabytes that it has.
            filesystem: percent of its file system that is used.

        Returns:
            Its id.
        """
        with self.home.door:
            ids = self.home.ids
            made = Instance(f"i-{ids.hex(17)}", ids.hex(32), cpu, memory_mb, filesystem)
            self.instances.append(made)
            return made.id

    def load(
        self,
        name: str,
        *,
        cpu: float | None = None,
        memory_mb: float | None = None,
        network_rx: float | None = None,
        network_tx: float | None = None,
        storage_read: float | None = None,
        storage_write: float | None = None,
        ephemeral_storage_gb: float | None = None,
    ) -> None:
        """What each task of a service or family uses from now on; None leaves it as it is.

        Args:
            name: of the service, or the family of tasks without one.
            cpu: units, 1024 for a processor.
            memory_mb: megabytes.
            network_rx: bytes a second that come, and *network_tx* that go.
            network_tx: as above.
            storage_read: bytes a second that are read, and *storage_write* that are written.
            storage_write: as above.
            ephemeral_storage_gb: gigabytes.
        """
        given = {"cpu": cpu, "memory_mb": memory_mb, "network_rx": network_rx,
                 "network_tx": network_tx, "storage_read": storage_read,
                 "storage_write": storage_write,
                 "ephemeral_storage_gb": ephemeral_storage_gb}  # fmt: skip
        with self.home.door:
            load = self._workload(name).load
            for attribute, value in given.items():
                if value is not None:
                    setattr(load, attribute, value)

    def scale(self, name: str, desired: int, *, running: int | None = None) -> None:
        """Another number of tasks is wanted; those that don't run yet are pending.

        Args:
            name: of the service or family.
            desired: how many are wanted.
            running: how many of them run; None: all.
        """
        with self.home.door:
            workload = self._workload(name)
            workload.desired = desired
            running = desired if running is None else min(running, desired)
            workload.pending = desired - running
            self._run(workload, running)

    def restart(self, name: str, *, container: str | None = None) -> None:
        """A container of each task has been restarted, as its restart policy wants it.

        Args:
            name: of the service or family.
            container: its name; None: each of them.

        Raises:
            MisuseError: the containers have no restart policy, or there is no such container.
        """
        with self.home.door:
            workload = self._workload(name)
            if not workload.restart_policy:
                raise MisuseError(f"{name!r} has no restart policy: give restart_policy=True.")
            for task in workload.tasks:
                task.restarts.update(_containers(workload, container))

    def health(self, name: str, *, healthy: bool, container: str | None = None) -> None:
        """A container of each task fails its health check from now on, or passes it again.

        Args:
            name: of the service or family.
            healthy: whether it passes.
            container: its name; None: each of them.

        Raises:
            MisuseError: the containers have no health check, or there is no such container.
        """
        with self.home.door:
            workload = self._workload(name)
            if not workload.health_check:
                raise MisuseError(f"{name!r} has no health check: give health_check=True.")
            told = _containers(workload, container)
            if healthy:
                workload.unhealthy.difference_update(told)
            else:
                workload.unhealthy.update(told)

    def remove(self, name: str) -> None:
        """A service or family goes, with its tasks."""
        with self.home.door:
            self._workload(name)
            del self.workloads[name]

    def events(self, milliseconds: int) -> Iterable[tuple[str, dict[str, Any]]]:
        """What the agent tells now, each with its log stream."""
        from awsmon.sources.ecs_performance import events  # when there is a cluster

        return events(self, milliseconds)

    def dashboard(self) -> dict[str, Any]:
        """The body of the automatic dashboard, as PutDashboard takes it."""
        from awsmon.sources.cluster_dashboards import ecs_dashboard

        return ecs_dashboard(self)

    def _add(self, name: str, workload: Workload) -> None:
        with self.home.door:
            if name in self.workloads:
                raise MisuseError(f"{name!r}: there is a service or family of that name already.")
            if workload.launch_type not in ("FARGATE", "EC2"):
                raise MisuseError(f"launch_type={workload.launch_type!r}: FARGATE or EC2.")
            if workload.launch_type == "EC2" and not self.instances:
                raise MisuseError(f"{name!r}: launch type EC2 needs an instance(): make one first.")
            self.workloads[name] = workload
            self._run(workload, workload.desired)

    def _workload(self, name: str) -> Workload:
        if name not in self.workloads:
            raise MisuseError(f"{name!r}: there is no such service or family in {self.name!r}.")
        return self.workloads[name]

    def _run(self, workload: Workload, running: int) -> None:
        """Start and stop tasks, so that as many run."""
        del workload.tasks[running:]
        while len(workload.tasks) < running:
            started = int(self.home.clock.now().timestamp() * 1000)
            on = None
            if workload.launch_type == "EC2":
                on = self.instances[len(workload.tasks) % len(self.instances)]
            workload.tasks.append(Task(self.home.ids.hex(32), started, on))


def _containers(workload: Workload, name: str | None) -> tuple[str, ...]:
    """That container, or all of them."""
    if name is not None and name not in workload.containers:
        raise MisuseError(f"{name!r}: the containers are {', '.join(workload.containers)}.")
    return workload.containers if name is None else (name,)
