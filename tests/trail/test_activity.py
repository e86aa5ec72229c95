"""What no SDK call does: sign-ins, what services do by themselves, calls made elsewhere."""

from __future__ import annotations

import json

import pytest

from awsmon import AwsmonError
from tests.trail.conftest import ACCOUNT, client, logging, rule

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ANAYA = f"arn:aws:iam::{ACCOUNT}:user/anaya"
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"

# -- sign-ins; source: User Guide, "AWS Management Console sign-in events", its records ------------


def test_a_user_signs_in(monitoring):
    record = monitoring.trail.sign_in("anaya").record
    assert list(record) == [
        "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion",
        "sourceIPAddress", "userAgent", "requestParameters", "responseElements",
        "additionalEventData", "eventID", "readOnly", "eventType", "managementEvent",
        "recipientAccountId", "eventCategory", "tlsDetails",
    ]  # fmt: skip
    principal = record["userIdentity"].pop("principalId")
    assert principal.startswith("AIDA")
    assert len(principal) == 21
    assert record["userIdentity"] == {
        "type": "IAMUser", "arn": ANAYA, "accountId": ACCOUNT, "userName": "anaya",
    }  # fmt: skip
    assert (record["eventSource"], record["eventName"], record["eventType"]) == (
        "signin.amazonaws.com", "ConsoleLogin", "AwsConsoleSignIn",
    )  # fmt: skip
    assert (record["requestParameters"], record["responseElements"]) == (
        None, {"ConsoleLogin": "Success"},
    )  # fmt: skip
    assert record["additionalEventData"] == {
        "LoginTo": "https://us-east-1.console.aws.amazon.com/console/home?region=us-east-1",
        "MobileVersion": "No", "MFAUsed": "No",
    }  # fmt: skip


def test_a_sign_in_with_a_device(monitoring):
    data = monitoring.trail.sign_in("anaya", mfa=True).record["additionalEventData"]
    assert (data["MFAUsed"], data["MFAIdentifier"]) == (
        "Yes", f"arn:aws:iam::{ACCOUNT}:mfa/anaya",
    )  # fmt: skip


def test_a_sign_in_that_fails(monitoring):
    record = monitoring.trail.sign_in("anaya", succeeds=False).record
    assert "errorCode" not in record
    assert record["errorMessage"] == "Failed authentication"
    assert record["responseElements"] == {"ConsoleLogin": "Failure"}
    assert record["userIdentity"].pop("principalId")
    assert record["userIdentity"] == {
        "type": "IAMUser", "accountId": ACCOUNT, "accessKeyId": "", "userName": "anaya",
    }  # fmt: skip


def test_the_name_of_a_user_who_is_not_there_is_hidden(monitoring):
    record = monitoring.trail.sign_in("password1", unknown=True).record
    assert record["userIdentity"] == {
        "type": "IAMUser", "accountId": ACCOUNT, "accessKeyId": "", "userName": HIDDEN,
    }  # fmt: skip
    assert record["responseElements"] == {"ConsoleLogin": "Failure"}


def test_root_signs_in_in_the_first_region(monitoring):
    record = monitoring.at(region="eu-west-1").trail.sign_in().record
    assert record["userIdentity"] == {
        "type": "Root", "principalId": ACCOUNT, "arn": ROOT, "accountId": ACCOUNT,
        "accessKeyId": "",
    }  # fmt: skip
    assert record["awsRegion"] == "us-east-1"
    (found,) = client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "Username", "AttributeValue": "root"}]
    )["Events"]
    assert json.loads(found["CloudTrailEvent"]) == record


def test_a_user_signs_in_in_the_region_of_the_console(monitoring):
    monitoring.at(region="eu-west-1").trail.sign_in("anaya")
    assert monitoring.trail.calls() == []
    (found,) = monitoring.at(region="eu-west-1").trail.calls("signin")
    assert found.record["awsRegion"] == "eu-west-1"


def test_a_role_session_signs_in(monitoring):
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/anaya"
    identity = monitoring.trail.sign_in(arn).record["userIdentity"]
    assert (identity["type"], identity["arn"]) == ("AssumedRole", arn)
    assert identity["principalId"].endswith(":anaya")


def test_an_alarm_goes_off_when_root_signs_in(monitoring, cloudtrail):
    # given the metric filter and alarm of the CIS benchmark on a trail's log group
    monitoring.bind("arn:aws:s3:::records", lambda call: None)
    group = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:trail:*"
    client("logs").create_log_group(logGroupName="trail")
    logging(
        cloudtrail, CloudWatchLogsLogGroupArn=group,
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/r",
    )  # fmt: skip
    client("logs").put_metric_filter(
        logGroupName="trail", filterName="root",
        filterPattern='{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && '
        '$.eventType != "AwsServiceEvent" }',
        metricTransformations=[
            {"metricName": "Root", "metricNamespace": "CIS", "metricValue": "1"}
        ],
    )  # fmt: skip
    client("cloudwatch").put_metric_alarm(
        AlarmName="root", Namespace="CIS", MetricName="Root", Statistic="Sum", Period=300,
        Threshold=1, EvaluationPeriods=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
    )  # fmt: skip
    # when a user signs in, and a key is rotated
    monitoring.trail.sign_in("anaya")
    monitoring.trail.service_event("kms", "RotateKey")
    monitoring.clock.advance(minutes=10)
    # then it doesn't
    assert monitoring.alarms["root"].state != "ALARM"
    # but when root does
    monitoring.trail.sign_in()
    monitoring.clock.advance(minutes=10)
    assert monitoring.alarms["root"].state == "ALARM"


def test_event_bridge_hears_of_sign_ins_and_service_events(monitoring, cloudtrail):
    monitoring.bind("arn:aws:s3:::records", lambda call: None)
    logging(cloudtrail)
    told = []
    queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
    monitoring.bind(queue, lambda message: told.append(json.loads(message)))
    rule({"source": ["aws.signin", "aws.kms"]}, queue)
    monitoring.trail.sign_in("anaya")
    monitoring.trail.service_event("kms", "RotateKey")
    assert [(each["detail-type"], each["source"]) for each in told] == [
        ("AWS Console Sign In via CloudTrail", "aws.signin"),
        ("AWS Service Event via CloudTrail", "aws.kms"),
    ]


# -- what services do ------------------------------------------------------------------------------


def test_a_service_event(monitoring):
    # source: KMS Developer Guide, "RotateKey"
    key = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"
    record = monitoring.trail.service_event(
        "kms", "RotateKey", details={"keyId": "k"}, resources={key: "AWS::KMS::Key"}
    ).record
    at = {record.pop(each) for each in ("eventTime", "eventID", "eventVersion")}
    assert len(at) == 3
    assert record == {
        "userIdentity": {"accountId": ACCOUNT, "invokedBy": "AWS Internal"},
        "eventSource": "kms.amazonaws.com", "eventName": "RotateKey", "awsRegion": "us-east-1",
        "sourceIPAddress": "AWS Internal", "userAgent": "AWS Internal", "requestParameters": None,
        "responseElements": None, "readOnly": False,
        "resources": [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": key}],
        "eventType": "AwsServiceEvent", "managementEvent": True, "recipientAccountId": ACCOUNT,
        "serviceEventDetails": {"keyId": "k"}, "eventCategory": "Management",
    }  # fmt: skip


def test_a_service_calls_for_its_role(monitoring):
    role = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling"
    record = monitoring.trail.add_call(
        "ec2", "TerminateInstances", {"InstanceIds": ["i-1"]}, user=arn,
        by="autoscaling.amazonaws.com", result={"TerminatingInstances": []},
    ).record  # fmt: skip
    identity = record["userIdentity"]
    assert (identity["type"], identity["invokedBy"]) == ("AssumedRole", "autoscaling.amazonaws.com")
    assert role.endswith(identity["sessionContext"]["sessionIssuer"]["userName"])
    assert record["sourceIPAddress"] == record["userAgent"] == "autoscaling.amazonaws.com"
    assert record["requestParameters"]["instancesSet"] == {"items": [{"instanceId": "i-1"}]}
    (found,) = monitoring.trail.who("deleted", "i-1")
    assert found.record == record


def test_a_service_calls_by_itself(monitoring):
    record = monitoring.trail.add_call(
        "sts", "AssumeRole", {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r", "RoleSessionName": "s"},
        by="lambda.amazonaws.com",
    ).record  # fmt: skip
    assert record["userIdentity"] == {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}


def test_a_call_that_fails_elsewhere(monitoring):
    record = monitoring.trail.add_call(
        "iam", "CreateUser", {"UserName": "Bob"}, user="anaya", error=("AccessDenied", "no")
    ).record
    assert (record["errorCode"], record["errorMessage"]) == ("AccessDenied", "no")
    assert (record["userIdentity"]["arn"], record["awsRegion"]) == (ANAYA, "us-east-1")


def test_somebody_must_have_called(monitoring):
    with pytest.raises(AwsmonError, match="say who called"):
        monitoring.trail.add_call("iam", "CreateUser")
