"""Deliveries of other services' logs: to log groups, buckets and streams.

Answers and what isn't there as recorded (LocalStack's snapshots, test_logs_delivery).
"""

from __future__ import annotations

import gzip
import json

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon import MisuseError
from awsmon.errors import NotImplementedByAwsmon

DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/E1Q5F5862X9VJ5"
BUCKET = "arn:aws:s3:::logs"
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/cdn"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/logs"
ARN = "arn:aws:logs:us-east-1:123456789012:"
REQUEST = {
    "date": "2026-03-02", "time": "12:00:00", "c-ip": "192.0.2.1", "sc-status": 200, "secret": 1,
}  # fmt: skip


def source(logs, **more):
    request = {"name": "cdn", "resourceArn": DISTRIBUTION, "logType": "ACCESS_LOGS"} | more
    return logs.put_delivery_source(**request)["deliverySource"]


def destination(logs, arn=BUCKET, name="d", **more):
    return logs.put_delivery_destination(
        name=name, deliveryDestinationConfiguration={"destinationResourceArn": arn}, **more
    )["deliveryDestination"]


def deliver(logs, arn=BUCKET, *, output=None, **more):
    """A delivery of the distribution's access logs."""
    source(logs)
    to = destination(logs, arn, **({"outputFormat": output} if output else {}))
    return logs.create_delivery(deliverySourceName="cdn", deliveryDestinationArn=to["arn"], **more)[
        "delivery"
    ]


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


# -- what comes of it ------------------------------------------------------------------------------


def test_to_a_bucket(monitoring, logs):
    deliver(logs)
    assert monitoring.logs.vend(DISTRIBUTION, "ACCESS_LOGS", [REQUEST, REQUEST]) == 1
    [sent] = monitoring.deliveries.to(BUCKET)
    where, _, name = sent.payload["Key"].rpartition("/")
    assert where == "AWSLogs/123456789012/CloudFront"
    assert name.startswith("E1Q5F5862X9VJ5.2026-03-02-12.")
    lines = gzip.decompress(sent.payload["Body"]).decode().splitlines()
    # only fields of such records, in their order
    assert [json.loads(line) for line in lines] == [
        {"date": "2026-03-02", "time": "12:00:00", "c-ip": "192.0.2.1", "sc-status": 200}
    ] * 2


def test_to_a_bucket_by_day_as_hive_wants_it_in_w3c(monitoring, logs):
    deliver(
        logs, f"{BUCKET}/cdn", output="w3c", recordFields=["date", "c-ip", "cs-method"],
        s3DeliveryConfiguration={
            "suffixPath": "{account-id}/{yyyy}/{MM}", "enableHiveCompatiblePath": True
        },
    )  # fmt: skip
    monitoring.logs.vend(DISTRIBUTION, "ACCESS_LOGS", [REQUEST], at="2026-02-01T00:30:00Z")
    [sent] = monitoring.deliveries.to(BUCKET)
    assert sent.payload["Key"].startswith(
        "cdn/account-id=123456789012/yyyy=2026/MM=02/E1Q5F5862X9VJ5.2026-02-01-00."
    )
    assert gzip.decompress(sent.payload["Body"]).decode() == (
        "#Version: 1.0\n#Fields: date c-ip cs-method\n2026-03-02\t192.0.2.1\t-\n"
    )


def test_to_a_log_group(monitoring, logs):
    deliver(logs, GROUP)
    monitoring.logs.vend(DISTRIBUTION, "ACCESS_LOGS", [REQUEST])
    [row] = monitoring.logs.query("/cdn", "fields @logStream, `sc-status`")
    assert row["@logStream"] == "123456789012_CloudFront_E1Q5F5862X9VJ5"
    assert row["sc-status"] == "200"


def test_to_a_stream(monitoring, logs):
    deliver(logs, STREAM, output="plain", recordFields=["c-ip", "sc-status"], fieldDelimiter=",")
    monitoring.logs.vend(DISTRIBUTION, "ACCESS_LOGS", [REQUEST] * 501)
    first, second = monitoring.deliveries.to(STREAM)
    assert (len(first.payload["Records"]), len(second.payload["Records"])) == (500, 1)
    assert first.payload["Records"][0] == {"Data": b"192.0.2.1,200\n"}


def test_to_one_of_each_kind(monitoring, logs):
    deliver(logs)
    for number, arn in enumerate((GROUP, STREAM)):
        to = destination(logs, arn, name=f"d{number}")["arn"]
        logs.create_delivery(deliverySourceName="cdn", deliveryDestinationArn=to)
    assert monitoring.logs.vend(DISTRIBUTION, "ACCESS_LOGS", [REQUEST]) == 3


def test_to_another_account_that_lets_us(monitoring, logs):
    # given another account's bucket
    other = monitoring.at(account="111111111111")
    theirs = boto3.client("logs", **other.credentials)
    arn = destination(theirs)["arn"]
    source(logs)
    create = {"deliverySourceName": "cdn", "deliveryDestinationArn": arn}
    assert refused(logs.create_delivery, **create)[0] == "AccessDeniedException"
    # when its policy lets this account deliver
    policy = json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "logs:CreateDelivery", "Resource": "*",
        }],
    })  # fmt: skip
    theirs.put_delivery_destination_policy(
        deliveryDestinationName="d", deliveryDestinationPolicy=policy
    )
    logs.create_delivery(**create)
    assert monitoring.logs.vend(DISTRIBUTION, "ACCESS_LOGS", [REQUEST]) == 1
    found = theirs.get_delivery_destination_policy(deliveryDestinationName="d")
    assert found["policy"]["deliveryDestinationPolicy"] == policy
    theirs.delete_delivery_destination_policy(deliveryDestinationName="d")
    gone = theirs.get_delivery_destination_policy(deliveryDestinationName="d")
    assert "deliveryDestinationPolicy" not in gone["policy"]
    assert refused(theirs.delete_delivery_destination_policy, deliveryDestinationName="d")[0] == (
        "ResourceNotFoundException"
    )


def test_a_delivery_that_is_gone_delivers_nothing(monitoring, logs):
    delivery = deliver(logs)
    logs.delete_delivery(id=delivery["id"])
    assert logs.describe_deliveries()["deliveries"] == []
    assert monitoring.logs.vend(DISTRIBUTION, "ACCESS_LOGS", [REQUEST]) == 0


def test_a_resource_without_a_source_is_a_mistake(monitoring):
    with pytest.raises(MisuseError, match="has no delivery source for ACCESS_LOGS"):
        monitoring.logs.vend(DISTRIBUTION, "ACCESS_LOGS", [REQUEST])


def test_a_copy_delivers_too(monitoring, logs):
    deliver(logs)
    snapshot = monitoring.snapshot()
    logs.delete_delivery(id=logs.describe_deliveries()["deliveries"][0]["id"])
    monitoring.restore(snapshot)
    assert monitoring.logs.vend(DISTRIBUTION, "ACCESS_LOGS", [REQUEST]) == 1


# -- sources, destinations, deliveries -------------------------------------------------------------


def test_a_source(logs):
    put = source(logs, tags={"key1": "value1"})
    assert put == {
        "name": "cdn", "arn": f"{ARN}delivery-source:cdn", "logType": "ACCESS_LOGS",
        "resourceArns": [DISTRIBUTION], "service": "cloudfront", "tags": {"key1": "value1"},
    }  # fmt: skip
    assert logs.get_delivery_source(name="cdn")["deliverySource"] == put
    source(logs, name="another")
    names = [each["name"] for each in logs.describe_delivery_sources()["deliverySources"]]
    assert names == ["another", "cdn"]
    logs.delete_delivery_source(name="cdn")
    assert refused(logs.get_delivery_source, name="cdn") == (
        "ResourceNotFoundException", "Requested Delivery Source does not exist in this account.",
    )  # fmt: skip


@pytest.mark.parametrize("put", [source, destination])
def test_tags_are_those_that_were_put_last(logs, put):
    # source: API reference: an update overwrites the parameters with the new values
    put(logs, tags={"team": "red", "stage": "test"})
    arn = put(logs, tags={"team": "blue"})["arn"]
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "blue"}


def test_a_destination(logs):
    put = destination(logs, outputFormat="json")
    assert put == {
        "name": "d", "arn": f"{ARN}delivery-destination:d", "deliveryDestinationType": "S3",
        "deliveryDestinationConfiguration": {"destinationResourceArn": BUCKET},
        "outputFormat": "json",
    }  # fmt: skip
    assert destination(logs, "arn:aws:s3:::other")["outputFormat"] == "json"
    found = logs.get_delivery_destination(name="d")["deliveryDestination"]
    assert found["deliveryDestinationConfiguration"] == {
        "destinationResourceArn": "arn:aws:s3:::other"
    }
    assert len(logs.describe_delivery_destinations()["deliveryDestinations"]) == 1
    logs.delete_delivery_destination(name="d")
    for call in (logs.get_delivery_destination, logs.delete_delivery_destination):
        assert refused(call, name="d") == (
            "ResourceNotFoundException",
            "Requested Delivery Destination does not exist in this account.",
        )


def test_a_delivery(logs):
    made = deliver(
        logs, recordFields=["date"], fieldDelimiter=",", tags={"key1": "value1"},
        s3DeliveryConfiguration={
            "suffixPath": "AWSLogs/1/CloudFront/", "enableHiveCompatiblePath": True
        },
    )  # fmt: skip
    assert made == {
        "id": made["id"], "arn": f"{ARN}delivery:{made['id']}", "deliverySourceName": "cdn",
        "deliveryDestinationArn": f"{ARN}delivery-destination:d", "deliveryDestinationType": "S3",
        "recordFields": ["date"], "fieldDelimiter": ",", "tags": {"key1": "value1"},
        "s3DeliveryConfiguration": {
            "suffixPath": "AWSLogs/1/CloudFront/", "enableHiveCompatiblePath": True,
        },
    }  # fmt: skip
    assert logs.get_delivery(id=made["id"])["delivery"] == made
    assert logs.describe_deliveries()["deliveries"] == [made]
    logs.update_delivery_configuration(id=made["id"], recordFields=["time"])
    assert logs.get_delivery(id=made["id"])["delivery"]["recordFields"] == ["time"]


def test_a_delivery_has_the_defaults_of_its_source(logs):
    made = deliver(logs)
    assert len(made["recordFields"]) == 33
    assert made["recordFields"][:3] == ["date", "time", "x-edge-location"]
    assert made["s3DeliveryConfiguration"] == {
        "suffixPath": "AWSLogs/{account-id}/CloudFront/", "enableHiveCompatiblePath": False,
    }  # fmt: skip


def test_configuration_templates(logs):
    found = logs.describe_configuration_templates(
        service="cloudfront", deliveryDestinationTypes=["S3"]
    )["configurationTemplates"]
    assert [each["logType"] for each in found] == ["ACCESS_LOGS"]
    assert len(found[0]["allowedFields"]) == 33
    pages = logs.get_paginator("describe_configuration_templates").paginate(
        PaginationConfig={"PageSize": 20}
    )
    services = {each["service"] for page in pages for each in page["configurationTemplates"]}
    assert {"workmail", "events", "elasticloadbalancing"} <= services


def test_a_template_tells_what_a_delivery_gets(logs):
    # given a delivery that says nothing of its form
    made = deliver(logs)
    # then it has got what the template of such deliveries says
    [template] = logs.describe_configuration_templates(
        service="cloudfront", logTypes=["ACCESS_LOGS"], deliveryDestinationTypes=["S3"]
    )["configurationTemplates"]
    fields = [each["name"] for each in template["allowedFields"]]
    assert set(made["recordFields"]) <= set(fields)
    defaults = template["defaultDeliveryConfigValues"]
    assert made["recordFields"] == defaults["recordFields"]
    assert made["s3DeliveryConfiguration"] == defaults["s3DeliveryConfiguration"]


def test_what_is_in_use_stays(logs):
    delivery = deliver(logs)
    for call, name in ((logs.delete_delivery_source, "cdn"),
                       (logs.delete_delivery_destination, "d")):  # fmt: skip
        assert refused(call, name=name)[0] == "ConflictException"
    logs.delete_delivery(id=delivery["id"])
    assert refused(logs.delete_delivery, id=delivery["id"])[0] == "ResourceNotFoundException"
    logs.delete_delivery_source(name="cdn")
    logs.delete_delivery_destination(name="d")


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"resourceArn": "arn:aws:sqs:us-east-1:123456789012:q"}, "ResourceNotFoundException",
         "Cannot access provided service."),
        ({"resourceArn": "nothing"}, "ValidationException", "The ARN nothing is not valid."),
        ({"logType": "FLOW_LOGS"}, "ValidationException",
         "The log type FLOW_LOGS is not valid for cloudfront."),
    ],
)  # fmt: skip
def test_sources_that_are_refused(logs, changes, code, message):
    request = {"name": "cdn", "resourceArn": DISTRIBUTION, "logType": "ACCESS_LOGS"} | changes
    assert refused(logs.put_delivery_source, **request) == (code, message)


def test_a_source_keeps_its_resource(logs):
    source(logs)
    request = {"name": "cdn", "resourceArn": f"{DISTRIBUTION}2", "logType": "ACCESS_LOGS"}
    assert refused(logs.put_delivery_source, **request)[0] == "ConflictException"


def test_destinations_that_are_refused(logs):
    put = logs.put_delivery_destination
    assert refused(put, name="d")[0] == "ValidationException"
    queue = {"destinationResourceArn": "arn:aws:sqs:us-east-1:123456789012:q"}
    assert refused(put, name="d", deliveryDestinationConfiguration=queue)[0] == (
        "ValidationException"
    )
    destination(logs)
    group = {"destinationResourceArn": GROUP}
    assert refused(put, name="d", deliveryDestinationConfiguration=group)[0] == "ConflictException"
    policy = logs.put_delivery_destination_policy
    assert refused(policy, deliveryDestinationName="d", deliveryDestinationPolicy="no")[0] == (
        "ValidationException"
    )


def test_deliveries_that_are_refused(logs):
    deliver(logs)
    group = destination(logs, GROUP, name="g")["arn"]
    create = logs.create_delivery
    again = {"deliverySourceName": "cdn", "deliveryDestinationArn": f"{ARN}delivery-destination:d"}
    to_group = {"deliverySourceName": "cdn", "deliveryDestinationArn": group}
    path = {"suffixPath": "x"}
    for request, code in (
        (again, "ConflictException"),
        (again | {"deliverySourceName": "none"}, "ResourceNotFoundException"),
        (again | {"deliveryDestinationArn": BUCKET}, "ResourceNotFoundException"),
        (to_group | {"recordFields": ["nothing"]}, "ValidationException"),
        (to_group | {"s3DeliveryConfiguration": path}, "ValidationException"),
    ):
        assert refused(create, **request)[0] == code


def test_formats_that_are_not_built(logs):
    source(logs)
    to = destination(logs, outputFormat="parquet")["arn"]
    with pytest.raises(NotImplementedByAwsmon, match="parquet"):
        logs.create_delivery(deliverySourceName="cdn", deliveryDestinationArn=to)
