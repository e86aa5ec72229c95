"""What kind of event a call is: whose, read or write, management or data.

Lives here: `source_of`, `region_of`, `event_name`, `is_read`, `is_told`, `data_type` and
`bus_source`. Rules by the operation's verb, and tables for what they get wrong.
Source: CloudTrail User Guide, "Logging data events", "CloudTrail record contents"; service guides,
"Logging API calls with CloudTrail".
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["EMAIL_IDENTITY", "GLOBAL", "bus_source", "data_type", "event_name", "is_read",
           "is_told", "region_of", "source_of"]  # fmt: skip

GLOBAL = frozenset({
    "iam", "cloudfront", "route53", "organizations", "account", "budgets", "ce", "shield", "waf",
    "route53domains", "support", "health",
})  # fmt: skip
"""Clients whose calls are recorded in the first region of the partition."""

_SOURCES = {
    # boto3 client -> what stands before .amazonaws.com, where it isn't what its hosts begin with
    "application-autoscaling": "autoscaling", "bedrock-runtime": "bedrock",
    "cloudhsmv2": "cloudhsm", "detective": "detective", "dynamodbstreams": "dynamodb", "ecr": "ecr",
    "ecr-public": "ecr-public", "iot-data": "iotdata", "lex-models": "lex", "lexv2-models": "lex",
    "mediatailor": "mediatailor", "memorydb": "memorydb", "rds-data": "rdsdata", "s3control": "s3",
    "sagemaker": "sagemaker", "ses": "ses", "sesv2": "ses", "sso": "sso", "sso-admin": "sso",
    "timestream-query": "timestream", "timestream-write": "timestream",
}  # fmt: skip
_BUS = {"monitoring": "aws.cloudwatch"}

_VERSIONED = {
    # Lambda and CloudFront name their events after versions of the API
    "lambda": {
        "AddPermission": "20150331v2", "CreateAlias": "20150331",
        "CreateEventSourceMapping": "20150331", "CreateFunction": "20150331",
        "DeleteAlias": "20150331", "DeleteEventSourceMapping": "20150331",
        "DeleteFunction": "20150331", "DeleteFunctionConcurrency": "20171031",
        "GetFunction": "20150331v2", "GetFunctionConfiguration": "20150331v2",
        "GetPolicy": "20150331v2", "ListEventSourceMappings": "20150331",
        "ListFunctions": "20150331", "PublishVersion": "20150331",
        "PutFunctionConcurrency": "20171031", "RemovePermission": "20150331v2",
        "TagResource": "20170331v2", "UntagResource": "20170331v2",
        "UpdateAlias": "20150331", "UpdateEventSourceMapping": "20150331",
        "UpdateFunctionCode": "20150331v2", "UpdateFunctionConfiguration": "20150331v2",
    },
}  # fmt: skip
_ALL_VERSIONED = {"cloudfront": "2020_05_31"}

_READS = re.compile(
    r"(Get|List|Describe|Head|Lookup|BatchGet|BatchDescribe|BatchRead|BatchCheck|Search|Query|Scan"
    r"|Select|Test|Validate|Simulate|Preview|Check|Decode|Verify|Estimate|Discover|Filter|View"
    r"|Read|Is|Download|Count|Retrieve|Predict|Receive)(?=[A-Z]|$)"
)
_READ = {
    # what reads though its verb doesn't say so
    ("sts", "AssumeRole"), ("sts", "AssumeRoleWithSAML"), ("sts", "AssumeRoleWithWebIdentity"),
    ("kms", "Encrypt"), ("kms", "Decrypt"), ("kms", "ReEncrypt"), ("kms", "GenerateDataKey"),
    ("kms", "GenerateDataKeyWithoutPlaintext"), ("kms", "GenerateRandom"), ("kms", "Sign"),
    ("kms", "GenerateDataKeyPair"), ("kms", "GenerateDataKeyPairWithoutPlaintext"),
    ("bedrock-runtime", "Converse"), ("bedrock-runtime", "ConverseStream"),
    ("bedrock-runtime", "InvokeModel"), ("bedrock-runtime", "InvokeModelWithResponseStream"),
    ("dynamodb", "TransactGetItems"), ("kms", "GenerateMac"), ("kms", "VerifyMac"),
    ("logs", "StartQuery"), ("logs", "StopQuery"),
    ("athena", "BatchGetQueryExecution"), ("cloudtrail", "StartQuery"), ("logs", "StartLiveTail"),
    ("ssm", "StartSession"), ("cloudtrail", "CancelQuery"), ("ses", "SendEmail"),
    ("ses", "SendRawEmail"), ("ses", "SendTemplatedEmail"), ("ses", "SendBulkTemplatedEmail"),
    ("sesv2", "SendEmail"), ("sesv2", "SendBulkEmail"),
}  # fmt: skip
_TOLD = {
    ("cloudtrail", "StartQuery"), ("cloudtrail", "CancelQuery"), ("sts", "AssumeRole"),
    ("sts", "AssumeRoleWithSAML"), ("sts", "AssumeRoleWithWebIdentity"),
}  # fmt: skip
_WRITE = {
    ("sts", "GetFederationToken"),
    ("lambda", "Invoke"),
    ("ssm", "StartSession"),
    ("sqs", "ReceiveMessage"),
    ("ses", "VerifyDomainDkim"),
    ("ses", "VerifyDomainIdentity"),
    ("ses", "VerifyEmailAddress"),
    ("ses", "VerifyEmailIdentity"),
}

_OBJECTS = re.compile(
    r"(Get|Put|Delete|Head|Copy|List|Restore|Select)Object(s|sV2|Acl|Tagging|Attributes|Torrent"
    r"|Retention|LegalHold|Content|Versions)?$"
    r"|(Create|Complete|Abort|List)Multipart|UploadPart|ListParts"
)
EMAIL_IDENTITY = "AWS::SES::EmailIdentity"
_BUCKETS = {"GetObjectLockConfiguration", "PutObjectLockConfiguration"}
_DATA: dict[str, tuple[str, re.Pattern[str]]] = {
    # boto3 client -> type of resource, and its data operations
    "cloudwatch": ("AWS::CloudWatch::Metric", re.compile(
        r"PutMetricData|GetMetric(Data|Statistics|WidgetImage)|ListMetrics")),
    "cloudtrail-data": ("AWS::CloudTrail::Channel", re.compile(r"PutAuditEvents")),
    "dynamodb": ("AWS::DynamoDB::Table", re.compile(
        r"(Get|Put|Update|Delete)Item|Batch(Get|Write)Item|Query|Scan|Transact(Get|Write)Items"
        r"|(Batch)?Execute(Statement|Transaction)")),
    "dynamodbstreams": ("AWS::DynamoDB::Stream", re.compile(r"GetRecords|GetShardIterator")),
    "events": ("AWS::Events::EventBus", re.compile(r"PutEvents|PutPartnerEvents")),
    "firehose": ("AWS::KinesisFirehose::DeliveryStream", re.compile(r"PutRecord(Batch)?")),
    "kinesis": ("AWS::Kinesis::Stream", re.compile(
        r"PutRecords?|GetRecords|GetShardIterator|SubscribeToShard")),
    "lambda": ("AWS::Lambda::Function", re.compile(r"Invoke(Async|WithResponseStream)?")),
    "logs": ("AWS::Logs::LogGroup", re.compile(
        r"PutLogEvents|GetLogEvents|FilterLogEvents|GetLogRecord|GetLogObject|GetLogFields")),
    "s3": ("AWS::S3::Object", _OBJECTS),
    "ses": (EMAIL_IDENTITY, re.compile(r"Send(Raw|Templated|BulkTemplated)?Email")),
    "sesv2": (EMAIL_IDENTITY, re.compile(r"Send(Bulk)?Email")),
    "sns": ("AWS::SNS::Topic", re.compile(r"Publish(Batch)?")),
    "sqs": ("AWS::SQS::Queue", re.compile(
        r"(Send|Receive|Delete)Message(Batch)?|ChangeMessageVisibility(Batch)?")),
    "stepfunctions": ("AWS::StepFunctions::StateMachine", re.compile(r"InvokeHTTPEndpoint")),
}  # fmt: skip


def source_of(service: str, host: str) -> str:
    """``ec2.amazonaws.com``.

    Args:
        service: the boto3 client.
        host: what the service's hosts begin with.
    """
    name = _SOURCES.get(service) or (host.partition(".")[0] if host else service)
    return f"{name}.amazonaws.com"


def bus_source(source: str) -> str:
    """Under which EventBridge knows it: ``aws.ec2``."""
    name = source.partition(".")[0]
    return _BUS.get(name, f"aws.{name}")


def region_of(service: str, region: str) -> str:
    """Where a call is recorded."""
    return (
        "us-east-1" if service in GLOBAL and not region.startswith(("cn-", "us-gov-")) else region
    )


@cache
def event_name(service: str, operation: str) -> str:
    """The name of the event: the operation's, with its version where the service has one."""
    if service == "route53domains":  # Route 53 Developer Guide: begins with a small letter
        return operation[:1].lower() + operation[1:]
    version = _ALL_VERSIONED.get(service) or _VERSIONED.get(service, {}).get(operation, "")
    return operation + version


def is_told(service: str, operation: str) -> bool:
    """Whether a call that only reads has its answer recorded all the same."""
    return (service, operation) in _TOLD


@cache
def is_read(service: str, operation: str) -> bool:
    """Whether a call changes nothing."""
    if (service, operation) in _WRITE:
        return False
    return (service, operation) in _READ or _READS.match(operation) is not None


@cache
def data_type(service: str, operation: str) -> str:
    """The type of the resource whose data a call is about; empty: a management event."""
    found = _DATA.get(service)
    if found is None or operation in _BUCKETS:
        return ""
    return found[0] if found[1].fullmatch(operation) else ""
