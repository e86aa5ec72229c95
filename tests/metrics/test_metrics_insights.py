"""Metrics Insights through GetMetricData: series, labels, ranges, accounts, limits and errors."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.lang.text import LanguageError
from awsmon.metrics import sql
from tests.oam.conftest import HOME, OTHER, SOURCE, client, link, policy

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
SECONDS = int(NOON.timestamp())


def ask(cloudwatch, expression, *, start=NOON - HOUR, end=NOON + HOUR, also=(), page=None, **more):
    """GetMetricData with one query, oldest point first."""
    query = {"Id": "q", "Expression": expression, "Period": 60, **more}
    return cloudwatch.get_metric_data(
        MetricDataQueries=[query, *also], StartTime=start, EndTime=end,
        ScanBy="TimestampAscending", **(page or {}),
    )  # fmt: skip


def series(*args, **more):
    """Label to values."""
    return {found["Label"]: found["Values"] for found in ask(*args, **more)["MetricDataResults"]}


def refused(*args, **more):
    """Code and message."""
    with pytest.raises(ClientError) as caught:
        ask(*args, **more)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def fleet(monitoring):
    """Two instances' and an aggregated metric."""
    put = monitoring.metrics.put
    put("App", "CPU", [10, 30], dimensions={"InstanceId": "i-1", "Zone": "a"})
    put("App", "CPU", 20, dimensions={"InstanceId": "i-1", "Zone": "a"}, at=NOON - 2 * HOUR / 60)
    put("App", "CPU", 50, dimensions={"InstanceId": "i-2", "Zone": "b"})
    put("App", "CPU", 6)


# -- series and labels -----------------------------------------------------------------------------


def test_a_query_without_groups_is_one_series_named_by_its_id(cloudwatch, fleet):
    # when all metrics of a name are averaged
    answer = ask(cloudwatch, "SELECT AVG(CPU) FROM App")
    # then each value is that of all observations of its minute
    [found] = answer["MetricDataResults"]
    assert (found["Id"], found["Label"], found["StatusCode"]) == ("q", "q", "Complete")
    assert found["Timestamps"] == [NOON - timedelta(minutes=2), NOON]
    assert found["Values"] == [20.0, 24.0]


def test_each_group_is_a_result_named_by_its_values(cloudwatch, fleet):
    assert series(cloudwatch, "SELECT MAX(CPU) FROM App GROUP BY InstanceId") == {
        "Other": [6.0], "i-1": [20.0, 30.0], "i-2": [50.0],
    }  # fmt: skip
    assert series(cloudwatch, "SELECT MIN(CPU) FROM App GROUP BY Zone, InstanceId") == {
        "Other Other": [6.0], "a i-1": [20.0, 10.0], "b i-2": [50.0],
    }  # fmt: skip


def test_a_label_stands_before_the_groups(cloudwatch, fleet):
    by_zone = "SELECT COUNT(CPU) FROM SCHEMA(App, Zone, InstanceId) GROUP BY Zone"
    assert series(cloudwatch, by_zone, Label="points") == {"points a": [1, 2], "points b": [1]}
    assert series(cloudwatch, "SELECT SUM(CPU) FROM SCHEMA(App)", Label="all") == {"all": [6]}


def test_results_come_in_the_order_of_the_query(cloudwatch, fleet):
    top = "SELECT AVG(CPU) FROM App GROUP BY InstanceId ORDER BY MAX() DESC LIMIT 2"
    assert list(series(cloudwatch, top)) == ["i-2", "i-1"]
    assert list(series(cloudwatch, "SELECT AVG(CPU) FROM App GROUP BY InstanceId")) == [
        "Other", "i-1", "i-2",
    ]  # fmt: skip


def test_the_newest_comes_first_unless_asked_otherwise(cloudwatch, fleet):
    [found] = cloudwatch.get_metric_data(
        MetricDataQueries=[{"Id": "q", "Expression": "SELECT AVG(CPU) FROM App", "Period": 60}],
        StartTime=NOON - HOUR,
        EndTime=NOON + HOUR,
    )["MetricDataResults"]
    assert found["Values"] == [24.0, 20.0]


def test_values_of_all_forms_and_units_count(monitoring, cloudwatch):
    # given a value, values with counts, and a set, in different units
    cloudwatch.put_metric_data(
        Namespace="App",
        MetricData=[
            {"MetricName": "m", "Value": 4, "Unit": "Count"},
            {"MetricName": "m", "Values": [1, 2], "Counts": [2, 3], "Unit": "Seconds"},
            {"MetricName": "m", "StatisticValues": {
                "SampleCount": 4, "Sum": 30, "Minimum": 0.5, "Maximum": 12}},
        ],
    )  # fmt: skip
    # then the functions are over all of them
    found = {
        function: series(cloudwatch, f"SELECT {function}(m) FROM App")["q"]
        for function in ("SUM", "COUNT", "AVG", "MIN", "MAX")
    }
    assert found == {"SUM": [42], "COUNT": [10], "AVG": [4.2], "MIN": [0.5], "MAX": [12]}


def test_a_query_that_finds_nothing(cloudwatch, fleet):
    # one series is there, though empty; of groups there is none
    assert series(cloudwatch, "SELECT AVG(Nothing) FROM App") == {"q": []}
    assert series(cloudwatch, "SELECT AVG(Nothing) FROM App ORDER BY MAX()") == {"q": []}
    assert series(cloudwatch, "SELECT AVG(Nothing) FROM App GROUP BY InstanceId") == {}
    # nor one for a group without a value in the range
    old = {"start": NOON - HOUR, "end": NOON}
    assert series(cloudwatch, "SELECT AVG(CPU) FROM App GROUP BY InstanceId", **old) == {
        "i-1": [20.0]
    }


def test_a_query_stands_beside_metrics(cloudwatch, fleet):
    # given a metric after the query, and one more that is not returned
    stat = {"Metric": {"Namespace": "App", "MetricName": "CPU"}, "Period": 60, "Stat": "Sum"}
    also = [{"Id": "a", "MetricStat": stat}, {"Id": "b", "MetricStat": stat, "ReturnData": False}]
    # then both kinds are answered, in the order of the request
    assert series(cloudwatch, "SELECT MAX(CPU) FROM App GROUP BY Zone LIMIT 1", also=also) == {
        "Other": [6.0], "CPU": [6.0],
    }  # fmt: skip
    hidden = ask(cloudwatch, "SELECT MAX(CPU) FROM App", ReturnData=False, also=also)
    assert [found["Id"] for found in hidden["MetricDataResults"]] == ["a"]


def test_series_are_paged_with_the_rest(cloudwatch, fleet):
    # given four points in three series, and pages of three
    text = "SELECT MAX(CPU) FROM App GROUP BY InstanceId"
    first = ask(cloudwatch, text, page={"MaxDatapoints": 3})
    second = ask(cloudwatch, text, page={"MaxDatapoints": 3, "NextToken": first["NextToken"]})
    assert [found["Values"] for found in first["MetricDataResults"]] == [[6], [20, 30], []]
    assert [found["Values"] for found in second["MetricDataResults"]] == [[], [], [50]]
    assert "NextToken" not in second


# -- time ------------------------------------------------------------------------------------------


def test_periods_begin_at_the_minute_of_the_start(cloudwatch, fleet):
    # when two periods of an hour begin 90 seconds before noon and two minutes before it
    start = NOON - timedelta(seconds=90)
    found = ask(cloudwatch, "SELECT SUM(CPU) FROM App", start=start, end=NOON + HOUR, Period=3600)
    # then the minute that the start is in belongs to the first
    assert found["MetricDataResults"][0]["Timestamps"] == [NOON - timedelta(minutes=2)]
    assert found["MetricDataResults"][0]["Values"] == [116.0]


def test_the_start_is_included_and_the_end_is_not(cloudwatch, fleet):
    text = "SELECT SUM(CPU) FROM App"
    start = NOON - timedelta(minutes=2)
    assert series(cloudwatch, text, start=start, end=NOON) == {"q": [20.0]}
    later = start + timedelta(minutes=1)
    assert series(cloudwatch, text, start=later, end=NOON + HOUR) == {"q": [96.0]}


def test_high_resolution_is_brought_to_the_minute(monitoring, cloudwatch):
    # given points of three seconds
    for second in (0, 10, 20):
        at = NOON + timedelta(seconds=second)
        monitoring.metrics.put("App", "m", 1, at=at, resolution=1)
    # then a shorter period is a minute
    start = NOON + timedelta(seconds=15)
    found = ask(cloudwatch, "SELECT SUM(m) FROM App", start=start, end=NOON + HOUR, Period=10)
    assert found["MetricDataResults"][0]["Timestamps"] == [NOON]
    assert found["MetricDataResults"][0]["Values"] == [3.0]


def test_only_two_weeks_can_be_queried(monitoring, cloudwatch):
    # given a point a day for four weeks, at noon and an hour later
    for _ in range(28):
        monitoring.metrics.put("App", "m", 1)
        monitoring.metrics.put("App", "m", 10, at=monitoring.clock.now() + HOUR)
        monitoring.clock.advance(days=1)
    now = monitoring.clock.now()
    # when 30 minutes later days are asked for
    monitoring.clock.advance(minutes=30)
    found = ask(cloudwatch, "SELECT SUM(m) FROM App", start=NOON, end=now, Period=86_400)
    # then there are two weeks, and of the oldest day only what is within them
    [result] = found["MetricDataResults"]
    assert result["Timestamps"] == [now - 2 * WEEK + timedelta(days=day) for day in range(14)]
    assert result["Values"] == [10.0] + [11.0] * 13


# -- accounts --------------------------------------------------------------------------------------


@pytest.fixture
def linked(monitoring):
    """A source account that shares one namespace with this one, and one that shares nothing."""
    oam = boto3.client("oam", region_name="us-east-1")
    sink = oam.create_sink(Name="central")["Arn"]
    oam.put_sink_policy(SinkIdentifier=sink, Policy=policy())
    shared = {"MetricConfiguration": {"Filter": "Namespace = 'App'"}}
    client(monitoring, SOURCE).create_link(**link(sink, LinkConfiguration=shared))
    monitoring.metrics.put("App", "m", 1)
    for account, value in ((SOURCE, 2), (OTHER, 4)):
        monitoring.at(account=account).metrics.put("App", "m", value)
        monitoring.at(account=account).metrics.put("Secret", "m", value)


def test_a_monitoring_account_queries_what_is_shared_with_it(cloudwatch, linked):
    assert series(cloudwatch, "SELECT SUM(m) FROM App") == {"q": [3.0]}
    assert series(cloudwatch, "SELECT SUM(m) FROM Secret") == {"q": []}
    by_account = "SELECT SUM(m) FROM App GROUP BY AWS.AccountId"
    assert series(cloudwatch, by_account) == {SOURCE: [2.0], HOME: [1.0]}


def test_a_query_may_ask_for_one_account(cloudwatch, linked):
    text = "SELECT SUM(m) FROM App"
    assert series(cloudwatch, f"{text} WHERE AWS.AccountId = '{SOURCE}'") == {"q": [2.0]}
    assert series(cloudwatch, f"{text} WHERE AWS.AccountId = '{OTHER}'") == {"q": []}
    assert series(cloudwatch, f"{text} WHERE AWS.AccountId = CURRENT_ACCOUNT_ID()") == {"q": [1.0]}
    assert series(cloudwatch, text, AccountId=SOURCE) == {"q": [2.0]}


# -- limits and errors -----------------------------------------------------------------------------


def test_no_more_than_500_series_are_returned(monitoring, cloudwatch):
    # given one series more
    for number in range(501):
        monitoring.metrics.put("App", "m", number, dimensions={"Id": f"{number:03}"})
    # then the last in order is missing
    found = list(series(cloudwatch, "SELECT SUM(m) FROM App GROUP BY Id ORDER BY SUM() DESC"))
    assert (len(found), found[0], found[-1]) == (500, "500", "001")
    assert len(series(cloudwatch, "SELECT SUM(m) FROM App GROUP BY Id LIMIT 7")) == 7


def test_no_more_than_10_000_metrics_are_processed(monitoring, monkeypatch):
    # given a smaller limit, reached by the metrics that match
    monkeypatch.setattr(sql, "MOST_METRICS", 3)
    for number in range(5):
        monitoring.metrics.put("App", "m", 1, dimensions={"Id": str(number)})
        monitoring.metrics.put("App", "other", 1, dimensions={"Id": str(number)})
    # then only the first count
    found = sql.run(monitoring.metrics, "SELECT SUM(m) FROM App", SECONDS, SECONDS + 60, 60)
    assert found == ([((), [(SECONDS, 3.0)])], ["MaxMatchingResultsExceeded"])


@pytest.mark.parametrize(
    ("expression", "start", "codes"),
    [
        ("SELECT SUM(m) FROM App GROUP BY Id", NOON - HOUR, ["MaxQueryResultsExceeded"]),
        ("SELECT SUM(m) FROM App GROUP BY Id LIMIT 500", NOON - HOUR, []),
        ("SELECT SUM(m) FROM App", NOON - HOUR, []),
        ("SELECT SUM(m) FROM App", NOON - 2 * WEEK, []),
        ("SELECT SUM(m) FROM App", NOON - 3 * WEEK, ["MaxQueryTimeRangeExceeded"]),
    ],
)
def test_what_cuts_an_answer_short_is_told(monitoring, cloudwatch, expression, start, codes):
    """The codes are those that Grafana's data source knows."""
    for number in range(501):
        monitoring.metrics.put("App", "m", number, dimensions={"Id": f"{number:03}"})
    answer = ask(cloudwatch, expression, start=start)
    assert [each["Code"] for each in answer["Messages"]] == codes


def test_a_request_may_have_one_query(cloudwatch):
    second = {"Id": "r", "Expression": "SELECT SUM(a) FROM App", "Period": 60}
    assert refused(cloudwatch, "SELECT SUM(m) FROM App", also=[second]) == (
        "ValidationError",
        "Only one Metrics Insights query is allowed in MetricDataQueries.",
    )


def test_a_query_needs_a_period(cloudwatch):
    with pytest.raises(ClientError) as caught:
        cloudwatch.get_metric_data(
            MetricDataQueries=[{"Id": "q", "Expression": "SELECT SUM(m) FROM App"}],
            StartTime=NOON,
            EndTime=NOON + HOUR,
        )
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationError"
    assert error["Message"] == "Period must be given in MetricDataQuery with id q."


def test_a_period_is_checked(cloudwatch):
    assert refused(cloudwatch, "SELECT SUM(m) FROM App", Period=61) == (
        "InvalidParameterValue",
        "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60; it was 61.",
    )


def test_a_text_that_is_no_query_is_refused(cloudwatch):
    assert refused(cloudwatch, "SELECT P90(m) FROM App") == (
        "ValidationError",
        "Error in expression 'q': Expected AVG, COUNT, MAX, MIN or SUM, found 'P90'",
    )


def test_the_length_of_a_query_is_checked(cloudwatch):
    code, message = refused(cloudwatch, f"SELECT SUM(m) FROM App{' ' * 2048}")
    assert code == "ValidationError"
    assert "length less than or equal to 2048" in message


def test_run_refuses_a_text_with_its_place(monitoring):
    with pytest.raises(LanguageError, match="position 28"):
        sql.run(monitoring.metrics, "SELECT SUM(m) FROM App LIMIT", 0, 60, 60)
