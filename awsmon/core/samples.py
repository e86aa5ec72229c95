"""Sample events of AWS's own services, as their documents show them.

Lives here: `SAMPLES`, details by source and detail type, and `sample`. Every sample has the members
and the types of real events; names and ids are made up.
Source: EventBridge User Guide, "AWS service event metadata", and the guides of the services.
"""

from __future__ import annotations

import copy
from typing import Any

from awsmon.core.errors import MisuseError

__all__ = ["SAMPLES", "sample"]

_BASE = "us-east-1:123456789012"
_AT = "2026-03-02T12:00:00Z"
_ID = "0123456789abcdef0"
_UUID = "01234567-0123-0123-0123-012345678901"

Kind = tuple[str, str]

SAMPLES: dict[Kind, dict[str, Any]] = {
    ("aws.acm", "ACM Certificate Approaching Expiration"): {
        "DaysToExpiry": 31, "CommonName": "example.com",
    },
    ("aws.autoscaling", "EC2 Instance Launch Successful"): {
        "StatusCode": "InProgress", "Description": f"Launching a new EC2 instance: i-{_ID}",
        "AutoScalingGroupName": "web", "ActivityId": _UUID,
        "Details": {"Availability Zone": "us-east-1a", "Subnet ID": f"subnet-{_ID}"},
        "RequestId": _UUID, "StatusMessage": "", "StartTime": _AT, "EndTime": _AT,
        "EC2InstanceId": f"i-{_ID}", "Cause": "a user request",
    },
    ("aws.autoscaling", "EC2 Instance-launch Lifecycle Action"): {
        "LifecycleActionToken": _UUID, "AutoScalingGroupName": "web", "LifecycleHookName": "warm",
        "EC2InstanceId": f"i-{_ID}", "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
        "NotificationMetadata": "more",
    },
    ("aws.batch", "Batch Job State Change"): {
        "jobArn": f"arn:aws:batch:{_BASE}:job/{_UUID}", "jobName": "nightly", "jobId": _UUID,
        "jobQueue": f"arn:aws:batch:{_BASE}:job-queue/main", "status": "RUNNABLE", "attempts": [],
        "createdAt": 1772452800000, "retryStrategy": {"attempts": 2}, "dependsOn": [],
        "jobDefinition": f"arn:aws:batch:{_BASE}:job-definition/nightly:1", "parameters": {},
        "container": {"image": "busybox", "command": ["sleep", "600"], "volumes": [],
                      "environment": [], "mountPoints": [], "ulimits": []},
    },
    ("aws.cloudwatch", "CloudWatch Alarm State Change"): {
        "alarmName": "too-many-errors",
        "configuration": {
            "metrics": [{
                "id": _UUID, "returnData": True,
                "metricStat": {"metric": {"dimensions": {"Service": "api"}, "name": "Errors",
                                          "namespace": "App"}, "period": 60, "stat": "Sum"},
            }],
        },
        "state": {"value": "ALARM", "reason": "Threshold Crossed", "reasonData": "{}",
                  "timestamp": "2026-03-02T12:00:00.000+0000"},
        "previousState": {"value": "OK", "reason": "Threshold Crossed", "reasonData": "{}",
                          "timestamp": "2026-03-02T11:00:00.000+0000"},
    },
    ("aws.codebuild", "CodeBuild Build State Change"): {
        "build-status": "SUCCEEDED", "project-name": "app",
        "build-id": f"arn:aws:codebuild:{_BASE}:build/app:{_UUID}", "current-phase": "COMPLETED",
        "current-phase-context": "[]", "version": "1",
        "additional-information": {
            "build-complete": True, "build-number": 7.0, "initiator": "me",
            "build-start-time": "Mar 2, 2026 12:00:00 PM", "timeout-in-minutes": 60.0,
            "logs": {"group-name": "/aws/codebuild/app", "stream-name": _UUID},
        },
    },
    ("aws.codepipeline", "CodePipeline Pipeline Execution State Change"): {
        "pipeline": "app", "version": 1.0, "state": "STARTED", "execution-id": _UUID,
    },
    ("aws.config", "Config Rules Compliance Change"): {
        "resourceId": f"i-{_ID}", "awsRegion": "us-east-1", "awsAccountId": "123456789012",
        "configRuleName": "desired-instance-type", "recordVersion": "1.0",
        "configRuleARN": f"arn:aws:config:{_BASE}:config-rule/config-rule-abcdef",
        "messageType": "ComplianceChangeNotification", "resourceType": "AWS::EC2::Instance",
        "newEvaluationResult": {
            "evaluationResultIdentifier": {
                "evaluationResultQualifier": {
                    "configRuleName": "desired-instance-type", "resourceId": f"i-{_ID}",
                    "resourceType": "AWS::EC2::Instance",
                },
                "orderingTimestamp": _AT,
            },
            "complianceType": "NON_COMPLIANT", "resultRecordedTime": _AT,
            "configRuleInvokedTime": _AT,
        },
        "notificationCreationTime": _AT,
    },
    ("aws.ec2", "EBS Snapshot Notification"): {
        "event": "createSnapshot", "result": "succeeded", "cause": "", "request-id": "",
        "snapshot_id": f"arn:aws:ec2::us-east-1:snapshot/snap-{_ID}",
        "source": f"arn:aws:ec2::us-east-1:volume/vol-{_ID}", "startTime": _AT, "endTime": _AT,
    },
    ("aws.ec2", "EBS Volume Notification"): {
        "result": "available", "cause": "", "event": "createVolume", "request-id": _UUID,
    },
    ("aws.ec2", "EC2 Instance State-change Notification"): {
        "instance-id": f"i-{_ID}", "state": "running",
    },
    ("aws.ec2", "EC2 Spot Instance Interruption Warning"): {
        "instance-id": f"i-{_ID}", "instance-action": "terminate",
    },
    ("aws.ecr", "ECR Image Action"): {
        "result": "SUCCESS", "repository-name": "app", "image-digest": f"sha256:{'0' * 64}",
        "action-type": "PUSH", "image-tag": "latest",
    },
    ("aws.ecs", "ECS Task State Change"): {
        "clusterArn": f"arn:aws:ecs:{_BASE}:cluster/main", "createdAt": _AT,
        "containers": [{
            "containerArn": f"arn:aws:ecs:{_BASE}:container/{_UUID}", "exitCode": 0,
            "lastStatus": "STOPPED", "name": "app", "image": "app:latest", "cpu": "256",
            "taskArn": f"arn:aws:ecs:{_BASE}:task/main/{_UUID}", "networkInterfaces": [],
        }],
        "cpu": "256", "memory": "512", "desiredStatus": "STOPPED", "group": "service:app",
        "launchType": "FARGATE", "lastStatus": "STOPPED", "overrides": {"containerOverrides": []},
        "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container exited",
        "taskArn": f"arn:aws:ecs:{_BASE}:task/main/{_UUID}", "updatedAt": _AT, "version": 4,
        "taskDefinitionArn": f"arn:aws:ecs:{_BASE}:task-definition/app:1",
    },
    ("aws.events", "Scheduled Event"): {},
    ("aws.glue", "Glue Job State Change"): {
        "jobName": "nightly", "severity": "INFO", "state": "SUCCEEDED", "jobRunId": f"jr_{_UUID}",
        "message": "Job run succeeded",
    },
    ("aws.guardduty", "GuardDuty Finding"): {
        "schemaVersion": "2.0", "accountId": "123456789012", "region": "us-east-1",
        "partition": "aws", "id": "0" * 32, "severity": 8, "createdAt": _AT, "updatedAt": _AT,
        "arn": f"arn:aws:guardduty:{_BASE}:detector/d/finding/{'0' * 32}",
        "type": "UnauthorizedAccess:EC2/SSHBruteForce", "title": "SSH brute force attacks",
        "description": "SSH brute force attacks against an instance",
        "resource": {"resourceType": "Instance", "instanceDetails": {"instanceId": f"i-{_ID}"}},
        "service": {"serviceName": "guardduty", "detectorId": "d", "count": 1, "archived": False,
                    "eventFirstSeen": _AT, "eventLastSeen": _AT, "resourceRole": "TARGET"},
    },
    ("aws.health", "AWS Health Event"): {
        "eventArn": f"arn:aws:health:us-east-1::event/EC2/AWS_EC2_INSTANCE_ISSUE/{_UUID}",
        "service": "EC2", "eventTypeCode": "AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED",
        "eventTypeCategory": "issue", "startTime": "Mon, 2 Mar 2026 12:00:00 GMT",
        "eventDescription": [{"language": "en_US", "latestDescription": "An issue."}],
        "affectedEntities": [{"entityValue": f"i-{_ID}", "tags": {}}],
    },
    ("aws.kms", "KMS CMK Deletion"): {"key-id": _UUID},
    ("aws.rds", "RDS DB Instance Event"): {
        "EventCategories": ["failover"], "SourceType": "DB_INSTANCE", "Date": _AT,
        "SourceArn": f"arn:aws:rds:{_BASE}:db:orders", "SourceIdentifier": "orders",
        "Message": "A Multi-AZ failover has completed.", "EventID": "RDS-EVENT-0049",
    },
    ("aws.s3", "Object Created"): {
        "version": "0", "bucket": {"name": "uploads"},
        "object": {"key": "a.csv", "size": 5, "etag": "b1946ac92492d2347c6235b4d2611184",
                   "sequencer": "00617F08299329D189"},
        "request-id": "N4N7GDK58NMKJ12R", "requester": "123456789012",
        "source-ip-address": "1.2.3.4", "reason": "PutObject",
    },
    ("aws.s3", "Object Deleted"): {
        "version": "0", "bucket": {"name": "uploads"},
        "object": {"key": "a.csv", "etag": "b1946ac92492d2347c6235b4d2611184",
                   "sequencer": "00617F08299329D189"},
        "request-id": "N4N7GDK58NMKJ12R", "requester": "123456789012",
        "source-ip-address": "1.2.3.4", "reason": "DeleteObject",
        "deletion-type": "Permanently Deleted",
    },
    ("aws.ssm", "Parameter Store Change"): {
        "operation": "Update", "name": "/app/url", "type": "String", "description": "",
    },
    ("aws.states", "Step Functions Execution Status Change"): {
        "executionArn": f"arn:aws:states:{_BASE}:execution:orders:{_UUID}", "name": _UUID,
        "stateMachineArn": f"arn:aws:states:{_BASE}:stateMachine:orders", "status": "SUCCEEDED",
        "startDate": 1772452800000, "stopDate": 1772452801000, "input": "{}", "output": "{}",
        "inputDetails": {"included": True}, "outputDetails": {"included": True},
    },
    ("aws.trustedadvisor", "Trusted Advisor Check Item Refresh Notification"): {
        "check-name": "Load Balancer Optimization", "status": "WARN", "resource_id": "",
        "check-item-detail": {"Status": "Yellow", "Region": "us-east-1"}, "uuid": _UUID,
    },
}  # fmt: skip


def sample(source: str, detail_type: str) -> dict[str, Any]:
    """A copy of the detail of a sample event.

    Raises:
        MisuseError: there is none; the message says which there are of that source.
    """
    if (source, detail_type) not in SAMPLES:
        known = [kind for name, kind in SAMPLES if name == source]
        there = f"of {source} there are {known}" if known else "there are samples of " + ", ".join(
            sorted({name for name, _ in SAMPLES})
        )  # fmt: skip
        raise MisuseError(f"There is no sample of {detail_type!r} of {source!r}; {there}.")
    return copy.deepcopy(SAMPLES[source, detail_type])
