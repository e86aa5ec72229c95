"""What moto's own services tell EventBridge is awsmon's to route."""

from __future__ import annotations

import json

import boto3

from awsmon import mock_monitoring
from awsmon.moto import mock_aws
from tests.event_bus.conftest import FUNCTION, rule


@mock_aws()
def test_an_object_in_a_bucket_of_moto_is_told():
    # given a rule on new objects, and a bucket that tells EventBridge of them
    with mock_monitoring() as mon:
        told = []
        mon.bind(FUNCTION, told.append)
        pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"],
                   "detail": {"object": {"key": [{"suffix": ".csv"}]}}}  # fmt: skip
        rule(boto3.client("events", "us-east-1"), pattern=json.dumps(pattern))
        s3 = boto3.client("s3", "us-east-1")
        s3.create_bucket(Bucket="reports")
        s3.put_bucket_notification_configuration(
            Bucket="reports", NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        # when two objects are put
        for name in ("a.csv", "b.txt"):
            s3.put_object(Bucket="reports", Key=name, Body=b"1,2")
        # then the function hears of the one
        (event,) = told
        assert event["resources"] == ["arn:aws:s3:::reports"]
        assert event["detail"]["bucket"] == {"name": "reports"}
        assert event["detail"]["object"]["size"] == 3
        assert event["detail"]["reason"] == "PutObject"
