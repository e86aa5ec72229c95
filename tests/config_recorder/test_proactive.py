"""Resources are judged before they are there."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.config_recorder.conftest import recording, rule
from tests.config_recorder.test_rules import CHANGES

MODES = {"EvaluationModes": [{"Mode": "DETECTIVE"}, {"Mode": "PROACTIVE"}]}
BUCKET = "AWS::S3::Bucket"
GOOD = {"VersioningConfiguration": {"Status": "Enabled"},
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}}  # fmt: skip


@pytest.fixture
def rules(monitoring, config):
    recording(config, start=False)
    rule(config, "S3_BUCKET_VERSIONING_ENABLED", "versioning", **MODES)
    rule(config, "S3_DEFAULT_ENCRYPTION_KMS", "kms", **MODES)
    rule(config, "S3_BUCKET_SSL_REQUESTS_ONLY", "detective")
    rule(config, "DESIRED_INSTANCE_TYPE", "type", {"instanceType": "t2.micro"}, **MODES)
    config.put_config_rule(ConfigRule={"ConfigRuleName": "name", **MODES, "Source": {
        "Owner": "CUSTOM_POLICY", "SourceDetails": CHANGES, "CustomPolicyDetails": {
            "PolicyRuntime": "guard-2.x.x", "PolicyText":
                "rule a when resourceType == 'AWS::S3::Bucket' { configuration.bucketName exists }"
        }}})  # fmt: skip


def start(config, properties, kind=BUCKET, **more):
    return config.start_resource_evaluation(**{
        "EvaluationMode": "PROACTIVE", "ResourceDetails": {
            "ResourceId": "new", "ResourceType": kind,
            "ResourceConfiguration": json.dumps(properties)}, **more,
    })["ResourceEvaluationId"]  # fmt: skip


def details(config, id_):
    found = config.get_compliance_details_by_resource(ResourceEvaluationId=id_)
    return {
        each["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ConfigRuleName"]:
            each["ComplianceType"]
        for each in found["EvaluationResults"]
    }  # fmt: skip


CASES = [
    ({**GOOD, "BucketName": "b"}, BUCKET, "COMPLIANT",
     {"versioning": "COMPLIANT", "kms": "COMPLIANT", "name": "COMPLIANT"}),
    ({}, BUCKET, "NON_COMPLIANT",
     {"versioning": "NON_COMPLIANT", "kms": "NON_COMPLIANT", "name": "NON_COMPLIANT"}),
    ({"InstanceType": "t2.micro"}, "AWS::EC2::Instance", "COMPLIANT", {"type": "COMPLIANT"}),
    ({"InstanceType": "t2.micro", "Tags": {"a": "b"}}, "AWS::EC2::Instance", "COMPLIANT",
     {"type": "COMPLIANT"}),
    ({"BucketName": "b", "BucketEncryption": {"ServerSideEncryptionConfiguration": [
        {"BucketKeyEnabled": True}]}}, BUCKET, "NON_COMPLIANT",
     {"versioning": "NON_COMPLIANT", "kms": "NON_COMPLIANT", "name": "COMPLIANT"}),
    ({}, "AWS::EC2::Instance", "INSUFFICIENT_DATA", {"type": "INSUFFICIENT_DATA"}),
]  # fmt: skip


@pytest.mark.parametrize(("properties", "kind", "compliance", "by_rule"), CASES)
def test_a_resource_is_judged(rules, config, properties, kind, compliance, by_rule):
    id_ = start(config, properties, kind)
    found = config.get_resource_evaluation_summary(ResourceEvaluationId=id_)
    assert (found["Compliance"], found["EvaluationStatus"]["Status"]) == (compliance, "SUCCEEDED")
    assert details(config, id_) == by_rule
    # and nothing is known of it
    assert config.get_compliance_details_by_config_rule(ConfigRuleName="kms")[
        "EvaluationResults"] == []  # fmt: skip


def test_evaluations_are_listed(rules, config, monitoring):
    first = start(config, GOOD, EvaluationContext={"EvaluationContextIdentifier": "stack"})
    monitoring.clock.advance(hours=1)
    second = start(config, {})

    def listed(**filters):
        found = config.list_resource_evaluations(Filters=filters)["ResourceEvaluations"]
        return [each["ResourceEvaluationId"] for each in found]

    assert listed() == [second, first]
    assert listed(EvaluationContextIdentifier="stack") == [first]
    assert listed(TimeWindow={"StartTime": monitoring.clock.now(),
                              "EndTime": monitoring.clock.now()}) == [second]  # fmt: skip


def test_a_token_is_for_one_evaluation(rules, config):
    token = "t" * 64
    assert start(config, GOOD, ClientToken=token) == start(config, GOOD, ClientToken=token)
    with pytest.raises(ClientError) as raised:
        start(config, {}, ClientToken=token)
    assert raised.value.response["Error"]["Code"] == "IdempotentParameterMismatch"
    with pytest.raises(ClientError) as raised:
        config.get_resource_evaluation_summary(ResourceEvaluationId="0")
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"
    with pytest.raises(ClientError, match="not a valid JSON object"):
        start(config, [])


MALFORMED = [
    {"VersioningConfiguration": None}, {"VersioningConfiguration": "Enabled"},
    {"PublicAccessBlockConfiguration": 3}, {"LoggingConfiguration": None},
    {"BucketEncryption": []}, {"BucketEncryption": {"ServerSideEncryptionConfiguration": {}}},
    {"BucketEncryption": {"ServerSideEncryptionConfiguration": [
        {"ServerSideEncryptionByDefault": "aws:kms"}]}},
    {"LifecycleConfiguration": {"Rules": 3}}, {"ReplicationConfiguration": {"Rules": [3]}},
    {"Tags": 3}, {"Tags": ["a"]}, {"Tags": [{"Value": "b"}]}, {"Tags": [{"Key": "a"}]},
]  # fmt: skip


@pytest.mark.parametrize("properties", MALFORMED)
def test_properties_that_can_not_be(rules, config, properties):
    """Of the errors that botocore's model lists, the one about values."""
    with pytest.raises(ClientError) as raised:
        start(config, properties)
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValueException"
    assert config.list_resource_evaluations()["ResourceEvaluations"] == []


def test_evaluations_on_demand_are_proactive(rules, config):
    """botocore, StartResourceEvaluation: the only valid value for this API is PROACTIVE."""
    with pytest.raises(ClientError) as raised:
        start(config, GOOD, EvaluationMode="DETECTIVE")
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValueException"


@pytest.mark.parametrize("other", [
    {"EvaluationContext": {"EvaluationContextIdentifier": "stack"}}, {"EvaluationTimeout": 60},
])  # fmt: skip
def test_a_token_is_for_one_context_and_one_timeout(rules, config, other):
    """botocore, ClientToken: if one or more of the parameters are different."""
    token = {"ClientToken": "t" * 64}
    first = start(config, GOOD, **token)
    assert start(config, GOOD, EvaluationTimeout=900, **token) == first  # as if it weren't given
    with pytest.raises(ClientError) as raised:
        start(config, GOOD, **token, **other)
    assert raised.value.response["Error"]["Code"] == "IdempotentParameterMismatch"
