"""The sources of one account and region.

Lives here: `Sources`, which holds them and makes clusters: each is a module of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.service import Service, direct
from awsmon.sources.apis import Apis
from awsmon.sources.beanstalk import Beanstalk
from awsmon.sources.clusters import Clusters
from awsmon.sources.containers import Containers
from awsmon.sources.dns import Dns
from awsmon.sources.flow_logs import FlowLogs
from awsmon.sources.functions import Functions
from awsmon.sources.instances import Instances

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope
    from awsmon.sources.ecs_cluster import EcsCluster
    from awsmon.sources.eks_cluster import EksCluster
    from awsmon.sources.instances import Instance, MetricWriter
    from awsmon.sources.source import LogWriter

__all__ = ["Sources"]


class Sources(Service):
    """What AWS itself writes to CloudWatch: logs, and the metrics of EC2.

    Attributes:
        functions: Lambda.
        flow_logs: of the network interfaces of a VPC.
        dns: Route 53: public hosted zones and the resolver of a VPC.
        apis: API Gateway.
        containers: of ECS, by the log driver ``awslogs``.
        beanstalk: the log files of Elastic Beanstalk's instances.
        instances: of EC2; `ec2` makes them.
        clusters: of containers, simulated.
    """

    def __init__(
        self, backend: Backend, scope: Scope, logs: LogWriter, metrics: MetricWriter
    ) -> None:
        super().__init__(backend, scope)
        self.functions = Functions(backend, scope, logs)
        self.flow_logs = FlowLogs(backend, scope, logs)
        self.dns = Dns(backend, scope, logs)
        self.apis = Apis(backend, scope, logs)
        self.containers = Containers(backend, scope, logs)
        self.beanstalk = Beanstalk(backend, scope, logs)
        self.instances = Instances(backend, scope, metrics)
        self.clusters = Clusters(backend, scope, logs)

    def ec2(
        self,
        instance_id: str,
        load: Mapping[str, float | Sequence[float]] | None = None,
        *,
        detailed: bool | None = None,
        hypervisor: str = "nitro",
        instance_type: str | None = None,
        image_id: str | None = None,
        auto_scaling_group: str | None = None,
    ) -> Instance:
        """An EC2 instance that runs from now on, without an agent: hypervisor and status checks.

        Args:
            instance_id: as ``i-01234567890123456``; one of the other mock's, or any.
            load: what it does, as `Instance.load` says: ``{"CPUUtilization": 40}``.
            detailed: reported each minute, not each five. None: as the other mock describes it.
            hypervisor: ``nitro`` or ``xen``.
            instance_type: with detailed monitoring it is aggregated with others by type and image;
                None: as the other mock describes it.
            image_id: like `instance_type`.
            auto_scaling_group: whose metrics it is in, too.

        Raises:
            MisuseError: EC2 has no such metric, or there is no such hypervisor.
        """
        shared = {
            "InstanceType": instance_type,
            "ImageId": image_id,
            "AutoScalingGroupName": auto_scaling_group,
        }
        return self.instances.create(
            instance_id, load or {}, detailed=detailed, hypervisor=hypervisor, shared=shared
        )

    @direct
    def ecs_cluster(
        self, name: str, *, insights: str = "enabled", agent: bool = True
    ) -> EcsCluster:
        """A simulated cluster of Amazon ECS, of which Container Insights tells every minute.

        Args:
            name: of the cluster.
            insights: the cluster's setting ``containerInsights``: ``enabled``, ``enhanced`` (with
                tasks and containers as dimensions) or ``disabled``.
            agent: whether the agent runs that collects; without it there is no data.

        Raises:
            MisuseError: there is such a cluster, or no such setting.
        """
        from awsmon.sources.ecs_cluster import EcsCluster

        return self.clusters.add(EcsCluster(self.clusters, name, insights, agent=agent))

    @direct
    def eks_cluster(
        self, name: str, *, insights: str = "enabled", agent: bool = True
    ) -> EksCluster:
        """A simulated Kubernetes cluster; arguments and errors as for `ecs_cluster`.

        The agent is the CloudWatch agent's DaemonSet; ``enhanced`` is enhanced observability, as
        the add-on of Amazon EKS gives it.
        """
        from awsmon.sources.eks_cluster import EksCluster

        return self.clusters.add(EksCluster(self.clusters, name, insights, agent=agent))
