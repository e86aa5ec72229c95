"""The errors of Athena.

Source for codes and wordings: botocore's model and users' reports of real answers; all answer 400.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = ["InvalidRequestException", "Unreadable"]


class Unreadable(Exception):
    """A table's files can't be read; a query fails for it."""


class InvalidRequestException(AwsError):
    """A request that can't be meant."""

    code = "InvalidRequestException"

    @classmethod
    def unknown(cls, id_: str) -> InvalidRequestException:
        """No execution of that id."""
        return cls(f"QueryExecution {id_} was not found")

    @classmethod
    def unfinished(cls, state: str) -> InvalidRequestException:
        """Results of a query that runs."""
        return cls(f"Query has not yet finished. Current state: {state}")

    @classmethod
    def unsuccessful(cls, state: str) -> InvalidRequestException:
        """Results of a query that has none."""
        return cls(f"Query did not finish successfully. Final query state: {state}")

    @classmethod
    def nowhere(cls) -> InvalidRequestException:
        """Neither the request nor its work group says where results go."""
        return cls(
            "No output location provided. An output location is required either through the "
            "Workgroup result configuration setting or as an API input."
        )

    @classmethod
    def bucket(cls, bucket: str) -> InvalidRequestException:
        """Results can't be written."""
        return cls(f"Unable to verify/create output bucket {bucket}")

    @classmethod
    def token(cls) -> InvalidRequestException:
        """Unverified."""
        return cls("Invalid NextToken")
