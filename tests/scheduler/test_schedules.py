"""Schedules and groups as they are kept, listed and refused."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

from tests.scheduler.conftest import BASE, FUNCTION, ROLE, schedule

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
QUEUE = f"arn:aws:sqs:{BASE}:q"


def refused(call, **parameters):
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    answer = raised.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def test_a_schedule_is_shown_with_its_defaults(scheduler):
    arn = scheduler.create_schedule(**schedule("cron(15 10 ? * 6L *)"))["ScheduleArn"]
    shown = scheduler.get_schedule(Name="s")
    del shown["ResponseMetadata"]
    # form: awscli's example of get-schedule
    assert shown == {
        "ActionAfterCompletion": "NONE", "Arn": arn, "CreationDate": NOON, "GroupName": "default",
        "FlexibleTimeWindow": {"Mode": "OFF"}, "LastModificationDate": NOON, "Name": "s",
        "ScheduleExpression": "cron(15 10 ? * 6L *)", "ScheduleExpressionTimezone": "UTC",
        "State": "ENABLED",
        "Target": {
            "Arn": FUNCTION, "RoleArn": ROLE,
            "RetryPolicy": {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185},
        },
    }  # fmt: skip
    assert arn == f"arn:aws:scheduler:{BASE}:schedule/default/s"


def test_an_update_replaces_all(scheduler, monitoring):
    scheduler.create_schedule(**schedule(Description="mine", State="DISABLED"))
    monitoring.clock.advance(minutes=1)
    scheduler.update_schedule(**schedule("rate(1 hour)"))
    shown = scheduler.get_schedule(Name="s")
    assert "Description" not in shown
    assert (shown["State"], shown["ScheduleExpression"]) == ("ENABLED", "rate(1 hour)")
    assert shown["LastModificationDate"] - shown["CreationDate"] == timedelta(minutes=1)


def test_the_same_call_again_is_the_same_schedule(scheduler):
    first = scheduler.create_schedule(**schedule(ClientToken="t"))
    again = scheduler.create_schedule(**schedule(ClientToken="t"))
    assert first["ScheduleArn"] == again["ScheduleArn"]
    assert refused(scheduler.create_schedule, **schedule()) == (409, "Schedule s already exists.")


def test_what_is_not_there(scheduler):
    missing = (404, "Schedule s does not exist.")
    assert refused(scheduler.get_schedule, Name="s") == missing
    assert refused(scheduler.delete_schedule, Name="s") == missing
    assert refused(scheduler.update_schedule, **schedule()) == missing
    no_group = (404, "Schedule group g does not exist.")
    assert refused(scheduler.create_schedule, **schedule(GroupName="g")) == no_group
    assert refused(scheduler.list_schedules, GroupName="g") == no_group
    assert refused(scheduler.get_schedule_group, Name="g") == no_group


# Sources: LocalStack's snapshots (tests/aws/services/scheduler), moto, users' reports
@pytest.mark.parametrize("expression", [
    "cron(0 1 * * * *)", "cron(7 20 * * NOT *)", "cron(INVALID)", "cron(0 dummy ? * MON-FRI *)",
    "cron(71 8 1 * ? *)", "cron()", "rate(10 seconds)", "rate(10 years)", "rate(-10 minutes)",
    "rate( 10 minutes )", " rate(10 minutes)", "rate(10minutes)", "rate()", "at()",
    "at(2021-12-31)", "at(2021-12-31T23:59:59Z)", "at(2021-12-31T23:59:59+02:00)", "every day",
])  # fmt: skip
def test_no_schedule_expression(scheduler, expression):
    assert refused(scheduler.create_schedule, **schedule(expression)) == (
        400, f"Invalid Schedule Expression {expression}.",
    )  # fmt: skip


@pytest.mark.parametrize("expression", [
    "rate(1 minute)", "rate(1 minutes)", "rate(5 minute)", "rate(2 days)", "rate(1 hours)",
    "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)", "cron(30-30 13-13 ? * 2,4,6 *)",
    "at(2026-12-31T23:59:59)",
])  # fmt: skip
def test_a_schedule_expression(scheduler, expression):
    scheduler.create_schedule(**schedule(expression))
    assert scheduler.get_schedule(Name="s")["ScheduleExpression"] == expression


@pytest.mark.parametrize(("wrong", "words"), [
    ({"ScheduleExpressionTimezone": "Mars/Olympus"}, "Timezone"),
    ({"StartDate": NOON - timedelta(minutes=6)}, "cannot be earlier than 5 minutes ago"),
    ({"EndDate": NOON - timedelta(minutes=1)}, "EndDate"),
    ({"StartDate": NOON + timedelta(days=2), "EndDate": NOON + timedelta(days=1)}, "EndDate"),
    ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "MaximumWindowInMinutes"),
    ({"FlexibleTimeWindow": {"Mode": "OFF", "MaximumWindowInMinutes": 5}},
     "MaximumWindowInMinutes"),
    ({"Target": {"Arn": "function", "RoleArn": ROLE}}, "Arn"),
    ({"Target": {"Arn": "arn:aws:s3:::bucket", "RoleArn": ROLE}}, "Arn"),
    ({"Target": {"Arn": FUNCTION, "RoleArn": ROLE, "Input": "{"}}, "JSON"),
    ({"Target": {"Arn": FUNCTION, "RoleArn": ROLE, "Input": "[" * 100_000}}, "JSON"),
    ({"Target": {"Arn": f"arn:aws:events:{BASE}:event-bus/b", "RoleArn": ROLE}},
     "EventBridgeParameters"),
    ({"Target": {"Arn": f"arn:aws:kinesis:{BASE}:stream/s", "RoleArn": ROLE}},
     "KinesisParameters"),
    ({"Target": {"Arn": f"arn:aws:ecs:{BASE}:cluster/c", "RoleArn": ROLE}}, "EcsParameters"),
    ({"Target": {"Arn": f"{QUEUE}.fifo", "RoleArn": ROLE}}, "SqsParameters"),
    ({"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl", "RoleArn": ROLE}},
     "not a supported target"),
    ({"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:SendMessage", "RoleArn": ROLE}},
     "not a supported target"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_changes_nothing(scheduler, wrong, words):
    status, message = refused(scheduler.create_schedule, **(schedule() | wrong))
    assert status == 400
    assert words in message
    assert scheduler.list_schedules()["Schedules"] == []


def test_lists_by_group_prefix_and_state_in_pages(scheduler):
    scheduler.create_schedule_group(Name="g")
    for group, name, state in (
        ("default", "a", "ENABLED"), ("g", "ab", "DISABLED"), ("g", "b", "ENABLED"),
    ):  # fmt: skip
        scheduler.create_schedule(**schedule(name=name, State=state, GroupName=group))

    def listed(**filters):
        pages = scheduler.get_paginator("list_schedules").paginate(
            PaginationConfig={"PageSize": 1}, **filters
        )
        return [each["Name"] for page in pages for each in page["Schedules"]]

    assert listed() == ["a", "ab", "b"]
    assert listed(GroupName="g") == ["ab", "b"]
    assert listed(NamePrefix="a") == ["a", "ab"]
    assert listed(State="ENABLED") == ["a", "b"]
    (first, *_) = scheduler.list_schedules()["Schedules"]
    assert first["Target"] == {"Arn": FUNCTION}
    assert refused(scheduler.list_schedules, NextToken="x") == (400, "Invalid NextToken.")


def test_pages_lose_no_group_whose_name_begins_like_another(scheduler):
    # given groups whose names go on where another ends
    groups = ["a", "a-b", "a.b"]
    for group in groups:
        scheduler.create_schedule_group(Name=group)
        scheduler.create_schedule(**schedule(GroupName=group))
    # when their schedules are listed one by one
    pages = scheduler.get_paginator("list_schedules").paginate(PaginationConfig={"PageSize": 1})
    # then all are there
    assert [each["GroupName"] for page in pages for each in page["Schedules"]] == groups


def test_the_same_call_again_is_the_same_group(scheduler):
    # Source: API reference, CreateScheduleGroup: the token ensures idempotency
    made = scheduler.create_schedule_group(Name="g", ClientToken="t")
    again = scheduler.create_schedule_group(Name="g", ClientToken="t")
    assert again["ScheduleGroupArn"] == made["ScheduleGroupArn"]
    assert refused(scheduler.create_schedule_group, Name="g", ClientToken="u")[0] == 409


# Beyond the years that Python's calendar has
@pytest.mark.parametrize(("expression", "zone"), [
    ("rate(999999999 days)", "UTC"),
    ("at(9999-12-31T23:59:59)", "America/Los_Angeles"),
    ("at(0001-01-01T00:00:00)", "Asia/Tokyo"),
])  # fmt: skip
def test_what_is_never_due_is_kept(scheduler, monitoring, expression, zone):
    scheduler.create_schedule(**schedule(expression, ScheduleExpressionTimezone=zone))
    monitoring.clock.advance(days=1)
    assert scheduler.get_schedule(Name="s")["ScheduleExpression"] == expression


def test_a_group_goes_with_its_schedules(scheduler, monitoring, times):
    # given a group with a schedule
    arn = scheduler.create_schedule_group(Name="g")["ScheduleGroupArn"]
    scheduler.create_schedule(**schedule("at(2026-03-02T12:03:00)", GroupName="g"))
    assert arn == f"arn:aws:scheduler:{BASE}:schedule-group/g"
    # when it is deleted
    scheduler.delete_schedule_group(Name="g")
    # then it is on its way out, takes no schedules, and is gone a little later
    assert scheduler.get_schedule_group(Name="g")["State"] == "DELETING"
    assert refused(scheduler.create_schedule, **schedule(GroupName="g"))[0] == 409
    assert refused(scheduler.delete_schedule_group, Name="g")[0] == 409
    monitoring.clock.advance(minutes=5)
    (left,) = scheduler.list_schedule_groups()["ScheduleGroups"]
    assert (left["Name"], left["State"]) == ("default", "ACTIVE")
    assert times == []


def test_groups_have_names_of_their_own(scheduler):
    scheduler.create_schedule_group(Name="g")
    assert refused(scheduler.create_schedule_group, Name="g")[0] == 409
    assert refused(scheduler.delete_schedule_group, Name="default")[0] == 400
    for name in ("default", "g"):
        scheduler.create_schedule(**schedule(GroupName=name))
    assert len(scheduler.list_schedules(NamePrefix="s")["Schedules"]) == 2


def test_there_are_only_so_many_groups(scheduler):
    for number in range(499):
        scheduler.create_schedule_group(Name=f"g{number}")
    assert refused(scheduler.create_schedule_group, Name="one-more")[0] == 402


def test_tags_on_groups(scheduler):
    tags = [{"Key": "team", "Value": "a"}]
    arn = scheduler.create_schedule_group(Name="g", Tags=tags)["ScheduleGroupArn"]
    scheduler.tag_resource(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "prod"}])
    scheduler.untag_resource(ResourceArn=arn, TagKeys=["team", "none"])
    found = scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert found == [{"Key": "stage", "Value": "prod"}]
    assert refused(scheduler.list_tags_for_resource, ResourceArn=f"{arn}x")[0] == 404
    elsewhere = arn.replace("us-east-1", "eu-west-1")
    assert refused(scheduler.list_tags_for_resource, ResourceArn=elsewhere)[0] == 404
