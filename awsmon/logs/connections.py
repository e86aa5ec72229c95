"""What Logs is connected with: OpenSearch, S3 tables, VPC endpoints that bring syslog messages.

Lives here: `Connections` and what it keeps. The connections are kept and shown; what is behind them
isn't there. How long an integration is provisioned for, two minutes, is a model. Source: API
reference, PutIntegration, AssociateSourceToS3TableIntegration, PutSyslogConfiguration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws
from awsmon.logs.errors import LimitExceededException, ResourceNotFoundException

if TYPE_CHECKING:
    from awsmon.logs.service import Logs

__all__ = ["Connections", "Integration", "SyslogConfiguration", "TableSource"]

PROVISIONED_FOR = 120_000  # milliseconds


@dataclass(kw_only=True, slots=True, eq=False)
class Integration(Resource):
    """An integration with OpenSearch as ListIntegrations shows it."""

    aws_shape: ClassVar[str] = "logs.IntegrationSummary"
    aws_lower_camel: ClassVar[bool] = True

    integration_name: str
    integration_type: str
    integration_status: str = "PROVISIONING"
    created: int = field(metadata=aws(None))
    config: dict[str, Any] = field(metadata=aws(None))

    @property
    def details(self) -> dict[str, Any]:
        """What was made for it, as GetIntegration shows it."""
        status = {"status": self.integration_status}
        application = self.config.get("applicationArn")
        found = {"dataSource": {"dataSourceName": self.integration_name, "status": status}}
        if application:
            found["application"] = {"applicationArn": application, "status": status}
        return {"openSearchIntegrationDetails": found}


@dataclass(kw_only=True, slots=True, eq=False)
class SyslogConfiguration(Resource):
    """A VPC endpoint whose syslog messages come into a log group."""

    aws_shape: ClassVar[str] = "logs.SyslogConfiguration"
    aws_lower_camel: ClassVar[bool] = True

    log_group_arn: str
    source_type: str = "VPCE"
    vpc_endpoint_id: str | None = None
    created_at: int


@dataclass(kw_only=True, slots=True, eq=False)
class TableSource(Resource):
    """A data source whose logs can be queried as S3 tables."""

    aws_shape: ClassVar[str] = "logs.S3TableIntegrationSource"
    aws_lower_camel: ClassVar[bool] = True

    identifier: str
    data_source: dict[str, str]
    status: str = "ACTIVE"
    created_time_stamp: int
    integration: str = field(metadata=aws(None))


class Connections:
    """Those of one account and region.

    Attributes:
        syslog: by log group and endpoint.
        tables: by their identifiers.
    """

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._integration: Integration | None = None
        self.syslog: dict[tuple[str, str | None], SyslogConfiguration] = {}
        self.tables: dict[str, TableSource] = {}

    @property
    def integrations(self) -> list[Integration]:
        """The one that there may be, as it is now."""
        found = self._integration
        if found is None:
            return []
        if self._logs.now >= found.created + PROVISIONED_FOR:
            found.integration_status = "ACTIVE"
        return [found]

    def integration(self, name: str) -> Integration:
        """The integration of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        for each in self.integrations:
            if each.integration_name == name:
                return each
        raise ResourceNotFoundException.integration()

    def integrate(self, integration: Integration) -> None:
        """Make an integration, the account's only one.

        Raises:
            LimitExceededException: there is one already, of another name.
        """
        known = self._integration
        if known is not None and known.integration_name != integration.integration_name:
            raise LimitExceededException.resource()
        self._integration = integration

    def separate(self) -> None:
        """The integration goes."""
        self._integration = None
