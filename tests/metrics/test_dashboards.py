"""Dashboards: put, get, list, delete, and what a body may not be."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

CPU = ["AWS/EC2", "CPUUtilization", "InstanceId", "i-0131f062232ade043"]


@pytest.fixture
def cloudwatch(monitoring):
    return boto3.client("cloudwatch")


def body(*widgets, **more):
    return json.dumps({"widgets": list(widgets), **more})


def metric(**properties):
    return {"type": "metric", "properties": {"region": "us-east-1", "metrics": [CPU], **properties}}


def mistakes(cloudwatch, text):
    """What AWS says is wrong, by path."""
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_dashboard(DashboardName="d", DashboardBody=text)
    response = caught.value.response
    assert response["Error"]["Code"] == "InvalidParameterInput"
    return {each["DataPath"]: each["Message"] for each in response["dashboardValidationMessages"]}


def test_a_dashboard_is_kept_as_it_was_put(monitoring, cloudwatch):
    # source: the AWS CLI's examples of put-dashboard, get-dashboard, list-dashboards
    text = body(metric(view="timeSeries", stacked=False))
    done = cloudwatch.put_dashboard(DashboardName="Dashboard-A", DashboardBody=text)
    assert done["DashboardValidationMessages"] == []
    got = cloudwatch.get_dashboard(DashboardName="Dashboard-A")
    assert got["DashboardArn"] == "arn:aws:cloudwatch::123456789012:dashboard/Dashboard-A"
    assert (got["DashboardName"], got["DashboardBody"]) == ("Dashboard-A", text)
    [entry] = cloudwatch.list_dashboards()["DashboardEntries"]
    assert entry == {
        "DashboardName": "Dashboard-A", "DashboardArn": got["DashboardArn"],
        "LastModified": monitoring.clock.now(), "Size": len(text),
    }  # fmt: skip


def test_another_put_replaces_it(monitoring, cloudwatch):
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body(metric()))
    monitoring.clock.advance(minutes=1)
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body())
    [entry] = cloudwatch.list_dashboards()["DashboardEntries"]
    assert (entry["Size"], entry["LastModified"]) == (len(body()), monitoring.clock.now())


@pytest.mark.needs("cloudwatch.PutDashboard.Tags")
def test_dashboards_are_the_same_in_every_region(cloudwatch):
    elsewhere = boto3.client("cloudwatch", region_name="eu-west-1")
    elsewhere.put_dashboard(DashboardName="d", DashboardBody=body(),
                            Tags=[{"Key": "team", "Value": "blue"}])  # fmt: skip
    assert cloudwatch.get_dashboard(DashboardName="d")["DashboardBody"] == body()
    arn = "arn:aws:cloudwatch::123456789012:dashboard/d"
    for client in (cloudwatch, elsewhere):
        tags = client.list_tags_for_resource(ResourceARN=arn)["Tags"]
        assert tags == [{"Key": "team", "Value": "blue"}]
    cloudwatch.delete_dashboards(DashboardNames=["d"])
    assert elsewhere.list_dashboards()["DashboardEntries"] == []


def test_dashboards_are_found_by_prefix(cloudwatch):
    for name in ("b-1", "a-1", "b-2"):
        cloudwatch.put_dashboard(DashboardName=name, DashboardBody=body())
    found = cloudwatch.list_dashboards(DashboardNamePrefix="b-")["DashboardEntries"]
    assert [each["DashboardName"] for each in found] == ["b-1", "b-2"]


def test_a_thousand_come_on_a_page(monitoring, cloudwatch):
    for number in range(1001):
        monitoring.metrics.dashboards.put(f"d{number:04}", body(), {})
    first = cloudwatch.list_dashboards()
    assert len(first["DashboardEntries"]) == 1000
    rest = cloudwatch.list_dashboards(NextToken=first["NextToken"])["DashboardEntries"]
    assert [each["DashboardName"] for each in rest] == ["d1000"]


def test_all_are_deleted_or_none(cloudwatch):
    cloudwatch.put_dashboard(DashboardName="a", DashboardBody=body())
    with pytest.raises(ClientError) as caught:
        cloudwatch.delete_dashboards(DashboardNames=["a", "b"])
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    cloudwatch.delete_dashboards(DashboardNames=["a"])
    with pytest.raises(ClientError, match="Dashboard a does not exist"):
        cloudwatch.get_dashboard(DashboardName="a")


@pytest.mark.parametrize("name", ["with space", "dot.ted", "ä", "a/b"])
def test_a_name_has_only_some_characters(cloudwatch, name):
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_dashboard(DashboardName=name, DashboardBody=body())
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValue"
    assert caught.value.response["Error"]["Message"].startswith(
        "The value for field DashboardName contains invalid characters."
    )


def test_a_name_has_255_characters_at_most(cloudwatch):
    cloudwatch.put_dashboard(DashboardName="a" * 255, DashboardBody=body())
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        cloudwatch.put_dashboard(DashboardName="a" * 256, DashboardBody=body())


# -- bodies ----------------------------------------------------------------------------------------


def test_mistakes_are_told_in_the_message_too(cloudwatch):
    # source: as users report it, letter for letter
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_dashboard(
            DashboardName="d",
            DashboardBody=body(metric(metrics=[["A", "b", {"dimensions": {}}], ["A", "b", 1]])),
        )
    message = caught.value.response["Error"]["Message"]
    assert message == (
        "The dashboard body is invalid, there are 3 validation errors:\n"
        "[\n"
        "  {\n"
        '    "dataPath": "/widgets/0/properties/metrics/0",\n'
        '    "message": "Should NOT have more than 2 items"\n'
        "  },\n"
        "  {\n"
        '    "dataPath": "/widgets/0/properties/metrics/1/2",\n'
        '    "message": "Invalid metric field type, only \'String\' type is allowed"\n'
        "  },\n"
        "  {\n"
        '    "dataPath": "/widgets/0/properties/metrics/1",\n'
        '    "message": "Should NOT have more than 2 items"\n'
        "  }\n"
        "]"
    )


@pytest.mark.parametrize(
    ("properties", "path", "message"),
    [
        # as users report them
        ({"metrics": [CPU[:3]]}, "/metrics/0", "Should NOT have more than 2 items"),
        ({"metrics": [[*CPU, "X"]]}, "/metrics/0", "Should NOT have more than 4 items"),
        ({"metrics": [["A", "b", {"stat": "Sum", "dimensions": {"x": "1"}}]]}, "/metrics/0",
         "Should NOT have more than 2 items"),
        ({"metrics": [["A", "b", {"x": 1}, "c"]]}, "/metrics/0/2",
         "Invalid metric field type, only 'String' type is allowed"),
        ({"metrics": ["A"]}, "/metrics/0",
         'Field "metrics" has to be an array of array of strings, with an optional metricRenderer '
         "object as last element"),
        # in the manner of these
        ({"metrics": "A"}, "/metrics", "Should be array"),
        ({"view": "map"}, "/view", "Should be equal to one of the allowed values"),
        ({"view": "gauge", "yAxis": {"left": {"min": 0}}}, "/yAxis/left",
         "Should have required property 'max'"),
        ({"period": 0}, "/period", "Should be >= 1"),
        ({"stacked": "yes"}, "/stacked", "Should be boolean"),
        ({"title": 1}, "/title", "Should be string"),
        ({"metrics": [CPU] * 501}, "/metrics", "Should NOT have more than 500 items"),
        ({"annotations": {"alarms": ["a", "b"]}}, "/annotations/alarms",
         "Should NOT have more than 1 items"),
    ],
)  # fmt: skip
def test_metric_widgets_that_are_none(cloudwatch, properties, path, message):
    found = mistakes(cloudwatch, body(metric(**properties)))
    assert found[f"/widgets/0/properties{path}"] == message


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("nonsense", "", "The field DashboardBody must be a valid JSON object"),
        ("[]", "", "The field DashboardBody must be a valid JSON object"),
        ("{}", "", "Should have required property 'widgets'"),
        ('{"widgets": {}}', "/widgets", "Should be array"),
        (body({"type": "text"}), "/widgets/0", "Should have required property 'properties'"),
        (body({"type": "map", "properties": {}}), "/widgets/0/type",
         "Should be equal to one of the allowed values"),
        (body({"type": "text", "properties": {}}), "/widgets/0/properties",
         "Should have required property 'markdown'"),
        (body({**metric(), "x": 1}), "/widgets/0", "Should have required property 'y'"),
        (body({**metric(), "x": 24, "y": 0}), "/widgets/0/x", "Should be <= 23"),
        (body({**metric(), "width": 25}), "/widgets/0/width", "Should be <= 24"),
        (body({**metric(), "height": 1.5}), "/widgets/0/height", "Should be integer"),
        (body({"type": "metric", "properties": {"metrics": [CPU]}}), "/widgets/0/properties",
         "Should have required property 'region'"),
        (body({"type": "log", "properties": {"region": "us-east-1"}}), "/widgets/0/properties",
         "Should have required property 'query'"),
        (body({"type": "alarm", "properties": {"alarms": []}}), "/widgets/0/properties/alarms",
         "Should NOT have fewer than 1 items"),
        (body(end="PT1H"), "", "Should have property start when property end is present"),
        (body(periodOverride="never"), "/periodOverride",
         "Should be equal to one of the allowed values"),
        (body(*[metric()] * 501), "/widgets", "Should NOT have more than 500 items"),
        (body(variables=[{"type": "property"}]), "/variables/0",
         "Should have required property 'id'"),
    ],
)  # fmt: skip
def test_bodies_that_are_none(cloudwatch, text, path, message):
    assert mistakes(cloudwatch, text)[path] == message


@pytest.mark.parametrize(
    "widget",
    [
        metric(metrics=[CPU, [".", ".", ".", "i-2"], ["..."], ["...", "i-3", {"stat": "p99"}]]),
        metric(metrics=[[{"expression": "m1/2", "id": "e1", "label": "half"}],
                        [*CPU, {"id": "m1", "visible": False, "period": 300, "color": "#fff",
                                "yAxis": "right", "region": "eu-west-1", "label": "x"}]]),
        {"type": "metric", "properties": {"annotations": {"alarms": ["arn:aws:x"]}}},
        metric(view="gauge", yAxis={"left": {"min": 0, "max": 100}}),
        {"type": "text", "x": 0, "y": 7, "width": 3, "height": 3,
         "properties": {"markdown": "Hello world", "background": "transparent"}},
        {"type": "log", "properties": {"region": "us-east-1", "title": "t", "view": "table",
                                       "query": "SOURCE 'g' | fields @timestamp"}},
        {"type": "alarm", "properties": {"alarms": ["arn:aws:x"], "sortBy": "default",
                                         "states": ["ALARM"]}},
        {"type": "explorer", "properties": {"metrics": [{"metricName": "x"}], "period": 300}},
        {"type": "custom", "properties": {"endpoint": "arn:aws:lambda:x", "params": {}}},
    ],
)  # fmt: skip
def test_widgets_of_all_kinds_are_taken(cloudwatch, widget):
    done = cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body(widget))
    assert done["DashboardValidationMessages"] == []
