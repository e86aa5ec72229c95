"""Policy documents, as managed rules read them.

Lives here: `statements`, `listed`, `allows_anybody`. Source: IAM User Guide, "IAM JSON policy
elements".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["allows_anybody", "listed", "principals", "statements"]

_NARROWING = {
    # keys of conditions by which AWS takes a statement not to be public
    "aws:sourcearn", "aws:sourceaccount", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner",
    "aws:sourceip", "aws:principalorgid", "aws:principalarn", "aws:principalaccount", "aws:userid",
    "s3:dataaccesspointarn", "s3:dataaccesspointaccount", "lambda:functionurlauthtype",
}  # fmt: skip


def statements(document: Any) -> Iterator[dict[str, Any]]:
    """Those of a document: an object, its text, or its text as URLs have it."""
    if isinstance(document, str):
        document = json.loads(unquote(document) if document.startswith("%") else document)
    found = (document or {}).get("Statement", [])
    yield from found if isinstance(found, list) else [found]


def listed(value: Any) -> list[Any]:
    """What may be one or several."""
    return value if isinstance(value, list) else [] if value is None else [value]


def principals(statement: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and name of each, as ``AWS``, ``*``."""
    found = statement.get("Principal")
    if isinstance(found, str):
        yield "AWS", found
    elif found:
        for kind, names in found.items():
            yield from ((kind, name) for name in listed(names))


def allows_anybody(statement: dict[str, Any]) -> bool:
    """Whether it lets everybody in, and no condition narrows who that is."""
    if statement.get("Effect") != "Allow" or ("AWS", "*") not in principals(statement):
        return False
    keys = {key.lower() for each in statement.get("Condition", {}).values() for key in each}
    return not keys & _NARROWING
