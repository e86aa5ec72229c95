"""Contributor Insights rules of a monitoring account, on log groups of its source accounts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from tests.oam.conftest import HOME, LOGS, OTHER, SOURCE, link

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
APP_ONLY = {"LogGroupConfiguration": {"Filter": "LogGroupName LIKE 'app%'"}}
# The forms of ARNs: User Guide, "Contributor Insights rule syntax", LogGroupARNs
ARNS = [
    (f"arn:aws:logs:us-east-1:{SOURCE}:log-group:app", [SOURCE]),
    (f"arn:aws:logs:us-east-1:{SOURCE}:log-group:app:*", [SOURCE]),
    ("arn:aws:logs:us-east-1:*:log-group/app", [HOME, SOURCE]),
    (f"arn:aws:logs:us-east-1:{SOURCE}:log-group/a*", [SOURCE]),
    (f"arn:aws:logs:us-east-1:{SOURCE}:log-group:secret", []),
    (f"arn:aws:logs:us-east-1:{OTHER}:log-group:app", []),
    (f"arn:aws:logs:eu-west-1:{SOURCE}:log-group:app", []),
]


@pytest.mark.parametrize(("arn", "expected"), ARNS)
def test_log_events_of_linked_accounts_count(monitoring, cloudwatch, source, sink, arn, expected):
    # given a link that shares one group, and a rule on an ARN
    source.create_link(**link(sink, LOGS, LinkConfiguration=APP_ONLY))
    cloudwatch.put_insight_rule(RuleName="r", RuleDefinition=json.dumps({
        "Schema": {"Name": "CloudWatchLogRule", "Version": 1}, "LogGroupARNs": [arn],
        "LogFormat": "JSON", "Contribution": {"Keys": ["$.from"]}, "AggregateOn": "Count",
    }))  # fmt: skip
    # when all accounts log
    for account in (HOME, SOURCE, OTHER):
        for group in ("app", "secret"):
            monitoring.at(account=account).logs.put(group, "s", json.dumps({"from": account}))
    # then those count that it names and that are shared
    found = cloudwatch.get_insight_rule_report(
        RuleName="r", StartTime=NOW, EndTime=NOW + timedelta(minutes=1), Period=60
    )
    assert sorted(each["Keys"][0] for each in found["Contributors"]) == sorted(expected)
