"""Account policies that say how long events are kept, and dry runs of them."""

from __future__ import annotations

import pytest

from tests.logs.conftest import event, messages
from tests.logs.test_account_policies import names, prefix, put, refusal, retention

pytestmark = pytest.mark.needs("logs.PolicyType.RETENTION_POLICY", "logs.PutAccountPolicy.dryRun")


def group(logs, of="/app"):
    [found] = logs.describe_log_groups(logGroupNamePrefix=of)["logGroups"]
    return {key: found[key] for key in ("retentionInDays", "retentionPolicyName") if key in found}


def test_retention_takes_effect_a_day_later(monitoring, logs, stream):
    # given a group that keeps its events for a year
    logs.put_retention_policy(logGroupName="/app", retentionInDays=365)
    # when the account says 30 days, then it keeps them for a year for another day
    put(logs, "RETENTION_POLICY", "month")
    monitoring.clock.advance(hours=23, minutes=59)
    assert group(logs) == {"retentionInDays": 365}
    monitoring.clock.advance(minutes=1)
    assert group(logs) == {"retentionInDays": 30, "retentionPolicyName": "month"}
    # when the policy is changed, then what it said before holds for another day
    put(logs, "RETENTION_POLICY", "month", document=retention(60))
    assert group(logs)["retentionInDays"] == 30
    monitoring.clock.advance(days=1)
    assert group(logs)["retentionInDays"] == 60
    # when it is deleted, then the group's own setting holds at once
    logs.delete_account_policy(policyName="month", policyType="RETENTION_POLICY")
    assert group(logs) == {"retentionInDays": 365}


def test_a_policy_that_is_deleted_in_time_never_takes_effect(monitoring, logs, stream):
    put(logs, "RETENTION_POLICY")
    logs.delete_account_policy(policyName="p", policyType="RETENTION_POLICY")
    monitoring.clock.advance(days=2)
    assert group(logs) == {}


def test_events_expire_by_the_policy(monitoring, logs, stream):
    put(logs, "RETENTION_POLICY")
    logs.put_log_events(**stream, logEvents=[event("a")])
    monitoring.clock.advance(days=30)
    assert messages(logs.get_log_events(**stream)) == ["a"]
    monitoring.clock.advance(days=1)
    assert messages(logs.get_log_events(**stream)) == []


def test_what_expired_by_the_old_rule_stays_away(monitoring, logs, stream):
    # given a group of which a day is kept, and an event that nobody looks at
    logs.put_retention_policy(logGroupName="/app", retentionInDays=1)
    logs.put_log_events(**stream, logEvents=[event("a", seconds=-60)])
    # when a longer retention takes effect a day later
    put(logs, "RETENTION_POLICY")
    monitoring.clock.advance(days=2)
    # then the event has expired all the same
    assert messages(logs.get_log_events(**stream)) == []


def test_the_longest_retention_is_used(monitoring, logs, stream):
    put(logs, "RETENTION_POLICY", "all", document=retention(90))
    put(logs, "RETENTION_POLICY", "same", document=retention(90))
    put(logs, "RETENTION_POLICY", "short", prefix("/app"), retention(30))
    monitoring.clock.advance(days=1)
    assert group(logs) == {"retentionInDays": 90, "retentionPolicyName": "all"}
    put(logs, "RETENTION_POLICY", "ever", prefix("/a"), retention("NEVER_EXPIRE"))
    monitoring.clock.advance(days=1)
    assert group(logs) == {"retentionPolicyName": "ever"}


def test_a_policy_may_be_for_new_groups_only(monitoring, logs, stream):
    put(logs, "RETENTION_POLICY", document=retention(30, "NEW_ONLY"))
    logs.create_log_group(logGroupName="/new")
    monitoring.clock.advance(days=1)
    assert group(logs) == {}
    assert group(logs, "/new")["retentionPolicyName"] == "p"
    # a group that is made anew is new
    logs.delete_log_group(logGroupName="/app")
    logs.create_log_group(logGroupName="/app")
    assert group(logs)["retentionPolicyName"] == "p"


def test_a_dry_run_tells_what_would_be(monitoring, logs, stream):
    # given three groups, the second the largest
    for other, days in (("/b", 30), ("/c", 90), ("other", 30)):
        logs.create_log_group(logGroupName=other)
        logs.put_retention_policy(logGroupName=other, retentionInDays=days)
    monitoring.logs.put("/c", "s", "x" * 74)
    # when 90 days for those that begin with a slash are tried
    found = put(logs, "RETENTION_POLICY", criteria=prefix("/"), document=retention(90), dryRun=True)
    # then it is told what would become of them, and nothing is kept
    assert "accountPolicy" not in found
    assert found["dryRunResult"] == {
        "totalMatchedLogGroups": 3,
        "increasedRetentionLogGroupCount": 1,
        "decreasedRetentionLogGroupCount": 1,
        "unchangedRetentionLogGroupCount": 1,
        "failedAnalysisCount": 0,
        "topLogGroupsImpacted": [
            impact("/c", "90", "90", 100), impact("/app", "NEVER_EXPIRE", "90"),
            impact("/b", "30", "90"),
        ],
    }  # fmt: skip
    assert names(logs, "RETENTION_POLICY") == []


def impact(of, current, proposed, stored=0):
    return {
        "logGroupName": of, "currentRetention": current, "proposedRetention": proposed,
        "storedBytes": stored,
    }  # fmt: skip


def test_a_dry_run_of_a_deletion(monitoring, logs, stream):
    put(logs, "RETENTION_POLICY", document=retention(90))
    put(logs, "RETENTION_POLICY", "other", document=retention(30))
    monitoring.clock.advance(days=1)
    found = logs.delete_account_policy(policyName="p", policyType="RETENTION_POLICY", dryRun=True)[
        "dryRunResult"
    ]
    assert found["decreasedRetentionLogGroupCount"] == 1
    assert found["topLogGroupsImpacted"] == [impact("/app", "90", "30")]
    assert names(logs, "RETENTION_POLICY") == ["p", "other"]


def test_a_dry_run_tells_of_twenty_groups(logs):
    for number in range(21):
        logs.create_log_group(logGroupName=f"g{number}")
    found = put(logs, "RETENTION_POLICY", dryRun=True)["dryRunResult"]
    assert found["totalMatchedLogGroups"] == 21
    assert len(found["topLogGroupsImpacted"]) == 20


def test_only_retention_can_be_tried(logs):
    expected = (
        "InvalidParameterException",
        "dryRun is supported for RETENTION_POLICY only.",
    )
    assert refusal(put, logs, "TRANSFORMER_POLICY", dryRun=True) == expected
    put(logs, "TRANSFORMER_POLICY")
    assert expected == refusal(
        logs.delete_account_policy, policyName="p", policyType="TRANSFORMER_POLICY", dryRun=True
    )
