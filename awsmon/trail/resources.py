"""Which resources a call is about, by its parameters.

Lives here: `named`: event history finds calls by type and name of a resource; `listed`, which a
record shows, of data events and of a few services' other events.
Source: CloudTrail User Guide, "CloudTrail supported resource types for event history"; names of
types as AWS Config has them.
"""

from __future__ import annotations

from email.utils import parseaddr
from functools import cache
from typing import TYPE_CHECKING, Any

from awsmon.trail.kinds import EMAIL_IDENTITY
from awsmon.trail.rendering.dynamodb import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.core.events import ApiCalled

__all__ = ["listed", "named"]

_TYPES: dict[str, dict[str, str]] = {
    # boto3 client -> member of the request or the answer, at any depth -> type
    "autoscaling": {"AutoScalingGroupName": "AWS::AutoScaling::AutoScalingGroup",
                    "LaunchConfigurationName": "AWS::AutoScaling::LaunchConfiguration"},
    "cloudformation": {"StackName": "AWS::CloudFormation::Stack",
                       "StackId": "AWS::CloudFormation::Stack"},
    "cloudtrail-data": {"channelArn": "AWS::CloudTrail::Channel"},
    "cloudtrail": {"TrailName": "AWS::CloudTrail::Trail", "TrailARN": "AWS::CloudTrail::Trail",
                   "EventDataStoreArn": "AWS::CloudTrail::EventDataStore",
                   "EventDataStore": "AWS::CloudTrail::EventDataStore",
                   "S3BucketName": "AWS::S3::Bucket"},
    "cloudwatch": {"AlarmName": "AWS::CloudWatch::Alarm", "AlarmNames": "AWS::CloudWatch::Alarm",
                   "DashboardName": "AWS::CloudWatch::Dashboard",
                   "DashboardNames": "AWS::CloudWatch::Dashboard"},
    "codebuild": {"projectName": "AWS::CodeBuild::Project"},
    "config": {"ConfigRuleName": "AWS::Config::ConfigRule",
               "ConfigurationRecorderName": "AWS::Config::ConfigurationRecorder"},
    "dynamodb": {"TableName": "AWS::DynamoDB::Table", "TableArn": "AWS::DynamoDB::Table"},
    "ec2": {"InstanceId": "AWS::EC2::Instance", "InstanceIds": "AWS::EC2::Instance",
            "VolumeId": "AWS::EC2::Volume", "SnapshotId": "AWS::EC2::Snapshot",
            "ImageId": "AWS::EC2::Ami", "GroupId": "AWS::EC2::SecurityGroup",
            "GroupIds": "AWS::EC2::SecurityGroup", "SecurityGroupIds": "AWS::EC2::SecurityGroup",
            "GroupName": "AWS::EC2::SecurityGroup", "VpcId": "AWS::EC2::VPC",
            "SubnetId": "AWS::EC2::Subnet", "SubnetIds": "AWS::EC2::Subnet",
            "KeyName": "AWS::EC2::KeyPair", "AllocationId": "AWS::EC2::EIP",
            "RouteTableId": "AWS::EC2::RouteTable", "NetworkAclId": "AWS::EC2::NetworkAcl",
            "InternetGatewayId": "AWS::EC2::InternetGateway",
            "NetworkInterfaceId": "AWS::EC2::NetworkInterface"},
    "ecr": {"repositoryName": "AWS::ECR::Repository"},
    "ecs": {"cluster": "AWS::ECS::Cluster", "clusterName": "AWS::ECS::Cluster",
            "service": "AWS::ECS::Service", "serviceName": "AWS::ECS::Service",
            "taskDefinition": "AWS::ECS::TaskDefinition"},
    "elbv2": {"LoadBalancerArn": "AWS::ElasticLoadBalancingV2::LoadBalancer",
              "TargetGroupArn": "AWS::ElasticLoadBalancingV2::TargetGroup"},
    "events": {"Rule": "AWS::Events::Rule", "RuleArn": "AWS::Events::Rule",
               "EventBusName": "AWS::Events::EventBus", "ArchiveName": "AWS::Events::Archive"},
    "iam": {"UserName": "AWS::IAM::User", "RoleName": "AWS::IAM::Role",
            "GroupName": "AWS::IAM::Group", "PolicyArn": "AWS::IAM::Policy",
            "PolicyName": "AWS::IAM::Policy", "AccessKeyId": "AWS::IAM::AccessKey",
            "InstanceProfileName": "AWS::IAM::InstanceProfile"},
    "kinesis": {"StreamName": "AWS::Kinesis::Stream", "StreamARN": "AWS::Kinesis::Stream"},
    "kms": {"KeyId": "AWS::KMS::Key", "Arn": "AWS::KMS::Key"},
    "lambda": {"FunctionName": "AWS::Lambda::Function", "FunctionArn": "AWS::Lambda::Function"},
    "logs": {"logGroupName": "AWS::Logs::LogGroup", "logStreamName": "AWS::Logs::LogStream"},
    "pipes": {"Name": "AWS::Pipes::Pipe"},
    "rds": {"DBInstanceIdentifier": "AWS::RDS::DBInstance",
            "DBClusterIdentifier": "AWS::RDS::DBCluster",
            "DBSnapshotIdentifier": "AWS::RDS::DBSnapshot"},
    "route53": {"HostedZoneId": "AWS::Route53::HostedZone"},
    "s3": {"Bucket": "AWS::S3::Bucket"},
    "scheduler": {"Name": "AWS::Scheduler::Schedule"},
    "secretsmanager": {"SecretId": "AWS::SecretsManager::Secret",
                       "ARN": "AWS::SecretsManager::Secret"},
    "sns": {"TopicArn": "AWS::SNS::Topic", "SubscriptionArn": "AWS::SNS::Subscription"},
    "sqs": {"QueueUrl": "AWS::SQS::Queue", "QueueName": "AWS::SQS::Queue"},
    "ssm": {"DocumentName": "AWS::SSM::Document", "InstanceIds": "AWS::EC2::Instance"},
    "stepfunctions": {"stateMachineArn": "AWS::StepFunctions::StateMachine"},
    "sts": {"RoleArn": "AWS::IAM::Role"},
}  # fmt: skip
_BY_OPERATION = {
    # ("client", part of the operation) -> member -> type, where one name means several things
    ("cloudtrail", "Trail"): {"Name": "AWS::CloudTrail::Trail"},
    ("cloudtrail", "Logging"): {"Name": "AWS::CloudTrail::Trail"},
    ("events", "Rule"): {"Name": "AWS::Events::Rule"},
    ("events", "EventBus"): {"Name": "AWS::Events::EventBus"},
    ("ssm", "Parameter"): {"Name": "AWS::SSM::Parameter"},
    ("sns", "CreateTopic"): {"Name": "AWS::SNS::Topic"},
    ("secretsmanager", "CreateSecret"): {"Name": "AWS::SecretsManager::Secret"},
    ("stepfunctions", "CreateStateMachine"): {"name": "AWS::StepFunctions::StateMachine"},
    ("codebuild", "Project"): {"name": "AWS::CodeBuild::Project"},
    ("codepipeline", "Pipeline"): {"name": "AWS::CodePipeline::Pipeline"},
    ("rds", "Stop"): {},
}
_DEEPEST = 6


@cache
def _types(service: str, operation: str) -> Mapping[str, str]:
    types = dict(_TYPES.get(service, {}))
    for (client, part), more in _BY_OPERATION.items():
        if client == service and part in operation:
            types |= more
    return types


def named(service: str, operation: str, *values: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Types and names of the resources in a request and its answer, each once, in order."""
    types = _types(service, operation)
    if not types:
        return []
    found: dict[tuple[str, str], None] = {}
    for value in values:
        found |= dict.fromkeys(_within(value, types, 0))
    return list(found)


def _within(value: Any, types: Mapping[str, str], depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _within(each, types, depth + 1)
    elif isinstance(value, dict):
        for name, inner in value.items():
            kind = types.get(name)
            if kind is not None and isinstance(inner, str) and inner:
                yield kind, inner
            elif isinstance(inner, (dict, list, tuple)):
                if kind is not None and not isinstance(inner, dict):
                    yield from ((kind, each) for each in inner if isinstance(each, str))
                yield from _within(inner, types, depth + 1)


_SHOWN = {
    # boto3 client -> the type of resource that its management events show
    "dynamodb": "AWS::DynamoDB::Table", "kms": "AWS::KMS::Key", "s3": "AWS::S3::Bucket",
    "sts": "AWS::IAM::Role",
}  # fmt: skip
_QUEUE = "AWS::SQS::Queue"  # which is named by a URL
_PLACES = {
    # type -> service and beginning of the resource in its ARN
    _QUEUE: ("sqs", ""), "AWS::DynamoDB::Table": ("dynamodb", "table/"),
    "AWS::Events::EventBus": ("events", "event-bus/"),
    "AWS::Kinesis::Stream": ("kinesis", "stream/"), "AWS::KMS::Key": ("kms", "key/"),
    "AWS::Lambda::Function": ("lambda", "function:"),
    "AWS::Logs::LogGroup": ("logs", "log-group:"),
}  # fmt: skip


def listed(call: ApiCalled, data: str) -> list[dict[str, str]]:
    """The member ``resources`` of a call's record.

    Args:
        call: the call.
        data: the type of resource whose data it is about; empty: it is a management event.
    """
    kind = data or _SHOWN.get(call.service)
    if kind is None:
        return _untyped(call)
    if call.service == "s3":
        return _of_s3(call, data)
    if data == EMAIL_IDENTITY:
        return _of_ses(call)
    values = (call.parameters,) if data else (call.parameters, call.result)
    names = [each for of, each in named(call.service, call.operation, *values) if of == kind]
    if call.service == "dynamodb":
        names += _in_statements(call.parameters)
    arns = dict.fromkeys(filter(None, (_arn(call, kind, name) for name in names)))
    return [{"accountId": call.scope.account, "type": kind, "ARN": arn} for arn in arns]


def _in_statements(parameters: Mapping[str, Any]) -> list[str]:
    """The tables that statements of PartiQL are about."""
    statements = [parameters, *parameters.get("Statements", ())]
    return [table(each["Statement"]) for each in statements if "Statement" in each]


def _arn(call: ApiCalled, kind: str, name: str) -> str | None:
    """None: an alias, or a name that no ARN follows from."""
    where = _PLACES.get(kind)
    if name.startswith("arn:"):
        return name
    if where is None or name.startswith("alias/"):
        return None
    return call.scope.arn(
        where[0], where[1] + (name.rpartition("/")[2] if kind == _QUEUE else name)
    )


def _of_s3(call: ApiCalled, data: str) -> list[dict[str, str]]:
    """The object, or all that a list may show, and its bucket."""
    parameters = call.parameters
    if "Bucket" not in parameters:
        return []
    arn = f"arn:{call.scope.partition}:s3:::{parameters['Bucket']}"
    bucket = {"accountId": call.scope.account, "type": "AWS::S3::Bucket", "ARN": arn}
    if not data:
        return [bucket]
    if "Key" in parameters:
        itself = {"type": data, "ARN": f"{arn}/{parameters['Key']}"}
        return [itself, bucket, *(each for each in _copied(call, data) if each != itself)]
    return [{"type": data, "ARNPrefix": f"{arn}/{parameters.get('Prefix', '')}"}, bucket]


def _copied(call: ApiCalled, data: str) -> list[dict[str, str]]:
    """What an object was copied from."""
    source = call.parameters.get("CopySource")
    if not source:
        return []
    path = source if isinstance(source, str) else f"{source['Bucket']}/{source['Key']}"
    return [{"type": data, "ARN": f"arn:{call.scope.partition}:s3:::{path.lstrip('/')}"}]


def _of_ses(call: ApiCalled) -> list[dict[str, str]]:
    """Who sent an e-mail, and by which template."""
    parameters, account = call.parameters, call.scope.account
    _, sender = parseaddr(parameters.get("Source") or parameters.get("FromEmailAddress") or "")
    contents = (parameters.get(name, {}) for name in ("Content", "DefaultContent"))
    template = parameters.get("Template") or next(
        (each["Template"].get("TemplateName") for each in contents if "Template" in each), None
    )
    names = {EMAIL_IDENTITY: ("identity", sender), "AWS::SES::Template": ("template", template)}
    return [
        {"accountId": account, "type": kind, "ARN": call.scope.arn("ses", f"{what}/{name}")}
        for kind, (what, name) in names.items() if name
    ]  # fmt: skip


_UNTYPED = {
    # (boto3 client, its operations) -> member, and what stands before its name in an ARN
    ("ecr", ""): ("repositoryName", "repository/"),
    ("ssm", "GetParameter"): ("Name", "parameter/"),
    ("ssm", "GetParameters"): ("Names", "parameter/"),
    ("ssm", "DeleteDocument"): ("Name", "document/"),
}


def _untyped(call: ApiCalled) -> list[dict[str, str]]:
    """Of services whose records don't tell the type."""
    shown = _UNTYPED.get((call.service, "" if call.service == "ecr" else call.operation))
    if shown is None:  # most of them: their parameters needn't be read
        return []
    member, prefix = shown
    names = call.parameters.get(member, ())
    found = []
    for name in (names,) if isinstance(names, str) else names:
        arn = name if name.startswith("arn:") else None
        arn = arn or call.scope.arn(call.service, prefix + name.lstrip("/"))
        found.append({"accountId": call.scope.account, "ARN": arn})
    return found
