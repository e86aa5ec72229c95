"""Templates of conformance packs that are none, and what is left of them.

Source: botocore's model, ConformancePackTemplateValidationException: "You have specified a template
that is not valid or supported."
"""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.config_recorder.conftest import ACCOUNT, REGION, ROLE, recording

RULE = {
    "Type": "AWS::Config::ConfigRule",
    "Properties": {
        "ConfigRuleName": "ssh",
        "Source": {"Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED"},
    },
}
REMEDY = {
    "Type": "AWS::Config::RemediationConfiguration",
    "Properties": {"ConfigRuleName": "ssh", "TargetType": "SSM_DOCUMENT", "TargetId": "Repair"},
}


def rule(**properties):
    return {**RULE, "Properties": {**RULE["Properties"], **properties}}


def remedy(**properties):
    return {**REMEDY, "Properties": {**REMEDY["Properties"], **properties}}


def without(resource, name):
    return {**resource, "Properties": {key: value for key, value in resource["Properties"].items()
                                       if key != name}}  # fmt: skip


RESOURCES = {
    "null": None,
    "a text": "rule",
    "without a type": {"Properties": RULE["Properties"]},
    "a type that is a list": {**RULE, "Type": []},
    "without properties": {"Type": RULE["Type"]},
    "null properties": {**RULE, "Properties": None},
    "a rule without a name": without(RULE, "ConfigRuleName"),
    "a rule without a source": without(RULE, "Source"),
    "a null source": rule(Source=None),
    "a source without an owner": rule(Source={"SourceIdentifier": "INCOMING_SSH_DISABLED"}),
    "an owner that nobody is": rule(Source={"Owner": "ME"}),
    "a scope that is a list": rule(Scope=[]),
    "details that are no list": rule(Source={"Owner": "CUSTOM_LAMBDA", "SourceDetails": "x"}),
    "details that are null": rule(Source={"Owner": "CUSTOM_LAMBDA", "SourceDetails": [None]}),
    "a policy without a text": rule(Source={"Owner": "CUSTOM_POLICY", "CustomPolicyDetails": {}}),
    "parameters that are a list": rule(InputParameters=[]),
    "a null parameter": rule(InputParameters={"a": None}),
    "an empty remediation": {**REMEDY, "Properties": {}},
    "a remediation without a target": without(REMEDY, "TargetId"),
    "a remediation's null parameter": remedy(Parameters={"A": None}),
    "a remediation's null value": remedy(Parameters={"A": {"StaticValue": None}}),
    "attempts that are no number": remedy(MaximumAutomaticAttempts="often"),
    "a function with too little": rule(Description={"Fn::If": ["c"]}),
    "a function without a list": rule(Description={"Fn::Join": "x"}),
    "a join of no list": rule(Description={"Fn::Join": [",", "x"]}),
    "a Ref to a list": rule(Description={"Ref": []}),
    "a Sub of a number": rule(Description={"Fn::Sub": 1}),
    "a Sub of too little": rule(Description={"Fn::Sub": ["x"]}),
    "a condition that is a list": {**RULE, "Condition": []},
    "a condition of itself": {**RULE, "Condition": "c"},
}
TEMPLATES = {
    "a list": [],
    "no resources": {"Resources": {}},
    "resources that are a list": {"Resources": [RULE]},
    "parameters that are a list": {"Parameters": ["A"], "Resources": {"A": RULE}},
    "a null parameter": {"Parameters": {"A": None}, "Resources": {"A": RULE}},
    "a null default": {"Parameters": {"A": {"Default": None}}, "Resources": {"A": RULE}},
    "conditions that are a list": {"Conditions": ["c"], "Resources": {"A": RULE}},
    "two rules of one name": {"Resources": {"A": RULE, "B": RULE}},
} | {
    name: {"Conditions": {"c": {"Condition": "c"}}, "Resources": {"A": RULE, "B": resource}}
    for name, resource in RESOURCES.items()
}  # fmt: skip
TEXTS = {name: json.dumps(template) for name, template in TEMPLATES.items()} | {
    "nested deeply": "[" * 20_000,
    "no such day in YAML": "Resources: {A: 2020-02-31}",
    "a number for a name in YAML": "Resources: {A: {1: 2}}",
    "an alias of itself in YAML": "Resources: {A: &a {Type: 'AWS::Config::ConfigRule', "
                                  "Properties: *a}}",
}  # fmt: skip
each_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


def refused(call, **request):
    with pytest.raises(ClientError) as raised:
        call(**request)
    return raised.value.response["Error"]["Code"]


@each_text
def test_a_malformed_template_makes_no_pack(monitoring, config, text):
    # given a recorder
    recording(config)
    # when a pack is put of a template that is malformed
    code = refused(config.put_conformance_pack, ConformancePackName="own", TemplateBody=text)
    # then it is refused, and nothing is there
    assert code == "ConformancePackTemplateValidationException"
    assert config.describe_conformance_packs()["ConformancePackDetails"] == []
    assert config.describe_config_rules()["ConfigRules"] == []


@each_text
def test_a_malformed_template_makes_no_pack_of_an_organization(monitoring, config, text):
    # given a recorder
    recording(config)
    # when an organization's pack is put of a template that is malformed
    code = refused(
        config.put_organization_conformance_pack,
        OrganizationConformancePackName="own",
        TemplateBody=text,
    )
    # then it is refused, and nothing is there
    assert code == "OrganizationConformancePackTemplateValidationException"
    found = config.describe_organization_conformance_packs()
    assert found["OrganizationConformancePacks"] == []
    assert config.describe_conformance_packs()["ConformancePackDetails"] == []


def test_a_malformed_template_leaves_the_pack_that_is_there(monitoring, config):
    # given a pack
    recording(config)
    good = json.dumps({"Resources": {"Rule": RULE}})
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=good)
    before = config.describe_config_rules()["ConfigRules"]
    # when it is put again, malformed
    bad = json.dumps({"Resources": {"Rule": without(RULE, "Source")}})
    refused(config.put_conformance_pack, ConformancePackName="own", TemplateBody=bad)
    # then its rule is there as before
    assert config.describe_config_rules()["ConfigRules"] == before
    [status] = config.describe_conformance_pack_status()["ConformancePackStatusDetails"]
    assert status["ConformancePackState"] == "CREATE_COMPLETE"


def test_numbers_and_truths_may_be_texts_as_parameters_are(monitoring, config):
    # given a remediation whose numbers come from parameters, which are texts
    recording(config)
    values = {"Automatic": "true", "MaximumAutomaticAttempts": "3", "RetryAttemptSeconds": "60"}
    template = {
        "Parameters": {name: {"Type": "String", "Default": each} for name, each in values.items()},
        "Resources": {
            "Rule": RULE,
            "Remedy": remedy(
                **{name: {"Ref": name} for name in values},
                Parameters={"AutomationAssumeRole": {"StaticValue": {"Values": [ROLE]}}},
            ),
        },
    }
    # when a pack is made of it
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=json.dumps(template))
    # then the remediation has numbers and truths
    [name] = [each["ConfigRuleName"] for each in config.describe_config_rules()["ConfigRules"]]
    [told] = config.describe_remediation_configurations(ConfigRuleNames=[name])[
        "RemediationConfigurations"
    ]
    assert (told["Automatic"], told["MaximumAutomaticAttempts"], told["RetryAttemptSeconds"]) == (
        True, 3, 60)  # fmt: skip


def test_what_a_pack_makes_is_the_services(monitoring, config):
    """ARN: Config Developer Guide, compliance history of conformance packs."""
    # given a pack with a rule and a remediation
    recording(config)
    template = json.dumps({"Resources": {"Rule": RULE, "Remedy": REMEDY}})
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=template)
    # then both say who made them
    service = "config-conforms.amazonaws.com"
    [rule] = config.describe_config_rules()["ConfigRules"]
    assert rule["CreatedBy"] == service
    assert rule["ConfigRuleArn"] == (
        f"arn:aws:config:{REGION}:{ACCOUNT}:config-rule/aws-service-rule/{service}/"
        f"{rule['ConfigRuleId']}"
    )
    [told] = config.describe_remediation_configurations(ConfigRuleNames=[rule["ConfigRuleName"]])[
        "RemediationConfigurations"
    ]
    assert told["CreatedByService"] == service


@pytest.mark.parametrize(
    ("identifier", "state"),
    [("INCOMING_SSH_DISABLED", "UPDATE_COMPLETE"), ("NO_SUCH_RULE", "UPDATE_FAILED")],
)
def test_a_pack_that_is_put_again_is_updated(monitoring, config, identifier, state):
    """States: botocore's model, ConformancePackStatusDetail."""
    # given a pack
    recording(config)
    good = json.dumps({"Resources": {"Rule": RULE}})
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=good)
    # when it is put again
    source = {"Owner": "AWS", "SourceIdentifier": identifier}
    again = json.dumps({"Resources": {"Rule": rule(Source=source)}})
    config.put_conformance_pack(ConformancePackName="own", TemplateBody=again)
    # then its state tells of an update
    [status] = config.describe_conformance_pack_status()["ConformancePackStatusDetails"]
    assert status["ConformancePackState"] == state
