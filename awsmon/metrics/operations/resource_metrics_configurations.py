"""Which resources have detailed metrics: create, update, get, delete.

The configuration is kept and shown; what a resource measures is for the test to put.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.metrics.configurations import ResourceMetricsConfiguration
from awsmon.metrics.errors import ConflictException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.metrics.service import Metrics


@operation("CreateResourceMetricsConfiguration")
def create_resource_metrics_configuration(
    metrics: Metrics, request: Mapping[str, Any]
) -> dict[str, Any]:
    """A resource has one."""
    arn, now = request["ResourceArn"], metrics.clock.now()
    if arn in metrics.configurations.resources:
        raise ConflictException.resource_metrics(arn)
    return _kept(metrics, ResourceMetricsConfiguration.from_aws(
        request, created_at=now, updated_at=now
    ))  # fmt: skip


@operation("UpdateResourceMetricsConfiguration")
def update_resource_metrics_configuration(
    metrics: Metrics, request: Mapping[str, Any]
) -> dict[str, Any]:
    """The selection of metrics is replaced; without one, all are meant."""
    known = metrics.configurations.resource(request["ResourceArn"])
    selections = request.get("MetricSelections")
    return _kept(
        metrics, replace(known, metric_selections=selections, updated_at=metrics.clock.now())
    )


def _kept(metrics: Metrics, configuration: ResourceMetricsConfiguration) -> dict[str, Any]:
    metrics.configurations.resources[configuration.resource_arn] = configuration
    return {"ResourceMetricsConfiguration": configuration.to_aws()}


@operation("GetResourceMetricsConfiguration")
def get_resource_metrics_configuration(
    metrics: Metrics, request: Mapping[str, Any]
) -> dict[str, Any]:
    """As it was put."""
    found = metrics.configurations.resource(request["ResourceArn"])
    return {"ResourceMetricsConfiguration": found.to_aws()}


@operation("DeleteResourceMetricsConfiguration")
def delete_resource_metrics_configuration(metrics: Metrics, request: Mapping[str, Any]) -> None:
    """Metrics that are there stay."""
    metrics.configurations.resource(request["ResourceArn"])
    del metrics.configurations.resources[request["ResourceArn"]]
