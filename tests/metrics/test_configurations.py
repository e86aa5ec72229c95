"""What CloudWatch keeps for others: saved queries, enrichment, a key, detailed metrics."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.needs("cloudwatch.PutMetricDataQueryDefinition")

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
BUCKET = "arn:aws:s3:us-east-1:123456789012:bucket/photos"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response
    return error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]


# -- saved queries ---------------------------------------------------------------------------------


def save(client, path="team/web/latency", **more):
    request = {"Path": path, "Expression": "up", "Type": "PROMQL"} | more
    return client.put_metric_data_query_definition(**request)


def test_a_query_is_saved_and_changed(monitoring, cloudwatch):
    saved = save(cloudwatch, Tags=[{"Key": "team", "Value": "web"}])
    assert saved["Arn"] == (
        f"arn:aws:cloudwatch:us-east-1:123456789012:metric-query-definition/{saved['Id']}"
    )
    monitoring.clock.advance(hours=1)
    save(cloudwatch, "other", Id=saved["Id"], Expression="SELECT", Type="SQL")
    found = cloudwatch.get_metric_data_query_definition(Id=saved["Id"])
    assert (found["Path"], found["Expression"], found["Type"]) == ("other", "SELECT", "SQL")
    assert (found["CreatedAt"], found["UpdatedAt"]) == (NOON, NOON + timedelta(hours=1))
    tags = cloudwatch.list_tags_for_resource(ResourceARN=saved["Arn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "web"}]


def test_saved_queries_are_listed_and_deleted(cloudwatch):
    ids = {path: save(cloudwatch, path)["Id"] for path in ("b", "a", "c")}
    listed = cloudwatch.list_metric_data_query_definitions(MaxResults=2)
    assert [each["Path"] for each in listed["Items"]] == ["a", "b"]
    assert "Expression" not in listed["Items"][0]
    for id_ in (ids["a"], ids["a"]):  # the second time it isn't there, which is no mistake
        cloudwatch.delete_metric_data_query_definition(Id=id_)
    rest = cloudwatch.list_metric_data_query_definitions()["Items"]
    assert [each["Path"] for each in rest] == ["b", "c"]


def test_saved_queries_that_are_refused(cloudwatch):
    save(cloudwatch, "a")
    put = cloudwatch.put_metric_data_query_definition
    other = {"Expression": "up", "Type": "PROMQL"}
    assert refused(put, Path="a", **other) == ("ConflictException", 409)
    for path in ("/a", "a/", "a//b", "é" * 508):
        assert refused(put, Path=path, **other) == ("ValidationError", 400)
    assert refused(put, Path="b", Id="none", **other) == ("ResourceNotFoundException", 404)
    get = cloudwatch.get_metric_data_query_definition
    assert refused(get, Id="none") == ("ResourceNotFoundException", 404)


def test_there_are_so_many_saved_queries(cloudwatch, monkeypatch):
    from awsmon.metrics.operations import metric_data_query_definitions as operations

    monkeypatch.setattr(operations, "MOST_DEFINITIONS", 1)
    saved = save(cloudwatch, "a")
    put = cloudwatch.put_metric_data_query_definition
    other = {"Expression": "up", "Type": "PROMQL"}
    assert refused(put, Path="b", **other) == ("LimitExceededException", 400)
    save(cloudwatch, "b", Id=saved["Id"])


# -- enrichment ------------------------------------------------------------------------------------


def enrichment(client):
    found = client.get_otel_enrichment()
    del found["ResponseMetadata"]
    return found


def test_enrichment_is_started_changed_and_stopped(monitoring, cloudwatch):
    assert enrichment(cloudwatch) == {"Status": "Stopped"}
    only = [{"Namespace": "AWS/EC2", "MetricNames": ["CPUUtilization"]}]
    cloudwatch.start_otel_enrichment(IncludeFilters=only)
    monitoring.clock.advance(hours=1)
    cloudwatch.start_otel_enrichment()  # which has no effect on what is running
    assert enrichment(cloudwatch) == {
        "Status": "Running", "IncludeFilters": only, "CreatedAt": NOON, "UpdatedAt": NOON,
    }  # fmt: skip
    cloudwatch.update_otel_enrichment(ExcludeFilters=only)
    assert enrichment(cloudwatch) == {
        "Status": "Running", "ExcludeFilters": only, "CreatedAt": NOON,
        "UpdatedAt": NOON + timedelta(hours=1),
    }  # fmt: skip
    cloudwatch.stop_otel_enrichment()
    assert enrichment(cloudwatch) == {"Status": "Stopped"}


def test_enrichment_that_is_refused(cloudwatch):
    update = cloudwatch.update_otel_enrichment
    assert refused(update) == ("ResourceNotFoundException", 404)
    many = [{"Namespace": f"App{number}"} for number in range(51)]
    start = cloudwatch.start_otel_enrichment
    assert refused(start, IncludeFilters=many, ExcludeFilters=many) == ("ValidationError", 400)


# -- the dataset -----------------------------------------------------------------------------------


def test_the_dataset_has_a_key(cloudwatch):
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:dataset/default"
    assert "KmsKeyArn" not in cloudwatch.get_dataset(DatasetIdentifier="default")
    cloudwatch.associate_dataset_kms_key(DatasetIdentifier=arn, KmsKeyArn=KEY)
    found = cloudwatch.get_dataset(DatasetIdentifier="default")
    assert (found["Arn"], found["KmsKeyArn"]) == (arn, KEY)
    cloudwatch.disassociate_dataset_kms_key(DatasetIdentifier="default")
    assert "KmsKeyArn" not in cloudwatch.get_dataset(DatasetIdentifier=arn)


def test_a_dataset_of_others_is_not_ours(cloudwatch):
    arn = "arn:aws:cloudwatch:us-east-1:999999999999:dataset/default"
    found = refused(cloudwatch.get_dataset, DatasetIdentifier=arn)
    assert found == ("ResourceNotFoundException", 404)


# -- detailed metrics ------------------------------------------------------------------------------


def test_a_resource_has_detailed_metrics(monitoring, cloudwatch):
    some = [{"IncludeMetrics": ["FirstByteLatency"]}]
    cloudwatch.create_resource_metrics_configuration(ResourceArn=BUCKET, MetricSelections=some)
    monitoring.clock.advance(hours=1)
    found = cloudwatch.get_resource_metrics_configuration(ResourceArn=BUCKET)
    assert found["ResourceMetricsConfiguration"]["MetricSelections"] == some
    updated = cloudwatch.update_resource_metrics_configuration(ResourceArn=BUCKET)
    assert updated["ResourceMetricsConfiguration"] == {
        "ResourceArn": BUCKET, "CreatedAt": NOON, "UpdatedAt": NOON + timedelta(hours=1),
    }  # fmt: skip
    create = cloudwatch.create_resource_metrics_configuration
    assert refused(create, ResourceArn=BUCKET) == ("ConflictException", 409)
    cloudwatch.delete_resource_metrics_configuration(ResourceArn=BUCKET)
    for call in ("get", "update", "delete"):
        operation = getattr(cloudwatch, f"{call}_resource_metrics_configuration")
        assert refused(operation, ResourceArn=BUCKET) == ("ResourceNotFoundException", 404)
