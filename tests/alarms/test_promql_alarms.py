"""PromQL alarms: series that the query returns are pending, in ALARM, recovering.

Sources: User Guide, "PromQL alarms", "Create an alarm using a PromQL query", "PromQL querying".
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

from awsmon.errors import NotImplementedByAwsmon
from tests.alarms.builders import TOPIC, alarm

pytestmark = pytest.mark.needs("cloudwatch.PutMetricAlarm.EvaluationCriteria")

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)


def promql(query="depth > 20", name="p", *, pending=0, recovery=0, interval=60, **more):
    """PutMetricAlarm's parameters."""
    criteria = {"Query": query, "PendingPeriod": pending, "RecoveryPeriod": recovery}
    return {
        "AlarmName": name,
        "EvaluationCriteria": {"PromQLCriteria": criteria},
        "EvaluationInterval": interval,
        **more,
    }


def put(mon, values, *, queue="a", start=0, step=60):
    """A sample of depth every *step* seconds; None: none."""
    for place, value in enumerate(values):
        if value is not None:
            at = NOON + timedelta(seconds=start + place * step)
            mon.metrics.otel.put("depth", value, attributes={"queue": queue}, at=at)


def changes(mon, name="p"):
    """When the state changed, in minutes after noon, and to what."""
    return [
        ((each.timestamp - NOON) / MINUTE, each.summary.rpartition(" ")[2])
        for each in mon.alarms.history.since(mon.clock.now())
        if each.item_type == "StateUpdate" and each.alarm_name == name
    ]


def test_it_begins_in_ok(monitoring, cloudwatch):
    # when an alarm upon a query is put
    cloudwatch.put_metric_alarm(**promql(pending=120))
    # then it is shown with its criteria, in OK
    [shown] = cloudwatch.describe_alarms(AlarmNames=["p"])["MetricAlarms"]
    assert shown["StateValue"] == "OK"
    assert shown["EvaluationCriteria"]["PromQLCriteria"]["PendingPeriod"] == 120
    assert shown["EvaluationInterval"] == 60
    assert "Threshold" not in shown
    # and what nothing is known of changes nothing
    monitoring.clock.advance(hours=1)
    assert monitoring.alarms["p"].state == "OK"


@pytest.mark.parametrize(
    ("pending", "recovery", "wanted"),
    [
        (0, 0, [(3, "ALARM"), (6, "OK")]),
        (120, 0, [(5, "ALARM"), (6, "OK")]),
        (180, 0, []),
        (0, 120, [(3, "ALARM"), (8, "OK")]),
        (60, 300, [(4, "ALARM"), (11, "OK")]),
    ],
)
def test_pending_and_recovery_take_their_time(monitoring, cloudwatch, pending, recovery, wanted):
    # given a queue that is deep at 12:03, 12:04 and 12:05
    cloudwatch.put_metric_alarm(**promql(pending=pending, recovery=recovery))
    put(monitoring, [1, 1, 1, 30, 30, 30, 1, 1, 1, 1, 1, 1, 1, 1])
    # when time goes by
    monitoring.clock.advance(minutes=14)
    # then it is in ALARM after the one period, and OK after the other
    assert changes(monitoring) == wanted


def test_a_series_that_is_back_while_it_recovers_stays_in_alarm(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**promql(recovery=180))
    put(monitoring, [1, 30, 1, 30, 1, 1, 1, 1, 1])
    monitoring.clock.advance(minutes=9)
    assert changes(monitoring) == [(1, "ALARM"), (7, "OK")]


def test_one_that_pauses_while_pending_begins_anew(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**promql(pending=120))
    put(monitoring, [1, 30, 30, 1, 30, 30, 30, 1])
    monitoring.clock.advance(minutes=8)
    assert changes(monitoring) == [(6, "ALARM"), (7, "OK")]


def test_each_series_is_a_contributor(monitoring, cloudwatch):
    # given two queues, deep one after the other
    cloudwatch.put_metric_alarm(**promql("depth > 20", AlarmActions=[TOPIC], OKActions=[TOPIC]))
    put(monitoring, [1, 30, 30, 30, 1], queue="a")
    put(monitoring, [1, 1, 30, 30, 30], queue="b")
    # when both are
    monitoring.clock.advance(minutes=3)
    # then the alarm names both
    found = cloudwatch.describe_alarm_contributors(AlarmName="p")["AlarmContributors"]
    assert {each["ContributorAttributes"]["queue"] for each in found} == {"a", "b"}
    assert found[0]["ContributorAttributes"]["__name__"] == "depth"
    assert monitoring.alarms["p"].state_reason == "2 out of 2 time series evaluated to ALARM"
    # and as one goes, its topic hears of that one, the alarm staying as it is
    monitoring.clock.advance(minutes=1)
    told = [json.loads(each.payload["Message"]) for each in monitoring.deliveries]
    assert [
        (each["NewStateValue"], each.get("AlarmContributorAttributes", {}).get("queue"))
        for each in told
    ] == [("ALARM", "a"), ("ALARM", None), ("ALARM", "b"), ("OK", "a")]
    assert monitoring.alarms["p"].state == "ALARM"
    assert told[0]["Trigger"]["EvaluationInterval"] == 60


def test_it_is_evaluated_at_its_interval(monitoring, cloudwatch):
    # given one that looks every ten seconds, and one that looks every five minutes
    cloudwatch.put_metric_alarm(**promql(name="often", interval=10))
    cloudwatch.put_metric_alarm(**promql(name="seldom", interval=300))
    put(monitoring, [1, 1, 30, 30, 1], start=3, step=10)
    put(monitoring, [30] * 10, queue="b", start=61)
    monitoring.clock.advance(minutes=6)
    assert changes(monitoring, "often")[0] == (pytest.approx(0.5), "ALARM")
    assert changes(monitoring, "seldom") == [(5, "ALARM")]


def test_rates_and_aggregation(monitoring, cloudwatch):
    """The error rate of the guide's example: over five per cent of the requests."""
    query = (
        'sum(rate({"http.count", "@resource.service.name"="shop", "status"=~"5.."}[5m])) / '
        'sum(rate({"http.count", "@resource.service.name"="shop"}[5m])) * 100 > 5'
    )
    cloudwatch.put_metric_alarm(**promql(query))
    # given counters of which the errors begin to grow after ten minutes
    for minute in range(20):
        for status, total in (("200", 100 * minute), ("503", 20 * max(0, minute - 10))):
            monitoring.metrics.otel.put(
                "http.count", total, attributes={"status": status},
                resource={"service.name": "shop"}, at=NOON + minute * MINUTE,
            )  # fmt: skip
    # when time goes by
    monitoring.clock.advance(minutes=20)
    # then it goes off as soon as the share over five minutes is larger: 20 in 520 is not, 40 in
    # 540 is
    assert changes(monitoring) == [(12, "ALARM")]
    [contributor] = cloudwatch.describe_alarm_contributors(AlarmName="p")["AlarmContributors"]
    assert contributor["ContributorAttributes"] == {}


def test_offsets_look_back(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**promql("depth - depth offset 5m > 10"))
    put(monitoring, [5] * 8 + [20] * 10)
    monitoring.clock.advance(minutes=18)
    assert changes(monitoring) == [(8, "ALARM"), (13, "OK")]


def test_silence_can_be_what_is_looked_for(monitoring, cloudwatch):
    # given an alarm upon a metric's absence, whose last sample is of 12:02
    cloudwatch.put_metric_alarm(**promql('absent(depth{queue="a"})'))
    put(monitoring, [1, 1, 1])
    # then it is in ALARM from the first look on, while there is nothing in the latest 5 minutes
    monitoring.clock.advance(minutes=20)
    assert changes(monitoring) == [(7, "ALARM")]


def test_a_query_whose_samples_do_not_match(monitoring, cloudwatch):
    # given two queues of which the query expects one
    cloudwatch.put_metric_alarm(**promql("depth + on () depth > 1"))
    put(monitoring, [1], queue="a")
    put(monitoring, [1], queue="b")
    monitoring.clock.advance(minutes=1)
    # then the alarm says so, and keeps its state
    [shown] = cloudwatch.describe_alarms(AlarmNames=["p"])["MetricAlarms"]
    assert (shown["EvaluationState"], shown["StateValue"]) == ("EVALUATION_ERROR", "OK")
    assert "many-to-many matching not allowed" in shown["StateReason"]


def test_beyond_five_hundred_series_it_has_part_of_the_data(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**promql())
    for number in range(501):
        put(monitoring, [30], queue=str(number))
    monitoring.clock.advance(minutes=1)
    [shown] = cloudwatch.describe_alarms(AlarmNames=["p"])["MetricAlarms"]
    assert shown["EvaluationState"] == "PARTIAL_DATA"
    assert shown["StateReason"] == "100+ time series evaluated to ALARM"


def test_time_without_samples_costs_nothing(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**promql(interval=10, pending=60, recovery=60))
    put(monitoring, [30, 30, 30])
    monitoring.clock.advance(days=3650)
    assert [state for _, state in changes(monitoring)] == []  # of 30 days
    assert monitoring.alarms["p"].state == "OK"
    assert monitoring.alarms["p"].timer is None or not monitoring.alarms["p"].timer.live


def test_a_snapshot_holds_samples_and_what_is_pending(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**promql(pending=120))
    put(monitoring, [30] * 5)
    monitoring.clock.advance(minutes=2)
    snapshot = monitoring.snapshot()
    monitoring.clock.advance(minutes=5)
    monitoring.restore(snapshot)
    assert monitoring.alarms["p"].state == "OK"
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["p"].state == "ALARM"


def test_it_is_explained_and_part_of_composite_alarms(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**promql())
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule="ALARM(p)")
    put(monitoring, [30] * 3)
    monitoring.clock.advance(minutes=2)
    assert monitoring.alarms["c"].state == "ALARM"
    text = str(monitoring.explain("p"))
    assert "depth > 20 for 0 s, every 60 s" in text
    assert "queue=a" in text


def test_an_update_keeps_the_series_and_a_metric_alarm_may_become_one(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**promql())
    put(monitoring, [30] * 9)
    monitoring.clock.advance(minutes=1)
    # when the recovery is made longer, the alarm stays in ALARM without a change
    cloudwatch.put_metric_alarm(**promql(recovery=600))
    monitoring.clock.advance(minutes=2)
    assert changes(monitoring) == [(1, "ALARM")]
    # and when a metric alarm takes its name, it is one
    cloudwatch.put_metric_alarm(**alarm("p", missing="notBreaching"))
    monitoring.clock.advance(minutes=1)
    assert changes(monitoring) == [(1, "ALARM"), (4, "OK")]
    cloudwatch.delete_alarms(AlarmNames=["p"])
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


# -- warm-up ---------------------------------------------------------------------------------------
# Source: User Guide, "Alarm warm-up periods".


def warm_up(minutes, *, whole):
    return {"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": minutes,
                                    "OnlyStartEvaluatingAfterWarmUpPeriodEnds": whole}}  # fmt: skip


@pytest.mark.needs("cloudwatch.PutMetricAlarm.WarmUpConfiguration")
@pytest.mark.parametrize(
    ("whole", "wanted"),
    [(True, [(10, "ALARM")]), (False, [(3, "ALARM")])],
)
def test_it_warms_up(monitoring, cloudwatch, whole, wanted):
    # given an alarm that warms up for ten minutes
    cloudwatch.put_metric_alarm(**promql(**warm_up(10, whole=whole)))
    [shown] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (shown["StateValue"], shown["EvaluationState"]) == ("INSUFFICIENT_DATA", "IN_WARM_UP")
    assert shown["WarmUpConfiguration"]["WarmUpPeriodDurationInMinutes"] == 10
    # when the first sample, a high one, comes after three minutes
    put(monitoring, [30] * 20, start=180)
    monitoring.clock.advance(minutes=15)
    # then it is judged when the time is over, or at once
    assert changes(monitoring) == wanted
    assert "EvaluationState" not in cloudwatch.describe_alarms()["MetricAlarms"][0]


@pytest.mark.needs("cloudwatch.PutMetricAlarm.WarmUpConfiguration")
def test_a_warm_up_that_is_over_does_not_start_again(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**promql(**warm_up(5, whole=False)))
    monitoring.clock.advance(minutes=6)
    cloudwatch.put_metric_alarm(**promql(**warm_up(60, whole=True)))
    assert monitoring.alarms["p"].state == "OK"
    assert "EvaluationState" not in cloudwatch.describe_alarms()["MetricAlarms"][0]


# -- AWS's own metrics -----------------------------------------------------------------------------

CPU = 'histogram_avg({CPUUtilization, "@instrumentation.@name"="cloudwatch.aws/ec2"}) > 80'


def put_cpu(mon, value, at=None):
    mon.metrics.put("AWS/EC2", "CPUUtilization", value, dimensions={"InstanceId": "i-1"}, at=at)


def test_metrics_of_aws_count_once_they_are_enriched(monitoring, cloudwatch):
    # given an alarm upon the load of instances
    cloudwatch.put_metric_alarm(**promql(CPU))
    put_cpu(monitoring, [90, 100])
    monitoring.clock.advance(minutes=2)
    assert monitoring.alarms["p"].state == "OK"
    # when enrichment is started
    cloudwatch.start_o_tel_enrichment()
    put_cpu(monitoring, [90, 100])
    monitoring.clock.advance(minutes=1)
    # then the minute is a sample when it is over, with the labels of the resource
    [contributor] = cloudwatch.describe_alarm_contributors(AlarmName="p")["AlarmContributors"]
    labels = contributor["ContributorAttributes"]
    assert labels["InstanceId"] == "i-1"
    assert labels["@resource.cloud.resource_id"] == (
        "arn:aws:ec2:us-east-1:123456789012:instance/i-1"
    )
    assert "95.0" in contributor["StateReason"]
    # and when it is stopped, nothing is returned any more
    cloudwatch.stop_o_tel_enrichment()
    put_cpu(monitoring, 100)
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["p"].state == "OK"


@pytest.mark.parametrize(
    ("filters", "state"),
    [
        ({"IncludeFilters": [{"Namespace": "AWS/EC2"}]}, "ALARM"),
        ({"IncludeFilters": [{"Namespace": "AWS/SQS"}]}, "OK"),
        ({"ExcludeFilters": [{"Namespace": "AWS/EC2", "MetricNames": ["CPUUtilization"]}]}, "OK"),
        ({"ExcludeFilters": [{"Namespace": "AWS/EC2", "MetricNames": ["NetworkIn"]}]}, "ALARM"),
    ],
)
@pytest.mark.needs("cloudwatch.StartOTelEnrichment.IncludeFilters")
def test_filters_say_which(monitoring, cloudwatch, filters, state):
    cloudwatch.start_o_tel_enrichment(**filters)
    cloudwatch.put_metric_alarm(**promql(CPU))
    put_cpu(monitoring, 99)
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["p"].state == state


def test_metrics_of_put_metric_data_are_not_to_be_seen(monitoring, cloudwatch):
    cloudwatch.start_o_tel_enrichment()
    cloudwatch.put_metric_alarm(**promql("Errors > 0 or absent(Errors)", pending=60))
    cloudwatch.put_metric_data(Namespace="App", MetricData=[{"MetricName": "Errors", "Value": 9}])
    monitoring.clock.advance(minutes=3)
    [contributor] = cloudwatch.describe_alarm_contributors(AlarmName="p")["AlarmContributors"]
    assert contributor["ContributorAttributes"] == {}


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "code", "message"),
    [
        (promql(Threshold=1.0), "InvalidParameterCombination", "and Threshold"),
        (promql(MetricName="m"), "InvalidParameterCombination", "and MetricName"),
        (promql(interval=45), "ValidationError", "EvaluationInterval must be 10, 20, 30"),
        (promql("sum("), "ValidationError", "Expected a value, found the end"),
        (promql("depth[5m]"), "ValidationError", "range vector, not an instant vector"),
        (promql("5"), "ValidationError", "scalar, not an instant vector"),
        (promql('{queue="a"}'), "ValidationError", "A metric is selected by its name"),
        (promql(AlarmActions=["arn:aws:automate:us-east-1:ec2:stop"]), "ValidationError",
         "not supported for PromQL alarms"),
        ({**alarm(), "EvaluationInterval": 60}, "InvalidParameterCombination", "Interval"),
    ],
)  # fmt: skip
def test_what_is_refused(monitoring, cloudwatch, request_, code, message):
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_metric_alarm(**request_)
    assert caught.value.response["Error"]["Code"] == code
    assert message in caught.value.response["Error"]["Message"]
    assert list(monitoring.alarms) == []


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("limitk(1, depth)", "limitk"),
        ("max_over_time(depth[1d:1s])", "subqueries of more than 11000 steps"),
        ("mad_over_time(depth[5m]) > 1", "mad_over_time"),
    ],
)
def test_what_is_beyond_is_said(cloudwatch, query, what):
    with pytest.raises(NotImplementedByAwsmon, match=what):
        cloudwatch.put_metric_alarm(**promql(query))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        # each of the steps from 12:03 to 12:07 sees the sample, and the window the last until 12:16
        ("max_over_time(depth[10m:1m]) > 20", [(3, "ALARM"), (17, "OK")]),
        ("max_over_time(depth[2m:1m] offset 10m) > 20", [(13, "ALARM"), (19, "OK")]),
        # time alone decides
        ("vector(1) and on () (minute() >= 5) and on () (minute() < 9)", [(5, "ALARM"), (9, "OK")]),
        # the sample as of 12:04 counts from when it is there, whatever the time
        (f"depth @ {NOON.timestamp() + 240:.0f} > 20", [(1, "ALARM")]),
    ],
)
def test_queries_that_look_further_are_run_when_they_can_change(
    monitoring, cloudwatch, query, wanted
):
    # given one sample of 30 at 12:03, which is there from noon on
    cloudwatch.put_metric_alarm(**promql(query))
    put(monitoring, [30], start=180)
    # when time goes by
    monitoring.clock.advance(minutes=40)
    # then the alarm is evaluated whenever its query returns something else
    assert changes(monitoring) == wanted


# -- sleeping changes nothing ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_skipping_what_cannot_change_anything_changes_nothing(monitoring, cloudwatch, seed):
    """A model evaluates at every boundary: the latest sample of five minutes, above 20."""
    chance = random.Random(seed)
    pending, recovery = chance.choice([0, 60, 120]), chance.choice([0, 60, 240])
    cloudwatch.put_metric_alarm(**promql(pending=pending, recovery=recovery))
    samples, state, since, gone, wanted = {}, "OK", None, None, []
    for minute in range(1, 41):
        if chance.random() < 0.25:  # a sample of some time about now
            at = 60 * minute + chance.choice([-200, -61, 0, 1, 59, 90]) - 30
            samples[at] = chance.choice([1, 30, 30])
            put(monitoring, [samples[at]], start=at)
        monitoring.clock.advance(minutes=1)
        now = 60 * minute
        seen = [at for at in samples if now - 300 < at <= now]
        breaching = bool(seen) and samples[max(seen)] > 20
        if state == "OK":
            since = (now if since is None else since) if breaching else None
            if since is not None and now - since >= pending:
                state, since, gone = "ALARM", None, None
                wanted.append((minute, state))
        else:
            gone = None if breaching else (now if gone is None else gone)
            if gone is not None and now - gone >= recovery:
                state, gone = "OK", None
                wanted.append((minute, state))
    assert changes(monitoring) == wanted
