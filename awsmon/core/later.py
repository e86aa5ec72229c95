"""JSON objects that are made when somebody reads them.

Lives here: `Later` and `made`. Much of what services tell one another nobody reads: an event that
no rule takes is only an entry of the trace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Later", "made"]


class Later:
    """A JSON object that isn't made yet.

    Args:
        make: makes it; a function of a module, so that it pickles.
        of: what it is made of, which doesn't change.
    """

    __slots__ = ("_make", "_of")

    def __init__(self, make: Callable[..., Mapping[str, Any]], *of: Any) -> None:
        self._make: Callable[..., Mapping[str, Any]] | None = make
        self._of: Any = of

    def __call__(self) -> Mapping[str, Any]:
        """The object; made once."""
        if self._make is not None:
            self._of, self._make = self._make(*self._of), None
        found: Mapping[str, Any] = self._of
        return found


def made(told: Mapping[str, Any] | Later) -> Mapping[str, Any]:
    """The object itself."""
    return told() if isinstance(told, Later) else told
