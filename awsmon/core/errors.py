"""Errors: AWS's own, and ours.

Lives here: `AwsError`, which `sdk/` turns into an AWS response, and `AwsmonError` and its kin,
which tell a user of awsmon what to do. The codes and wordings of one service live in its
`errors.py`.
"""

from __future__ import annotations

from typing import Any, ClassVar

__all__ = [
    "AwsError",
    "AwsmonError",
    "CausalLoop",
    "MisuseError",
    "NoMockForService",
    "NotImplementedByAwsmon",
]


class AwsError(Exception):
    """An error as AWS answers it: a class for each code, a constructor for each wording.

    Attributes:
        code: the code on the wire, as botocore shows it in ``Error.Code``.
        status: the HTTP status.
        message: AWS's words; `None` where AWS sends no message at all.
        detail: for who sees the exception itself, where AWS says nothing.
        members: further members of the modelled error shape, by their AWS names.
    """

    code: ClassVar[str] = "InternalFailure"
    status: ClassVar[int] = 400

    def __init__(self, message: str | None = None, *, detail: str = "", **members: Any) -> None:
        super().__init__(message or detail)
        self.message = message
        self.detail = detail
        self.members = members

    def __str__(self) -> str:
        words = self.message or self.detail
        return f"{self.code}: {words}" if words else self.code


class AwsmonError(Exception):
    """A mistake in how awsmon is used, or in awsmon itself; never an answer of AWS."""


class MisuseError(AwsmonError, ValueError):
    """An argument, or an order of calls, that cannot be meant; the message says what to do."""


class NotImplementedByAwsmon(AwsmonError, NotImplementedError):
    """AWS has it and awsmon lacks it; the message names the operation and the member."""


class NoMockForService(AwsmonError):
    """A call to a service that neither awsmon nor another active mock answers; nothing was sent."""


class CausalLoop(AwsmonError):
    """Events that cause one another without end at one instant; the message shows the loop."""
