"""Pages: the next so many of a list, and a token that leads to the rest.

Lives here: `page` and `page_in_order`; `page_of_many`, `page_after` and `page_behind` for what is
found as it is asked for. A token says where the next page starts and of which list it is a page, so
that a token of another operation, or one that somebody made up, is told from a good one.
"""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_right
from itertools import dropwhile, islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from awsmon.core.errors import AwsError

__all__ = ["page", "page_after", "page_behind", "page_in_order", "page_of_many"]

T = TypeVar("T")


def page(
    items: Sequence[T],
    token: str | None,
    size: int,
    *,
    bad_token: Callable[[], AwsError],
    of: str,
    key: Callable[[T], str] | None = None,
) -> tuple[Sequence[T], str | None]:
    """The page that *token* leads to, and the token of the one after it.

    Args:
        items: the whole list, in a stable order.
        token: as it came with the request; None: the first page.
        size: how many at most.
        bad_token: makes the service's error for a token that is none of ours.
        of: what the list is of, as the operation's name; a token is good for the same list only.
        key: what the list is in order of. A page then goes on behind the last key that was shown,
            though items before it may have gone meanwhile; without, behind so many items.

    Returns:
        The items, and the next token; None where the list ends.
    """
    start = 0
    if token is not None:
        after = _read(token, of, int if key is None else str)
        if after is None:
            raise bad_token()
        if key is None:
            start = after
        else:
            keys = [key(item) for item in items]
            start = bisect_right(keys, after)
    end = start + size
    if start > len(items):
        raise bad_token()
    if end >= len(items):
        return items[start:], None
    return items[start:end], _token(of, end if key is None else key(items[end - 1]))


def page_of_many(
    items: Iterable[T],
    token: str | None,
    size: int,
    *,
    bad_token: Callable[[], AwsError],
    of: str,
) -> tuple[list[T], str | None]:
    """The same, without looking further than the page: behind so many items.

    Args:
        items: in a stable order.
        token: as it came with the request; None: the first page.
        size: how many at most.
        bad_token: makes the service's error for a token that is none of ours.
        of: what the list is of.
    """
    start = 0 if token is None else _read(token, of, int)
    if start is None:
        raise bad_token()
    found = list(islice(items, start, start + size + 1))
    return found[:size], _token(of, start + size) if len(found) > size else None


def page_after(
    items: Iterable[T],
    token: str | None,
    size: int,
    *,
    bad_token: Callable[[], AwsError],
    of: str,
    key: Callable[[T], str | int],
) -> tuple[list[T], str | None]:
    """The same of what grows at its beginning, as the newest first: behind the item shown last.

    Args:
        items: in an order that only new ones in front can change.
        token: as it came with the request.
        size: how many at most.
        bad_token: makes the service's error for a token that is none of ours.
        of: what the list is of.
        key: by which an item is found again.
    """

    def find(last: list[Any] | None) -> Iterable[T]:
        if last is None:
            return items
        return islice(dropwhile(lambda item: key(item) != last[0], items), 1, None)

    return page_behind(find, token, size, bad_token=bad_token, of=of, key=lambda item: [key(item)])


def page_behind(
    find: Callable[[list[Any] | None], Iterable[T]],
    token: str | None,
    size: int,
    *,
    bad_token: Callable[[], AwsError],
    of: str,
    key: Callable[[T], list[Any]],
) -> tuple[list[T], str | None]:
    """The same behind the last item that was shown, wherever that stands by now.

    Args:
        find: the items in order, those behind a key; None: all.
        token: as it came with the request.
        size: how many at most.
        bad_token: makes the service's error for a token that is none of ours.
        of: what the list is of.
        key: of an item, such as JSON has.
    """
    after = None if token is None else _read(token, of, list)
    if token is not None and after is None:
        raise bad_token()
    found = list(islice(find(after), size + 1))
    return found[:size], _token(of, key(found[size - 1])) if len(found) > size else None


def page_in_order(
    items: Iterable[T],
    token: str | None,
    size: int,
    *,
    bad_token: Callable[[], AwsError],
    of: str,
    key: Callable[[T], list[Any]],
    descending: bool,
) -> tuple[list[T], str | None]:
    """The same of what stands in order of its keys, up or down; items may come and go."""

    def find(last: list[Any] | None) -> Iterable[T]:
        if last is None:
            return items
        return [each for each in items if (key(each) < last if descending else key(each) > last)]

    return page_behind(find, token, size, bad_token=bad_token, of=of, key=key)


def _token(of: str, after: int | str | list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([of, after]).encode()).decode()


def _read(token: str, of: str, kind: type) -> Any:
    """Where the next page starts; None: no token of this list."""
    try:
        found, after = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError, binascii.Error):
        return None
    return after if found == of and type(after) is kind else None
