"""Entities that metrics and logs are told to belong to: `wrong_entity`.

Source: CloudWatch User Guide, "How to add related information to telemetry".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["wrong_entity"]

_KEYS = {"Type", "ResourceType", "Identifier", "Name", "Environment"}
_TYPES = {"Service", "RemoteService", "Resource", "AWS::Resource"}


def wrong_entity(keys: Mapping[str, str]) -> str | None:
    """What is wrong with an entity's key attributes, in AWS's word; None: nothing."""
    if not set(keys) <= _KEYS:
        return "InvalidKeyAttributes"
    if "Type" not in keys:
        return "MissingRequiredFields"
    if keys["Type"] not in _TYPES:
        return "InvalidTypeValue"
    service = keys["Type"] in ("Service", "RemoteService")
    needed = {"Name", "Environment"} if service else {"ResourceType", "Identifier"}
    return None if needed <= set(keys) else "MissingRequiredFields"
