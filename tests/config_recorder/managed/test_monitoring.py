"""Managed rules about trails, alarms and log groups."""

from __future__ import annotations

import pytest

from tests.config_recorder.conftest import (
    ACCOUNT,
    BASE,
    BUCKET,
    client,
    judged,
    judged_account,
    rules_of,
)

TOPIC = f"arn:aws:sns:{BASE}:people"


@pytest.fixture(autouse=True)
def _moto(mon):
    """Beside it."""


def trail(name="plain", *, on=False, selectors=None, encrypted=False, **more):
    if encrypted:
        more["KmsKeyId"] = key()
    made = client("cloudtrail").create_trail(Name=name, S3BucketName=BUCKET, **more)
    if selectors:
        client("cloudtrail").put_event_selectors(TrailName=name, EventSelectors=selectors)
    if on:
        client("cloudtrail").start_logging(Name=name)
    return made["TrailARN"]


def trail_to_logs():
    logs = client("logs")
    logs.create_log_group(logGroupName="trail")
    [group] = logs.describe_log_groups()["logGroups"]
    return trail("good", CloudWatchLogsLogGroupArn=group["arn"],
                 CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/trail")  # fmt: skip


def alarm(name="plain", **more):
    client("cloudwatch").put_metric_alarm(**{
        "AlarmName": name, "Namespace": "AWS/EC2", "MetricName": "CPUUtilization",
        "ComparisonOperator": "GreaterThanThreshold", "Threshold": 80, "Period": 300,
        "EvaluationPeriods": 1, "Statistic": "Average", **more})  # fmt: skip
    return name


def watched(name, *, watched=True):
    [found] = client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1,
                                          MaxCount=1)["Instances"]  # fmt: skip
    if watched:
        dimensions = [{"Name": "InstanceId", "Value": found["InstanceId"]}]
        alarm(f"of {name}", Dimensions=dimensions)
    return found["InstanceId"]


def key():
    return client("kms").create_key()["KeyMetadata"]["Arn"]


def log_group(name, *, encrypted=False, days=None):
    more = {"kmsKeyId": key()} if encrypted else {}
    client("logs").create_log_group(logGroupName=name, **more)
    if days:
        client("logs").put_retention_policy(logGroupName=name, retentionInDays=days)
    return name


RULES = [
    ("CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED", trail_to_logs, trail, {}),
    ("CLOUD_TRAIL_ENCRYPTION_ENABLED", lambda: trail("good", encrypted=True), trail, {}),
    ("CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
     lambda: trail("good", EnableLogFileValidation=True), trail, {}),
    ("CLOUDWATCH_ALARM_ACTION_CHECK",
     lambda: alarm("good", AlarmActions=[TOPIC], InsufficientDataActions=[TOPIC]),
     lambda: alarm(AlarmActions=[TOPIC]), {}),
    ("CLOUDWATCH_ALARM_ACTION_CHECK", lambda: alarm("good", AlarmActions=[TOPIC]),
     lambda: alarm(AlarmActions=[f"{TOPIC}-else"]),
     {"insufficientDataActionRequired": "false", "action1": TOPIC}),
    ("CLOUDWATCH_ALARM_ACTION_ENABLED_CHECK", lambda: alarm("good"),
     lambda: alarm(ActionsEnabled=False), {}),
    ("CLOUDWATCH_ALARM_SETTINGS_CHECK", lambda: alarm("good"), lambda: alarm(Threshold=90),
     {"metricName": "CPUUtilization", "threshold": "80"}),
    ("CLOUDWATCH_ALARM_RESOURCE_CHECK", lambda: watched("good"),
     lambda: watched("bad", watched=False),
     {"resourceType": "AWS::EC2::Instance", "metricName": "CPUUtilization"}),
    ("CLOUDWATCH_LOG_GROUP_ENCRYPTED", lambda: log_group("good", encrypted=True),
     lambda: log_group("bad"), {}),
    ("CW_LOGGROUP_RETENTION_PERIOD_CHECK", lambda: log_group("good", days=365),
     lambda: log_group("bad", days=30), {}),
]  # fmt: skip


@rules_of(RULES)
def test_what_awsmon_has(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)


ALL = {"ReadWriteType": "All", "IncludeManagementEvents": True}
OBJECTS = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}
ACCOUNTS = [
    ("CLOUD_TRAIL_ENABLED", {}, {"s3BucketName": BUCKET}),
    ("MULTI_REGION_CLOUD_TRAIL_ENABLED", {"IsMultiRegionTrail": True}, {}),
    ("CLOUDTRAIL_S3_DATAEVENTS_ENABLED", {"selectors": [{**ALL, "DataResources": [OBJECTS]}]}, {}),
    ("CLOUDTRAIL_SECURITY_TRAIL_ENABLED",
     {"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": True, "encrypted": True,
      "EnableLogFileValidation": True}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("identifier", "wanted", "parameters"), ACCOUNTS,
                         ids=[each[0] for each in ACCOUNTS])  # fmt: skip
def test_an_account_has_a_trail(identifier, wanted, parameters):
    trail("off", **wanted)
    judged_account(identifier, lambda: trail("good", on=True, **wanted), **parameters)
