"""The errors of the schema registry: a class for each code, a constructor for each wording.

Source for codes and statuses: botocore's model. Wordings are unverified.
"""

from __future__ import annotations

from typing import Any

from awsmon.core.errors import AwsError

__all__ = [
    "BadRequestException",
    "ConflictException",
    "ForbiddenException",
    "NotFoundException",
    "PreconditionFailedException",
]


class SchemasError(AwsError):
    """The code stands in the body too."""

    def __init__(self, message: str, **members: Any) -> None:
        super().__init__(message, Code=self.code.removesuffix("Exception"), **members)


class NotFoundException(SchemasError):
    """No such registry, schema, version, ..."""

    code, status = "NotFoundException", 404

    @classmethod
    def registry(cls, name: str) -> NotFoundException:
        """Of that name."""
        return cls(f"Registry with name {name} does not exist.")

    @classmethod
    def schema(cls, name: str) -> NotFoundException:
        """In its registry."""
        return cls(f"Schema with name {name} does not exist.")

    @classmethod
    def version(cls, name: str, version: str) -> NotFoundException:
        """Of a schema."""
        return cls(f"Schema with name {name} and version {version} does not exist.")

    @classmethod
    def discoverer(cls, id_: str) -> NotFoundException:
        """Of that id."""
        return cls(f"Discoverer with id {id_} does not exist.")

    @classmethod
    def binding(cls, name: str, language: str) -> NotFoundException:
        """None was made, or it isn't complete."""
        return cls(f"Code binding of schema {name} for language {language} does not exist.")

    @classmethod
    def policy(cls, name: str) -> NotFoundException:
        """The registry has none."""
        return cls(f"Registry with name {name} has no resource policy.")

    @classmethod
    def resource(cls, arn: str) -> NotFoundException:
        """Nothing that has tags."""
        return cls(f"Resource {arn} does not exist.")


class ConflictException(SchemasError):
    """There is one already."""

    code, status = "ConflictException", 409

    @classmethod
    def registry(cls, name: str) -> ConflictException:
        """Of that name."""
        return cls(f"Registry with name {name} already exists.")

    @classmethod
    def schema(cls, name: str) -> ConflictException:
        """In that registry."""
        return cls(f"Schema with name {name} already exists.")

    @classmethod
    def discoverer(cls, id_: str) -> ConflictException:
        """On that bus."""
        return cls(f"Discoverer with id {id_} already exists.")


class ForbiddenException(SchemasError):
    """AWS's own are read only."""

    code, status = "ForbiddenException", 403

    @classmethod
    def registry(cls, name: str) -> ForbiddenException:
        """Nobody changes it."""
        return cls(f"Registry {name} cannot be changed.")


class PreconditionFailedException(SchemasError):
    """The policy is another by now."""

    code, status = "PreconditionFailedException", 412

    @classmethod
    def revision(cls) -> PreconditionFailedException:
        """Its revision isn't the one that was named."""
        return cls("The RevisionId does not match the current revision of the policy.")


class BadRequestException(SchemasError):
    """What can't be meant."""

    code, status = "BadRequestException", 400

    @classmethod
    def registry_name(cls) -> BadRequestException:
        """Letters, digits, dots, hyphens and underscores; ``aws.`` is AWS's."""
        return cls(
            "Registry names have 1 to 64 of A-Z, a-z, 0-9, '.', '-' and '_', and must not start "
            "with 'aws.'."
        )

    @classmethod
    def schema_name(cls) -> BadRequestException:
        """The same, and ``@``."""
        return cls("Schema names have 1 to 385 of A-Z, a-z, 0-9, '.', '-', '_' and '@'.")

    @classmethod
    def content(cls, why: str) -> BadRequestException:
        """No schema of its type."""
        return cls(f"Content is not a valid schema: {why}.")

    @classmethod
    def not_empty(cls, name: str) -> BadRequestException:
        """Its schemas go first."""
        return cls(f"Registry {name} has schemas and cannot be deleted.")

    @classmethod
    def limit(cls, what: str, most: int) -> BadRequestException:
        """More than there may be."""
        return cls(f"The number of {what} exceeds the limit of {most}.")

    @classmethod
    def language(cls, name: str, known: str) -> BadRequestException:
        """Nobody writes bindings in it."""
        return cls(f"Language {name} is not supported; supported are {known}.")

    @classmethod
    def export_type(cls, wanted: str) -> BadRequestException:
        """Schemas are exported as JSON Schema only."""
        return cls(f"Schemas cannot be exported as {wanted}; supported is JSONSchemaDraft4.")

    @classmethod
    def events(cls) -> BadRequestException:
        """Those that a schema is made from are events, of one kind."""
        return cls("Events must be 1 to 10 events in JSON of the same source and detail-type.")

    @classmethod
    def bus(cls, arn: str) -> BadRequestException:
        """Discoverers are for event buses here."""
        return cls(f"SourceArn {arn} is not an event bus of this account and region.")

    @classmethod
    def policy(cls) -> BadRequestException:
        """A policy is a JSON document with statements."""
        return cls("The policy is not a valid resource policy.")

    @classmethod
    def token(cls) -> BadRequestException:
        """That no answer gave."""
        return cls("Invalid NextToken.")
