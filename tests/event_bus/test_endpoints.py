"""Global endpoints: events fail over to a second region."""

from __future__ import annotations

import boto3
import botocore.auth
import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
CHECK = "arn:aws:route53:::healthcheck/{}"


@pytest.fixture
def clients(monitoring):
    """EventBridge in both regions, with a bus in each."""
    found = [boto3.client("events", region) for region in ("us-east-1", "us-west-2")]
    for client in found:
        client.create_event_bus(Name="shop")
    return found


def create(client, check="x", **more):
    buses = [
        {"EventBusArn": f"arn:aws:events:{region}:{ACCOUNT}:event-bus/shop"}
        for region in ("us-east-1", "us-west-2")
    ]  # fmt: skip
    routing = {"FailoverConfig": {"Primary": {"HealthCheck": CHECK.format(check)},
                                  "Secondary": {"Route": "us-west-2"}}}  # fmt: skip
    wanted = {"Name": "e", "RoutingConfig": routing, "EventBuses": buses, **more}
    client.create_endpoint(**wanted)
    return client.describe_endpoint(Name="e")["EndpointId"]


@pytest.fixture
def put(clients, monkeypatch):
    """PutEvents through an endpoint: botocore wants awscrt to sign it, which nobody does here."""
    monkeypatch.setitem(botocore.auth.AUTH_TYPE_MAPS, "v4a", botocore.auth.SigV4Auth)

    def put_events(endpoint):
        entry = {"Source": "shop", "DetailType": "Placed", "Detail": "{}"}
        return clients[0].put_events(EndpointId=endpoint, Entries=[entry])["Entries"][0]

    return put_events


@pytest.fixture
def seen(monitoring, clients):
    """The regions of the events that came, with their ids."""
    events = []
    for region in ("us-east-1", "us-west-2"):
        bus = monitoring.at(region=region).event_bus
        bus.on({"source": ["shop"]}, bus="shop")(events.append)
    return events


def regions(seen):
    found = [event["region"] for event in seen]
    seen.clear()
    return found


def test_events_go_to_the_second_region_while_the_first_is_unhealthy(
    monitoring, clients, put, seen
):
    id_ = create(clients[0], ReplicationConfig={"State": "DISABLED"})
    put(id_)
    assert regions(seen) == ["us-east-1"]
    monitoring.event_bus.set_health(CHECK.format("x"), healthy=False)
    put(id_)
    assert regions(seen) == ["us-west-2"]
    monitoring.event_bus.set_health(CHECK.format("x"), healthy=True)
    put(id_)
    assert regions(seen) == ["us-east-1"]


def test_replicated_events_come_to_both_under_one_id(monitoring, clients, put, seen):
    answer = put(create(clients[0]))
    assert {event["id"] for event in seen} == {answer["EventId"]}
    assert regions(seen) == ["us-east-1", "us-west-2"]


class Route53:
    """Another mock, which has a health check that watches an alarm; moto keeps no alarm with it."""

    def ours(self, service):
        return False

    def serves(self, service):
        return service == "route53"

    holds = serves

    def call(self, service, operation, parameters, **_):
        config = {
            "AlarmIdentifier": {"Region": "us-east-1", "Name": parameters["HealthCheckId"]},
            "InsufficientDataHealthStatus": "Unhealthy",
        }
        return {"HealthCheck": {"HealthCheckConfig": config}}


def test_the_alarm_of_the_health_check_decides(monitoring, clients, put, seen):
    # given a health check that watches an alarm
    monitoring.backend.other_mock = Route53()
    cloudwatch = boto3.client("cloudwatch", "us-east-1")
    cloudwatch.put_metric_alarm(
        AlarmName="a", Namespace="n", MetricName="m", Statistic="Sum", Period=60, Threshold=1,
        EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    id_ = create(clients[0], "a", ReplicationConfig={"State": "DISABLED"})
    put(id_)
    assert regions(seen) == ["us-west-2"]  # no data is unhealthy here
    # when the alarm changes, so does the region
    for state, region in (("OK", "us-east-1"), ("ALARM", "us-west-2"), ("OK", "us-east-1")):
        cloudwatch.set_alarm_state(AlarmName="a", StateValue=state, StateReason="test")
        put(id_)
        assert regions(seen) == [region]


def test_endpoints_are_kept_listed_and_refused(monitoring, clients):
    client = clients[0]
    id_ = create(client, Description="d")
    shown = client.describe_endpoint(Name="e")
    assert shown["State"] == "CREATING"
    assert shown["EndpointUrl"] == f"https://{id_}.endpoint.events.amazonaws.com"
    assert shown["ReplicationConfig"] == {"State": "ENABLED"}
    monitoring.clock.advance(minutes=1)
    (listed,) = client.list_endpoints(NamePrefix="e")["Endpoints"]
    assert listed["State"] == "ACTIVE"
    updated = client.update_endpoint(Name="e", ReplicationConfig={"State": "DISABLED"})
    assert (updated["State"], updated["ReplicationConfig"]["State"]) == ("UPDATING", "DISABLED")
    with pytest.raises(ClientError, match="already exists"):
        create(client)
    with pytest.raises(ClientError, match="two event buses"):
        create(client, Name="f", EventBuses=[listed["EventBuses"][0]] * 2)
    client.delete_endpoint(Name="e")
    monitoring.clock.advance(minutes=1)
    with pytest.raises(ClientError, match="does not exist"):
        client.describe_endpoint(Name="e")
