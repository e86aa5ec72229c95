"""Clients and names that the tests of AWS Config share."""

from __future__ import annotations

import json

import boto3
import moto
import pytest

ACCOUNT = "123456789012"
REGION = "us-east-1"
BASE = f"{REGION}:{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/config"
BUCKET = "configuration"
GROUP = "AWS::EC2::SecurityGroup"


def client(name, region=REGION):
    return boto3.client(name, region)


@pytest.fixture
def config(monitoring):
    return client("config")


@pytest.fixture
def mon(monitoring):
    """With moto beside it, and a bucket in it."""
    with moto.mock_aws():
        client("s3").create_bucket(Bucket=BUCKET)
        yield monitoring


def recording(config, *, topic=None, start=True, **recorder):
    """A recorder, a channel, and the recorder is on."""
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": ROLE, **recorder}
    )
    channel = {"name": "default", "s3BucketName": BUCKET}
    if topic:
        channel["snsTopicARN"] = topic
    config.put_delivery_channel(DeliveryChannel=channel)
    if start:
        config.start_configuration_recorder(ConfigurationRecorderName="default")


def rule(config, identifier, name="rule", parameters=None, **more):
    """A managed rule."""
    found = {"ConfigRuleName": name, "Source": {"Owner": "AWS", "SourceIdentifier": identifier}}
    if parameters:
        found["InputParameters"] = json.dumps(parameters)
    config.put_config_rule(ConfigRule={**found, **more})


def security_group(name="web", *ports):
    """A group in moto that lets the world in at some ports."""
    ec2 = client("ec2")
    group = ec2.create_security_group(GroupName=name, Description="d")["GroupId"]
    for port in ports:
        open_port(group, port)
    return group


def open_port(group, port):
    client("ec2").authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port,
                                       "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])  # fmt: skip


def compliance(config, name="rule"):
    """What a rule says, by resource."""
    found = config.get_compliance_details_by_config_rule(ConfigRuleName=name)
    return {
        each["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]:
            each["ComplianceType"]
        for each in found["EvaluationResults"]
    }  # fmt: skip


def history(config, kind, id_, **more):
    return config.get_resource_config_history(resourceType=kind, resourceId=id_, **more)[
        "configurationItems"
    ]
