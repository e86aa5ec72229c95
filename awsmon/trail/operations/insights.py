"""Insight selectors, and what insights found."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.clock import EPOCH
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import operation
from awsmon.trail.errors import (
    InsightNotEnabledException,
    InvalidInsightSelectorsException,
    InvalidNextTokenException,
    InvalidParameterCombinationException,
    InvalidParameterException,
    InvalidTimeRangeException,
)
from awsmon.trail.insight_records import insight_events
from awsmon.trail.insights import CALLS, ERRORS, Key
from awsmon.trail.selectors import logs

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        GetInsightSelectorsRequestTypeDef,
        ListInsightsDataRequestTypeDef,
        ListInsightsMetricDataRequestTypeDef,
        PutInsightSelectorsRequestTypeDef,
    )

    from awsmon.trail.model import TrailSettings
    from awsmon.trail.service import Trail

MOST, MOST_POINTS = 50, 21600
_CATEGORIES = ("Management", "Data")
_KEPT_BY_PERIOD = {
    60: timedelta(days=15), 300: timedelta(days=63), 3600: timedelta(days=90),
}  # fmt: skip
_MINUTE = timedelta(minutes=1)


def _named(request: Any) -> str:
    """The trail that is meant; stores have none here yet."""
    if request.get("EventDataStore") is not None:
        if request.get("TrailName") is not None:
            raise InvalidParameterCombinationException.trail_and_store()
        raise NotImplementedByAwsmon("EventDataStore: insights of event data stores aren't built.")
    if request.get("TrailName") is None:
        raise InvalidParameterCombinationException.trail_or_store()
    return str(request["TrailName"])


@operation("PutInsightSelectors")
def put_insight_selectors(
    trail: Trail, request: PutInsightSelectorsRequestTypeDef
) -> dict[str, Any]:
    """An empty list turns insights off."""
    settings = trail.own(_named(request))
    selectors: Any = copy.deepcopy(request["InsightSelectors"])
    for each in selectors:
        _check(settings, each)
    settings.insights = selectors
    settings.has_insight_selectors = bool(selectors)
    trail.changed()
    return {"TrailARN": settings.trail_arn, "InsightSelectors": selectors}


def _check(settings: TrailSettings, selector: Any) -> None:
    """What insights are made from must be logged."""
    kind = selector.get("InsightType")
    if kind is None:
        raise InvalidInsightSelectorsException.type_missing()
    for category in selector.get("EventCategories") or _CATEGORIES[:1]:
        if category not in _CATEGORIES:
            raise InvalidInsightSelectorsException.category(category)
        writes = kind == CALLS and category == "Management"
        if not logs(settings.basic, settings.advanced, category, writes=writes):
            raise InvalidInsightSelectorsException.not_logged(settings.name, kind, category)


@operation("GetInsightSelectors")
def get_insight_selectors(
    trail: Trail, request: GetInsightSelectorsRequestTypeDef
) -> dict[str, Any]:
    """Those of a trail that has any."""
    settings = trail.find(_named(request))
    if not settings.insights:
        raise InsightNotEnabledException.named(settings.name)
    return {"TrailARN": settings.trail_arn, "InsightSelectors": settings.insights}


@operation("ListInsightsData")
def list_insights_data(trail: Trail, request: ListInsightsDataRequestTypeDef) -> dict[str, Any]:
    """Insights about the data events that a trail logs."""
    given: Any = request
    settings = trail.find(given["InsightSource"])
    start, end = given.get("StartTime"), given.get("EndTime")
    if start is not None and end is not None and start > end:
        raise InvalidTimeRangeException.reversed()
    ((key, value),) = given.get("Dimensions", {"": ""}).items()
    found, token = paging.page_of_many(
        insight_events(
            trail, source=settings.trail_arn, key=key, value=value, start=start, end=end
        ),
        given.get("NextToken"), given.get("MaxResults", MOST),
        of=f"ListInsightsData {settings.name} {key} {value}",
        bad_token=InvalidParameterException.token,
    )  # fmt: skip
    return {"Events": found, "NextToken": token}


@operation("ListInsightsMetricData")
def list_insights_metric_data(
    trail: Trail, request: ListInsightsMetricDataRequestTypeDef
) -> dict[str, Any]:
    """Calls a minute, on average over each period."""
    given: Any = request
    settings = trail.find(given["TrailName"]) if "TrailName" in given else None
    kind, error = given["InsightType"], given.get("ErrorCode", "")
    if (kind == ERRORS) != bool(error):
        raise InvalidParameterException.error_code()
    arn = settings.trail_arn if settings else ""
    series = trail.insights.series.get(
        Key(arn, kind, given["EventSource"], given["EventName"], error)
    )
    points = [] if series is None else _points(trail, given, series.rate)
    shown, token = paging.page(
        points, given.get("NextToken"), given.get("MaxResults", MOST_POINTS),
        of="ListInsightsMetricData", bad_token=InvalidNextTokenException.token,
    )  # fmt: skip
    return {
        "TrailARN": arn or None, "EventSource": given["EventSource"],
        "EventName": given["EventName"], "InsightType": kind, "ErrorCode": error or None,
        "Timestamps": [at for at, _ in shown], "Values": [value for _, value in shown],
        "NextToken": token,
    }  # fmt: skip


def _points(trail: Trail, given: Any, rate: Any) -> list[tuple[Any, float]]:
    period, now = given.get("Period", 3600), trail.clock.now()
    if period not in _KEPT_BY_PERIOD:
        raise InvalidParameterException.period()
    scale, oldest = period // 60, now - _KEPT_BY_PERIOD[period]
    start = (max(given.get("StartTime", oldest), oldest) - EPOCH) // _MINUTE
    end = -((EPOCH - given.get("EndTime", now)) // _MINUTE)
    counts: dict[int, int] = {}
    if given.get("DataType") == "FillWithZeros":
        counts = dict.fromkeys(range(start - start % scale, end, scale), 0)
    for minute, count in rate.minutes(start, end):
        place = minute - minute % scale
        counts[place] = counts.get(place, 0) + count
    return [(EPOCH + minute * _MINUTE, count / scale) for minute, count in sorted(counts.items())]
