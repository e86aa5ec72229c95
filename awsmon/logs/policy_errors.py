"""The errors of policies, data protection and field indexes; the codes are those of `errors.py`.

Sources: recordings in public test suites (2026) where a docstring says so; the wordings of the
others are unverified.
"""

from __future__ import annotations

from awsmon.logs.errors import (
    InvalidParameterException,
    OperationAbortedException,
    ResourceNotFoundException,
)

__all__ = ["InvalidPolicy", "NoSuchPolicy", "PolicyChanged"]


class NoSuchPolicy(ResourceNotFoundException):
    """There is no such policy."""

    @classmethod
    def named(cls, name: str) -> NoSuchPolicy:
        """DeleteResourcePolicy: recorded. DeleteAccountPolicy: unverified."""
        return cls(f"Policy with name [{name}] does not exist.")

    @classmethod
    def of_group(cls, what: str) -> NoSuchPolicy:
        """DeleteDataProtectionPolicy and DeleteIndexPolicy of a group without one."""
        return cls(f"The specified log group has no {what}.")


class PolicyChanged(OperationAbortedException):
    """A policy isn't what the caller thinks it is."""

    @classmethod
    def revision(cls) -> PolicyChanged:
        """PutResourcePolicy, DeleteResourcePolicy."""
        return cls("The expected revision ID does not match the current revision of the policy.")


class InvalidPolicy(InvalidParameterException):
    """A policy, or something about it, that is refused."""

    @classmethod
    def missing(cls, member: str) -> InvalidPolicy:
        """What the model calls optional and the documentation required."""
        return cls(
            f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
            "Member must not be null"
        )

    @classmethod
    def length(cls, member: str, most: int) -> InvalidPolicy:
        """Longer than the documentation allows."""
        return cls(
            f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {most}"
        )

    @classmethod
    def unreadable(cls, why: str) -> InvalidPolicy:
        """PutResourcePolicy; as users report it of a principal that is none."""
        return cls("Could not convert to persistable policy.", detail=why)

    @classmethod
    def document(cls, why: str) -> InvalidPolicy:
        """A policy document that isn't of the form of its kind; *why* in our words."""
        return cls(f"Invalid policy document: {why}")

    @classmethod
    def name(cls) -> InvalidPolicy:
        """PutAccountPolicy."""
        return cls("Policy names cannot start with aws/.")

    @classmethod
    def resource(cls, arn: str) -> InvalidPolicy:
        """PutResourcePolicy: a resource that isn't a log group."""
        return cls(f"The resource ARN must be that of a log group: {arn}")

    @classmethod
    def no_criteria(cls, kind: str) -> InvalidPolicy:
        """PutAccountPolicy: selection criteria for a kind that has none."""
        return cls(f"Selection criteria are not supported for {kind}.")

    @classmethod
    def criteria_form(cls, kind: str, *forms: str) -> InvalidPolicy:
        """PutAccountPolicy: selection criteria of a form that the kind doesn't know."""
        return cls(f"The selection criteria of {kind} must be of the form {' or '.join(forms)}.")

    @classmethod
    def overlap(cls, name: str) -> InvalidPolicy:
        """PutAccountPolicy: two policies would choose the same log groups."""
        return cls(f"The selection criteria overlap with those of policy {name}.")

    @classmethod
    def dry_run(cls) -> InvalidPolicy:
        """PutAccountPolicy, DeleteAccountPolicy: a preview of another kind than retention."""
        return cls("dryRun is supported for RETENTION_POLICY only.")

    @classmethod
    def log_class(cls, what: str, log_class: str) -> InvalidPolicy:
        """A kind of policy that a log class lacks."""
        return cls(f"{what} is not supported for log groups with log class {log_class}.")
