"""Event data stores: create, look at, change, feed, federate, delete."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list
from awsmon.trail.destinations import kms_key
from awsmon.trail.errors import (
    InvalidEventSelectorsException,
    InvalidNextTokenException,
    InvalidParameterException,
)
from awsmon.trail.lake.errors import (
    ChannelExistsForEDSException,
    EventDataStoreAlreadyExistsException,
    EventDataStoreFederationEnabledException,
    EventDataStoreHasOngoingImportException,
    EventDataStoreMaxLimitExceededException,
    EventDataStoreTerminationProtectedException,
    InvalidEventDataStoreCategoryException,
    InvalidEventDataStoreStatusException,
    InvalidKmsKeyIdException,
)
from awsmon.trail.lake.stores import MANAGEMENT, PENDING, EventDataStore
from awsmon.trail.names import is_role
from awsmon.trail.selector_checks import check_store
from awsmon.trail.selectors import CATEGORIES, check_insights, kind_of
from awsmon.trail.tagging import checked_tags

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        CreateEventDataStoreRequestTypeDef,
        DeleteEventDataStoreRequestTypeDef,
        DisableFederationRequestTypeDef,
        EnableFederationRequestTypeDef,
        GetEventDataStoreRequestTypeDef,
        ListEventDataStoresRequestTypeDef,
        RestoreEventDataStoreRequestTypeDef,
        StartEventDataStoreIngestionRequestTypeDef,
        StopEventDataStoreIngestionRequestTypeDef,
        UpdateEventDataStoreRequestTypeDef,
    )

    from awsmon.trail.service import Trail

MOST_STORES = 10
LONGEST = {"EXTENDABLE_RETENTION_PRICING": 3653, "FIXED_RETENTION_PRICING": 2557}
USUAL = {"EXTENDABLE_RETENTION_PRICING": 366, "FIXED_RETENTION_PRICING": 2557}
"""Days. Source: API reference, CreateEventDataStore."""
_CHANGES = {
    "Name": "name", "MultiRegionEnabled": "multi_region_enabled",
    "OrganizationEnabled": "organization_enabled", "RetentionPeriod": "retention_period",
    "TerminationProtectionEnabled": "termination_protection_enabled",
    "BillingMode": "billing_mode",
}  # fmt: skip
_FEDERATION = ("FederationStatus", "FederationRoleArn")


def _check(trail: Trail, request: Any, mode: str, name: str | None = None) -> None:
    if "Name" in request and any(
        each.name == request["Name"] != name for each in trail.stores
    ):  # fmt: skip
        raise EventDataStoreAlreadyExistsException.named(request["Name"])
    if request.get("RetentionPeriod", 7) > LONGEST[mode]:
        raise InvalidParameterException.because(
            f"RetentionPeriod must be at most {LONGEST[mode]} days for the billing mode {mode}."
        )
    if "AdvancedEventSelectors" in request:
        check_store(request["AdvancedEventSelectors"])


def _members(trail: Trail, request: Any) -> list[str] | None:
    """Whose events a store of the organization takes; None: those of all accounts there are.

    What makes it one is asked of AWS Organizations, as for a trail.
    """
    if not request.get("OrganizationEnabled"):
        return None
    found = trail.organization.check().accounts
    return None if found is None else list(found)


def _shown(store: EventDataStore, *left_out: str) -> dict[str, Any]:
    return {name: value for name, value in store.to_aws().items() if name not in left_out}


@operation("CreateEventDataStore")
def create_event_data_store(
    trail: Trail, request: CreateEventDataStoreRequestTypeDef
) -> dict[str, Any]:
    """It takes events at once, unless it is told not to."""
    key, members = kms_key(trail, request.get("KmsKeyId")), _members(trail, request)
    mode = request.get("BillingMode", "EXTENDABLE_RETENTION_PRICING")
    _check(trail, request, mode)
    tags = checked_tags(request.get("TagsList"), limited=False)
    if len(list(trail.stores)) >= MOST_STORES:
        raise EventDataStoreMaxLimitExceededException.of(MOST_STORES)
    now = trail.clock.now()
    usual: Any = {"RetentionPeriod": USUAL[mode], "AdvancedEventSelectors": MANAGEMENT}
    starts = request.get("StartIngestion", True)
    store = EventDataStore.from_aws(
        {**usual, **request}, kms_key_id=key, members=members,
        created_timestamp=now, updated_timestamp=now,
        arn=trail.scope.arn("cloudtrail", f"eventdatastore/{trail.ids.uuid()}"),
        status="ENABLED" if starts else "STOPPED_INGESTION",
    )  # fmt: skip
    trail.stores.add(store)
    trail.tags.create(store.arn, tags)
    return {**_shown(store, *_FEDERATION), "Status": "CREATED", "TagsList": tag_list(tags)}


@operation("GetEventDataStore")
def get_event_data_store(trail: Trail, request: GetEventDataStoreRequestTypeDef) -> dict[str, Any]:
    """By ARN or id; one that is to be deleted is still shown."""
    return trail.stores[request["EventDataStore"]].to_aws()


@operation("ListEventDataStores")
def list_event_data_stores(
    trail: Trail, request: ListEventDataStoresRequestTypeDef
) -> dict[str, Any]:
    """In order of name; names and ARNs alone, for the other members are deprecated."""
    page, token = paging.page(
        list(trail.stores), request.get("NextToken"), request.get("MaxResults", 1000),
        of="ListEventDataStores", key=lambda each: each.name,
        bad_token=InvalidNextTokenException.token,
    )  # fmt: skip
    return {
        "EventDataStores": [{"EventDataStoreArn": each.arn, "Name": each.name} for each in page],
        "NextToken": token,
    }


@operation("UpdateEventDataStore")
def update_event_data_store(
    trail: Trail, request: UpdateEventDataStoreRequestTypeDef
) -> dict[str, Any]:
    """What isn't said stays."""
    given: Any = request
    key, members = kms_key(trail, given.get("KmsKeyId")), _members(trail, given)
    store = trail.stores.active(given["EventDataStore"])
    if trail.imports.into(store):
        raise EventDataStoreHasOngoingImportException.of(store.name)
    if key is not None and store.kms_key_id not in (None, key):
        raise InvalidKmsKeyIdException.fixed(store.name)
    if not set(given) - {"EventDataStore"}:
        raise InvalidParameterException.because("You must specify at least one parameter.")
    _check(trail, given, given.get("BillingMode", store.billing_mode), store.name)
    if given.get("BillingMode", store.billing_mode) != store.billing_mode and (
        store.billing_mode == "EXTENDABLE_RETENTION_PRICING"
    ):
        raise InvalidParameterException.because(
            "BillingMode cannot be changed to FIXED_RETENTION_PRICING."
        )
    wanted = given.get("AdvancedEventSelectors")
    if wanted and (kind_of(wanted) in CATEGORIES) != (store.category in CATEGORIES):
        raise InvalidEventSelectorsException.because("A store's category of events can't change.")
    for each in store.insights if wanted else ():
        check_insights(each, store.name, None, wanted)
    for member, field in _CHANGES.items():
        if member in given:
            setattr(store, field, given[member])
    if wanted:
        store.advanced_event_selectors = copy.deepcopy(wanted)
    if "OrganizationEnabled" in given:
        store.members = members
    store.kms_key_id = key or store.kms_key_id
    store.updated_timestamp = trail.clock.now()
    trail.stores.changed()
    return store.to_aws()


@operation("DeleteEventDataStore")
def delete_event_data_store(trail: Trail, request: DeleteEventDataStoreRequestTypeDef) -> None:
    """It can be restored for seven days."""
    store = trail.stores.active(request["EventDataStore"])
    if store.termination_protection_enabled:
        raise EventDataStoreTerminationProtectedException.of(store.name)
    if store.federation_status == "ENABLED":
        raise EventDataStoreFederationEnabledException.of(store.name)
    if any(store.arn in each.stores for each in trail.channels):
        raise ChannelExistsForEDSException.of(store.name)
    if trail.imports.into(store):
        raise EventDataStoreHasOngoingImportException.of(store.name)
    trail.stores.delete(store)


@operation("RestoreEventDataStore")
def restore_event_data_store(
    trail: Trail, request: RestoreEventDataStoreRequestTypeDef
) -> dict[str, Any]:
    """With all that it kept."""
    store = trail.stores[request["EventDataStore"]]
    if store.status != PENDING:
        raise InvalidEventDataStoreStatusException.of(store.name, store.status)
    trail.stores.restore(store)
    return _shown(store, *_FEDERATION)


@operation("StartEventDataStoreIngestion")
def start_event_data_store_ingestion(
    trail: Trail, request: StartEventDataStoreIngestionRequestTypeDef
) -> None:
    """From now on."""
    _ingest(trail, request["EventDataStore"], "STOPPED_INGESTION", "ENABLED")


@operation("StopEventDataStoreIngestion")
def stop_event_data_store_ingestion(
    trail: Trail, request: StopEventDataStoreIngestionRequestTypeDef
) -> None:
    """What it has stays."""
    _ingest(trail, request["EventDataStore"], "ENABLED", "STOPPED_INGESTION")


def _ingest(trail: Trail, name: str, before: str, after: str) -> None:
    store = trail.stores[name]
    if store.category not in (*CATEGORIES, "ConfigurationItem"):
        raise InvalidEventDataStoreCategoryException.of(store.name, store.category)
    if store.status != before:
        raise InvalidEventDataStoreStatusException.of(store.name, store.status)
    store.status, store.updated_timestamp = after, trail.clock.now()
    trail.stores.changed()


@operation("EnableFederation")
def enable_federation(trail: Trail, request: EnableFederationRequestTypeDef) -> dict[str, Any]:
    """Athena may read the store; no data catalogue is told of it."""
    store = trail.stores.active(request["EventDataStore"])
    if store.federation_status == "ENABLED":
        raise EventDataStoreFederationEnabledException.of(store.name)
    if not is_role(request["FederationRoleArn"]):
        raise InvalidParameterException.because("FederationRoleArn must be the ARN of a role.")
    store.federation_status = "ENABLED"
    store.federation_role_arn = request["FederationRoleArn"]
    return _federated(store)


@operation("DisableFederation")
def disable_federation(trail: Trail, request: DisableFederationRequestTypeDef) -> dict[str, Any]:
    """It may no more."""
    store = trail.stores.active(request["EventDataStore"])
    store.federation_status, store.federation_role_arn = "DISABLED", None
    return _federated(store)


def _federated(store: EventDataStore) -> dict[str, Any]:
    return {"EventDataStoreArn": store.arn, "FederationStatus": store.federation_status,
            "FederationRoleArn": store.federation_role_arn}  # fmt: skip
