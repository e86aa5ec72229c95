"""What CloudWatch keeps for others.

Lives here: `Configurations`: saved queries, the enrichment of metrics for OpenTelemetry, the key of
the dataset, which resources have detailed metrics. Nothing of it changes what metrics are stored;
the enrichment says which of them PromQL sees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource
from awsmon.metrics.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "Configurations", "MetricDataQueryDefinition", "OTelEnrichment", "ResourceMetricsConfiguration",
]  # fmt: skip


@dataclass(kw_only=True, slots=True, eq=False)
class MetricDataQueryDefinition(Resource):
    """A saved query as GetMetricDataQueryDefinition shows it."""

    aws_shape: ClassVar[str] = "cloudwatch.GetMetricDataQueryDefinitionOutput"

    id: str
    arn: str
    path: str
    expression: str
    type: str
    created_at: datetime
    updated_at: datetime


@dataclass(kw_only=True, slots=True, eq=False)
class OTelEnrichment(Resource):
    """The enrichment of an account's metrics as GetOTelEnrichment shows it."""

    aws_shape: ClassVar[str] = "cloudwatch.GetOTelEnrichmentOutput"

    status: str = "Stopped"
    include_filters: list[dict[str, Any]] | None = None
    exclude_filters: list[dict[str, Any]] | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(kw_only=True, slots=True, eq=False)
class ResourceMetricsConfiguration(Resource):
    """Which detailed metrics a resource has."""

    aws_shape: ClassVar[str] = "cloudwatch.ResourceMetricsConfiguration"

    resource_arn: str
    created_at: datetime
    updated_at: datetime
    metric_selections: list[dict[str, Any]] | None = None


@dataclass(slots=True)
class Configurations:
    """All of one account and region.

    Attributes:
        queries: saved ones, by Id.
        dataset_key: the KMS key of the dataset.
        resources: configurations by ARN.
    """

    queries: dict[str, MetricDataQueryDefinition] = field(default_factory=dict)
    enrichment: OTelEnrichment = field(default_factory=OTelEnrichment)
    dataset_key: str | None = None
    resources: dict[str, ResourceMetricsConfiguration] = field(default_factory=dict)

    def query(self, id_: str) -> MetricDataQueryDefinition:
        """The saved query of that Id.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if id_ not in self.queries:
            raise ResourceNotFoundException.query_definition(id_)
        return self.queries[id_]

    def resource(self, arn: str) -> ResourceMetricsConfiguration:
        """The configuration of a resource.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if arn not in self.resources:
            raise ResourceNotFoundException.resource_metrics(arn)
        return self.resources[arn]
