"""For how long points can be read, by period. Source: User Guide, "Metrics retention"."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def read(start, end, period, statistic="Sum"):
    """GetMetricData, oldest first."""
    stat = {"Metric": {"Namespace": "App", "MetricName": "m"}, "Period": period, "Stat": statistic}
    found = boto3.client("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "m", "MetricStat": stat}],
        StartTime=start, EndTime=end, ScanBy="TimestampAscending",
    )["MetricDataResults"][0]  # fmt: skip
    return list(zip(found["Timestamps"], found["Values"], strict=True))


@pytest.mark.parametrize(
    ("age", "periods"),
    [
        (timedelta(0), {10, 60, 300, 3600}),
        (3 * HOUR - SECOND, {10, 60, 300, 3600}),
        (3 * HOUR + SECOND, {60, 300, 3600}),
        (15 * DAY - SECOND, {60, 300, 3600}),
        (15 * DAY + SECOND, {300, 3600}),
        (63 * DAY - SECOND, {300, 3600}),
        (63 * DAY + SECOND, {3600}),
        (455 * DAY - SECOND, {3600}),
        (455 * DAY + SECOND, set()),
    ],
)
def test_which_periods_can_be_read_at_an_age(monitoring, age, periods):
    # given a point of one second, on the hour
    monitoring.metrics.put("App", "m", 5, at=NOON, resolution=1)
    monitoring.clock.advance(seconds=age.total_seconds())
    # then it can be read in some periods
    found = {each for each in (10, 60, 300, 3600) if read(NOON, NOON + HOUR, each)}
    assert found == periods


def test_a_range_is_cut_where_its_points_are_too_old(monitoring):
    for number in range(4):
        at = NOON + number * timedelta(hours=1)
        monitoring.clock.run_until(at)
        monitoring.metrics.put("App", "m", number, at=at, resolution=1)
    found = read(NOON, NOON + 4 * HOUR, 30)
    assert [value for _, value in found] == [0, 1, 2, 3]
    monitoring.clock.advance(hours=1)
    assert [value for _, value in read(NOON, NOON + 4 * HOUR, 30)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("age", "first"),
    [
        (14 * DAY, NOON - timedelta(minutes=2)),
        (16 * DAY, NOON - timedelta(minutes=5)),
        (64 * DAY, NOON),
    ],
)
def test_a_start_of_long_ago_is_rounded_down(monitoring, age, first):
    # API reference, GetMetricData: to the minute, five minutes, the hour
    monitoring.metrics.put("App", "m", 1, at=NOON)
    monitoring.clock.advance(seconds=age.total_seconds())
    found = read(NOON - HOUR + timedelta(minutes=58, seconds=30), NOON + 2 * HOUR, 3600)
    assert [at for at, _ in found] == [first]


def test_percentiles_of_long_ago_are_still_there(monitoring):
    monitoring.metrics.put("App", "m", list(range(1, 101)), at=NOON)
    monitoring.clock.advance(days=100)
    assert read(NOON, NOON + HOUR, 3600, "p90") == [(NOON, pytest.approx(90, abs=1))]
