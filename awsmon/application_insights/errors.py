"""The errors of Application Insights: a class for each code, a constructor for each wording.

Source for codes: botocore's model. Wordings are unverified.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "AccessDeniedException",
    "BadRequestException",
    "ResourceInUseException",
    "ResourceNotFoundException",
    "TooManyTagsException",
    "ValidationException",
]


class ResourceNotFoundException(AwsError):
    """No such thing."""

    code = "ResourceNotFoundException"

    @classmethod
    def group(cls, name: str) -> ResourceNotFoundException:
        """The other mock has no resource group of that name."""
        return cls(f"Resource group {name} does not exist.")

    @classmethod
    def application(cls, name: str) -> ResourceNotFoundException:
        """No application of that resource group."""
        return cls(f"Application {name} does not exist.")

    @classmethod
    def component(cls, name: str) -> ResourceNotFoundException:
        """The application has none of that name."""
        return cls(f"Component {name} does not exist.")

    @classmethod
    def workload(cls, id_: str) -> ResourceNotFoundException:
        """The component has none of that id."""
        return cls(f"Workload {id_} does not exist.")

    @classmethod
    def pattern(cls, pattern_set: str, name: str) -> ResourceNotFoundException:
        """No pattern of that name in that set."""
        return cls(f"Log pattern {name} does not exist in pattern set {pattern_set}.")

    @classmethod
    def problem(cls, id_: str) -> ResourceNotFoundException:
        """None of that id, or it is kept no longer."""
        return cls(f"Problem {id_} does not exist.")

    @classmethod
    def observation(cls, id_: str) -> ResourceNotFoundException:
        """None of that id, or it is kept no longer."""
        return cls(f"Observation {id_} does not exist.")

    @classmethod
    def resource(cls, arn: str) -> ResourceNotFoundException:
        """Nothing that has tags."""
        return cls(f"Resource {arn} does not exist.")


class ResourceInUseException(AwsError):
    """There is one already, or it belongs to another."""

    code = "ResourceInUseException"

    @classmethod
    def application(cls, name: str) -> ResourceInUseException:
        """Of that resource group."""
        return cls(f"Application {name} already exists.")

    @classmethod
    def component(cls, name: str) -> ResourceInUseException:
        """Of that name."""
        return cls(f"Component {name} already exists.")

    @classmethod
    def grouped(cls, arn: str, component: str) -> ResourceInUseException:
        """A resource of another component."""
        return cls(f"Resource {arn} already belongs to component {component}.")

    @classmethod
    def pattern(cls, pattern_set: str, name: str) -> ResourceInUseException:
        """Of that name in that set."""
        return cls(f"Log pattern {name} already exists in pattern set {pattern_set}.")

    @classmethod
    def rank(cls, pattern_set: str, rank: int) -> ResourceInUseException:
        """Each pattern of a set has a rank of its own."""
        return cls(f"Pattern set {pattern_set} already has a log pattern with rank {rank}.")

    @classmethod
    def workload(cls, name: str) -> ResourceInUseException:
        """Of that name on that component."""
        return cls(f"Workload {name} already exists.")


class ValidationException(AwsError):
    """A value that no constraint of the model describes."""

    code = "ValidationException"

    @classmethod
    def no_group(cls) -> ValidationException:
        """An application is of a resource group or of the account."""
        return cls("ResourceGroupName must be provided unless GroupingType is ACCOUNT_BASED.")

    @classmethod
    def not_in_application(cls, arn: str) -> ValidationException:
        """A resource that a component can't be made of."""
        return cls(f"Resource {arn} does not belong to the application.")

    @classmethod
    def not_standalone(cls, arn: str) -> ValidationException:
        """Only instances that stand alone are grouped."""
        return cls(f"Resource {arn} is not a standalone instance.")

    @classmethod
    def no_change(cls) -> ValidationException:
        """An update of nothing."""
        return cls("NewComponentName or ResourceList must be provided.")

    @classmethod
    def configuration(cls, why: str) -> ValidationException:
        """A component configuration that isn't one."""
        return cls(f"Component configuration is not valid: {why}")

    @classmethod
    def no_configuration(cls) -> ValidationException:
        """A component can't be monitored without."""
        return cls("ComponentConfiguration must be provided to monitor a component.")

    @classmethod
    def workload_name(cls, tier: str) -> ValidationException:
        """Tiers of which an instance may run several."""
        return cls(f"WorkloadName must be provided for tier {tier}.")

    @classmethod
    def too_many_workloads(cls, most: int) -> ValidationException:
        """A component has at most so many."""
        return cls(f"A component can have at most {most} workloads.")

    @classmethod
    def regex(cls, why: str) -> ValidationException:
        """A pattern that isn't one, or that no DFA can follow."""
        return cls(f"Log pattern is not valid: {why}")

    @classmethod
    def rank(cls, rank: int) -> ValidationException:
        """The others are AWS's own."""
        return cls(f"Rank {rank} is not between 1 and 1000000.")

    @classmethod
    def unresolvable(cls, status: str) -> ValidationException:
        """Only what is recovering can be resolved by hand."""
        return cls(f"A problem with status {status} cannot be resolved; it must be RECOVERING.")

    @classmethod
    def token(cls) -> ValidationException:
        """That no answer gave."""
        return cls("Invalid NextToken.")

    @classmethod
    def times(cls) -> ValidationException:
        """It ends before it begins."""
        return cls("StartTime must not be later than EndTime.")


class BadRequestException(AwsError):
    """Not while it is in this state."""

    code = "BadRequestException"

    @classmethod
    def busy(cls, name: str, state: str) -> BadRequestException:
        """It is being deleted."""
        return cls(f"Application {name} is {state}.")


class TooManyTagsException(AwsError):
    """More than fifty."""

    code = "TooManyTagsException"

    @classmethod
    def beyond(cls, arn: str, most: int) -> TooManyTagsException:
        """In all."""
        return cls(f"A resource can have at most {most} tags.", ResourceName=arn)


class AccessDeniedException(AwsError):
    """Not one's own, and not shared."""

    code, status = "AccessDeniedException", 403

    @classmethod
    def account(cls, account: str) -> AccessDeniedException:
        """Another account that shares no applications with this one."""
        return cls(f"Account {account} shares no applications with this account.")
