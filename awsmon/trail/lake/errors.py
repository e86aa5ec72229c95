"""The errors of event data stores and queries: a class for each code and one wording for each.

Source for codes: botocore's model; all answer 400. No wording is verified.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "AccessDeniedException",
    "ChannelExistsForEDSException",
    "ConflictException",
    "EventDataStoreARNInvalidException",
    "EventDataStoreAlreadyExistsException",
    "EventDataStoreFederationEnabledException",
    "EventDataStoreHasOngoingImportException",
    "EventDataStoreMaxLimitExceededException",
    "EventDataStoreNotFoundException",
    "EventDataStoreTerminationProtectedException",
    "GenerateResponseException",
    "InactiveEventDataStoreException",
    "InactiveQueryException",
    "InvalidDateRangeException",
    "InvalidEventDataStoreCategoryException",
    "InvalidEventDataStoreStatusException",
    "InvalidKmsKeyIdException",
    "InvalidQueryStatementException",
    "KmsKeyNotFoundException",
    "MaxConcurrentQueriesException",
    "QueryIdNotFoundException",
    "ServiceQuotaExceededException",
]


class KmsKeyNotFoundException(AwsError):
    """No such key."""

    code = "KmsKeyNotFoundException"

    @classmethod
    def of(cls, key: str) -> KmsKeyNotFoundException:
        """As it was given."""
        return cls(f"The KMS key {key} could not be found.")


class InvalidKmsKeyIdException(AwsError):
    """Not a key, or not the key that it has."""

    code = "InvalidKmsKeyIdException"

    @classmethod
    def of(cls, arn: str) -> InvalidKmsKeyIdException:
        """The ARN of something else."""
        return cls(f"{arn} is not the ARN of a KMS key.")

    @classmethod
    def fixed(cls, name: str) -> InvalidKmsKeyIdException:
        """A store keeps the key that it got."""
        return cls(f"The KMS key of the event data store {name} cannot be removed or changed.")


class EventDataStoreNotFoundException(AwsError):
    """No such store."""

    code = "EventDataStoreNotFoundException"

    @classmethod
    def of(cls, name: str) -> EventDataStoreNotFoundException:
        """By ARN or id."""
        return cls(f"Event data store {name} could not be found.")


class EventDataStoreARNInvalidException(AwsError):
    """An ARN of something else."""

    code = "EventDataStoreARNInvalidException"

    @classmethod
    def of(cls, name: str) -> EventDataStoreARNInvalidException:
        """As it was given."""
        return cls(f"{name} is not the ARN of an event data store.")


class EventDataStoreAlreadyExistsException(AwsError):
    """There is one of that name."""

    code = "EventDataStoreAlreadyExistsException"

    @classmethod
    def named(cls, name: str) -> EventDataStoreAlreadyExistsException:
        """In this account and region."""
        return cls(f"An event data store with the name {name} already exists.")


class EventDataStoreMaxLimitExceededException(AwsError):
    """More than there may be."""

    code = "EventDataStoreMaxLimitExceededException"

    @classmethod
    def of(cls, most: int) -> EventDataStoreMaxLimitExceededException:
        """In a region."""
        return cls(f"Your account has used the maximum number of event data stores: {most}.")


class EventDataStoreTerminationProtectedException(AwsError):
    """It can't be deleted as long as it is protected."""

    code = "EventDataStoreTerminationProtectedException"

    @classmethod
    def of(cls, name: str) -> EventDataStoreTerminationProtectedException:
        """By name."""
        return cls(f"Termination protection is enabled for the event data store {name}.")


class EventDataStoreFederationEnabledException(AwsError):
    """It can't be deleted, nor federated again, as long as it is federated."""

    code = "EventDataStoreFederationEnabledException"

    @classmethod
    def of(cls, name: str) -> EventDataStoreFederationEnabledException:
        """By name."""
        return cls(f"Federation is enabled for the event data store {name}.")


class EventDataStoreHasOngoingImportException(AwsError):
    """It can't be deleted, nor changed, while events are imported."""

    code = "EventDataStoreHasOngoingImportException"

    @classmethod
    def of(cls, name: str) -> EventDataStoreHasOngoingImportException:
        """By name."""
        return cls(f"The event data store {name} has an ongoing import.")


class InactiveEventDataStoreException(AwsError):
    """It is to be deleted."""

    code = "InactiveEventDataStoreException"

    @classmethod
    def of(cls, name: str) -> InactiveEventDataStoreException:
        """By name."""
        return cls(f"The event data store {name} is inactive.")


class InvalidEventDataStoreStatusException(AwsError):
    """Not in the state that something is in."""

    code = "InvalidEventDataStoreStatusException"

    @classmethod
    def of(cls, name: str, status: str) -> InvalidEventDataStoreStatusException:
        """By name."""
        return cls(f"The event data store {name} has the status {status}.")


class InvalidEventDataStoreCategoryException(AwsError):
    """Not for the category of events that it has."""

    code = "InvalidEventDataStoreCategoryException"

    @classmethod
    def of(cls, name: str, category: str) -> InvalidEventDataStoreCategoryException:
        """By name."""
        return cls(f"The event data store {name} is for events of the category {category}.")


class InvalidQueryStatementException(AwsError):
    """A statement that is no SELECT over event data stores."""

    code = "InvalidQueryStatementException"

    @classmethod
    def because(cls, why: str, shown: str = "") -> InvalidQueryStatementException:
        """What the language says, and where."""
        return cls(f"The query statement is not valid: {why}", detail=shown)


class QueryIdNotFoundException(AwsError):
    """No such query."""

    code = "QueryIdNotFoundException"

    @classmethod
    def of(cls, query_id: str) -> QueryIdNotFoundException:
        """By id."""
        return cls(f"The query {query_id} could not be found.")


class InactiveQueryException(AwsError):
    """It is over."""

    code = "InactiveQueryException"

    @classmethod
    def of(cls, query_id: str, status: str) -> InactiveQueryException:
        """By id."""
        return cls(f"The query {query_id} cannot be canceled. Its status is {status}.")


class MaxConcurrentQueriesException(AwsError):
    """Too many run at a time."""

    code = "MaxConcurrentQueriesException"

    @classmethod
    def of(cls, most: int) -> MaxConcurrentQueriesException:
        """In a region."""
        return cls(f"You are already running the maximum number of concurrent queries: {most}.")


class InvalidDateRangeException(AwsError):
    """It ends before it starts."""

    code = "InvalidDateRangeException"

    @classmethod
    def reversed(cls) -> InvalidDateRangeException:
        """Of ListQueries."""
        return cls("The start time must be before the end time.")


class ChannelExistsForEDSException(AwsError):
    """A store that a channel feeds can't be deleted."""

    code = "ChannelExistsForEDSException"

    @classmethod
    def of(cls, name: str) -> ChannelExistsForEDSException:
        """By name."""
        return cls(f"A channel exists for the event data store {name}.")


class AccessDeniedException(AwsError):
    """Another account's resource, whose policy doesn't allow it."""

    code = "AccessDeniedException"

    @classmethod
    def on(cls, account: str, action: str, arn: str) -> AccessDeniedException:
        """Who asked for what."""
        return cls(
            f"User: {account} is not authorized to perform: {action} on resource: {arn} because "
            f"no resource-based policy allows the {action} action"
        )


class ConflictException(AwsError):
    """It contradicts what is there."""

    code = "ConflictException"

    @classmethod
    def named(cls, name: str) -> ConflictException:
        """There is a dashboard of that name."""
        return cls(f"A dashboard with the name {name} already exists.")

    @classmethod
    def protected(cls, name: str) -> ConflictException:
        """It can't be deleted."""
        return cls(f"Termination protection is enabled for the dashboard {name}.")


class ServiceQuotaExceededException(AwsError):
    """More than there may be."""

    code = "ServiceQuotaExceededException"

    @classmethod
    def widgets(cls, most: int) -> ServiceQuotaExceededException:
        """On a dashboard."""
        return cls(f"A dashboard has at most {most} widgets.")

    @classmethod
    def queries(cls, most: int) -> ServiceQuotaExceededException:
        """At a time."""
        return cls(f"A refresh would run more than {most} queries at a time.")


class GenerateResponseException(AwsError):
    """No query could be made."""

    code = "GenerateResponseException"

    @classmethod
    def of(cls, prompt: str) -> GenerateResponseException:
        """The prompt."""
        return cls(f"No query could be generated from the prompt: {prompt}")
