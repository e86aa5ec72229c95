"""A simulated Kubernetes cluster, as Amazon EKS runs it: nodes, workloads, and what they use.

Lives here: `EksCluster` and its parts. What the agent says of them is `eks_performance.py`'s.
Source: User Guide, "Amazon EKS and Kubernetes Container Insights metrics".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import MisuseError
from awsmon.sources.clusters import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsmon.sources.clusters import Clusters

__all__ = ["Deployment", "EksCluster", "Node", "Pod", "Resources"]


@dataclass(slots=True)
class Resources:
    """Millicores and bytes; None: not said."""

    cpu: float | None = None
    memory: float | None = None


@dataclass(slots=True, eq=False)
class Node:
    """A worker node.

    Attributes:
        limit: what it has.
        system: what it uses beside its pods.
        filesystem: percent that is used.
    """

    name: str
    instance: str
    kind: str
    limit: Resources
    system: Resources
    filesystem: float
    failed: bool = False


@dataclass(slots=True, eq=False)
class Pod:
    """A pod that runs."""

    full_name: str
    node: Node
    restarts: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Deployment:
    """Pods of one kind; `EksCluster.load` tells what the figures of its use are."""

    name: str
    namespace: str
    service: str | None
    containers: tuple[str, ...]
    request: Resources
    limit: Resources
    desired: int
    pods: list[Pod] = field(default_factory=list)
    used: Resources = field(default_factory=lambda: Resources(0.0, 0.0))
    network_rx: float = 0.0
    network_tx: float = 0.0


class EksCluster(Cluster):
    """A Kubernetes cluster: made by ``mon.sources.eks_cluster``."""

    kind = "eks"

    def __init__(self, home: Clusters, name: str, insights: str, *, agent: bool) -> None:
        super().__init__(home, name, insights, agent=agent)
        self.nodes: list[Node] = []
        self.deployments: dict[tuple[str, str], Deployment] = {}

    @property
    def group(self) -> str:
        """``/aws/containerinsights/<name>/performance``."""
        return f"/aws/containerinsights/{self.name}/performance"

    def node(
        self,
        *,
        cpu: float = 2000,
        memory: float = 8 * 2**30,
        instance_type: str = "t3.large",
        system_cpu: float = 0.0,
        system_memory: float = 0.0,
        filesystem: float = 0.0,
    ) -> str:
        """A worker node, on which the agent runs as one of the DaemonSet's pods.

        Args:
            cpu: millicores that it has.
            memory: bytes that it has.
            instance_type: of the instance.
            system_cpu: millicores that it uses beside its pods.
            system_memory: bytes that it uses beside its pods.
            filesystem: percent of its file system that is used.

        Returns:
            Its name.
        """
        with self.home.door:
            place = len(self.nodes) + 10
            name = f"ip-10-0-{place // 250}-{place % 250}.{self.home.scope.region}.compute.internal"
            self.nodes.append(Node(
                name, f"i-{self.home.ids.hex(17)}", instance_type, Resources(cpu, memory),
                Resources(system_cpu, system_memory), filesystem,
            ))  # fmt: skip
            return name

    def fail(self, node: str, *, failed: bool = True) -> None:
        """A node has failed, with its agent and all its pods; or it is back."""
        with self.home.door:
            self._node(node).failed = failed

    def deploy(
        self,
        name: str,
        *,
        pods: int = 1,
        namespace: str = "default",
        service: str | None = None,
        containers: Sequence[str] = ("app",),
        cpu_request: float | None = None,
        cpu_limit: float | None = None,
        memory_request: float | None = None,
        memory_limit: float | None = None,
    ) -> None:
        """A deployment, whose pods run on the nodes that there are, in turn.

        Args:
            name: of the deployment; metrics call it ``PodName``.
            pods: how many.
            namespace: of Kubernetes.
            service: of Kubernetes, that the pods stand behind.
            containers: their names; they use, request and may use equal parts of their pod's.
            cpu_request: millicores of a pod, as *cpu_limit*; None: the containers don't say.
            cpu_limit: as above.
            memory_request: bytes of a pod, as *memory_limit*; None: the containers don't say.
            memory_limit: as above.

        Raises:
            MisuseError: the name is taken, or there is no node.
        """
        with self.home.door:
            if (namespace, name) in self.deployments:
                raise MisuseError(f"deploy({name!r}): it is there already.")
            if not self.nodes:
                raise MisuseError(f"deploy({name!r}): pods need a node(): make one first.")
            made = Deployment(
                name=name, namespace=namespace, service=service, containers=tuple(containers),
                request=Resources(cpu_request, memory_request),
                limit=Resources(cpu_limit, memory_limit), desired=pods,
            )  # fmt: skip
            self.deployments[namespace, name] = made
            self._run(made)

    def load(
        self,
        name: str,
        *,
        namespace: str = "default",
        cpu: float | None = None,
        memory: float | None = None,
        network_rx: float | None = None,
        network_tx: float | None = None,
    ) -> None:
        """What each pod of a deployment uses from now on; None leaves it as it is.

        Args:
            name: of the deployment.
            namespace: of Kubernetes.
            cpu: millicores.
            memory: bytes, the working set.
            network_rx: bytes a second that come, and *network_tx* that go.
            network_tx: as above.
        """
        with self.home.door:
            found = self._deployment(name, namespace)
            now = found.used
            found.used = Resources(now.cpu if cpu is None else cpu,
                                   now.memory if memory is None else memory)  # fmt: skip
            found.network_rx = found.network_rx if network_rx is None else network_rx
            found.network_tx = found.network_tx if network_tx is None else network_tx

    def scale(self, name: str, pods: int, *, namespace: str = "default") -> None:
        """Another number of pods."""
        with self.home.door:
            found = self._deployment(name, namespace)
            found.desired = pods
            self._run(found)

    def restart(self, name: str, *, namespace: str = "default") -> None:
        """A container of each pod has restarted."""
        with self.home.door:
            for pod in self._deployment(name, namespace).pods:
                pod.restarts += 1

    def events(self, milliseconds: int) -> Iterable[tuple[str, dict[str, Any]]]:
        """What the agents tell now, each with its log stream."""
        from awsmon.sources.eks_performance import events  # when there is a cluster

        return events(self, milliseconds)

    def dashboard(self) -> dict[str, Any]:
        """The body of the automatic dashboard, as PutDashboard takes it."""
        from awsmon.sources.cluster_dashboards import eks_dashboard

        return eks_dashboard(self)

    def _node(self, name: str) -> Node:
        for node in self.nodes:
            if node.name == name:
                return node
        raise MisuseError(f"{name!r}: there is no such node in {self.name!r}.")

    def _deployment(self, name: str, namespace: str) -> Deployment:
        if (namespace, name) not in self.deployments:
            raise MisuseError(f"{name!r}: there is no such deployment in namespace {namespace!r}.")
        return self.deployments[namespace, name]

    def _run(self, deployment: Deployment) -> None:
        """Start and stop pods, so that as many run as are wanted."""
        pods, ids = deployment.pods, self.home.ids
        del pods[deployment.desired :]
        while len(pods) < deployment.desired:
            full_name = f"{deployment.name}-{ids.hex(10)}-{ids.hex(5)}"
            pods.append(Pod(full_name, self.nodes[len(pods) % len(self.nodes)]))
