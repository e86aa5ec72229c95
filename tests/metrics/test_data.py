"""Datapoints in and out: PutMetricData in all forms, the reading operations, AWS's errors."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from awsmon import MisuseError, Monitoring, mock_monitoring
from awsmon.core.units import UNITS
from awsmon.metrics.statistics import statistic
from awsmon.metrics.store import Aggregate, Series, StatisticSet

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
ALL = ["SampleCount", "Sum", "Minimum", "Maximum", "Average"]


def put(client, **datum):
    client.put_metric_data(Namespace="App", MetricData=[{"MetricName": "m", **datum}])


def read(
    client, *, start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1), period=60, **more
):
    more.setdefault("Statistics", ALL)
    return client.get_metric_statistics(
        Namespace="App", MetricName="m", StartTime=start, EndTime=end, Period=period, **more
    )["Datapoints"]


def query(client, *stats, start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1), **more):
    queries = [
        {"Id": f"q{n}", "MetricStat": {"Metric": {"Namespace": "App", "MetricName": "m"},
                                       "Period": 60, "Stat": "Sum", **stat}}
        for n, stat in enumerate(stats or ({},))
    ]  # fmt: skip
    return client.get_metric_data(MetricDataQueries=queries, StartTime=start, EndTime=end, **more)


@pytest.mark.parametrize(
    ("datum", "expected"),
    [
        ({"Value": 5}, (1, 5, 5, 5, 5)),
        ({"Values": [1, 2, 3]}, (3, 6, 1, 3, 2)),
        ({"Values": [1, 4], "Counts": [3, 1]}, (4, 7, 1, 4, 1.75)),
        ({"StatisticValues": {"SampleCount": 4, "Sum": 10, "Minimum": 1, "Maximum": 4}},
         (4, 10, 1, 4, 2.5)),
    ],
)  # fmt: skip
def test_every_form_of_a_datum_counts(cloudwatch, datum, expected):
    put(cloudwatch, **datum)
    [point] = read(cloudwatch)
    assert tuple(point[name] for name in ALL) == expected
    assert point["Timestamp"] == NOON
    assert point["Unit"] == "None"


def test_points_of_one_minute_are_one_datapoint(monitoring, cloudwatch):
    for second in (0, 20, 59):
        put(cloudwatch, Value=second, Timestamp=NOON + timedelta(seconds=second))
    put(cloudwatch, Value=1, Timestamp=NOON + timedelta(seconds=60))
    assert [p["Sum"] for p in read(cloudwatch)] == [79, 1]
    assert [p["Sum"] for p in read(cloudwatch, period=300)] == [80]


def test_dimensions_make_a_metric_whatever_their_order(cloudwatch):
    a, b = {"Name": "A", "Value": "1"}, {"Name": "B", "Value": "2"}
    put(cloudwatch, Value=1, Dimensions=[a, b])
    put(cloudwatch, Value=2, Dimensions=[b, a])
    put(cloudwatch, Value=4, Dimensions=[a])
    put(cloudwatch, Value=8)
    assert [p["Sum"] for p in read(cloudwatch, Dimensions=[b, a])] == [3]
    assert [p["Sum"] for p in read(cloudwatch)] == [8]


def test_units_are_streams_of_their_own(cloudwatch):
    # given one metric in two units
    put(cloudwatch, Value=1, Unit="Seconds")
    put(cloudwatch, Value=2, Unit="Milliseconds")
    # then GetMetricStatistics gives a datapoint for each, and GetMetricData the first of them
    assert {(p["Unit"], p["Sum"]) for p in read(cloudwatch)} == {
        ("Seconds", 1),
        ("Milliseconds", 2),
    }
    assert [p["Sum"] for p in read(cloudwatch, Unit="Seconds")] == [1]
    [result] = query(cloudwatch)["MetricDataResults"]
    assert result["Values"] == [2]
    assert result["Messages"] == [
        {"Code": "MultipleUnits", "Value": "Multiple units returned: '[Milliseconds, Seconds]'"}
    ]
    [result] = query(cloudwatch, {"Unit": "Count"})["MetricDataResults"]
    assert (result["Values"], result["StatusCode"]) == ([], "Complete")


def test_get_metric_data_newest_first_or_oldest(cloudwatch):
    for minute in range(3):
        put(cloudwatch, Value=minute, Timestamp=NOON + timedelta(minutes=minute))
    [result] = query(cloudwatch)["MetricDataResults"]
    assert result["Values"] == [2, 1, 0]
    assert result["Timestamps"][0] == NOON + timedelta(minutes=2)
    [result] = query(cloudwatch, ScanBy="TimestampAscending")["MetricDataResults"]
    assert result["Values"] == [0, 1, 2]


@pytest.mark.parametrize(
    ("stats", "labels"),
    [  # recorded: LocalStack's snapshots of GetMetricData
        ([{}], ["m"]),
        ([{"Stat": "Sum"}, {"Stat": "Average"}], ["m Sum", "m Average"]),
        ([{"Period": 60}, {"Period": 300}], ["m 60", "m 300"]),
        ([{"Stat": "Sum", "Period": 60}, {"Stat": "Average", "Period": 300}],
         ["m Sum 60", "m Average 300"]),
    ],
)  # fmt: skip
def test_labels_tell_the_queries_apart(cloudwatch, stats, labels):
    put(cloudwatch, Value=1)
    assert [r["Label"] for r in query(cloudwatch, *stats)["MetricDataResults"]] == labels


def test_pages_of_get_metric_data(cloudwatch):
    for minute in range(5):
        put(cloudwatch, Value=minute, Timestamp=NOON + timedelta(minutes=minute))
    first = query(cloudwatch, MaxDatapoints=3)
    assert first["MetricDataResults"][0]["Values"] == [4, 3, 2]
    assert first["MetricDataResults"][0]["StatusCode"] == "PartialData"
    rest = query(cloudwatch, MaxDatapoints=3, NextToken=first["NextToken"])
    assert rest["MetricDataResults"][0]["Values"] == [1, 0]
    assert "NextToken" not in rest


def test_the_range_includes_its_start_and_not_its_end(cloudwatch):
    for minute in range(3):
        put(cloudwatch, Value=minute, Timestamp=NOON + timedelta(minutes=minute))
    points = read(cloudwatch, start=NOON, end=NOON + timedelta(minutes=2))
    assert [p["Sum"] for p in points] == [0, 1]


def test_the_start_is_rounded_down_to_the_minute(cloudwatch):
    put(cloudwatch, Value=1)
    [point] = read(cloudwatch, start=NOON + timedelta(seconds=23), end=NOON + timedelta(minutes=5))
    assert point["Timestamp"] == NOON


def test_the_documented_rounding_of_short_periods(monitoring, cloudwatch):
    # API reference, GetMetricData: from 01:05:23 with a period of 10, data from 01:05:10 on
    at = datetime(2026, 3, 2, 13, 5, 10, tzinfo=timezone.utc)
    monitoring.clock.run_until(at + timedelta(minutes=1))
    for second in (0, 5, 10):
        put(cloudwatch, Value=1, Timestamp=at + timedelta(seconds=second), StorageResolution=1)
    [result] = query(
        cloudwatch, {"Period": 10}, start=at + timedelta(seconds=13), end=at + timedelta(minutes=1)
    )["MetricDataResults"]
    assert result["Timestamps"] == [at + timedelta(seconds=10)]


def test_metrics_are_listed_with_filters_until_two_weeks_after_their_last_point(
    monitoring, cloudwatch
):
    put(cloudwatch, Value=1, Dimensions=[{"Name": "A", "Value": "1"}, {"Name": "B", "Value": "2"}])
    put(cloudwatch, Value=1)
    monitoring.metrics.put("Other", "n", 1)

    def listed(**filters):
        return len(cloudwatch.list_metrics(**filters)["Metrics"])

    assert listed() == 3
    assert listed(Namespace="App") == 2
    assert listed(MetricName="n") == 1
    assert listed(Dimensions=[{"Name": "A"}]) == 1
    assert listed(Dimensions=[{"Name": "A", "Value": "2"}]) == 0
    monitoring.clock.advance(hours=4)
    assert listed(RecentlyActive="PT3H") == 0
    monitoring.clock.advance(days=14)
    assert listed() == 0


def test_pages_of_list_metrics(monitoring, cloudwatch):
    for number in range(501):
        monitoring.metrics.put("App", f"m{number}", 1)
    first = cloudwatch.list_metrics()
    assert len(first["Metrics"]) == 500
    assert len(cloudwatch.list_metrics(NextToken=first["NextToken"])["Metrics"]) == 1
    with pytest.raises(cloudwatch.exceptions.ClientError, match="NextToken is invalid") as caught:
        cloudwatch.list_metrics(NextToken="nonsense")
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValue"


M = "MetricData.member.1"
ERRORS = [
    ({"Value": 1, "Values": [1]}, "InvalidParameterCombination",
     f"The parameters {M}.Value and {M}.Values are mutually exclusive and you have specified "
     "both."),
    ({"Value": 1, "StatisticValues": {"SampleCount": 1, "Sum": 1, "Minimum": 1, "Maximum": 1}},
     "InvalidParameterCombination",
     f"The parameters {M}.Value and {M}.StatisticValues are mutually exclusive and you have "
     "specified both."),
    ({"Values": [1, 2], "Counts": [1]}, "InvalidParameterValue",
     f"The parameters {M}.Values and {M}.Counts must be of the same size."),
    ({"Value": float("nan")}, "InvalidParameterValue",
     f"The value NaN for parameter {M}.Value is invalid."),
    ({"Value": float("inf")}, "InvalidParameterValue",
     f"The value Infinity for parameter {M}.Value is invalid."),
    ({"Value": 1, "StorageResolution": 5}, "InvalidParameterValue",
     f"The parameter {M}.StorageResolution must be 1 or 60."),
    ({"Value": 1, "Timestamp": NOON - timedelta(days=15)}, "InvalidParameterValue",
     f"The parameter {M}.Timestamp must specify a time within the past two weeks."),
    ({"Value": 1, "Timestamp": NOON + timedelta(hours=3)}, "InvalidParameterValue",
     f"The parameter {M}.Timestamp must specify a time no more than two hours in the future."),
    ({"Values": list(range(151))}, "InvalidParameterValue",
     f"The collection {M}.Values must not have a size greater than 150."),
    ({"Values": [1], "Counts": [-1]}, "InvalidParameterValue",
     f"The value -1.0 for parameter {M}.Counts is invalid."),
    ({"StatisticValues": {"SampleCount": 0, "Sum": 1, "Minimum": 1, "Maximum": 1}},
     "InvalidParameterValue",
     f"The value 0.0 for parameter {M}.StatisticValues.SampleCount is invalid."),
    ({"Values": []}, "MissingParameter", f"At least one of the parameters {M}.Value or "
     f"{M}.StatisticValues must be specified."),
    ({}, "MissingParameter", f"At least one of the parameters {M}.Value or {M}.StatisticValues "
     "must be specified."),
]  # fmt: skip


@pytest.mark.parametrize(("datum", "code", "message"), ERRORS)
def test_a_bad_datum_is_refused_and_nothing_is_stored(cloudwatch, datum, code, message):
    # given a bad datum behind a good one
    data = [{"MetricName": "m", **datum}, {"MetricName": "good", "Value": 1}]
    # when both are put
    with pytest.raises(cloudwatch.exceptions.ClientError) as caught:
        cloudwatch.put_metric_data(Namespace="App", MetricData=data)
    # then AWS's code and words come back, and neither is there
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)
    assert cloudwatch.list_metrics()["Metrics"] == []


def test_a_thousand_metrics_at_most(cloudwatch):
    data = [{"MetricName": "m", "Value": 1}] * 1001
    with pytest.raises(cloudwatch.exceptions.ClientError, match="size greater than 1000"):
        cloudwatch.put_metric_data(Namespace="App", MetricData=data)


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        ({"start": NOON - timedelta(days=1), "period": 1, "end": NOON},
         "InvalidParameterCombination",
         "You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may "
         "reduce the datapoints requested by increasing Period, or decreasing the time range."),
        ({"start": NOON, "end": NOON}, "InvalidParameterValue",
         "The parameter StartTime must be less than the parameter EndTime."),
        ({"ExtendedStatistics": ["p99"]}, "InvalidParameterCombination",
         "The parameters Statistics and ExtendedStatistics are mutually exclusive and you have "
         "specified both."),
    ],
)  # fmt: skip
def test_get_metric_statistics_refuses_in_aws_words(cloudwatch, more, code, message):
    with pytest.raises(cloudwatch.exceptions.ClientError) as caught:
        read(cloudwatch, **more)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)


def test_tags_on_an_alarm(cloudwatch):
    from tests.alarms.builders import alarm

    cloudwatch.put_metric_alarm(**alarm(), Tags=[{"Key": "team", "Value": "a"}])
    arn = cloudwatch.describe_alarms()["MetricAlarms"][0]["AlarmArn"]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "stage", "Value": "test"}])
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["team", "none"])
    tags = cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert tags == [{"Key": "stage", "Value": "test"}]
    cloudwatch.delete_alarms(AlarmNames=["too-many-errors"])
    with pytest.raises(cloudwatch.exceptions.ResourceNotFoundException):
        cloudwatch.list_tags_for_resource(ResourceARN=arn)


def test_tags_on_an_alarm_that_is_called_like_a_dashboard():
    from tests.alarms.builders import alarm

    with mock_monitoring(now="2026-03-02T12:00:00Z"):
        cloudwatch = boto3.client("cloudwatch", "eu-west-1")
        cloudwatch.put_metric_alarm(**alarm("x:dashboard/y"), Tags=[{"Key": "k", "Value": "v"}])
        arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:x:dashboard/y"
        tags = cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]
        assert tags == [{"Key": "k", "Value": "v"}]


# -- statistics ------------------------------------------------------------------------------------


def held(*values, sets=()):
    series = Series()
    for value in values:
        series.add(0, float(value))
    for found in sets:
        series.add_set(StatisticSet(0, *found))
    [aggregate] = series.aggregate(0, 60, 60, raw=True)
    return aggregate


HUNDRED = held(*range(1, 101))


@pytest.mark.parametrize(
    ("name", "expected"),
    [  # User Guide, "CloudWatch statistics definitions", on the values 1 to 100, worked out by hand
        ("p50", 50), ("p99", 99), ("p100", 100), ("p0", 1), ("p99.9", 100),
        ("tm90", 45.5), ("TM(:90%)", 45.5), ("TM(10%:90%)", 50.5), ("IQM", 50.5),
        ("TM(10:20)", 15.5),  # above 10, up to and with 20
        ("wm98", (sum(range(1, 99)) + 98 * 2) / 100),
        ("WM(10:90)", (10 * 10 + sum(range(11, 91)) + 90 * 10) / 100),
        ("tc90", 90), ("TC(10:20)", 10), ("TC(:5)", 5), ("TC(95:)", 5),
        ("ts10", 55), ("TS(80%:)", sum(range(81, 101))), ("PR(:25)", 25), ("PR(10:30)", 20),
    ],
)  # fmt: skip
def test_the_documented_statistics(name, expected):
    assert statistic(name).of(HUNDRED) == pytest.approx(expected)


@pytest.mark.parametrize(
    "name", ["p101", "px", "sum", "TM", "TM()", "TM(:)", "TM(1:5%)", "PR(1%:2%)", "tm", "P99", ""]
)
def test_what_is_no_statistic(name):
    assert statistic(name) is None


@pytest.mark.parametrize(
    ("sets", "p50"),
    [  # User Guide, "Percentiles": only where all values of the set are known
        ([(1, 5, 5, 5)], 5), ([(4, 20, 5, 5)], 5), ([(4, 20, 1, 9)], None),
    ],
)  # fmt: skip
def test_percentiles_of_statistic_sets(sets, p50):
    assert statistic("p50").of(held(sets=sets)) == p50


def test_no_percentiles_with_negative_values():
    assert statistic("p50").of(held(-1, 2)) is None


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 50), st.integers(1, 3)), max_size=40),
    st.sampled_from([1, 5, 7]),
)
def test_a_series_agrees_with_a_list(points, period):
    """Late points, counts and batches: the same sums as a plain list's."""
    series = Series()
    half = len(points) // 2
    for time, value, count in points[:half]:
        series.add(time, float(value), float(count))
    series.extend([p[0] for p in points[half:]], [float(p[1]) for p in points[half:]])
    known = [*points[:half], *((t, v, 1) for t, v, _ in points[half:])]
    found = {a.start: (a.samples, a.sum) for a in series.aggregate(0, 21, period, raw=False)}
    expected: dict[int, tuple[float, float]] = {}
    for time, value, count in known:
        start = time // period * period
        samples, total = expected.get(start, (0, 0))
        expected[start] = (samples + count, total + value * count)
    assert found == expected
    assert isinstance(held(1), Aggregate)


@pytest.mark.parametrize(
    ("more", "message"),
    [({"unit": "Bananas"}, "Bananas"), ({"resolution": 5}, "1 or 60"),
     ({"dimensions": {"A": 1}}, "A"), ({"dimensions": {str(n): "x" for n in range(31)}}, "30"),
     ({"value": []}, "at least one")],
)  # fmt: skip
def test_the_direct_api_refuses_what_the_door_would(more, message):
    with pytest.raises(MisuseError, match=message):
        Monitoring(now=NOON).metrics.put("App", "m", **{"value": 1, **more})


def test_units_are_those_of_the_model():
    import botocore.session

    model = botocore.session.Session().get_service_model("cloudwatch")
    assert set(model.shape_for("StandardUnit").enum) == UNITS


def test_put_series_is_all_or_nothing():
    mon = Monitoring(now=NOON)
    from awsmon.errors import AwsError

    with pytest.raises(AwsError, match="two hours in the future"):
        mon.metrics.put_series("App", "m", [(NOON, 1.0), (NOON + timedelta(hours=3), 1.0)])
    assert list(mon.metrics) == []
    mon.metrics.put_series("App", "m", [(NOON + timedelta(minutes=1), 2.0), (NOON, 1.0)])
    end = NOON + timedelta(minutes=5)
    assert mon.metrics.get("App", "m", "Sum", start=NOON, end=end) == [
        (NOON, 1.0), (NOON + timedelta(minutes=1), 2.0)
    ]  # fmt: skip


# -- entities --------------------------------------------------------------------------------------

SHOP = {"Type": "Service", "Name": "shop", "Environment": "prod"}
BAD_KEYS = [  # API reference, PutMetricData, StrictEntityValidation
    ({"Type": "Nonsense", "Name": "shop"}, "InvalidTypeValue"),
    ({"Name": "shop", "Environment": "prod"}, "MissingRequiredFields"),
    ({"Type": "AWS::Resource", "Identifier": "i-1"}, "MissingRequiredFields"),
    ({"Type": "Service", "Colour": "red"}, "InvalidKeyAttributes"),
]


def of_entity(*entities, strict=False):
    told = [
        {"Entity": {"KeyAttributes": keys, "Attributes": {"Team": "blue"}},
         "MetricData": [{"MetricName": "m", "Value": 1}]}
        for keys in entities
    ]  # fmt: skip
    return {"Namespace": "App", "EntityMetricData": told, "StrictEntityValidation": strict}


@pytest.mark.needs("cloudwatch.PutMetricData.EntityMetricData")
class TestEntities:
    def test_metrics_belong_to_entities_for_three_hours(self, monitoring, cloudwatch):
        # when a datapoint comes with an entity
        answer = cloudwatch.put_metric_data(**of_entity(SHOP))
        # then it is stored, and the metric belongs to it
        assert "x-amzn-failure-message" not in answer["ResponseMetadata"]["HTTPHeaders"]
        assert read(cloudwatch)[0]["Sum"] == 1
        [entity] = monitoring.metrics.entities.of("App", "m")
        assert (entity.key_attributes, entity.attributes) == (SHOP, {"Team": "blue"})
        assert monitoring.metrics.entities.of("App", "other") == []
        # and after three hours without another no longer
        monitoring.clock.advance(hours=3)
        assert monitoring.metrics.entities.of("App", "m") == []

    @pytest.mark.parametrize(("keys", "wrong"), BAD_KEYS)
    def test_a_bad_entity_is_told_in_a_header_and_the_data_kept(
        self, monitoring, cloudwatch, keys, wrong
    ):
        answer = cloudwatch.put_metric_data(**of_entity(keys))
        assert answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-failure-message"] == wrong
        assert read(cloudwatch)[0]["Sum"] == 1
        assert monitoring.metrics.entities.of("App", "m") == []

    @pytest.mark.parametrize(("keys", "wrong"), BAD_KEYS)
    def test_strictly_checked_it_refuses_all(self, monitoring, cloudwatch, keys, wrong):
        with pytest.raises(ClientError, match=wrong):
            cloudwatch.put_metric_data(
                MetricData=[{"MetricName": "n", "Value": 1}], **of_entity(keys, strict=True)
            )
        assert list(monitoring.metrics) == []

    def test_a_request_has_two_entities_at_most(self, monitoring, cloudwatch):
        answer = cloudwatch.put_metric_data(**of_entity(SHOP, SHOP, SHOP))
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        assert headers["x-amzn-failure-message"] == "EntitySizeTooLarge"
        assert read(cloudwatch)[0]["Sum"] == 3
        assert monitoring.metrics.entities.of("App", "m") == []

    def test_the_header_is_sent_over_the_wire_too(self):
        with mock_monitoring(now=NOON, wire=True):
            client = boto3.client("cloudwatch", region_name="us-east-1")
            answer = client.put_metric_data(**of_entity({"Type": "Service", "Colour": "red"}))
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        assert headers["x-amzn-failure-message"] == "InvalidKeyAttributes"


# -- the direct API --------------------------------------------------------------------------------


def test_metrics_are_listed_directly():
    mon = Monitoring(now=NOON)
    for service in ("web", "api"):
        mon.metrics.put("App", "Errors", 1, dimensions={"Service": service})
    mon.metrics.put("Other", "Errors", 1)

    def names(*args, **more):
        return [str(key) for key in mon.metrics.list(*args, **more)]

    assert names("App") == ["App/Errors{Service=api}", "App/Errors{Service=web}"]
    assert names(name="Errors")[-1] == "Other/Errors"
    assert names(dimensions={"Service": "web"}) == ["App/Errors{Service=web}"]
    assert len(names(dimensions={"Service": None})) == 2
    # and two weeks without a datapoint later they are no more
    mon.clock.advance(days=15)
    assert names() == []


def test_expressions_are_asked_directly():
    mon = Monitoring(now=NOON)
    for minute, errors in enumerate((1, 5)):
        mon.metrics.put("App", "Errors", errors, at=NOON + timedelta(minutes=minute))
        mon.metrics.put("App", "Requests", 10, dimensions={"Host": "a"},
                        at=NOON + timedelta(minutes=minute))  # fmt: skip
    names = {"e": ("App", "Errors", "Sum"), "r": ("App", "Requests", "Sum", {"Host": "a"})}
    end = NOON + timedelta(minutes=5)
    # metric math, Metrics Insights, SEARCH
    assert mon.metrics.query("e / r * 100", start=NOON, end=end, metrics=names) == {
        "e / r * 100": [(NOON, 10.0), (NOON + timedelta(minutes=1), 50.0)]
    }
    assert mon.metrics.query("SELECT MAX(Errors) FROM App", start=NOON, end=end, period=300) == {
        "SELECT MAX(Errors) FROM App": [(NOON, 5.0)]
    }
    search = "SEARCH('{App,Host} Requests', 'Average', 60)"
    assert list(mon.metrics.query(search, start=NOON, end=end).values()) == [
        [(NOON, 10.0), (NOON + timedelta(minutes=1), 10.0)]
    ]
    with pytest.raises(MisuseError, match="expected namespace, name, statistic"):
        mon.metrics.query("e", start=NOON, metrics={"e": ("App", "Errors")})


def test_a_page_goes_on_behind_the_last_metric_that_was_shown(monitoring, cloudwatch):
    # given a first page of five hundred
    for number in range(600):
        monitoring.metrics.put("App", "m", 1, dimensions={"Id": f"{number:03}"})
    first = cloudwatch.list_metrics(Namespace="App")
    # when metrics come that stand before its end
    monitoring.metrics.put("App", "a", 1)
    second = cloudwatch.list_metrics(Namespace="App", NextToken=first["NextToken"])
    # then the next page goes on where that one ended
    assert [each["Dimensions"][0]["Value"] for each in second["Metrics"]] == [
        f"{number:03}" for number in range(500, 600)
    ]
    assert "NextToken" not in second
