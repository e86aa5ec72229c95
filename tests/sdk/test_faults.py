"""The wire path in use, and what goes wrong on demand."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from moto import mock_aws

from awsmon import MisuseError, mock_monitoring
from tests.alarms.builders import alarm

NOW = "2026-03-02T12:00:00Z"
DATA = [{"MetricName": "x", "Value": 1.5}]


def client(mode="legacy", attempts=5, service="cloudwatch", **more):
    retries = {"mode": mode, "total_max_attempts": attempts}
    return boto3.client(service, region_name="us-east-1", config=Config(retries=retries, **more))


def story(cloudwatch):
    """A few calls, and all that they answered."""
    answers = [
        cloudwatch.put_metric_alarm(**alarm()),
        cloudwatch.put_metric_data(Namespace="App", MetricData=DATA),
        cloudwatch.describe_alarms(),
        cloudwatch.list_metrics(),
        cloudwatch.get_metric_statistics(
            Namespace="App", MetricName="x", StartTime="2026-03-02T11:00:00Z",
            EndTime="2026-03-02T13:00:00Z", Period=60, Statistics=["Sum", "Average"],
        ),
    ]  # fmt: skip
    with pytest.raises(cloudwatch.exceptions.ResourceNotFound) as caught:
        cloudwatch.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="x")
    return [*answers, caught.value.response]


def test_a_session_over_the_wire_answers_the_same():
    with mock_monitoring(now=NOW):
        fast = story(client())
    with mock_monitoring(now=NOW, wire=True):
        assert story(client()) == fast


def test_a_session_over_the_wire_comes_before_moto():
    with mock_aws(), mock_monitoring(now=NOW, wire=True) as mon:
        client().put_metric_data(Namespace="App", MetricData=DATA)
        assert [metric.name for metric in mon.metrics] == ["x"]


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_botocore_retries_what_is_throttled_and_time_passes(mode):
    # given a service that throttles twice
    with mock_monitoring(now=NOW) as mon:
        start = mon.clock.now()
        mon.faults.throttle("cloudwatch", "PutMetricData", times=2)
        # when something is put
        answer = client(mode).put_metric_data(Namespace="App", MetricData=DATA)
        # then botocore tried three times, and slept between on the virtual clock
        assert answer["ResponseMetadata"]["RetryAttempts"] == 2
        assert timedelta(0) < mon.clock.now() - start < timedelta(minutes=1)
        assert len(list(mon.metrics)) == 1


def test_who_gives_up_sees_the_services_own_error():
    with mock_monitoring(now=NOW) as mon:
        mon.faults.throttle("cloudwatch")
        with pytest.raises(ClientError) as caught:
            client(attempts=1).list_metrics()
        assert caught.value.response["Error"]["Code"] == "Throttling"
        mon.faults.clear()
        assert client().list_metrics()["Metrics"] == []


def test_a_modelled_error_becomes_its_class():
    with mock_monitoring(now=NOW) as mon:
        mon.faults.error("cloudwatch", "PutMetricAlarm", code="LimitExceeded", message="too many")
        cloudwatch = client(attempts=1)
        with pytest.raises(cloudwatch.exceptions.LimitExceededFault, match="too many"):
            cloudwatch.put_metric_alarm(**alarm())
        assert len(mon.alarms) == 0


def test_a_broken_connection_is_retried_and_then_raised():
    with mock_monitoring(now=NOW) as mon:
        mon.faults.disconnect("cloudwatch", times=1)
        client().list_metrics()
        mon.faults.disconnect("cloudwatch")
        with pytest.raises(ConnectionClosedError):
            client(attempts=2).list_metrics()


def test_latency_is_virtual_and_may_time_out():
    with mock_monitoring(now=NOW) as mon:
        start = mon.clock.now()
        mon.faults.latency("cloudwatch", seconds=3, times=1)
        client().list_metrics()
        assert mon.clock.now() - start == timedelta(seconds=3)
        mon.faults.latency("cloudwatch", seconds=30)
        with pytest.raises(ReadTimeoutError):
            client(attempts=1, read_timeout=5).list_metrics()


def test_a_rate_strikes_as_often_and_the_same_each_time():
    def struck():
        with mock_monitoring(now=NOW, seed=3) as mon:
            mon.faults.throttle("cloudwatch", "ListMetrics", rate=0.3)
            cloudwatch = client(attempts=1)
            outcomes = []
            for _ in range(200):
                try:
                    cloudwatch.list_metrics()
                    outcomes.append(0)
                except ClientError:
                    outcomes.append(1)
            return outcomes

    assert struck() == struck()
    assert 40 <= sum(struck()) <= 80


def test_other_mocks_services_can_fail_too():
    with mock_aws(), mock_monitoring(now=NOW) as mon:
        mon.faults.throttle("sqs", "ListQueues", times=1)
        sqs = client(service="sqs")
        assert sqs.list_queues()["ResponseMetadata"]["RetryAttempts"] == 1


def test_a_rate_that_cannot_be_meant_is_refused():
    with mock_monitoring(now=NOW) as mon, pytest.raises(MisuseError, match="rate=2"):
        mon.faults.throttle("cloudwatch", rate=2)
