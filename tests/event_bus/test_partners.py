"""Partner event sources, from the partner's side and the customer's."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

NAME = "aws.partner/example.com/shop/orders"
CUSTOMER = "111111111111"


@pytest.fixture
def partner(monitoring):
    return boto3.client("events")


@pytest.fixture
def there(monitoring):
    return monitoring.at(CUSTOMER)


@pytest.fixture
def customer(there):
    return boto3.client("events", **there.credentials)


def put(partner, kind="Placed", source=NAME):
    entry = {"Source": source, "DetailType": kind, "Detail": "{}"}
    return partner.put_partner_events(Entries=[entry])["Entries"][0]


def code(call, **parameters):
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    return raised.value.response["Error"]["Code"]


def test_events_come_once_the_customer_has_made_a_bus(monitoring, partner, customer, there):
    # given a source for a customer
    arn = partner.create_partner_event_source(Name=NAME, Account=CUSTOMER)["EventSourceArn"]
    assert arn == f"arn:aws:events:us-east-1::event-source/{NAME}"
    shown = customer.describe_event_source(Name=NAME)
    assert (shown["State"], shown["CreatedBy"]) == ("PENDING", "example.com")
    assert shown["ExpirationTime"] - shown["CreationTime"] == timedelta(days=14)
    put(partner, "too early")
    # when the customer makes a bus of that name, with a rule
    customer.create_event_bus(Name=NAME, EventSourceName=NAME)
    assert customer.describe_event_source(Name=NAME)["State"] == "ACTIVE"
    seen = []
    there.event_bus.on({"source": [{"prefix": "aws.partner"}]}, bus=NAME)(seen.append)
    # then events come, until it wants none, and again
    put(partner)
    customer.deactivate_event_source(Name=NAME)
    put(partner, "unwanted")
    customer.activate_event_source(Name=NAME)
    id_ = put(partner, "again")["EventId"]
    assert [event["detail-type"] for event in seen] == ["Placed", "again"]
    assert (seen[1]["id"], seen[1]["account"], seen[1]["source"]) == (id_, CUSTOMER, NAME)


def test_a_source_that_nobody_wants_is_gone_after_two_weeks(monitoring, partner, customer):
    partner.create_partner_event_source(Name=NAME, Account=CUSTOMER)
    monitoring.clock.advance(days=13)
    assert len(customer.list_event_sources(NamePrefix="aws.partner/")["EventSources"]) == 1
    monitoring.clock.advance(days=1)
    assert customer.list_event_sources()["EventSources"] == []


def test_a_deleted_source_leaves_its_bus(monitoring, partner, customer):
    partner.create_partner_event_source(Name=NAME, Account=CUSTOMER)
    customer.create_event_bus(Name=NAME, EventSourceName=NAME)
    partner.delete_partner_event_source(Name=NAME, Account=CUSTOMER)
    assert customer.describe_event_source(Name=NAME)["State"] == "DELETED"
    assert customer.describe_event_bus(Name=NAME)["Name"] == NAME
    assert code(customer.activate_event_source, Name=NAME) == "InvalidStateException"


def test_what_the_partner_sees(monitoring, partner):
    for account in (CUSTOMER, "222222222222"):
        partner.create_partner_event_source(Name=NAME, Account=account)
    assert partner.describe_partner_event_source(Name=NAME)["Name"] == NAME
    (listed,) = partner.list_partner_event_sources(
        NamePrefix="aws.partner/example.com/"
    )["PartnerEventSources"]  # fmt: skip
    assert listed["Name"] == NAME
    accounts = partner.list_partner_event_source_accounts(EventSourceName=NAME)
    assert [each["Account"] for each in accounts["PartnerEventSourceAccounts"]] == [
        CUSTOMER, "222222222222",
    ]  # fmt: skip
    again = {"Name": NAME, "Account": CUSTOMER}
    assert code(partner.create_partner_event_source, **again) == "ResourceAlreadyExistsException"


def test_what_is_refused(partner, customer):
    other = "aws.partner/example.com/nothing"
    for call in (customer.describe_event_source, partner.describe_partner_event_source):
        assert code(call, Name=other) == "ResourceNotFoundException"
    assert code(customer.create_event_bus, Name=other, EventSourceName=other) == (
        "ResourceNotFoundException"
    )
    assert code(customer.create_event_bus, Name=other) == "ValidationException"
    answer = partner.put_partner_events(Entries=[{"Source": NAME, "DetailType": "x"}])
    assert answer["FailedEntryCount"] == 1
    entry = {"Source": NAME, "DetailType": "x", "Detail": "{}"}
    assert code(partner.put_partner_events, Entries=[entry] * 21) == "ValidationException"
