"""What may be asked of compliance, and who may say what.

Source: botocore's model, for each of the operations.
"""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.config_recorder.conftest import ACCOUNT, compliance, recording, rule

INVALID = "InvalidParameterValueException"
DETAILS = "get_compliance_details_by_resource"
VOLUME = "AWS::EC2::Volume"
QUESTIONS = [
    ("get_compliance_details_by_config_rule",
     {"ConfigRuleName": "rule", "ComplianceTypes": ["INSUFFICIENT_DATA"]}),
    (DETAILS, {"ResourceType": VOLUME, "ResourceId": "vol-1",
               "ComplianceTypes": ["COMPLIANT", "INSUFFICIENT_DATA"]}),
    ("describe_compliance_by_resource", {"ResourceId": "vol-1"}),
    (DETAILS, {}), (DETAILS, {"ResourceType": VOLUME}), (DETAILS, {"ResourceId": "vol-1"}),
    (DETAILS, {"ResourceEvaluationId": "unknown"}),
]  # fmt: skip


def refused(call, **parameters):
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    return raised.value.response["Error"]["Code"]


@pytest.mark.parametrize(("operation", "parameters"), QUESTIONS)
def test_questions_that_can_not_be(monitoring, config, operation, parameters):
    recording(config, start=False)
    rule(config, "ENCRYPTED_VOLUMES")
    assert refused(getattr(config, operation), **parameters) == INVALID


def test_evaluations_are_not_left_out(monitoring, config):
    """Message: moto's, whose authors ran AWS."""
    with pytest.raises(ClientError, match="Evaluations object in your request cannot be null"):
        config.put_evaluations(ResultToken="any", TestMode=True)


def external(config, name, **more):
    config.put_external_evaluation(ConfigRuleName=name, ExternalEvaluation={
        "ComplianceResourceType": "AWS::::Account", "ComplianceResourceId": ACCOUNT,
        "ComplianceType": "NON_COMPLIANT", "OrderingTimestamp": "2020-12-17T00:10:00Z",
        **more})  # fmt: skip


def test_a_process_check_says_what_people_say(monitoring, config):
    """Config Developer Guide, "Process Checks Within a Conformance Pack"."""
    # given a pack with a process check
    recording(config)
    config.put_conformance_pack(ConformancePackName="pack", TemplateBody=json.dumps({
        "Resources": {"Check": {"Type": "AWS::Config::ConfigRule", "Properties": {
            "ConfigRuleName": "media-offsite", "Source": {
                "Owner": "AWS", "SourceIdentifier": "AWS_CONFIG_PROCESS_CHECK"}}}}}))  # fmt: skip
    [made] = config.describe_config_rules()["ConfigRules"]
    assert compliance(config, made["ConfigRuleName"]) == {}
    # when somebody says what they found
    external(config, made["ConfigRuleName"])
    # then that is its compliance, and the pack's
    assert compliance(config, made["ConfigRuleName"]) == {ACCOUNT: "NON_COMPLIANT"}
    [found] = config.get_conformance_pack_compliance_summary(ConformancePackNames=["pack"])[
        "ConformancePackComplianceSummaryList"]  # fmt: skip
    assert found["ConformancePackComplianceStatus"] == "NON_COMPLIANT"


@pytest.mark.parametrize("more", [
    {"ComplianceResourceType": VOLUME}, {"ComplianceResourceId": "vol-1"},
    {"ComplianceType": "INSUFFICIENT_DATA"},
])  # fmt: skip
def test_a_process_check_is_about_an_account(monitoring, config, more):
    recording(config)
    rule(config, "AWS_CONFIG_PROCESS_CHECK")
    assert refused(external, config=config, name="rule", **more) == INVALID


def test_other_rules_are_judged_by_nobody_else(monitoring, config):
    recording(config)
    rule(config, "ENCRYPTED_VOLUMES")
    assert refused(external, config=config, name="rule") == "NoSuchConfigRuleException"
