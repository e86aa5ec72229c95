"""What moto's own services write to Logs, or look up there, is awsmon's while both are active."""

from __future__ import annotations

import io
import json
import zipfile

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from awsmon import mock_monitoring

NOW = "2026-03-02T12:00:00Z"
REGION = "us-east-1"
MISSING_KEY = f"arn:aws:kms:{REGION}:123456789012:key/12345678-1234-1234-1234-123456789012"


@pytest.fixture(params=["inside", "outside"])
def mon(request):
    """awsmon's session, with moto's within it or around it."""
    ours, theirs = mock_monitoring(now=NOW), mock_aws()
    outer, inner = (ours, theirs) if request.param == "inside" else (theirs, ours)
    with outer as first, inner as second:
        yield first if outer is ours else second


def test_what_motos_lambda_writes_is_awsmons(mon):
    # given a function of moto's
    role = boto3.client("iam", REGION).create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", "def handler(event, context): return 1")
    functions = boto3.client("lambda", REGION)
    functions.create_function(
        FunctionName="f", Runtime="python3.12", Handler="handler.handler",
        Role=role["Role"]["Arn"], Code={"ZipFile": code.getvalue()},
    )  # fmt: skip
    # when its output is saved, as an invocation in a container does at its end
    from moto.awslambda.models import lambda_backends

    function = lambda_backends["123456789012"][REGION].get_function("f")
    function.logs_backend.ensure_log_group(function.logs_group_name)
    function.save_logs("START\nhello\nEND\n")
    # then the lines are in awsmon's group, in virtual time
    assert [line.message for line in mon.logs.tail("/aws/lambda/f")] == ["START", "hello", "END"]
    assert {line.at for line in mon.logs.tail("/aws/lambda/f")} == {mon.clock.now()}


def test_flow_logs_of_motos_ec2_find_awsmons_groups(mon):
    ec2 = boto3.client("ec2", REGION)
    [vpc] = ec2.describe_vpcs()["Vpcs"]
    mon.logs.put("/flow", "s", "there")

    def status(group):
        made = ec2.create_flow_logs(
            ResourceType="VPC", ResourceIds=[vpc["VpcId"]], TrafficType="ALL", LogGroupName=group,
            DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/flow",
        )  # fmt: skip
        [found] = ec2.describe_flow_logs(FlowLogIds=made["FlowLogIds"])["FlowLogs"]
        return found["DeliverLogsStatus"]

    assert status("/flow") == "SUCCESS"
    assert status("/missing") == "FAILED"


def test_query_logging_of_motos_route_53_finds_awsmons_groups(mon):
    route53 = boto3.client("route53", REGION)
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    mon.logs.put("/aws/route53/example.com", "s", "there")
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/"
    route53.create_query_logging_config(
        HostedZoneId=zone, CloudWatchLogsLogGroupArn=f"{arn}example.com:*"
    )
    with pytest.raises(ClientError, match="NoSuchCloudWatchLogsLogGroup"):
        route53.create_query_logging_config(
            HostedZoneId=zone, CloudWatchLogsLogGroupArn=f"{arn}other:*"
        )


def test_log_groups_of_motos_cloudformation_are_awsmons(mon):
    pytest.importorskip("moto.cloudformation.parsing", reason="moto without CloudFormation")
    template = {
        "Resources": {
            "Group": {
                "Type": "AWS::Logs::LogGroup",
                "Properties": {"LogGroupName": "/stack", "RetentionInDays": 7,
                               "Tags": [{"Key": "team", "Value": "blue"}]},
            }
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Group", "Arn"]}}},
    }  # fmt: skip
    stacks = boto3.client("cloudformation", REGION)
    stacks.create_stack(StackName="s", TemplateBody=json.dumps(template))
    logs = boto3.client("logs", REGION)
    [group] = logs.describe_log_groups()["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == ("/stack", 7)
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"]["team"] == "blue"
    stacks.delete_stack(StackName="s")
    assert logs.describe_log_groups()["logGroups"] == []


def test_after_awsmon_motos_logs_are_motos_again():
    with mock_aws():
        with mock_monitoring(now=NOW):
            boto3.client("logs", REGION).create_log_group(logGroupName="/ours")
        logs = boto3.client("logs", REGION)
        assert logs.describe_log_groups()["logGroups"] == []
        logs.create_log_group(logGroupName="/theirs")
        with mock_monitoring(now=NOW) as mon:
            assert "/theirs" not in mon.logs


# -- keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["create", "name", "arn", "query results"])
@pytest.mark.parametrize("state", ["enabled", "disabled", "missing"])
def test_a_key_must_be_there_and_enabled(mon, how, state):
    # source: API reference, CreateLogGroup and AssociateKmsKey: it must exist, and be enabled
    logs, kms = boto3.client("logs", REGION), boto3.client("kms", REGION)
    key = kms.create_key()["KeyMetadata"]["Arn"] if state != "missing" else MISSING_KEY
    if state == "disabled":
        kms.disable_key(KeyId=key.rpartition("/")[2])
    arn = f"arn:aws:logs:{REGION}:123456789012:log-group:/new"
    if how in ("name", "arn"):
        logs.create_log_group(logGroupName="/new")
    # when a key is given, in any of four ways
    calls = {
        "create": lambda: logs.create_log_group(logGroupName="/new", kmsKeyId=key),
        "name": lambda: logs.associate_kms_key(logGroupName="/new", kmsKeyId=key),
        "arn": lambda: logs.associate_kms_key(resourceIdentifier=arn, kmsKeyId=key),
        "query results": lambda: logs.associate_kms_key(
            resourceIdentifier=f"arn:aws:logs:{REGION}:123456789012:query-result:*", kmsKeyId=key
        ),
    }
    if state == "enabled":
        calls[how]()
        return
    # then only a good one is taken
    with pytest.raises(ClientError) as caught:
        calls[how]()
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"
    assert all("kmsKeyId" not in each for each in logs.describe_log_groups()["logGroups"])
