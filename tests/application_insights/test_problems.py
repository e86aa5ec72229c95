"""Problems: what is observed, what belongs together, how it ends and comes again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.application_insights.conftest import (
    BALANCER,
    BUCKET,
    DATABASE,
    QUEUE,
    WEB,
    WORKER,
    created,
    metrics,
    watched,
)
from tests.application_insights.test_applications import refused

OTHER = WEB.replace("web", "other")
NAMES = {
    # component -> namespace, metric, dimensions
    WEB: ("AWS/EC2", "CPUUtilization", {"InstanceId": "i-0web"}),
    DATABASE: ("AWS/RDS", "FreeableMemory", {"DBInstanceIdentifier": "orders"}),
    BALANCER: ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
               {"LoadBalancer": "app/front/1a2b"}),
    BUCKET: ("AWS/S3", "4xxErrors", {"BucketName": "pictures", "FilterId": "EntireBucket"}),
    QUEUE: ("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "orders"}),
}  # fmt: skip


@pytest.fixture
def shop(monitoring, insights):
    """An application of five components, each watched by one metric; 50 is too much, or little."""
    created(monitoring, insights, *NAMES, CWEMonitorEnabled=True)
    for component, (namespace, metric, _) in NAMES.items():
        monitoring.application_insights.set_threshold(namespace, metric, 50)
        watched(insights, component, alarmMetrics=metrics(metric))
    return insights


def ails(monitoring, *components, minutes=15):
    """Something is wrong with components, for so long."""
    for _ in range(minutes):
        for component in components:
            namespace, metric, dimensions = NAMES[component]
            value = 10 if component == DATABASE else 99
            monitoring.metrics.put(namespace, metric, value, dimensions=dimensions)
        monitoring.clock.advance(minutes=1)


def problems(insights, **asked):
    return insights.list_problems(ResourceGroupName="shop", **asked)["ProblemList"]


def observations(insights, problem):
    answer = insights.describe_problem_observations(ProblemId=problem["Id"])
    return answer["RelatedObservations"]["ObservationList"]


def test_a_problem_looks_like_the_documented_one(monitoring, shop):
    # when an instance is at its limit
    ails(monitoring, WEB)
    # then there is a problem, as the AWS CLI's example shows one
    [found] = problems(shop)
    described = shop.describe_problem(ProblemId=found["Id"])["Problem"]
    assert described == found
    assert described.pop("Insights").startswith("High CPU on i-0web. ")
    started = described.pop("StartTime")
    assert described == {
        "Id": found["Id"],
        "Title": "EC2: High CPU",
        "Status": "PENDING",
        "AffectedResource": WEB,
        "EndTime": datetime(1970, 1, 1, tzinfo=timezone.utc),
        "SeverityLevel": "Medium",
        "AccountId": "123456789012",
        "ResourceGroupName": "shop",
        "Feedback": {"INSIGHTS_FEEDBACK": "NOT_SPECIFIED"},
        "RecurringCount": 0,
        "Visibility": "VISIBLE",
        "ResolutionMethod": "UNRESOLVED",
    }
    # and its observation
    [seen] = observations(shop, found)
    assert shop.describe_observation(ObservationId=seen["Id"])["Observation"] == seen
    assert seen == {
        "Id": seen["Id"],
        "StartTime": started,
        "SourceType": "ALARM",
        "SourceARN": WEB,
        "MetricNamespace": "AWS/EC2",
        "MetricName": "CPUUtilization",
        "Value": 99.0,
    }


def test_correlated_symptoms_are_one_problem_and_an_unrelated_one_is_another(monitoring, shop):
    # when memory of the database runs out, then the servers and the load balancer suffer, and at
    # the same time something is refused by a bucket
    ails(monitoring, DATABASE)
    ails(monitoring, DATABASE, WEB, BALANCER, BUCKET)
    # then the first three are one problem, at the database, and the bucket is another
    other, first = sorted(problems(shop), key=lambda each: each["SeverityLevel"] == "High")
    assert [each["SourceARN"] for each in observations(shop, first)] == [DATABASE, WEB, BALANCER]
    assert first["Title"] == "RDS: Memory pressure"
    assert first["AffectedResource"] == DATABASE
    assert "Seen with it: High CPU on i-0web; HTTP 5XX errors on 1a2b." in first["Insights"]
    # and it can be said why
    assert monitoring.application_insights.explain(first["Id"]).splitlines() == [
        "RDS: Memory pressure: PENDING, High",
        "  2026-03-02 12:11 to on: Memory pressure on orders: with it the problem began",
        "  2026-03-02 12:26 to on: High CPU on i-0web: compute depends on database, where Memory "
        "pressure on orders was seen",
        "  2026-03-02 12:26 to on: HTTP 5XX errors on 1a2b: frontend depends on compute, where "
        "High CPU on i-0web was seen",
    ]
    assert (other["Title"], other["SeverityLevel"]) == ("S3: HTTP 4XX errors", "Low")


def test_layers_that_do_not_depend_on_one_another_are_not_correlated(monitoring, shop):
    # when a load balancer has errors and a queue grows, and nothing is known of what is between
    ails(monitoring, BALANCER, QUEUE)
    # then these are two problems
    assert {each["Title"] for each in problems(shop)} == {
        "ALB: HTTP 5XX errors", "SQS: Growing backlog"
    }  # fmt: skip


def test_instances_belong_to_what_has_them(monitoring, insights, cloudwatch):
    # given two servers that are grouped, and one that isn't, all of one layer
    created(monitoring, insights, WEB, WORKER, OTHER)
    insights.create_component(
        ResourceGroupName="shop", ComponentName="servers", ResourceList=[WEB, WORKER]
    )
    check = metrics("StatusCheckFailed")
    watched(insights, OTHER, alarmMetrics=check)
    watched(insights, "servers", subComponents=[
        {"subComponentType": "AWS::EC2::Instance", "alarmMetrics": check}])  # fmt: skip
    # when all fail
    for name in ("web", "worker", "other"):
        alarm = f"ApplicationInsights/shop/AWS/EC2/StatusCheckFailed/i-0{name}/"
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="a test")
    # then those of the group are one problem
    assert [len(observations(insights, each)) for each in problems(insights)] == [2, 1]


def test_what_comes_much_later_is_another_problem(monitoring, shop):
    # given a problem of the database that is over, though not yet resolved
    ails(monitoring, DATABASE)
    monitoring.clock.advance(minutes=20)
    # when a server suffers
    ails(monitoring, WEB)
    # then that is another
    assert [each["Title"] for each in problems(shop)] == ["EC2: High CPU", "RDS: Memory pressure"]


def test_a_problem_recovers_and_is_resolved_when_its_symptoms_stop(monitoring, shop, cloudwatch):
    # given a problem of two symptoms, one of which stops
    ails(monitoring, WEB, DATABASE)
    ails(monitoring, WEB)
    [found] = problems(shop)
    assert found["Status"] == "PENDING"
    assert ["EndTime" in each for each in observations(shop, found)].count(True) == 1
    # when the other stops too, and its alarm sees no datapoint
    monitoring.clock.advance(minutes=16)
    # then it is recovering
    assert problems(shop)[0]["Status"] == "RECOVERING"
    # and a quarter of an hour later it is resolved
    monitoring.clock.advance(minutes=15)
    [found] = problems(shop)
    assert (found["Status"], found["ResolutionMethod"]) == ("RESOLVED", "AUTOMATIC")
    assert found["EndTime"] > found["StartTime"]


def test_only_what_is_recovering_is_resolved_by_hand(monitoring, shop):
    # given a problem
    ails(monitoring, WEB)
    [found] = problems(shop)
    update = {"ProblemId": found["Id"], "UpdateStatus": "RESOLVED"}
    assert refused(shop.update_problem, **update) == (
        "ValidationException",
        "A problem with status PENDING cannot be resolved; it must be RECOVERING.",
    )
    # when it is recovering
    monitoring.clock.advance(minutes=16)
    shop.update_problem(**update)
    # then it can be
    [found] = problems(shop)
    assert (found["Status"], found["ResolutionMethod"]) == ("RESOLVED", "MANUAL")


@pytest.mark.parametrize(("hours", "count"), [(20, 1), (30, 2)])
def test_the_same_within_a_day_is_the_same_problem_once_more(monitoring, shop, hours, count):
    # given a problem that is resolved
    ails(monitoring, WEB)
    monitoring.clock.advance(hours=hours)
    # when the same comes again
    ails(monitoring, WEB)
    # then it is that problem once more, if it was in the last 24 hours
    found = problems(shop)
    assert len(found) == count
    if count == 1:
        assert (found[0]["Status"], found[0]["RecurringCount"]) == ("RECURRING", 1)
        assert found[0]["LastRecurrenceTime"] > found[0]["StartTime"]
        assert found[0]["ResolutionMethod"] == "UNRESOLVED"
        # and is resolved like any other
        monitoring.clock.advance(hours=1)
        assert problems(shop)[0]["Status"] == "RESOLVED"


def test_problems_are_listed_by_what_is_asked(monitoring, shop):
    # given two problems, one of them ignored
    ails(monitoring, BUCKET)
    later = monitoring.clock.now()
    ails(monitoring, WEB)
    ignored = problems(shop, ComponentName=BUCKET)[0]["Id"]
    shop.update_problem(ProblemId=ignored, Visibility="IGNORED")
    # then they are found by component, visibility and time, and page by page
    titles = {
        "all": problems(shop),
        "web": problems(shop, ComponentName=WEB),
        "visible": problems(shop, Visibility="VISIBLE"),
        "ignored": problems(shop, Visibility="IGNORED"),
        "later": problems(shop, StartTime=later),
        "before": problems(shop, EndTime=later),
    }
    assert {name: [each["Title"] for each in found] for name, found in titles.items()} == {
        "all": ["EC2: High CPU", "S3: HTTP 4XX errors"],
        "web": ["EC2: High CPU"],
        "visible": ["EC2: High CPU"],
        "ignored": ["S3: HTTP 4XX errors"],
        "later": ["EC2: High CPU"],
        "before": ["S3: HTTP 4XX errors"],
    }
    page = shop.list_problems(MaxResults=1)
    [rest] = shop.list_problems(MaxResults=1, NextToken=page["NextToken"])["ProblemList"]
    assert rest["Id"] == ignored
    times = {"StartTime": later, "EndTime": later - timedelta(hours=1)}
    assert refused(shop.list_problems, **times)[0] == "ValidationException"
    assert refused(shop.list_problems, ResourceGroupName="x")[0] == "ResourceNotFoundException"


def test_problems_and_observations_are_kept_for_a_time(monitoring, shop):
    # given a problem of some days ago
    ails(monitoring, WEB)
    [found] = problems(shop)
    [seen] = observations(shop, found)
    # when a week has passed, it isn't listed unasked
    monitoring.clock.advance(days=8)
    assert problems(shop) == []
    assert len(problems(shop, StartTime=found["StartTime"])) == 1
    # when 55 days have passed it is gone, and after 60 what was observed
    monitoring.clock.advance(days=48)
    asked = {"ProblemId": found["Id"]}
    assert refused(shop.describe_problem, **asked)[0] == "ResourceNotFoundException"
    assert shop.describe_observation(ObservationId=seen["Id"])["Observation"]
    monitoring.clock.advance(days=5)
    asked = {"ObservationId": seen["Id"]}
    assert refused(shop.describe_observation, **asked)[0] == "ResourceNotFoundException"


def test_what_is_watched_no_more_is_over(monitoring, shop, cloudwatch):
    # given a problem
    ails(monitoring, WEB)
    # when the component is monitored no more
    shop.update_component_configuration(ResourceGroupName="shop", ComponentName=WEB, Monitor=False)
    # then it recovers
    assert problems(shop)[0]["Status"] == "RECOVERING"


def test_problems_go_with_their_application(monitoring, shop):
    ails(monitoring, WEB)
    shop.delete_application(ResourceGroupName="shop")
    monitoring.clock.advance(minutes=1)
    assert shop.list_problems()["ProblemList"] == []


def test_an_alarm_of_ones_own_tells_as_much_as_it_is_said_to(monitoring, insights, cloudwatch):
    # given a composite alarm that is watched with a severity of its own
    monitoring.alarms.create("errors", "App", "Errors", ">", 5)
    cloudwatch.put_composite_alarm(AlarmName="checkout", AlarmRule="ALARM(errors)")
    created(monitoring, insights, WEB)
    watched(insights, alarms=[{"alarmName": "checkout", "severity": "LOW"}])
    # when it goes off
    cloudwatch.set_alarm_state(AlarmName="checkout", StateValue="ALARM", StateReason="a test")
    # then there is a problem as grave as that
    [found] = problems(insights)
    assert (found["Title"], found["SeverityLevel"]) == ("EC2: Unusual checkout", "Low")
    [seen] = observations(insights, found)
    assert "MetricName" not in seen
    # when the alarm is deleted, it recovers
    cloudwatch.delete_alarms(AlarmNames=["checkout"])
    assert problems(insights)[0]["Status"] == "RECOVERING"


# -- logs ------------------------------------------------------------------------------------------


def app_log(**more):
    return [{"logGroupName": "/shop/web", "logPath": "/var/log/web.log", "logType": "APPLICATION",
             **more}]  # fmt: skip


def test_a_line_that_matches_a_pattern_is_observed(monitoring, insights):
    # given a pattern of one's own, of high rank, and a log
    created(monitoring, insights, WEB)
    insights.create_log_pattern(
        ResourceGroupName="shop", PatternSetName="orders", PatternName="lost",
        Pattern="order [0-9]+ lost", Rank=1,
    )  # fmt: skip
    watched(insights, logs=app_log())
    # when lines come
    now = monitoring.clock.now()
    monitoring.logs.put(
        "/shop/web", "i-0web", ["all is well", "ERROR: order 7 lost", "order 8 lost"]
    )
    # then the first that matches is observed
    [found] = problems(insights)
    assert (found["Title"], found["SeverityLevel"]) == ("EC2: Application errors", "High")
    [seen] = observations(insights, found)
    assert seen == {
        "Id": seen["Id"],
        "StartTime": now,
        "SourceType": "LOG",
        "SourceARN": WEB,
        "LogGroup": "/shop/web",
        "LineTime": now,
        "LogText": "ERROR: order 7 lost",
        "LogFilter": "ERROR",
    }
    # and lasts until five minutes have passed without another
    monitoring.clock.advance(minutes=4)
    monitoring.logs.put("/shop/web", "i-0web", ["order 9 lost"])
    monitoring.clock.advance(minutes=4)
    assert problems(insights)[0]["Status"] == "PENDING"
    monitoring.clock.advance(minutes=1)
    assert problems(insights)[0]["Status"] == "RECOVERING"
    [seen] = observations(insights, found)
    assert seen["EndTime"] == now + timedelta(minutes=4)


def test_patterns_of_another_set_play_no_part(monitoring, insights):
    created(monitoring, insights, WEB)
    for pattern_set in ("a", "b"):
        insights.create_log_pattern(
            ResourceGroupName="shop", PatternSetName=pattern_set, PatternName="p",
            Pattern=f"in {pattern_set}", Rank=600_000,
        )  # fmt: skip
    watched(insights, logs=app_log(patternSet="a"))
    monitoring.logs.put("/shop/web", "s", ["in b"])
    assert problems(insights) == []
    monitoring.logs.put("/shop/web", "s", ["in a"])
    assert problems(insights)[0]["SeverityLevel"] == "Low"


def test_a_log_that_is_not_to_be_monitored_is_not_read(monitoring, insights):
    created(monitoring, insights, WEB)
    watched(insights, logs=app_log(monitor=False))
    monitoring.logs.put("/shop/web", "s", ["FATAL"])
    assert problems(insights) == []


@pytest.mark.parametrize(("kind", "line", "severity"), [
    ("APPLICATION", "2026-03-02 12:00:00 ERROR payment failed", "Medium"),
    ("APPLICATION", "java.lang.OutOfMemoryError: Java heap space", "High"),
    ("APPLICATION", "System.NullReferenceException: Object reference not set", "Medium"),
    ("CUSTOM", "no error at all", None),
    ("IIS", "2026-03-02 12:00:00 10.0.0.1 GET / - 80 - 10.0.0.9 curl - 500 0 0 15", "Medium"),
    ("IIS", "2026-03-02 12:00:00 10.0.0.1 GET / - 80 - 10.0.0.9 curl - 200 0 0 500", None),
    ("SQL_SERVER", "2026-03-02 12:00:00.10 spid51 Error: 701, Severity: 17, State: 123.", "High"),
    ("SQL_SERVER", "2026-03-02 12:00:00.10 Logon Login failed for user 'sa'.", "Low"),
    ("MYSQL", "2026-03-02T12:00:00Z 0 [ERROR] [MY-010123] [Server] Fatal", "Medium"),
    ("MYSQL_SLOW_QUERY", "# Query_time: 12.1 Lock_time: 0.0", "Low"),
    ("MYSQL_SLOW_QUERY", "# Query_time: 0.1 Lock_time: 0.0", None),
    ("POSTGRESQL", "2026-03-02 UTC::@:[1]:FATAL:  the database system is starting", "High"),
    ("ORACLE_ALERT", "ORA-00600: internal error code", "Medium"),
    ("ORACLE_LISTENER", "TNS-12541: no listener", "Medium"),
    ("STEP_FUNCTION", '{"type": "ExecutionFailed", "id": "7"}', "Medium"),
    ("API_GATEWAY_EXECUTION", "(1) Execution failed due to configuration error", "Medium"),
    ("API_GATEWAY_ACCESS", '{"requestId": "1", "status": "503"}', "Medium"),
    ("SAP_HANA_HIGH_AVAILABILITY", "pacemakerd: error: lost", "High"),
    ("WINDOWS_EVENTS", "[System] [ERROR] [7034] [Service Control Manager]", "Medium"),
])  # fmt: skip
def test_each_type_of_log_has_patterns(monitoring, insights, kind, line, severity):
    created(monitoring, insights, WEB)
    watched(insights, logs=app_log(logType=kind))
    monitoring.logs.put("/shop/web", "s", [line])
    assert [each["SeverityLevel"] for each in problems(insights)] == [severity] * bool(severity)


@pytest.mark.parametrize(("resource", "kind", "group"), [
    # examples of the User Guide, which name a type alone
    ("lambda:us-east-1:123456789012:function:f", "DEFAULT", "/aws/lambda/f"),
    ("rds:us-east-1:123456789012:db:d", "MYSQL", "/aws/rds/instance/d/error"),
    ("rds:us-east-1:123456789012:db:d", "POSTGRESQL", "/aws/rds/instance/d/postgresql"),
    ("rds:us-east-1:123456789012:cluster:d", "MYSQL", "/aws/rds/cluster/d/error"),
    ("states:us-east-1:123456789012:stateMachine:m", "STEP_FUNCTION",
     "/aws/vendedlogs/states/m-Logs"),
])  # fmt: skip
def test_groups_of_services_follow_from_the_resource(monitoring, insights, resource, kind, group):
    # given a log without the name of its group
    created(monitoring, insights, f"arn:aws:{resource}")
    watched(insights, f"arn:aws:{resource}", logs=[{"logType": kind}])
    # when that of the resource has a line that matches
    line = '[ERROR] FATAL: x {"type": "ExecutionFailed"}'
    monitoring.logs.put(group, "s", [line])
    # then it is observed
    assert len(problems(insights)) == 1


def test_windows_events_are_read(monitoring, insights):
    monitoring.application_insights.declare("shop", [WEB], windows=True)
    created(monitoring, insights)
    watched(insights, windowsEvents=[
        {"logGroupName": "WIN", "eventName": "System", "eventLevels": ["ERROR"]}])  # fmt: skip
    monitoring.logs.put("WIN", "i-0web", ["[System] [CRITICAL] [41] [Kernel-Power]"])
    assert problems(insights)[0]["Title"] == "EC2: Errors in the Windows log"


# -- events ----------------------------------------------------------------------------------------

CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/c"
SERVICE = "arn:aws:ecs:us-east-1:123456789012:service/c/s"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
CASES = [
    (WEB, "aws.ec2", "EC2 Instance State-change Notification",
     {"instance-id": "i-0web", "state": "stopped"}, [WEB],
     {"CloudWatchEventSource": "EC2", "Ec2State": "STOPPED"}),
    (WEB, "aws.codedeploy", "CodeDeploy Instance State-change Notification",
     {"instanceId": "i-0web", "state": "FAILURE", "deploymentId": "d-1", "application": "a",
      "deploymentGroup": "g"}, [],
     {"CloudWatchEventSource": "CODE_DEPLOY", "CodeDeployState": "FAILURE",
      "CodeDeployDeploymentId": "d-1", "CodeDeployApplication": "a",
      "CodeDeployDeploymentGroup": "g"}),
    (WEB, "aws.health", "AWS Health Event",
     {"eventArn": "arn:aws:health:us-east-1::event/EC2/X/1", "service": "EC2",
      "eventTypeCode": "AWS_EC2_POWER_CONNECTIVITY_ISSUE", "eventTypeCategory": "issue",
      "eventDescription": [{"language": "en_US", "latestDescription": "Power."}],
      "affectedEntities": [{"entityValue": "i-0web"}]}, [],
     {"CloudWatchEventSource": "HEALTH", "HealthService": "EC2",
      "HealthEventTypeCode": "AWS_EC2_POWER_CONNECTIVITY_ISSUE",
      "HealthEventTypeCategory": "issue", "HealthEventDescription": "Power."}),
    (DATABASE, "aws.rds", "RDS DB Instance Event",
     {"EventCategories": ["failover"], "Message": "Failover started.", "SourceArn": DATABASE}, [],
     {"CloudWatchEventSource": "RDS", "RdsEventCategories": "failover",
      "RdsEventMessage": "Failover started."}),
    (MACHINE, "aws.states", "Step Functions Execution Status Change",
     {"stateMachineArn": MACHINE, "executionArn": "e", "status": "FAILED", "input": "{}"}, [],
     {"StatesArn": MACHINE, "StatesExecutionArn": "e", "StatesStatus": "FAILED",
      "StatesInput": "{}"}),
    (CLUSTER, "aws.ecs", "ECS Service Action",
     {"eventType": "ERROR", "eventName": "SERVICE_TASK_PLACEMENT_FAILURE", "clusterArn": CLUSTER},
     [], {}),
    (SERVICE, "aws.ecs", "ECS Task State Change",
     {"lastStatus": "STOPPED", "containers": [{"exitCode": 137}], "clusterArn": CLUSTER,
      "group": "service:s"}, [], {}),
]  # fmt: skip


@pytest.mark.parametrize(("component", "source", "kind", "detail", "resources", "facts"), CASES)
def test_events_of_trouble_are_observed(
    monitoring, insights, component, source, kind, detail, resources, facts
):
    # given an application that listens to events
    created(monitoring, insights, component, CWEMonitorEnabled=True)
    watched(insights, component, alarmMetrics=[])
    # when a service tells of trouble
    id_ = monitoring.event_bus.put_aws_event(source, kind, detail, resources=resources)
    # then it is observed
    [found] = problems(insights)
    [seen] = observations(insights, found)
    assert (seen["SourceType"], seen["SourceARN"]) == ("EVENT", component)
    assert (seen["CloudWatchEventId"], seen["CloudWatchEventDetailType"]) == (id_, kind)
    assert facts.items() <= seen.items()
    # and over when nothing like it follows
    monitoring.clock.advance(minutes=20)
    assert problems(insights)[0]["Status"] == "RESOLVED"


def test_a_failed_volume_of_an_instance_is_its_component_s_trouble(monitoring, insights):
    volume = "arn:aws:ec2:us-east-1:123456789012:volume/vol-1"
    created(monitoring, insights, volume, CWEMonitorEnabled=True)
    watched(insights, volume, alarmMetrics=[])
    monitoring.event_bus.put_aws_event(
        "aws.ec2", "EBS Volume Notification",
        {"event": "attachVolume", "result": "failed", "cause": "in use", "request-id": "1"},
        resources=[volume],
    )  # fmt: skip
    [seen] = observations(insights, problems(insights)[0])
    assert (seen["EbsEvent"], seen["EbsResult"], seen["EbsCause"]) == (
        "attachVolume", "failed", "in use"
    )  # fmt: skip


@pytest.mark.parametrize(("listens", "watches", "state"), [
    (False, True, "stopped"), (True, False, "stopped"), (True, True, "running"),
])  # fmt: skip
def test_other_events_are_not(monitoring, insights, listens, watches, state):
    # given an application that doesn't listen, or a component that isn't monitored
    created(monitoring, insights, WEB, CWEMonitorEnabled=listens)
    if watches:
        watched(insights, alarmMetrics=[])
    # when a service tells something, or tells that all is well
    monitoring.event_bus.put_aws_event(
        "aws.ec2", "EC2 Instance State-change Notification", {"state": state}, resources=[WEB]
    )
    # then nothing is observed
    assert problems(insights) == []
