"""Rules: when they are asked, of what, and what is told of their answers."""

from __future__ import annotations

import json
import re

import pytest
from botocore.exceptions import ClientError
from moto.iam.models import IAMBackend

from awsmon.core.bus_events import EventPut
from tests.config_recorder.conftest import (
    ACCOUNT,
    BASE,
    BUCKET,
    GROUP,
    client,
    compliance,
    open_port,
    recording,
    rule,
    security_group,
)

FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:judge"
VOLUME, INSTANCE = "AWS::EC2::Volume", "AWS::EC2::Instance"
CHANGES = [{"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"}]
HOURLY = [{"EventSource": "aws.config", "MessageType": "ScheduledNotification",
           "MaximumExecutionFrequency": "One_Hour"}]  # fmt: skip


def lambda_source(details):
    return {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": FUNCTION, "SourceDetails": details}


def policy_source(details, text="rule a { resourceId exists }"):
    return {"Owner": "CUSTOM_POLICY", "SourceDetails": details, "CustomPolicyDetails": {
        "PolicyRuntime": "guard-2.x.x", "PolicyText": text}}  # fmt: skip


def custom(config, details, name="rule", **more):
    config.put_config_rule(
        ConfigRule={"ConfigRuleName": name, "Source": lambda_source(details), **more}
    )


def answering(config, judge):
    """A handler that puts what *judge* says of an item."""

    def handle(event):
        invoking = json.loads(event["invokingEvent"])
        item = invoking["configurationItem"]
        config.put_evaluations(ResultToken=event["resultToken"], Evaluations=[{
            "ComplianceResourceType": item["resourceType"],
            "ComplianceResourceId": item["resourceId"],
            "ComplianceType": judge(item, json.loads(event["ruleParameters"])),
            "OrderingTimestamp": item["configurationItemCaptureTime"]}])  # fmt: skip

    return handle


def volume(kind="gp2"):
    return client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=8,
                                       VolumeType=kind)["VolumeId"]  # fmt: skip


def test_a_function_judges_what_changes(mon, config):
    """A volume must be gp2."""
    recording(config)

    def judge(item, parameters):
        if item["resourceType"] != VOLUME or item["configurationItemStatus"] == "ResourceDeleted":
            return "NOT_APPLICABLE"
        kind = item["configuration"]["volumeType"]
        return "COMPLIANT" if kind == parameters["volumeType"] else "NON_COMPLIANT"

    mon.bind(FUNCTION, answering(config, judge))
    custom(config, CHANGES, Scope={"ComplianceResourceTypes": [VOLUME]},
           InputParameters=json.dumps({"volumeType": "gp2"}))  # fmt: skip
    good, bad = volume(), volume("gp3")
    assert compliance(config) == {good: "COMPLIANT", bad: "NON_COMPLIANT"}
    client("ec2").delete_volume(VolumeId=bad)
    assert compliance(config) == {good: "COMPLIANT"}
    [status] = config.describe_config_rule_evaluation_status()["ConfigRulesEvaluationStatus"]
    assert status["LastSuccessfulInvocationTime"] == mon.clock.now()


def test_a_rule_that_asks_judges_what_changes_and_nothing_else(mon, config):
    # given a rule that asks EC2 for the tags of images, and an instance
    recording(config)
    ec2 = client("ec2")
    image = ec2.register_image(Name="own")["ImageId"]
    first = run(ec2, image)
    rule(config, "APPROVED_AMIS_BY_TAG", parameters={"amisByTagKeyAndValue": "approved"})
    asked = mon.config_recorder.usage().evaluations
    # when another one comes
    second = run(ec2, image)
    # then that one was judged, and the first not again
    assert compliance(config) == {first: "NON_COMPLIANT", second: "NON_COMPLIANT"}
    assert mon.config_recorder.usage().evaluations == asked + 1


def run(ec2, image):
    made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)
    return made["Instances"][0]["InstanceId"]


def test_what_a_function_is_told(mon, config):
    recording(config)
    events = []
    mon.bind(FUNCTION, events.append)
    custom(config, CHANGES, Scope={"ComplianceResourceTypes": [GROUP]})
    group = security_group()
    events.clear()
    open_port(group, 22)
    [event] = events
    invoking = json.loads(event.pop("invokingEvent"))
    [told] = config.describe_config_rules()["ConfigRules"]
    assert event.pop("resultToken")
    assert event == {
        "ruleParameters": "{}", "eventLeftScope": False, "accountId": ACCOUNT, "version": "1.0",
        "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/config", "configRuleName": "rule",
        "configRuleArn": told["ConfigRuleArn"], "configRuleId": told["ConfigRuleId"],
    }  # fmt: skip
    assert invoking["messageType"] == "ConfigurationItemChangeNotification"
    assert invoking["configurationItem"]["resourceId"] == group
    [change] = invoking["configurationItemDiff"]["changedProperties"].values()
    assert change["updatedValue"]["fromPort"] == 22
    # and of one that is deleted
    client("ec2").delete_security_group(GroupId=group)
    assert events[-1]["eventLeftScope"] is True


def test_a_function_is_asked_by_the_clock(mon, config):
    """A development account has instances of one type alone."""
    recording(config)

    def handle(event):
        assert json.loads(event["invokingEvent"])["messageType"] == "ScheduledNotification"
        found = client("ec2").describe_instances()["Reservations"]
        other = [
            each["InstanceId"]
            for each in found
            for each in each["Instances"]
            if each["InstanceType"] != "t2.micro"
        ]
        config.put_evaluations(
            ResultToken=event["resultToken"],
            Evaluations=[
                {
                    "ComplianceResourceType": "AWS::::Account",
                    "ComplianceResourceId": ACCOUNT,
                    "ComplianceType": "NON_COMPLIANT" if other else "COMPLIANT",
                    "Annotation": ", ".join(other) or "fine",
                    "OrderingTimestamp": mon.clock.now(),
                }
            ],
        )

    mon.bind(FUNCTION, handle)
    custom(config, HOURLY)
    assert compliance(config) == {ACCOUNT: "COMPLIANT"}
    client("ec2").run_instances(ImageId="ami-12c6146b", InstanceType="m5.large", MinCount=1,
                                MaxCount=1)  # fmt: skip
    assert compliance(config) == {ACCOUNT: "COMPLIANT"}
    mon.clock.advance(hours=1)
    assert compliance(config) == {ACCOUNT: "NON_COMPLIANT"}


def test_results_need_their_token_and_come_in_order(mon, config):
    recording(config)
    tokens = []
    mon.bind(FUNCTION, lambda event: tokens.append(event["resultToken"]))
    custom(config, HOURLY)
    one = {"ComplianceResourceType": VOLUME, "ComplianceResourceId": "vol-1",
           "ComplianceType": "COMPLIANT", "OrderingTimestamp": mon.clock.now()}  # fmt: skip
    with pytest.raises(ClientError) as raised:
        config.put_evaluations(ResultToken="other", Evaluations=[one])
    assert raised.value.response["Error"]["Code"] == "InvalidResultTokenException"
    config.put_evaluations(ResultToken="any", Evaluations=[one], TestMode=True)
    assert compliance(config) == {}
    config.put_evaluations(ResultToken=tokens[0], Evaluations=[one])
    older = {**one, "ComplianceType": "NON_COMPLIANT", "OrderingTimestamp": "2020-01-01"}
    config.put_evaluations(ResultToken=tokens[0], Evaluations=[older])
    assert compliance(config) == {"vol-1": "COMPLIANT"}
    with pytest.raises(ClientError, match="INSUFFICIENT_DATA"):
        config.put_evaluations(ResultToken=tokens[0], Evaluations=[
            {**one, "ComplianceType": "INSUFFICIENT_DATA"}])  # fmt: skip


def test_a_function_that_fails_is_told_by_the_status(mon, config):
    recording(config)

    def broken(event):
        raise RuntimeError("no")

    mon.bind(FUNCTION, broken)
    custom(config, HOURLY)
    mon.clock.advance(minutes=10)  # Lambda tries again
    [status] = config.describe_config_rule_evaluation_status()["ConfigRulesEvaluationStatus"]
    assert "RuntimeError" in status["LastErrorMessage"]


SCOPES = [
    ({"ComplianceResourceTypes": [VOLUME]}, set()),
    ({"ComplianceResourceTypes": [GROUP]}, {"web", "db"}),
    ({"TagKey": "team"}, {"web"}),
    ({"TagKey": "team", "TagValue": "b"}, set()),
]


@pytest.mark.parametrize(("scope", "judged"), SCOPES)
def test_a_rule_judges_what_is_in_its_scope(mon, config, scope, judged):
    recording(config)
    groups = {security_group(name): name for name in ("web", "db")}
    web = next(id_ for id_, name in groups.items() if name == "web")
    client("ec2").create_tags(Resources=[web], Tags=[{"Key": "team", "Value": "a"}])
    rule(config, "INCOMING_SSH_DISABLED", Scope=scope)
    assert {groups[each] for each in compliance(config) if each in groups} == judged


def test_the_topic_and_the_bus_are_told_of_each_change_of_compliance(mon, config):
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name="changes")["TopicArn"]
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{BASE}:q", Attributes={
        "FilterPolicyScope": "MessageBody", "RawMessageDelivery": "true",
        "FilterPolicy": json.dumps({"messageType": ["ComplianceChangeNotification"],
                                    "configRuleName": ["rule"]})})  # fmt: skip
    recording(config, topic=topic)
    heard = []
    mon.event_bus.on({"source": ["aws.config"], "detail-type": ["Config Rules Compliance Change"]})(
        heard.append
    )
    group = security_group()
    rule(config, "INCOMING_SSH_DISABLED", Scope={"ComplianceResourceTypes": [GROUP],
                                                 "ComplianceResourceId": group})  # fmt: skip
    rule(config, "VPC_DEFAULT_SECURITY_GROUP_CLOSED", name="other")
    open_port(group, 22)
    mine = [each["detail"] for each in heard if each["detail"]["configRuleName"] == "rule"]
    first, second = mine
    assert "oldEvaluationResult" not in first or first["oldEvaluationResult"] is None
    assert second["oldEvaluationResult"]["complianceType"] == "COMPLIANT"
    assert second["newEvaluationResult"]["complianceType"] == "NON_COMPLIANT"
    assert second["newEvaluationResult"]["annotation"] == "Port 22 is open to the world."
    bodies = [
        json.loads(each["Body"])
        for each in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    ]
    assert [each["newEvaluationResult"]["complianceType"] for each in bodies] == [
        "COMPLIANT", "NON_COMPLIANT"
    ]  # fmt: skip


def test_compliance_in_every_form(mon, config):
    recording(config, recordingGroup={
        "resourceTypes": [GROUP], "recordingStrategy": {
            "useOnly": "INCLUSION_BY_RESOURCE_TYPES"}})  # fmt: skip
    bad = security_group("web", 22)
    rule(config, "INCOMING_SSH_DISABLED", name="ssh")
    rule(config, "RESTRICTED_INCOMING_TRAFFIC", name="ports")
    rule(config, "ENCRYPTED_VOLUMES", name="volumes")

    def by_rule(**more):
        found = config.describe_compliance_by_config_rule(**more)["ComplianceByConfigRules"]
        return {each["ConfigRuleName"]: each["Compliance"] for each in found}

    assert by_rule() == {
        "ports": {"ComplianceType": "COMPLIANT"},
        "ssh": {"ComplianceType": "NON_COMPLIANT", "ComplianceContributorCount": {
            "CappedCount": 1, "CapExceeded": False}},
        "volumes": {"ComplianceType": "INSUFFICIENT_DATA"},
    }  # fmt: skip
    assert list(by_rule(ComplianceTypes=["INSUFFICIENT_DATA"])) == ["volumes"]
    [found] = config.describe_compliance_by_resource(
        ResourceType=GROUP, ComplianceTypes=["NON_COMPLIANT"]
    )["ComplianceByResources"]
    assert found["ResourceId"] == bad  # fmt: skip
    details = config.get_compliance_details_by_resource(ResourceType=GROUP, ResourceId=bad)
    assert [each["ComplianceType"] for each in details["EvaluationResults"]] == [
        "COMPLIANT", "NON_COMPLIANT"
    ]  # fmt: skip
    summary = config.get_compliance_summary_by_config_rule()["ComplianceSummary"]
    assert summary["CompliantResourceCount"]["CappedCount"] == 1
    assert summary["NonCompliantResourceCount"]["CappedCount"] == 1
    [by_type] = config.get_compliance_summary_by_resource_type(ResourceTypes=[GROUP])[
        "ComplianceSummariesByResourceType"
    ]
    counts = by_type["ComplianceSummary"]  # fmt: skip
    assert counts["NonCompliantResourceCount"] == {"CappedCount": 1, "CapExceeded": False}
    assert counts["CompliantResourceCount"]["CappedCount"] == len(compliance(config, "ssh")) - 1


def test_results_are_deleted_and_asked_for_anew(mon, config):
    recording(config)
    group = security_group("web", 22)
    rule(config, "INCOMING_SSH_DISABLED")
    config.delete_evaluation_results(ConfigRuleName="rule")
    assert compliance(config) == {}
    config.start_config_rules_evaluation(ConfigRuleNames=["rule"])
    assert compliance(config)[group] == "NON_COMPLIANT"
    with pytest.raises(ClientError) as raised:
        config.start_config_rules_evaluation(ConfigRuleNames=["rule"])
    assert raised.value.response["Error"]["Code"] == "LimitExceededException"
    mon.clock.advance(minutes=1)
    config.start_config_rules_evaluation(ConfigRuleNames=["rule"])
    config.delete_config_rule(ConfigRuleName="rule")
    assert config.describe_config_rules()["ConfigRules"] == []


BAD = [
    ({"Source": {"Owner": "AWS", "SourceIdentifier": "NO_SUCH"}},
     "The sourceIdentifier NO_SUCH is invalid."),
    ({"Source": {"Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED",
                 "SourceDetails": CHANGES}}, "SourceDetails should be null/empty"),
    ({"InputParameters": '{"port": "1"}'}, "Unknown parameters provided in the inputParameters"),
    ({"Source": {"Owner": "AWS", "SourceIdentifier": "DESIRED_INSTANCE_TYPE"}},
     r"The required parameter \[instanceType\] is not present in the inputParameters"),
    *(({"Source": {"Owner": "AWS", "SourceIdentifier": identifier},
        "InputParameters": json.dumps({name: value})},
       rf"The value \[{value}\] of the parameter \[{name}\] is not valid")
      for identifier, name, value in (
          ("RESTRICTED_INCOMING_TRAFFIC", "blockedPort1", "x"),
          ("IAM_PASSWORD_POLICY", "MaxPasswordAge", "90.5"),
          ("LAMBDA_CONCURRENCY_CHECK", "ConcurrencyLimitLow", "few"),
          ("VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS", "authorizedTcpPorts", "80,https"))),
    ({"InputParameters": "{"}, r"Invalid json \{ passed in the InputParameters field"),
    ({"Scope": {"ComplianceResourceTypes": [GROUP], "TagKey": "a"}},
     "Scope cannot be applied to both resource and tag"),
    ({"Scope": {"ComplianceResourceId": "sg-1"}},
     "A single resourceType should be provided when resourceId is provided in scope"),
    ({"Scope": {"TagValue": "a"}},
     "Tag key should not be empty when tag value is provided in scope"),
    ({"ConfigRuleArn": "arn:aws:config:us-east-1:123456789012:config-rule/config-rule-1"},
     "ConfigRule Arn and Id can not be specified when creating a new ConfigRule."),
    ({"Source": {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": FUNCTION, "SourceDetails": [
        {**CHANGES[0], "MaximumExecutionFrequency": "One_Hour"}]}},
     "A maximum execution frequency is not allowed if MessageType is"),
    *(({"Source": source, "InputParameters": text},
       rf"Invalid json {re.escape(text)} passed in the InputParameters field")
      for source in ({"Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED"},
                     lambda_source(CHANGES), policy_source(CHANGES))
      for text in ("3", "null", "true", "[]", "[1]", '"a"', "[" * 1024)),
    *(({"Source": lambda_source([half])}, "SourceDetails should be null/empty")
      for half in ({}, {"EventSource": "aws.config"},
                   {"MessageType": "ConfigurationItemChangeNotification"})),
    *(({"Source": policy_source([{"EventSource": "aws.config", "MessageType": kind}])}, kind)
      for kind in ("ScheduledNotification", "ConfigurationSnapshotDeliveryCompleted")),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), BAD)
def test_a_rule_that_can_not_be(monitoring, config, change, message):
    """Messages: moto's, whose authors ran AWS; what triggers policies: botocore, Source."""
    monitoring.bind(FUNCTION, lambda event: None)
    recording(config)
    wanted = {"ConfigRuleName": "rule", "Source": {
        "Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED"}, **change}  # fmt: skip
    with pytest.raises(ClientError, match=message) as raised:
        config.put_config_rule(ConfigRule=wanted)
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValueException"
    assert config.describe_config_rules()["ConfigRules"] == []
    assert config.describe_config_rules()["ConfigRules"] == []


def test_a_rule_needs_a_recorder_and_a_function(mon, config):
    with pytest.raises(ClientError) as raised:
        rule(config, "INCOMING_SSH_DISABLED")
    assert raised.value.response["Error"]["Code"] == "NoAvailableConfigurationRecorderException"
    recording(config)
    with pytest.raises(ClientError) as raised:
        custom(config, CHANGES)
    assert raised.value.response["Error"]["Code"] == "InsufficientPermissionsException"


def test_a_service_that_does_not_answer_for_one_resource_is_asked_for_the_others(
    mon, config, monkeypatch
):
    recording(config)
    iam, ask = client("iam"), IAMBackend.list_access_keys
    for name in ("anna", "bob", "carl"):
        iam.create_user(UserName=name)

    def broken(backend, user_name, *more, **others):
        if user_name == "bob":
            raise KeyError("keys")
        return ask(backend, user_name, *more, **others)

    monkeypatch.setattr(IAMBackend, "list_access_keys", broken)
    rule(config, "ACCESS_KEYS_ROTATED")
    told = config.get_compliance_details_by_config_rule(ConfigRuleName="rule")["EvaluationResults"]
    assert len(told) == 2
    [status] = config.describe_config_rule_evaluation_status()["ConfigRulesEvaluationStatus"]
    assert (status["LastErrorCode"], status["LastErrorMessage"]) == (
        "InternalFailure", "KeyError: 'keys'")  # fmt: skip


def test_what_no_rule_of_a_bus_takes_is_whole_in_the_trace(mon, config):
    recording(config)
    rule(config, "INCOMING_SSH_DISABLED")
    group = security_group("web", 22)
    config.delete_config_rule(ConfigRuleName="rule")
    [*_, put] = [
        each.entry
        for each in mon.trace()
        if isinstance(each.entry, EventPut)
        and each.entry.event["detail-type"] == "Config Rules Compliance Change"
    ]
    told = json.loads(json.dumps(put.event))
    assert (told["source"], told["time"]) == ("aws.config", "2026-03-02T12:00:00Z")
    assert told["detail"]["newEvaluationResult"]["complianceType"] == "NON_COMPLIANT"
    assert told["detail"]["resourceId"] == group
    assert ":config-rule/config-rule-" in told["detail"]["configRuleARN"]


def test_a_function_is_told_of_a_snapshot(mon, config):
    recording(config)
    events = []
    mon.bind(FUNCTION, events.append)
    custom(config, [{"EventSource": "aws.config",
                     "MessageType": "ConfigurationSnapshotDeliveryCompleted"}])  # fmt: skip
    security_group()
    assert events == []
    id_ = config.deliver_config_snapshot(deliveryChannelName="default")["configSnapshotId"]
    [event] = events
    told = json.loads(event["invokingEvent"])
    assert told["messageType"] == "ConfigurationSnapshotDeliveryCompleted"
    assert (told["configSnapshotId"], told["s3Bucket"]) == (id_, BUCKET)
    assert client("s3").head_object(Bucket=BUCKET, Key=told["s3ObjectKey"])


GP3 = """
rule gp3 when resourceType == "AWS::EC2::Volume" {
    configuration.volumeType == CONFIG_RULE_PARAMETERS.type <<Volumes are gp3>>
}
"""


def guard(config, text, **more):
    source = policy_source(CHANGES, text)
    config.put_config_rule(ConfigRule={"ConfigRuleName": "rule", "Source": source, **more})


def test_a_policy_in_guard_judges_what_changes(mon, config):
    recording(config)
    guard(config, GP3, InputParameters='{"type": "gp3"}')
    good, bad = volume("gp3"), volume("gp2")
    security_group()  # isn't judged
    assert compliance(config) == {good: "COMPLIANT", bad: "NON_COMPLIANT"}
    [told] = config.get_compliance_details_by_config_rule(
        ConfigRuleName="rule", ComplianceTypes=["NON_COMPLIANT"]
    )["EvaluationResults"]
    assert told["Annotation"] == "Volumes are gp3"
    assert config.get_custom_rule_policy(ConfigRuleName="rule")["PolicyText"] == GP3
    client("ec2").modify_volume(VolumeId=bad, VolumeType="gp3")
    assert compliance(config)[bad] == "COMPLIANT"


def test_a_policy_that_is_none_is_refused(monitoring, config):
    recording(config)
    with pytest.raises(ClientError, match="Expected a name") as raised:
        guard(config, "rule a { configuration.volumeType == }")
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValueException"


def test_a_function_is_told_of_an_item_that_is_too_long_by_its_summary(mon, config):
    recording(config)
    events = []
    mon.bind(FUNCTION, events.append)
    custom(config, CHANGES, Scope={"ComplianceResourceTypes": [VOLUME]})
    mon.config_recorder.record(VOLUME, "vol-1", {"text": "x" * 300_000})
    told = json.loads(events[-1]["invokingEvent"])
    assert told["messageType"] == "OversizedConfigurationItemChangeNotification"
    assert told["configurationItemSummary"]["resourceId"] == "vol-1"
