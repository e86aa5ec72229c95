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
    asking = config.get_paginator("get_compliance_details_by_config_rule")
    found = asking.paginate(ConfigRuleName=name).build_full_result()
    return {
        each["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]:
            each["ComplianceType"]
        for each in found["EvaluationResults"]
    }  # fmt: skip


def history(config, kind, id_, **more):
    return config.get_resource_config_history(resourceType=kind, resourceId=id_, **more)[
        "configurationItems"
    ]


def judged(identifier, good, bad, **parameters):
    """A managed rule says of one resource that it is compliant, and of another that it isn't."""
    config = client("config")
    recording(config, recordingGroup={"allSupported": True, "includeGlobalResourceTypes": True})
    good, bad = good(), bad()
    rule(config, identifier, parameters=parameters)
    found = compliance(config)
    assert (found.get(good), found.get(bad)) == ("COMPLIANT", "NON_COMPLIANT"), found


def judged_told(mon, kind, identifier, good, bad, **parameters):
    """The same of resources that the mock can't make: their configurations are told."""

    def told(name, configuration):
        mon.config_recorder.record(kind, name, configuration)
        return name

    judged(identifier, lambda: told("good", good), lambda: told("bad", bad), **parameters)


def judged_account(identifier, repair, **parameters):
    """A managed rule says that an account isn't compliant, and after a repair that it is."""
    config = client("config")
    recording(config)
    rule(config, identifier, parameters=parameters)
    assert compliance(config) == {ACCOUNT: "NON_COMPLIANT"}
    repair()
    config.start_config_rules_evaluation(ConfigRuleNames=["rule"])
    assert compliance(config) == {ACCOUNT: "COMPLIANT"}


def rules_of(table):
    """Rows of an identifier, who makes a good resource, who makes a bad one, and parameters."""
    ids = [f"{place}-{row[0]}" for place, row in enumerate(table)]
    return pytest.mark.parametrize(("identifier", "good", "bad", "parameters"), table, ids=ids)
