"""Rules and what is no longer theirs: another scope, another tag, another mode, an older word."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.config_recorder.conftest import (
    GROUP,
    client,
    compliance,
    history,
    open_port,
    recording,
    rule,
    security_group,
)
from tests.config_recorder.test_remediation import CLOSE, remedy
from tests.config_recorder.test_rules import CHANGES, FUNCTION, HOURLY, VOLUME, custom, volume

TAGGED = {"Scope": {"TagKey": "team", "TagValue": "a"}}
POLICY = "rule gp3 when resourceType == 'AWS::EC2::Volume' { configuration.volumeType == 'gp3' }"


def tag(id_):
    client("ec2").create_tags(Resources=[id_], Tags=[{"Key": "team", "Value": "a"}])


def untag(id_):
    client("ec2").delete_tags(Resources=[id_], Tags=[{"Key": "team"}])


def guard(config, **more):
    source = {"Owner": "CUSTOM_POLICY", "SourceDetails": CHANGES, "CustomPolicyDetails": {
        "PolicyRuntime": "guard-2.x.x", "PolicyText": POLICY}}  # fmt: skip
    config.put_config_rule(ConfigRule={"ConfigRuleName": "rule", "Source": source, **more})


def test_a_smaller_scope_leaves_the_others_without_a_result(mon, config):
    # given two volumes that a rule judged
    recording(config)
    one, two = volume(), volume()
    rule(config, "EC2_VOLUME_INUSE_CHECK")
    assert sorted(compliance(config)) == sorted([one, two])
    # when it is about one alone, then the other has no result
    only = {"ComplianceResourceTypes": [VOLUME], "ComplianceResourceId": one}
    rule(config, "EC2_VOLUME_INUSE_CHECK", Scope=only)
    assert list(compliance(config)) == [one]
    # and none has when it becomes a rule about something else
    rule(config, "INCOMING_SSH_DISABLED")
    assert not {one, two} & set(compliance(config))


@pytest.mark.parametrize("end", [untag, lambda id_: client("ec2").delete_volume(VolumeId=id_)])
@pytest.mark.parametrize("put", [guard, lambda config, **more: rule(
    config, "EC2_VOLUME_INUSE_CHECK", **more)])  # fmt: skip
def test_a_resource_that_loses_its_tag_leaves_the_scope(mon, config, put, end):
    recording(config)
    one = volume()
    tag(one)
    put(config, **TAGGED)
    assert compliance(config) == {one: "NON_COMPLIANT"}
    heard = []
    mon.event_bus.on({"source": ["aws.config"], "detail-type": ["Config Rules Compliance Change"]})(
        heard.append
    )
    end(one)
    assert compliance(config) == {}
    [told] = heard
    assert told["detail"]["newEvaluationResult"]["complianceType"] == "NOT_APPLICABLE"


@pytest.mark.parametrize("end", [untag, lambda id_: client("ec2").delete_volume(VolumeId=id_)])
def test_a_function_is_told_what_left_its_scope(mon, config, end):
    recording(config)
    events = []
    mon.bind(FUNCTION, events.append)
    custom(config, CHANGES, **TAGGED)
    one, other = volume(), volume()
    tag(one)
    assert [each["eventLeftScope"] for each in events] == [False]
    end(other)  # which never was in it
    end(one)
    assert [each["eventLeftScope"] for each in events] == [False, True]
    last = json.loads(events[-1]["invokingEvent"])["configurationItem"]
    assert last["resourceId"] == one


def test_a_proactive_rule_judges_nothing_that_is_there(mon, config):
    recording(config)
    security_group("web", 22)
    both = {"EvaluationModes": [{"Mode": "DETECTIVE"}, {"Mode": "PROACTIVE"}]}
    rule(config, "INCOMING_SSH_DISABLED", **both)
    assert "NON_COMPLIANT" in compliance(config).values()
    rule(config, "INCOMING_SSH_DISABLED", EvaluationModes=[{"Mode": "PROACTIVE"}])
    assert compliance(config) == {}
    security_group("other", 22)
    mon.clock.advance(days=1)
    assert compliance(config) == {}


def test_the_clock_reminds_a_function_and_sends_no_items(mon, config):
    recording(config)
    security_group()
    kinds = []
    mon.bind(
        FUNCTION, lambda event: kinds.append(json.loads(event["invokingEvent"])["messageType"])
    )
    custom(config, CHANGES + HOURLY, Scope={"ComplianceResourceTypes": [GROUP]})
    kinds.clear()
    mon.clock.advance(hours=2)
    assert kinds == ["ScheduledNotification"] * 2


def test_an_older_word_does_not_undo_that_a_rule_does_not_apply(mon, config):
    recording(config)
    tokens = []
    mon.bind(FUNCTION, lambda event: tokens.append(event["resultToken"]))
    custom(config, HOURLY)
    now = mon.clock.now()

    def put(word, at):
        config.put_evaluations(ResultToken=tokens[-1], Evaluations=[{
            "ComplianceResourceType": VOLUME, "ComplianceResourceId": "vol-1",
            "ComplianceType": word, "OrderingTimestamp": at}])  # fmt: skip

    put("NOT_APPLICABLE", now)
    put("NON_COMPLIANT", now - timedelta(days=1))
    assert compliance(config) == {}
    put("NON_COMPLIANT", now)
    assert compliance(config) == {"vol-1": "NON_COMPLIANT"}


@pytest.mark.parametrize("cleared", [False, True])
def test_what_was_left_alone_is_remediated_when_the_exception_is_over(mon, config, cleared):
    # given an open group that is left alone for an hour
    recording(config)
    group = security_group("web", 22)
    rule(config, "INCOMING_SSH_DISABLED")
    keys = [{"ResourceType": GROUP, "ResourceId": group}]
    end = mon.clock.now() + timedelta(hours=1)
    config.put_remediation_exceptions(ConfigRuleName="rule", ResourceKeys=keys, ExpirationTime=end)
    remedy(config, CLOSE, "GroupId")
    assert compliance(config)[group] == "NON_COMPLIANT"
    # when that is over, and the rule is asked again
    if cleared:
        config.delete_remediation_exceptions(ConfigRuleName="rule", ResourceKeys=keys)
    mon.clock.advance(hours=2)
    config.start_config_rules_evaluation(ConfigRuleNames=["rule"])
    # then it is closed
    mon.clock.advance(minutes=5)
    assert compliance(config)[group] == "COMPLIANT"


JUDGED = "AWS::Config::ResourceCompliance"


def test_what_rules_said_has_a_history_of_its_own(mon, config):
    """Source: Config Developer Guide, "Querying Compliance History for your AWS Resources"."""
    # given a group that was closed, open, closed and is gone
    recording(config)
    rule(config, "INCOMING_SSH_DISABLED")
    group = security_group()
    made = mon.clock.now()
    mon.clock.advance(hours=1)
    open_port(group, 22)
    id_ = f"{GROUP}/{group}"
    [told] = [each for each in config.list_discovered_resources(resourceType=JUDGED)[
        "resourceIdentifiers"] if each["resourceId"] == id_]  # fmt: skip
    assert "resourceDeletionTime" not in told
    mon.clock.advance(hours=1)
    client("ec2").delete_security_group(GroupId=group)
    # when its judgements are asked for
    items = history(config, JUDGED, id_, chronologicalOrder="Forward")
    # then each is there, with the rule that said so
    assert [each["configurationItemStatus"] for each in items] == [
        "ResourceDiscovered", "OK", "ResourceDeleted"
    ]  # fmt: skip
    assert items[0]["configurationItemCaptureTime"] == made
    said = json.loads(items[1]["configuration"])
    [by] = said.pop("configRuleList")
    assert said == {"complianceType": "NON_COMPLIANT", "targetResourceId": group,
                    "targetResourceType": GROUP}  # fmt: skip
    assert (by["configRuleName"], by["complianceType"]) == ("rule", "NON_COMPLIANT")
    assert [each["resourceId"] for each in items[0]["relationships"]] == [group]
    # and nothing is where that type isn't recorded
    recording(config, recordingGroup={"resourceTypes": [GROUP]})
    with pytest.raises(ClientError, match="ResourceNotDiscoveredException"):
        history(config, JUDGED, id_)
