"""awsmon and moto side by side: the path from a datapoint to a queue."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

from awsmon import mock_monitoring
from awsmon.core.events import ApiCalled
from awsmon.moto import mock_aws as both
from tests.alarms.builders import alarm

NOW = "2026-03-02T12:00:00Z"


def through_sns_to_sqs(mon):
    """An alarm on boto3 datapoints tells a topic of moto's, which tells a queue."""
    sns, sqs = boto3.client("sns", "us-east-1"), boto3.client("sqs", "us-east-1")
    topic = sns.create_topic(Name="on-call")["TopicArn"]
    queue = sqs.create_queue(QueueName="pager")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    cloudwatch = boto3.client("cloudwatch", "us-east-1")
    cloudwatch.put_metric_alarm(**alarm(actions=[topic]))
    cloudwatch.put_metric_data(Namespace="App", MetricData=[{"MetricName": "Errors", "Value": 9}])
    mon.clock.advance(minutes=1)
    [message] = sqs.receive_message(QueueUrl=queue)["Messages"]
    envelope = json.loads(message["Body"])
    assert envelope["Subject"] == 'ALARM: "too-many-errors" in US East (N. Virginia)'
    assert json.loads(envelope["Message"])["NewStateValue"] == "ALARM"
    [delivery] = mon.deliveries
    assert (delivery.status, delivery.via) == ("delivered", "mock")


def test_with_moto_inside():
    with mock_monitoring(now=NOW) as mon, mock_aws():
        through_sns_to_sqs(mon)


def test_with_moto_outside():
    with mock_aws(), mock_monitoring(now=NOW) as mon:
        through_sns_to_sqs(mon)


def test_with_both_by_one_import():
    @both
    def run():
        with mock_monitoring() as mon:
            sns = boto3.client("sns", "us-east-1")
            topic = sns.create_topic(Name="on-call")["TopicArn"]
            cloudwatch = boto3.client("cloudwatch", "us-east-1")
            cloudwatch.put_metric_alarm(**alarm(actions=[topic]))
            cloudwatch.set_alarm_state(
                AlarmName="too-many-errors", StateValue="ALARM", StateReason="x"
            )
            return [delivery.status for delivery in mon.deliveries]

    assert run() == ["delivered"]


@pytest.mark.parametrize("first", ["moto", "awsmon"])
def test_stopped_in_any_order(first):
    # given both, started one after the other and stopped in the same order
    session = boto3.DEFAULT_SESSION
    moto, awsmon = mock_aws(), mock_monitoring(now=NOW)
    moto.start()
    awsmon.start()
    boto3.client("cloudwatch", "us-east-1").list_metrics()
    order = [moto, awsmon] if first == "moto" else [awsmon, moto]
    for mock in order:
        mock.stop()
    assert boto3.DEFAULT_SESSION is session


def test_a_topic_that_is_not_there_is_a_failed_action():
    with mock_aws(), mock_monitoring(now=NOW) as mon:
        cloudwatch = boto3.client("cloudwatch", "us-east-1")
        cloudwatch.put_metric_alarm(**alarm(actions=["arn:aws:sns:us-east-1:123456789012:nowhere"]))
        cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
        [delivery] = mon.deliveries
        assert delivery.status == "failed"
        [item] = cloudwatch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"]
        assert "NotFound" in item["HistorySummary"]


def test_a_topic_of_another_account_is_reached_there():
    with mock_aws(), mock_monitoring(now=NOW) as mon:
        # given a topic in another account of moto's
        elsewhere = boto3.client("sns", "us-east-1")
        elsewhere.meta.events.register(
            "request-created",
            lambda request, **_: request.headers.add_header("x-moto-account-id", "111111111111"),
        )
        topic = elsewhere.create_topic(Name="theirs")["TopicArn"]
        assert ":111111111111:" in topic
        # when an alarm of ours acts on it
        cloudwatch = boto3.client("cloudwatch", "us-east-1")
        cloudwatch.put_metric_alarm(**alarm(actions=[topic]))
        cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
        # then it arrives
        assert [delivery.status for delivery in mon.deliveries] == ["delivered"]


def test_calls_that_moto_answers_are_seen_too():
    with mock_aws(), mock_monitoring(now=NOW) as mon:
        sqs = boto3.client("sqs", "us-east-1")
        sqs.create_queue(QueueName="q")
        with pytest.raises(sqs.exceptions.QueueDoesNotExist):
            sqs.get_queue_url(QueueName="none")
        calls = [n.entry for n in mon.trace() if isinstance(n.entry, ApiCalled)]
        assert [(c.service, c.operation) for c in calls] == [
            ("sqs", "CreateQueue"), ("sqs", "GetQueueUrl")
        ]  # fmt: skip
        assert calls[0].result["QueueUrl"].endswith("/q")
        assert "NonExistentQueue" in calls[1].error[0] or "DoesNotExist" in calls[1].error[0]


def test_a_client_older_than_moto_and_without_keys_is_answered():
    # given a client made without any credentials
    old = boto3.client("sqs", region_name="us-east-1")
    with mock_monitoring(now=NOW), mock_aws():
        assert "QueueUrls" not in old.list_queues()


def test_an_assumed_role_is_who_calls():
    with mock_aws(), mock_monitoring(now=NOW) as mon:
        role = boto3.client("sts", "us-east-1").assume_role(
            RoleArn="arn:aws:iam::111111111111:role/audit", RoleSessionName="me"
        )
        keys = role["Credentials"]
        cloudwatch = boto3.client(
            "cloudwatch", "us-east-1", aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"],
        )  # fmt: skip
        cloudwatch.put_metric_data(Namespace="App", MetricData=[{"MetricName": "x", "Value": 1}])
        assert list(mon.metrics) == []
        assert [m.name for m in mon.at(account="111111111111").metrics] == ["x"]
        calls = [n.entry for n in mon.trace() if isinstance(n.entry, ApiCalled)]
        assert calls[-1].identity.arn == "arn:aws:sts::111111111111:assumed-role/audit/me"
