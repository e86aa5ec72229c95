"""Resource tags for telemetry: Metrics Insights and PromQL see the tags of resources.

Sources: User Guide, "Using resource tags for telemetry", "Query components and syntax in CloudWatch
Metrics Insights", "Querying vended AWS metrics with PromQL".
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest
from moto import mock_aws

from awsmon import mock_monitoring
from tests.oam.conftest import OTHER, SOURCE, client, link, policy

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
BY_TEAM = 'SELECT MAX(CPUUtilization) FROM "AWS/EC2" GROUP BY tag.Team'


@pytest.fixture
def admin():
    return boto3.client("observabilityadmin", "us-east-1")


def instance(name, account="123456789012"):
    return f"arn:aws:ec2:us-east-1:{account}:instance/{name}"


def cpu(mon, **values):
    """A value for each instance."""
    for name, value in values.items():
        mon.metrics.put("AWS/EC2", "CPUUtilization", value, dimensions={"InstanceId": name})


def series(cloudwatch, query):
    """Label to the latest value."""
    answer = cloudwatch.get_metric_data(
        MetricDataQueries=[{"Id": "q", "Expression": query, "Period": 60}],
        StartTime=NOON - timedelta(hours=1), EndTime=NOON + timedelta(hours=1),
    )  # fmt: skip
    return {
        each["Label"]: each["Values"][0] for each in answer["MetricDataResults"] if each["Values"]
    }


def test_it_is_started_and_stopped(admin, monitoring):
    assert admin.get_telemetry_enrichment_status()["Status"] == "Stopped"
    started = admin.start_telemetry_enrichment()
    assert started["Status"] == "Running"
    shown = admin.get_telemetry_enrichment_status()
    assert (
        shown["AwsResourceExplorerManagedViewArn"] == started["AwsResourceExplorerManagedViewArn"]
    )
    assert admin.stop_telemetry_enrichment()["Status"] == "Stopped"
    assert "AwsResourceExplorerManagedViewArn" not in admin.get_telemetry_enrichment_status()


def test_a_query_selects_and_groups_by_tags(admin, monitoring, cloudwatch):
    # given three instances, of which two have a team
    cpu(monitoring, red1=10, red2=30, blue=20, nobodys=90)
    told = monitoring.metrics.resource_tags
    told[instance("red1")] = told[instance("red2")] = {"Team": "red", "aws:stack": "a"}
    told[instance("blue")] = {"Team": "blue"}
    # when tags aren't enabled, none is known
    assert series(cloudwatch, BY_TEAM) == {"Other": 90}
    # and when they are, they group and select
    admin.start_telemetry_enrichment()
    assert series(cloudwatch, BY_TEAM) == {"Other": 90, "blue": 20, "red": 30}
    select = 'SELECT SUM(CPUUtilization) FROM "AWS/EC2" WHERE '
    assert series(cloudwatch, f"{select} tag.Team = 'red'") == {"q": 40}
    assert series(cloudwatch, f"{select} tag.\"aws:stack\" = 'a' GROUP BY InstanceId") == {
        "red1": 10, "red2": 30,
    }  # fmt: skip
    # until they are disabled
    admin.stop_telemetry_enrichment()
    assert series(cloudwatch, f"{select} tag.Team = 'red'") == {}


def test_tags_of_metrics_without_a_resource_are_not_known(admin, monitoring, cloudwatch):
    admin.start_telemetry_enrichment()
    monitoring.metrics.resource_tags[instance("a")] = {"Team": "red"}
    for dimensions in ({"AutoScalingGroupName": "a"}, None):
        monitoring.metrics.put("AWS/EC2", "CPUUtilization", 1, dimensions=dimensions)
    monitoring.metrics.put("App", "CPUUtilization", 1, dimensions={"InstanceId": "a"})
    assert series(cloudwatch, BY_TEAM) == {"Other": 1}
    assert series(cloudwatch, "SELECT MAX(CPUUtilization) FROM App GROUP BY tag.Team") == {
        "Other": 1
    }


# Source of the forms: Service Authorization Reference, "Resource types" of each service.
@pytest.mark.parametrize(
    ("namespace", "dimensions", "arn"),
    [
        ("AWS/S3", {"BucketName": "b", "StorageType": "StandardStorage"}, "arn:aws:s3:::b"),
        ("AWS/ECS", {"ClusterName": "c"}, "arn:aws:ecs:us-east-1:123456789012:cluster/c"),
        ("AWS/ECS", {"ClusterName": "c", "ServiceName": "s"},
         "arn:aws:ecs:us-east-1:123456789012:service/c/s"),
        ("AWS/ApplicationELB", {"LoadBalancer": "app/a/1", "AvailabilityZone": "z"},
         "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1"),
        ("AWS/RDS", {"DBClusterIdentifier": "c"}, "arn:aws:rds:us-east-1:123456789012:cluster:c"),
        ("AWS/SQS", {"QueueName": "q"}, "arn:aws:sqs:us-east-1:123456789012:q"),
    ],
)  # fmt: skip
def test_dimensions_name_the_resource(admin, monitoring, cloudwatch, namespace, dimensions, arn):
    admin.start_telemetry_enrichment()
    monitoring.metrics.resource_tags[arn] = {"Team": "red"}
    monitoring.metrics.put(namespace, "m", 1, dimensions=dimensions)
    assert series(cloudwatch, f'SELECT MAX(m) FROM "{namespace}" GROUP BY tag.Team') == {"red": 1}


def test_an_alarm_upon_a_tag_follows_the_tag():
    """Tags are the other mock's own: its instances carry them."""
    with mock_aws(), mock_monitoring(now=NOON, region="us-east-1") as mon:
        # given an alarm upon the instances of production, and a busy one of development
        ec2, cloudwatch = (boto3.client(name, "us-east-1") for name in ("ec2", "cloudwatch"))
        [made] = ec2.run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance",
                                "Tags": [{"Key": "env", "Value": "dev"}]}],
        )["Instances"]  # fmt: skip
        boto3.client("observabilityadmin", "us-east-1").start_telemetry_enrichment()
        query = "SELECT MAX(CPUUtilization) FROM \"AWS/EC2\" WHERE tag.env = 'prod'"
        cloudwatch.put_metric_alarm(
            AlarmName="hot", EvaluationPeriods=1, Threshold=80, TreatMissingData="notBreaching",
            ComparisonOperator="GreaterThanThreshold",
            Metrics=[{"Id": "q", "Expression": query, "Period": 60, "ReturnData": True}],
        )  # fmt: skip
        cpu(mon, **{made["InstanceId"]: 99})
        mon.clock.advance(minutes=1)
        assert mon.alarms["hot"].state == "OK"
        # when it becomes one of production
        ec2.create_tags(Resources=[made["InstanceId"]], Tags=[{"Key": "env", "Value": "prod"}])
        mon.clock.advance(minutes=1)
        # then the next evaluation sees it, without a new point
        assert mon.alarms["hot"].state == "ALARM"


def test_tags_of_source_accounts_count_where_they_are_enabled_there(monitoring, cloudwatch):
    # given two linked source accounts with a tagged instance each
    oam = boto3.client("oam", "us-east-1")
    sink = oam.create_sink(Name="central")["Arn"]
    oam.put_sink_policy(SinkIdentifier=sink, Policy=policy())
    for account, value in ((SOURCE, 1), (OTHER, 2)):
        client(monitoring, account).create_link(**link(sink))
        metrics = monitoring.at(account=account, region="us-east-1").metrics
        metrics.resource_tags[instance("a", account)] = {"Team": "red"}
        metrics.put("AWS/EC2", "CPUUtilization", value, dimensions={"InstanceId": "a"})
    # when one of them has enabled tags
    client(monitoring, SOURCE, "observabilityadmin").start_telemetry_enrichment()
    # then the monitoring account sees that one's
    assert series(cloudwatch, BY_TEAM) == {"red": 1, "Other": 2}


@pytest.mark.needs("cloudwatch.PutMetricAlarm.EvaluationCriteria")
def test_promql_sees_tags_as_labels(admin, monitoring, cloudwatch):
    # given an alarm upon the teams' busiest instances
    admin.start_telemetry_enrichment()
    cloudwatch.start_o_tel_enrichment()
    told = monitoring.metrics.resource_tags
    told[instance("a")] = told[instance("b")] = {"Team": "red"}
    told[instance("c")] = {"Team": "blue"}
    query = 'max by ("@aws.tag.Team") (histogram_avg({CPUUtilization, "@aws.tag.Team"=~".+"})) > 50'
    cloudwatch.put_metric_alarm(
        AlarmName="p", EvaluationInterval=60,
        EvaluationCriteria={"PromQLCriteria": {"Query": query}},
    )  # fmt: skip
    # when some are busy
    cpu(monitoring, a=60, b=10, c=20, untagged=99)
    monitoring.clock.advance(minutes=1)
    # then each team that has a busy one contributes
    shown = cloudwatch.describe_alarm_contributors(AlarmName="p")["AlarmContributors"]
    assert [each["ContributorAttributes"] for each in shown] == [{"@aws.tag.Team": "red"}]
