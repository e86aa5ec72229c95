"""The sources of one account and region.

Lives here: `Sources`, which only holds them: each is a module of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.service import Service
from awsmon.sources.apis import Apis
from awsmon.sources.beanstalk import Beanstalk
from awsmon.sources.containers import Containers
from awsmon.sources.dns import Dns
from awsmon.sources.flow_logs import FlowLogs
from awsmon.sources.functions import Functions

if TYPE_CHECKING:
    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope
    from awsmon.sources.source import LogWriter

__all__ = ["Sources"]


class Sources(Service):
    """What AWS itself writes to CloudWatch Logs.

    Attributes:
        functions: Lambda.
        flow_logs: of the network interfaces of a VPC.
        dns: Route 53: public hosted zones and the resolver of a VPC.
        apis: API Gateway.
        containers: of ECS, by the log driver ``awslogs``.
        beanstalk: the log files of Elastic Beanstalk's instances.
    """

    def __init__(self, backend: Backend, scope: Scope, logs: LogWriter) -> None:
        super().__init__(backend, scope)
        self.functions = Functions(backend, scope, logs)
        self.flow_logs = FlowLogs(backend, scope, logs)
        self.dns = Dns(backend, scope, logs)
        self.apis = Apis(backend, scope, logs)
        self.containers = Containers(backend, scope, logs)
        self.beanstalk = Beanstalk(backend, scope, logs)
