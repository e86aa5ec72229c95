"""The errors of CloudTrail: a class for each code, a constructor for each wording.

Source for codes: botocore's model; all answer 400. Wordings are moto's, whose author ran AWS,
unless a line says otherwise.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "CloudTrailARNInvalidException",
    "InsightNotEnabledException",
    "InvalidEventSelectorsException",
    "InvalidHomeRegionException",
    "InvalidInsightSelectorsException",
    "InvalidLookupAttributesException",
    "InvalidNextTokenException",
    "InvalidParameterCombinationException",
    "InvalidParameterException",
    "InvalidTagParameterException",
    "InvalidTimeRangeException",
    "InvalidTrailNameException",
    "MaximumNumberOfTrailsExceededException",
    "ResourceNotFoundException",
    "TagsLimitExceededException",
    "TrailAlreadyExistsException",
    "TrailNotFoundException",
]


class TrailNotFoundException(AwsError):
    """No such trail."""

    code = "TrailNotFoundException"

    @classmethod
    def named(cls, name: str, account: str) -> TrailNotFoundException:
        """By name or ARN."""
        return cls(f"Unknown trail: {name} for the user: {account}")


class TrailAlreadyExistsException(AwsError):
    """There is one of that name."""

    code = "TrailAlreadyExistsException"

    @classmethod
    def named(cls, name: str, account: str) -> TrailAlreadyExistsException:
        """In this region."""
        return cls(f"Trail {name} already exists for customer: {account}")


class InvalidTrailNameException(AwsError):
    """A name that no trail may have."""

    code = "InvalidTrailNameException"

    @classmethod
    def short(cls, length: int) -> InvalidTrailNameException:
        """Less than three characters."""
        return cls(
            "Trail name too short. Minimum allowed length: 3 characters. Specified name length: "
            f"{length} characters."
        )

    @classmethod
    def long(cls, length: int) -> InvalidTrailNameException:
        """More than 128."""
        return cls(
            "Trail name too long. Maximum allowed length: 128 characters. Specified name length: "
            f"{length} characters."
        )

    @classmethod
    def start(cls) -> InvalidTrailNameException:
        """A sign at the beginning."""
        return cls("Trail name must starts with a letter or number.")

    @classmethod
    def end(cls) -> InvalidTrailNameException:
        """A sign at the end."""
        return cls("Trail name must ends with a letter or number.")

    @classmethod
    def characters(cls) -> InvalidTrailNameException:
        """Others than letters, digits and three signs."""
        return cls(
            "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, "
            "periods (.), hyphens (-), and underscores (_)."
        )

    @classmethod
    def adjacent(cls) -> InvalidTrailNameException:
        """Two signs in a row; unverified."""
        return cls("Trail name cannot have adjacent periods, underscores or dashes.")

    @classmethod
    def address(cls) -> InvalidTrailNameException:
        """It looks like an IP address; unverified."""
        return cls("Trail name cannot be in IP address format.")


class CloudTrailARNInvalidException(AwsError):
    """An ARN of something else."""

    code = "CloudTrailARNInvalidException"

    @classmethod
    def of(cls, name: str) -> CloudTrailARNInvalidException:
        """As it was given; unverified."""
        return cls(f"{name} is not a valid ARN here.")


class InvalidParameterCombinationException(AwsError):
    """Two settings that exclude one another."""

    code = "InvalidParameterCombinationException"

    @classmethod
    def multi_region(cls) -> InvalidParameterCombinationException:
        """A trail of all regions has the global services' events."""
        return cls("Multi-Region trail must include global service events.")

    @classmethod
    def trail_and_store(cls) -> InvalidParameterCombinationException:
        """Unverified."""
        return cls("Specify either TrailName or EventDataStore, not both.")

    @classmethod
    def trail_or_store(cls) -> InvalidParameterCombinationException:
        """Unverified."""
        return cls("Specify TrailName or EventDataStore.")

    @classmethod
    def configuration(cls, kind: str, member: str) -> InvalidParameterCombinationException:
        """Unverified."""
        return cls(f"{member} cannot be specified for {kind}.")

    @classmethod
    def destination(cls) -> InvalidParameterCombinationException:
        """Unverified."""
        return cls("InsightsDestination is required with EventDataStore, and not with TrailName.")


class MaximumNumberOfTrailsExceededException(AwsError):
    """More than there may be."""

    code = "MaximumNumberOfTrailsExceededException"

    @classmethod
    def of(cls, account: str, most: int, region: str) -> MaximumNumberOfTrailsExceededException:
        """In a region."""
        return cls(f"User: {account} already has {most} trails in {region}.")


class InvalidHomeRegionException(AwsError):
    """A trail is changed where it was made."""

    code = "InvalidHomeRegionException"

    @classmethod
    def of(cls, name: str, region: str) -> InvalidHomeRegionException:
        """Unverified."""
        return cls(f"The trail {name} can only be changed in its home region, {region}.")


class InvalidEventSelectorsException(AwsError):
    """Selectors that select nothing, or can't be meant."""

    code = "InvalidEventSelectorsException"

    @classmethod
    def because(cls, why: str) -> InvalidEventSelectorsException:
        """Unverified."""
        return cls(why)


class InvalidLookupAttributesException(AwsError):
    """One attribute at a time."""

    code = "InvalidLookupAttributesException"

    @classmethod
    def one(cls) -> InvalidLookupAttributesException:
        """Unverified."""
        return cls("You can only specify one lookup attribute per request.")

    @classmethod
    def insight(cls, key: str) -> InvalidLookupAttributesException:
        """Unverified."""
        return cls(f"Insights events cannot be looked up by {key}.")


class InvalidTimeRangeException(AwsError):
    """It ends before it starts."""

    code = "InvalidTimeRangeException"

    @classmethod
    def reversed(cls) -> InvalidTimeRangeException:
        """Unverified."""
        return cls("The start time must be before the end time.")


class InvalidNextTokenException(AwsError):
    """That no answer gave."""

    code = "InvalidNextTokenException"

    @classmethod
    def token(cls) -> InvalidNextTokenException:
        """Unverified."""
        return cls("Invalid NextToken.")


class ResourceNotFoundException(AwsError):
    """Nothing that has tags."""

    code = "ResourceNotFoundException"

    @classmethod
    def named(cls, arn: str) -> ResourceNotFoundException:
        """Unverified."""
        return cls(f"Resource {arn} does not exist.")


class InsightNotEnabledException(AwsError):
    """A trail or store without insights."""

    code = "InsightNotEnabledException"

    @classmethod
    def named(cls, name: str, *, store: bool = False) -> InsightNotEnabledException:
        """Of that name; `store`: an event data store, unverified."""
        kind = "Event data store" if store else "Trail"
        return cls(
            f"{kind} {name} does not have Insights enabled. Edit the {kind.lower()} settings to "
            "enable Insights, and then try the operation again."
        )


class InvalidInsightSelectorsException(AwsError):
    """Selectors that no trail, or not this one, can have."""

    code = "InvalidInsightSelectorsException"

    @classmethod
    def type_missing(cls) -> InvalidInsightSelectorsException:
        """Unverified."""
        return cls("An insight selector needs an InsightType.")

    @classmethod
    def category(cls, category: str) -> InvalidInsightSelectorsException:
        """Unverified."""
        return cls(f"Event category {category} is not valid for Insights.")

    @classmethod
    def not_logged(cls, name: str, kind: str, category: str) -> InvalidInsightSelectorsException:
        """Unverified."""
        return cls(f"{name} does not log the {category} events that {kind} analyzes.")

    @classmethod
    def data_in_store(cls) -> InvalidInsightSelectorsException:
        """Unverified."""
        return cls("Insights on data events are not supported on event data stores.")

    @classmethod
    def destination(cls, name: str) -> InvalidInsightSelectorsException:
        """Unverified."""
        return cls(f"The destination event data store {name} does not log Insights events.")


class InvalidParameterException(AwsError):
    """A parameter that can't be meant."""

    code = "InvalidParameterException"

    @classmethod
    def because(cls, why: str) -> InvalidParameterException:
        """What is wrong with it; unverified."""
        return cls(why)

    @classmethod
    def error_code(cls) -> InvalidParameterException:
        """Unverified."""
        return cls("ErrorCode is required for ApiErrorRateInsight, and not for others.")

    @classmethod
    def period(cls) -> InvalidParameterException:
        """Unverified."""
        return cls("Period must be 60, 300, or 3600.")

    @classmethod
    def token(cls) -> InvalidParameterException:
        """Unverified."""
        return cls("Invalid NextToken.")


class InvalidTagParameterException(AwsError):
    """Tags that nothing can have."""

    code = "InvalidTagParameterException"

    @classmethod
    def twice(cls) -> InvalidTagParameterException:
        """Unverified."""
        return cls("Tag keys must be unique.")

    @classmethod
    def exceeded(cls, most: int) -> InvalidTagParameterException:
        """Of what is made with its tags; unverified."""
        return cls(f"A resource has at most {most} tags.")


class TagsLimitExceededException(AwsError):
    """More than there may be."""

    code = "TagsLimitExceededException"

    @classmethod
    def exceeded(cls, most: int) -> TagsLimitExceededException:
        """On one resource; unverified."""
        return cls(f"A resource has at most {most} tags.")
