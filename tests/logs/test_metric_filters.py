"""Metric filters: what they are, and the metrics that they make."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

from awsmon.core.neighbours import MetricKey
from tests.logs.conftest import NOW, event, refused

START = datetime(2026, 3, 2, 11, tzinfo=timezone.utc)
END = START + timedelta(hours=3)


def put(logs, pattern="ERROR", *, name="errors", group="/app", value="1", metric="Errors",
        more=None, **transformation):  # fmt: skip
    logs.put_metric_filter(
        logGroupName=group, filterName=name, filterPattern=pattern,
        metricTransformations=[
            {"metricName": metric, "metricNamespace": "App", "metricValue": value, **transformation}
        ],
        **(more or {}),
    )  # fmt: skip


def values(monitoring, metric="Errors", statistic="Sum", **more):
    found = monitoring.metrics.get("App", metric, statistic, start=START, end=END, **more)
    return [(f"{at:%H:%M}", value) for at, value in found]


# -- the resource ----------------------------------------------------------------------------------


def test_a_filter_is_described_as_aws_does(logs, stream):
    put(logs, " ", defaultValue=0)
    [found] = logs.describe_metric_filters(logGroupName="/app")["metricFilters"]
    assert found == {  # recorded 2026
        "applyOnTransformedLogs": False,
        "creationTime": NOW,
        "filterName": "errors",
        "filterPattern": " ",
        "logGroupName": "/app",
        "metricTransformations": [
            {"defaultValue": 0.0, "metricName": "Errors", "metricNamespace": "App",
             "metricValue": "1"}
        ],
    }  # fmt: skip
    assert logs.describe_log_groups()["logGroups"][0]["metricFilterCount"] == 1


def test_a_filter_of_the_same_name_is_replaced(logs, stream):
    put(logs, "a")
    put(logs, "b", metric="Other")
    [found] = logs.describe_metric_filters(logGroupName="/app")["metricFilters"]
    assert found["filterPattern"] == "b"


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"logGroupName": "/app"}, ["a1", "a2"]),
        ({}, ["a1", "a1", "a2"]),
        ({"logGroupName": "/app", "filterNamePrefix": "a1"}, ["a1"]),
        # API reference: the prefix is used only if the group is given too
        ({"filterNamePrefix": "a1"}, ["a1", "a1", "a2"]),
        ({"metricName": "M2", "metricNamespace": "App"}, ["a2"]),
        ({"metricName": "M2", "metricNamespace": "Else"}, []),
    ],
)
def test_filters_are_found(logs, stream, how, expected):
    logs.create_log_group(logGroupName="/else")
    put(logs, name="a2", metric="M2")
    put(logs, name="a1", metric="M1")
    put(logs, name="a1", group="/else")
    found = logs.describe_metric_filters(**how)["metricFilters"]
    assert [each["filterName"] for each in found] == expected


def test_filters_come_in_pages(logs, stream):
    for number in range(60):
        put(logs, name=f"f{number:02}")
    pages = logs.get_paginator("describe_metric_filters").paginate(logGroupName="/app")
    assert [len(page["metricFilters"]) for page in pages] == [50, 10]


def test_a_deleted_filter_makes_no_more_datapoints(monitoring, logs, stream):
    put(logs)
    logs.put_log_events(**stream, logEvents=[event("ERROR")])
    logs.delete_metric_filter(logGroupName="/app", filterName="errors")
    assert logs.describe_metric_filters(logGroupName="/app")["metricFilters"] == []
    logs.put_log_events(**stream, logEvents=[event("ERROR")])
    assert values(monitoring) == [("12:00", 1)]
    with pytest.raises(ClientError) as error:
        logs.delete_metric_filter(logGroupName="/app", filterName="errors")
    assert refused(error) == (
        "ResourceNotFoundException",
        "The specified metric filter does not exist.",
    )


def test_a_hundred_filters_are_the_most(logs, stream):
    for number in range(100):
        put(logs, name=f"f{number}")
    put(logs, "b", name="f0")
    with pytest.raises(ClientError) as error:
        put(logs, name="one more")
    assert refused(error) == ("LimitExceededException", "Resource limit exceeded.")


def test_five_regular_expressions_are_the_most_of_a_group(logs, stream):
    put(logs, "{ $.a = %x% && $.b = %y% }", name="two")
    put(logs, "{ $.a = %x% && $.b = %y% }", name="two more")
    put(logs, "%z%", name="five")
    put(logs, "plain", name="none")
    with pytest.raises(ClientError) as error:
        put(logs, "%z%", name="six")
    assert refused(error)[0] == "LimitExceededException"


TWO = "{ $.status = 5* && $.path = * }"


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"pattern": "foo/bar"}, "Invalid character(s) in term '/'"),
        ({"pattern": "{ $.a = 1"}, "If a filter pattern starts with '{' it must end with '}'"),
        ({"pattern": "ERROR", "dimensions": {"Path": "$.path"}},
         "The specified filter pattern does not support dimensions"),
        ({"pattern": TWO, "dimensions": {"Path": "$.path"}, "defaultValue": 0},
         "Invalid metric transformation: dimensions and default value are mutually exclusive "
         "properties."),
        ({"pattern": TWO, "dimensions": {f"d{n}": "$.path" for n in range(4)}},
         "Invalid metric transformation: there can be at most 3 dimensions."),
        ({"pattern": TWO, "dimensions": {f"d{n}": "$.path" for n in range(2)},
          "more": {"emitSystemFieldDimensions": ["@aws.account", "@aws.region"]}},
         "Invalid metric transformation: there can be at most 3 dimensions."),
        ({"pattern": TWO, "dimensions": {"Path": "fixed"}},
         "Invalid metric transformation: fixed is neither a number nor a selector."),
        ({"pattern": TWO, "value": "many"},
         "Invalid metric transformation: many is neither a number nor a selector."),
        ({"more": {"emitSystemFieldDimensions": ["@aws.user"]}},
         "Invalid system field: @aws.user"),
        ({"more": {"fieldSelectionCriteria": "@aws.region ="}}, "Invalid selection criteria"),
        ({"pattern": "x" * 1025},
         f"1 validation error detected: Value '{'x' * 1025}' at 'filterPattern' failed to satisfy "
         "constraint: Member must have length less than or equal to 1024"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_work_is_refused(logs, stream, how, message):
    with pytest.raises(ClientError) as error:
        put(logs, **how)
    assert refused(error) == ("InvalidParameterException", message)


def test_one_transformation_is_the_most(logs, stream):
    each = {"metricNamespace": "n", "metricValue": "1"}
    with pytest.raises(ClientError) as error:
        logs.put_metric_filter(
            logGroupName="/app", filterName="f", filterPattern="",
            metricTransformations=[{"metricName": "a", **each}, {"metricName": "b", **each}],
        )  # fmt: skip
    assert refused(error)[1] == (  # recorded 2026
        "1 validation error detected: Value '[MetricTransformation(metricName=a, "
        "metricNamespace=n, metricValue=1, defaultValue=null, unit=null, dimensions=null), "
        "MetricTransformation(metricName=b, metricNamespace=n, metricValue=1, defaultValue=null, "
        "unit=null, dimensions=null)]' at 'metricTransformations' failed to satisfy constraint: "
        "Member must have length less than or equal to 1"
    )


def test_metric_name_and_namespace_go_together(logs):
    with pytest.raises(ClientError) as error:
        logs.describe_metric_filters(metricName="Errors")
    assert refused(error)[0] == "InvalidParameterException"


def test_infrequent_access_has_no_filters(logs):
    logs.create_log_group(logGroupName="ia", logGroupClass="INFREQUENT_ACCESS")
    with pytest.raises(ClientError) as error:
        put(logs, group="ia")
    assert refused(error)[0] == "InvalidOperationException"


# -- at work ---------------------------------------------------------------------------------------


def test_matches_count_in_the_minutes_of_their_events(monitoring, logs, stream):
    put(logs)
    logs.put_log_events(
        **stream,
        logEvents=[event("ERROR a", -61), event("fine", -60), event("ERROR b", -1),
                   event("ERROR c", 0), event("ERROR d", 1)],
    )  # fmt: skip
    assert values(monitoring) == [("11:58", 1), ("11:59", 1), ("12:00", 2)]


@pytest.mark.parametrize(
    ("pattern", "value", "message", "expected"),
    [  # User Guide, "Publishing numerical values found in log entries"
        ("{ $.latency = * }", "$.latency", '{"latency": 50, "requestType": "GET"}', 50),
        ("[ip, id, user, timestamp, request, status_code, size]", "$size",
         '127.0.0.1 - frank [10/Oct/2000:13:35:15 -0700] "GET /apache_pb.gif HTTP/1.0" 200 1534',
         1534),
        ("[ip, , , , , , size]", "$7", "a b c d e f 12.5", 12.5),
        ("{ $.a.b > 1 }", "$.a.b", '{"a": {"b": 1e2}}', 100),
        ("{ $.latency = * }", "$.latency", '{"latency": "slow"}', None),
        ("{ $.id = * }", "$.latency", '{"id": 1}', None),
        ("ERROR", "-2.5", "ERROR", -2.5),
    ],
)  # fmt: skip
def test_values_are_read_from_events(monitoring, logs, stream, pattern, value, message, expected):
    put(logs, pattern, value=value)
    logs.put_log_events(**stream, logEvents=[event(message)])
    assert values(monitoring) == ([] if expected is None else [("12:00", expected)])


def test_the_unit_is_that_of_the_transformation(monitoring, logs, stream):
    put(logs, "{ $.ms = * }", value="$.ms", unit="Milliseconds")
    logs.put_log_events(**stream, logEvents=[event('{"ms": 5}'), event('{"ms": 7}')])
    assert values(monitoring, statistic="Maximum", unit="Milliseconds") == [("12:00", 7)]
    assert values(monitoring, unit="Count") == []


def test_the_default_is_told_for_minutes_in_which_nothing_matched(monitoring, logs, stream):
    # User Guide, MetricTransformation: reported for each period with logs and without a match
    put(logs, defaultValue=0)
    logs.put_log_events(**stream, logEvents=[event("fine", -60), event("fine"), event("ERROR")])
    assert values(monitoring, statistic="SampleCount") == [("12:00", 1)]
    monitoring.clock.advance(minutes=5)
    assert values(monitoring, statistic="SampleCount") == [("11:59", 1), ("12:00", 1)]
    assert values(monitoring) == [("11:59", 0), ("12:00", 1)]


def test_dimensions_are_read_from_events(monitoring, logs, stream):
    put(logs, "{ $.path = * }", dimensions={"Path": "$.path", "Method": "$.method"})
    logs.put_log_events(
        **stream,
        logEvents=[event('{"path": "/a", "method": "GET"}')] * 2
        + [event('{"path": "/b", "method": "GET"}'), event('{"path": "/b"}')],
    )
    assert values(monitoring, dimensions={"Path": "/a", "Method": "GET"}) == [("12:00", 2)]
    assert values(monitoring, dimensions={"Path": "/b", "Method": "GET"}) == [("12:00", 1)]
    assert [key for key in monitoring.metrics if key.namespace == "App"] == [
        MetricKey.of("App", "Errors", {"Path": path, "Method": "GET"}) for path in ("/a", "/b")
    ]


def test_system_fields_become_dimensions(monitoring, logs, stream):
    put(logs, more={"emitSystemFieldDimensions": ["@aws.account", "@aws.region"]})
    logs.put_log_events(**stream, logEvents=[event("ERROR")])
    dimensions = {"@aws.account": "123456789012", "@aws.region": "us-east-1"}
    assert values(monitoring, dimensions=dimensions) == [("12:00", 1)]


@pytest.mark.parametrize(
    ("criteria", "selected"),
    [
        ('@aws.region = "us-east-1"', True),
        ('@aws.region != "us-east-1"', False),
        ('@aws.account IN ["123456789012", "987654321098"]', True),
        ('@aws.account NOT IN ["123456789012"] or @aws.region IN ["eu-west-1"]', False),
    ],
)
def test_criteria_select_by_system_fields(monitoring, logs, stream, criteria, selected):
    put(logs, more={"fieldSelectionCriteria": criteria})
    logs.put_log_events(**stream, logEvents=[event("ERROR")])
    assert values(monitoring) == ([("12:00", 1)] if selected else [])


def test_late_events_count_in_their_own_minute(monitoring, logs, stream):
    put(logs)
    monitoring.clock.advance(hours=1)
    logs.put_log_events(**stream, logEvents=[event("ERROR")])
    assert values(monitoring) == [("12:00", 1)]


def test_a_log_line_moves_a_metric_an_alarm_and_a_notification(
    monitoring, logs, stream, cloudwatch
):
    # given a filter for errors, an alarm on its metric, a topic with somebody behind it
    topic, told = "arn:aws:sns:us-east-1:123456789012:oncall", []
    monitoring.bind(topic, told.append)
    put(logs, "{ $.level = ERROR }", defaultValue=0)
    cloudwatch.put_metric_alarm(
        AlarmName="errors", Namespace="App", MetricName="Errors", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=0, ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic],
    )  # fmt: skip
    # when a line says ERROR
    logs.put_log_events(**stream, logEvents=[event('{"level": "ERROR", "text": "no disk"}')])
    monitoring.clock.advance(minutes=1)
    # then the alarm goes off, the topic is told, and the trace leads back to the call
    assert monitoring.alarms["errors"].state == "ALARM"
    assert [each["Subject"] for each in told] == ['ALARM: "errors" in US East (N. Virginia)']
    story = str(monitoring.trace())
    lines = ["logs.PutLogEvents", "log events /app web: 1 event",
             "metric filter errors: App/Errors",
             "datapoint App/Errors", "alarm errors: INSUFFICIENT_DATA -> ALARM",
             f"delivery to {topic}: delivered"]  # fmt: skip
    places = [story.index(line) for line in lines]
    assert places == sorted(places)


# -- TestMetricFilter ------------------------------------------------------------------------------


def test_messages_are_tried_against_a_pattern(logs):
    # API reference, TestMetricFilter: the examples' messages and answers
    line = '127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /apache_pb.gif HTTP/1.0" 500 5324'
    answer = logs.test_metric_filter(
        filterPattern="[ip, identity, user_id, timestamp, request, status_code = 500, size]",
        logEventMessages=[line.replace("500 5324", "200 1534"), line],
    )
    assert answer["matches"] == [
        {
            "eventNumber": 1,
            "eventMessage": line,
            "extractedValues": {
                "$ip": "127.0.0.1", "$identity": "-", "$user_id": "frank",
                "$timestamp": "10/Oct/2000:13:35:22 -0700",
                "$request": "GET /apache_pb.gif HTTP/1.0", "$status_code": "500", "$size": "5324",
            },
        }
    ]  # fmt: skip


def test_a_bad_pattern_cannot_be_tried(logs):
    with pytest.raises(ClientError) as error:
        logs.test_metric_filter(filterPattern="[a", logEventMessages=["a"])
    assert refused(error)[0] == "InvalidParameterException"
