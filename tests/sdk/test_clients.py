"""Every kind of client, with moto beside awsmon and without: the cells of `docs/clients.md`."""

from __future__ import annotations

import asyncio
import pickle
import threading
from contextlib import ExitStack

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from awsmon import mock_monitoring
from tests.alarms.builders import alarm

NOW = "2026-03-02T12:00:00Z"
REGION = "us-east-1"


@pytest.fixture(params=["none", "inside", "outside"])
def world(request):
    """Enters awsmon, with moto as the parameter says."""
    with ExitStack() as stack:

        def enter():
            if request.param == "outside":
                stack.enter_context(pytest.importorskip("moto").mock_aws())
            mon = stack.enter_context(mock_monitoring(now=NOW))
            if request.param == "inside":
                stack.enter_context(pytest.importorskip("moto").mock_aws())
            return mon

        yield enter


def put(client):
    client.put_metric_data(Namespace="App", MetricData=[{"MetricName": "x", "Value": 1}])


def names(mon):
    return [metric.name for metric in mon.metrics]


def test_made_after(world):
    mon = world()
    put(boto3.client("cloudwatch", REGION))
    assert names(mon) == ["x"]


def test_made_before(world):
    client = boto3.client("cloudwatch", REGION)
    mon = world()
    put(client)
    assert names(mon) == ["x"]


def test_of_a_session_of_botocore(world):
    session = botocore.session.Session()
    mon = world()
    put(session.create_client("cloudwatch", region_name=REGION))
    assert names(mon) == ["x"]


def test_in_a_thread(world):
    mon = world()
    thread = threading.Thread(target=lambda: put(boto3.Session().client("cloudwatch", REGION)))
    thread.start()
    thread.join()
    assert names(mon) == ["x"]


def test_in_a_coroutine(world):
    mon = world()

    async def main():
        client = boto3.client("cloudwatch", REGION)
        await asyncio.gather(*(asyncio.to_thread(put, client) for _ in range(5)))
        put(client)

    asyncio.run(main())
    assert names(mon) == ["x"]


def test_a_resource(world):
    mon = world()
    resource = boto3.resource("cloudwatch", REGION)
    resource.Metric("App", "x").put_data(MetricData=[{"MetricName": "x", "Value": 1}])
    assert [metric.name for metric in resource.metrics.all()] == names(mon) == ["x"]


def test_a_paginator(world):
    world()
    client = boto3.client("cloudwatch", REGION)
    for number in range(3):
        client.put_metric_alarm(**alarm(f"a{number}"))
    pages = client.get_paginator("describe_alarms").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["MetricAlarms"]) for page in pages] == [2, 1]


def test_a_waiter(world):
    mon = world()
    client = boto3.client("cloudwatch", REGION)
    client.put_metric_alarm(**alarm("a"))
    client.get_waiter("alarm_exists").wait(AlarmNames=["a"])
    assert "a" in mon.alarms


def test_a_stubber(world):
    world()
    client = boto3.client("cloudwatch", REGION)
    with Stubber(client) as stubber:
        stubber.add_response("list_metrics", {"Metrics": [{"MetricName": "stubbed"}]})
        assert client.list_metrics()["Metrics"] == [{"MetricName": "stubbed"}]
    assert client.list_metrics()["Metrics"] == []


def test_of_a_pickled_configuration(world):
    mon = world()
    config = pickle.loads(pickle.dumps(Config(region_name=REGION, retries={"mode": "standard"})))
    put(boto3.client("cloudwatch", config=config))
    assert names(mon) == ["x"]
