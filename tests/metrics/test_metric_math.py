"""Metric math through GetMetricData: what refers to what, labels, messages, limits, errors."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

from awsmon.core.neighbours import Bucket, MetricKey
from awsmon.errors import AwsError
from awsmon.metrics.reader import Reader

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
DROPPED = {
    "Code": "ArithmeticError",
    "Value": "One or more data-points have been dropped due to non-numeric values (NaN, -Infinite, "
    "+Infinite)",
}


@pytest.fixture
def metrics(monitoring):
    """Errors and requests of five minutes; in the third there were no errors."""
    put = monitoring.metrics.put_series
    at = [NOON + n * MINUTE for n in range(5)]
    put("App", "Requests", list(zip(at, [10, 20, 40, 50, 0], strict=True)))
    put("App", "Errors", [(t, n) for t, n in zip(at, [1, 4, 0, 5, 2], strict=True) if n])
    return monitoring.metrics


def stat(name, metric=None, **more):
    """A query that reads a metric, which isn't returned unless asked for."""
    period, statistic = more.pop("Period", 60), more.pop("Stat", "Sum")
    dimensions = [{"Name": k, "Value": v} for k, v in more.pop("dimensions", {}).items()]
    metric = {"Namespace": "App", "MetricName": metric or name, "Dimensions": dimensions}
    read = {"Metric": metric, "Period": period, "Stat": statistic}
    return {"Id": name, "MetricStat": read, "ReturnData": False, **more}


REQUESTS, ERRORS = stat("requests", "Requests"), stat("errors", "Errors")


def ask(client, *queries, **more):
    """GetMetricData, oldest point first; a text is an expression, the first with the Id e1."""
    numbered = (f"e{n}" for n in range(1, 1000))
    request = [{"Id": next(numbered), "Expression": query} if isinstance(query, str) else query
               for query in queries]  # fmt: skip
    return client.get_metric_data(**{
        "MetricDataQueries": request, "StartTime": NOON, "EndTime": NOON + 5 * MINUTE,
        "ScanBy": "TimestampAscending", **more,
    })  # fmt: skip


def results(client, *queries, **more):
    return ask(client, *queries, **more)["MetricDataResults"]


def values(client, *queries, **more):
    """Label to values."""
    return {found["Label"]: found["Values"] for found in results(client, *queries, **more)}


def refused(client, *queries, **more):
    """Code and message."""
    with pytest.raises(ClientError) as caught:
        ask(client, *queries, **more)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


# -- values ----------------------------------------------------------------------------------------


def test_an_error_rate(cloudwatch, metrics):
    # when the share of requests that failed is asked for, where nothing came the point is dropped
    [found] = results(cloudwatch, "errors / requests * 100", REQUESTS, ERRORS)
    # then missing errors count as 0, and the result is called by its Id
    assert found["Values"] == [10, 20, 0, 10]
    assert found["Timestamps"] == [NOON + n * MINUTE for n in range(4)]
    assert (found["Id"], found["Label"], found["StatusCode"]) == ("e1", "e1", "Complete")
    assert found["Messages"] == [DROPPED]


def test_newest_first_unless_asked_otherwise(cloudwatch, metrics):
    [found] = results(cloudwatch, "requests / 10", REQUESTS, ScanBy="TimestampDescending")
    assert found["Values"] == [0, 5, 4, 2, 1]
    assert found["Timestamps"][0] == NOON + 4 * MINUTE
    assert "Messages" not in found


def test_expressions_refer_to_one_another_wherever_they_stand(cloudwatch, metrics):
    [one, two, three] = results(cloudwatch, "e2 + 1", "e3 * 2", "FILL(errors, 0)", ERRORS)
    assert three["Values"] == [1, 4, 0, 5, 2]
    assert two["Values"] == [2, 8, 0, 10, 4]
    assert one["Values"] == [3, 9, 1, 11, 5]


def test_hundreds_of_expressions_in_a_row(cloudwatch, metrics):
    chain = [f"e{n + 2} + 1" for n in range(400)]
    found = results(cloudwatch, *chain, "requests", REQUESTS)
    assert found[0]["Values"] == [410, 420, 440, 450, 400]


def test_metrics_are_those_of_the_request_and_never_expressions(cloudwatch, metrics):
    assert values(cloudwatch, "SUM(METRICS())", "TIME_SERIES(1)", REQUESTS, ERRORS)["e1"] == [
        11, 24, 40, 55, 2]  # fmt: skip
    assert values(cloudwatch, "SUM(METRICS('err'))", REQUESTS, ERRORS)["e1"] == [1, 4, 5, 2]


def test_periods(cloudwatch, metrics):
    slow = stat("slow", "Requests", Period=300)
    assert values(cloudwatch, "slow / PERIOD(slow)", slow) == {"e1": [120 / 300]}
    # the period of an expression is that of what has none of its own, else the shortest metric's
    constant = {"Id": "e", "Expression": "TIME_SERIES(1)"}
    assert values(cloudwatch, constant, slow) == {"e": [1]}
    assert values(cloudwatch, constant, slow, REQUESTS) == {"e": [1] * 5}
    assert values(cloudwatch, constant) == {"e": [1] * 5}
    assert values(cloudwatch, {**constant, "Period": 120}, REQUESTS) == {"e": [1] * 3}
    assert values(cloudwatch, "MINUTE(slow)", slow) == {"e1": [0]}


def test_a_gap_in_the_range_is_filled_to_its_ends(cloudwatch, metrics):
    early = {"StartTime": NOON - 2 * MINUTE, "EndTime": NOON + 6 * MINUTE}
    assert values(cloudwatch, "FILL(errors, 9)", ERRORS, **early)["e1"] == [9, 9, 1, 4, 9, 5, 2, 9]
    assert values(cloudwatch, "FILL(errors, REPEAT)", ERRORS, **early)["e1"] == [1, 4, 4, 5, 2, 2]
    assert values(cloudwatch, "FILL(errors, LINEAR)", ERRORS, **early)["e1"] == [1, 4, 4.5, 5, 2]


def test_a_high_resolution_metric(cloudwatch, monitoring):
    for second in (0, 10, 20):
        monitoring.metrics.put("App", "Fast", second, at=NOON + timedelta(seconds=second),
                               resolution=1)  # fmt: skip
    found = values(cloudwatch, "fast + PERIOD(fast)", stat("fast", "Fast", Period=10))
    assert found == {"e1": [10, 20, 30]}


def test_statistics_of_several_values_a_period(cloudwatch, monitoring):
    monitoring.metrics.put("App", "Latency", [1, 2, 9], at=NOON)
    queries = [stat(name, "Latency", Stat=of) for name, of in
               (("count", "SampleCount"), ("mean", "Average"), ("top", "p99"))]  # fmt: skip
    assert values(cloudwatch, "count * 100 + mean * 10 + top", *queries) == {"e1": [349]}
    monitoring.metrics.put("App", "Single", 7, at=NOON)
    assert values(cloudwatch, "c * 10", stat("c", "Single", Stat="SampleCount")) == {"e1": [10]}


def test_metrics_insights_takes_part(cloudwatch, metrics):
    total = {"Id": "q1", "Expression": "SELECT SUM(Requests) FROM App", "Period": 60}
    assert values(cloudwatch, {**total, "ReturnData": False}, "q1 / 10") == {"e1": [1, 2, 4, 5, 0]}
    metrics.put("App", "CPU", 30, dimensions={"Host": "a"})
    metrics.put("App", "CPU", 50, dimensions={"Host": "b"})
    grouped = {**total, "Expression": "SELECT AVG(CPU) FROM App GROUP BY Host", "ReturnData": False}
    assert values(cloudwatch, grouped, "q1 * 2") == {"a": [60], "b": [100]}
    assert values(cloudwatch, grouped, "MAX(q1)") == {"e1": [50]}


# -- labels ----------------------------------------------------------------------------------------


def test_an_array_is_a_result_for_each_series_with_both_labels(cloudwatch, metrics):
    # User Guide, "Adding a math expression to a CloudWatch graph"
    filled = {"Id": "e1", "Expression": "FILL(METRICS(), 0)"}
    named = {**ERRORS, "Label": "Errors"}
    assert values(cloudwatch, {**filled, "Label": "Filled With 0:"}, named) == {
        "Filled With 0: Errors": [1, 4, 0, 5, 2]}  # fmt: skip
    assert list(values(cloudwatch, {**filled, "Label": ""}, named)) == ["Errors"]
    assert list(values(cloudwatch, filled, named, REQUESTS)) == ["Errors", "Requests"]
    found = results(cloudwatch, filled, ERRORS, REQUESTS)
    assert [each["Id"] for each in found] == ["e1", "e1"]


def test_an_array_that_was_put_together(cloudwatch, metrics):
    rate = {"Id": "rate", "Expression": "errors / requests", "Label": "Rate", "ReturnData": False}
    both = {"Id": "both", "Expression": "[rate, errors, requests - errors]"}
    found = results(cloudwatch, both, rate, ERRORS, REQUESTS)
    assert [each["Label"] for each in found] == ["Rate", "Errors", "Requests"]


@pytest.mark.parametrize(
    ("queries", "labels"),
    [  # dimensions that differ tell metrics apart, statistics and periods what is the same metric
        ([{"dimensions": {"Host": "a", "Zone": "x"}}, {"dimensions": {"Host": "b", "Zone": "x"}}],
         ["a", "b"]),
        ([{"dimensions": {"Host": "a"}}, {}], ["a", "m"]),
        ([{"dimensions": {"Host": "a"}}, {"metric": "n", "dimensions": {"Host": "b"}}],
         ["a m", "b n"]),
        ([{"metric": "m", "Stat": "Sum"}, {"metric": "n", "Stat": "Average"}], ["m", "n"]),
    ],
)  # fmt: skip
def test_default_labels_tell_metrics_apart(cloudwatch, queries, labels):
    asked = [stat(f"q{n}", each.pop("metric", "m"), ReturnData=True, **each)
             for n, each in enumerate(map(dict, queries))]  # fmt: skip
    assert [found["Label"] for found in results(cloudwatch, *asked)] == labels


@pytest.mark.parametrize(
    ("label", "expected"),
    [  # User Guide, "Dynamic labels"; on the values 1, 4, 5, 2 at 12:00, :01, :03, :04
        ("${LABEL}", "Errors"), ("[max: ${MAX}] ${LABEL}!", "[max: 5] Errors!"), ("${AVG}", "3"),
        ("${DATAPOINT_COUNT}", "4"), ("${FIRST}", "1"), ("${LAST}", "2"), ("${MIN}", "1"),
        ("${SUM}", "12"), ("${FIRST_LAST_RANGE}", "1"), ("${MIN_MAX_RANGE}", "4"),
        ("${FIRST_LAST_TIME_RANGE}", "240s"), ("${MIN_MAX_TIME_RANGE}", "180s"),
        ("${FIRST_TIME}", "2026-03-02 12:00:00"), ("${LAST_TIME}", "2026-03-02 12:04:00"),
        ("${MAX_TIME}", "2026-03-02 12:03:00"), ("${MIN_TIME}", "2026-03-02 12:00:00"),
        ("${MAX_TIME_RELATIVE}", "180s"), ("${FIRST_TIME_RELATIVE}", "0s"),
        ("${LAST_TIME_RELATIVE}", "240s"), ("${MIN_TIME_RELATIVE}", "0s"),
        ("${PROP('MetricName')} ${PROP('Namespace')} ${PROP('Stat')}", "Errors App Sum"),
        ("${PROP('Period')} ${PROP('Region')} ${PROP('AccountId')}", "60 us-east-1 123456789012"),
        ("${PROP('Dim.Host')}", "--"), ("$MAX {MAX} $", "$MAX {MAX} $"),
    ],
)  # fmt: skip
def test_dynamic_labels_of_a_metric(cloudwatch, metrics, label, expected):
    [found] = results(cloudwatch, {**ERRORS, "ReturnData": True, "Label": label})
    assert found["Label"] == expected


def test_dynamic_labels_of_expressions(cloudwatch, metrics):
    metrics.put("App", "CPU", 30, dimensions={"Host": "a"})
    metrics.put("App", "CPU", 50, dimensions={"Host": "b"})
    cpu = [stat(f"m{host}", "CPU", dimensions={"Host": host}) for host in "ab"]
    one = {"Id": "e1", "Expression": "SUM(METRICS())", "Label": "${LABEL}: ${LAST}"}
    each = {"Id": "e2", "Expression": "METRICS() / 8", "Label": "${PROP('Dim.Host')} is ${MAX}"}
    both = {"Id": "e3", "Expression": "METRICS()", "Label": "(${LABEL})"}
    assert list(values(cloudwatch, one, each, both, *cpu)) == [
        "e1: 80", "a is 3.75", "b is 6.25", "(a)", "(b)"]  # fmt: skip
    nothing = {"Id": "e1", "Expression": "LOG(mz)", "Label": "${MAX} of ${DATAPOINT_COUNT}"}
    assert list(values(cloudwatch, nothing, stat("mz", "None"))) == ["-- of 0"]


def test_the_time_zone_of_labels(cloudwatch, metrics):
    asked = {**ERRORS, "ReturnData": True, "Label": "${FIRST_TIME}"}
    found = results(cloudwatch, asked, LabelOptions={"Timezone": "+0130"})
    assert found[0]["Label"] == "2026-03-02 13:30:00"
    found = results(cloudwatch, asked, LabelOptions={"Timezone": "-0500"})
    assert found[0]["Label"] == "2026-03-02 07:00:00"
    assert refused(cloudwatch, asked, LabelOptions={"Timezone": "Paris"}) == (
        "ValidationError", "The value Paris for parameter LabelOptions.Timezone is invalid."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("${LABEL} ${LABEL}", "Invalid dynamic label: ${LABEL} can be used only once."),
        ("${MAX}" * 6, "Invalid dynamic label: at most 5 dynamic values can be used."),
        ("${MEDIAN}", "Invalid dynamic label: ${MEDIAN} is not supported."),
        ("${PROP('Color')}", "Invalid dynamic label: ${PROP('Color')} is not supported."),
    ],
)
def test_labels_that_are_refused(cloudwatch, label, message):
    assert refused(cloudwatch, {**ERRORS, "Label": label}) == ("ValidationError", message)


# -- errors and limits -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("queries", "message"),
    [
        (["errors +"], "Error in expression 'e1': Invalid syntax"),
        (["errors", "ANOMALY_DETECTOR(errors)"],
         "Error in expression 'e2': Function 'ANOMALY_DETECTOR' not found"),
        (["nothing * 2"], "Error in expression 'e1': ID 'nothing' not found"),
        (["METRICS() + METRICS()"],
         "Error in expression 'e1': Unsupported operand type(s) for +: "
         "'[Array[TimeSeries], Array[TimeSeries]]'"),
        (["AVG(errors)"], "Error in expression 'e1': The result must be a time series or an array "
         "of time series"),
        (["'text'"], "Error in expression 'e1': The result must be a time series or an array of "
         "time series"),
        (["e1"], "Error in expression 'e1': Circular dependency on 'e1'"),
        (["errors + e2", "e3 + 1", "e1"], "Error in expression 'e3': Circular dependency on 'e1'"),
        (["PERIOD(e2) * errors", "errors"],
         "Error in expression 'e1': Unsupported operand type(s) for PERIOD: '[TimeSeries]'"),
        ([ERRORS], "The values for parameter id in MetricDataQueries are not unique."),
        ([{"Id": "x"}], "The parameter MetricDataQueries.member.1.MetricStat is required.\n"),
        ([{**REQUESTS, "Expression": "errors"}],
         "The parameters MetricDataQueries.member.1.Expression and "
         "MetricDataQueries.member.1.MetricStat are mutually exclusive and you have specified "
         "both."),
        ([{"Id": "E1", "Expression": "errors"}],
         "The value for parameter MetricDataQueries.member.1.Id is not matching the expected "
         "pattern ^[a-z][a-zA-Z0-9_]*$."),
        ([{"Id": f"m{n}", "Expression": "errors"} for n in range(500)],
         "The collection MetricDataQueries must not have a size greater than 500."),
    ],
)  # fmt: skip
def test_what_is_refused(cloudwatch, metrics, queries, message):
    assert refused(cloudwatch, *queries, ERRORS) == ("ValidationError", message)


def test_a_wrong_expression_is_refused_though_nobody_wants_it(cloudwatch, metrics):
    bad = {"Id": "e1", "Expression": "no +", "ReturnData": False}
    assert refused(cloudwatch, bad, {**ERRORS, "ReturnData": True})[0] == "ValidationError"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"Id": "e1", "Expression": "errors", "Period": 7}, "it was 7"),
        ({**REQUESTS, "Period": 90}, "it was 90"),
        (stat("x", Stat="sum"), "The value sum for parameter Stat is not supported."),
    ],
)
def test_periods_and_statistics_that_there_are_not(cloudwatch, query, message):
    code, words = refused(cloudwatch, query, ERRORS)
    assert code == "InvalidParameterValue"
    assert message in words


def test_an_account_that_is_not_linked_is_told_by_what_depends_on_it(cloudwatch, metrics):
    other = {**ERRORS, "AccountId": "999999999999"}
    [found] = results(cloudwatch, "errors + requests", other, REQUESTS)
    assert found["StatusCode"] == "Forbidden"
    assert found["Messages"][0]["Code"] == "Forbidden"


def test_with_metric_math_there_is_no_second_page(cloudwatch, metrics):
    # API reference, MetricDataResult: NextToken is not returned with a math expression
    answer = ask(cloudwatch, "requests", REQUESTS, MaxDatapoints=2)
    [found] = answer["MetricDataResults"]
    assert (found["Values"], found["StatusCode"]) == ([10, 20], "PartialData")
    assert "NextToken" not in answer


# -- what alarms ask -------------------------------------------------------------------------------


def test_the_window_of_an_alarm_on_metric_math(metrics):
    end = int((NOON + 5 * MINUTE).timestamp())
    rate = {"Id": "e1", "Expression": "errors / requests * 100", "Label": "Rate"}
    [found] = Reader(metrics).windows([rate, REQUESTS, ERRORS], end=end, period=60, count=6)
    start = end - 360
    assert (found.id, found.label) == ("e1", "Rate")
    assert found.window == [
        None, Bucket(start + 60, 1.0, 10.0), Bucket(start + 120, 1.0, 20.0),
        Bucket(start + 180, 1.0, 0.0), Bucket(start + 240, 1.0, 10.0), None,
    ]  # fmt: skip


def test_what_alarms_may_know_of_queries_before_they_read(metrics):
    found = Reader(metrics).facts(
        [{"Id": "e1", "Expression": "SUM(SEARCH('{App} x', 'Sum', 60))"}, ERRORS]
    )
    assert (found.returned, found.functions) == (("e1",), {"SEARCH", "SUM"})
    assert (found.metrics, found.periods) == ((MetricKey("App", "Errors"),), (60,))


def test_nothing_that_was_made_for_a_question_is_state(cloudwatch, monitoring, metrics):
    before = pickle.dumps(vars(metrics)["_catalogue"])
    ask(cloudwatch, "SEARCH('Errors', 'Sum', 60)")
    assert pickle.dumps(vars(metrics)["_catalogue"]) == before


# -- other people's data, and quotas ---------------------------------------------------------------

SOURCE = "arn:aws:lambda:us-east-1:123456789012:function:source"


def test_a_function_answers_as_a_data_source(monitoring, cloudwatch):
    # given a function that answers series, one point of them beside the periods
    events = []
    start = int(NOON.timestamp())

    def source(event):
        events.append(event)
        return {"MetricDataResults": [
            {"Label": "a", "Timestamps": [start + 60, start, start + 90], "Values": [2, 1, 9]},
            {"Label": "b", "Timestamps": [start], "Values": [5]},
        ]}  # fmt: skip

    monitoring.bind(SOURCE, source)
    # when an expression asks it
    found = results(cloudwatch, "LAMBDA('source', 'up', 3)")
    # then it hears what for, and its series are the answer
    assert events[0]["EventType"] == "GetMetricData"
    asked = events[0]["GetMetricDataRequest"]
    assert (asked["Period"], asked["Arguments"]) == (60, ["up", 3.0])
    assert [(each["Label"], each["Values"]) for each in found] == [("a", [1, 2]), ("b", [5])]
    assert results(cloudwatch, "SUM(LAMBDA('source'))")[0]["Values"] == [6, 2]


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [  # User Guide, "Create a custom connector to a data source"
        ({"Error": {"Code": "Forbidden", "Value": "no"}}, "Forbidden", "Forbidden"),
        ({"Error": {"Code": "Unreachable", "Value": "no"}}, "InternalError", "Unreachable"),
        (None, "InternalError", "FunctionError"),
    ],
)
def test_a_data_source_that_cannot_answer(monitoring, cloudwatch, answer, status, code):
    monitoring.bind(SOURCE, lambda event: answer)
    [found] = results(cloudwatch, "LAMBDA('source')")
    assert (found["StatusCode"], found["Values"]) == (status, [])
    assert found["Messages"][0]["Code"] == code


def test_a_data_source_that_fails_or_refuses(monitoring, cloudwatch):
    monitoring.bind(SOURCE, lambda event: 1 / 0)
    [found] = results(cloudwatch, "LAMBDA('source')")
    assert found["StatusCode"] == "InternalError"
    assert "ZeroDivisionError" in found["Messages"][0]["Value"]
    monitoring.bind(SOURCE, lambda event: {"Error": {"Code": "Validation", "Value": "no cluster"}})
    with pytest.raises(AwsError, match="no cluster"):  # whose function was called all the same
        monitoring.metrics.query("LAMBDA('source')", start=NOON)


def test_a_function_may_itself_ask_for_metrics(monitoring, cloudwatch, metrics):
    """The lock is let go while it is called."""

    def source(event):
        [found] = results(cloudwatch, "errors * 2", ERRORS)
        at = [int(each.timestamp()) for each in found["Timestamps"]]
        return {"MetricDataResults": [{"Timestamps": at, "Values": found["Values"]}]}

    monitoring.bind(SOURCE, source)
    [doubled] = results(cloudwatch, "errors * 2", ERRORS)
    assert results(cloudwatch, "LAMBDA('source')")[0]["Values"] == doubled["Values"]


def test_the_quota_of_a_usage_metric(cloudwatch, metrics):
    assert results(cloudwatch, "SERVICE_QUOTA(errors)", ERRORS)[0]["Values"] == []
    metrics.quotas[MetricKey("App", "Errors")] = 20
    # 1, 4, nothing, 5 and 2 of 20, in per cent
    [found] = results(cloudwatch, "errors / SERVICE_QUOTA(errors) * 100", ERRORS)
    assert found["Values"] == [5, 20, 0, 25, 10]
