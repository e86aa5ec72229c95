"""aiobotocore and aioboto3: served as boto3 is, in an environment of their own (`.ci/clients`)."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import boto3
import pytest

from awsmon import NoMockForService, mock_monitoring
from awsmon.core.events import ApiCalled
from awsmon.sdk.sessions import FAKE_KEY
from tests.alarms.builders import alarm

pytest.importorskip("aiobotocore")

import aiobotocore.client
import aiobotocore.credentials
import aiobotocore.endpoint
import aiobotocore.hooks
import aiobotocore.session
import aiobotocore.signers
from aiobotocore.session import get_session

NOW = "2026-03-02T12:00:00Z"
REGION = "us-east-1"


def client(service="cloudwatch", **options):
    return get_session().create_client(service, **options)


async def put(cloudwatch, name="x", value=1.0):
    await cloudwatch.put_metric_data(
        Namespace="App", MetricData=[{"MetricName": name, "Value": value}]
    )


async def names(cloudwatch):
    return [metric["MetricName"] for metric in (await cloudwatch.list_metrics())["Metrics"]]


# -- calls -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("wire", [False, True])
def test_a_call_is_answered_and_seen(wire):
    async def main():
        with mock_monitoring(now=NOW, wire=wire) as mon:
            async with client() as cloudwatch:
                await put(cloudwatch)
                assert await names(cloudwatch) == ["x"]
            return [n.entry for n in mon.trace() if isinstance(n.entry, ApiCalled)]

    calls = asyncio.run(main())
    assert [call.operation for call in calls] == ["PutMetricData", "ListMetrics"]
    assert calls[0].parameters["MetricData"] == [{"MetricName": "x", "Value": 1.0}]
    assert calls[0].identity.access_key == FAKE_KEY


def test_what_it_answers_is_what_boto3_is_answered():
    async def asynchronous():
        async with client() as cloudwatch:
            await put(cloudwatch)
            return await cloudwatch.list_metrics()

    def synchronous():
        cloudwatch = boto3.client("cloudwatch")
        cloudwatch.put_metric_data(Namespace="App", MetricData=[{"MetricName": "x", "Value": 1.0}])
        return cloudwatch.list_metrics()

    with mock_monitoring(now=NOW):
        first = asyncio.run(asynchronous())
    with mock_monitoring(now=NOW):
        assert synchronous() == first


def test_a_paginator_and_a_waiter():
    async def main():
        with mock_monitoring(now=NOW):
            async with client() as cloudwatch:
                for number in range(7):
                    await cloudwatch.put_metric_alarm(**alarm(f"a{number}"))
                paginator = cloudwatch.get_paginator("describe_alarms")
                pages = [
                    len(page["MetricAlarms"])
                    async for page in paginator.paginate(PaginationConfig={"PageSize": 3})
                ]
                await cloudwatch.get_waiter("alarm_exists").wait(AlarmNames=["a0"])
                return pages

    assert asyncio.run(main()) == [3, 3, 1]


def test_a_waiter_sleeps_in_virtual_time():
    async def main():
        with mock_monitoring(now=NOW) as mon:
            async with client() as cloudwatch:
                waiting = asyncio.create_task(
                    cloudwatch.get_waiter("alarm_exists").wait(AlarmNames=["late"])
                )
                await asyncio.sleep(12)
                await cloudwatch.put_metric_alarm(**alarm("late"))
                await waiting
            return mon.clock.now().second

    assert asyncio.run(main()) == 15


@pytest.mark.parametrize("wire", [False, True])
def test_errors_are_modelled_classes(wire):
    async def main():
        with mock_monitoring(now=NOW, wire=wire):
            async with client() as cloudwatch:
                with pytest.raises(cloudwatch.exceptions.ResourceNotFound) as caught:
                    await cloudwatch.set_alarm_state(
                        AlarmName="x", StateValue="OK", StateReason="x"
                    )
                return caught.value.response

    response = asyncio.run(main())
    assert response["Error"]["Code"] == "ResourceNotFound"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_faults_strike_and_are_retried_in_virtual_time():
    async def main():
        with mock_monitoring(now=NOW) as mon:
            async with client() as cloudwatch:
                mon.faults.throttle("cloudwatch", "ListMetrics", times=2)
                answer = await cloudwatch.list_metrics()
                assert mon.clock.now().strftime("%H:%M:%S.%f") > "12:00:00.000000"
                return answer["ResponseMetadata"]["RetryAttempts"]

    assert asyncio.run(main()) == 2


def test_a_stubber_has_the_first_word():
    stub = pytest.importorskip("aiobotocore.stub")

    async def main():
        with mock_monitoring(now=NOW):
            async with client() as cloudwatch:
                with stub.AioStubber(cloudwatch) as stubber:
                    stubber.add_response("list_metrics", {"Metrics": [{"MetricName": "stubbed"}]})
                    assert await names(cloudwatch) == ["stubbed"]
                assert await names(cloudwatch) == []

    asyncio.run(main())


# -- many at once ----------------------------------------------------------------------------------


def test_a_thousand_concurrent_tasks_lose_nothing():
    async def main():
        with mock_monitoring(now=NOW) as mon:
            async with client() as cloudwatch:
                await cloudwatch.put_metric_alarm(**alarm(threshold=999))
                await asyncio.gather(*(put(cloudwatch, "Errors", 1) for _ in range(1_000)))
            mon.clock.advance(minutes=1)
            assert mon.alarms["too-many-errors"].state == "ALARM"
            return sum(
                isinstance(node.entry, ApiCalled) and node.entry.operation == "PutMetricData"
                for node in mon.trace()
            )

    assert asyncio.run(main()) == 1_000


def test_tasks_of_two_threads_with_boto3_between_them():
    async def many(number):
        async with client() as cloudwatch:
            await asyncio.gather(*(put(cloudwatch, f"m{number}-{n}") for n in range(100)))

    async def main():
        with mock_monitoring(now=NOW) as mon:
            await asyncio.gather(
                asyncio.to_thread(lambda: asyncio.run(many(1))),
                many(2),
                asyncio.to_thread(
                    lambda: [
                        boto3.client("cloudwatch").put_metric_data(
                            Namespace="App", MetricData=[{"MetricName": f"s{n}", "Value": 1}]
                        )
                        for n in range(50)
                    ]
                ),
            )
            return len(list(mon.metrics))

    assert asyncio.run(main()) == 250


# -- ways in ---------------------------------------------------------------------------------------


def test_a_decorator_on_a_coroutine_function():
    @mock_monitoring(now=NOW)
    async def decorated():
        async with client() as cloudwatch:
            await put(cloudwatch)
            return await names(cloudwatch)

    assert asyncio.run(decorated()) == ["x"]
    assert asyncio.run(decorated()) == ["x"]


def test_a_client_made_before_the_mock():
    async def main():
        session = get_session()
        session.set_credentials("AKIDMINE", "secret")
        async with session.create_client("cloudwatch", region_name=REGION) as cloudwatch:
            with mock_monitoring(now=NOW) as mon:
                await put(cloudwatch)
                assert [metric.name for metric in mon.metrics] == ["x"]

    asyncio.run(main())


def test_aiobotocore_imported_after_the_mock_started():
    code = (
        "import asyncio, sys\n"
        "from awsmon import mock_monitoring\n"
        "from awsmon.core.errors import NoMockForService\n"
        "async def main():\n"
        "    with mock_monitoring(now='2026-03-02T12:00:00Z') as mon:\n"
        "        assert 'aiobotocore' not in sys.modules\n"
        "        from aiobotocore.session import get_session\n"
        "        import inspect, aiobotocore.session as module\n"
        "        assert 'class AioSession' in inspect.getsource(module)\n"
        "        assert 'awsmon' not in type(module.__loader__).__module__\n"
        "        async with get_session().create_client('cloudwatch') as client:\n"
        "            await client.put_metric_data(\n"
        "                Namespace='A', MetricData=[{'MetricName': 'x', 'Value': 1}])\n"
        "        assert [metric.name for metric in mon.metrics] == ['x']\n"
        "    assert not any('awsmon' in type(finder).__module__ for finder in sys.meta_path)\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_accounts_and_regions():
    async def main():
        with mock_monitoring(now=NOW, region="eu-central-1") as mon:
            elsewhere = mon.at(account="111111111111", region="eu-west-1")
            async with client() as home:
                assert home.meta.region_name == "eu-central-1"
                await put(home, "home")
            async with client(region_name="eu-west-1", **elsewhere.credentials) as away:
                await put(away, "away")
            assert [metric.name for metric in mon.metrics] == ["home"]
            assert [metric.name for metric in elsewhere.metrics] == ["away"]

    asyncio.run(main())


def test_credentials_in_the_environment_count(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    async def main():
        with mock_monitoring(now=NOW) as mon:
            async with client() as cloudwatch:
                await put(cloudwatch)
            return next(iter(mon.trace())).entry.identity.access_key

    assert asyncio.run(main()) == "AKIDENVIRONMENT"


@pytest.mark.parametrize("wire", [False, True])
def test_credentials_are_never_refreshed(wire):
    async def refresh():
        raise AssertionError("refreshed")

    async def main():
        session = get_session()
        session._credentials = aiobotocore.credentials.AioDeferredRefreshableCredentials(
            refresh, "test"
        )
        async with session.create_client("cloudwatch", region_name=REGION) as cloudwatch:
            with mock_monitoring(now=NOW, wire=wire) as mon:
                await put(cloudwatch)
                assert [metric.name for metric in mon.metrics] == ["x"]

    asyncio.run(main())


# -- what isn't served, and leaving ----------------------------------------------------------------


@pytest.mark.parametrize("service", ["sqs", "s3"])
@pytest.mark.parametrize("with_moto", [False, True])
def test_another_service_is_refused_before_anything_is_signed_or_sent(service, with_moto):
    async def refresh():
        raise AssertionError("refreshed")

    operation = {"sqs": "list_queues", "s3": "list_buckets"}[service]

    async def main():
        session = get_session()
        session._credentials = aiobotocore.credentials.AioDeferredRefreshableCredentials(
            refresh, "test"
        )
        with mock_monitoring(now=NOW):
            async with session.create_client(service, region_name=REGION) as other:
                with pytest.raises(NoMockForService, match=rf"{service}.*moto.*aiobotocore"):
                    await getattr(other, operation)()

    if with_moto:
        moto = pytest.importorskip("moto")
        with moto.mock_aws():
            asyncio.run(main())
    else:
        asyncio.run(main())


def hooked():
    return [
        aiobotocore.client.AioBaseClient._emit_api_params,
        aiobotocore.client.AioBaseClient._make_request,
        aiobotocore.hooks.AioHierarchicalEmitter.emit_until_response,
        aiobotocore.hooks.AioHierarchicalEmitter.emit,
        aiobotocore.endpoint.AioEndpoint._send,
        aiobotocore.signers.AioRequestSigner.get_auth_instance,
        aiobotocore.session.AioSession.get_credentials,
        aiobotocore.credentials.AioRefreshableCredentials.get_account_id,
        list(sys.meta_path),
    ]


def test_everything_is_put_back():
    before = hooked()
    with pytest.raises(ZeroDivisionError), mock_monitoring(wire=True):
        assert hooked() != before
        raise ZeroDivisionError
    assert hooked() == before


# -- aioboto3 --------------------------------------------------------------------------------------


def test_a_client_and_a_resource_of_aioboto3():
    aioboto3 = pytest.importorskip("aioboto3")

    async def main():
        with mock_monitoring(now=NOW):
            session = aioboto3.Session()
            async with session.client("cloudwatch") as cloudwatch:
                await put(cloudwatch)
            async with session.resource("cloudwatch") as resource:
                return [metric.name async for metric in resource.metrics.all()]

    assert asyncio.run(main()) == ["x"]
