"""What a monitoring account sees of its source accounts' metrics."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.oam.conftest import HOME, LOGS, METRICS, OTHER, SOURCE, client, link

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
APP_ONLY = {"MetricConfiguration": {"Filter": "Namespace = 'App'"}}


@pytest.fixture
def put(monitoring):
    """Metrics here and in two other accounts, of which one shares a namespace."""
    monitoring.metrics.put("App", "Errors", 1)
    for account, value in ((SOURCE, 2), (OTHER, 3)):
        monitoring.at(account=account).metrics.put("App", "Errors", value)
        monitoring.at(account=account).metrics.put("Secret", "Errors", value)


def listed(answer):
    pairs = zip(answer["OwningAccounts"], answer["Metrics"], strict=True)
    return [(account, metric["Namespace"]) for account, metric in pairs]


def values(cloudwatch, account=None, namespace="App"):
    """Status and values of Errors, one minute."""
    query = {
        "Id": "e",
        "MetricStat": {
            "Metric": {"Namespace": namespace, "MetricName": "Errors"}, "Period": 60, "Stat": "Sum",
        },
    }  # fmt: skip
    if account is not None:
        query["AccountId"] = account
    [found] = cloudwatch.get_metric_data(
        MetricDataQueries=[query], StartTime=NOW, EndTime=NOW + timedelta(minutes=1)
    )["MetricDataResults"]
    return found["StatusCode"], found["Values"]


def test_metrics_of_linked_accounts_are_listed_where_asked_for(cloudwatch, source, sink, put):
    # given a link with a filter
    source.create_link(**link(sink, METRICS, LinkConfiguration=APP_ONLY))
    # then only what it shares is listed, after this account's own
    assert listed(cloudwatch.list_metrics(IncludeLinkedAccounts=True)) == [
        (HOME, "App"), (SOURCE, "App"),
    ]  # fmt: skip
    # and one account's alone, or this one's
    one = cloudwatch.list_metrics(IncludeLinkedAccounts=True, OwningAccount=SOURCE)
    assert listed(one) == [(SOURCE, "App")]
    assert len(cloudwatch.list_metrics()["Metrics"]) == 1
    assert "OwningAccounts" not in cloudwatch.list_metrics()
    assert cloudwatch.list_metrics(OwningAccount=SOURCE)["Metrics"] == []
    unlinked = cloudwatch.list_metrics(IncludeLinkedAccounts=True, OwningAccount=OTHER)
    assert listed(unlinked) == []


def test_a_link_may_share_everything_or_no_metrics_at_all(
    monitoring, cloudwatch, source, sink, put
):
    source.create_link(**link(sink, METRICS))
    client(monitoring, OTHER).create_link(**link(sink, LOGS))
    assert listed(cloudwatch.list_metrics(IncludeLinkedAccounts=True)) == [
        (HOME, "App"), (SOURCE, "App"), (SOURCE, "Secret"),
    ]  # fmt: skip


def test_data_of_a_linked_account_is_read_by_its_number(cloudwatch, source, sink, put):
    # given an account that isn't linked yet
    assert values(cloudwatch) == ("Complete", [1.0])
    assert values(cloudwatch, HOME) == ("Complete", [1.0])
    assert values(cloudwatch, SOURCE) == ("Forbidden", [])
    # when it is linked, then what it shares can be read
    made = source.create_link(**link(sink, METRICS, LinkConfiguration=APP_ONLY))["Arn"]
    assert values(cloudwatch, SOURCE) == ("Complete", [2.0])
    assert values(cloudwatch, SOURCE, "Secret") == ("Complete", [])
    assert values(cloudwatch, OTHER) == ("Forbidden", [])
    # and no longer when the link is gone
    source.delete_link(Identifier=made)
    assert values(cloudwatch, SOURCE) == ("Forbidden", [])


def test_a_source_account_sees_nothing_of_the_monitoring_account(monitoring, source, sink, put):
    source.create_link(**link(sink, METRICS))
    theirs = client(monitoring, SOURCE, "cloudwatch")
    assert {account for account, _ in listed(theirs.list_metrics(IncludeLinkedAccounts=True))} == {
        SOURCE
    }
    assert values(theirs, HOME) == ("Forbidden", [])
