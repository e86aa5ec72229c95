"""Who is told of problems: EventBridge, a topic, Systems Manager; and dashboards."""

from __future__ import annotations

import json

import boto3
import pytest

from tests.application_insights.conftest import BASE, DATABASE, WEB, created, metrics, watched
from tests.application_insights.test_problems import app_log, problems

TOPIC = f"arn:aws:sns:{BASE}:on-call"
OPS_TOPIC = f"arn:aws:sns:{BASE}:ops"
FUNCTION = f"arn:aws:lambda:{BASE}:function:told"
STATUS = "ApplicationInsights/shop/AWS/EC2/StatusCheckFailed/i-0web/"


@pytest.fixture
def told(monitoring):
    """The events that a rule gives to a function, whose pattern is the documented one."""
    events = boto3.client("events")
    pattern = {
        "source": ["aws.applicationinsights"],
        "detail": {"resourceGroupName": ["shop"]},
    }
    events.put_rule(Name="problems", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="problems", Targets=[{"Id": "1", "Arn": FUNCTION}])
    seen = []
    monitoring.bind(FUNCTION, lambda event: seen.append(event))
    return seen


def fail(cloudwatch, state="ALARM", alarm=STATUS):
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue=state, StateReason="a test")


def checked(monitoring, insights, **more):
    created(monitoring, insights, WEB, **more)
    watched(insights, alarmMetrics=metrics("StatusCheckFailed"))


def test_event_bridge_is_told_of_a_problem_and_what_becomes_of_it(
    monitoring, insights, cloudwatch, told
):
    # given an application that is watched
    checked(monitoring, insights)
    # when an instance fails, is well again, and stays so
    fail(cloudwatch)
    [found] = problems(insights)
    fail(cloudwatch, "OK")
    monitoring.clock.advance(minutes=15)
    # then a rule sees all of it, as documented
    assert [(each["detail-type"], each["detail"]["status"]) for each in told] == [
        ("Application Insights Problem Detected", "In progress"),
        ("Application Insights Problem Updated", "Recovering"),
        ("Application Insights Problem Updated", "Resolved"),
    ]
    assert set(told[0]["detail"]) == {
        "problemId", "region", "resourceGroupName", "status", "severity", "problemUrl"
    }  # fmt: skip
    detail = told[0]["detail"]
    assert (detail["problemId"], detail["region"]) == (found["Id"], "us-east-1")
    assert (detail["resourceGroupName"], detail["severity"]) == ("shop", "High")
    # when it fails again within a day
    fail(cloudwatch)
    # then it is told as recurring
    assert told[-1]["detail"]["status"] == "Recurring"


def test_a_topic_is_told_too(monitoring, insights, cloudwatch):
    # given an application with a topic
    checked(monitoring, insights, SNSNotificationArn=TOPIC)
    # when an instance fails
    fail(cloudwatch)
    # then the topic gets the problem, and the problem a name for it
    [sent] = monitoring.deliveries.to(TOPIC)
    message = json.loads(sent.payload["Message"])
    [found] = problems(insights)
    assert (message["problemId"], message["shortName"]) == (found["Id"], "EC2StatusCheckFailed")
    assert found["ShortName"] == "EC2StatusCheckFailed"
    assert sent.payload["Subject"].startswith("Application Insights Problem Detected: EC2: Status")
    assert insights.describe_problem(ProblemId=found["Id"])["SNSNotificationArn"] == TOPIC


def test_an_ops_item_is_opened_once_for_a_problem(monitoring, insights, cloudwatch):
    # given an application with OpsCenter and a topic for it, and who answers for Systems Manager
    opened = []
    monitoring.bind(f"arn:aws:ssm:{BASE}:opsitem", lambda item: opened.append(item))
    checked(monitoring, insights, OpsCenterEnabled=True, OpsItemSNSTopicArn=OPS_TOPIC)
    # when an instance fails and is well again
    fail(cloudwatch)
    fail(cloudwatch, "OK")
    # then one OpsItem is opened
    [item] = opened
    assert (item["Title"], item["Severity"]) == ("EC2: Status check failed", "2")
    assert item["Notifications"] == [{"Arn": OPS_TOPIC}]
    resources = json.loads(item["OperationalData"]["/aws/resources"]["Value"])
    assert resources == [{"arn": WEB}]


def test_an_ignored_problem_is_told_to_nobody(monitoring, insights, cloudwatch, told):
    # given a problem that is ignored
    checked(monitoring, insights)
    fail(cloudwatch)
    [found] = problems(insights)
    insights.update_problem(ProblemId=found["Id"], Visibility="IGNORED")
    told.clear()
    # when it recovers
    fail(cloudwatch, "OK")
    # then nobody hears of it
    assert told == []
    assert problems(insights)[0]["Status"] == "RECOVERING"
    # when it is visible again
    insights.update_problem(ProblemId=found["Id"], Visibility="VISIBLE")
    monitoring.clock.advance(minutes=15)
    # then they do
    assert [each["detail"]["status"] for each in told] == ["Resolved"]


# -- dashboards ------------------------------------------------------------------------------------


def body(cloudwatch, name):
    return cloudwatch.get_dashboard(DashboardName=f"ApplicationInsights-{name}")["DashboardBody"]


def dashboards(cloudwatch):
    found = cloudwatch.list_dashboards()["DashboardEntries"]
    return [each["DashboardName"] for each in found]


def test_an_application_has_a_dashboard_while_it_is_watched(monitoring, insights, cloudwatch):
    # given an application with an alarm and a log
    created(monitoring, insights, WEB, name="the.shop")
    assert dashboards(cloudwatch) == []
    watched(insights, name="the.shop", alarmMetrics=metrics("StatusCheckFailed"), logs=app_log())
    # then its dashboard shows both
    text = body(cloudwatch, "the_shop")
    title, alarms, metric, log = json.loads(text)["widgets"]
    assert title["properties"]["markdown"].startswith("# the.shop")
    [arn] = alarms["properties"]["alarms"]
    assert metric["properties"]["annotations"] == {"alarms": [arn]}
    assert "SOURCE '/shop/web'" in log["properties"]["query"]
    # and CloudWatch would take it from anybody
    answer = cloudwatch.put_dashboard(DashboardName="mine", DashboardBody=text)
    assert answer["DashboardValidationMessages"] == []
    # when it is deleted
    insights.delete_application(ResourceGroupName="the.shop")
    # then so is its dashboard
    assert dashboards(cloudwatch) == ["mine"]


def test_a_problem_has_a_dashboard_that_follows_it(monitoring, insights, cloudwatch):
    # given a problem of an alarm, a log line and an event
    checked(monitoring, insights, CWEMonitorEnabled=True)
    watched(insights, alarmMetrics=metrics("StatusCheckFailed"), logs=app_log())
    fail(cloudwatch)
    monitoring.logs.put("/shop/web", "i-0web", ["FATAL: out of order"])
    monitoring.event_bus.put_aws_event(
        "aws.ec2", "EC2 Instance State-change Notification", {"state": "stopped"}, resources=[WEB]
    )
    # then its dashboard shows it, with what was observed
    [found] = problems(insights)
    text = body(cloudwatch, found["Id"])
    title, alarm, log, event = json.loads(text)["widgets"]
    assert title["properties"]["markdown"].startswith(f"# {found['Title']}\n{found['Insights']}")
    assert alarm["properties"]["title"] == STATUS
    assert log["properties"]["title"] == "/shop/web"
    assert "- Ec2State: STOPPED" in event["properties"]["markdown"]
    answer = cloudwatch.put_dashboard(DashboardName="mine", DashboardBody=text)
    assert answer["DashboardValidationMessages"] == []
    # when it recovers, the dashboard says so
    fail(cloudwatch, "OK")
    monitoring.clock.advance(minutes=5)
    assert "Status RECOVERING" in body(cloudwatch, found["Id"])


def test_the_state_of_problems_survives_a_snapshot(monitoring, insights, cloudwatch):
    # given a problem, and a snapshot
    checked(monitoring, insights)
    fail(cloudwatch)
    kept = monitoring.snapshot()
    fail(cloudwatch, "OK")
    # when it is restored, and the symptom stops again
    monitoring.restore(kept)
    assert problems(insights)[0]["Status"] == "PENDING"
    fail(cloudwatch, "OK")
    monitoring.clock.advance(minutes=15)
    # then it goes on from there
    assert problems(insights)[0]["Status"] == "RESOLVED"


def test_databases_on_instances_are_of_the_databases_layer(monitoring, insights, cloudwatch):
    # given SQL Server on an instance, and RDS
    created(monitoring, insights, WEB, DATABASE)
    insights.update_component_configuration(
        ResourceGroupName="shop", ComponentName=WEB, Tier="SQL_SERVER",
        ComponentConfiguration=json.dumps({"alarmMetrics": metrics("StatusCheckFailed")}),
    )  # fmt: skip
    watched(insights, DATABASE, alarmMetrics=metrics("CPUUtilization"))
    # when both fail
    fail(cloudwatch)
    fail(cloudwatch, alarm="ApplicationInsights/shop/AWS/RDS/CPUUtilization/orders/")
    # then the one doesn't depend on the other
    assert len(problems(insights)) == 2
