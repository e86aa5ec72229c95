"""Remediation: by hand and automatic, by documents of AWS's and by one's own."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.config_recorder.conftest import (
    ACCOUNT,
    BASE,
    GROUP,
    ROLE,
    client,
    compliance,
    history,
    open_port,
    recording,
    rule,
    security_group,
)
from tests.config_recorder.managed import test_data_stores as data_stores
from tests.config_recorder.managed import test_ec2 as ec2
from tests.config_recorder.managed import test_iam as iam
from tests.config_recorder.managed import test_rds as rds
from tests.config_recorder.managed import test_s3 as s3

CLOSE = "AWS-DisablePublicAccessForSecurityGroup"
RESOURCE = {"ResourceValue": {"Value": "RESOURCE_ID"}}


def static(*values):
    return {"StaticValue": {"Values": [*values]}}


def remedy(config, document, parameter, *, automatic=True, **parameters):
    more = {"Automatic": True, "MaximumAutomaticAttempts": 5,
            "RetryAttemptSeconds": 60} if automatic else {}  # fmt: skip
    config.put_remediation_configurations(RemediationConfigurations=[{
        "ConfigRuleName": "rule", "TargetType": "SSM_DOCUMENT", "TargetId": document,
        "Parameters": {parameter: RESOURCE, "AutomationAssumeRole": static(ROLE),
                       **{name: static(value) for name, value in parameters.items()}},
        **more}])  # fmt: skip


def status(config):
    [found] = config.describe_remediation_execution_status(ConfigRuleName="rule")[
        "RemediationExecutionStatuses"
    ]
    return found


def test_a_group_opened_to_the_world_is_closed_again(mon, config):
    """The whole story: change, judgement, notices, remedy, and who did what."""
    # given a topic, a bus rule, a config rule and an automatic remedy
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name="changes")["TopicArn"]
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{BASE}:q",
                  Attributes={"RawMessageDelivery": "true"})  # fmt: skip
    recording(config, topic=topic)
    heard = []
    mon.event_bus.on(
        {
            "source": ["aws.config"],
            "detail": {"newEvaluationResult": {"complianceType": ["NON_COMPLIANT"]}},
        }
    )(heard.append)
    group = security_group()
    rule(config, "INCOMING_SSH_DISABLED")
    remedy(config, CLOSE, "GroupId")
    sqs.purge_queue(QueueUrl=queue)
    # when somebody opens it
    open_port(group, 22)
    # then the bus and the topic were told that it isn't compliant
    assert [each["detail"]["resourceId"] for each in heard] == [group]
    bodies = [each["Body"] for _ in range(3) for each in sqs.receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", ())]  # fmt: skip
    assert any('"complianceType": "NON_COMPLIANT"' in each for each in bodies)
    # and it was closed, and is compliant
    [found] = client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert found["IpPermissions"] == []
    assert compliance(config)[group] == "COMPLIANT"
    assert status(config)["State"] == "SUCCEEDED"
    # and the timeline names who did what
    closed, opened, _ = history(config, GROUP, group)
    names = {each["EventId"]: (each["EventName"], each.get("Username"))
             for each in client("cloudtrail").lookup_events(LookupAttributes=[
                 {"AttributeKey": "ReadOnly", "AttributeValue": "false"}])["Events"]}  # fmt: skip
    assert names[opened["relatedEvents"][0]] == ("AuthorizeSecurityGroupIngress", "awsmon")
    assert names[closed["relatedEvents"][0]][0] == "RevokeSecurityGroupIngress"


def test_steps_are_told(mon, config):
    recording(config)
    group = security_group("web", 22)
    rule(config, "INCOMING_SSH_DISABLED")
    remedy(config, CLOSE, "GroupId", automatic=False)
    assert compliance(config)[group] == "NON_COMPLIANT"
    answer = config.start_remediation_execution(ConfigRuleName="rule", ResourceKeys=[
        {"resourceType": GROUP, "resourceId": group},
        {"resourceType": GROUP, "resourceId": "sg-0"}])  # fmt: skip
    assert [each["resourceId"] for each in answer["FailedItems"]] == ["sg-0"]
    found = status(config)
    assert (found["State"], found["ResourceKey"]["resourceId"]) == ("SUCCEEDED", group)
    assert {each["State"] for each in found["StepDetails"]} == {"SUCCEEDED"}
    assert compliance(config)[group] == "COMPLIANT"


def test_a_remedy_that_does_not_help_is_tried_five_times(mon, config):
    recording(config)
    tried = []
    mon.bind(f"arn:aws:ssm:{BASE}:document/Own", tried.append)
    group = security_group()
    rule(config, "INCOMING_SSH_DISABLED")
    remedy(config, "Own", "GroupId", Color="red")
    open_port(group, 22)
    assert tried == [{"DocumentName": "Own", "Parameters": {
        "GroupId": [group], "AutomationAssumeRole": [ROLE], "Color": ["red"]}}]  # fmt: skip
    mon.clock.advance(seconds=59)
    assert len(tried) == 5
    assert (
        config.describe_remediation_exceptions(ConfigRuleName="rule")["RemediationExceptions"] == []
    )
    mon.clock.advance(minutes=10)
    assert len(tried) == 5
    [exception] = config.describe_remediation_exceptions(ConfigRuleName="rule")[
        "RemediationExceptions"
    ]
    assert (exception["ResourceId"], "5 times" in exception["Message"]) == (group, True)


def test_a_step_that_fails(mon, config):
    recording(config)
    rule(config, "ENCRYPTED_VOLUMES")
    remedy(config, "AWS-TerminateEC2Instance", "InstanceId", automatic=False)
    mon.config_recorder.record("AWS::EC2::Volume", "vol-1", {"encrypted": False})
    config.start_remediation_execution(ConfigRuleName="rule", ResourceKeys=[
        {"resourceType": "AWS::EC2::Volume", "resourceId": "vol-1"}])  # fmt: skip
    found = status(config)
    [step] = found["StepDetails"]
    assert (found["State"], step["State"]) == ("FAILED", "FAILED")
    assert "InvalidInstanceID" in step["ErrorMessage"]


def test_a_document_that_nobody_knows_is_recorded(mon, config):
    recording(config)
    group = security_group("web", 22)
    rule(config, "INCOMING_SSH_DISABLED")
    remedy(config, "Elsewhere", "GroupId", automatic=False)
    config.start_remediation_execution(ConfigRuleName="rule", ResourceKeys=[
        {"resourceType": GROUP, "resourceId": group}])  # fmt: skip
    [sent] = [each for each in mon.deliveries if ":document/Elsewhere" in each.target_arn]
    assert (sent.status, sent.payload["Parameters"]["GroupId"]) == ("recorded", [group])


def test_exceptions_are_left_alone(mon, config):
    # given an open group that is an exception
    recording(config)
    group, other = security_group("web", 22), security_group("other")
    rule(config, "INCOMING_SSH_DISABLED")
    keys = [{"ResourceType": GROUP, "ResourceId": group}]
    until = mon.clock.now().replace(hour=23)
    config.put_remediation_exceptions(ConfigRuleName="rule", ResourceKeys=keys,
                                      Message="a bastion", ExpirationTime=until)  # fmt: skip
    # when it is remediated automatically, and another is opened too
    remedy(config, CLOSE, "GroupId")
    open_port(other, 22)
    # then that one alone is closed
    assert compliance(config)[group] == "NON_COMPLIANT"
    assert compliance(config)[other] == "COMPLIANT"
    [told] = config.describe_remediation_exceptions(ConfigRuleName="rule")["RemediationExceptions"]
    assert (told["Message"], told["ExpirationTime"]) == ("a bastion", until)
    mon.clock.advance(days=1)
    assert (
        config.describe_remediation_exceptions(ConfigRuleName="rule")["RemediationExceptions"] == []
    )
    with pytest.raises(ClientError) as raised:
        config.delete_remediation_exceptions(ConfigRuleName="rule", ResourceKeys=keys)
    assert raised.value.response["Error"]["Code"] == "NoSuchRemediationExceptionException"


def test_what_is_compliant_is_no_exception_and_needs_no_remedy(mon, config):
    """Source: API reference, PutRemediationExceptions and StartRemediationExecution."""
    recording(config)
    group = security_group()
    rule(config, "INCOMING_SSH_DISABLED")
    remedy(config, CLOSE, "GroupId", automatic=False)
    [batch] = config.put_remediation_exceptions(
        ConfigRuleName="rule", ResourceKeys=[{"ResourceType": GROUP, "ResourceId": group}]
    )["FailedBatches"]
    assert [each["ResourceId"] for each in batch["FailedItems"]] == [group]
    answer = config.start_remediation_execution(
        ConfigRuleName="rule", ResourceKeys=[{"resourceType": GROUP, "resourceId": group}]
    )
    assert answer["FailureMessage"] == "The resource is already compliant."
    assert answer["FailedItems"] == [{"resourceType": GROUP, "resourceId": group}]


def test_a_packs_rule_has_its_own_remedy(mon, config):
    recording(config)
    source = {"Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED"}
    template = {"Resources": {"Ssh": {"Type": "AWS::Config::ConfigRule", "Properties": {
        "ConfigRuleName": "ssh", "Source": source}}}}  # fmt: skip
    config.put_conformance_pack(ConformancePackName="p", TemplateBody=json.dumps(template))
    [made] = config.describe_config_rules()["ConfigRules"]
    with pytest.raises(ClientError, match="service-linked") as raised:
        config.put_remediation_configurations(RemediationConfigurations=[{
            "ConfigRuleName": made["ConfigRuleName"], "TargetType": "SSM_DOCUMENT",
            "TargetId": CLOSE}])  # fmt: skip
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValueException"


def test_a_rule_with_a_remedy_stays(mon, config):
    recording(config)
    rule(config, "INCOMING_SSH_DISABLED")
    remedy(config, CLOSE, "GroupId")
    [told] = config.describe_remediation_configurations(ConfigRuleNames=["rule"])[
        "RemediationConfigurations"
    ]
    assert told["Arn"].startswith(f"arn:aws:config:{BASE}:remediation-configuration/rule/rem-")
    with pytest.raises(ClientError) as raised:
        config.delete_config_rule(ConfigRuleName="rule")
    assert raised.value.response["Error"]["Code"] == "ResourceInUseException"
    config.delete_remediation_configuration(ConfigRuleName="rule")
    config.delete_config_rule(ConfigRuleName="rule")
    with pytest.raises(ClientError) as raised:
        config.delete_remediation_configuration(ConfigRuleName="rule")
    assert raised.value.response["Error"]["Code"] == "NoSuchRemediationConfigurationException"


def open_bucket():
    return s3.bucket("open", acl="public-read")


KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DOCUMENTS = [
    # rule, its parameters, who makes what isn't compliant, document, its parameter, more of them
    ("INCOMING_SSH_DISABLED", {}, lambda: security_group("web", 22), CLOSE, "GroupId", {}),
    ("VPC_DEFAULT_SECURITY_GROUP_CLOSED", {}, lambda: ec2.default_group(closed=False),
     "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules", "GroupId", {}),
    ("S3_BUCKET_PUBLIC_READ_PROHIBITED", {}, open_bucket, "AWS-DisableS3BucketPublicReadWrite",
     "S3BucketName", {}),
    ("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED", {}, open_bucket,
     "AWSConfigRemediation-ConfigureS3BucketPublicAccessBlock", "BucketName", {}),
    ("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED", {}, s3.unencrypted,
     "AWS-EnableS3BucketEncryption", "BucketName", {"SSEAlgorithm": "AES256"}),
    ("S3_BUCKET_VERSIONING_ENABLED", {}, open_bucket, "AWS-ConfigureS3BucketVersioning",
     "BucketName", {}),
    ("EC2_IMDSV2_CHECK", {}, ec2.instance, "AWSConfigRemediation-EnforceEC2InstanceIMDSv2",
     "InstanceId", {}),
    ("SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED", {}, lambda: ec2.subnet(True),
     "AWSConfigRemediation-DisableSubnetAutoAssignPublicIP", "SubnetId", {}),
    ("DYNAMODB_PITR_ENABLED", {}, lambda: data_stores.table("t"),
     "AWSConfigRemediation-EnablePITRForDynamoDBTable", "TableName", {}),
    ("SNS_ENCRYPTED_KMS", {}, lambda: data_stores.topic("t"),
     "AWSConfigRemediation-EncryptSNSTopic", "TopicArn", {"KmsKeyArn": KEY}),
    ("RDS_MULTI_AZ_SUPPORT", {}, rds.instance, "AWSConfigRemediation-EnableMultiAZOnRDSInstance",
     "DbiResourceId", {}),
    ("RDS_INSTANCE_PUBLIC_ACCESS_CHECK", {},
     lambda: rds.instance(PubliclyAccessible=True),
     "AWSConfigRemediation-DisablePublicAccessToRDSInstance", "DbiResourceId", {}),
    ("IAM_USER_NO_POLICIES_CHECK", {}, lambda: iam.user(inline=True),
     "AWSConfigRemediation-RemoveUserPolicies", "IAMUserID", {}),
]  # fmt: skip


@pytest.mark.parametrize("row", DOCUMENTS, ids=[f"{row[3]}-{row[0]}" for row in DOCUMENTS])
def test_documents_act_on_the_resource(mon, config, row):
    identifier, parameters, make, document, parameter, more = row
    recording(config, recordingGroup={"allSupported": True, "includeGlobalResourceTypes": True})
    bad = make()
    rule(config, identifier, parameters=parameters)
    assert compliance(config)[bad] == "NON_COMPLIANT"
    remedy(config, document, parameter, **more)
    assert compliance(config).get(bad) in ("COMPLIANT", None)


def test_an_old_key_is_deactivated(mon, config):
    recording(config)
    old = iam.user("old", key=True)
    mon.clock.advance(days=91)
    rule(config, "ACCESS_KEYS_ROTATED")
    remedy(config, "AWSConfigRemediation-RevokeUnusedIAMUserCredentials", "IAMResourceId")
    [found] = client("iam").list_access_keys(UserName="old")["AccessKeyMetadata"]
    assert found["Status"] == "Inactive"
    mon.clock.advance(days=1)
    assert compliance(config) == {old: "COMPLIANT"}


def test_an_instance_is_stopped(mon, config):
    recording(config)
    bad = ec2.instance(InstanceType="m5.large")
    rule(config, "DESIRED_INSTANCE_TYPE", parameters={"instanceType": "t2.micro"})
    remedy(config, "AWS-StopEC2Instance", "InstanceId")
    [[found]] = [
        each["Instances"]
        for each in client("ec2").describe_instances(InstanceIds=[bad])["Reservations"]
    ]
    assert found["State"]["Name"] == "stopped"
