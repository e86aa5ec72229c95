"""Contributor Insights: rules, what they find in log events, reports, metric math, alarms."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon import mock_monitoring
from tests.alarms.builders import alarm

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
HOUR = {"StartTime": NOON, "EndTime": NOON + timedelta(hours=1), "Period": 300}
MINUTE = {"StartTime": NOON, "EndTime": NOON + timedelta(minutes=1), "Period": 60}
# User Guide, "Contributor Insights rule syntax": the first example
BYTES_BY_IP = {
    "Schema": {"Name": "CloudWatchLogRule", "Version": 1},
    "LogGroupNames": ["API-Gateway-Access-Logs*", "Log-group-name2"],
    "LogFormat": "JSON",
    "Contribution": {
        "Keys": ["$.ip"],
        "ValueOf": "$.requestBytes",
        "Filters": [{"Match": "$.httpMethod", "In": ["PUT"]}],
    },
    "AggregateOn": "Sum",
}
REQUESTS_BY_IP = BYTES_BY_IP | {
    "LogGroupNames": ["api"], "Contribution": {"Keys": ["$.ip"]}, "AggregateOn": "Count",
}  # fmt: skip


def put_rule(cloudwatch, definition=REQUESTS_BY_IP, name="by-ip", **more):
    cloudwatch.put_insight_rule(RuleName=name, RuleDefinition=json.dumps(definition), **more)


def put_logs(mon, *messages, group="api", at=NOON):
    """Each message as JSON, unless it is text."""
    mon.logs.put(group, "s", [
        (at, each if isinstance(each, str) else json.dumps(each)) for each in messages
    ])  # fmt: skip


def report(cloudwatch, name="by-ip", **more):
    return cloudwatch.get_insight_rule_report(RuleName=name, **(MINUTE | more))


def contributors(found):
    return [(each["Keys"], each["ApproximateAggregateValue"]) for each in found["Contributors"]]


# -- what is counted -------------------------------------------------------------------------------


def test_the_guides_first_rule_sums_the_bytes_of_put_requests_by_address(monitoring, cloudwatch):
    # given the rule
    put_rule(cloudwatch, BYTES_BY_IP)
    # when requests are logged in groups that it names, one by a prefix, and in another
    put_logs(
        monitoring,
        {"ip": "10.0.0.1", "requestBytes": 100, "httpMethod": "PUT"},
        {"ip": "10.0.0.2", "requestBytes": 500, "httpMethod": "PUT"},
        {"ip": "10.0.0.1", "requestBytes": 7, "httpMethod": "GET"},
        group="API-Gateway-Access-Logs-prod",
    )  # fmt: skip
    put = {"ip": "10.0.0.1", "requestBytes": 50, "httpMethod": "PUT"}
    put_logs(monitoring, put, group="Log-group-name2")
    put_logs(monitoring, put, group="Log-group-name22")
    # then the report has them, best first
    found = report(cloudwatch)
    del found["ResponseMetadata"]
    assert found == {
        "KeyLabels": ["$.ip"], "AggregationStatistic": "Sum", "AggregateValue": 650.0,
        "ApproximateUniqueCount": 2, "MetricDatapoints": [],
        "Contributors": [
            {"Keys": ["10.0.0.2"], "ApproximateAggregateValue": 500.0,
             "Datapoints": [{"Timestamp": NOON, "ApproximateValue": 500.0}]},
            {"Keys": ["10.0.0.1"], "ApproximateAggregateValue": 150.0,
             "Datapoints": [{"Timestamp": NOON, "ApproximateValue": 150.0}]},
        ],
    }  # fmt: skip


# VPC flow logs: lines of the VPC User Guide; rules of the CloudWatch User Guide, "Contributor
# Insights rule examples": bytes by addresses, HTTPS packets, rejected TCP connections.
FLOWS = [
    "2 123456789010 eni-1 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1 2 ACCEPT OK",
    "2 123456789010 eni-1 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1 2 REJECT OK",
    "2 123456789010 eni-1 172.31.9.69 172.31.9.12 49762 443 6 3 1000 1 2 REJECT OK",
    "2 123456789010 eni-2 172.31.9.69 172.31.9.12 49763 53 17 1 60 1 2 REJECT OK",
    "2 123456789010 eni-3 - - - - - - - 1 2 - NODATA",
]
FLOW_RULES = [
    (
        {"4": "srcaddr", "5": "dstaddr", "10": "bytes"},
        {"Keys": ["srcaddr", "dstaddr"], "ValueOf": "bytes", "Filters": []},
        [(["172.31.9.69", "172.31.9.12"], 5309.0), (["172.31.16.139", "172.31.16.21"], 4249.0)],
    ),
    (
        {"5": "destination address", "7": "destination port", "9": "packet count"},
        {"Keys": ["destination address"], "ValueOf": "packet count",
         "Filters": [{"Match": "destination port", "EqualTo": 443}]},
        [(["172.31.9.12"], 3.0)],
    ),
    (
        {"3": "interfaceID", "4": "sourceAddress", "8": "protocol", "13": "action"},
        {"Keys": ["interfaceID", "sourceAddress"],
         "Filters": [{"Match": "protocol", "EqualTo": 6}, {"Match": "action", "In": ["REJECT"]}]},
        [(["eni-1", "172.31.9.69"], 2.0)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "contribution", "expected"), FLOW_RULES)
def test_the_guides_rules_on_flow_logs(monitoring, cloudwatch, fields, contribution, expected):
    put_rule(cloudwatch, BYTES_BY_IP | {
        "LogGroupNames": ["/flowlogs"], "LogFormat": "CLF", "Fields": fields,
        "Contribution": contribution,
    })  # fmt: skip
    put_logs(monitoring, *FLOWS, group="/flowlogs")
    found = report(cloudwatch)
    assert contributors(found) == expected
    assert found["KeyLabels"] == contribution["Keys"]


def test_only_what_comes_in_while_a_rule_is_enabled_counts(monitoring, cloudwatch):
    # given a rule that is disabled, enabled, disabled again
    put_rule(cloudwatch, RuleState="DISABLED")
    put_logs(monitoring, {"ip": "before"})
    assert cloudwatch.enable_insight_rules(RuleNames=["by-ip"])["Failures"] == []
    put_logs(monitoring, {"ip": "while"})
    cloudwatch.disable_insight_rules(RuleNames=["by-ip"])
    put_logs(monitoring, {"ip": "after"})
    # then it knows of the time between, and still does
    assert contributors(report(cloudwatch)) == [(["while"], 1.0)]


def test_another_definition_starts_anew_and_the_same_goes_on(monitoring, cloudwatch):
    put_rule(cloudwatch)
    put_logs(monitoring, {"ip": "1"})
    put_rule(cloudwatch)
    assert contributors(report(cloudwatch)) == [(["1"], 1.0)]
    put_rule(cloudwatch, REQUESTS_BY_IP | {"Contribution": {"Keys": ["$.path"]}})
    assert contributors(report(cloudwatch)) == []


def test_what_is_fifteen_days_old_is_gone(monitoring, cloudwatch):
    put_rule(cloudwatch)
    put_logs(monitoring, {"ip": "1"})
    monitoring.clock.advance(days=15)
    assert contributors(report(cloudwatch)) == [(["1"], 1.0)]
    monitoring.clock.advance(minutes=1)
    put_logs(monitoring, {"ip": "2"}, at=monitoring.clock.now())
    assert contributors(report(cloudwatch)) == []


@pytest.mark.needs("cloudwatch.PutInsightRule.ApplyOnTransformedLogs")
def test_a_rule_may_look_at_what_a_transformer_made_of_log_events(monitoring, cloudwatch):
    # given a transformer that makes JSON of lines, and a rule on either form
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="api")
    logs.put_transformer(logGroupIdentifier="api", transformerConfig=[
        {"csv": {"columns": ["ip", "path"], "delimiter": " "}}])  # fmt: skip
    put_rule(cloudwatch, name="transformed", ApplyOnTransformedLogs=True)
    put_rule(cloudwatch, name="original")
    # when lines come
    put_logs(monitoring, "10.0.0.1 /a", "10.0.0.1 /b")
    # then only the rule upon transformed log events finds any
    assert contributors(report(cloudwatch, "transformed")) == [(["10.0.0.1"], 2.0)]
    assert contributors(report(cloudwatch, "original")) == []


def test_a_restored_snapshot_goes_on_counting():
    with mock_monitoring(now=NOON.isoformat()) as mon:
        put_rule(boto3.client("cloudwatch"))
        put_logs(mon, {"ip": "1"})
        data = mon.snapshot()
    with mock_monitoring(from_snapshot=data) as mon:
        put_logs(mon, {"ip": "1"})
        assert contributors(report(boto3.client("cloudwatch"))) == [(["1"], 2.0)]


# -- reports ---------------------------------------------------------------------------------------


@pytest.fixture
def sums(monitoring, cloudwatch):
    """Bytes by address: in the first minute 10 and 20 by a, 5 by b, in the sixth 100 by b."""
    put_rule(cloudwatch, BYTES_BY_IP | {
        "LogGroupNames": ["api"], "Contribution": {"Keys": ["$.ip"], "ValueOf": "$.n"}
    })  # fmt: skip
    put_logs(monitoring, *({"ip": ip, "n": n} for ip, n in (("a", 10), ("a", 20), ("b", 5))))
    later = NOON + timedelta(minutes=5)
    monitoring.clock.advance(minutes=6)
    put_logs(monitoring, {"ip": "b", "n": 100}, at=later)
    return monitoring


def test_metrics_are_of_each_period_and_zero_where_nothing_contributed(sums, cloudwatch):
    # when all seven are asked for
    names = ["UniqueContributors", "MaxContributorValue", "SampleCount", "Sum", "Minimum",
             "Maximum", "Average"]  # fmt: skip
    found = report(cloudwatch, Metrics=names, **(HOUR | {"Period": 60}))["MetricDatapoints"]
    # then each minute has them: calculated by hand
    assert [len(found), found[0], found[1], found[5]] == [
        60,
        {"Timestamp": NOON, "UniqueContributors": 2, "MaxContributorValue": 30, "SampleCount": 3,
         "Sum": 35, "Minimum": 5, "Maximum": 20, "Average": 35 / 3},
        {"Timestamp": NOON + timedelta(minutes=1), **dict.fromkeys(names, 0.0)},
        {"Timestamp": NOON + timedelta(minutes=5), "UniqueContributors": 1,
         "MaxContributorValue": 100, "SampleCount": 1, "Sum": 100, "Minimum": 100, "Maximum": 100,
         "Average": 100},
    ]  # fmt: skip


def test_longer_periods_sum_their_minutes_up(sums, cloudwatch):
    found = report(cloudwatch, **(HOUR | {"Period": 600}), Metrics=["UniqueContributors"])
    assert found["MetricDatapoints"][0]["UniqueContributors"] == 2
    assert contributors(found) == [(["b"], 105.0), (["a"], 30.0)]
    assert [len(each["Datapoints"]) for each in found["Contributors"]] == [1, 1]


def test_as_many_contributors_as_asked_for_in_the_order_asked_for(sums, cloudwatch):
    # given a third, whose single value is less than its sum
    put_logs(sums, *[{"ip": "c", "n": 40}] * 3)
    # then by sum, by the highest single value, and the best alone
    by_sum = report(cloudwatch, **HOUR)
    assert [each["Keys"] for each in by_sum["Contributors"]] == [["c"], ["b"], ["a"]]
    by_maximum = report(cloudwatch, **HOUR, OrderBy="Maximum", MaxContributorCount=1)
    assert contributors(by_maximum) == [(["b"], 105.0)]
    assert (by_maximum["ApproximateUniqueCount"], by_maximum["AggregateValue"]) == (3, 255.0)


def test_a_count_has_sample_count_as_its_statistic(monitoring, cloudwatch):
    put_rule(cloudwatch)
    put_logs(monitoring, {"ip": "1"}, {"ip": "1"}, {"path": "/"})
    found = report(cloudwatch)
    assert found["AggregationStatistic"] == "SampleCount"
    assert found["AggregateValue"] == 2.0


REFUSED = [
    ({"Period": 90}, "The value 90 for parameter Period is invalid"),
    ({"MaxContributorCount": 101}, "The value 101 for parameter MaxContributorCount is invalid"),
    ({"MaxContributorCount": 0}, "The value 0 for parameter MaxContributorCount is invalid"),
    ({"Metrics": ["p99"]}, "The value p99 for parameter Metrics is invalid"),
    ({"OrderBy": "Average"}, "The value Average for parameter OrderBy is invalid"),
    ({"EndTime": NOON}, "The parameter StartTime must be less than the parameter EndTime."),
]


@pytest.mark.parametrize(("more", "message"), REFUSED, ids=[each for _, each in REFUSED])
def test_reports_that_cannot_be_are_refused(monitoring, cloudwatch, more, message):
    put_rule(cloudwatch)
    with pytest.raises(ClientError, match=message) as caught:
        report(cloudwatch, **more)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValue"


def test_the_report_of_an_unknown_rule_is_refused(cloudwatch):
    with pytest.raises(ClientError) as caught:
        report(cloudwatch, "none")
    answer = caught.value.response
    assert answer["Error"]["Code"] == "ResourceNotFoundException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 404


# -- rules -----------------------------------------------------------------------------------------


def test_rules_are_described_in_order_of_name_page_by_page(cloudwatch):
    # given three rules
    for name in ("b", "c", "a"):
        put_rule(cloudwatch, name=name)
    # then pages have them
    first = cloudwatch.describe_insight_rules(MaxResults=2)
    rest = cloudwatch.describe_insight_rules(NextToken=first["NextToken"])
    found = first["InsightRules"] + rest["InsightRules"]
    assert [each["Name"] for each in found] == ["a", "b", "c"]
    # as the examples of the AWS CLI show them
    shown = {name: found[0][name] for name in ("Name", "State", "Schema", "ManagedRule")}
    assert shown == {"Name": "a", "State": "ENABLED", "Schema": "CloudWatchLogRule/1",
                     "ManagedRule": False}  # fmt: skip
    assert json.loads(found[0]["Definition"]) == REQUESTS_BY_IP


def test_names_that_are_unknown_are_failures_and_the_others_are_done(cloudwatch):
    put_rule(cloudwatch)
    for call, left in (
        (cloudwatch.disable_insight_rules, ["DISABLED"]),
        (cloudwatch.enable_insight_rules, ["ENABLED"]),
        (cloudwatch.delete_insight_rules, []),
    ):
        [failure] = call(RuleNames=["none", "by-ip"])["Failures"]
        assert failure["FailureResource"] == "none"
        assert failure["ExceptionType"] == "ResourceNotFoundException"
        rules = cloudwatch.describe_insight_rules()["InsightRules"]
        assert [each["State"] for each in rules] == left


def test_tags_are_given_at_creation_and_kept_when_a_rule_is_replaced(cloudwatch):
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:insight-rule/by-ip"
    put_rule(cloudwatch, Tags=[{"Key": "team", "Value": "web"}])
    put_rule(cloudwatch, Tags=[{"Key": "team", "Value": "other"}])
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [
        {"Key": "team", "Value": "web"}
    ]
    cloudwatch.delete_insight_rules(RuleNames=["by-ip"])
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cloudwatch.list_tags_for_resource(ResourceARN=arn)


def test_a_definition_that_is_none_is_refused_by_member(cloudwatch):
    with pytest.raises(
        ClientError, match=r"RuleDefinition is invalid: LogFormat must be"
    ) as caught:
        put_rule(cloudwatch, REQUESTS_BY_IP | {"LogFormat": "XML"})
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValue"
    arns = {name: each for name, each in REQUESTS_BY_IP.items() if name != "LogGroupNames"}
    with pytest.raises(ClientError, match="is not the ARN of a log group"):
        put_rule(cloudwatch, arns | {"LogGroupARNs": ["arn:aws:s3:::logs"]})
    with pytest.raises(ClientError, match="The value ON for parameter RuleState is invalid"):
        put_rule(cloudwatch, RuleState="ON")


def test_there_are_a_hundred_rules_at_most(cloudwatch):
    for number in range(100):
        put_rule(cloudwatch, name=f"r{number}")
    put_rule(cloudwatch, name="r0")
    with pytest.raises(ClientError) as caught:
        put_rule(cloudwatch, name="one more")
    assert caught.value.response["Error"]["Code"] == "LimitExceededException"


# -- rules that AWS manages ------------------------------------------------------------------------

SERVICE = "arn:aws:ec2:us-east-1:123456789012:vpc-endpoint-service/vpce-svc-0a1b2c3d4e5f"
BYTES = "VpcEndpointService-BytesByEndpointId-v1"


def test_a_managed_rule_tells_which_endpoints_send_most(monitoring, cloudwatch):
    # given PrivateLink's templates, as Terraform's acceptance tests saw them
    listed = cloudwatch.list_managed_insight_rules(ResourceARN=SERVICE)["ManagedRules"]
    assert [each["TemplateName"].split("-")[1] for each in listed] == [
        "NewConnectionsByEndpointId", "BytesByEndpointId", "RstPacketsByEndpointId",
        "ActiveConnectionsByEndpointId",
    ]  # fmt: skip
    assert "RuleState" not in listed[1]
    # when one is enabled for a service, and endpoints send
    managed = [{"TemplateName": BYTES, "ResourceARN": SERVICE}]
    assert cloudwatch.put_managed_insight_rules(ManagedRules=managed)["Failures"] == []
    for endpoint, sent in (("vpce-1", 10), ("vpce-2", 30), ("vpce-1", 5)):
        monitoring.metrics.put(
            "AWS/PrivateLinkServices", "BytesProcessed", sent, unit="Bytes",
            dimensions={"Service Id": "vpce-svc-0a1b2c3d4e5f", "VPC Endpoint Id": endpoint},
        )  # fmt: skip
    # then its report has them
    listed = cloudwatch.list_managed_insight_rules(ResourceARN=SERVICE)["ManagedRules"]
    state = listed[1]["RuleState"]
    assert state["State"] == "ENABLED"
    found = report(cloudwatch, state["RuleName"], Metrics=["Maximum"])
    assert contributors(found) == [(["vpce-2"], 30.0), (["vpce-1"], 15.0)]
    assert found["MetricDatapoints"][0]["Maximum"] == 30.0
    # and it can be disabled and put again, but not edited
    cloudwatch.disable_insight_rules(RuleNames=[state["RuleName"]])
    cloudwatch.put_managed_insight_rules(ManagedRules=managed)
    [rule] = cloudwatch.describe_insight_rules()["InsightRules"]
    assert (rule["ManagedRule"], rule["State"], rule["Schema"]) == (
        True, "ENABLED", "ServiceLogRule/1",
    )  # fmt: skip
    with pytest.raises(ClientError, match="is a managed rule"):
        put_rule(cloudwatch, name=state["RuleName"])


def test_a_template_that_a_resource_has_not_is_a_failure(cloudwatch):
    bucket = "arn:aws:s3:::bucket"
    assert cloudwatch.list_managed_insight_rules(ResourceARN=bucket)["ManagedRules"] == []
    [failure] = cloudwatch.put_managed_insight_rules(
        ManagedRules=[{"TemplateName": BYTES, "ResourceARN": bucket}]
    )["Failures"]
    assert (failure["FailureResource"], failure["ExceptionType"]) == (
        bucket, "InvalidParameterValue",
    )  # fmt: skip


# -- metric math, alarms, dashboards ---------------------------------------------------------------


def values(cloudwatch, expression, **more):
    [found] = cloudwatch.get_metric_data(
        MetricDataQueries=[{"Id": "e", "Expression": expression, "Period": 60}],
        StartTime=NOON, EndTime=NOON + timedelta(minutes=10), **more,
    )["MetricDataResults"]  # fmt: skip
    return dict(zip(found["Timestamps"], found["Values"], strict=True))


def test_metric_math_reads_the_metrics_of_a_rule_until_now(sums, cloudwatch):
    found = values(cloudwatch, "INSIGHT_RULE_METRIC('by-ip', 'MaxContributorValue') * 2")
    minutes = [NOON + timedelta(minutes=n) for n in range(7)]
    assert found == dict.fromkeys(minutes, 0.0) | {minutes[0]: 60.0, minutes[5]: 200.0}
    assert values(cloudwatch, "INSIGHT_RULE_METRIC('none', 'Sum')") == {}
    with pytest.raises(ClientError, match="ValidationError"):
        values(cloudwatch, "INSIGHT_RULE_METRIC('by-ip', 'p99')")


def alarm_on(cloudwatch, metric, rule="by-ip"):
    """Above two, for one minute."""
    request = alarm("many-addresses", threshold=2)
    for name in ("Namespace", "MetricName", "Statistic", "Period"):
        del request[name]
    query = {"Id": "e", "Expression": f"INSIGHT_RULE_METRIC('{rule}', '{metric}')", "Period": 60}
    cloudwatch.put_metric_alarm(**request, Metrics=[query])


def test_an_alarm_on_a_rules_metric_goes_off_and_is_ok_again(monitoring, cloudwatch):
    # given an alarm on more than two addresses a minute
    put_rule(cloudwatch)
    alarm_on(cloudwatch, "UniqueContributors")
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["many-addresses"].state == "OK"
    # when three come
    put_logs(monitoring, *({"ip": n} for n in range(3)), at=monitoring.clock.now())
    monitoring.clock.advance(minutes=1)
    # then it goes off, and is OK when they are gone
    assert monitoring.alarms["many-addresses"].state == "ALARM"
    monitoring.clock.advance(minutes=2)
    assert monitoring.alarms["many-addresses"].state == "OK"


def test_a_year_over_an_idle_alarm_is_a_few_evaluations(monitoring, cloudwatch, monkeypatch):
    # given an alarm on a rule that finds nothing
    put_rule(cloudwatch)
    alarm_on(cloudwatch, "UniqueContributors")
    looked = []
    evaluate = type(monitoring.alarms.evaluations).evaluate

    def counting(self, name):
        looked.append(name)
        evaluate(self, name)

    monkeypatch.setattr(type(monitoring.alarms.evaluations), "evaluate", counting)
    # when a year passes
    monitoring.clock.advance(days=365)
    # then it was looked at while its window filled
    assert monitoring.alarms["many-addresses"].state == "OK"
    assert len(looked) < 10
    # and it still goes off, is OK again, and sleeps again
    put_logs(monitoring, *({"ip": n} for n in range(3)), at=monitoring.clock.now())
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["many-addresses"].state == "ALARM"
    monitoring.clock.advance(days=1)
    assert monitoring.alarms["many-addresses"].state == "OK"
    assert len(looked) < 20


def test_an_alarm_on_a_managed_rule_wakes_for_its_metrics(monitoring, cloudwatch):
    # given an alarm on the bytes of the endpoint that sends most, asleep
    cloudwatch.put_managed_insight_rules(
        ManagedRules=[{"TemplateName": BYTES, "ResourceARN": SERVICE}]
    )
    [rule] = monitoring.metrics.insight_rules
    alarm_on(cloudwatch, "MaxContributorValue", rule.name)
    monitoring.settle()
    monitoring.clock.advance(days=1)
    assert monitoring.alarms["many-addresses"].state == "OK"
    # when an endpoint sends
    monitoring.metrics.put(
        "AWS/PrivateLinkServices", "BytesProcessed", 10,
        dimensions={"Service Id": "vpce-svc-0a1b2c3d4e5f", "VPC Endpoint Id": "vpce-1"},
    )  # fmt: skip
    monitoring.clock.advance(minutes=1)
    # then it goes off
    assert monitoring.alarms["many-addresses"].state == "ALARM"


def test_a_deleted_rule_leaves_its_alarm_without_data(monitoring, cloudwatch):
    put_rule(cloudwatch)
    alarm_on(cloudwatch, "Sum")
    monitoring.clock.advance(days=1)
    assert monitoring.alarms["many-addresses"].state == "OK"
    cloudwatch.delete_insight_rules(RuleNames=["by-ip"])
    monitoring.clock.advance(minutes=5)
    assert monitoring.alarms["many-addresses"].state == "INSUFFICIENT_DATA"


def test_from_raw_log_lines_to_a_dashboard_of_contributors(sums, cloudwatch):
    # given a dashboard of a rule's contributors and of a metric of its
    rule = {"ruleName": "by-ip", "maxContributorCount": 10, "orderBy": "Sum"}
    contributors_of_it = {"insightRule": rule, "period": 60, "region": "us-east-1",
                          "view": "timeSeries", "title": "Bytes by address"}  # fmt: skip
    expression = "INSIGHT_RULE_METRIC('by-ip', 'UniqueContributors')"
    metric = {"metrics": [[{"expression": expression, "period": 60}]], "region": "us-east-1"}
    body = {"widgets": [{"type": "metric", "properties": each}
                        for each in (contributors_of_it, metric)]}  # fmt: skip
    answer = cloudwatch.put_dashboard(DashboardName="d", DashboardBody=json.dumps(body))
    assert answer["DashboardValidationMessages"] == []
    # then both can be drawn
    pytest.importorskip("matplotlib")
    for each in (contributors_of_it, metric):
        shown = {**each, "start": "-PT10M", "width": 300, "height": 200}
        image = cloudwatch.get_metric_widget_image(MetricWidget=json.dumps(shown))
        assert image["MetricWidgetImage"].startswith(b"\x89PNG")


def test_a_widget_without_the_name_of_its_rule_is_refused(cloudwatch):
    body = {"widgets": [{"type": "metric",
                         "properties": {"insightRule": {}, "region": "us-east-1"}}]}  # fmt: skip
    with pytest.raises(ClientError, match="required property 'ruleName'"):
        cloudwatch.put_dashboard(DashboardName="d", DashboardBody=json.dumps(body))


def test_a_report_costs_by_contributors_and_not_by_log_events():
    # given the same contributors' log events, then a hundred times as many
    kept = []
    for number in (1, 100):
        with mock_monitoring(now=NOON.isoformat()) as mon:
            put_rule(boto3.client("cloudwatch"))
            put_logs(mon, *[{"ip": n} for n in range(5)] * number)
            rule = mon.metrics.insight_rules["by-ip"]
            [(_, contributors)] = mon.metrics.insight_rules.minutes(rule, 0, 2**40)
            kept.append(len(contributors))
    # then as much is kept, and read
    assert kept == [5, 5]
