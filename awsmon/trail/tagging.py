"""Tags of trails, event data stores, channels and dashboards.

Lives here: `checked_tags` and `check_taggable`.
Source: botocore, TagsLimitExceededException, InvalidTagParameterException and
CloudTrailARNInvalidException.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from awsmon.core.tagging import tag_map
from awsmon.trail.errors import (
    CloudTrailARNInvalidException,
    InvalidTagParameterException,
    TagsLimitExceededException,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = ["check_taggable", "checked_tags"]

MOST_TAGS = 50
_ARN = re.compile(
    r"arn:[\w-]+:cloudtrail:[\w-]+:\d{12}:(trail|eventdatastore|dashboard|channel)/.+"
)


def checked_tags(
    tags: Sequence[Any] | None, *, had: Collection[str] = (), limited: bool = True
) -> dict[str, str]:
    """The tags of a request; one without a value has an empty one.

    Args:
        tags: as they were given.
        had: the keys that the resource has already.
        limited: whether the operation has an error of its own for too many.

    Raises:
        InvalidTagParameterException: a key is there twice, or there are too many.
        TagsLimitExceededException: there are too many.
    """
    found = tag_map([{"Value": "", **each} for each in tags or ()])
    if len(found) < len(tags or ()):
        raise InvalidTagParameterException.twice()
    if len({*found, *had}) > MOST_TAGS:
        error = TagsLimitExceededException if limited else InvalidTagParameterException
        raise error.exceeded(MOST_TAGS)
    return found


def check_taggable(arn: str) -> None:
    """Whether it is the ARN of something that has tags.

    Raises:
        CloudTrailARNInvalidException: it isn't.
    """
    if not _ARN.fullmatch(arn):
        raise CloudTrailARNInvalidException.of(arn)
