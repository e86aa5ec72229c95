"""The errors of subscription filters and destinations; the codes are those of `errors.py`.

Sources: recordings in public test suites (2026) unless a docstring says otherwise.
"""

from __future__ import annotations

from awsmon.logs.errors import AccessDeniedException, InvalidParameterException

__all__ = ["InvalidTarget", "TargetDenied"]


class InvalidTarget(InvalidParameterException):
    """A target that can't be, or not so."""

    @classmethod
    def without_role(cls, service: str) -> InvalidTarget:
        """A stream without a role."""
        return cls(f"destinationArn for vendor {service} cannot be used without roleArn")

    @classmethod
    def with_role(cls, service: str) -> InvalidTarget:
        """A function with a role; as users report it."""
        return cls(f"destinationArn for vendor {service} cannot be used with roleArn")

    @classmethod
    def function(cls) -> InvalidTarget:
        """A function that isn't there, or doesn't let Logs call it; as users report."""
        return cls(
            "Could not execute the lambda function. Make sure you have given CloudWatch Logs "
            "permission to execute your function."
        )

    @classmethod
    def stream(cls, service: str) -> InvalidTarget:
        """A stream that takes nothing; as users report it."""
        name = service.title()
        again = name if service == "firehose" else service
        return cls(
            f"Could not deliver test message to specified {name} stream. Check if the given "
            f"{again} stream is in ACTIVE state."
        )

    @classmethod
    def own_group(cls) -> InvalidTarget:
        """The function's own log group, which would feed it with its own lines; as users report."""
        return cls(
            "The log group provided is reserved for the function logs of the destination function."
        )

    @classmethod
    def arn(cls, arn: str) -> InvalidTarget:
        """No ARN, or of another kind. Wording unverified, as of the next three."""
        return cls(f"Invalid destinationArn: {arn}")

    @classmethod
    def account(cls, arn: str) -> InvalidTarget:
        """A stream of another account, without a destination before it."""
        return cls(f"The stream {arn} belongs to another account; use a destination.")

    @classmethod
    def policy(cls, error: ValueError) -> InvalidTarget:
        """PutDestinationPolicy."""
        return cls("The access policy is not a valid policy document.", detail=str(error))

    @classmethod
    def long_policy(cls, most: int) -> InvalidTarget:
        """PutDestinationPolicy."""
        return cls(f"The access policy exceeds {most} bytes.")


class TargetDenied(AccessDeniedException):
    """A target of another account."""

    @classmethod
    def function(cls) -> TargetDenied:
        """PutSubscriptionFilter."""
        return cls(
            "Cross-account lambda invocation passing is not allowed. You must use "
            "DestinationPolicies to create cross account lambda triggers."
        )

    @classmethod
    def destination(cls, account: str, arn: str) -> TargetDenied:
        """PutSubscriptionFilter: the access policy doesn't let it in. Wording unverified."""
        return cls(
            f"User with accountId: {account} is not authorized to perform PutSubscriptionFilter "
            f"on resource {arn}"
        )
