"""The one source of chance: every id, token and random choice comes from one seed.

Lives here: `Ids`. The same calls in the same order yield the same ids, so that golden files work.
"""

from __future__ import annotations

from random import Random
from typing import Any

from awsmon.core.snapshot import Fixture

__all__ = ["Ids"]

_RANDOM = ((1 << 128) - 1) & ~(0xF << 76) & ~(0x3 << 62)
_VERSION_4 = 0x4 << 76 | 0x2 << 62
_ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Ids(Fixture):
    """A seeded source of identifiers in the forms AWS uses."""

    fixture = "ids"

    def __init__(self, seed: int = 0) -> None:
        self.random = Random(seed)
        self._prefix = self.uuid()[:24]
        self._requests = 0

    def state(self) -> tuple[Any, ...]:
        """All that a snapshot keeps."""
        return self.random.getstate(), self._prefix, self._requests

    def adopt(self, state: tuple[Any, ...]) -> None:
        """Go on with the ids that the snapshot's session would have given."""
        state, self._prefix, self._requests = state
        self.random.setstate(state)

    def uuid(self) -> str:
        """A version 4 UUID in its usual form."""
        text = f"{self.random.getrandbits(128) & _RANDOM | _VERSION_4:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def request(self) -> str:
        """A request id: a UUID too, of which only the last part changes within a session.

        Every SDK call needs one, so it has to cost next to nothing.
        """
        self._requests += 1
        return f"{self._prefix}{self._requests:012x}"

    def hex(self, length: int) -> str:
        """So many hexadecimal digits, lower case."""
        return f"{self.random.getrandbits(4 * length):0{length}x}"

    def key(self, prefix: str, length: int = 20) -> str:
        """An IAM-like identifier: *prefix* and capitals or digits, *length* characters in all."""
        return prefix + "".join(self.random.choices(_ALPHANUMERIC, k=length - len(prefix)))
