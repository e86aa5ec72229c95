"""moto beside awsmon in every order: entering, stopping and importing, and by moto's own lists."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys

import boto3
import botocore.session
import botocore.useragent
import pytest
from botocore.credentials import DeferredRefreshableCredentials

from awsmon import NoMockForService, mock_monitoring
from awsmon.sdk import intercept
from tests.alarms.builders import TOPIC, alarm

NOW = "2026-03-02T12:00:00Z"
REGION = "us-east-1"
ORDERS = [
    order
    for order in itertools.permutations(["moto+", "awsmon+", "moto-", "awsmon-"])
    if all(order.index(f"{mock}+") < order.index(f"{mock}-") for mock in ("moto", "awsmon"))
]


def hooked():
    """Everything that a session replaces."""
    found = {
        f"{owner}.{name}": getattr(getattr(sys.modules[f"botocore.{module}"], owner), name)
        for module, owner, name, _ in intercept._BOTOCORE
    }
    return found | {
        "default": boto3._get_default_session,
        "set_up": boto3.setup_default_session,
        "sanitize": botocore.useragent.sanitize_user_agent_string_component,
        "finders": list(sys.meta_path),
        "environment": dict(os.environ),
        "session": boto3.DEFAULT_SESSION,
    }


def refuse():
    raise AssertionError("credentials were refreshed")


def keyless(service):
    """A client of somebody who configured nothing."""
    return botocore.session.Session().create_client(service, region_name=REGION)


def refreshable(service):
    """A client whose credentials come from afar when first asked for."""
    session = botocore.session.Session()
    session._credentials = DeferredRefreshableCredentials(refuse, "test")
    return session.create_client(service, region_name=REGION)


class Story:
    """Both mocks, started and stopped as an order says; each phase is looked at."""

    def __init__(self):
        self.on = {}
        self.old = [(keyless("cloudwatch"), keyless("sqs"))]
        self.old.append((refreshable("cloudwatch"), refreshable("sqs")))
        self.made = []
        self.metrics = itertools.count()

    def step(self, step):
        name, start = step[:-1], step.endswith("+")
        if name == "moto":
            import moto

            mock = self.on.get(name) or moto.mock_aws()
        else:
            mock = self.on.get(name) or mock_monitoring(now=NOW)
        if start:
            self.on[name] = mock
            given = mock.start()
            self.monitoring = given if name == "awsmon" else getattr(self, "monitoring", None)
        else:
            self.on.pop(name).stop()

    def look(self):
        """Calls go where they should, from clients of every age."""
        if not self.on:
            return
        new = (boto3.client("cloudwatch", REGION), boto3.client("sqs", REGION))
        (self.made if "moto.core.models" in sys.modules else self.old).append(new)
        # moto alone answers nobody without keys, and no client that is older than its import
        clients = [*self.made, *(self.old if "awsmon" in self.on else [])]
        for cloudwatch, sqs in clients:
            metric = f"m{next(self.metrics)}"
            cloudwatch.put_metric_data(
                Namespace="App", MetricData=[{"MetricName": metric, "Value": 1}]
            )
            assert (metric in self.ours()) == ("awsmon" in self.on)
            assert (metric in self.theirs()) == ("awsmon" not in self.on)
            if "moto" in self.on:
                assert sqs.create_queue(QueueName=metric)["QueueUrl"].endswith(metric)
            else:
                with pytest.raises(NoMockForService, match="nothing was sent"):
                    sqs.create_queue(QueueName=metric)

    def ours(self):
        return [metric.name for metric in self.monitoring.metrics] if self.monitoring else []

    def theirs(self):
        models = sys.modules.get("moto.cloudwatch.models")
        backends = models.cloudwatch_backends["123456789012"] if models else {}
        return [datum.name for datum in backends[REGION].metric_data] if backends else []


def story(order):
    """One order from beginning to end."""
    before = hooked()
    told = Story()
    told.monitoring = None
    try:
        for step in order:
            told.step(step)
            told.look()
    finally:
        for mock in told.on.values():
            mock.stop()
    assert hooked() == before
    assert told.old[0][0]._request_signer._credentials is None
    assert told.old[1][1]._request_signer._credentials._frozen_credentials is None


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_started_and_stopped(order, monkeypatch):
    import moto.core.models  # noqa: F401 - imported before any client

    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # another test's may be older than moto
    story(order)


@pytest.mark.slow
@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_moto_imported_last(order):
    code = (
        "import sys\n"
        "from tests.sdk.test_orders import story\n"
        "assert not any(name.partition('.')[0] == 'moto' for name in sys.modules)\n"
        f"story({order!r})\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("first", ["moto", "awsmon"])
def test_imported_one_by_one(first):
    second = {"moto": "awsmon", "awsmon": "moto"}[first]
    code = (
        f"import boto3, {first}\n"
        "old = boto3.client('sqs', 'us-east-1')\n"
        f"import {second}\n"
        "from moto import mock_aws\n"
        "with mock_aws(), awsmon.mock_monitoring():\n"
        "    assert old.create_queue(QueueName='q')['QueueUrl']\n"
        "    assert boto3.client('cloudwatch', 'us-east-1').list_metrics()['Metrics'] == []\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# -- moto's own lists ------------------------------------------------------------------------------


@pytest.fixture(params=["inside", "outside"])
def beside(request):
    """Both, with a configuration of moto's: awsmon inside or outside."""
    from contextlib import ExitStack

    from moto import mock_aws

    with ExitStack() as stack:

        def enter(core):
            ours, theirs = mock_monitoring(now=NOW), mock_aws(config={"core": core})
            if request.param == "inside":
                stack.enter_context(theirs)
                return stack.enter_context(ours)
            mon = stack.enter_context(ours)
            stack.enter_context(theirs)
            return mon

        yield enter


def test_a_service_that_moto_may_not_serve_is_refused(beside):
    beside({"service_whitelist": ["sqs"]})
    assert boto3.client("sqs", REGION).create_queue(QueueName="q")["QueueUrl"]
    with pytest.raises(NoMockForService, match="service_whitelist doesn't name 'sns'"):
        boto3.client("sns", REGION).list_topics()


@pytest.mark.parametrize(
    "passthrough", [{"services": ["sns"]}, {"urls": ["https?://sns.us-east-1.amazonaws.com"]}]
)
def test_a_service_that_moto_passes_through_reaches_nobody(beside, passthrough):
    beside({"passthrough": passthrough})
    assert boto3.client("sqs", REGION).create_queue(QueueName="q")["QueueUrl"]
    with pytest.raises(NoMockForService, match="pass it through to AWS"):
        boto3.client("sns", REGION).list_topics()


def test_our_services_are_ours_whatever_moto_is_configured_to_do(beside):
    mon = beside({"service_whitelist": ["sqs"], "passthrough": {"services": ["cloudwatch"]}})
    boto3.client("cloudwatch", REGION).put_metric_data(
        Namespace="App", MetricData=[{"MetricName": "x", "Value": 1}]
    )
    assert [metric.name for metric in mon.metrics] == ["x"]


@pytest.mark.parametrize(
    "core", [{"service_whitelist": ["sqs"]}, {"passthrough": {"services": ["sns"]}}]
)
def test_a_delivery_to_what_moto_may_not_serve_is_recorded_only(beside, core):
    mon = beside(core)
    cloudwatch = boto3.client("cloudwatch", REGION)
    cloudwatch.put_metric_alarm(**alarm(actions=[TOPIC]))
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
    [delivery] = mon.deliveries
    assert (delivery.status, delivery.via) == ("recorded", "nobody")


def test_a_service_that_neither_has_is_refused(beside):
    beside({})
    with pytest.raises(NoMockForService, match="doesn't serve it either"):
        boto3.client("mturk", REGION).get_account_balance()


def test_without_keys_of_motos_either(beside):
    beside({"mock_credentials": False})
    assert "AWS_ACCESS_KEY_ID" not in os.environ
    assert boto3.client("sqs", REGION).create_queue(QueueName="q")["QueueUrl"]


def test_a_mock_of_the_users_own_answers_where_moto_may_not(beside):
    from botocore.awsrequest import AWSResponse
    from moto.core.botocore_stubber import MockRawResponse

    beside({"service_whitelist": ["sqs"]})
    client = boto3.client("sns", REGION)
    body = (
        b"<ListTopicsResponse><ListTopicsResult><Topics/></ListTopicsResult></ListTopicsResponse>"
    )
    client.meta.events.register_last(
        "before-send.sns",
        lambda request, **_: AWSResponse(request.url, 200, {}, MockRawResponse(body)),
    )
    assert client.list_topics()["Topics"] == []
