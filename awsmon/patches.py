"""Attributes of other libraries, replaced while a session is active.

Lives here: `Patches`. What is replaced, and by what, is said where it belongs: `sdk/intercept.py`
for botocore and boto3, `one_time.py` for the process's time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Patches"]


class Patches:
    """A set of replacements that are made and undone together."""

    def __init__(self) -> None:
        self._made: list[tuple[Any, str, Any, Any]] = []

    def make(self, wraps: Mapping[tuple[Any, str], Callable[[Any], Any]]) -> None:
        """Replace each ``(owner, name)`` by what its function makes of the original."""
        for (owner, name), wrap in wraps.items():
            original = getattr(owner, name)
            ours = wrap(original)
            self._made.append((owner, name, original, ours))
            setattr(owner, name, ours)

    def undo(self) -> None:
        """Put back what is still ours; where somebody else replaced it since, ours stays beneath.

        So whatever is put in a replacement's way must itself look whether a session is active.
        """
        for owner, name, original, ours in reversed(self._made):
            if getattr(owner, name) is ours:
                setattr(owner, name, original)
        self._made.clear()
