"""Tags of alarms, mute rules, dashboards, streams and insight rules: what may be one."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.alarms.builders import alarm

ACCOUNT = "123456789012"
STREAM = {
    "Name": "s",
    "FirehoseArn": f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/metrics",
    "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/streams",
    "OutputFormat": "json",
}
DEFINITION = {
    "Schema": {"Name": "CloudWatchLogRule", "Version": 1},
    "LogGroupNames": ["/app"],
    "LogFormat": "JSON",
    "Contribution": {"Keys": ["$.ip"], "Filters": []},
    "AggregateOn": "Count",
}
HOURLY = {"Schedule": {"Expression": "cron(0 * * * *)", "Duration": "PT5M"}}


def tags(*keys):
    return [{"Key": key, "Value": "v"} for key in keys]


FIFTY = tuple(map(str, range(50)))
REFUSED = [  # User Guide, "Tagging your Amazon CloudWatch resources"
    (tags("k", "k"), "Tag keys must be unique."),
    (tags("aws:k"), "The tag key aws:k is invalid: the prefix aws: is reserved."),
    (tags(*FIFTY, "one more"), "A resource can have at most 50 tags."),
]
MAKERS = [
    ("put_metric_alarm", alarm("made")),
    ("put_composite_alarm", {"AlarmName": "made", "AlarmRule": "FALSE"}),
    ("put_metric_stream", STREAM),
    ("put_insight_rule", {"RuleName": "r", "RuleDefinition": json.dumps(DEFINITION)}),
]


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize(("given", "message"), REFUSED)
@pytest.mark.parametrize(("maker", "request_"), MAKERS)
def test_nothing_is_made_with_tags_that_cannot_be(cloudwatch, maker, request_, given, message):
    found = refused(getattr(cloudwatch, maker), **request_, Tags=given)
    assert found == ("InvalidParameterValue", message)
    alarms = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    assert alarms["MetricAlarms"] + alarms["CompositeAlarms"] == []
    assert cloudwatch.list_metric_streams()["Entries"] == []
    assert cloudwatch.describe_insight_rules()["InsightRules"] == []


@pytest.mark.needs("cloudwatch.PutDashboard.Tags")
def test_nor_a_dashboard(cloudwatch):
    code, _ = refused(
        cloudwatch.put_dashboard, DashboardName="d", DashboardBody='{"widgets": []}',
        Tags=tags("k", "k"),
    )  # fmt: skip
    assert code == "InvalidParameterValue"
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []


@pytest.mark.needs("cloudwatch.PutAlarmMuteRule")
def test_nor_a_mute_rule(cloudwatch):
    code, _ = refused(cloudwatch.put_alarm_mute_rule, Name="m", Rule=HOURLY, Tags=tags("k", "k"))
    assert code == "InvalidParameterValue"
    assert cloudwatch.list_alarm_mute_rules()["AlarmMuteRuleSummaries"] == []


def test_a_managed_rule_is_a_failure(cloudwatch):
    service = f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc-endpoint-service/vpce-svc-1"
    template = "VpcEndpointService-BytesByEndpointId-v1"
    [failure] = cloudwatch.put_managed_insight_rules(
        ManagedRules=[{"TemplateName": template, "ResourceARN": service, "Tags": tags("k", "k")}]
    )["Failures"]
    assert failure["FailureDescription"] == "Tag keys must be unique."
    assert cloudwatch.describe_insight_rules()["InsightRules"] == []


def test_those_that_are_there_count(cloudwatch):
    # given an alarm with fifty tags
    cloudwatch.put_metric_alarm(**alarm(), Tags=tags(*FIFTY))
    arn = cloudwatch.describe_alarms()["MetricAlarms"][0]["AlarmArn"]
    # then another is one too many, and a new value isn't
    assert refused(cloudwatch.tag_resource, ResourceARN=arn, Tags=tags("50")) == (
        "InvalidParameterValue",
        "A resource can have at most 50 tags.",
    )
    cloudwatch.tag_resource(ResourceARN=arn, Tags=tags("7"))
    assert len(cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]) == 50
