"""The keys with which digest files are signed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import EPOCH
from awsmon.core.operation import operation
from awsmon.trail.errors import InvalidTimeRangeException
from awsmon.trail.signing import key_of

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import ListPublicKeysRequestTypeDef

    from awsmon.trail.service import Trail

FOREVER = timedelta(days=365 * 100)


@operation("ListPublicKeys")
def list_public_keys(trail: Trail, request: ListPublicKeysRequestTypeDef) -> dict[str, Any]:
    """A region has one, which is good at all times."""
    given: Any = request
    start, end = given.get("StartTime"), given.get("EndTime")
    if start is not None and end is not None and start > end:
        raise InvalidTimeRangeException.reversed()
    key = key_of(trail.scope.region)
    shown = {
        "Value": key.der, "Fingerprint": key.fingerprint, "ValidityStartTime": EPOCH,
        "ValidityEndTime": EPOCH + FOREVER,
    }  # fmt: skip
    return {"PublicKeyList": [shown]}
