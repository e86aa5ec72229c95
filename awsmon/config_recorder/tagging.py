"""Tags as AWS Config takes them.

Lives here: `tags_of`, and the errors about tags. Wordings are moto's, whose authors ran AWS.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.errors import ValidationException
from awsmon.core.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["InvalidInput", "TooManyTagsException", "tags_of"]

_KEY = re.compile(r"[\w\s.:/=+\-@]+")


class TooManyTagsException(AwsError):
    """More than fifty."""

    code = "TooManyTagsException"

    @classmethod
    def beyond(cls, tags: str) -> TooManyTagsException:
        """In one request, or in all."""
        return cls(
            f"1 validation error detected: Value '[{tags}]' at 'tags' failed to satisfy "
            "constraint: Member must have length less than or equal to 50."
        )


class InvalidInput(AwsError):
    """One key twice."""

    code = "InvalidInput"

    @classmethod
    def duplicates(cls) -> InvalidInput:
        """In any case."""
        return cls("Duplicate tag keys found. Please note that Tag keys are case insensitive.")


def tags_of(request: Mapping[str, Any]) -> dict[str, str]:
    """The tags of a request, by key; values may be left out.

    Raises:
        ValidationException: a key has a character that none has.
        InvalidInput: a key is there twice.
    """
    keys = [each["Key"] for each in request.get("Tags", ())]
    for place, key in enumerate(keys, 1):
        if not _KEY.fullmatch(key):
            raise ValidationException.tag_key(key, place)
    if len({key.lower() for key in keys}) < len(keys):
        raise InvalidInput.duplicates()
    return {each["Key"]: each.get("Value", "") for each in request.get("Tags", ())}
