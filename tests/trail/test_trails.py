"""Trails and selectors as they are kept and refused."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from awsmon.trail.selectors import compile_selectors
from tests.trail.conftest import ACCOUNT, BASE, client

ARN = f"arn:aws:cloudtrail:{BASE}:trail/main"


def create(cloudtrail, name="main", **more):
    return cloudtrail.create_trail(Name=name, S3BucketName="records", **more)


def refused(call, **parameters):
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_trail_is_shown_with_its_defaults(cloudtrail):
    made = create(cloudtrail, SnsTopicName="told", TagsList=[{"Key": "a", "Value": "b"}])
    del made["ResponseMetadata"]
    assert made == {
        "Name": "main", "S3BucketName": "records", "SnsTopicName": "told",
        "SnsTopicARN": f"arn:aws:sns:{BASE}:told", "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": False, "TrailARN": ARN, "LogFileValidationEnabled": False,
        "IsOrganizationTrail": False,
    }  # fmt: skip
    shown = cloudtrail.get_trail(Name=ARN)["Trail"]
    assert (shown["HomeRegion"], shown["HasCustomEventSelectors"]) == ("us-east-1", False)
    status = cloudtrail.get_trail_status(Name="main")
    assert (status["IsLogging"], status["TimeLoggingStarted"]) == (False, "")
    (listed,) = cloudtrail.list_tags(ResourceIdList=[ARN])["ResourceTagList"]
    assert listed["TagsList"] == [{"Key": "a", "Value": "b"}]


def test_started_and_stopped(monitoring, cloudtrail):
    create(cloudtrail)
    cloudtrail.start_logging(Name="main")
    assert cloudtrail.get_trail_status(Name="main")["IsLogging"] is True
    monitoring.clock.advance(hours=1)
    cloudtrail.stop_logging(Name=ARN)
    status = cloudtrail.get_trail_status(Name="main")
    assert status["IsLogging"] is False
    assert status["TimeLoggingStarted"] == "2026-03-02T12:00:00Z"
    assert status["TimeLoggingStopped"] == "2026-03-02T13:00:00Z"


def test_other_regions_see_a_multi_region_trail_and_cannot_change_it(cloudtrail):
    create(cloudtrail, IsMultiRegionTrail=True)
    create(cloudtrail, "single")
    there = client("cloudtrail", "eu-west-1")
    assert [each["Name"] for each in there.describe_trails()["trailList"]] == ["main"]
    assert there.describe_trails(includeShadowTrails=False)["trailList"] == []
    assert [each["Name"] for each in there.list_trails()["Trails"]] == ["main", "single"]
    assert refused(there.delete_trail, Name="main")[0] == "InvalidHomeRegionException"
    assert refused(there.get_trail, Name="single")[0] == "TrailNotFoundException"


def test_an_update_keeps_what_it_does_not_say(cloudtrail):
    create(cloudtrail, S3KeyPrefix="p")
    cloudtrail.update_trail(Name="main", S3BucketName="other", IsMultiRegionTrail=True)
    shown = cloudtrail.get_trail(Name="main")["Trail"]
    assert (shown["S3BucketName"], shown["S3KeyPrefix"]) == ("other", "p")
    cloudtrail.delete_trail(Name="main")
    assert cloudtrail.describe_trails()["trailList"] == []


def test_an_update_to_nothing_takes_a_destination_away(cloudtrail):
    create(
        cloudtrail, SnsTopicName="told", S3KeyPrefix="p",
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{BASE}:log-group:g:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/r",
        KmsKeyId=f"arn:aws:kms:{BASE}:key/k",
    )  # fmt: skip
    cloudtrail.update_trail(
        Name="main", SnsTopicName="", S3KeyPrefix="", CloudWatchLogsLogGroupArn="",
        CloudWatchLogsRoleArn="", KmsKeyId="",
    )  # fmt: skip
    assert set(cloudtrail.get_trail(Name="main")["Trail"]) == {
        "Name", "S3BucketName", "IncludeGlobalServiceEvents", "IsMultiRegionTrail", "HomeRegion",
        "TrailARN", "LogFileValidationEnabled", "HasCustomEventSelectors", "HasInsightSelectors",
        "IsOrganizationTrail",
    }  # fmt: skip


def test_trails_of_another_region_are_described_by_arn(cloudtrail):
    # given a trail of this region alone, and one of all regions
    create(cloudtrail, "single")
    create(cloudtrail, IsMultiRegionTrail=True)
    single = ARN.replace("main", "single")
    # when they are asked for elsewhere
    there = client("cloudtrail", "eu-west-1")
    asked = {
        name: [each["Name"] for each in there.describe_trails(trailNameList=[name])["trailList"]]
        for name in ("single", "main", single, ARN)
    }
    # then names are only those of that region's own trails
    assert asked == {"single": [], "main": [], single: ["single"], ARN: ["main"]}
    assert len(cloudtrail.describe_trails(trailNameList=["single", ARN])["trailList"]) == 2


def test_the_status_of_a_shadow_is_had_by_arn_alone(cloudtrail):
    create(cloudtrail, IsMultiRegionTrail=True)
    there = client("cloudtrail", "eu-west-1")
    assert refused(there.get_trail_status, Name="main")[0] == "TrailNotFoundException"
    assert there.get_trail_status(Name=ARN)["IsLogging"] is False


def test_the_arn_of_something_else_is_no_trails(cloudtrail):
    for call in (cloudtrail.get_trail, cloudtrail.get_trail_status, cloudtrail.start_logging):
        assert refused(call, Name="arn:aws:s3:::x")[0] == "CloudTrailARNInvalidException"
    for call in (cloudtrail.get_event_selectors, cloudtrail.get_insight_selectors):
        assert refused(call, TrailName="arn:aws:s3:::x")[0] == "CloudTrailARNInvalidException"
    assert refused(cloudtrail.describe_trails, trailNameList=["arn:aws:s3:::x"])[0] == (
        "CloudTrailARNInvalidException"
    )


# Source: moto, whose author ran AWS; botocore, InvalidTrailNameException
@pytest.mark.parametrize(("name", "message"), [
    ("a" * 2, "Trail name too short. Minimum allowed length: 3 characters. Specified name length: "
     "2 characters."),
    ("a" * 129, "Trail name too long. Maximum allowed length: 128 characters. Specified name "
     "length: 129 characters."),
    ("-trail", "Trail name must starts with a letter or number."),
    ("trail-", "Trail name must ends with a letter or number."),
    ("my trail", "Trail name or ARN can only contain uppercase letters, lowercase letters, "
     "numbers, periods (.), hyphens (-), and underscores (_)."),
    *((name, "Trail name cannot have adjacent periods, underscores or dashes.")
      for name in ("a--b", "a..b", "a._b")),
    ("192.168.1.1", "Trail name cannot be in IP address format."),
])  # fmt: skip
def test_names(cloudtrail, name, message):
    assert refused(create, cloudtrail=cloudtrail, name=name) == (
        "InvalidTrailNameException", message,
    )  # fmt: skip


def test_what_is_refused(mon, cloudtrail):
    assert refused(create, cloudtrail=cloudtrail) == (
        "S3BucketDoesNotExistException", "S3 bucket records does not exist!",
    )  # fmt: skip
    client("s3").create_bucket(Bucket="records")
    create(cloudtrail)
    assert refused(create, cloudtrail=cloudtrail)[0] == "TrailAlreadyExistsException"
    assert refused(cloudtrail.get_trail, Name="none") == (
        "TrailNotFoundException", f"Unknown trail: none for the user: {ACCOUNT}",
    )  # fmt: skip
    both = {"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": False}
    assert refused(create, cloudtrail=cloudtrail, name="x-y", **both)[1] == (
        "Multi-Region trail must include global service events."
    )
    for number in range(4):
        create(cloudtrail, f"more{number}")
    assert refused(create, cloudtrail=cloudtrail, name="six")[1] == (
        f"User: {ACCOUNT} already has 5 trails in us-east-1."
    )


def test_tags_come_and_go(cloudtrail):
    create(cloudtrail)
    cloudtrail.add_tags(ResourceId=ARN, TagsList=[{"Key": "a", "Value": "1"}, {"Key": "b"}])
    cloudtrail.remove_tags(ResourceId=ARN, TagsList=[{"Key": "a"}])
    (found,) = cloudtrail.list_tags(ResourceIdList=[ARN])["ResourceTagList"]
    assert [each["Key"] for each in found["TagsList"]] == ["b"]
    assert refused(cloudtrail.list_tags, ResourceIdList=[f"{ARN}x"])[0] == (
        "ResourceNotFoundException"
    )


# -- selectors -------------------------------------------------------------------------------------


def test_selectors_take_each_others_place(cloudtrail):
    create(cloudtrail)
    found = cloudtrail.get_event_selectors(TrailName="main")
    assert found["EventSelectors"] == [{
        "ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [],
        "ExcludeManagementEventSources": [],
    }]  # fmt: skip
    advanced = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
    cloudtrail.put_event_selectors(TrailName="main", AdvancedEventSelectors=advanced)
    found = cloudtrail.get_event_selectors(TrailName="main")
    assert found["AdvancedEventSelectors"] == advanced
    assert "EventSelectors" not in found
    cloudtrail.put_event_selectors(TrailName="main", EventSelectors=[{"ReadWriteType": "ReadOnly"}])
    found = cloudtrail.get_event_selectors(TrailName="main")
    assert "AdvancedEventSelectors" not in found
    assert cloudtrail.get_trail(Name="main")["Trail"]["HasCustomEventSelectors"] is True


def field(name, **values):
    return {"Field": name, **values}


def advanced(*fields):
    return [{"FieldSelectors": list(fields)}]


DATA = field("eventCategory", Equals=["Data"])
OBJECTS = field("resources.type", Equals=["AWS::S3::Object"])
MANAGEMENT = field("eventCategory", Equals=["Management"])
NETWORK = field("eventCategory", Equals=["NetworkActivity"])
QUEUES = field("eventSource", Equals=["sqs.amazonaws.com"])


@pytest.mark.parametrize("wrong", [
    {}, {"EventSelectors": [{}] * 6},
    {"EventSelectors": [{}], "AdvancedEventSelectors": advanced(DATA, OBJECTS)},
    {"EventSelectors": [{"DataResources": [{"Type": "AWS::SQS::Queue", "Values": ["x"]}]}]},
    {"EventSelectors": [{"ExcludeManagementEventSources": ["ec2.amazonaws.com"]}]},
    {"EventSelectors": [{"DataResources": [
        {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::b/"] * 251}]}]},
    {"AdvancedEventSelectors": advanced(field("readOnly", Equals=["true"]))},
    {"AdvancedEventSelectors": advanced(DATA)},
    {"AdvancedEventSelectors": advanced(DATA, OBJECTS, field("nothing", Equals=["x"]))},
    {"AdvancedEventSelectors": advanced(DATA, OBJECTS, field("eventName"))},
    {"EventSelectors": []},
    {"EventSelectors": [{"DataResources": [
        {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::b/"] * 200}]}] * 2},
    {"AdvancedEventSelectors": []},
    # AdvancedFieldSelector: Equals is the only operator of some fields
    {"AdvancedEventSelectors": advanced(
        field("eventCategory", StartsWith=["M"]), MANAGEMENT)},
    {"AdvancedEventSelectors": advanced(
        field("eventCategory", Equals=["Management"], StartsWith=["M"]))},
    {"AdvancedEventSelectors": advanced(DATA, MANAGEMENT, OBJECTS)},
    {"AdvancedEventSelectors": advanced(MANAGEMENT, field("readOnly", StartsWith=["t"]))},
    {"AdvancedEventSelectors": advanced(MANAGEMENT, field("readOnly", Equals=["maybe"]))},
    {"AdvancedEventSelectors": advanced(
        DATA, field("resources.type", Equals=["AWS::S3::Object"], NotEquals=["AWS::SQS::Queue"]))},
    # AdvancedEventSelector: which fields there are for which events
    {"AdvancedEventSelectors": advanced(MANAGEMENT, field(
        "eventSource", Equals=["kms.amazonaws.com"]))},
    {"AdvancedEventSelectors": advanced(MANAGEMENT, field(
        "eventSource", NotEquals=["ec2.amazonaws.com"]))},
    *({"AdvancedEventSelectors": advanced(MANAGEMENT, field(name, Equals=["x"]))}
      for name in ("eventName", "userIdentity.arn", "resources.type", "vpcEndpointId")),
    {"AdvancedEventSelectors": advanced(
        DATA, OBJECTS, field("errorCode", Equals=["VpceAccessDenied"]))},
    {"AdvancedEventSelectors": advanced(NETWORK)},
    {"AdvancedEventSelectors": advanced(
        NETWORK, field("eventSource", NotEquals=["sqs.amazonaws.com"]))},
    {"AdvancedEventSelectors": advanced(NETWORK, QUEUES, field("errorCode", Equals=["Foo"]))},
    {"AdvancedEventSelectors": advanced(NETWORK, QUEUES, field("readOnly", Equals=["true"]))},
])  # fmt: skip
def test_selectors_that_cannot_be_meant(cloudtrail, wrong):
    create(cloudtrail)
    code, _ = refused(cloudtrail.put_event_selectors, TrailName="main", **wrong)
    assert code == "InvalidEventSelectorsException"


# Source: API reference, AdvancedEventSelector and AdvancedFieldSelector
@pytest.mark.parametrize("fields", [
    (MANAGEMENT, field("readOnly", Equals=["false"]),
     field("eventSource", NotEquals=["kms.amazonaws.com", "rdsdata.amazonaws.com"])),
    (DATA, OBJECTS, field("eventSource", StartsWith=["s3"]), field("eventName", EndsWith=["t"]),
     field("eventType", Equals=["AwsApiCall"]), field("readOnly", Equals=["true"]),
     field("resources.ARN", NotStartsWith=["x"]), field("userIdentity.arn", NotEquals=["x"]),
     field("sessionCredentialFromConsole", Equals=["true"])),
    (NETWORK, QUEUES, field("eventName", NotEquals=["SendMessage"]),
     field("errorCode", Equals=["VpceAccessDenied"]), field("vpcEndpointId", Equals=["vpce-1"])),
])  # fmt: skip
def test_fields_by_which_a_trail_selects(cloudtrail, fields):
    create(cloudtrail)
    cloudtrail.put_event_selectors(TrailName="main", AdvancedEventSelectors=advanced(*fields))
    shown = cloudtrail.get_event_selectors(TrailName="main")
    assert shown["AdvancedEventSelectors"] == advanced(*fields)


def record(*, name="PutObject", read=False, arn="arn:aws:s3:::b/k", kind="AWS::S3::Object",
           source="s3.amazonaws.com"):  # fmt: skip
    data = bool(kind)
    return {
        "eventName": name, "readOnly": read, "managementEvent": not data, "eventSource": source,
        "eventCategory": "Data" if data else "Management", "userIdentity": {"arn": "arn:u"},
        "resources": [{"ARN": arn, "type": kind, "accountId": ACCOUNT}] if data else [],
    }  # fmt: skip


MANAGED = record(name="CreateKey", kind="", source="kms.amazonaws.com")
OBJECT, OTHER = record(), record(arn="arn:aws:s3:::other/k")
S3 = {"Type": "AWS::S3::Object"}


# Source: User Guide, "Logging data events": examples of values and operators
@pytest.mark.parametrize(("basic", "advanced", "event", "selected"), [
    ([{}], None, MANAGED, True),
    ([{}], None, OBJECT, False),
    ([{"ReadWriteType": "ReadOnly"}], None, MANAGED, False),
    ([{"IncludeManagementEvents": False}], None, MANAGED, False),
    ([{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}], None, MANAGED, False),
    ([{"DataResources": [{**S3, "Values": ["arn:aws:s3"]}]}], None, OBJECT, True),
    ([{"DataResources": [{**S3, "Values": ["arn:aws:s3:::b/"]}]}], None, OBJECT, True),
    ([{"DataResources": [{**S3, "Values": ["arn:aws:s3:::b/"]}]}], None, OTHER, False),
    ([{"DataResources": [{**S3, "Values": ["arn:aws:s3:::b/x"]}]}], None, OBJECT, False),
    (None, advanced(DATA, OBJECTS), OBJECT, True),
    (None, advanced(DATA, OBJECTS), MANAGED, False),
    (None, advanced(DATA, OBJECTS, field("resources.ARN", StartsWith=["arn:aws:s3:::b/"])),
     OTHER, False),
    (None, advanced(DATA, OBJECTS, field("resources.ARN", NotStartsWith=["arn:aws:s3:::b/"])),
     OTHER, True),
    (None, advanced(DATA, OBJECTS, field("eventName", Equals=["Get", "PutObject"])), OBJECT, True),
    (None, advanced(DATA, OBJECTS, field("eventName", NotEquals=["Get", "PutObject"])),
     OBJECT, False),
    (None, advanced(DATA, OBJECTS, field("eventName", EndsWith=["Object"])), OBJECT, True),
    (None, advanced(DATA, OBJECTS, field("readOnly", Equals=["true"])), OBJECT, False),
    (None, advanced(DATA, OBJECTS, field("userIdentity.arn", Equals=["arn:u"])), OBJECT, True),
    (None, [*advanced(DATA, OBJECTS), *advanced(field("eventCategory", Equals=["Management"]))],
     MANAGED, True),
])  # fmt: skip
def test_what_selectors_select(basic, advanced, event, selected):
    reason = compile_selectors(basic, advanced)(event)
    assert (reason is None) is selected
