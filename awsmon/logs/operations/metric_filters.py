"""Metric filters: put, describe, delete, test."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.lang.filter_pattern.message import number_of
from awsmon.lang.selection_criteria import compile_criteria
from awsmon.lang.text import LanguageError
from awsmon.logs.errors import (
    InvalidOperationException,
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
)
from awsmon.logs.model import CLASSES_WITH_FILTERS, MetricFilter
from awsmon.logs.patterns import check_quota, checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_logs.type_defs import (
        DeleteMetricFilterRequestTypeDef,
        DescribeMetricFiltersRequestTypeDef,
        PutMetricFilterRequestTypeDef,
        TestMetricFilterRequestTypeDef,
    )

    from awsmon.lang.filter_pattern.compiler import Matcher
    from awsmon.logs.model import LogGroup
    from awsmon.logs.service import Logs

MOST = 100  # filters of a group,
MOST_DIMENSIONS = 3  # system fields counted
SYSTEM_FIELDS = ("@aws.account", "@aws.region")


@operation("PutMetricFilter")
def put_metric_filter(logs: Logs, request: PutMetricFilterRequestTypeDef) -> None:
    """One of the same name is replaced."""
    group = logs[request["logGroupName"]]
    pattern = checked(request["filterPattern"])
    _check(request, pattern)
    if group.log_group_class not in CLASSES_WITH_FILTERS:
        raise InvalidOperationException.log_class("PutMetricFilter", group.log_group_class)
    name = request["filterName"]
    others = [each for key, each in group.metric_filters.items() if key != name]
    if len(others) >= MOST:
        raise LimitExceededException.resource()
    patterns = [each.filter_pattern for each in others]
    patterns += [each.filter_pattern for each in group.subscription_filters.values()]
    check_quota(pattern, patterns)
    group.metric_filters[name] = MetricFilter.from_aws(
        request, creation_time=logs.now, metric_transformations=_kept(request)
    )


def _check(request: PutMetricFilterRequestTypeDef, pattern: Matcher) -> None:
    [transformation] = request["metricTransformations"]
    dimensions = transformation.get("dimensions", {})
    fields = request.get("emitSystemFieldDimensions", [])
    if dimensions and not pattern.selectors:
        raise InvalidParameterException.no_dimensions()
    if (dimensions or fields) and "defaultValue" in transformation:
        raise InvalidParameterException.dimensions_and_default()
    if len(dimensions) + len(fields) > MOST_DIMENSIONS:
        raise InvalidParameterException.dimensions(MOST_DIMENSIONS)
    for value in dimensions.values():
        _check_selector(value, pattern)
    if number_of(transformation["metricValue"]) is None:
        _check_selector(transformation["metricValue"], pattern)
    for field in fields:
        if field not in SYSTEM_FIELDS:
            raise InvalidParameterException.system_field(field)
    if criteria := request.get("fieldSelectionCriteria"):
        try:
            compile_criteria(criteria)
        except LanguageError as error:
            raise InvalidParameterException.criteria(error) from error


def _check_selector(selector: str, pattern: Matcher) -> None:
    """A value or dimension must be something that the pattern can read."""
    try:
        pattern.value(selector, "")
    except LanguageError as error:
        raise InvalidParameterException.transformation(selector) from error
    if not selector.startswith("$"):
        raise InvalidParameterException.transformation(selector)


def _kept(request: PutMetricFilterRequestTypeDef) -> list[dict[str, Any]]:
    """A copy of the transformations, as they are shown again."""
    return copy.deepcopy([dict(each) for each in request["metricTransformations"]])


@operation("DescribeMetricFilters")
def describe_metric_filters(
    logs: Logs, request: DescribeMetricFiltersRequestTypeDef
) -> dict[str, Any]:
    """In order of name; without a group, of all groups, whatever prefix is given."""
    if ("metricName" in request) != ("metricNamespace" in request):
        raise InvalidParameterException.together("metricName", "metricNamespace")
    groups = [logs[request["logGroupName"]]] if "logGroupName" in request else list(logs)
    page, token = paging.page(
        sorted((each for group in groups for each in _fitting(group, request)), key=_key),
        request.get("nextToken"), request.get("limit", 50), of="DescribeMetricFilters",
        bad_token=InvalidParameterException.next_token, key=_key,
    )  # fmt: skip
    return {"metricFilters": [each.to_aws() for each in page], "nextToken": token}


def _key(found: MetricFilter) -> str:
    return f"{found.name}\0{found.log_group_name}"


def _fitting(group: LogGroup, request: Mapping[str, Any]) -> Iterator[MetricFilter]:
    prefix = request.get("filterNamePrefix", "") if "logGroupName" in request else ""
    for each in group.metric_filters.values():
        [transformation] = each.metric_transformations
        if each.name.startswith(prefix) and all(
            request.get(member, transformation[member]) == transformation[member]
            for member in ("metricName", "metricNamespace")
        ):
            yield each


@operation("DeleteMetricFilter")
def delete_metric_filter(logs: Logs, request: DeleteMetricFilterRequestTypeDef) -> None:
    """Its metric stays."""
    group = logs[request["logGroupName"]]
    if request["filterName"] not in group.metric_filters:
        raise ResourceNotFoundException.metric_filter()
    del group.metric_filters[request["filterName"]]


@operation("TestMetricFilter")
def test_metric_filter(logs: Logs, request: TestMetricFilterRequestTypeDef) -> dict[str, Any]:
    """The messages that match, numbered from 0 among all."""
    del logs
    pattern = checked(request["filterPattern"])
    found = ((number, message, pattern.extract(message))
             for number, message in enumerate(request["logEventMessages"]))  # fmt: skip
    return {
        "matches": [
            {"eventNumber": number, "eventMessage": message, "extractedValues": values}
            for number, message, values in found if values is not None
        ]
    }  # fmt: skip
