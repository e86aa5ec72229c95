"""Applications of moto's resource groups, and of all that moto's account has."""

from __future__ import annotations

import json

import boto3
import moto
import pytest

from awsmon.application_insights.agent_configuration import agent_configuration
from awsmon.application_insights.looking import Asking, look
from awsmon.application_insights.model import Component
from awsmon.application_insights.recommending import recommended
from awsmon.core.scope import Scope
from tests.application_insights.conftest import WEB, alarm_names, metrics, watched
from tests.application_insights.test_applications import names, refused

IMAGE = "ami-12c6146b"
TAG = [{"Key": "app", "Value": "shop"}]


def client(name):
    return boto3.client(name, "us-east-1")


@pytest.fixture
def mon(monitoring):
    with moto.mock_aws():
        yield monitoring


def group(types=("AWS::AllSupported",)):
    filters = [{"Key": "app", "Values": ["shop"]}]
    query = {"ResourceTypeFilters": list(types), "TagFilters": filters}
    client("resource-groups").create_group(
        Name="shop", ResourceQuery={"Type": "TAG_FILTERS_1_0", "Query": json.dumps(query)}
    )


def instance(tags=TAG, **more):
    [made] = client("ec2").run_instances(
        ImageId=IMAGE, MinCount=1, MaxCount=1,
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}] if tags else [], **more,
    )["Instances"]  # fmt: skip
    return f"arn:aws:ec2:us-east-1:123456789012:instance/{made['InstanceId']}"


def test_a_resource_group_must_be_there(mon):
    insights = client("application-insights")
    assert refused(insights.create_application, ResourceGroupName="none") == (
        "ResourceNotFoundException", "Resource group none does not exist."
    )  # fmt: skip


def test_resources_with_the_tags_of_a_group_are_found(mon):
    # given a group by tag, and resources with and without it
    group()
    server, _ = instance(), instance(tags=None)
    client("sqs").create_queue(QueueName="orders", tags={"app": "shop"})
    database = client("rds").create_db_instance(
        DBInstanceIdentifier="orders", Engine="postgres", DBInstanceClass="db.t3.small",
        AllocatedStorage=20, MasterUsername="admin", MasterUserPassword="secret99", Tags=TAG,
    )["DBInstance"]["DBInstanceArn"]  # fmt: skip
    # when an application is made of it, which configures itself
    insights = client("application-insights")
    insights.create_application(ResourceGroupName="shop", AutoConfigEnabled=True)
    mon.clock.advance(seconds=10)
    # then those with the tag are its components
    assert names(insights) == [server, database, "arn:aws:sqs:us-east-1:123456789012:orders"]
    found = insights.describe_component(ResourceGroupName="shop", ComponentName=database)
    assert found["ApplicationComponent"]["DetectedWorkload"] == {"POSTGRESQL": {"Priority": "1"}}
    assert found["ApplicationComponent"]["Tier"] == "POSTGRESQL"
    # and are monitored
    assert any(name.endswith(server.rpartition("/")[2] + "/") for name in
               alarm_names(client("cloudwatch")))  # fmt: skip
    # when another one comes, and a while passes
    other = instance()
    mon.clock.advance(minutes=5)
    # then it is found too
    assert other in names(insights)
    # when one is terminated and loses its tags
    client("ec2").delete_tags(Resources=[other.rpartition("/")[2]], Tags=TAG)
    mon.clock.advance(minutes=5)
    # then it is no component any more
    assert other not in names(insights)


def test_a_group_may_be_of_some_types_only(mon):
    group(["AWS::SQS::Queue"])
    instance()
    client("sqs").create_queue(QueueName="orders", tags={"app": "shop"})
    insights = client("application-insights")
    insights.create_application(ResourceGroupName="shop")
    mon.clock.advance(seconds=10)
    assert names(insights) == ["arn:aws:sqs:us-east-1:123456789012:orders"]


class Stack:
    """Answers for Resource Groups and CloudFormation; moto's needs more than is installed."""

    def serves(self, service):
        return service in ("resource-groups", "cloudformation")

    def call(self, service, operation, parameters, **_):
        if operation == "GetGroupQuery":
            query = {"ResourceTypeFilters": ["AWS::AllSupported"], "StackIdentifier": "shop"}
            return {"GroupQuery": {"ResourceQuery": {
                "Type": "CLOUDFORMATION_STACK_1_0", "Query": json.dumps(query)}}}  # fmt: skip
        assert (operation, parameters["StackName"]) == ("ListStackResources", "shop")
        made = [("AWS::SQS::Queue", "https://queue.amazonaws.com/123456789012/orders"),
                ("AWS::SNS::Topic", "arn:aws:sns:us-east-1:123456789012:news"),
                ("AWS::S3::Bucket", "pictures"), ("AWS::IAM::Role", "role")]  # fmt: skip
        page = made[2:] if "NextToken" in parameters else made[:2]
        return {
            "StackResourceSummaries": [
                {"ResourceType": kind, "PhysicalResourceId": name} for kind, name in page
            ],
            "NextToken": None if "NextToken" in parameters else "more",
        }


def test_a_group_may_be_what_is_in_a_stack():
    found = look(Asking(Stack(), Scope("123456789012", "us-east-1")), "shop")
    assert [each.arn for each in found] == [
        "arn:aws:sqs:us-east-1:123456789012:orders", "arn:aws:sns:us-east-1:123456789012:news",
        "arn:aws:s3:::pictures",
    ]  # fmt: skip


def test_an_application_of_the_account_has_all_there_is(mon):
    # given resources of several services
    server = instance(tags=None)
    client("sqs").create_queue(QueueName="orders")
    client("dynamodb").create_table(
        TableName="stock", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )  # fmt: skip
    # when an application of the account is made
    insights = client("application-insights")
    made = insights.create_application(GroupingType="ACCOUNT_BASED")["ApplicationInfo"]
    mon.clock.advance(seconds=10)
    # then all are components
    assert made["DiscoveryType"] == "ACCOUNT_BASED"
    assert names(insights, made["ResourceGroupName"]) == [
        "arn:aws:dynamodb:us-east-1:123456789012:table/stock", server,
        "arn:aws:sqs:us-east-1:123456789012:orders",
    ]  # fmt: skip


def test_instances_behind_a_load_balancer_belong_to_it(mon):
    # given a load balancer with an instance behind it, both of the group
    group()
    server = instance()
    ec2, elb = client("ec2"), client("elbv2")
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"][:2]]
    balancer = elb.create_load_balancer(Name="front", Subnets=subnets, Tags=TAG)
    arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    target = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)
    target = target["TargetGroups"][0]["TargetGroupArn"]
    elb.create_listener(
        LoadBalancerArn=arn, Protocol="HTTP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target}],
    )  # fmt: skip
    elb.register_targets(TargetGroupArn=target, Targets=[{"Id": server.rpartition("/")[2]}])
    # when an application is made of the group
    insights = client("application-insights")
    insights.create_application(ResourceGroupName="shop", AutoCreate=True)
    mon.clock.advance(seconds=10)
    # then the instance is within the load balancer's component, and watched there
    assert names(insights) == [arn]
    found = insights.describe_component(ResourceGroupName="shop", ComponentName=arn)
    assert found["ResourceList"] == [server]
    assert any("StatusCheckFailed" in name for name in alarm_names(client("cloudwatch")))


def test_roles_of_instances_are_given_what_they_lack(mon):
    # given an instance with a role that has one of two policies, of which moto has but that one
    iam = client("iam")
    iam.create_role(RoleName="web", AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    group()
    instance(IamInstanceProfile={"Name": "web"})
    # when an application may attach what is missing
    insights = client("application-insights")
    insights.create_application(ResourceGroupName="shop", AttachMissingPermission=True)
    mon.clock.advance(seconds=10)
    # then the history tells of each policy
    events = insights.list_configuration_history(ResourceGroupName="shop")["EventList"]
    assert {each["EventResourceName"] for each in events} == {"web"}
    attached = iam.list_attached_role_policies(RoleName="web")["AttachedPolicies"]
    told = sum(each["EventStatus"] == "INFO" for each in events)
    assert (len(events), told) == (2, len(attached))


def test_what_an_agent_is_to_collect_is_in_parameter_store(mon):
    # given a server that is to be watched by its agent
    mon.application_insights.declare("shop", [WEB])
    group()
    insights = client("application-insights")
    insights.create_application(ResourceGroupName="shop")
    mon.clock.advance(seconds=10)
    watched(
        insights, alarmMetrics=metrics("mem_used_percent", "CPUUtilization", "disk_used_percent"),
        logs=[{"logGroupName": "web", "logPath": "/var/log/web.log", "logType": "APPLICATION"}],
        processes=[{"processName": "java", "alarmMetrics": metrics("procstat cpu_usage")}],
    )  # fmt: skip
    # then the agent's configuration is a parameter
    name = "AmazonCloudWatch-ApplicationInsights-shop-i-0web"
    found = json.loads(client("ssm").get_parameter(Name=name)["Parameter"]["Value"])
    assert found["metrics"]["metrics_collected"] == {
        "mem": {"measurement": ["mem_used_percent"]},
        "disk": {"measurement": ["disk_used_percent"], "resources": ["*"]},
        "procstat": [{"exe": "java", "measurement": ["cpu_usage"]}],
    }
    assert found["logs"]["logs_collected"]["files"]["collect_list"] == [
        {"file_path": "/var/log/web.log", "log_group_name": "web",
         "log_stream_name": "{instance_id}", "encoding": "utf-8"}
    ]  # fmt: skip
    # when the application goes
    insights.delete_application(ResourceGroupName="shop")
    # then so does it
    assert client("ssm").describe_parameters()["Parameters"] == []


def test_windows_counters_are_told_to_the_agent_by_object():
    found = agent_configuration(Component(
        component_name=WEB, resource_type="AWS::EC2::Instance", id=WEB, arns=[WEB],
        configuration=recommended(
            "shop", Component(component_name=WEB, resource_type="AWS::EC2::Instance", id=WEB,
                              arns=[WEB], os_type="WINDOWS"), "DOT_NET_WEB"),
    ))  # fmt: skip
    collected = found["metrics"]["metrics_collected"]
    assert collected["Memory"]["measurement"] == ["% Committed Bytes In Use", "Available Mbytes"]
    assert collected["ASP.NET"]["measurement"][0] == "Application Restarts"
    assert [each["event_name"] for each in found["logs"]["logs_collected"]["windows_events"][
        "collect_list"]] == ["Application", "System", "Security"]  # fmt: skip


def test_an_agent_that_is_told_so_makes_a_line_in_a_file_a_problem(mon, tmp_path):
    # given an application whose server's log and memory are to be watched
    log = tmp_path / "web.log"
    log.write_text("started\n")
    mon.application_insights.declare("shop", [WEB])
    group()
    insights = client("application-insights")
    insights.create_application(ResourceGroupName="shop")
    mon.clock.advance(seconds=10)
    watched(
        insights, alarmMetrics=metrics("mem_used_percent"),
        logs=[{"logGroupName": "web", "logPath": str(log), "logType": "APPLICATION"}],
    )  # fmt: skip
    # when an agent does what is in Parameter Store, and the application fails
    agent = mon.agent("ssm:AmazonCloudWatch-ApplicationInsights-shop-i-0web", instance_id="i-0web")
    with agent:
        mon.clock.advance(minutes=1)
        with log.open("a") as file:
            file.write("java.lang.OutOfMemoryError: Java heap space\n")
        mon.clock.advance(minutes=1)
        # then that is a problem of the server
        [problem] = insights.list_problems()["ProblemList"]
        assert (problem["Title"], problem["AffectedResource"]) == ("EC2: Application errors", WEB)
        # and its memory has an alarm
        mon.clock.advance(hours=1)
    assert "ApplicationInsights/shop/CWAgent/mem_used_percent/i-0web/" in alarm_names(
        client("cloudwatch")
    )
