"""Pages of AWS Config's lists.

Lives here: `page`. Config's operations name their members alike, but for the case of the first
letter; an empty token asks for the first page, as clients take it (rdklib sends one).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from awsmon.config_recorder.errors import InvalidNextTokenException
from awsmon.core import paging

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["page"]

T = TypeVar("T")
_TOKENS, _SIZES = ("NextToken", "nextToken"), ("Limit", "limit", "MaxResults")


def page(
    found: Sequence[T], request: Any, size: int, of: str, *, key: Callable[[T], str] | None = None
) -> tuple[list[T], str | None]:
    """The page that a request asks for, and the token of the next; None where the list ends.

    Args:
        found: the whole list.
        request: with or without a token and a limit.
        size: how many at most, where the request doesn't say.
        of: the operation, and what else tells its list from others.
        key: what the list is in order of (`core/paging.py`).

    Raises:
        InvalidNextTokenException: the token is none of this list.
    """
    token = next((request[name] for name in _TOKENS if request.get(name)), None)
    wanted = next((request[name] for name in _SIZES if request.get(name)), size)
    shown, following = paging.page(
        found, token, wanted, of=of, key=key, bad_token=InvalidNextTokenException.token
    )
    return list(shown), following
