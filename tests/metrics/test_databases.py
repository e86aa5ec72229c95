"""DB_PERF_INSIGHTS: counters of databases, from whoever answers GetResourceMetrics.

Sources: User Guide, "Functions supported for metric math"; Amazon RDS User Guide, "Querying other
detailed database metrics in CloudWatch"; Performance Insights API reference.
"""

from __future__ import annotations

import pytest

from awsmon.errors import MisuseError
from tests.metrics.test_metric_math import NOON, refused, results

DATABASE = "arn:aws:pi:us-east-1:123456789012:metrics/rds/db-X"
START = int(NOON.timestamp())
LOAD = "DB_PERF_INSIGHTS('RDS', 'db-X', 'db.load.avg')"
TWO = "DB_PERF_INSIGHTS('RDS', 'db-X', ['db.load.avg', 'os.cpuUtilization.user.avg'])"


class Database:
    """A database that is asked for its counters: one more each minute, page by page."""

    def __init__(self, **first):
        self.first, self.asked = first, []

    def __call__(self, request):
        self.asked.append(request)
        names = [query["Metric"] for query in request["MetricQueries"]]
        page = int(request.get("NextToken", 0))
        points = [{"Timestamp": START + 60 * n, "Value": self.first[names[page]] + n}
                  for n in range(2)]  # fmt: skip
        points.append({"Timestamp": START + 90, "Value": 99})  # beside the periods
        listed = [{"Key": {"Metric": names[page]}, "DataPoints": points}]
        return {"MetricList": listed, "NextToken": str(page + 1) if names[page + 1 :] else None}


@pytest.fixture
def database(monitoring):
    found = Database(**{"db.load.avg": 1, "os.cpuUtilization.user.avg": 50})
    monitoring.bind(DATABASE, found)
    return found


def test_a_callable_answers_for_a_database(cloudwatch, database):
    # when a counter is asked for
    [found] = results(cloudwatch, {"Id": "load", "Expression": LOAD, "Period": 60})
    # then its points are those of the answer that are in the periods
    assert (found["Id"], found["Label"], found["Values"]) == ("load", "load", [1, 2])
    # and it was asked as GetResourceMetrics is
    [asked] = database.asked
    assert asked["MetricQueries"] == [{"Metric": "db.load.avg"}]
    assert (asked["ServiceType"], asked["Identifier"]) == ("RDS", "db-X")
    assert (asked["StartTime"], asked["EndTime"]) == (START, START + 300)
    assert (asked["PeriodInSeconds"], asked["PeriodAlignment"]) == (60, "START_TIME")


def test_several_counters_are_an_array_and_go_into_expressions(cloudwatch, database):
    found = results(cloudwatch, TWO)
    assert [(each["Label"], each["Values"]) for each in found] == [
        ("db.load.avg", [1, 2]), ("os.cpuUtilization.user.avg", [50, 51]),
    ]  # fmt: skip
    assert results(cloudwatch, f"SUM({TWO}) / {LOAD}")[0]["Values"] == [51, 26.5]


def test_the_other_mocks_performance_insights_are_asked(monitoring, cloudwatch, monkeypatch):
    # given another mock that has the client pi
    database = Database(**{"db.load.avg": 7})

    class Other:
        def serves(self, service):
            return service == "pi"

        def call(self, service, operation, parameters, *, scope, invoked_by):
            assert (service, operation) == ("pi", "GetResourceMetrics")
            return database(parameters)

    monkeypatch.setattr(monitoring.metrics._backend, "other_mock", Other())
    # when an expression asks, then it answers
    assert results(cloudwatch, LOAD)[0]["Values"] == [7, 8]


def test_without_anybody_to_ask_it_says_what_to_do(cloudwatch):
    with pytest.raises(MisuseError, match=f"mon.bind\\('{DATABASE}', handler\\)"):
        results(cloudwatch, LOAD)


def test_who_fails_is_told(monitoring, cloudwatch):
    monitoring.bind(DATABASE, lambda request: 1 / 0)
    [found] = results(cloudwatch, LOAD)
    assert (found["StatusCode"], found["Values"]) == ("InternalError", [])
    assert "ZeroDivisionError" in found["Messages"][0]["Value"]


def test_what_is_refused(cloudwatch, database):
    code, words = refused(cloudwatch, "DB_PERF_INSIGHTS('EC2', 'db-X', 'db.load.avg')")
    assert (code, "EC2 is not one of RDS, DOCDB" in words) == ("ValidationError", True)
    code, words = refused(cloudwatch, {"Id": "e1", "Expression": LOAD, "Period": 120})
    assert (code, "not 120" in words) == ("ValidationError", True)
    assert database.asked == []


def test_an_alarm_watches_a_counter(monitoring, cloudwatch, database):
    # given an alarm upon the load, which is 1, then 2
    cloudwatch.put_metric_alarm(
        AlarmName="load", EvaluationPeriods=1, Threshold=1.5, TreatMissingData="notBreaching",
        ComparisonOperator="GreaterThanThreshold",
        Metrics=[{"Id": "q", "Expression": LOAD, "Period": 60, "ReturnData": True}],
    )  # fmt: skip
    # then it moves as the counter does
    states = []
    for _ in range(2):
        monitoring.clock.advance(minutes=1)
        states.append(monitoring.alarms["load"].state)
    assert states == ["OK", "ALARM"]
