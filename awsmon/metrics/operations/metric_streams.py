"""Metric streams: put, get, list, start, stop, delete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.arns import Arn
from awsmon.core.cloudwatch_tags import checked_tags
from awsmon.core.operation import operation
from awsmon.metrics.errors import (
    InvalidNextToken,
    InvalidParameterCombination,
    InvalidParameterValue,
)
from awsmon.metrics.streams import MetricStream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudwatch.type_defs import (
        DeleteMetricStreamInputTypeDef,
        GetMetricStreamInputTypeDef,
        ListMetricStreamsInputTypeDef,
        PutMetricStreamInputTypeDef,
        StartMetricStreamsInputTypeDef,
        StopMetricStreamsInputTypeDef,
    )

    from awsmon.metrics.service import Metrics

NAME = re.compile(r"[A-Za-z0-9_-]+")
MOST_NAMES, MOST_CONFIGURATIONS, MOST_METRICS, MOST_STATISTICS = 1000, 100, 100, 20
SHOWN = ("Arn", "CreationDate", "LastUpdateDate", "Name", "FirehoseArn", "State", "OutputFormat")


@operation("PutMetricStream")
def put_metric_stream(metrics: Metrics, request: PutMetricStreamInputTypeDef) -> dict[str, Any]:
    """A new one is running; an update keeps its state; tags count on creation."""
    _check(metrics, request)
    tags = checked_tags(request.get("Tags"))
    name, now = request["Name"], metrics.clock.now()
    known = metrics.streams.get(name)
    stream = MetricStream.from_aws(
        request, arn=metrics.scope.arn("cloudwatch", f"metric-stream/{name}"),
        creation_date=known.creation_date if known else now, last_update_date=now,
        state=known.state if known else "running",
    )  # fmt: skip
    metrics.streams.save(stream)
    if known is None:
        metrics.tags.put(stream.arn, tags)
    return {"Arn": stream.arn}


def _check(metrics: Metrics, request: Mapping[str, Any]) -> None:
    if not NAME.fullmatch(request["Name"]):
        raise InvalidParameterValue.stream_name(request["Name"])
    if request.get("IncludeFilters") and request.get("ExcludeFilters"):
        raise InvalidParameterCombination.mutually_exclusive("IncludeFilters", "ExcludeFilters")
    for member, service in (("FirehoseArn", "firehose"), ("RoleArn", "iam")):
        arn = Arn.maybe(request[member])
        if arn is None or (arn.service, arn.account) != (service, metrics.scope.account):
            raise InvalidParameterValue.arn(member, request[member])
    filters = [*request.get("IncludeFilters", ()), *request.get("ExcludeFilters", ())]
    names = sum(max(1, len(each.get("MetricNames", ()))) for each in filters)
    if names > MOST_NAMES:
        raise InvalidParameterValue.too_many("MetricNames", MOST_NAMES)
    _check_statistics(metrics, request)


def _check_statistics(metrics: Metrics, request: Mapping[str, Any]) -> None:
    """OpenTelemetry has percentiles alone."""
    configurations = request.get("StatisticsConfigurations", ())
    if len(configurations) > MOST_CONFIGURATIONS:
        raise InvalidParameterValue.too_many("StatisticsConfigurations", MOST_CONFIGURATIONS)
    for each in configurations:
        if len(each["IncludeMetrics"]) > MOST_METRICS:
            raise InvalidParameterValue.too_many("IncludeMetrics", MOST_METRICS)
        if len(each["AdditionalStatistics"]) > MOST_STATISTICS:
            raise InvalidParameterValue.too_many("AdditionalStatistics", MOST_STATISTICS)
        for name in each["AdditionalStatistics"]:
            if not metrics.extended(name):
                raise InvalidParameterValue.statistic(name)
            if request["OutputFormat"] != "json" and not name.startswith("p"):
                raise InvalidParameterValue.stream_statistic(name, request["OutputFormat"])


@operation("GetMetricStream")
def get_metric_stream(metrics: Metrics, request: GetMetricStreamInputTypeDef) -> dict[str, Any]:
    """With its filters and statistics."""
    return metrics.streams[request["Name"]].to_aws()


@operation("ListMetricStreams")
def list_metric_streams(metrics: Metrics, request: ListMetricStreamsInputTypeDef) -> dict[str, Any]:
    """In order of name."""
    page, token = paging.page(
        list(metrics.streams), request.get("NextToken"), request.get("MaxResults", 500),
        of="ListMetricStreams", key=lambda each: each.name, bad_token=InvalidNextToken,
    )  # fmt: skip
    shown = [each.to_aws() for each in page]
    return {
        "Entries": [{name: each[name] for name in SHOWN} for each in shown],
        "NextToken": token,
    }


@operation("StartMetricStreams")
def start_metric_streams(metrics: Metrics, request: StartMetricStreamsInputTypeDef) -> None:
    """All of them or none; what came while one was stopped isn't made up for."""
    _switch(metrics, request["Names"], "running")


@operation("StopMetricStreams")
def stop_metric_streams(metrics: Metrics, request: StopMetricStreamsInputTypeDef) -> None:
    """All of them or none."""
    _switch(metrics, request["Names"], "stopped")


def _switch(metrics: Metrics, names: Any, state: str) -> None:
    for stream in [metrics.streams[name] for name in names]:
        if stream.state != state:
            stream.state, stream.last_update_date = state, metrics.clock.now()


@operation("DeleteMetricStream")
def delete_metric_stream(metrics: Metrics, request: DeleteMetricStreamInputTypeDef) -> None:
    """No such stream is no mistake."""
    metrics.streams.delete(request["Name"])
