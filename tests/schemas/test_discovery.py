"""Schemas that are found on buses, and inferred from samples."""

from __future__ import annotations

import json

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.schemas.documents import draft4, schema_name
from awsmon.schemas.inference import merged, shape_of
from tests.schemas.conftest import BUS, refused

DETAIL = {
    "orderId": "7", "placedAt": "2026-03-02T12:00:00Z", "count": 3, "big": 5_000_000_000,
    "total": 12.5, "paid": True, "note": None, "tags": ["a"], "none": [],
    "customer": {"name": "Ann", "address": {"city": "Ulm"}},
    "items": [{"sku": "x", "n": 1}, {"sku": "y", "n": 2, "gift": True}],
}  # fmt: skip


def test_an_event_becomes_a_schema(monitoring, discovered):
    # given a discoverer, when an event comes
    monitoring.event_bus.put("shop", "Order Placed", DETAIL)
    # then its schema is there. Form: a schema of AWS's registry aws.events
    document = discovered()
    assert document["openapi"] == "3.0.0"
    assert document["info"] == {"version": "1.0.0", "title": "OrderPlaced"}
    schemas = document["components"]["schemas"]
    event = schemas["AWSEvent"]
    assert event["x-amazon-events-source"] == "shop"
    assert event["x-amazon-events-detail-type"] == "Order Placed"
    assert event["properties"]["detail"] == {"$ref": "#/components/schemas/OrderPlaced"}
    assert event["properties"]["time"] == {"type": "string", "format": "date-time"}
    assert event["required"] == [
        "detail-type", "resources", "detail", "id", "source", "time", "region", "version",
        "account",
    ]  # fmt: skip
    assert schemas["OrderPlaced"]["required"] == sorted(DETAIL)
    assert schemas["OrderPlaced"]["properties"] == {
        "orderId": {"type": "string"},
        "placedAt": {"type": "string", "format": "date-time"},
        "count": {"type": "integer"},
        "big": {"type": "integer", "format": "int64"},
        "total": {"type": "number"},
        "paid": {"type": "boolean"},
        "note": {},
        "tags": {"type": "array", "items": {"type": "string"}},
        "none": {"type": "array", "items": {"type": "object"}},
        "customer": {"$ref": "#/components/schemas/Customer"},
        "items": {"type": "array", "items": {"$ref": "#/components/schemas/Items"}},
    }
    assert schemas["Customer"]["properties"]["address"] == {"$ref": "#/components/schemas/Address"}
    assert schemas["Items"]["required"] == ["n", "sku"]


def test_another_shape_is_another_version(monitoring, schemas, discovered):
    # given events of one shape, then of another
    for detail in ({"n": 1}, {"n": 2}, {"n": 1.5, "more": "x"}, {"n": 3}):
        monitoring.event_bus.put("shop", "Order Placed", detail)
    # then there are two versions, and the second covers all events
    versions = schemas.list_schema_versions(
        RegistryName="discovered-schemas", SchemaName="shop@OrderPlaced"
    )["SchemaVersions"]
    assert [each["SchemaVersion"] for each in versions] == ["2", "1"]
    first = discovered(SchemaVersion="1")["components"]["schemas"]["OrderPlaced"]
    assert first["properties"] == {"n": {"type": "integer"}}
    second = discovered()["components"]["schemas"]["OrderPlaced"]
    assert second["properties"] == {"n": {"type": "number"}, "more": {"type": "string"}}
    assert second["required"] == ["n"]


def test_a_discoverer_sees_what_it_is_told_to(monitoring, schemas):
    # given a discoverer for this account's events, stopped meanwhile
    schemas.create_discoverer(SourceArn=BUS, CrossAccount=False)
    events = boto3.client("events")
    (rule,) = events.list_rules()["Rules"]
    assert rule["Name"] == "Schemas-events-event-bus-default"
    assert rule["ManagedBy"] == "schemas.amazonaws.com"

    def names():
        found = schemas.list_schemas(RegistryName="discovered-schemas")["Schemas"]
        return [each["SchemaName"] for each in found]

    # AWS's own events aren't discovered
    monitoring.event_bus.put_aws_event("aws.ec2", "EC2 Instance State-change Notification")
    monitoring.event_bus.put("a", "One")
    schemas.stop_discoverer(DiscovererId="events-event-bus-default")
    monitoring.event_bus.put("a", "Two")
    schemas.start_discoverer(DiscovererId="events-event-bus-default")
    monitoring.event_bus.put("a", "Three")
    # another account's events count only if they are to
    there = monitoring.at("111111111111").credentials
    events.put_permission(Principal="*", StatementId="all", Action="events:PutEvents")
    for kind in ("Four", "Five"):
        entry = {"Source": "a", "DetailType": kind, "Detail": "{}", "EventBusName": BUS}
        boto3.client("events", **there).put_events(Entries=[entry])
        schemas.update_discoverer(DiscovererId="events-event-bus-default", CrossAccount=True)
    assert names() == ["a@Five", "a@One", "a@Three"]
    # and once it is deleted the rule is gone
    schemas.delete_discoverer(DiscovererId="events-event-bus-default")
    assert events.list_rules()["Rules"] == []


def test_discoverers_are_kept_listed_and_refused(schemas, monitoring):
    made = schemas.create_discoverer(SourceArn=BUS, Description="mine", Tags={"a": "b"})
    assert made["DiscovererId"] == "events-event-bus-default"
    assert made["State"] == "STARTED"
    assert made["CrossAccount"] is True
    shown = schemas.describe_discoverer(DiscovererId="events-event-bus-default")
    assert (shown["Description"], shown["Tags"]) == ("mine", {"a": "b"})
    (listed,) = schemas.list_discoverers(DiscovererIdPrefix="events")["Discoverers"]
    assert listed["SourceArn"] == BUS
    assert schemas.list_discoverers(SourceArnPrefix="arn:aws:sqs")["Discoverers"] == []
    assert refused(schemas.create_discoverer, SourceArn=BUS)[0] == 409
    for wrong in (BUS.replace("events", "sqs"), f"{BUS}-that-is-not-there"):
        assert refused(schemas.create_discoverer, SourceArn=wrong)[0] == 400
    assert refused(schemas.describe_discoverer, DiscovererId="x") == (
        404, "NotFoundException", "NotFound",
    )  # fmt: skip


# Source: names in AWS's registry aws.events
@pytest.mark.parametrize(("source", "detail_type", "name"), [
    ("aws.ec2", "EC2 Instance State-change Notification",
     "aws.ec2@EC2InstanceStateChangeNotification"),
    ("aws.s3", "Object Created", "aws.s3@ObjectCreated"),
    ("aws.ssm", "Parameter Store Change", "aws.ssm@ParameterStoreChange"),
    ("my.app", "order/placed", "my.app@OrderPlaced"),
])  # fmt: skip
def test_the_name_of_a_schema(source, detail_type, name):
    assert schema_name(source, detail_type) == name


def test_a_schema_of_samples_is_not_kept(schemas):
    events = [
        json.dumps({"source": "a", "detail-type": "B c", "detail": detail})
        for detail in ({"n": 1}, {"n": 2, "m": None})
    ]
    found = json.loads(
        schemas.get_discovered_schema(Events=events, Type="JSONSchemaDraft4")["Content"]
    )
    assert found["$schema"] == "http://json-schema.org/draft-04/schema#"
    assert found["properties"]["detail"] == {"$ref": "#/definitions/BC"}
    assert found["definitions"]["BC"] == {
        "type": "object", "required": ["n"], "properties": {"m": {}, "n": {"type": "integer"}},
    }  # fmt: skip
    assert schemas.list_schemas(RegistryName="discovered-schemas")["Schemas"] == []
    for wrong in (["{"], ["{}"], [events[0], events[0].replace('"a"', '"b"')]):
        assert refused(schemas.get_discovered_schema, Events=wrong, Type="OpenApi3")[0] == 400


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=3) | st.just("2026-03-02T12:00:00Z"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)  # fmt: skip
DETAILS = st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES)


@given(DETAILS, DETAILS)
def test_merging_has_no_order_and_no_end(one, other):
    first, second = shape_of(one), shape_of(other)
    both = merged(first, second)
    assert both == merged(second, first)
    assert merged(both, first) == merged(both, second) == both


@given(st.lists(DETAILS, min_size=1, max_size=3))
def test_whatever_a_schema_was_made_of_conforms_to_it(details):
    from functools import reduce

    from jsonschema import Draft4Validator

    shape = reduce(merged, map(shape_of, details))
    document = draft4("a", "B", shape)
    for detail in details:
        event = {
            "detail-type": "B", "source": "a", "detail": detail, "resources": [], "id": "1",
            "time": "2026-03-02T12:00:00Z", "region": "r", "version": "0", "account": "1",
        }  # fmt: skip
        if not _has_empty_list_elsewhere(details):
            Draft4Validator(document).validate(event)


def _has_empty_list_elsewhere(details) -> bool:
    """AWS says of a list that was always empty that it has objects; others conform to nothing."""
    return "[]" in json.dumps(details)
