"""Import tasks: the events of an event data store into a managed log group, on the virtual clock.

The store is a stand-in, but for the first test. Source of the rules: API reference,
CreateImportTask, DescribeImportTasks, DescribeImportTaskBatches.
"""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.core.neighbours import StoredEvents
from tests.logs.conftest import NOW, refused

STORE = "f1d45bff-d0e3-4868-b5d9-2eb678aa32fb"
SOURCE = f"arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/{STORE}"
GROUP = f"aws/cloudtrail/{STORE}"
ROLE = "arn:aws:iam::123456789012:role/import"
DAY = 86_400_000

pytestmark = pytest.mark.needs("logs.CreateImportTask")


class Stores:
    """CloudTrail Lake, as Logs knows it: one event data store."""

    def __init__(self):
        self.active = True
        self.events = [
            (NOW - 40 * DAY, {"eventName": "RunInstances"}),
            (NOW - 1000, {"eventName": "DeleteTable"}),
            (NOW - 2000, {"eventName": "CreateTable", "awsRegion": "us-east-1"}),
        ]

    def stored_events(self, arn):
        return StoredEvents(self.active, NOW - 90 * DAY, self.events) if arn == SOURCE else None


@pytest.fixture
def lake(monitoring):
    monitoring.logs.imports._stores = found = Stores()
    return found


def begun(logs, **chosen):
    more = {"importFilter": chosen} if chosen else {}
    return logs.create_import_task(importSourceArn=SOURCE, importRoleArn=ROLE, **more)["importId"]


def described(logs, task):
    [found] = logs.describe_import_tasks(importId=task)["imports"]
    return found


def batches(logs, task, **wanted):
    found = logs.describe_import_task_batches(importId=task, **wanted)["importBatches"]
    return [each["status"] for each in found]


def imported(logs):
    found = logs.filter_log_events(logGroupName=GROUP)["events"]
    return [(each["timestamp"] - NOW, json.loads(each["message"])["eventName"]) for each in found]


def test_calls_that_cloudtrail_lake_kept_come_into_a_log_group(monitoring, logs):
    # given an event data store, and a call that it took
    cloudtrail = boto3.client("cloudtrail")
    store = cloudtrail.create_event_data_store(Name="audit")["EventDataStoreArn"]
    logs.create_log_group(logGroupName="/shop")
    monitoring.clock.advance(minutes=1)
    # when its events are imported
    task = logs.create_import_task(importSourceArn=store, importRoleArn=ROLE)
    monitoring.clock.advance(minutes=1)
    # then the record of the call is a log event at the time of the call
    group = f"aws/cloudtrail/{store.rpartition('/')[2]}"
    [found] = logs.filter_log_events(
        logGroupName=group, filterPattern='{ $.eventName = "CreateLogGroup" }'
    )["events"]
    assert found["timestamp"] == NOW
    record = json.loads(found["message"])
    assert record["requestParameters"]["logGroupName"] == "/shop"
    assert described(logs, task["importId"])["importStatus"] == "COMPLETED"
    # and from a store that is to be deleted nothing comes any more
    cloudtrail.update_event_data_store(EventDataStore=store, TerminationProtectionEnabled=False)
    cloudtrail.delete_event_data_store(EventDataStore=store)
    with pytest.raises(ClientError) as error:
        logs.create_import_task(importSourceArn=store, importRoleArn=ROLE)
    assert refused(error)[0] == "InvalidOperationException"


def test_events_come_batch_by_batch_and_the_task_is_completed(monitoring, logs, lake):
    # given a store with events of two days
    answer = logs.create_import_task(importSourceArn=SOURCE, importRoleArn=ROLE)
    task = answer["importId"]
    # then its group is there, and nothing in it yet
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}"
    assert (answer["importDestinationArn"], answer["creationTime"]) == (arn, NOW)
    assert described(logs, task) == {
        "importId": task, "importSourceArn": SOURCE, "importStatus": "IN_PROGRESS",
        "importDestinationArn": arn, "importStatistics": {"bytesImported": 0},
        "creationTime": NOW, "lastUpdatedTime": NOW,
    }  # fmt: skip
    assert imported(logs) == []
    # when a batch has had its time, then its events are there
    monitoring.clock.advance(seconds=5)
    assert imported(logs) == [(-40 * DAY, "RunInstances")]
    assert batches(logs, task) == ["COMPLETED", "IN_PROGRESS"]
    # and with the last one it is over
    monitoring.clock.advance(seconds=5)
    assert imported(logs)[1:] == [(-2000, "CreateTable"), (-1000, "DeleteTable")]
    found = described(logs, task)
    assert (found["importStatus"], found["lastUpdatedTime"]) == ("COMPLETED", NOW + 10_000)
    [group] = logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
    assert found["importStatistics"]["bytesImported"] == group["storedBytes"] > 0
    assert batches(logs, task, batchImportStatus=["COMPLETED"]) == ["COMPLETED", "COMPLETED"]


def test_what_was_imported_is_queried_as_cloudtrail_events(monitoring, logs, lake):
    begun(logs)
    monitoring.clock.advance(seconds=10)
    rows = monitoring.logs.query(GROUP, "filter eventName = 'CreateTable' | fields awsRegion")
    assert [row["awsRegion"] for row in rows] == ["us-east-1"]


def test_a_metric_filter_reads_what_is_imported(monitoring, logs, cloudwatch, lake):
    # given a managed group from an earlier import, with a filter
    begun(logs)
    monitoring.clock.advance(seconds=10)
    logs.put_metric_filter(
        logGroupName=GROUP, filterName="f", filterPattern="{ $.eventName = * }",
        metricTransformations=[
            {"metricNamespace": "Audit", "metricName": "Calls", "metricValue": "1"}
        ],
    )  # fmt: skip
    # when the events come once more, at their own times
    begun(logs)
    monitoring.clock.advance(seconds=10)
    # then they count in their own minute, but for those that are too old for a metric
    [found] = cloudwatch.get_metric_statistics(
        Namespace="Audit", MetricName="Calls", Statistics=["Sum"], Period=3600,
        StartTime=(NOW - 50 * DAY) // 1000, EndTime=NOW // 1000,
    )["Datapoints"]  # fmt: skip
    assert (found["Sum"], found["Timestamp"].hour) == (2, 11)


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        # both ends are inclusive
        ({"startEventTime": NOW - 2000, "endEventTime": NOW - 2000}, ["CreateTable"]),
        ({"startEventTime": NOW - 1999}, ["DeleteTable"]),
        ({"endEventTime": NOW - 2001}, ["RunInstances"]),
        ({"startEventTime": NOW}, []),
    ],
)
def test_only_the_time_range_is_imported(monitoring, logs, lake, chosen, names):
    task = begun(logs, **chosen)
    assert described(logs, task)["importFilter"] == chosen
    monitoring.clock.advance(seconds=5)
    assert [name for _, name in imported(logs)] == names
    assert described(logs, task)["importStatus"] == "COMPLETED"


def test_a_batch_takes_a_second_more_for_ten_megabytes(monitoring, logs, lake):
    lake.events = [(NOW, {"text": "x" * 1_000_000})] * 21
    task = begun(logs)
    monitoring.clock.advance(seconds=6)
    assert batches(logs, task) == ["IN_PROGRESS"]
    monitoring.clock.advance(seconds=1)
    assert batches(logs, task) == ["COMPLETED"]


def test_a_task_that_is_cancelled_leaves_what_it_brought(monitoring, logs, lake):
    # given a task of which one batch has come
    task = begun(logs)
    monitoring.clock.advance(seconds=6)
    # when it is cancelled
    answer = logs.cancel_import_task(importId=task)
    # then it stays so
    assert answer["importStatus"] == "CANCELLED"
    assert answer["lastUpdatedTime"] == NOW + 6000
    assert answer["importStatistics"] == described(logs, task)["importStatistics"]
    monitoring.clock.advance(hours=1)
    assert batches(logs, task) == ["COMPLETED", "CANCELLED"]
    assert [name for _, name in imported(logs)] == ["RunInstances"]
    with pytest.raises(ClientError) as error:
        logs.cancel_import_task(importId=task)
    assert refused(error) == (
        "InvalidOperationException", "The specified import task has already finished.",
    )  # fmt: skip


def test_without_its_group_a_task_fails(monitoring, logs, lake):
    task = begun(logs)
    logs.delete_log_group(logGroupName=GROUP)
    monitoring.clock.advance(seconds=5)
    why = "The specified log group does not exist."
    found = described(logs, task)
    assert (found["importStatus"], found["errorMessage"]) == ("FAILED", why)
    [first, _] = logs.describe_import_task_batches(importId=task)["importBatches"]
    assert (first["status"], first["errorMessage"]) == ("FAILED", why)


def test_tasks_are_found_newest_first_by_status_and_source_and_in_pages(monitoring, logs, lake):
    first = begun(logs)
    monitoring.clock.advance(minutes=1)
    second, third = begun(logs), begun(logs)
    assert names(logs) == [third, second, first]
    assert names(logs, importStatus="COMPLETED") == [first]
    assert names(logs, importSourceArn="arn:aws:cloudtrail:us-east-1:1:eventdatastore/x") == []
    page = logs.describe_import_tasks(limit=2)
    assert names(logs, limit=2, nextToken=page["nextToken"]) == [first]
    page = logs.describe_import_task_batches(importId=first, limit=1)
    rest = logs.describe_import_task_batches(importId=first, limit=1, nextToken=page["nextToken"])
    assert len(page["importBatches"]) == len(rest["importBatches"]) == 1
    assert "nextToken" not in rest


def names(logs, **wanted):
    return [each["importId"] for each in logs.describe_import_tasks(**wanted)["imports"]]


def test_a_task_goes_on_after_a_snapshot_is_restored(monitoring, logs, lake):
    task = begun(logs)
    taken = monitoring.snapshot()
    monitoring.clock.advance(minutes=1)
    monitoring.restore(taken)
    assert batches(logs, task) == ["IN_PROGRESS", "IN_PROGRESS"]
    monitoring.clock.advance(seconds=10)
    assert batches(logs, task) == ["COMPLETED", "COMPLETED"]


@pytest.mark.parametrize(
    ("call", "code", "message"),
    [
        (lambda logs: begun(logs, startEventTime=NOW, endEventTime=NOW - 1),
         "InvalidParameterException",
         "The startEventTime must be less than or equal to endEventTime."),
        (lambda logs: begun(logs, startEventTime=NOW - 91 * DAY), "InvalidParameterException",
         "The data being imported must be within the specified source's retention period."),
        (lambda logs: logs.create_import_task(importSourceArn=SOURCE + "x", importRoleArn=ROLE),
         "ResourceNotFoundException",
         f"The specified import source does not exist: {SOURCE}x"),
        (lambda logs: logs.cancel_import_task(importId="none"), "ResourceNotFoundException",
         "The specified import task does not exist."),
        (lambda logs: logs.describe_import_task_batches(importId="none"),
         "ResourceNotFoundException", "The specified import task does not exist."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(logs, lake, call, code, message):
    with pytest.raises(ClientError) as error:
        call(logs)
    assert refused(error) == (code, message)
    assert names(logs) == []
    assert logs.describe_log_groups()["logGroups"] == []


def test_a_store_that_is_to_be_deleted_gives_nothing(logs, lake):
    lake.active = False
    with pytest.raises(ClientError) as error:
        begun(logs)
    assert refused(error)[0] == "InvalidOperationException"


def test_three_tasks_at_a_time_are_the_most(monitoring, logs, lake):
    for _ in range(3):
        begun(logs)
    with pytest.raises(ClientError) as error:
        begun(logs)
    assert refused(error) == (
        "InvalidOperationException",
        "There can be no more than 3 active imports per account at a given time.",
    )
    monitoring.clock.advance(minutes=1)
    begun(logs)
