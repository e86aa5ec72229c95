"""What a record says: identity, source, kind, parameters in CloudTrail's form."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.core.outlines import Outlines
from awsmon.core.scope import Identity
from awsmon.sdk.outlines import outline
from awsmon.trail import kinds, rendering
from awsmon.trail.records import username
from tests.trail.conftest import ACCOUNT, client, last, table


def test_a_record_is_whole(monitoring):
    client("cloudwatch").put_metric_alarm(
        AlarmName="a", Namespace="n", MetricName="m", Statistic="Sum", Period=60, Threshold=50,
        EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    record = last(monitoring)
    assert list(record) == [
        "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion",
        "sourceIPAddress", "userAgent", "requestParameters", "responseElements", "requestID",
        "eventID", "readOnly", "eventType", "managementEvent", "recipientAccountId",
        "eventCategory", "tlsDetails",
    ]  # fmt: skip
    assert record["eventSource"] == "monitoring.amazonaws.com"
    assert record["eventTime"] == "2026-03-02T12:00:00Z"
    assert record["requestParameters"] == {
        "alarmName": "a", "namespace": "n", "metricName": "m", "statistic": "Sum", "period": 60,
        "threshold": 50, "evaluationPeriods": 1, "comparisonOperator": "GreaterThanThreshold",
    }  # fmt: skip
    assert record["responseElements"] is None
    assert record["tlsDetails"]["clientProvidedHostHeader"] == "monitoring.us-east-1.amazonaws.com"


def test_a_call_that_failed(monitoring, cloudtrail):
    # source: User Guide, "CloudTrail log file examples": an error code and message log
    with pytest.raises(ClientError):
        cloudtrail.start_logging(Name="myTrail2")
    record = last(monitoring)
    assert record["errorCode"] == "TrailNotFoundException"
    assert record["errorMessage"] == f"Unknown trail: myTrail2 for the user: {ACCOUNT}"
    assert (record["requestParameters"], record["responseElements"]) == ({"name": "myTrail2"}, None)


def test_who_called(mon):
    # given a user with a key of their own, and a role that is assumed
    iam = client("iam")
    iam.create_user(UserName="Bob")
    key = iam.create_access_key(UserName="Bob")["AccessKey"]
    bob = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    boto3.client("logs", "us-east-1", **bob).create_log_group(logGroupName="/a")
    identity = last(mon, "CreateLogGroup")["userIdentity"]
    assert identity.pop("principalId").startswith("AIDA")
    assert identity == {
        "type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/Bob", "accountId": ACCOUNT,
        "accessKeyId": key["AccessKeyId"], "userName": "Bob",
    }  # fmt: skip
    role = iam.create_role(RoleName="R", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    given = client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    session = {
        "aws_access_key_id": given["AccessKeyId"], "aws_session_token": given["SessionToken"],
        "aws_secret_access_key": given["SecretAccessKey"],
    }  # fmt: skip
    boto3.client("logs", "us-east-1", **session).create_log_group(logGroupName="/b")
    identity = last(mon, "CreateLogGroup")["userIdentity"]
    assert identity["type"] == "AssumedRole"
    assert identity["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/R/session"
    issuer = identity["sessionContext"]["sessionIssuer"]
    assert (issuer["type"], issuer["arn"], issuer["userName"]) == (
        "Role", f"arn:aws:iam::{ACCOUNT}:role/R", "R",
    )  # fmt: skip


def test_a_service_that_called(mon):
    # given a rule to a queue of moto's
    url = client("sqs").create_queue(QueueName="q")["QueueUrl"]
    queue = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = queue["Attributes"]["QueueArn"]
    mon.event_bus.rule("r", {"source": ["shop"]})
    client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
    mon.event_bus.put("shop", "Order")
    record = last(mon, "SendMessage")
    assert record["userIdentity"] == {"type": "AWSService", "invokedBy": "events.amazonaws.com"}
    assert record["sourceIPAddress"] == record["userAgent"] == "events.amazonaws.com"
    assert (record["managementEvent"], record["eventCategory"]) == (False, "Data")
    assert record["resources"] == [
        {"accountId": ACCOUNT, "type": "AWS::SQS::Queue", "ARN": arn},
    ]  # fmt: skip


def test_global_services_are_recorded_in_the_first_region(mon):
    boto3.client("iam", "eu-west-1").create_user(UserName="Bob")
    assert last(mon, "CreateUser")["awsRegion"] == "us-east-1"
    assert mon.at(region="eu-west-1").trail.calls("iam") == []


def test_answers_of_moto_are_in_the_record(mon):
    table()
    record = last(mon, "CreateTable")
    assert record["responseElements"]["tableDescription"]["tableStatus"] == "ACTIVE"
    client("dynamodb").describe_table(TableName="t")
    record = last(mon, "DescribeTable")
    assert (record["readOnly"], record["responseElements"]) == (True, None)


# -- parameters and answers ------------------------------------------------------------------------


def test_what_a_put_item_shows(mon):
    # source: DynamoDB Developer Guide, log file entries: PutItem, TransactWriteItems: the names of
    # all attributes, and the key's values
    table()
    item = {"id": {"S": "1"}, "text": {"S": "secret"}}
    client("dynamodb").put_item(TableName="t", Item=item, ReturnConsumedCapacity="TOTAL")
    assert last(mon)["requestParameters"] == {
        "tableName": "t", "key": {"id": "1"}, "item": ["id", "text"],
        "returnConsumedCapacity": "TOTAL",
    }  # fmt: skip
    put = {"TableName": "t", "Item": item}
    client("dynamodb").transact_write_items(TransactItems=[{"Put": put}], ClientRequestToken="c")
    assert last(mon)["requestParameters"]["requestItems"] == [
        {"operation": "Put", "tableName": "t", "key": {"id": "1"}, "items": ["id", "text"]}
    ]


def test_the_key_of_an_item_is_shown_when_its_table_is_known(mon):
    # given a table that was made through other means: nothing is known of its key
    mon.trail.add_call(
        "dynamodb", "PutItem", {"TableName": "u", "Item": {"a": {"S": "1"}}}, user="A"
    )
    assert last(mon)["requestParameters"] == {"tableName": "u", "item": ["a"]}


def test_a_statement_keeps_the_values_of_the_key(mon):
    # source: DynamoDB Developer Guide, log file entries: ExecuteStatement
    table()
    statement = "SELECT * FROM t WHERE id = '1' AND text = 'it''s' AND n = -2.5"
    client("dynamodb").execute_statement(Statement=statement)
    assert last(mon)["requestParameters"] == {
        "statement": "SELECT * FROM t WHERE id = '1' AND text = ***(Redacted) AND n = ***(Redacted)"
    }


def test_errors_of_iam_are_named_as_exceptions(mon):
    # source: elastic/beats, x-pack/filebeat/module/aws/cloudtrail/test/create-group-json.log
    client("iam").create_group(GroupName="g")
    with pytest.raises(ClientError):
        client("iam").create_group(GroupName="g")
    assert last(mon)["errorCode"] == "EntityAlreadyExistsException"


def test_domain_names_events_begin_with_a_small_letter():
    # source: Route 53 Developer Guide, Logging Amazon Route 53 API calls
    name = kinds.event_name("route53domains", "UpdateDomainContact")
    assert name == "updateDomainContact"


def test_the_resources_of_a_record(mon):
    # source: S3 User Guide, KMS and DynamoDB Developer Guides: `resources` of their records
    client("s3").create_bucket(Bucket="things")
    bucket = {"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::things"}
    assert last(mon)["resources"] == [bucket]
    client("s3").put_object(Bucket="things", Key="a/b", Body=b"x")
    assert last(mon)["resources"] == [
        {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::things/a/b"}, bucket,
    ]  # fmt: skip
    client("s3").list_objects_v2(Bucket="things", Prefix="a/")
    assert last(mon)["resources"] == [
        {"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::things/a/"}, bucket,
    ]  # fmt: skip
    key = client("kms").create_key()["KeyMetadata"]
    shown = [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": key["Arn"]}]
    assert last(mon)["resources"] == shown
    client("kms").disable_key(KeyId=key["KeyId"])
    assert last(mon)["resources"] == shown
    table()
    arn = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t"
    assert last(mon)["resources"] == [
        {"accountId": ACCOUNT, "type": "AWS::DynamoDB::Table", "ARN": arn}
    ]
    role = f"arn:aws:iam::{ACCOUNT}:role/R"
    client("sts").assume_role(RoleArn=role, RoleSessionName="session")
    assert last(mon)["resources"] == [{"accountId": ACCOUNT, "type": "AWS::IAM::Role", "ARN": role}]
    client("iam").create_user(UserName="Bob")
    assert "resources" not in last(mon)


def test_a_record_of_s3_tells_how_the_call_was_signed(mon):
    # source: elastic/integrations, test-put-bucket-versioning-json.log
    client("s3").create_bucket(Bucket="things")
    record = last(mon)
    assert record["additionalEventData"] == {
        "SignatureVersion": "SigV4", "AuthenticationMethod": "AuthHeader",
        "CipherSuite": record["tlsDetails"]["cipherSuite"],
    }  # fmt: skip


def test_publishing_is_answered(mon):
    # source: SNS Developer Guide, a record of Publish
    arn = client("sns").create_topic(Name="t")["TopicArn"]
    sent = client("sns").publish(TopicArn=arn, Message="m")
    assert last(mon)["responseElements"] == {"messageId": sent["MessageId"]}


def test_the_host_of_a_bucket_has_its_region(mon):
    # source: a record of PutBucketPolicy of 2025
    client("s3", "eu-west-1").create_bucket(
        Bucket="things", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    record = last(mon.at(region="eu-west-1"))
    host = "things.s3.eu-west-1.amazonaws.com"
    assert record["requestParameters"]["Host"] == host
    assert record["tlsDetails"]["clientProvidedHostHeader"] == host
    client("iam").create_user(UserName="Bob")  # source: recordings of 2024, iam and s3
    tls = last(mon, "CreateUser")["tlsDetails"]
    assert tls["clientProvidedHostHeader"] == "iam.amazonaws.com"


AT = datetime(2014, 3, 24, 21, 11, 59, tzinfo=timezone.utc)


@pytest.mark.parametrize(("service", "operation", "answer", "expected"), [
    ("iam", "CreateUser",
     {"User": {"CreateDate": AT, "UserName": "Bob", "Arn": "arn:u", "Path": "/", "UserId": "A"}},
     {"user": {"createDate": "Mar 24, 2014 9:11:59 PM", "userName": "Bob", "arn": "arn:u",
               "path": "/", "userId": "A"}}),
    ("iam", "CreateAccessKey",
     {"AccessKey": {"UserName": "Bob", "AccessKeyId": "AKIA", "SecretAccessKey": "s",
                    "Status": "Active"}},
     {"accessKey": {"userName": "Bob", "accessKeyId": "AKIA", "status": "Active"}}),
    ("ec2", "StartInstances",
     {"StartingInstances": [{"InstanceId": "i-1", "CurrentState": {"Code": 0, "Name": "pending"},
                             "PreviousState": {"Code": 80, "Name": "stopped"}}]},
     {"instancesSet": {"items": [{
         "instanceId": "i-1", "currentState": {"code": 0, "name": "pending"},
         "previousState": {"code": 80, "name": "stopped"}}]}}),
    ("ec2", "CreateKeyPair", {"KeyName": "k", "KeyFingerprint": "f", "KeyMaterial": "m"},
     {"keyName": "k", "keyFingerprint": "f", "keyMaterial": "<sensitiveDataRemoved>"}),
    ("ec2", "AuthorizeSecurityGroupIngress", {"Return": True}, {"_return": True}),
    ("events", "PutRule", {"RuleArn": "arn:r"}, {"ruleArn": "arn:r"}),
    ("s3", "CreateBucket", {"Location": "/b"}, None),
    ("cloudtrail", "StopLogging", {}, None),
])  # fmt: skip
def test_response_elements(service, operation, answer, expected):
    found = rendering.answered(service, operation, outline(service, operation), answer)
    assert found == expected


# -- kinds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("service", "operation", "read"), [
    ("ec2", "DescribeInstances", True), ("s3", "GetBucketAcl", True), ("s3", "HeadBucket", True),
    ("iam", "SimulatePrincipalPolicy", True), ("sts", "AssumeRole", True),
    ("sts", "GetCallerIdentity", True), ("kms", "Decrypt", True), ("kms", "GenerateDataKey", True),
    ("dynamodb", "TransactGetItems", True), ("dynamodb", "TransactWriteItems", False),
    ("dynamodb", "Query", True), ("cloudtrail", "LookupEvents", True),
    ("config", "SelectResourceConfig", True), ("ec2", "StartInstances", False),
    ("iam", "CreateUser", False), ("dynamodb", "PutItem", False), ("lambda", "Invoke", False),
    ("kms", "ScheduleKeyDeletion", False), ("cloudwatch", "PutMetricAlarm", False),
    ("ssm", "SendCommand", False), ("events", "PutRule", False), ("sns", "Publish", False),
    ("ses", "VerifyEmailIdentity", False), ("ses", "VerifyDomainIdentity", False),
])  # fmt: skip
def test_reads_and_writes(service, operation, read):
    assert kinds.is_read(service, operation) is read


@pytest.mark.parametrize(("service", "operation", "kind"), [
    ("s3", "GetObject", "AWS::S3::Object"), ("s3", "PutObjectAcl", "AWS::S3::Object"),
    ("s3", "DeleteObjects", "AWS::S3::Object"), ("s3", "ListObjectsV2", "AWS::S3::Object"),
    ("s3", "PutBucketPolicy", ""), ("s3", "CreateBucket", ""), ("lambda", "UpdateAlias", ""),
    ("lambda", "Invoke", "AWS::Lambda::Function"),
    ("dynamodb", "UpdateItem", "AWS::DynamoDB::Table"),
    ("dynamodb", "UpdateTable", ""), ("sqs", "SendMessage", "AWS::SQS::Queue"),
    ("sqs", "CreateQueue", ""), ("sns", "Publish", "AWS::SNS::Topic"),
    ("cloudwatch", "PutMetricData", "AWS::CloudWatch::Metric"),
    ("cloudwatch", "PutMetricAlarm", ""), ("kms", "Decrypt", ""),
])  # fmt: skip
def test_management_and_data(service, operation, kind):
    assert kinds.data_type(service, operation) == kind


@pytest.mark.parametrize(("service", "source"), [
    ("cloudwatch", "monitoring"), ("events", "events"), ("logs", "logs"), ("config", "config"),
    ("elbv2", "elasticloadbalancing"), ("stepfunctions", "states"), ("ecr", "ecr"),
    ("ses", "ses"), ("dynamodbstreams", "dynamodb"), ("emr", "elasticmapreduce"), ("ec2", "ec2"),
    ("scheduler", "scheduler"), ("sagemaker", "sagemaker"), ("secretsmanager", "secretsmanager"),
    ("efs", "elasticfilesystem"), ("rds-data", "rdsdata"), ("cloudhsmv2", "cloudhsm"),
    ("lex-models", "lex"), ("lexv2-models", "lex"), ("mediatailor", "mediatailor"),
    ("memorydb", "memorydb"), ("detective", "detective"), ("sso", "sso"),
    ("application-autoscaling", "autoscaling"),
])  # fmt: skip
def test_sources(service, source):
    host = outline(service, "nothing").host or _host(service)
    assert kinds.source_of(service, host) == f"{source}.amazonaws.com"


def _host(service):
    import botocore.session

    return botocore.session.Session().get_service_model(service).endpoint_prefix


def test_lambda_names_its_events_after_versions(monitoring):
    assert kinds.event_name("lambda", "CreateFunction") == "CreateFunction20150331"
    assert kinds.event_name("lambda", "Invoke") == "Invoke"
    assert kinds.event_name("cloudfront", "CreateDistribution") == "CreateDistribution2020_05_31"


def test_nothing_is_known_of_an_unknown_operation():
    found = outline("logs", "NoSuchThing")
    assert isinstance(found, Outlines)
    assert rendering.asked("logs", "NoSuchThing", found, {"a": 1}) == {"a": 1}


@pytest.mark.parametrize(("arn", "name"), [
    (f"arn:aws:iam::{ACCOUNT}:root", "root"), (f"arn:aws:iam::{ACCOUNT}:user/path/Bob", "Bob"),
    (f"arn:aws:sts::{ACCOUNT}:assumed-role/R/session", "session"),
])  # fmt: skip
def test_user_names(arn, name):
    assert username(Identity(ACCOUNT, arn, "A")) == name


def test_a_record_is_json(mon):
    client("s3").create_bucket(Bucket="things")
    client("s3").put_object(Bucket="things", Key="k", Body=b"x")
    for each in mon.trail.calls():
        assert json.loads(json.dumps(each.record)) == each.record


def test_what_stands_in_a_path_is_recorded_too(monitoring):
    client("schemas").create_registry(RegistryName="r", Description="d")
    assert last(monitoring)["requestParameters"] == {"registryName": "r", "description": "d"}


@pytest.mark.parametrize("service", ["ses", "sesv2"])
def test_an_email_tells_its_number(monitoring, service):
    # source: SES Developer Guide, "Logging Amazon SES API calls"
    made = monitoring.trail.add_call(service, "SendEmail", user="Ann", result={"MessageId": "m-1"})
    assert made.record["additionalEventData"] == {"sesMessageId": "m-1"}
    assert made.record["responseElements"] is None


def test_an_invocation_tells_which_version_ran(monitoring):
    # Source: a recording of 2023-03-21 in a public article on functions' network interfaces
    call = {"user": "ann", "result": {"StatusCode": 200, "ExecutedVersion": "23"}}
    record = monitoring.trail.add_call(
        "lambda", "Invoke", {"FunctionName": "my-function-name:live"}, **call
    ).record
    assert record["additionalEventData"] == {
        "functionVersion": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:my-function-name:23"
    }
    unknown = monitoring.trail.add_call("lambda", "Invoke", {"FunctionName": "f"}, user="ann")
    assert "additionalEventData" not in unknown.record
