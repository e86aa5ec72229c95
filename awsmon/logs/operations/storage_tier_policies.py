"""The account's storage tier: put, get. Where events are stored has no effect on reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.logs.service import Logs


@operation("PutStorageTierPolicy")
def put_storage_tier_policy(logs: Logs, request: Mapping[str, Any]) -> dict[str, Any]:
    """It is the account's in this region."""
    logs.storage_tier = request["storageTier"], logs.now
    return _shown(logs)


@operation("GetStorageTierPolicy")
def get_storage_tier_policy(logs: Logs, request: Mapping[str, Any]) -> dict[str, Any]:
    """STANDARD, unless it was put."""
    del request
    return _shown(logs)


def _shown(logs: Logs) -> dict[str, Any]:
    tier, since = logs.storage_tier
    return {"storageTier": tier, "lastUpdatedTime": since}
