"""Insight selectors, and what insights found."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.clock import EPOCH
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
from awsmon.trail.insights import ERRORS, Key
from awsmon.trail.selectors import check_insights

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        GetInsightSelectorsRequestTypeDef,
        ListInsightsDataRequestTypeDef,
        ListInsightsMetricDataRequestTypeDef,
        PutInsightSelectorsRequestTypeDef,
    )

    from awsmon.trail.lake.stores import EventDataStore
    from awsmon.trail.service import Trail

MOST, MOST_POINTS = 50, 21600
_KEPT_BY_PERIOD = {
    60: timedelta(days=15), 300: timedelta(days=63), 3600: timedelta(days=90),
}  # fmt: skip
_MINUTE = timedelta(minutes=1)


@operation("PutInsightSelectors")
def put_insight_selectors(
    trail: Trail, request: PutInsightSelectorsRequestTypeDef
) -> dict[str, Any]:
    """An empty list turns insights off."""
    given: Any = request
    store, selectors = trail.stores.meant(given), copy.deepcopy(given["InsightSelectors"])
    if store is not None:
        return _put_of_store(trail, store, selectors, given.get("InsightsDestination"))
    if "InsightsDestination" in given:
        raise InvalidParameterCombinationException.destination()
    settings = trail.own(given["TrailName"])
    for each in selectors:
        check_insights(each, settings.name, settings.basic, settings.advanced)
    settings.insights = selectors
    settings.has_insight_selectors = bool(selectors)
    trail.changed()
    return {"TrailARN": settings.trail_arn, "InsightSelectors": selectors}


def _put_of_store(
    trail: Trail, store: EventDataStore, selectors: list[Any], name: str | None
) -> dict[str, Any]:
    """What is found about the events of a store comes into another one."""
    for each in selectors:
        if "Data" in each.get("EventCategories", ()):
            raise InvalidInsightSelectorsException.data_in_store()
        check_insights(each, store.name, None, store.advanced_event_selectors)
    if selectors and name is None:
        raise InvalidParameterCombinationException.destination()
    destination = None if name is None else trail.stores.active(name)
    if destination is not None and destination.category != "Insight":
        raise InvalidInsightSelectorsException.destination(destination.name)
    store.insights = selectors
    store.insights_destination = destination.arn if selectors and destination else None
    trail.stores.changed()
    return _shown(store)


def _shown(store: EventDataStore) -> dict[str, Any]:
    return {"EventDataStoreArn": store.arn, "InsightSelectors": store.insights,
            "InsightsDestination": store.insights_destination}  # fmt: skip


@operation("GetInsightSelectors")
def get_insight_selectors(
    trail: Trail, request: GetInsightSelectorsRequestTypeDef
) -> dict[str, Any]:
    """Those of a trail or a store that has any."""
    given: Any = request
    store = trail.stores.meant(given)
    if store is not None:
        if not store.insights:
            raise InsightNotEnabledException.named(store.name, store=True)
        return _shown(store)
    settings = trail.find(given["TrailName"])
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
    if given.get("Period", 3600) not in _KEPT_BY_PERIOD:
        raise InvalidParameterException.period()
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
