"""The errors of the Resource Groups Tagging API. Source: botocore's model."""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = ["InvalidParameterException", "PaginationTokenExpiredException"]


class InvalidParameterException(AwsError):
    """A parameter that doesn't fit."""

    code, status = "InvalidParameterException", 400


class PaginationTokenExpiredException(AwsError):
    """A token that no answer gave, or an old one."""

    code, status = "PaginationTokenExpiredException", 400
