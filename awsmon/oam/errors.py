"""The errors of OAM: a class for each code, a constructor for each wording.

Source for codes and statuses: botocore's model. The wordings are unverified, unless a line says
otherwise: no recording of these answers is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.errors import AwsError

if TYPE_CHECKING:
    from awsmon.lang.text import LanguageError

__all__ = [
    "AccessDeniedException",
    "ConflictException",
    "InvalidParameterException",
    "ResourceNotFoundException",
    "ServiceQuotaExceededException",
    "TooManyTagsException",
]


class AccessDeniedException(AwsError):
    """A sink's policy doesn't admit the source account."""

    code, status = "AccessDeniedException", 403

    @classmethod
    def by_policy(
        cls, caller: str, action: str, sink: str, *, denied: bool
    ) -> AccessDeniedException:
        """Wording: IAM User Guide, "Troubleshoot access denied error messages"; as SNS answers."""
        why = (
            "with an explicit deny in a resource-based policy"
            if denied
            else f"because no resource-based policy allows the {action} action"
        )
        return cls(
            f"User: {caller} is not authorized to perform: {action} on resource: {sink} {why}"
        )


class ConflictException(AwsError):
    """What is there stands in the way."""

    code, status = "ConflictException", 409

    @classmethod
    def attached(cls, sink: str) -> ConflictException:
        """A sink goes only when its links are gone."""
        return cls(f"Sink {sink} has attached links. Delete them before you delete the sink.")

    @classmethod
    def linked(cls, sink: str) -> ConflictException:
        """One link to a sink is enough."""
        return cls(f"A link to sink {sink} already exists.")


class ServiceQuotaExceededException(AwsError):
    """More than there may be."""

    code, status = "ServiceQuotaExceededException", 429

    @classmethod
    def sinks(cls) -> ServiceQuotaExceededException:
        """That it is this code is unverified too."""
        return cls("An account can have one sink per Region.")

    @classmethod
    def links(cls, most: int) -> ServiceQuotaExceededException:
        """Of a source account."""
        return cls(f"A source account can be linked to at most {most} monitoring accounts.")

    @classmethod
    def sources(cls, most: int) -> ServiceQuotaExceededException:
        """Of a monitoring account."""
        return cls(f"A monitoring account can be linked to at most {most} source accounts.")


class ResourceNotFoundException(AwsError):
    """No such sink, link or policy."""

    code, status = "ResourceNotFoundException", 404

    @classmethod
    def resource(cls, kind: str, identifier: str) -> ResourceNotFoundException:
        """Of a kind: Sink, Link, Resource."""
        return cls(f"{kind} {identifier} does not exist.")

    @classmethod
    def policy(cls, sink: str) -> ResourceNotFoundException:
        """A sink has none until it is given one."""
        return cls(f"Sink {sink} has no policy.")


class InvalidParameterException(AwsError):
    """A value that no constraint of the model describes."""

    code, status = "InvalidParameterException", 400

    @classmethod
    def sink(cls, identifier: str) -> InvalidParameterException:
        """What a link is to be attached to is no sink."""
        return cls(f"SinkIdentifier {identifier} is not the ARN of a sink.")

    @classmethod
    def unknown_sink(cls, arn: str) -> InvalidParameterException:
        """The model of CreateLink has no ResourceNotFoundException."""
        return cls(f"Sink {arn} does not exist.")

    @classmethod
    def region(cls, sink: str, region: str) -> InvalidParameterException:
        """A link and its sink are in one Region."""
        return cls(f"Sink {sink} is not in Region {region}.")

    @classmethod
    def same_account(cls) -> InvalidParameterException:
        """That the message speaks of the same account was seen in a test against AWS."""
        return cls("The link and its sink must not be in the same account.")

    @classmethod
    def policy(cls, problem: str) -> InvalidParameterException:
        """A text that is no policy."""
        return cls(f"Policy is invalid: {problem}")

    @classmethod
    def filter(cls, member: str, error: LanguageError) -> InvalidParameterException:
        """A text that is no filter."""
        return cls(f"{member}.Filter is invalid: {error.message} at position {error.position}")

    @classmethod
    def token(cls) -> InvalidParameterException:
        """A token that no answer gave."""
        return cls("NextToken is invalid.")


class TooManyTagsException(AwsError):
    """A resource with more tags than it may have. Wording: the model's documentation."""

    code, status = "TooManyTagsException", 400

    @classmethod
    def of(cls, most: int) -> TooManyTagsException:
        """So many are the most."""
        return cls(f"A resource can have no more than {most} tags.")
