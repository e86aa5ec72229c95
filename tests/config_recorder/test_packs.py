"""Conformance packs: rules and remediations that are made, judged and deleted together."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from awsmon import NotImplementedByAwsmon
from awsmon.config_recorder.rules import managed
from tests.config_recorder.conftest import (
    BASE,
    BUCKET,
    GROUP,
    ROLE,
    client,
    compliance,
    recording,
    security_group,
)

YAML = """
Parameters:
  RestrictedIncomingTrafficParamBlockedPort1:
    Default: '3389'
    Type: String
  OpenTags:
    Default: ''
    Type: String
Conditions:
  port: !Not [!Equals ['', !Ref RestrictedIncomingTrafficParamBlockedPort1]]
  tags:
    Fn::Not:
    - Fn::Equals:
      - ''
      - Ref: OpenTags
Resources:
  Ssh:
    Properties:
      ConfigRuleName: restricted-ssh
      Description: In ${AWS::Region}
      Scope:
        ComplianceResourceTypes:
        - AWS::EC2::SecurityGroup
      Source:
        Owner: AWS
        SourceIdentifier: INCOMING_SSH_DISABLED
    Type: AWS::Config::ConfigRule
  Ports:
    Properties:
      ConfigRuleName: !Join ['-', [restricted, ports]]
      InputParameters:
        blockedPort1:
          Fn::If:
          - port
          - Ref: RestrictedIncomingTrafficParamBlockedPort1
          - Ref: AWS::NoValue
        blockedPort2: !If [tags, '1', !Ref 'AWS::NoValue']
      Source: {Owner: AWS, SourceIdentifier: RESTRICTED_INCOMING_TRAFFIC}
    Type: AWS::Config::ConfigRule
  Tags:
    Condition: tags
    Properties:
      ConfigRuleName: tags
      Source: {Owner: AWS, SourceIdentifier: REQUIRED_TAGS}
    Type: AWS::Config::ConfigRule
"""


def rules(config):
    return {each["ConfigRuleName"]: each for each in config.describe_config_rules()["ConfigRules"]}


def pack(identifier="INCOMING_SSH_DISABLED", **more):
    properties = {
        "ConfigRuleName": "rule",
        "Source": {"Owner": "AWS", "SourceIdentifier": identifier},
    }
    rule = {"Type": "AWS::Config::ConfigRule", "Properties": properties}
    return json.dumps({"Resources": {"Rule": rule, **more}})


def test_a_pack_makes_rules_that_judge(mon, config):
    recording(config)
    group = security_group("web", 3389)
    arn = config.put_conformance_pack(ConformancePackName="own", TemplateBody=YAML)[
        "ConformancePackArn"
    ]
    id_ = arn.rpartition("/")[2]
    assert arn == f"arn:aws:config:{BASE}:conformance-pack/own/{id_}"
    made = rules(config)
    assert list(made) == [f"restricted-ports-{id_}", f"restricted-ssh-{id_}"]
    assert json.loads(made[f"restricted-ports-{id_}"]["InputParameters"]) == {
        "blockedPort1": "3389"
    }
    [status] = config.describe_conformance_pack_status()["ConformancePackStatusDetails"]
    assert status["ConformancePackState"] == "CREATE_COMPLETE"
    found = config.describe_conformance_pack_compliance(ConformancePackName="own")
    assert {
        each["ConfigRuleName"].partition("-conformance")[0]: each["ComplianceType"]
        for each in found["ConformancePackRuleComplianceList"]
    } == {"restricted-ports": "NON_COMPLIANT", "restricted-ssh": "COMPLIANT"}
    details = config.get_conformance_pack_compliance_details(
        ConformancePackName="own", Filters={"ComplianceType": "NON_COMPLIANT"}
    )
    [bad] = details["ConformancePackRuleEvaluationResults"]
    assert bad["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"] == group
    [summary] = config.get_conformance_pack_compliance_summary(ConformancePackNames=["own"])[
        "ConformancePackComplianceSummaryList"
    ]
    assert summary["ConformancePackComplianceStatus"] == "NON_COMPLIANT"
    judged = sum(len(compliance(config, name)) for name in made)
    [score] = config.list_conformance_pack_compliance_scores()["ConformancePackComplianceScores"]
    assert score["Score"] == f"{100 * (judged - 1) / judged:.2f}"
    # and they go together
    config.delete_conformance_pack(ConformancePackName="own")
    assert rules(config) == {}  # fmt: skip


def test_parameters_and_another_template_in_its_place(mon, config):
    recording(config)
    config.put_conformance_pack(
        ConformancePackName="own",
        TemplateBody=YAML,
        DeliveryS3Bucket="awsconfigconforms-b",
        ConformancePackInputParameters=[{"ParameterName": "OpenTags", "ParameterValue": "1"}],
    )
    assert [each.partition("-conformance")[0] for each in rules(config)] == [
        "restricted-ports",
        "restricted-ssh",
        "tags",
    ]
    [told] = config.describe_conformance_packs()["ConformancePackDetails"]
    assert (told["DeliveryS3Bucket"], told["ConformancePackInputParameters"]) == (
        "awsconfigconforms-b",
        [{"ParameterName": "OpenTags", "ParameterValue": "1"}],
    )
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=pack())
    assert [each.partition("-conformance")[0] for each in rules(config)] == ["rule"]  # fmt: skip


def test_a_pack_from_a_bucket_with_a_remedy(mon, config):
    recording(config)
    group = security_group("web", 22)
    remedy = {
        "Type": "AWS::Config::RemediationConfiguration",
        "Properties": {
            "ConfigRuleName": "rule",
            "TargetType": "SSM_DOCUMENT",
            "TargetId": "AWS-DisablePublicAccessForSecurityGroup",
            "Automatic": True,
            "MaximumAutomaticAttempts": 5,
            "RetryAttemptSeconds": 60,
            "Parameters": {
                "GroupId": {"ResourceValue": {"Value": "RESOURCE_ID"}},
                "AutomationAssumeRole": {"StaticValue": {"Values": [ROLE]}},
            },
        },
    }
    client("s3").put_object(Bucket=BUCKET, Key="pack.json", Body=pack(Remedy=remedy))
    config.put_conformance_pack(ConformancePackName="own", TemplateS3Uri=f"s3://{BUCKET}/pack.json")
    [name] = rules(config)
    assert compliance(config, name)[group] == "COMPLIANT"
    config.delete_conformance_pack(ConformancePackName="own")
    assert rules(config) == {}  # fmt: skip


def document(identifier):
    """The other mock wants a schema version that it knows in each document."""
    return json.dumps({"schemaVersion": "0.3", **json.loads(pack(identifier))})


def test_a_pack_comes_from_a_document_of_systems_managers(mon, config):
    # given a template as a document of two versions
    recording(config)
    ssm = client("ssm")
    before, after = "INCOMING_SSH_DISABLED", "VPC_DEFAULT_SECURITY_GROUP_CLOSED"
    ssm.create_document(
        Name="template",
        DocumentType="Automation",
        DocumentFormat="JSON",
        Content=document(before),
    )
    ssm.update_document(
        Name="template", DocumentFormat="JSON", DocumentVersion="$LATEST", Content=document(after)
    )
    # when packs are made of the first version and of the latest
    for name, version in (("old", {"DocumentVersion": "1"}), ("new", {})):
        config.put_conformance_pack(
            ConformancePackName=name,
            TemplateSSMDocumentDetails={"DocumentName": "template", **version},
        )
    # then each has the rule of its version
    sources = [each["Source"]["SourceIdentifier"] for each in rules(config).values()]
    assert sorted(sources) == [before, after]
    # and a document that isn't there is no template
    with pytest.raises(ClientError) as raised:
        config.put_conformance_pack(
            ConformancePackName="none", TemplateSSMDocumentDetails={"DocumentName": "other"}
        )
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValueException"


BAD = [
    ("{", "ConformancePackTemplateValidationException"),
    ("{}", "ConformancePackTemplateValidationException"),
    (json.dumps({"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}),
     "ConformancePackTemplateValidationException"),
    (json.dumps({"Parameters": {"A": {"Type": "String"}}, "Resources": {}}),
     "ConformancePackTemplateValidationException"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), BAD)
def test_a_template_that_is_none(monitoring, config, text, code):
    recording(config)
    with pytest.raises(ClientError) as raised:
        config.put_conformance_pack(ConformancePackName="own", TemplateBody=text)
    assert raised.value.response["Error"]["Code"] == code
    assert config.describe_conformance_packs()["ConformancePackDetails"] == []


def test_a_pack_whose_rules_can_not_be(monitoring, config, monkeypatch):
    recording(config)
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=pack("NO_SUCH_RULE"))
    [status] = config.describe_conformance_pack_status()["ConformancePackStatusDetails"]
    assert status["ConformancePackState"] == "CREATE_FAILED"
    assert "NO_SUCH_RULE is invalid" in status["ConformancePackStatusReason"]
    assert rules(config) == {}
    # and one that AWS has, but awsmon hasn't
    monkeypatch.setattr(managed, "known", dict)
    with pytest.raises(NotImplementedByAwsmon, match="INCOMING_SSH_DISABLED"):
        config.put_conformance_pack(
            ConformancePackName="other", TemplateBody=pack("INCOMING_SSH_DISABLED")
        )
    with pytest.raises(ClientError) as raised:
        config.delete_conformance_pack(ConformancePackName="other")
    assert raised.value.response["Error"]["Code"] == "NoSuchConformancePackException"


@pytest.mark.needs("config.PutConformancePack.Scope")
def test_what_is_not_built_says_so(monitoring, config):
    recording(config)
    with pytest.raises(NotImplementedByAwsmon, match="Scope"):
        config.put_conformance_pack(ConformancePackName="own", TemplateBody=pack(),
                                    Scope={"TagKey": "team"})  # fmt: skip


def test_packs_of_all_sources(mon, config):
    recording(config)
    security_group("web", 22)
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=pack())
    config.put_configuration_aggregator(
        ConfigurationAggregatorName="all",
        AccountAggregationSources=[{"AccountIds": ["123456789012"], "AllAwsRegions": True}],
    )
    name = {"ConfigurationAggregatorName": "all"}
    [found] = config.describe_aggregate_compliance_by_conformance_packs(**name)[
        "AggregateComplianceByConformancePacks"
    ]
    assert found["Compliance"] == {
        "ComplianceType": "NON_COMPLIANT",
        "CompliantRuleCount": 0,
        "NonCompliantRuleCount": 1,
        "TotalRuleCount": 1,
    }
    [summary] = config.get_aggregate_conformance_pack_compliance_summary(**name)[
        "AggregateConformancePackComplianceSummaries"
    ]
    assert summary["ComplianceSummary"] == {
        "CompliantConformancePackCount": 0,
        "NonCompliantConformancePackCount": 1,
    }


@pytest.mark.needs("1.44")  # before, the limit stands in the model
def test_a_pack_takes_sixty_input_parameters(monitoring, config):
    """Source: botocore's model, PutConformancePack."""
    recording(config)
    names = [f"P{number}" for number in range(61)]
    declared = {name: {"Type": "String"} for name in names}
    text = json.dumps({**json.loads(pack()), "Parameters": declared})
    given = [{"ParameterName": name, "ParameterValue": "x"} for name in names]
    # when there are sixty-one, they are too many
    with pytest.raises(ClientError) as raised:
        config.put_conformance_pack(ConformancePackName="own", TemplateBody=text,
                                    ConformancePackInputParameters=given)  # fmt: skip
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValueException"
    # and sixty are not
    declared.pop("P60")
    text = json.dumps({**json.loads(pack()), "Parameters": declared})
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=text,
                                ConformancePackInputParameters=given[:60])  # fmt: skip
    assert len(config.describe_conformance_packs()["ConformancePackDetails"]) == 1


def test_ids_of_resources_are_told_with_their_type(monitoring, config):
    """Source: botocore's model, ConformancePackEvaluationFilters."""
    # given a pack that judges two groups
    recording(config)
    for id_ in ("sg-1", "sg-2"):
        monitoring.config_recorder.record(GROUP, id_, {"ipPermissions": []})
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=pack())

    def found(**filters):
        return config.get_conformance_pack_compliance_details(
            ConformancePackName="own", Filters=filters
        )["ConformancePackRuleEvaluationResults"]

    # then one of them is found by its type and id
    assert len(found(ResourceIds=["sg-1"], ResourceType=GROUP)) == 1
    # but not by its id alone
    with pytest.raises(ClientError) as raised:
        found(ResourceIds=["sg-1"])
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValueException"


@pytest.mark.needs("config.DescribeConformancePacks.Filters")
@pytest.mark.parametrize(("types", "names"), [
    (["CUSTOM"], ["own"]), (["MANAGED"], []), (["CUSTOM", "MANAGED"], ["own"]),
])  # fmt: skip
def test_packs_of_a_type(monitoring, config, types, names):
    """Source: botocore's model, DescribeConformancePacks and DescribeConformancePackStatus."""
    recording(config)
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=pack())
    filters = {"Filters": {"Types": types}}
    packs = config.describe_conformance_packs(**filters)["ConformancePackDetails"]
    statuses = config.describe_conformance_pack_status(**filters)["ConformancePackStatusDetails"]
    assert [each["ConformancePackName"] for each in packs] == names
    assert [each["ConformancePackName"] for each in statuses] == names


@pytest.mark.parametrize(("order", "names"), [
    ("ASCENDING", ["bad", "good", "empty"]), ("DESCENDING", ["empty", "good", "bad"]),
])  # fmt: skip
def test_scores_that_nobody_knows_come_last(monitoring, config, order, names):
    """Source: botocore's model, ListConformancePackComplianceScores, SortOrder."""
    # given packs of the scores 0 and 100, and one that says nothing
    recording(config)
    world = {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
             "ipRanges": [{"cidrIp": "0.0.0.0/0"}]}  # fmt: skip
    monitoring.config_recorder.record(GROUP, "sg-1", {"ipPermissions": [world]})
    for name, identifier in (("bad", "INCOMING_SSH_DISABLED"), ("empty", "RDS_STORAGE_ENCRYPTED"),
                             ("good", "VPC_DEFAULT_SECURITY_GROUP_CLOSED")):  # fmt: skip
        if name == "good":
            monitoring.config_recorder.record(
                GROUP, "sg-2",
                {"groupName": "default", "ipPermissions": [], "ipPermissionsEgress": []},
            )  # fmt: skip
        config.put_conformance_pack(ConformancePackName=name, TemplateBody=pack(identifier))
    # when scores are sorted
    found = config.list_conformance_pack_compliance_scores(SortBy="SCORE", SortOrder=order)[
        "ConformancePackComplianceScores"
    ]
    # then the pack that says nothing is beyond the others
    assert [each["ConformancePackName"] for each in found] == names


def test_scores_of_packs_that_are_not_there_are_left_out(monitoring, config):
    """The operation has no error for it, by botocore's model."""
    recording(config)
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=pack())
    found = config.list_conformance_pack_compliance_scores(
        Filters={"ConformancePackNames": ["other", "own"]}
    )["ConformancePackComplianceScores"]
    assert [each["ConformancePackName"] for each in found] == ["own"]
