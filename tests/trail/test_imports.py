"""Imports: what a trail delivered to S3 comes into a store."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timezone

import pytest

from awsmon.core.errors import MisuseError
from tests.trail.conftest import ACCOUNT, client, logging
from tests.trail.test_event_data_stores import group, refused, rows, selectors, store

PREFIX = f"AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2026/03/02"


def record(number, at="2026-03-02T10:00:00Z", **more):
    return {"eventVersion": "1.11", "userIdentity": {"type": "Root"}, "eventTime": at,
            "eventSource": "ec2.amazonaws.com", "eventName": f"Event{number}", "readOnly": False,
            "awsRegion": "us-east-1", "eventID": f"e-{number}", "managementEvent": True,
            "eventCategory": "Management", "requestParameters": None, **more}  # fmt: skip


def file(*records, at="20260302T1000Z", name="a", body=None):
    key = f"{PREFIX}/{ACCOUNT}_CloudTrail_us-east-1_{at}_{name}.json.gz"
    text = json.dumps({"Records": records}).encode()
    client("s3").put_object(Bucket="records", Key=key, Body=body or gzip.compress(text))
    return key


@pytest.fixture
def bucket(mon):
    client("s3").create_bucket(Bucket="records")


@pytest.fixture
def of(bucket, cloudtrail):
    """A store that takes nothing that happens now."""
    return store(cloudtrail, StartIngestion=False)


def whole(of):
    return f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:eventdatastore/{of}"


def start(cloudtrail, of, uri="s3://records/AWSLogs/", **more):
    source = {"S3LocationUri": uri, "S3BucketRegion": "us-east-1",
              "S3BucketAccessRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}  # fmt: skip
    return cloudtrail.start_import(
        Destinations=[whole(of)], ImportSource={"S3": source}, **more
    )["ImportId"]  # fmt: skip


def test_what_a_trail_delivered_is_imported_and_asked(mon, cloudtrail, of):
    # given a trail's files, digests among them
    logging(cloudtrail, EnableLogFileValidation=True)
    group("/a")
    mon.clock.advance(minutes=5)
    group("/b")
    mon.clock.advance(hours=1)
    # when they are imported
    id_ = start(cloudtrail, of)
    states = [cloudtrail.get_import(ImportId=id_)["ImportStatus"]]
    for _ in range(10):
        mon.clock.advance(seconds=1)
        states.append(cloudtrail.get_import(ImportId=id_)["ImportStatus"])
    assert [states[0], states[1], states[-1]] == ["INITIALIZING", "IN_PROGRESS", "COMPLETED"]
    # then a query finds the same events as the trail has
    told = cloudtrail.get_import(ImportId=id_)["ImportStatistics"]
    assert (told["PrefixesFound"], told["PrefixesCompleted"], told["FailedEntries"]) == (1, 1, 0)
    assert told["FilesCompleted"] == 2
    found = rows(mon, cloudtrail, f"SELECT element_at(requestParameters, 'logGroupName') FROM {of} "
                 "WHERE eventName = 'CreateLogGroup' ORDER BY 1")  # fmt: skip
    assert found == [["/a"], ["/b"]]
    assert told["EventsCompleted"] == int(rows(mon, cloudtrail, f"SELECT count(*) FROM {of}")[0][0])


def test_the_time_in_a_files_name_is_asked_for(mon, cloudtrail, of):
    file(record(1), at="20260302T0900Z")
    file(record(2), at="20260302T1000Z")
    file(record(3), at="20260302T1100Z")
    start(cloudtrail, of, StartEventTime=datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc),
          EndEventTime=datetime(2026, 3, 2, 10, 30, tzinfo=timezone.utc))  # fmt: skip
    mon.clock.advance(seconds=10)
    assert rows(mon, cloudtrail, f"SELECT eventName FROM {of}") == [["Event2"]]


def test_what_the_store_does_not_select_or_keep_stays_out(mon, cloudtrail, bucket):
    of = store(cloudtrail, RetentionPeriod=7, AdvancedEventSelectors=selectors(
        "Management", {"Field": "eventSource", "Equals": ["ec2.amazonaws.com"]}))  # fmt: skip
    file(record(1), record(2, "2026-02-01T10:00:00Z"), record(3, eventSource="s3.amazonaws.com"))
    start(cloudtrail, of, "s3://records")
    mon.clock.advance(seconds=10)
    where = "WHERE eventName LIKE 'Event%'"
    assert rows(mon, cloudtrail, f"SELECT eventName FROM {of} {where}") == [["Event1"]]


def test_a_file_that_cannot_be_read_is_tried_again(mon, cloudtrail, of):
    # given a good file, and two broken ones
    file(record(1), name="good")
    broken = file(name="broken", body=b"no gzip")
    other = file(name="other", body=gzip.compress(b'{"Records": [{}]}'))
    id_ = start(cloudtrail, of)
    mon.clock.advance(seconds=10)
    told = cloudtrail.get_import(ImportId=id_)
    assert (told["ImportStatus"], told["ImportStatistics"]["FailedEntries"]) == ("FAILED", 2)
    failures = cloudtrail.list_import_failures(ImportId=id_)["Failures"]
    assert [each["Location"] for each in failures] == [f"s3://records/{broken}",
                                                       f"s3://records/{other}"]  # fmt: skip
    assert {each["Status"] for each in failures} == {"FAILED"}
    # when one is mended
    file(record(2), name="broken")
    assert cloudtrail.start_import(ImportId=id_)["ImportStatus"] == "INITIALIZING"
    retried = cloudtrail.list_import_failures(ImportId=id_)["Failures"]
    assert [each["Status"] for each in retried] == ["RETRY", "RETRY"]
    mon.clock.advance(seconds=10)
    # then it is in, the good one isn't in twice, and the other still fails
    states = [each["Status"] for each in cloudtrail.list_import_failures(ImportId=id_)["Failures"]]
    assert states == ["SUCCEEDED", "FAILED"]
    assert cloudtrail.get_import(ImportId=id_)["ImportStatus"] == "FAILED"
    found = rows(mon, cloudtrail, f"SELECT eventName FROM {of} ORDER BY 1")
    assert found == [["Event1"], ["Event2"]]
    # and once it is mended too, the import is complete
    file(record(3), name="other")
    cloudtrail.start_import(ImportId=id_)
    mon.clock.advance(seconds=10)
    assert cloudtrail.get_import(ImportId=id_)["ImportStatus"] == "COMPLETED"
    refused("InvalidParameterException", cloudtrail.start_import, ImportId=id_)


def test_a_stopped_import_reads_no_further(mon, cloudtrail, of):
    for number in range(5):
        file(record(number), name=f"f{number}")
    id_ = start(cloudtrail, of)
    mon.clock.advance(seconds=3)
    assert cloudtrail.stop_import(ImportId=id_)["ImportStatus"] == "STOPPED"
    mon.clock.advance(minutes=1)
    assert rows(mon, cloudtrail, f"SELECT count(*) FROM {of}") == [["2"]]
    refused("InvalidParameterException", cloudtrail.stop_import, ImportId=id_)


def test_one_import_at_a_time_and_its_store_stays(mon, cloudtrail, of):
    first = start(cloudtrail, of)
    refused("AccountHasOngoingImportException", lambda: start(cloudtrail, of))
    for call, more in ((cloudtrail.delete_event_data_store, {}),
                       (cloudtrail.update_event_data_store, {"RetentionPeriod": 8})):  # fmt: skip
        refused("EventDataStoreHasOngoingImportException", call, EventDataStore=of, **more)
    mon.clock.advance(seconds=2)
    second = start(cloudtrail, of)
    other = store(cloudtrail, "other")

    def listed(**more):
        return [each["ImportId"] for each in cloudtrail.list_imports(**more)["Imports"]]

    assert listed() == [second, first]
    assert listed(ImportStatus="COMPLETED") == [first]
    assert listed(Destination=whole(of), MaxResults=1) == [second]
    assert listed(Destination=whole(other)) == []


def test_what_cannot_be_imported(mon, cloudtrail, of):
    activity = store(cloudtrail, "x-1", AdvancedEventSelectors=selectors("ActivityAuditLog"))
    refused("InvalidImportSourceException", lambda: start(cloudtrail, of, "s3://nowhere"))
    refused("InvalidImportSourceException", lambda: start(cloudtrail, of, "http://records"))
    refused("InvalidEventDataStoreCategoryException", lambda: start(cloudtrail, activity))
    refused("EventDataStoreNotFoundException", lambda: start(cloudtrail, "nowhere"))
    refused("InvalidParameterException", cloudtrail.start_import, Destinations=[whole(of)])
    unknown = "00000000-0000-0000-0000-000000000000"
    refused("ImportNotFoundException", cloudtrail.get_import, ImportId=unknown)
    refused("ImportNotFoundException", cloudtrail.start_import, ImportId=unknown)


def test_without_another_mock_an_error_names_the_remedy(monitoring, cloudtrail):
    of = store(cloudtrail)
    with pytest.raises(MisuseError, match="start moto"):
        start(cloudtrail, of)


def test_an_import_survives_a_snapshot(mon, cloudtrail, of):
    file(record(1))
    start(cloudtrail, of)
    mon.restore(mon.snapshot())
    mon.clock.advance(seconds=10)
    assert rows(mon, cloudtrail, f"SELECT count(*) FROM {of}") == [["1"]]
