"""Answers come out as botocore would have parsed them: exact types, order and instants."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any

import pytest
from botocore.response import StreamingBody

from awsmon.core.errors import AwsmonError
from awsmon.sdk import shapes
from awsmon.sdk.shaping import answered, failed, shaper
from awsmon.sdk.wire import encode, encode_error
from tests.sdk.answers import (
    AT,
    FILLED,
    REQUEST_ID,
    VARIANTS,
    answer,
    exact,
    operations,
    parsed,
    plain,
    refused,
    service,
    spoken,
    tells_both_codes,
    value,
)

CALL: dict[str, Any] = {"request_id": REQUEST_ID, "at": AT}
both_codes = pytest.mark.skipif(not tells_both_codes(), reason="CloudWatch speaks query here")


def operation(client: str, name: str) -> Any:
    return service(client).operation_model(name)


# -- both paths agree, over the whole API ----------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("client", "protocol"), spoken())
def test_every_answer_is_the_same_without_and_with_a_wire(client, protocol, variant):
    for model in operations(service(client, protocol)):
        # given an answer of the operation
        result = answer(model, variant)
        # when it goes both ways
        _, fast = answered(model, result, **CALL)
        wire = parsed(model, encode(model, result, **CALL))
        # then the user gets the same
        if model.has_event_stream_output:
            del wire[model.output_shape.event_stream_name]
        assert exact(fast) == exact(wire), model.name


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("client", sorted({client for client, _ in spoken()}))
def test_every_answer_says_what_the_operation_returned(client, variant):
    for model in operations(service(client)):
        result = answer(model, variant)
        _, fast = answered(model, result, **CALL)
        del fast["ResponseMetadata"]
        if model.has_streaming_output:
            fast["Body"] = fast["Body"].read()
            result = {"Body": b"", **(result or {})}
        assert fast == plain(result or {}), model.name


def errors_of(model: Any) -> list[Any]:
    """Each modelled error with all its members and with none, and two that aren't modelled."""
    found = [refused("SomethingElse", 400, "No such code."), refused("Throttled", 503, None)]
    for shape in model.error_shapes:
        status = shape.metadata.get("error", {}).get("httpStatusCode", 400)
        members = {
            name: value(member, FILLED, name, ())
            for name, member in shape.members.items()
            if name.lower() != "message" and member.serialization.get("location") is None
        }
        found.append(refused(shape.error_code, status, f"{shape.name}: näin <ei> käy.", **members))
        found.append(refused(shape.error_code, status, None))
        found.append(refused(shape.error_code, status, ""))
    return found


@pytest.mark.parametrize(("client", "protocol"), spoken())
def test_every_error_is_the_same_without_and_with_a_wire(client, protocol):
    for model in operations(service(client, protocol)):
        for error in errors_of(model):
            http, fast = failed(model, error, **CALL)
            wire = parsed(model, encode_error(model, error, **CALL))
            assert exact(fast) == exact(wire), (model.name, error)
            assert fast["Error"]["Code"] == error.code
            assert error.message in (None, "", fast["Error"].get("Message"))
            assert http.status_code == fast["ResponseMetadata"]["HTTPStatusCode"] == error.status
            if protocol != "query":
                told = {name: fast.get(name) for name in error.members}
                assert told == error.members, (model.name, error)


# -- success ---------------------------------------------------------------------------------------


def test_metadata_are_those_of_a_real_answer():
    http, fast = answered(operation("logs", "CreateLogGroup"), None, **CALL)

    assert fast == {
        "ResponseMetadata": {
            "RequestId": REQUEST_ID,
            "HTTPStatusCode": 200,
            "HTTPHeaders": {
                "x-amzn-requestid": REQUEST_ID,
                "content-type": "application/x-amz-json-1.1",
                "date": "Mon, 02 Mar 2026 12:00:00 GMT",
            },
            "RetryAttempts": 0,
        }
    }
    assert (http.status_code, http.headers) == (200, fast["ResponseMetadata"]["HTTPHeaders"])
    assert (http.raw, http.content, http.text) == (None, b"", "")


def test_the_status_is_the_models():
    http, fast = answered(operation("schemas", "CreateRegistry"), {"RegistryName": "r"}, **CALL)

    assert http.status_code == fast["ResponseMetadata"]["HTTPStatusCode"] == 201


def test_what_comes_out_shares_nothing_with_what_went_in():
    # given an answer made of an operation's own lists and dicts
    result = {"MetricAlarms": [{"AlarmName": "a", "AlarmActions": ["x"], "Dimensions": [{}]}]}
    before = copy.deepcopy(result)
    # when a user changes all that he got
    shaped = shaper(operation("cloudwatch", "DescribeAlarms"))(result)
    shaped["MetricAlarms"][0]["AlarmActions"].append("y")
    shaped["MetricAlarms"][0]["Dimensions"][0]["Name"] = "n"
    shaped["MetricAlarms"].append({})
    # then the operation's are as they were
    assert result == before


def test_the_headers_that_handlers_see_are_not_those_that_the_user_gets():
    http, fast = answered(operation("logs", "CreateLogGroup"), None, **CALL)
    fast["ResponseMetadata"]["HTTPHeaders"].clear()
    assert http.headers


def test_none_is_left_out_at_every_depth():
    shaped = shaper(operation("cloudwatch", "DescribeAlarms"))(
        {"MetricAlarms": [{"AlarmName": "a", "Period": None}], "NextToken": None}
    )
    assert shaped == {"MetricAlarms": [{"AlarmName": "a"}]}


def test_an_enums_member_comes_out_as_plain_text():
    class State(str, Enum):
        OK = "OK"

    shaped = shaper(operation("cloudwatch", "DescribeAlarms"))(
        {"MetricAlarms": [{"StateValue": State.OK}]}
    )
    assert type(shaped["MetricAlarms"][0]["StateValue"]) is str


def test_numbers_have_the_type_of_the_shape():
    shaped = shaper(operation("cloudwatch", "DescribeAlarms"))(
        {"MetricAlarms": [{"Threshold": 5, "Period": 60.0}]}
    )
    assert exact(shaped["MetricAlarms"][0]) == exact({"Period": 60, "Threshold": 5.0})


def test_members_come_in_the_order_of_the_shape():
    shaped = shaper(operation("logs", "GetLogEvents"))(
        {"nextBackwardToken": "b", "nextForwardToken": "f", "events": []}
    )
    assert list(shaped) == ["events", "nextForwardToken", "nextBackwardToken"]


@pytest.mark.parametrize("hours", [0, 2, -8])
def test_instants_keep_milliseconds_and_no_more(hours):
    at = datetime(2026, 3, 2, 12, 0, 0, 123_999, tzinfo=timezone(timedelta(hours=hours)))
    shaped = shaper(operation("cloudwatch", "GetMetricStatistics"))(
        {"Datapoints": [{"Timestamp": at}]}
    )
    assert shaped["Datapoints"][0]["Timestamp"] == at.replace(microsecond=123_000)


def test_a_stream_of_bytes_can_be_read_and_a_given_one_is_passed_on():
    shape = shaper(operation("schemas", "GetCodeBindingSource"))
    given = StreamingBody(None, 0)

    assert shape({"Body": b"zip"})["Body"].read() == b"zip"
    assert shape(None)["Body"].read() == b""
    assert shape({"Body": given})["Body"] is given


def test_a_stream_of_events_that_are_there_is_passed_on():
    events: list[object] = []
    shaped = shaper(operation("logs", "StartLiveTail"))({"responseStream": events})
    assert shaped["responseStream"] is events


def test_what_an_older_botocore_does_not_know_is_left_out(monkeypatch):
    # given a botocore that is older than the answers
    monkeypatch.setattr(shapes, "_ANSWERS_KNOW", (99, 0))
    monkeypatch.setattr(shapes, "_shapers", {})
    # when an answer has members that it hasn't heard of, at the top and further down
    result = {"MetricAlarms": [{"AlarmName": "a", "Newer": 1}], "Newest": True}
    # then it answers what it would have parsed
    assert shaper(operation("cloudwatch", "DescribeAlarms"))(result) == {
        "MetricAlarms": [{"AlarmName": "a"}]
    }
    assert shaper(operation("cloudwatch", "PutMetricData"))({"Newest": True}) == {}


# -- our own mistakes ------------------------------------------------------------------------------

ALARMS = ("cloudwatch", "DescribeAlarms")


@pytest.mark.parametrize(
    ("client", "name", "result", "words"),
    [
        (*ALARMS, {"Alarms": []}, r"DescribeAlarms has no member Alarms"),
        (*ALARMS, {"MetricAlarms": [{"Name": "a"}]}, r"DescribeAlarms\.MetricAlarms\[\] .* Name"),
        (*ALARMS, {"MetricAlarms": [{"AlarmName": 5}]}, r"MetricAlarms\[\]\.AlarmName .* string"),
        (*ALARMS, {"MetricAlarms": [{"Period": 1.5}]}, r"MetricAlarms\[\]\.Period "),
        (*ALARMS, {"MetricAlarms": [{"Threshold": "5"}]}, r"Threshold .* number"),
        (*ALARMS, {"MetricAlarms": [{"ActionsEnabled": 1}]}, r"ActionsEnabled .* boolean"),
        (*ALARMS, {"MetricAlarms": [None]}, r"DescribeAlarms\.MetricAlarms\[\] "),
        (*ALARMS, {"MetricAlarms": "a"}, r"DescribeAlarms\.MetricAlarms .* list"),
        (*ALARMS, {"MetricAlarms": [{"AlarmActions": [1]}]}, r"AlarmActions .* string"),
        (*ALARMS, {"MetricAlarms": [{"StateUpdatedTimestamp": 1}]}, r"Timestamp .* datetime"),
        (
            *ALARMS,
            {"MetricAlarms": [{"StateUpdatedTimestamp": datetime(2026, 1, 1)}]},  # noqa: DTZ001
            r"StateUpdatedTimestamp .* time zone",
        ),
        ("cloudwatch", "GetMetricWidgetImage", {"MetricWidgetImage": "png"}, r"Image .* bytes"),
        ("cloudwatch", "PutMetricData", {"Fine": True}, r"PutMetricData answers nothing; Fine"),
        ("logs", "ListTagsForResource", {"tags": {1: "a"}}, r"ListTagsForResource\.tags "),
        (
            "logs",
            "GetIntegration",
            {"integrationDetails": {}},
            r"integrationDetails .* exactly one",
        ),
    ],
)
@pytest.mark.needs("1.44")
def test_what_the_model_does_not_have_is_our_mistake(client, name, result, words):
    with pytest.raises(AwsmonError, match=words):
        answered(operation(client, name), result, **CALL)


@pytest.mark.needs("1.44")
def test_a_member_that_an_error_lacks_is_our_mistake():
    error = refused("ResourceNotFound", 404, None, AlarmName="a")
    with pytest.raises(
        AwsmonError, match="SetAlarmState: ResourceNotFound has no member AlarmName"
    ):
        failed(operation("cloudwatch", "SetAlarmState"), error, **CALL)


# -- failure ---------------------------------------------------------------------------------------


@both_codes
def test_an_error_of_a_former_query_service_tells_both_codes():
    # given CloudWatch's error of which code and shape differ
    error = refused("InvalidParameterValue", 400, "Bad.")
    # when a call fails with it
    http, fast = failed(operation("cloudwatch", "PutMetricData"), error, **CALL)
    # then it looks as recorded from AWS
    metadata = fast.pop("ResponseMetadata")
    assert fast == {
        "Error": {
            "Code": "InvalidParameterValue",
            "Message": "Bad.",
            "QueryErrorCode": "InvalidParameterValueException",
            "Type": "Sender",
        },
        "message": "Bad.",
    }
    assert (metadata["RequestId"], metadata["RetryAttempts"]) == (REQUEST_ID, 0)
    assert http.headers == metadata["HTTPHeaders"]


@both_codes
def test_the_operations_own_error_is_told_where_two_share_a_code():
    error = refused("ResourceNotFound", 404, "")

    def told(name: str) -> str:
        _, fast = failed(operation("cloudwatch", name), error, **CALL)
        return str(fast["Error"]["QueryErrorCode"])

    assert told("SetAlarmState") == "ResourceNotFound"
    assert told("GetDashboard") == "DashboardNotFoundError"


def test_an_error_without_a_message_has_an_empty_one():
    _, fast = failed(
        operation("logs", "GetLogEvents"), refused("ResourceNotFoundException", 400, None), **CALL
    )
    assert fast["Error"] == {"Message": "", "Code": "ResourceNotFoundException"}


@both_codes
def test_the_services_fault_is_the_receivers():
    error = refused("InternalServiceError", 500, "Oh.")
    _, fast = failed(operation("cloudwatch", "PutDashboard"), error, **CALL)
    assert (fast["Error"]["Type"], fast["Message"]) == ("Receiver", "Oh.")


def test_members_of_an_error_that_travel_in_headers_arrive():
    error = refused("ThrottlingException", 429, "Slow.", retryAfterSeconds=5, quotaCode="q")
    _, fast = failed(operation("pipes", "ListPipes"), error, **CALL)
    assert (fast["retryAfterSeconds"], fast["quotaCode"], fast["message"]) == (5, "q", "Slow.")
    assert fast["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "5"


def test_oam_tells_the_type_of_an_error_as_a_member():
    error = refused("ConflictException", 409, "Again.")
    _, fast = failed(operation("oam", "CreateSink"), error, **CALL)
    assert (fast["amznErrorType"], fast["Message"]) == ("ConflictException", "Again.")


def test_an_error_that_is_not_modelled_has_code_and_message_only():
    error = refused("SomethingElse", 400, "No.", member=1)
    _, fast = failed(operation("cloudtrail", "GetTrail"), error, **CALL)
    del fast["ResponseMetadata"]
    assert fast == {"Error": {"Code": "SomethingElse", "Message": "No."}}
