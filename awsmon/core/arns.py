"""ARNs: taken apart and put together.

Lives here: `Arn`. Source: AWS General Reference, "Amazon Resource Names".
"""

from __future__ import annotations

from typing import NamedTuple

from awsmon.core.errors import MisuseError

__all__ = ["Arn"]


class Arn(NamedTuple):
    """``arn:partition:service:region:account:resource``; region and account may be empty."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn:
        """Take an ARN apart.

        Raises:
            MisuseError: it isn't one.
        """
        found = cls.maybe(text)
        if found is None:
            raise MisuseError(f"{text!r} is not an ARN.")
        return found

    @classmethod
    def maybe(cls, text: str) -> Arn | None:
        """The same; None where the text isn't an ARN."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn" or not parts[2] or not parts[5]:
            return None
        return cls(*parts[1:])

    def __str__(self) -> str:
        return ":".join(("arn", *self))
