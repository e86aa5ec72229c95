"""Why a resource is judged so, how it is brought back, and what it would have cost."""

from __future__ import annotations

import pytest

from awsmon import MisuseError
from tests.config_recorder.conftest import (
    GROUP,
    client,
    compliance,
    open_port,
    recording,
    rule,
    security_group,
)
from tests.config_recorder.managed import test_s3 as s3


def test_a_judgement_is_explained_to_the_call_behind_it(mon, config):
    recording(config)
    group = security_group()
    rule(config, "INCOMING_SSH_DISABLED")
    mon.clock.advance(hours=1)
    open_port(group, 22)
    text = mon.config_recorder.explain("rule", GROUP, group)
    first, read, changed, path, caller = text.splitlines()
    assert first == f"{GROUP} {group} is NON_COMPLIANT with rule: Port 22 is open to the world."
    assert read.startswith("  read configuration.ipPermissions: [{")
    assert changed == "  OK at 2026-03-02 13:00:00"
    assert path.startswith("    Configuration.ipPermissions.0: null -> {")
    assert "ec2.AuthorizeSecurityGroupIngress of arn:aws:iam::123456789012:user/awsmon" in caller
    with pytest.raises(MisuseError, match="no rule of that name"):
        mon.config_recorder.explain("other", GROUP, group)


def test_what_a_policy_read_is_told_by_its_place(mon, config):
    recording(config)
    text = "rule a { configuration.disks[*].*.size <= 8 <<Disks are small>> }"
    config.put_config_rule(ConfigRule={"ConfigRuleName": "rule", "Source": {
        "Owner": "CUSTOM_POLICY",
        "SourceDetails": [{"EventSource": "aws.config",
                           "MessageType": "ConfigurationItemChangeNotification"}],
        "CustomPolicyDetails": {"PolicyRuntime": "guard-2.x.x", "PolicyText": text}}})  # fmt: skip
    disks = [{"sd.a": {"size": 4}}, {"sd.b": {"size": 16}}]
    mon.config_recorder.record("Acme::Thing::Rack", "rack", {"disks": disks})
    assert mon.config_recorder.explain("rule", "Acme::Thing::Rack", "rack").splitlines()[:3] == [
        "Acme::Thing::Rack rack is NON_COMPLIANT with rule: Disks are small",
        "  read configuration.disks.0.sd.a.size: 4",
        "  read configuration.disks.1.sd.b.size: 16",
    ]


def test_configuration_and_compliance_are_one_timeline(mon, config):
    recording(config)
    rule(config, "INCOMING_SSH_DISABLED", "ssh")
    group = security_group()
    mon.clock.advance(hours=1)
    open_port(group, 22)
    found = mon.config_recorder.timeline(GROUP, group)
    assert [(each.kind, each.text) for each in found] == [
        ("configuration", "ResourceDiscovered"), ("compliance", "COMPLIANT with ssh"),
        ("configuration", "OK: Configuration.ipPermissions.0"),
        ("compliance", "NON_COMPLIANT with ssh"),
    ]  # fmt: skip
    assert found[2].caller == (
        "ec2.AuthorizeSecurityGroupIngress of arn:aws:iam::123456789012:user/awsmon"
    )
    assert str(found[3]) == "2026-03-02 13:00:00  NON_COMPLIANT with ssh"


def test_a_group_is_brought_back(mon, config):
    recording(config)
    group = security_group("web", 443)
    client("ec2").create_tags(Resources=[group], Tags=[{"Key": "team", "Value": "a"}])
    rule(config, "INCOMING_SSH_DISABLED")
    before = mon.clock.now()
    mon.clock.advance(hours=1)
    open_port(group, 22)
    client("ec2").delete_tags(Resources=[group], Tags=[{"Key": "team"}])
    assert compliance(config)[group] == "NON_COMPLIANT"
    calls = mon.config_recorder.restore(GROUP, group, before)
    assert [each.operation for each in calls] == ["RevokeSecurityGroupIngress", "CreateTags"]
    assert compliance(config)[group] == "NON_COMPLIANT"  # nothing was done yet
    mon.config_recorder.restore(GROUP, group, before, apply=True)
    assert compliance(config)[group] == "COMPLIANT"
    assert mon.config_recorder.diff(GROUP, group, before) == {}
    assert mon.config_recorder.restore(GROUP, group, before) == []


def test_a_bucket_is_brought_back(mon, config):
    recording(config)
    s3.bucket("own", block=s3.BLOCKED)
    before = mon.clock.now()
    mon.clock.advance(hours=1)
    client("s3").delete_public_access_block(Bucket="own")
    client("s3").put_bucket_versioning(Bucket="own", VersioningConfiguration={"Status": "Enabled"})
    s3_policy = [{**s3.ANYBODY, "Action": "s3:GetObject"}]
    client("s3").put_bucket_policy(Bucket="own", Policy=s3.json.dumps({"Statement": s3_policy}))
    calls = mon.config_recorder.restore("AWS::S3::Bucket", "own", before, apply=True)
    assert {each.operation for each in calls} == {
        "PutPublicAccessBlock", "PutBucketVersioning", "DeleteBucketPolicy"
    }  # fmt: skip
    block = client("s3").get_public_access_block(Bucket="own")["PublicAccessBlockConfiguration"]
    assert block == s3.BLOCKED


def test_what_is_gone_or_strange_is_not_brought_back(mon, config):
    recorder = mon.config_recorder
    at = mon.clock.now()
    recorder.record("Acme::Thing::Widget", "w", {"size": 1})
    recorder.record(GROUP, "sg-1", {"ipPermissions": []})
    recorder.record(GROUP, "sg-1", None)
    with pytest.raises(MisuseError, match="awsmon knows how to bring back"):
        recorder.restore("Acme::Thing::Widget", "w", at)
    with pytest.raises(MisuseError, match="gone"):
        recorder.restore(GROUP, "sg-1", at)


def test_what_it_would_have_cost_is_counted(monitoring, config):
    recording(config, start=False)
    rule(config, "INCOMING_SSH_DISABLED")
    for size in range(3):
        monitoring.config_recorder.record(GROUP, "sg-1", {"ipPermissions": [], "size": size})
    assert monitoring.config_recorder.usage() == (3, 3)
