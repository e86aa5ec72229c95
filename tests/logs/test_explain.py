"""Why a filter let an event through or not: `logs.explain`."""

from __future__ import annotations

import boto3
import pytest

from awsmon.core.errors import MisuseError
from tests.logs.conftest import NOW

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:handle"


def metric_filter(logs, pattern, name="errors", value="1", **more):
    logs.put_metric_filter(
        logGroupName="/app", filterName=name, filterPattern=pattern,
        metricTransformations=[{"metricName": "m", "metricNamespace": "App",
                                "metricValue": value, **more}],
    )  # fmt: skip


def subscribe(logs, pattern, name="errors", **more):
    logs.put_subscription_filter(
        logGroupName="/app", filterName=name, filterPattern=pattern, destinationArn=FUNCTION, **more
    )


def test_a_metric_filter_s_mismatches_are_told(monitoring, logs, stream):
    # given a filter, and an event that it matches, and two that it doesn't
    metric_filter(logs, "{ $.type = A && $.status >= 500 }")
    monitoring.logs.put("/app", "web", ['{"type": "A", "status": 503}',
                                        '{"type": "A", "status": 404}', "plain"])  # fmt: skip
    # when it is explained
    found = monitoring.logs.explain("/app", "errors")
    # then each event has its reason
    assert (found.kind, found.pattern) == (
        "metric filter", "{ $.type = A && $.status >= 500 }"
    )  # fmt: skip
    assert [event.matched for event in found.events] == [True, False, False]
    assert found.events[1].mismatch == ("$.status >= 500", 16, "$.status is 404")
    assert found.events[2].mismatch.why == "the message is no JSON object"
    # and it prints as text
    assert str(found).splitlines() == [
        "metric filter errors of /app matches 1 of the last 3 events",
        "  pattern  { $.type = A && $.status >= 500 }",
        '  + 2026-03-02T12:00:00.000Z {"type": "A", "status": 503}  [web]',
        '  - 2026-03-02T12:00:00.000Z {"type": "A", "status": 404}  [web]',
        "      $.status >= 500 (position 16): $.status is 404",
        "  - 2026-03-02T12:00:00.000Z plain  [web]",
        '      { $.type = "A" && $.status >= 500 } (position 0): the message is no JSON object',
    ]


def test_a_subscription_s_deliveries_are_told(monitoring, logs, stream):
    def fail(event):
        raise RuntimeError("no")

    monitoring.bind(FUNCTION, fail)
    subscribe(logs, "ERROR")
    monitoring.logs.put("/app", "web", ["ERROR", "error"])
    monitoring.clock.advance(minutes=5)
    found = monitoring.logs.explain("/app", "errors")
    assert found.kind == "subscription filter"
    assert found.events[1].mismatch.why == "it occurs only in other case"
    [delivery] = found.deliveries
    assert delivery.status == "failed"
    assert str(found).splitlines()[-1] == (
        f"  2026-03-02 12:00:00  delivery to {FUNCTION}: failed, 3 attempts: RuntimeError: no"
    )


def test_an_account_policy_s_filter_is_explained_by_its_name(monitoring, logs, stream):
    logs.put_account_policy(
        policyName="all", policyType="SUBSCRIPTION_FILTER_POLICY",
        policyDocument=f'{{"DestinationArn": "{FUNCTION}", "FilterPattern": "a"}}',
    )  # fmt: skip
    monitoring.logs.put("/app", "web", "b")
    assert monitoring.logs.explain("/app", "all").events[0].mismatch.part == "a"


def test_the_newest_events_are_looked_at_oldest_first(monitoring, logs, stream):
    metric_filter(logs, "")
    for number in range(30):
        monitoring.clock.advance(seconds=1)
        monitoring.logs.put("/app", "web" if number % 2 else "api", str(number))
    found = monitoring.logs.explain("/app", "errors")
    assert [event.line.message for event in found.events] == [str(n) for n in range(10, 30)]
    assert len(monitoring.logs.explain("/app", "errors", last=3).events) == 3
    assert "(empty: all match)" in str(found)


# -- a match of which nothing comes ----------------------------------------------------------------


def test_an_event_that_came_before_the_filter_was_not_seen(monitoring, logs, stream):
    monitoring.logs.put("/app", "web", "ERROR before")
    monitoring.clock.advance(seconds=1)
    metric_filter(logs, "ERROR")
    monitoring.logs.put("/app", "web", "ERROR after")
    notes = [event.note for event in monitoring.logs.explain("/app", "errors").events]
    assert notes == ["it came in before the filter was put", ""]


@pytest.mark.parametrize(
    ("message", "note"),
    [
        ('{"a": 1, "n": 5, "d": "x"}', ""),
        ('{"a": 1, "d": "x"}', "no datapoint: the value $.n isn't there"),
        ('{"a": 1, "n": "much", "d": "x"}', "no datapoint: the value $.n is 'much', no number"),
        ('{"a": 1, "n": 5}', "no datapoint: $.d, the dimension D, isn't there"),
    ],
)
def test_a_match_without_a_datapoint_says_what_is_missing(
    monitoring, logs, stream, message, note
):  # fmt: skip
    metric_filter(logs, "{ $.a = 1 && ($.n = * || $.n NOT EXISTS) && ($.d = * || $.d NOT EXISTS) }",
                  value="$.n", dimensions={"D": "$.d"})  # fmt: skip
    monitoring.logs.put("/app", "web", message)
    [event] = monitoring.logs.explain("/app", "errors").events
    assert (event.matched, event.note) == (True, note)


def test_criteria_that_leave_an_event_out_are_told(monitoring, logs, stream):
    subscribe(logs, "", fieldSelectionCriteria='@aws.region = "eu-west-1"')
    monitoring.logs.put("/app", "web", "a")
    [event] = monitoring.logs.explain("/app", "errors").events
    assert event.note == 'the filter\'s criteria leave it out: @aws.region = "eu-west-1"'
    assert event.note in str(monitoring.logs.explain("/app", "errors"))


# -- which filter ----------------------------------------------------------------------------------


def test_two_of_one_name_are_told_apart(monitoring, logs, stream):
    metric_filter(logs, "a")
    subscribe(logs, "b")
    with pytest.raises(MisuseError, match="two filters 'errors': say which by kind="):
        monitoring.logs.explain("/app", "errors")
    assert monitoring.logs.explain("/app", "errors", kind="metric").pattern == "a"
    assert monitoring.logs.explain("/app", "errors", kind="subscription").pattern == "b"
    with pytest.raises(MisuseError, match="expected 'metric' or 'subscription'"):
        monitoring.logs.explain("/app", "errors", kind="other")
    with pytest.raises(MisuseError, match="last=0"):
        monitoring.logs.explain("/app", "errors", last=0)


def test_an_unknown_filter_is_a_mistake_that_names_the_others(monitoring, logs, stream):
    with pytest.raises(MisuseError, match="no filter 'x'; it has: none"):
        monitoring.logs.explain("/app", "x")
    metric_filter(logs, "a")
    with pytest.raises(MisuseError, match="it has: errors"):
        monitoring.logs.explain("/app", "x")


def test_explaining_changes_nothing(monitoring, logs, stream):
    metric_filter(logs, "a")
    monitoring.logs.put("/app", "web", "a")
    before = monitoring.snapshot()
    monitoring.logs.explain("/app", "errors")
    assert monitoring.snapshot() == before


def test_a_long_message_is_clipped_in_the_text(monitoring, logs, stream):
    metric_filter(logs, "a")
    monitoring.logs.put("/app", "web", f"a\n{'x' * 1000}", at=None)
    [event] = monitoring.logs.explain("/app", "errors").events
    assert event.line.message.startswith("a\n")
    assert all(
        len(line) < 120 for line in str(monitoring.logs.explain("/app", "errors")).split("\n")
    )
    assert event.line.at.timestamp() * 1000 == NOW


def test_another_account_s_filter_is_explained_there(monitoring, logs):
    there = monitoring.at(account="222222222222")
    client = boto3.client("logs", **there.credentials)
    client.create_log_group(logGroupName="/app")
    metric_filter(client, "a")
    there.logs.put("/app", "s", "b")
    assert not there.logs.explain("/app", "errors").events[0].matched
