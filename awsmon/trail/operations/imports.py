"""Imports of what trails delivered to S3: start, try again, look at, stop."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.deliveries import Refused
from awsmon.core.errors import MisuseError
from awsmon.core.operation import operation
from awsmon.trail.errors import InvalidNextTokenException, InvalidParameterException
from awsmon.trail.lake.errors import InvalidEventDataStoreCategoryException
from awsmon.trail.lake.feeding_errors import (
    AccountHasOngoingImportException,
    InvalidImportSourceException,
)
from awsmon.trail.lake.imports import Import, place_of
from awsmon.trail.selectors import CATEGORIES

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        GetImportRequestTypeDef,
        ListImportFailuresRequestTypeDef,
        ListImportsRequestTypeDef,
        StartImportRequestTypeDef,
        StopImportRequestTypeDef,
    )

    from awsmon.trail.service import Trail

MOST = 1000
_NEW = ("Destinations", "ImportSource")


def _check_source(trail: Trail, request: Any) -> None:
    """The other mock knows the bucket."""
    uri = request["ImportSource"]["S3"]["S3LocationUri"]
    bucket, _ = place_of(uri)
    if not bucket:
        raise InvalidImportSourceException.of(uri)
    try:
        arn = f"arn:{trail.scope.partition}:s3:::{bucket}"
        found = trail.ask(arn, "s3", "HeadBucket", {"Bucket": bucket})
    except Refused:
        raise InvalidImportSourceException.of(uri) from None
    if found is None:
        raise MisuseError(
            "StartImport reads the files of another active mock's S3, and there is none: "
            "start moto beside awsmon."
        )


@operation("StartImport")
def start_import(trail: Trail, request: StartImportRequestTypeDef) -> dict[str, Any]:
    """A new one, or the files of another that failed."""
    given: Any = request
    if "ImportId" not in given and all(name in given for name in _NEW):
        _check_source(trail, given)
    if any(each.is_active for each in trail.imports):
        raise AccountHasOngoingImportException.already()
    if "ImportId" in given:
        return _again(trail, given)
    if not all(name in given for name in _NEW):
        raise InvalidParameterException.because("Specify Destinations and ImportSource.")
    start, end = given.get("StartEventTime"), given.get("EndEventTime")
    if start is not None and end is not None and start > end:
        raise InvalidParameterException.because("StartEventTime must be before EndEventTime.")
    store, now = trail.stores.active(given["Destinations"][0]), trail.clock.now()
    if store.category not in CATEGORIES:
        raise InvalidEventDataStoreCategoryException.of(store.name, store.category)
    found = Import(
        import_id=trail.ids.uuid(), destinations=[store.arn], start_event_time=start,
        import_source=copy.deepcopy(given["ImportSource"]), end_event_time=end,
        created_timestamp=now, updated_timestamp=now,
    )  # fmt: skip
    trail.imports.start(found)
    return _without_statistics(found)


def _again(trail: Trail, request: Any) -> dict[str, Any]:
    found = trail.imports[request["ImportId"]]
    if set(request) - {"ImportId"}:
        raise InvalidParameterException.because("A retry takes nothing but ImportId.")
    if found.import_status != "FAILED":
        raise InvalidParameterException.because("Only an import that failed can be retried.")
    trail.stores.active(found.destinations[0])
    trail.imports.again(found)
    return _without_statistics(found)


def _without_statistics(found: Import) -> dict[str, Any]:
    return {name: value for name, value in found.to_aws().items() if name != "ImportStatistics"}


@operation("GetImport")
def get_import(trail: Trail, request: GetImportRequestTypeDef) -> dict[str, Any]:
    """With how far it has come."""
    return trail.imports[request["ImportId"]].to_aws()


@operation("ListImports")
def list_imports(trail: Trail, request: ListImportsRequestTypeDef) -> dict[str, Any]:
    """The newest first."""
    into = request.get("Destination")
    arn = None if into is None else trail.stores[into].arn
    found = [
        each for each in trail.imports
        if request.get("ImportStatus", each.import_status) == each.import_status
        and (arn is None or arn in each.destinations)
    ]  # fmt: skip
    page, token = paging.page_after(
        found, request.get("NextToken"), request.get("MaxResults", MOST), of="ListImports",
        bad_token=InvalidNextTokenException.token, key=lambda each: each.import_id,
    )  # fmt: skip
    members = ("ImportId", "ImportStatus", "Destinations", "CreatedTimestamp", "UpdatedTimestamp")
    shown = [each.to_aws() for each in page]
    return {"Imports": [{name: each[name] for name in members} for each in shown],
            "NextToken": token}  # fmt: skip


@operation("StopImport")
def stop_import(trail: Trail, request: StopImportRequestTypeDef) -> dict[str, Any]:
    """One that isn't over."""
    found = trail.imports[request["ImportId"]]
    if not found.is_active:
        raise InvalidParameterException.because(
            f"The import {found.import_id} has the status {found.import_status}."
        )
    trail.imports.stop(found)
    return found.to_aws()


@operation("ListImportFailures")
def list_import_failures(trail: Trail, request: ListImportFailuresRequestTypeDef) -> dict[str, Any]:
    """What could not be read, in order of where it stands."""
    found = trail.imports[request["ImportId"]]
    page, token = paging.page(
        [found.failures[key] for key in sorted(found.failures)], request.get("NextToken"),
        request.get("MaxResults", MOST), of=f"ListImportFailures {found.import_id}",
        bad_token=InvalidNextTokenException.token,
    )  # fmt: skip
    return {"Failures": [dict(each) for each in page], "NextToken": token}
