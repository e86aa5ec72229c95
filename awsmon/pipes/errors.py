"""The errors of EventBridge Pipes: a class for each code, a constructor for each wording.

Source for codes and statuses: botocore's model. Wordings are unverified.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = ["ConflictException", "NotFoundException", "ValidationException"]


class NotFoundException(AwsError):
    """No such pipe."""

    code, status = "NotFoundException", 404

    @classmethod
    def pipe(cls, name: str) -> NotFoundException:
        """Of that name."""
        return cls(f"Pipe {name} does not exist.")

    @classmethod
    def resource(cls, arn: str) -> NotFoundException:
        """Nothing that has tags."""
        return cls(f"Resource {arn} does not exist.")


class ConflictException(AwsError):
    """There is one of that name, or it is about something else."""

    code, status = "ConflictException", 409

    @classmethod
    def exists(cls, name: str) -> ConflictException:
        """Of that name."""
        return cls(f"Pipe {name} already exists.", resourceId=name, resourceType="Pipe")

    @classmethod
    def busy(cls, name: str, state: str) -> ConflictException:
        """It is being created, updated, started, stopped or deleted."""
        return cls(f"Pipe {name} is {state}.", resourceId=name, resourceType="Pipe")


class ValidationException(AwsError):
    """A value that no constraint of the model describes."""

    code, status = "ValidationException", 400

    @classmethod
    def source(cls, arn: str) -> ValidationException:
        """Nothing that a pipe reads from."""
        return cls(f"Source {arn} is not supported.")

    @classmethod
    def target(cls, arn: str) -> ValidationException:
        """Nothing that a pipe leads to."""
        return cls(f"Target {arn} is not supported.")

    @classmethod
    def enrichment(cls, arn: str) -> ValidationException:
        """Nothing that answers."""
        return cls(f"Enrichment {arn} is not supported.")

    @classmethod
    def parameters(cls, member: str) -> ValidationException:
        """What a kind of source or target can't do without."""
        return cls(f"{member} must be provided.")

    @classmethod
    def pattern(cls, why: str) -> ValidationException:
        """A filter that is no event pattern."""
        return cls(f"Filter pattern is not valid. Reason: {why}")

    @classmethod
    def template(cls, why: str) -> ValidationException:
        """A template that can't be read."""
        return cls(f"InputTemplate is not valid. Reason: {why}")

    @classmethod
    def batch(cls, most: int) -> ValidationException:
        """More at once than enrichment and target take."""
        return cls(f"BatchSize must not exceed {most}, which the enrichment and target support.")

    @classmethod
    def token(cls) -> ValidationException:
        """That no answer gave."""
        return cls("Invalid NextToken.")
