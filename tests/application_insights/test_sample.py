"""The User Guide's example scenario, from raw input to the dashboard.

An ASP.NET application is backed by a SQL Server database, which comes under memory pressure; web
servers and load balancer then answer with HTTP 500. Source: User Guide, "How Amazon CloudWatch
Application Insights works", "Example scenario".
"""

from __future__ import annotations

import json
from datetime import timedelta

import boto3

from tests.application_insights.conftest import BALANCER, BASE, WEB
from tests.application_insights.test_problems import observations, problems

SQL = f"arn:aws:ec2:{BASE}:instance/i-0sql"
TOPIC = f"arn:aws:sns:{BASE}:on-call"
MEMORY = {"InstanceId": "i-0sql", "ImageId": "ami-1", "InstanceType": "m5.large",
          "objectname": "Memory"}  # fmt: skip
IIS = (
    "2026-03-02 12:12:10 10.0.0.1 GET / - 80 - 10.0.0.9 curl - 200 0 0 15",
    "2026-03-02 12:12:11 10.0.0.1 GET /cart - 80 - 10.0.0.9 curl - 500 0 0 30",
)
FRONT = {"LoadBalancer": "app/front/1a2b"}
MEMORY_ALARM = "ApplicationInsights/shop/CWAgent/Memory % Committed Bytes In Use/i-0sql/Memory/"
ERRORS_ALARM = (
    "ApplicationInsights/shop/AWS/ApplicationELB/HTTPCode_Target_5XX_Count/app/front/1a2b/"
)


def a_quiet_fortnight(mon):
    """What the agent and the load balancer sent every five minutes."""
    times = [mon.clock.now() - timedelta(minutes=5 * each) for each in range(13 * 288)]
    for namespace, name, dimensions, usual in (
        ("CWAgent", "Memory % Committed Bytes In Use", MEMORY, 55),
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", FRONT, 2),
    ):
        points = [(at, usual + place % 3) for place, at in enumerate(times)]
        mon.metrics.put_series(namespace, name, points, dimensions=dimensions)


def configured_as_recommended(insights, component, tier):
    place = {"ResourceGroupName": "shop", "ComponentName": component}
    recommended = insights.describe_component_configuration_recommendation(**place, Tier=tier)
    insights.update_component_configuration(
        **place, Tier=tier, ComponentConfiguration=recommended["ComponentConfiguration"]
    )


def logged(logs, group, stream, now, *lines):
    at = int(now.timestamp() * 1000)
    logs.put_log_events(
        logGroupName=group, logStreamName=stream,
        logEvents=[{"timestamp": at, "message": line} for line in lines],
    )  # fmt: skip


def test_the_guides_example_from_raw_input_to_the_dashboard(monitoring, insights, cloudwatch):
    # given an ASP.NET application with a SQL Server database, after a quiet fortnight
    logs, events = boto3.client("logs"), boto3.client("events")
    a_quiet_fortnight(monitoring)
    monitoring.application_insights.declare("shop", [BALANCER])
    monitoring.application_insights.declare("shop", [WEB, SQL], windows=True)
    insights.create_application(
        ResourceGroupName="shop", SNSNotificationArn=TOPIC, CWEMonitorEnabled=True
    )
    monitoring.clock.advance(seconds=10)
    tiers = {BALANCER: "DEFAULT", WEB: "DOT_NET_WEB", SQL: "SQL_SERVER"}
    for component, tier in tiers.items():
        configured_as_recommended(insights, component, tier)
    for group, stream in (("IIS-shop", "i-0web"), ("SQL_SERVER-shop", "i-0sql")):
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    events.put_rule(Name="problems", EventPattern=json.dumps({
        "source": ["aws.applicationinsights"],
        "detail-type": ["Application Insights Problem Detected"],
        "detail": {"resourceGroupName": ["shop"]},
    }))  # fmt: skip
    queue = f"arn:aws:sqs:{BASE}:problems"
    events.put_targets(Rule="problems", Targets=[{"Id": "1", "Arn": queue}])
    # when the database's memory is used up, it says so, and requests fail
    for minute in range(16):
        now = monitoring.clock.now()
        monitoring.metrics.put("CWAgent", "Memory % Committed Bytes In Use", 97, dimensions=MEMORY)
        if minute >= 5:
            cloudwatch.put_metric_data(Namespace="AWS/ApplicationELB", MetricData=[{
                "MetricName": "HTTPCode_Target_5XX_Count", "Value": 40,
                "Dimensions": [{"Name": "LoadBalancer", "Value": "app/front/1a2b"}],
            }])  # fmt: skip
        if minute == 12:
            logged(logs, "SQL_SERVER-shop", "i-0sql", now,
                   "spid51 Error: 701, Severity: 17, State: 123.")  # fmt: skip
            logged(logs, "IIS-shop", "i-0web", now, *IIS)
        monitoring.clock.advance(minutes=1)
    monitoring.clock.advance(minutes=4)
    # then all of it is one problem, whose cause is the database
    [problem] = problems(insights)
    assert problem["AffectedResource"] == SQL
    assert (problem["Title"], problem["SeverityLevel"]) == (
        "EC2: Errors in the database log", "High"
    )  # fmt: skip
    for words in ("Memory pressure on i-0sql", "Errors in the web server's log on i-0web",
                  "HTTP 5XX errors on 1a2b"):  # fmt: skip
        assert words in problem["Insights"]
    seen = observations(insights, problem)
    assert {(each["SourceARN"], each["SourceType"]) for each in seen} == {
        (SQL, "ALARM"), (SQL, "LOG"), (WEB, "LOG"), (BALANCER, "ALARM")
    }  # fmt: skip
    assert cloudwatch.describe_alarms(AlarmNames=[MEMORY_ALARM])["MetricAlarms"]
    # and it was told
    [sent] = monitoring.deliveries.to(queue)
    assert json.loads(sent.payload)["detail"]["problemId"] == problem["Id"]
    assert len(monitoring.deliveries.to(TOPIC)) == len(seen)
    # and its dashboard shows the metrics and logs of all four
    found = cloudwatch.get_dashboard(DashboardName=f"ApplicationInsights-{problem['Id']}")
    title, *widgets = json.loads(found["DashboardBody"])["widgets"]
    assert problem["Title"] in title["properties"]["markdown"]
    assert {each["properties"]["title"] for each in widgets} == {
        MEMORY_ALARM, ERRORS_ALARM, "SQL_SERVER-shop", "IIS-shop"
    }  # fmt: skip
    # when all is well again for a while
    monitoring.clock.advance(hours=1)
    # then it is resolved, and the topic knows
    [problem] = problems(insights)
    assert (problem["Status"], problem["ResolutionMethod"]) == ("RESOLVED", "AUTOMATIC")
    last = json.loads(monitoring.deliveries.to(TOPIC)[-1].payload["Message"])
    assert last["status"] == "Resolved"
