"""Pages: the next so many of a list, and a token that leads to the rest.

Lives here: `page`. A token says where the next page starts and of which list it is a page, so that
a token of another operation, or one that somebody made up, is told from a good one.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from awsmon.core.errors import AwsError

__all__ = ["page"]

T = TypeVar("T")


def page(
    items: Sequence[T],
    token: str | None,
    size: int,
    *,
    bad_token: Callable[[], AwsError],
    of: str = "",
) -> tuple[Sequence[T], str | None]:
    """The page that *token* leads to, and the token of the one after it.

    Args:
        items: the whole list, in a stable order.
        token: as it came with the request; None: the first page.
        size: how many at most.
        bad_token: makes the service's error for a token that is none of ours.
        of: what the list is of, as the operation's name; a token is good for the same list only.

    Returns:
        The items, and the next token; None where the list ends.
    """
    start = 0 if token is None else _start(token, of)
    if start is None or start > len(items):
        raise bad_token()
    end = start + size
    return items[start:end], _token(end, of) if end < len(items) else None


def _token(start: int, of: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([of, start]).encode()).decode()


def _start(token: str, of: str) -> int | None:
    try:
        found, start = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError, binascii.Error):
        return None
    return start if found == of and isinstance(start, int) and start >= 0 else None
