"""Managed rules about instances that Systems Manager manages, on items that were told.

moto's Systems Manager has neither inventories nor compliance. The form of the items is that of
Systems Manager's inventory types ``AWS:InstanceInformation``, ``AWS:Application`` and
``AWS:ComplianceItem``.
"""

from __future__ import annotations

import pytest

from tests.config_recorder.conftest import client, compliance, judged, judged_told, recording, rule

INVENTORY = "AWS::SSM::ManagedInstanceInventory"
PATCHES, ASSOCIATIONS = "AWS::SSM::PatchCompliance", "AWS::SSM::AssociationCompliance"


def inventory(platform="Linux", version="2023", agent="3.3.1", **applications):
    """As an instance's agent tells it."""
    about = {"PlatformType": platform, "PlatformName": "Amazon Linux", "PlatformVersion": version,
             "AgentType": "amazon-ssm-agent", "AgentVersion": agent}  # fmt: skip
    rows = {name: {"Name": name, "Version": number} for name, number in applications.items()}
    return {
        "AWS:InstanceInformation": {"SchemaVersion": "1.0", "Content": {"i-1": about}},
        "AWS:Application": {"SchemaVersion": "1.1", "Content": rows},
    }


def items(kind, *statuses):
    rows = {f"{kind}-{place}": {"Id": f"{kind}-{place}", "Status": status}
            for place, status in enumerate(statuses)}  # fmt: skip
    return {"AWS:ComplianceItem": {"SchemaVersion": "1.0", "Content": {kind: rows}}}


REQUIRED = "EC2_MANAGEDINSTANCE_APPLICATIONS_REQUIRED"
BLACKLISTED = "EC2_MANAGEDINSTANCE_APPLICATIONS_BLACKLISTED"
PLATFORM = "EC2_MANAGEDINSTANCE_PLATFORM_CHECK"
TABLE = [
    (REQUIRED, INVENTORY, inventory(nginx="1.24.0", git="2"), inventory(git="2"),
     {"applicationNames": "nginx, git"}),
    (REQUIRED, INVENTORY, inventory(nginx="1.10.0"), inventory(nginx="1.9.9"),
     {"applicationNames": "nginx:1.10"}),
    (BLACKLISTED, INVENTORY, inventory(nginx="1.24.0"), inventory(telnet="0.17"),
     {"applicationNames": "telnet,ftp"}),
    (BLACKLISTED, INVENTORY, inventory(chrome="0.5.10"), inventory(chrome="0.5.3"),
     {"applicationNames": "chrome:0.5.3"}),
    (PLATFORM, INVENTORY, inventory(), inventory("Windows"), {"platformType": "Linux"}),
    (PLATFORM, INVENTORY, inventory(agent="3.3.1"), inventory(agent="3.1.0"),
     {"platformType": "Linux", "agentVersion": "3.3.1", "platformVersion": "2023"}),
    ("EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK", PATCHES,
     items("Patch", "COMPLIANT", "COMPLIANT"), items("Patch", "COMPLIANT", "NON_COMPLIANT"), {}),
    ("EC2_MANAGEDINSTANCE_ASSOCIATION_COMPLIANCE_STATUS_CHECK", ASSOCIATIONS,
     items("Association", "COMPLIANT"), items("Association", "NON_COMPLIANT"), {}),
]  # fmt: skip


@pytest.mark.parametrize(("identifier", "kind", "good", "bad", "parameters"), TABLE)
def test_what_systems_manager_tells(mon, identifier, kind, good, bad, parameters):
    judged_told(mon, kind, identifier, good, bad, **parameters)


def test_a_rule_is_about_one_platform_where_it_names_one(mon, config):
    recording(config)
    mon.config_recorder.record(INVENTORY, "i-1", inventory("Windows"))
    rule(config, REQUIRED, parameters={"applicationNames": "nginx", "platformType": "Linux"})
    assert compliance(config) == {}


def test_what_isnt_told_isnt_guessed(mon, config):
    recording(config)
    mon.config_recorder.record(PATCHES, "i-1", {})
    rule(config, "EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK")
    [found] = config.describe_compliance_by_config_rule()["ComplianceByConfigRules"]
    assert found["Compliance"]["ComplianceType"] == "INSUFFICIENT_DATA"


def test_instances_are_managed_that_have_an_inventory(mon, config):
    # given two instances, of which one has told Systems Manager of itself
    good, bad = (
        each["InstanceId"]
        for each in client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=2, MaxCount=2)[
            "Instances"
        ]
    )
    mon.config_recorder.record(INVENTORY, good, inventory())
    judged("EC2_INSTANCE_MANAGED_BY_SSM", lambda: good, lambda: bad)
    # when the other does so, too, and the rule is asked again
    mon.config_recorder.record(INVENTORY, bad, inventory())
    config.start_config_rules_evaluation(ConfigRuleNames=["rule"])
    assert compliance(config)[bad] == "COMPLIANT"
