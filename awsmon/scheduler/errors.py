"""The errors of EventBridge Scheduler: a class for each code, a constructor for each wording.

Source for codes and statuses: botocore's model. Wordings are recorded (LocalStack's snapshots, and
answers that users quote) unless a line says otherwise.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "ConflictException",
    "ResourceNotFoundException",
    "ServiceQuotaExceededException",
    "ValidationException",
]


class ResourceNotFoundException(AwsError):
    """No such schedule or group."""

    code, status = "ResourceNotFoundException", 404

    @classmethod
    def schedule(cls, name: str) -> ResourceNotFoundException:
        """In its group."""
        return cls(f"Schedule {name} does not exist.")

    @classmethod
    def group(cls, name: str) -> ResourceNotFoundException:
        """Of that name. Wording: moto."""
        return cls(f"Schedule group {name} does not exist.")


class ConflictException(AwsError):
    """There is one of that name, or it is being deleted."""

    code, status = "ConflictException", 409

    @classmethod
    def schedule(cls, name: str) -> ConflictException:
        """In its group."""
        return cls(f"Schedule {name} already exists.")

    @classmethod
    def group(cls, name: str) -> ConflictException:
        """Of that name. Unverified."""
        return cls(f"Schedule group {name} already exists.")

    @classmethod
    def deleting(cls, name: str) -> ConflictException:
        """A group that takes no schedules any more. Unverified."""
        return cls(f"Schedule group {name} is being deleted.")


class ServiceQuotaExceededException(AwsError):
    """More than there may be."""

    code, status = "ServiceQuotaExceededException", 402

    @classmethod
    def groups(cls, most: int) -> ServiceQuotaExceededException:
        """Unverified."""
        return cls(f"The number of schedule groups exceeds the quota of {most}.")


class ValidationException(AwsError):
    """A value that no constraint of the model describes."""

    code, status = "ValidationException", 400

    @classmethod
    def expression(cls, text: str) -> ValidationException:
        """A text that is no schedule."""
        return cls(f"Invalid Schedule Expression {text}.")

    @classmethod
    def zone(cls, name: str) -> ValidationException:
        """No zone of the IANA's. Unverified."""
        return cls(f"Invalid Schedule Expression Timezone {name}.")

    @classmethod
    def start_date(cls) -> ValidationException:
        """As users quote it."""
        return cls("The StartDate you specify cannot be earlier than 5 minutes ago.")

    @classmethod
    def end_date(cls) -> ValidationException:
        """Unverified."""
        return cls("The EndDate you specify must be later than the StartDate and the current time.")

    @classmethod
    def window(cls) -> ValidationException:
        """A flexible window has a length, another has none. Unverified."""
        return cls("MaximumWindowInMinutes must be provided if, and only if, Mode is FLEXIBLE.")

    @classmethod
    def target(cls) -> ValidationException:
        """An ARN of nothing that a schedule can set off. Wording: EventBridge's, by moto."""
        return cls("Provided Arn is not in correct format.")

    @classmethod
    def action(cls, arn: str) -> ValidationException:
        """A universal target that only reads, or isn't written in camel case. Unverified."""
        return cls(f"{arn} is not a supported target.")

    @classmethod
    def parameters(cls, member: str) -> ValidationException:
        """What a kind of target can't do without. Unverified."""
        return cls(f"{member} must be provided for this target.")

    @classmethod
    def input_json(cls) -> ValidationException:
        """The input of this kind of target is JSON. Unverified."""
        return cls("Input must be valid JSON for this target.")

    @classmethod
    def default_group(cls) -> ValidationException:
        """It stays. Unverified."""
        return cls("The default schedule group cannot be deleted.")

    @classmethod
    def token(cls) -> ValidationException:
        """Unverified."""
        return cls("Invalid NextToken.")
