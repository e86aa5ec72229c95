"""Pictures of metric widgets: GetMetricWidgetImage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.metrics.errors import InvalidParameterValue

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import GetMetricWidgetImageInputTypeDef

    from awsmon.metrics.service import Metrics

FORMATS = ("png", "image/png")


@operation("GetMetricWidgetImage")
def get_metric_widget_image(
    metrics: Metrics, request: GetMetricWidgetImageInputTypeDef
) -> dict[str, Any]:
    """A PNG, of what GetMetricData would answer."""
    wanted = request.get("OutputFormat", "png")
    if wanted not in FORMATS:
        raise InvalidParameterValue.output_format(wanted)
    return {"MetricWidgetImage": metrics.widget_image(request["MetricWidget"])}
