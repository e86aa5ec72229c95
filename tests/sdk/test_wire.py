"""Bytes on the wire, judged by botocore's parsers and by the protocols' own examples."""

from __future__ import annotations

import functools
import json
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from botocore.eventstream import EventStreamBuffer
from botocore.exceptions import EventStreamError
from botocore.model import ServiceModel
from hypothesis import given
from hypothesis import strategies as st

from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.sdk.protocols import eventstream
from awsmon.sdk.shaping import answered
from awsmon.sdk.wire import encode, encode_error, encode_event
from tests.sdk.answers import (
    AT,
    REQUEST_ID,
    SPOKEN,
    exact,
    http,
    parsed,
    refused,
    service,
    tells_both_codes,
)

CALL: dict[str, Any] = {"request_id": REQUEST_ID, "at": AT}
both_codes = pytest.mark.skipif(not tells_both_codes(), reason="CloudWatch speaks query here")


def operation(client: str, name: str) -> Any:
    return service(client).operation_model(name)


# -- a shape that holds itself, in every protocol --------------------------------------------------

SHAPES: dict[str, Any] = {
    "Node": {
        "type": "structure",
        "members": {
            "Text": {"shape": "Text"},
            "Renamed": {"shape": "Text", "locationName": "renamedText"},
            "Whole": {"shape": "Long"},
            "Number": {"shape": "Double"},
            "Flag": {"shape": "Flag"},
            "Bytes": {"shape": "Bytes"},
            "When": {"shape": "When"},
            "WhenText": {"shape": "When", "timestampFormat": "iso8601"},
            "Numbers": {"shape": "Numbers"},
            "Nodes": {"shape": "Nodes"},
            "Named": {"shape": "Named"},
        },
    },
    "Text": {"type": "string"},
    "Long": {"type": "long"},
    "Double": {"type": "double"},
    "Flag": {"type": "boolean"},
    "Bytes": {"type": "blob"},
    "When": {"type": "timestamp"},
    "Numbers": {"type": "list", "member": {"shape": "Double"}},
    "Nodes": {"type": "list", "member": {"shape": "Node"}},
    "Named": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Node"}},
}


@functools.cache
def growing(protocol: str) -> Any:
    """An operation whose answer is a `Node`."""
    description = {
        "metadata": {
            "protocol": protocol,
            "apiVersion": "2026-03-02",
            "endpointPrefix": "trees",
            "serviceId": "Trees",
        },
        "operations": {
            "Grow": {"name": "Grow", "http": {"method": "POST"}, "output": {"shape": "Node"}}
        },
        "shapes": SHAPES,
    }
    return ServiceModel(description, "trees").operation_model("Grow")


def nodes(text: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    instants = st.datetimes(
        datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(timezone.utc)  # noqa: DTZ001
    )  # fmt: skip
    scalars: dict[str, Any] = {
        "Text": text,
        "Renamed": text,
        "Whole": st.integers(-(2**63), 2**63 - 1),
        "Number": st.floats(width=64) | st.integers(-(2**53), 2**53),
        "Flag": st.booleans(),
        "Bytes": st.binary(),
        "When": instants,
        "WhenText": instants,
        "Numbers": st.lists(st.floats(), max_size=4),
    }
    leaves = st.fixed_dictionaries({}, optional=scalars)

    def grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        containers: dict[str, Any] = {
            "Nodes": st.lists(inner, max_size=3),
            "Named": st.dictionaries(text, inner, max_size=3),
        }
        return st.fixed_dictionaries({}, optional={**scalars, **containers})

    return st.recursive(leaves, grown, max_leaves=8)


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\r\n")
)


@pytest.mark.parametrize("protocol", [name for name in SPOKEN if name != "query"])
@given(node=nodes(ANY_TEXT))
def test_trees_are_the_same_without_and_with_a_wire(protocol, node):
    model = growing(protocol)
    _, fast = answered(model, node, **CALL)
    assert exact(fast) == exact(parsed(model, encode(model, node, **CALL)))


@given(node=nodes(XML_TEXT))
def test_trees_are_the_same_without_a_wire_and_as_xml(node):
    model = growing("query")
    _, fast = answered(model, node, **CALL)
    assert exact(fast) == exact(parsed(model, encode(model, node, **CALL)))


def test_what_xml_cannot_carry_is_replaced():
    model = growing("query")
    assert (
        parsed(model, encode(model, {"Text": "a\x00b\ud800"}, **CALL))["Text"] == "a\ufffdb\ufffd"
    )


# -- what goes over the wire -----------------------------------------------------------------------

ALARM = {
    "MetricAlarms": [
        {
            "AlarmName": "a<b",
            "Threshold": 5,
            "Period": 60,
            "ActionsEnabled": True,
            "StateUpdatedTimestamp": datetime(2026, 3, 2, 12, tzinfo=timezone.utc),
            "AlarmConfigurationUpdatedTimestamp": AT,
        }
    ]
}


def test_json_is_written_as_aws_writes_it():
    answer = encode(operation("cloudwatch", "DescribeAlarms"), ALARM, **CALL, protocol="json")

    assert answer.headers["content-type"] == "application/x-amz-json-1.0"
    assert json.loads(answer.body) == {
        "MetricAlarms": [
            {
                "AlarmName": "a<b",
                "AlarmConfigurationUpdatedTimestamp": 1772452800.25,
                "ActionsEnabled": True,
                "StateUpdatedTimestamp": 1772452800.0,
                "Period": 60,
                "Threshold": 5.0,
            }
        ]
    }


def test_query_is_written_as_aws_writes_it():
    answer = encode(operation("cloudwatch", "DescribeAlarms"), ALARM, **CALL, protocol="query")

    assert answer.headers["content-type"] == "text/xml"
    assert answer.body.decode() == (
        '<DescribeAlarmsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">'
        "<DescribeAlarmsResult><MetricAlarms><member><AlarmName>a&lt;b</AlarmName>"
        "<AlarmConfigurationUpdatedTimestamp>2026-03-02T12:00:00.250Z"
        "</AlarmConfigurationUpdatedTimestamp><ActionsEnabled>true</ActionsEnabled>"
        "<StateUpdatedTimestamp>2026-03-02T12:00:00Z</StateUpdatedTimestamp><Period>60</Period>"
        "<Threshold>5.0</Threshold></member></MetricAlarms></DescribeAlarmsResult>"
        f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>"
        "</DescribeAlarmsResponse>"
    )


def test_cbor_says_which_protocol_it_is():
    answer = encode(
        operation("cloudwatch", "DescribeAlarms"), {}, **CALL, protocol="smithy-rpc-v2-cbor"
    )
    assert answer.headers["smithy-protocol"] == "rpc-v2-cbor"
    assert answer.headers["content-type"] == "application/cbor"
    assert answer.body == b"\xa0"


@pytest.mark.parametrize(
    ("client", "name", "status"),
    [("logs", "CreateLogGroup", 200), ("schemas", "DeleteRegistry", 204)],
)
def test_an_operation_without_output_has_no_body(client, name, status):
    answer = encode(operation(client, name), None, **CALL)
    assert (answer.status, answer.body) == (status, b"")


def test_a_body_that_is_a_file_is_sent_as_it_is():
    answer = encode(operation("schemas", "GetCodeBindingSource"), {"Body": b"zip"}, **CALL)
    assert (answer.headers["content-type"], answer.body) == ("application/octet-stream", b"zip")


def test_a_protocol_that_is_not_built_is_said():
    with pytest.raises(NotImplementedByAwsmon, match="DescribeAlarms: the protocol rest-xml"):
        encode(operation("cloudwatch", "DescribeAlarms"), {}, **CALL, protocol="rest-xml")


@both_codes
@pytest.mark.parametrize("protocol", ["json", "smithy-rpc-v2-cbor"])
def test_an_error_names_its_shape_in_the_body_and_its_code_in_a_header(protocol):
    error = refused("InvalidParameterInput", 400, "Bad.", dashboardValidationMessages=[])
    answer = encode_error(operation("cloudwatch", "PutDashboard"), error, **CALL, protocol=protocol)
    assert answer.status == 400
    assert answer.headers["x-amzn-query-error"] == "InvalidParameterInput;Sender"
    assert b"DashboardInvalidInputError" in answer.body


def test_an_error_of_the_query_protocol_is_xml():
    answer = encode_error(
        operation("cloudwatch", "SetAlarmState"), refused("ResourceNotFound", 404, "No & no."),
        **CALL, protocol="query",
    )  # fmt: skip
    assert "x-amzn-query-error" not in answer.headers
    assert answer.body.decode() == (
        '<ErrorResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">'
        "<Error><Type>Sender</Type><Code>ResourceNotFound</Code><Message>No &amp; no.</Message>"
        f"</Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    )


def test_a_member_that_travels_in_a_header_is_not_in_the_body():
    error = refused("ThrottlingException", 429, "Slow.", retryAfterSeconds=5)
    answer = encode_error(operation("pipes", "ListPipes"), error, **CALL)
    assert answer.headers["retry-after"] == "5"
    assert json.loads(answer.body) == {"message": "Slow."}


# -- streams of events -----------------------------------------------------------------------------


def test_a_frame_is_as_the_standard_shows_it():
    # AWS's test vectors of the encoding: the empty message, and one with a payload
    assert eventstream.frame({}, b"").hex() == "000000100000000005c248eb7d98c8ff"
    assert eventstream.frame({}, b"{'foo':'bar'}").hex() == (
        "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936"
    )


TAIL = {
    "responseStream": [
        {"sessionStart": {"requestId": "r", "logGroupIdentifiers": ["g"]}},
        {
            "sessionUpdate": {
                "sessionMetadata": {"sampled": False},
                "sessionResults": [{"message": "hyvää", "timestamp": 1_772_452_800_123}],
            }
        },
    ]
}


def test_events_of_a_stream_arrive():
    model = operation("logs", "StartLiveTail")
    answer = encode(model, TAIL, **CALL)
    wire = parsed(model, answer)
    _, fast = answered(model, TAIL, **CALL)

    assert answer.headers["content-type"] == "application/vnd.amazon.eventstream"
    assert list(wire["responseStream"]) == TAIL["responseStream"] == fast["responseStream"]
    assert wire["ResponseMetadata"] == fast["ResponseMetadata"]


def test_a_file_in_a_stream_of_events_arrives():
    model = operation("logs", "GetLogObject")
    events = [{"fields": {"data": b"\x00\xff"}}]
    wire = parsed(model, encode(model, {"fieldStream": events}, **CALL))
    assert list(wire["fieldStream"]) == events


def test_an_endless_stream_is_begun_and_goes_on_event_by_event():
    # given an answer whose events come one by one
    model = operation("logs", "StartLiveTail")
    stream = model.output_shape.members["responseStream"]
    answer = encode(model, {"responseStream": iter(())}, **CALL)
    # when the server sends them after it
    sent = answer.body
    for event in TAIL["responseStream"]:
        for name, payload in event.items():
            sent += encode_event(stream.members[name], name, payload)
    # then all frames can be told apart
    frames = EventStreamBuffer()
    frames.add_data(sent)
    assert [frame.headers[":event-type"] for frame in frames] == [
        "initial-response", "sessionStart", "sessionUpdate",
    ]  # fmt: skip


def test_a_stream_of_events_can_fail():
    model = operation("logs", "StartLiveTail")
    events = [{"SessionTimeoutException": {"message": "Three hours are over."}}]
    wire = parsed(model, encode(model, {"responseStream": events}, **CALL))
    with pytest.raises(EventStreamError, match="Three hours are over") as caught:
        list(wire["responseStream"])
    assert caught.value.response["Error"]["Code"] == "SessionTimeoutException"


# -- a real client ---------------------------------------------------------------------------------


@pytest.fixture
def client() -> Any:
    return boto3.client(
        "cloudwatch", region_name="eu-north-1",
        aws_access_key_id="AKIA", aws_secret_access_key="secret",
    )  # fmt: skip


def test_a_real_client_reads_an_answer(client):
    model = client.meta.service_model.operation_model("DescribeAlarms")
    answer = encode(model, ALARM, **CALL)
    client.meta.events.register("before-send", lambda **_: http(answer))

    assert client.describe_alarms() == answered(model, ALARM, **CALL)[1]


def test_a_real_client_raises_the_modelled_exception(client):
    model = client.meta.service_model.operation_model("SetAlarmState")
    answer = encode_error(model, refused("ResourceNotFound", 404, None), **CALL)
    client.meta.events.register("before-send", lambda **_: http(answer))

    with pytest.raises(client.exceptions.ResourceNotFound) as caught:
        client.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="r")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"
