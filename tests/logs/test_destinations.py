"""Destinations: streams of one account for the log groups of others."""

from __future__ import annotations

import gzip
import json

import boto3
import pytest
from botocore.exceptions import ClientError

STREAM = "arn:aws:kinesis:us-east-1:222222222222:stream/central"
ROLE = "arn:aws:iam::222222222222:role/central"
ARN = "arn:aws:logs:us-east-1:222222222222:destination:central"


@pytest.fixture
def central(monitoring):
    """Logs of the account 222222222222, and its destination."""
    keys = monitoring.at(account="222222222222").credentials
    client = boto3.client("logs", **keys)
    client.put_destination(destinationName="central", targetArn=STREAM, roleArn=ROLE)
    return client


@pytest.fixture
def logs(monitoring):
    client = boto3.client("logs")
    client.create_log_group(logGroupName="/app")
    return client


def admit(central, account, effect="Allow"):
    central.put_destination_policy(
        destinationName="central",
        accessPolicy=json.dumps({
            "Version": "2012-10-17",
            "Statement": [{"Effect": effect, "Principal": {"AWS": account},
                           "Action": "logs:PutSubscriptionFilter", "Resource": ARN}],
        }),
    )  # fmt: skip


def subscribe(logs):
    logs.put_subscription_filter(
        logGroupName="/app", filterName="f", filterPattern="", destinationArn=ARN
    )


def test_a_destination_is_shown(central):
    # source: recorded 2026
    [found] = central.describe_destinations()["destinations"]
    assert found == {
        "arn": ARN, "creationTime": 1772452800000, "destinationName": "central",
        "roleArn": ROLE, "targetArn": STREAM,
    }  # fmt: skip
    admit(central, "123456789012")
    [found] = central.describe_destinations(DestinationNamePrefix="cen")["destinations"]
    assert json.loads(found["accessPolicy"])["Version"] == "2012-10-17"
    assert central.describe_destinations(DestinationNamePrefix="x")["destinations"] == []


def test_the_stream_is_sent_a_message_when_a_destination_is_put(monitoring, central):
    # source: User Guide, "Create a destination": on behalf of the recipient
    [delivery] = monitoring.deliveries
    assert (delivery.target_arn, delivery.scope.account) == (STREAM, "222222222222")
    message = json.loads(gzip.decompress(delivery.payload["Data"]))
    assert message["messageType"] == "CONTROL_MESSAGE"


def test_a_service_among_the_accounts_of_a_policy_lets_nobody_in(central, logs):
    # recorded 2026: the policy is taken, and shown as it was put
    policy = json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "logs.amazonaws.com"},
                       "Action": "logs:PutSubscriptionFilter", "Resource": STREAM}],
    })  # fmt: skip
    central.put_destination_policy(destinationName="central", accessPolicy=policy)
    assert central.describe_destinations()["destinations"][0]["accessPolicy"] == policy
    with pytest.raises(ClientError, match="AccessDeniedException"):
        subscribe(logs)


def test_events_for_a_closed_destination_are_counted_as_errors(monitoring, central, logs):
    admit(central, "123456789012")
    subscribe(logs)
    central.delete_destination(destinationName="central")
    monitoring.logs.put("/app", "web", ["a", "b"])
    monitoring.clock.advance(minutes=1)
    found = boto3.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Logs", MetricName="DeliveryErrors", Period=3600, Statistics=["Sum"],
        StartTime="2026-03-02T12:00:00Z", EndTime="2026-03-02T13:00:00Z",
        Dimensions=[{"Name": "LogGroupName", "Value": "/app"},
                    {"Name": "DestinationType", "Value": "logs"},
                    {"Name": "FilterName", "Value": "f"}],
    )["Datapoints"]  # fmt: skip
    assert [point["Sum"] for point in found] == [2]


def test_an_account_that_is_let_in_may_subscribe(monitoring, central, logs):
    # given a policy that lets the other account in
    admit(central, "123456789012")
    subscribe(logs)
    # when an event comes in there
    monitoring.logs.put("/app", "web", "hello")
    # then the stream of the central account has it, and says whose it is
    sent = [json.loads(gzip.decompress(each.payload["Data"]))
            for each in monitoring.deliveries.to(STREAM)]  # fmt: skip
    assert [each["messageType"] for each in sent] == ["CONTROL_MESSAGE", "DATA_MESSAGE"]
    assert (sent[1]["owner"], sent[1]["logGroup"]) == ("123456789012", "/app")


@pytest.mark.parametrize(
    ("account", "effect"), [(None, ""), ("333333333333", "Allow"), ("123456789012", "Deny")]
)
def test_others_may_not(central, logs, account, effect):
    if account is not None:
        admit(central, account, effect)
    with pytest.raises(ClientError) as caught:
        subscribe(logs)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"


def test_a_destination_that_closes_gets_nothing_more(monitoring, central, logs):
    admit(central, "123456789012")
    subscribe(logs)
    sent = len(monitoring.deliveries)
    admit(central, "333333333333")
    monitoring.logs.put("/app", "web", "hello")
    central.delete_destination(destinationName="central")
    monitoring.logs.put("/app", "web", "hello")
    assert len(monitoring.deliveries) == sent


def test_another_put_leads_elsewhere(central):
    admit(central, "123456789012")
    other = STREAM.replace("central", "other")
    central.put_destination(destinationName="central", targetArn=other, roleArn=ROLE)
    [found] = central.describe_destinations()["destinations"]
    assert (found["targetArn"], "accessPolicy" in found) == (other, True)


def test_tags(central):
    central.put_destination(
        destinationName="tagged", targetArn=STREAM, roleArn=ROLE, tags={"team": "blue"}
    )
    arn = ARN.replace("central", "tagged")
    assert central.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "blue"}
    central.delete_destination(destinationName="tagged")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        central.list_tags_for_resource(resourceArn=arn)


@pytest.mark.parametrize(
    ("call", "request_", "code"),
    [
        ("put_destination", {"targetArn": "x", "roleArn": ROLE}, "InvalidParameterException"),
        ("put_destination", {"targetArn": "arn:aws:sqs:us-east-1:222222222222:q", "roleArn": ROLE},
         "InvalidParameterException"),
        ("put_destination_policy", {"accessPolicy": "nonsense"}, "InvalidParameterException"),
        ("put_destination_policy", {"accessPolicy": " " * 5121}, "InvalidParameterException"),
        ("put_destination_policy", {"destinationName": "none", "accessPolicy": "{}"},
         "ResourceNotFoundException"),
        ("delete_destination", {"destinationName": "none"}, "ResourceNotFoundException"),
    ],
)  # fmt: skip
def test_what_is_refused(central, call, request_, code):
    with pytest.raises(ClientError) as caught:
        getattr(central, call)(**{"destinationName": "central", **request_})
    assert caught.value.response["Error"]["Code"] == code
