"""Names and ARNs of trails.

Lives here: `check_name`, `check_arn`, and `is_role` for the roles that trails and stores have.
Source: botocore, InvalidTrailNameException and CloudTrailARNInvalidException.
"""

from __future__ import annotations

import re

from awsmon.trail.errors import CloudTrailARNInvalidException, InvalidTrailNameException

__all__ = ["check_arn", "check_name", "is_role"]

_TRAIL_ARN = re.compile(r"arn:[\w-]+:cloudtrail:[\w-]+:\d{12}:trail/.+")
_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d{12}:role/.+")


def check_arn(name: str) -> None:
    """Whether a name may be a trail's, or an ARN a trail's ARN.

    Raises:
        CloudTrailARNInvalidException: it is the ARN of something else.
    """
    if name.startswith("arn:") and not _TRAIL_ARN.fullmatch(name):
        raise CloudTrailARNInvalidException.of(name)


def check_name(name: str) -> None:
    """Whether a trail may have a name.

    Raises:
        InvalidTrailNameException: it may not.
    """
    if len(name) < 3:
        raise InvalidTrailNameException.short(len(name))
    if len(name) > 128:
        raise InvalidTrailNameException.long(len(name))
    if not re.match(r"[A-Za-z0-9]", name):
        raise InvalidTrailNameException.start()
    if not re.search(r"[A-Za-z0-9]$", name):
        raise InvalidTrailNameException.end()
    if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
        raise InvalidTrailNameException.characters()
    if re.search(r"[._-]{2}", name):
        raise InvalidTrailNameException.adjacent()
    if re.fullmatch(r"\d+(\.\d+){3}", name):
        raise InvalidTrailNameException.address()


def is_role(arn: str) -> bool:
    """Whether it has the form of a role's ARN."""
    return _ROLE_ARN.fullmatch(arn) is not None
