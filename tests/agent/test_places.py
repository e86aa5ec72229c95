"""Where an agent runs, who it is, and what its role lets it do."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

from awsmon import Monitoring
from awsmon.agent.errors import MissingPermissions
from awsmon.errors import MisuseError
from tests.agent.conftest import append, messages, metrics

IMAGE = "ami-12c6146b"  # one of moto's
NEEDED = ["cloudwatch:PutMetricData", "ec2:DescribeTags", "logs:PutLogEvents",
          "logs:DescribeLogStreams", "logs:DescribeLogGroups", "logs:CreateLogStream",
          "logs:CreateLogGroup"]  # fmt: skip
"""Of CloudWatchAgentServerPolicy, what concerns logs and metrics."""


@pytest.fixture
def moto():
    with mock_aws():
        yield


@pytest.fixture
def told(tmp_path):
    append(tmp_path / "app.log", "a\n")
    listed = {"file_path": str(tmp_path / "app.log"), "log_group_name": "app"}
    return {
        "metrics": {
            "append_dimensions": {name: f"${{aws:{name}}}" for name in (
                "InstanceId", "InstanceType", "ImageId", "AutoScalingGroupName")},
            "metrics_collected": {"mem": {"measurement": ["free"]}},
        },
        "logs": {"logs_collected": {"files": {"collect_list": [listed]}}},
    }  # fmt: skip


def role(*statements):
    """A role for instances with a profile, and these statements."""
    iam = boto3.client("iam")
    iam.create_role(RoleName="web", AssumeRolePolicyDocument="{}")
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    iam.put_role_policy(RoleName="web", PolicyName="p", PolicyDocument=json.dumps(document))
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")


def allow(*actions, on="*"):
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


def instance(**more):
    made = boto3.client("ec2").run_instances(
        ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType="t3.micro", **more
    )
    return made["Instances"][0]["InstanceId"]


def test_an_instance_of_motos_is_known(monitoring, moto, told):
    role(allow(*NEEDED))
    name = instance(
        IamInstanceProfile={"Name": "web"},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [
            {"Key": "team", "Value": "a"}]}],
    )  # fmt: skip
    with monitoring.agent(told, instance_id=name) as agent:
        monitoring.clock.advance(minutes=1)
    assert metrics() == {"mem_free": [
        {"InstanceId": name, "InstanceType": "t3.micro", "ImageId": IMAGE}]}  # fmt: skip
    assert messages(stream=name) == ["a"]
    # its calls are the role's, in a session that is called after the instance
    [call] = monitoring.trail.calls("logs", name="CreateLogStream")
    assert call.record["userIdentity"]["arn"].endswith(f":assumed-role/web/{name}")
    assert agent.host.role == "web"


def test_what_the_role_lacks_is_told(monitoring, moto, told):
    role(allow("cloudwatch:*", "logs:CreateLogStream"),
         allow("logs:PutLogEvents", on="arn:aws:logs:*:*:log-group:other:*"))  # fmt: skip
    with pytest.raises(MissingPermissions) as caught:
        monitoring.agent(told, instance_id="i-1", role="web")
    group = "arn:aws:logs:us-east-1:123456789012:log-group:app"
    assert caught.value.missing == {
        "ec2:DescribeTags": ("*",),
        "logs:CreateLogGroup": (f"{group}:*",),
        "logs:PutLogEvents": (f"{group}:log-stream:i-1",),
    }
    assert "The role web lacks" in str(caught.value)
    monitoring.agent(told, instance_id="i-1", role="web", check_permissions=False)


def test_what_is_denied_is_lacking_and_retention_is_a_permission_of_its_own(monitoring, moto, told):
    role(allow(*NEEDED), {"Effect": "Deny", "Action": "cloudwatch:Put*", "Resource": "*"})
    told["logs"]["logs_collected"]["files"]["collect_list"][0]["retention_in_days"] = 7
    with pytest.raises(MissingPermissions) as caught:
        monitoring.agent(told, instance_id="i-1", role="web")
    assert set(caught.value.missing) == {"cloudwatch:PutMetricData", "logs:PutRetentionPolicy"}


@pytest.mark.slow
def test_the_managed_policy_is_enough(monitoring, told):
    # source: IAM's CloudWatchAgentServerPolicy, version 3
    told["logs"]["logs_collected"]["files"]["collect_list"][0]["retention_in_days"] = 7
    with mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        iam, ssm = boto3.client("iam"), boto3.client("ssm")
        iam.create_role(RoleName="web", AssumeRolePolicyDocument="{}")
        iam.attach_role_policy(
            RoleName="web", PolicyArn="arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"
        )
        for name in ("AmazonCloudWatch-web", "web"):
            ssm.put_parameter(Name=name, Value=json.dumps(told), Type="String")
        monitoring.agent("ssm:AmazonCloudWatch-web", instance_id="i-1", role="web")
        with pytest.raises(MissingPermissions) as caught:
            monitoring.agent("ssm:web", instance_id="i-1", role="web")
    arn = "arn:aws:ssm:us-east-1:123456789012:parameter/web"
    assert caught.value.missing == {"ssm:GetParameter": (arn,)}


def test_a_role_that_isnt_there_is_told(monitoring, moto, told):
    with pytest.raises(MisuseError, match="The agent's role 'nobody'"):
        monitoring.agent(told, role="nobody")


def test_an_agent_works_in_its_place(monitoring, tmp_path):
    append(tmp_path / "app.log", "a\n")
    listed = {"file_path": str(tmp_path / "app.log"), "log_group_name": "app"}
    told = {"agent": {"region": "eu-west-1"},
            "logs": {"logs_collected": {"files": {"collect_list": [listed]}}}}  # fmt: skip
    with monitoring.at(account="111111111111").agent(told, instance_id="i-1"):
        pass
    there = monitoring.at(account="111111111111", region="eu-west-1")
    assert [line.message for line in there.logs.tail("app")] == ["a"]
    assert "app" not in monitoring.logs


def test_logs_and_metrics_may_go_to_another_account_by_its_role(monitoring, moto, told):
    # source: User Guide, "Sending metrics, logs, and traces to a different account"
    told["agent"] = {"credentials": {"role_arn": "arn:aws:iam::111111111111:role/logs"}}
    told["metrics"]["credentials"] = {"role_arn": "arn:aws:iam::222222222222:role/metrics"}
    with monitoring.agent(told, instance_id="i-1"):
        monitoring.clock.advance(minutes=1)
    logs, central = monitoring.at(account="111111111111"), monitoring.at(account="222222222222")
    assert [line.message for line in logs.logs.tail("app")] == ["a"]
    assert [key.name for key in central.metrics] == ["mem_free"]
    assert metrics() == {}


def test_a_snapshot_holds_no_agent_and_none_is_missed(monitoring, tmp_path):
    append(tmp_path / "app.log", "a\n")
    listed = {"file_path": str(tmp_path / "app.log"), "log_group_name": "app"}
    agent = monitoring.agent({"logs": {"logs_collected": {"files": {"collect_list": [listed]}}}})
    agent.start()
    monitoring.clock.advance(seconds=5)
    copy = Monitoring(now="2026-03-02T12:00:00Z")
    copy.restore(monitoring.snapshot())
    append(tmp_path / "app.log", "b\n")
    copy.clock.advance(minutes=1)
    assert [line.message for line in copy.logs.tail("app")] == ["a"]
    agent.stop()
    assert messages() == ["a", "b"]
    monitoring.settle()
    assert monitoring.clock.next_due() is None


def test_an_agent_is_started_once_and_may_be_started_again(monitoring, tailing, tmp_path):
    agent = tailing().start()
    with pytest.raises(MisuseError, match="runs already"):
        agent.start()
    agent.stop()
    append(tmp_path / "app.log", "1\n")
    monitoring.clock.advance(minutes=1)
    assert "app" not in monitoring.logs
    agent.start()
    monitoring.clock.advance(seconds=5)
    agent.stop()
    append(tmp_path / "app.log", "2\n")
    agent.collect()
    assert messages() == ["1", "2"]
