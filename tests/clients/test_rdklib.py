"""rdklib, AWS's library for custom rules of Config, evaluates through awsmon."""

from __future__ import annotations

import json

import boto3
import moto
import pytest

rdklib = pytest.importorskip("rdklib")

ACCOUNT, REGION = "123456789012", "us-east-1"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:judge"
VOLUME = "AWS::EC2::Volume"


class VolumesAreOfAType(rdklib.ConfigRule):
    """A volume must be gp2, or whatever the parameter says."""

    def evaluate_parameters(self, rule_parameters):
        if "volumeType" not in rule_parameters:
            raise rdklib.InvalidParametersError("volumeType is missing")
        return rule_parameters

    def evaluate_change(self, event, client_factory, configuration_item, valid_rule_parameters):
        found = configuration_item["configuration"]["volumeType"]
        if found == valid_rule_parameters["volumeType"]:
            return [rdklib.Evaluation(rdklib.ComplianceType.COMPLIANT)]
        return [rdklib.Evaluation(rdklib.ComplianceType.NON_COMPLIANT, annotation=f"It is {found}")]

    def evaluate_periodic(self, event, client_factory, valid_rule_parameters):
        ec2 = client_factory.build_client("ec2")
        wanted = valid_rule_parameters["volumeType"]
        return [
            rdklib.Evaluation(
                rdklib.ComplianceType.COMPLIANT if each["VolumeType"] == wanted
                else rdklib.ComplianceType.NON_COMPLIANT, each["VolumeId"], VOLUME)
            for each in ec2.describe_volumes()["Volumes"]
        ]  # fmt: skip


def handle(event, context):
    return rdklib.Evaluator(VolumesAreOfAType(), [VOLUME]).handle(event, context)


@pytest.mark.parametrize("message", ["ConfigurationItemChangeNotification",
                                     "ScheduledNotification"])  # fmt: skip
def test_a_rule_written_with_rdklib(monitoring, monkeypatch, message):
    monkeypatch.setenv("AWS_REGION", REGION)
    with moto.mock_aws():
        config, ec2 = boto3.client("config", REGION), boto3.client("ec2", REGION)
        boto3.client("s3", REGION).create_bucket(Bucket="configuration")
        monitoring.bind(FUNCTION, handle)
        config.put_configuration_recorder(ConfigurationRecorder={
            "name": "default", "roleARN": f"arn:aws:iam::{ACCOUNT}:role/config"})  # fmt: skip
        config.put_delivery_channel(
            DeliveryChannel={"name": "default", "s3BucketName": "configuration"}
        )
        config.start_configuration_recorder(ConfigurationRecorderName="default")
        good, bad = (
            ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8, VolumeType=kind)["VolumeId"]
            for kind in ("gp2", "gp3")
        )
        config.put_config_rule(ConfigRule={
            "ConfigRuleName": "gp2", "InputParameters": json.dumps({"volumeType": "gp2"}),
            "Scope": {"ComplianceResourceTypes": [VOLUME]},
            "Source": {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": FUNCTION, "SourceDetails": [
                {"EventSource": "aws.config", "MessageType": message}]}})  # fmt: skip

        def compliance():
            found = config.get_compliance_details_by_config_rule(ConfigRuleName="gp2")
            return {
                each["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]:
                    each["ComplianceType"]
                for each in found["EvaluationResults"]
            }  # fmt: skip

        assert compliance() == {good: "COMPLIANT", bad: "NON_COMPLIANT"}
        # and one that is gone is judged no more
        ec2.delete_volume(VolumeId=bad)
        monitoring.clock.advance(days=1)
        assert compliance() == {good: "COMPLIANT"}
