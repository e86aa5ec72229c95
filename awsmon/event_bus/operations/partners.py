"""Partner event sources: the partner's side, and the customer's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.event_bus import entries
from awsmon.event_bus.errors import (
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
    ValidationException,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_events.type_defs import (
        ActivateEventSourceRequestTypeDef,
        CreatePartnerEventSourceRequestTypeDef,
        DeactivateEventSourceRequestTypeDef,
        DeletePartnerEventSourceRequestTypeDef,
        DescribeEventSourceRequestTypeDef,
        DescribePartnerEventSourceRequestTypeDef,
        ListEventSourcesRequestTypeDef,
        ListPartnerEventSourceAccountsRequestTypeDef,
        ListPartnerEventSourcesRequestTypeDef,
        PutPartnerEventsRequestTypeDef,
    )

    from awsmon.event_bus.partners import EventSource
    from awsmon.event_bus.service import EventBus

MOST_ENTRIES = 20


def _made(events: EventBus) -> Iterator[tuple[EventBus, EventSource]]:
    """Sources that this account made, each with the EventBridge of its customer."""
    for there in events.region_wide():
        for source in there.sources:
            if source.partner == events.scope.account:
                yield there, source


# -- the partner's side ----------------------------------------------------------------------------


@operation("CreatePartnerEventSource")
def create_partner_event_source(
    events: EventBus, request: CreatePartnerEventSourceRequestTypeDef
) -> dict[str, Any]:
    """For one account, which then makes a bus of that name."""
    there = events.of_account(request["Account"])
    if request["Name"] in there.sources:
        raise ResourceAlreadyExistsException.event_source(request["Name"])
    source = there.sources.create(request["Name"], events.scope.account)
    return {"EventSourceArn": source.arn}


@operation("DeletePartnerEventSource")
def delete_partner_event_source(
    events: EventBus, request: DeletePartnerEventSourceRequestTypeDef
) -> None:
    """One that isn't there is no mistake."""
    there = events.of_account(request["Account"])
    for place, source in list(_made(events)):
        if place is there and source.name == request["Name"]:
            there.sources.forget(source)


@operation("DescribePartnerEventSource")
def describe_partner_event_source(
    events: EventBus, request: DescribePartnerEventSourceRequestTypeDef
) -> dict[str, Any]:
    """Whichever account it is for."""
    for _, source in _made(events):
        if source.name == request["Name"]:
            return {"Arn": source.arn, "Name": source.name}
    raise ResourceNotFoundException.event_source(request["Name"])


@operation("ListPartnerEventSources")
def list_partner_event_sources(
    events: EventBus, request: ListPartnerEventSourcesRequestTypeDef
) -> dict[str, Any]:
    """In order of name; of several accounts, one."""
    arns = {
        source.name: source.arn for _, source in _made(events)
        if source.name.startswith(request["NamePrefix"])
    }  # fmt: skip
    found, token = paging.page(
        sorted(arns), request.get("NextToken"), request.get("Limit", 100),
        of="ListPartnerEventSources", key=str, bad_token=ValidationException.token,
    )  # fmt: skip
    shown = [{"Arn": arns[name], "Name": name} for name in found]
    return {"PartnerEventSources": shown, "NextToken": token}


@operation("ListPartnerEventSourceAccounts")
def list_partner_event_source_accounts(
    events: EventBus, request: ListPartnerEventSourceAccountsRequestTypeDef
) -> dict[str, Any]:
    """Which accounts it is for."""
    name = request["EventSourceName"]
    found = {
        there.scope.account: source.to_aws()
        for there, source in _made(events) if source.name == name
    }  # fmt: skip
    if not found:
        raise ResourceNotFoundException.event_source(name)
    accounts, token = paging.page(
        sorted(found), request.get("NextToken"), request.get("Limit", 100),
        of=f"ListPartnerEventSourceAccounts {name}", key=str, bad_token=ValidationException.token,
    )  # fmt: skip
    shown = [
        {
            "Account": account, "CreationTime": found[account]["CreationTime"],
            "ExpirationTime": found[account].get("ExpirationTime"),
            "State": found[account]["State"],
        }
        for account in accounts
    ]  # fmt: skip
    return {"PartnerEventSourceAccounts": shown, "NextToken": token}


@operation("PutPartnerEvents")
def put_partner_events(events: EventBus, request: PutPartnerEventsRequestTypeDef) -> dict[str, Any]:
    """To the accounts that the sources are for; what nobody wants vanishes."""
    if len(request["Entries"]) > MOST_ENTRIES:
        raise ValidationException.too_many_entries(entries.shown(request["Entries"]), MOST_ENTRIES)
    answers = [_put(events, entry) for entry in request["Entries"]]
    failed = sum("ErrorCode" in answer for answer in answers)
    return {"FailedEntryCount": failed, "Entries": answers}


def _put(events: EventBus, entry: Mapping[str, Any]) -> dict[str, Any]:
    refusal = entries.refusal(entry, own="aws.partner/")
    if refusal is not None:
        return refusal
    detail = entries.detail_of(entry)
    if detail is None:
        return entries.MALFORMED
    id_, at = events.ids.uuid(), entry.get("Time") or events.clock.now()
    for there, source in list(_made(events)):
        if source.name == entry["Source"]:
            event = entries.envelope(
                there.scope, id_=id_, at=at, source=entry["Source"],
                detail_type=entry["DetailType"], resources=entry.get("Resources", ()),
                detail=detail,
            )  # fmt: skip
            there.sources.receive(source.name, event)
    return {"EventId": id_}


# -- the customer's side ---------------------------------------------------------------------------


@operation("DescribeEventSource")
def describe_event_source(
    events: EventBus, request: DescribeEventSourceRequestTypeDef
) -> dict[str, Any]:
    """One that a partner made for this account."""
    return events.sources[request["Name"]].to_aws()


@operation("ListEventSources")
def list_event_sources(events: EventBus, request: ListEventSourcesRequestTypeDef) -> dict[str, Any]:
    """In order of name."""
    prefix = request.get("NamePrefix", "")
    found, token = paging.page(
        [source for source in events.sources if source.name.startswith(prefix)],
        request.get("NextToken"), request.get("Limit", 100), of="ListEventSources",
        key=lambda source: source.name, bad_token=ValidationException.token,
    )  # fmt: skip
    return {"EventSources": [source.to_aws() for source in found], "NextToken": token}


@operation("ActivateEventSource")
def activate_event_source(events: EventBus, request: ActivateEventSourceRequestTypeDef) -> None:
    """Its events come to the bus of its name."""
    events.sources.activate(events.sources[request["Name"]])


@operation("DeactivateEventSource")
def deactivate_event_source(events: EventBus, request: DeactivateEventSourceRequestTypeDef) -> None:
    """They don't, for now; the bus stays."""
    events.sources.deactivate(events.sources[request["Name"]])
