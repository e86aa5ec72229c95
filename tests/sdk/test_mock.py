"""The ways in and out: decorator, context manager, start/stop, classes, nesting, restoring."""

from __future__ import annotations

import asyncio
import inspect
import os
import pickle
import subprocess
import sys
import threading
import unittest
from datetime import datetime, timezone

import boto3
import botocore.client
import botocore.endpoint
import botocore.hooks
import botocore.session
import botocore.useragent
import pytest
from botocore.stub import Stubber

from awsmon import MisuseError, NoMockForService, NotImplementedByAwsmon, mock_monitoring
from awsmon.sdk import calls, routes

REGION = "us-east-1"


def put(name="x"):
    boto3.client("cloudwatch").put_metric_data(
        Namespace="App", MetricData=[{"MetricName": name, "Value": 1}]
    )


def names():
    return [m["MetricName"] for m in boto3.client("cloudwatch").list_metrics()["Metrics"]]


def test_on_a_function_with_and_without_parentheses():
    @mock_monitoring
    def bare(a, b=2):
        put()
        return a, b, names()

    @mock_monitoring()
    def called():
        return names()

    @mock_monitoring(now="2026-03-02T12:00:00Z", region="eu-west-1")
    def with_options():
        return boto3.client("cloudwatch").meta.region_name

    assert bare(1) == (1, 2, ["x"])
    assert list(inspect.signature(bare).parameters) == ["a", "b"]
    assert called() == []
    assert with_options() == "eu-west-1"


def test_on_coroutine_functions_and_generators():
    @mock_monitoring
    async def coroutine():
        put()
        await asyncio.sleep(0)
        return names()

    @mock_monitoring
    def generator():
        put()
        got = yield names()
        return got

    @mock_monitoring
    async def async_generator():
        put()
        yield names()

    async def first():
        return [found async for found in async_generator()]

    assert asyncio.run(coroutine()) == ["x"]
    running = generator()
    assert next(running) == ["x"]
    with pytest.raises(StopIteration) as stopped:
        running.send("y")
    assert stopped.value.value == "y"
    assert asyncio.run(first()) == [["x"]]


@mock_monitoring(now="2026-03-02T12:00:00Z")
class TestPlainClass:
    def setup_method(self):
        put("from set-up")

    def teardown_method(self, method):
        assert "from set-up" in names()

    def test_it_sees_its_set_up(self):
        put("one")
        assert names() == ["from set-up", "one"]

    def test_and_nothing_of_another_test(self):
        put("two")
        assert names() == ["from set-up", "two"]


class Library:
    """Not the test's own."""

    def method(self):
        return boto3.client("cloudwatch")


class Base:
    def test_inherited(self):
        put("inherited")
        assert names() == ["inherited"]


@mock_monitoring
class TestInheritance(Base):
    Model = Library

    @staticmethod
    def test_static():
        put("static")
        assert names() == ["static"]

    class TestInside:
        def test_nested(self):
            put("nested")
            assert names() == ["nested"]

    def test_a_class_of_somebody_elses_is_left_alone(self):
        assert not hasattr(Library.method, "__wrapped__")
        assert not hasattr(Base.test_inherited, "__wrapped__")


@mock_monitoring
class TestUnit(unittest.TestCase):
    def setUp(self):
        self.addCleanup(lambda: self.assertIn("from set-up", names()))
        put("from set-up")

    def tearDown(self):
        assert "from set-up" in names()

    def test_it_sees_its_set_up(self):
        put("one")
        assert names() == ["from set-up", "one"]

    def test_and_nothing_of_another_test(self):
        put("two")
        assert names() == ["from set-up", "two"]


@mock_monitoring
class TestAsyncUnit(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        put("from set-up")

    async def test_it_sees_its_set_up(self):
        assert names() == ["from set-up"]


def test_an_inner_use_shares_the_state_of_the_outer():
    with mock_monitoring(now="2026-03-02T12:00:00Z") as outer:
        put()
        with mock_monitoring() as inner, mock_monitoring(now="2026-03-02T12:00:00Z"):
            assert inner is outer
            assert names() == ["x"]
        assert names() == ["x"]
        same = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
        with mock_monitoring(now=same, region="us-east-1", sleep="virtual"):
            assert names() == ["x"]
        with pytest.raises(MisuseError, match="inside one with now="):
            mock_monitoring(now="2027-01-01T00:00:00Z").start()
        assert names() == ["x"]


def test_two_sessions_share_nothing():
    for _ in range(2):
        with mock_monitoring():
            assert names() == []
            put()


def test_start_and_stop():
    mock = mock_monitoring()
    mon = mock.start()
    put()
    assert len(list(mon.metrics)) == 1
    mock.stop()
    with pytest.raises(MisuseError, match="without start"):
        mock.stop()


def test_every_option_of_monitoring_is_one_of_the_mocks():
    from awsmon import Monitoring, mock

    parameters = inspect.signature(Monitoring).parameters.values()
    assert {each.name: each.default for each in parameters} == mock._OF_MONITORING


def test_misuse_is_told_by_name():
    with pytest.raises(MisuseError, match=r"mock_monitoring\(when=...\)"):
        mock_monitoring(when="now")
    with pytest.raises(MisuseError, match="twelve digits"), mock_monitoring(account="1"):
        pass
    with pytest.raises(MisuseError, match="us-east-1"), mock_monitoring(region="home"):
        pass


def global_state():
    return {
        "environment": dict(os.environ),
        "session": boto3.DEFAULT_SESSION,
        "threads": threading.active_count(),
        **{
            f"{owner.__name__}.{name}": getattr(owner, name)
            for owner, name in [
                (botocore.client.BaseClient, "_emit_api_params"),
                (botocore.client.BaseClient, "_make_request"),
                (botocore.hooks.HierarchicalEmitter, "emit_until_response"),
                (botocore.endpoint.Endpoint, "_send"),
                (botocore.session.Session, "get_credentials"),
                (botocore.session.Session, "get_config_variable"),
                (boto3, "_get_default_session"),
                (boto3, "setup_default_session"),
                (botocore.useragent, "sanitize_user_agent_string_component"),
            ]
        },
    }


def test_everything_is_put_back_after_an_exception_too():
    before = global_state()
    with pytest.raises(ZeroDivisionError), mock_monitoring():
        put()
        boto3.setup_default_session(region_name="eu-west-1")
        assert boto3.client("cloudwatch").meta.region_name == "eu-west-1"
        raise ZeroDivisionError
    assert global_state() == before


def test_a_client_made_before_awsmon_was_imported_is_served():
    code = (
        "import boto3\n"
        "old = boto3.client('cloudwatch', region_name='us-east-1')\n"
        "import sys; assert 'awsmon' not in sys.modules\n"
        "from awsmon import mock_monitoring\n"
        "with mock_monitoring():\n"
        "    old.put_metric_data(Namespace='A', MetricData=[{'MetricName': 'x', 'Value': 1}])\n"
        "    assert old.list_metrics()['Metrics'][0]['MetricName'] == 'x'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_clients_of_all_sorts_are_served():
    # given clients from before, from a session, from another thread, a resource
    before = boto3.client("cloudwatch", region_name=REGION)
    keyed = boto3.client(
        "cloudwatch", region_name=REGION, aws_access_key_id="A", aws_secret_access_key="B"
    )
    with mock_monitoring():
        put()
        session = botocore.session.Session().create_client("cloudwatch", region_name=REGION)
        resource = boto3.resource("cloudwatch", region_name=REGION)
        found = []
        thread = threading.Thread(target=lambda: found.append(len(names())))
        thread.start()
        thread.join()
        for client in (before, keyed, session):
            assert len(client.list_metrics()["Metrics"]) == 1
        assert [metric.name for metric in resource.metrics.all()] == ["x"]
        assert found == [1]


def test_paginators_and_waiters():
    with mock_monitoring() as mon:
        client = boto3.client("cloudwatch")
        for number in range(7):
            client.put_metric_alarm(
                AlarmName=f"a{number}", Namespace="App", MetricName="x", Statistic="Sum",
                Period=60, EvaluationPeriods=1, Threshold=1,
                ComparisonOperator="GreaterThanThreshold",
            )  # fmt: skip
        pages = client.get_paginator("describe_alarms").paginate(PaginationConfig={"PageSize": 3})
        assert [len(page["MetricAlarms"]) for page in pages] == [3, 3, 1]
        client.get_waiter("alarm_exists").wait(AlarmNames=["a0"])
        assert len(mon.alarms) == 7


def test_a_stubber_has_the_first_word():
    with mock_monitoring():
        client = boto3.client("cloudwatch")
        with Stubber(client) as stubber:
            stubber.add_response("list_metrics", {"Metrics": [{"MetricName": "stubbed"}]})
            assert client.list_metrics()["Metrics"] == [{"MetricName": "stubbed"}]
        assert client.list_metrics()["Metrics"] == []


def test_errors_are_modelled_classes():
    with mock_monitoring():
        client = boto3.client("cloudwatch")
        with pytest.raises(client.exceptions.ResourceNotFound) as caught:
            client.set_alarm_state(AlarmName="x", StateValue="OK", StateReason="x")
        response = caught.value.response
        assert response["Error"]["Code"] == "ResourceNotFound"
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_a_service_that_nobody_answers_is_refused_before_anything_is_sent():
    with mock_monitoring():
        with pytest.raises(NoMockForService, match=r"sqs.*nothing was sent.*mock_aws"):
            boto3.client("sqs").list_queues()
        with pytest.raises(NoMockForService, match="s3"):
            boto3.client("s3").list_buckets()


def test_an_operation_that_is_not_built_says_so(monkeypatch):
    # given a client of which one operation isn't built
    monkeypatch.delitem(routes._packages["alarms"].all(), "DescribeAlarmHistory")
    monkeypatch.delitem(calls._plans, ("cloudwatch", "DescribeAlarmHistory"), raising=False)
    routes.find.cache_clear()
    with (
        mock_monitoring(),
        pytest.raises(NotImplementedByAwsmon, match=r"cloudwatch\.DescribeAlarmHistory"),
    ):
        boto3.client("cloudwatch").describe_alarm_history()


def test_an_answer_can_be_pickled():
    with mock_monitoring():
        client = boto3.client("cloudwatch")
        put()
        for answer in (client.list_metrics(), client.describe_alarms()):
            assert pickle.loads(pickle.dumps(answer)) == answer


def test_a_call_that_is_not_built_stands_in_the_trace():
    with mock_monitoring() as mon:
        with pytest.raises(NotImplementedByAwsmon):
            boto3.client("logs").describe_account_policies(
                policyType="SUBSCRIPTION_FILTER_POLICY", accountIdentifiers=["111111111111"]
            )
        assert "DescribeAccountPolicies -> NotImplementedByAwsmon" in str(mon.trace())


def test_accounts_and_regions_share_nothing():
    with mock_monitoring() as mon:
        put("home")
        elsewhere = mon.at(account="111111111111", region="eu-west-1")
        client = boto3.client("cloudwatch", region_name="eu-west-1", **elsewhere.credentials)
        client.put_metric_data(Namespace="App", MetricData=[{"MetricName": "away", "Value": 1}])
        assert names() == ["home"]
        assert [metric.name for metric in elsewhere.metrics] == ["away"]


def test_every_call_is_seen_with_who_made_it_and_what_came_of_it():
    from awsmon.core.events import ApiCalled

    with mock_monitoring() as mon:
        put()
        client = boto3.client("cloudwatch")
        with pytest.raises(client.exceptions.ResourceNotFound):
            client.set_alarm_state(AlarmName="x", StateValue="OK", StateReason="x")
        calls = [node.entry for node in mon.trace() if isinstance(node.entry, ApiCalled)]
        assert [(call.operation, call.error and call.error[0]) for call in calls] == [
            ("PutMetricData", None), ("SetAlarmState", "ResourceNotFound")
        ]  # fmt: skip
        assert calls[0].parameters["MetricData"] == [{"MetricName": "x", "Value": 1}]
        assert calls[0].identity.account == "123456789012"


def test_what_was_asked_and_answered_is_not_shared_with_the_caller():
    data = [{"MetricName": "x", "Value": 1.0}]
    with mock_monitoring() as mon:
        client = boto3.client("cloudwatch")
        client.put_metric_data(Namespace="App", MetricData=data)
        data.clear()
        first = client.list_metrics()
        first["Metrics"].clear()
        assert len(client.list_metrics()["Metrics"]) == 1
        assert next(iter(mon.trace())).entry.parameters["MetricData"]


def test_the_same_session_twice_gives_the_same_ids():
    def run():
        with mock_monitoring(now="2026-03-02T12:00:00Z", seed=7):
            client = boto3.client("cloudwatch")
            return [client.list_metrics()["ResponseMetadata"]["RequestId"] for _ in range(3)]

    assert run() == run()
    assert len(set(run())) == 3
