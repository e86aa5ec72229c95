"""Policy documents as JSON.

Lives here: `json_object`, `only`. What a document must say is with whoever carries it out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.logs.policy_errors import InvalidPolicy

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["json_object", "only"]


def json_object(document: str, members: Collection[str]) -> dict[str, Any]:
    """A document as an object that has no other members than these.

    Raises:
        InvalidParameterException: it isn't.
    """
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        raise InvalidPolicy.document("it must be JSON.") from None
    return only(found, members, "it")


def only(found: Any, members: Collection[str] | None, what: str) -> dict[str, Any]:
    """A part of a document that is an object with no other members than these; None: any.

    Raises:
        InvalidParameterException: it isn't.
    """
    if not isinstance(found, dict):
        raise InvalidPolicy.document(f"{what} must be an object.")
    for name in found:
        if members is not None and name not in members:
            raise InvalidPolicy.document(f"{what} has no member {name}.")
    return found
