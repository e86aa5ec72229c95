"""The errors of EventBridge: a class for each code, a constructor for each wording.

Source for codes and statuses: botocore's model; all but InternalException answer 400. Wordings are
recorded (LocalStack's snapshots) unless a line says otherwise.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "AccessDeniedException",
    "IllegalStatusException",
    "InvalidEventPatternException",
    "InvalidStateException",
    "LimitExceededException",
    "ManagedRuleException",
    "PolicyLengthExceededException",
    "ResourceAlreadyExistsException",
    "ResourceNotFoundException",
    "ValidationException",
]


class ResourceNotFoundException(AwsError):
    """No such bus, rule, archive, ..."""

    code, status = "ResourceNotFoundException", 400

    @classmethod
    def bus(cls, name: str) -> ResourceNotFoundException:
        """Of a name, or of the name in an ARN."""
        return cls(f"Event bus {name} does not exist.")

    @classmethod
    def rule(cls, name: str, bus: str) -> ResourceNotFoundException:
        """On that bus."""
        return cls(f"Rule {name} does not exist on EventBus {bus}.")

    @classmethod
    def statement(cls) -> ResourceNotFoundException:
        """Of a bus's policy, or there is no policy at all."""
        return cls("Statement with the provided id does not exist.")

    @classmethod
    def archive(cls, name: str) -> ResourceNotFoundException:
        """Of that name."""
        return cls(f"Archive {name} does not exist.")

    @classmethod
    def replay(cls, name: str) -> ResourceNotFoundException:
        """Of that name."""
        return cls(f"Replay {name} does not exist.")

    @classmethod
    def event_source(cls, name: str) -> ResourceNotFoundException:
        """Wording: moto."""
        return cls(f"Event source {name} does not exist.")

    @classmethod
    def endpoint(cls, name: str) -> ResourceNotFoundException:
        """Of that name, or of that id. Unverified."""
        return cls(f"Endpoint {name} does not exist.")

    @classmethod
    def connection(cls, name: str) -> ResourceNotFoundException:
        """Of that name."""
        return cls(f"Failed to describe the connection(s). Connection '{name}' does not exist.")

    @classmethod
    def api_destination(cls, name: str) -> ResourceNotFoundException:
        """Of that name."""
        return cls(
            "Failed to describe the api-destination(s). "
            f"An api-destination '{name}' does not exist."
        )

    @classmethod
    def resource(cls, arn: str) -> ResourceNotFoundException:
        """Something with tags that is neither bus nor rule. Unverified."""
        return cls(f"Resource {arn} does not exist.")


class ResourceAlreadyExistsException(AwsError):
    """There is one of that name."""

    code, status = "ResourceAlreadyExistsException", 400

    @classmethod
    def bus(cls, name: str) -> ResourceAlreadyExistsException:
        """On this account and region."""
        return cls(f"Event bus {name} already exists.")

    @classmethod
    def archive(cls, name: str) -> ResourceAlreadyExistsException:
        """Here."""
        return cls(f"Archive {name} already exists.")

    @classmethod
    def event_source(cls, name: str) -> ResourceAlreadyExistsException:
        """For that account. Unverified."""
        return cls(f"Event source {name} already exists.")

    @classmethod
    def endpoint(cls, name: str) -> ResourceAlreadyExistsException:
        """In this region. Unverified."""
        return cls(f"Endpoint {name} already exists.")

    @classmethod
    def connection(cls, name: str) -> ResourceAlreadyExistsException:
        """Here."""
        return cls(f"Connection {name} already exists.")

    @classmethod
    def api_destination(cls, name: str) -> ResourceAlreadyExistsException:
        """Here."""
        return cls(f"An api-destination '{name}' already exists.")

    @classmethod
    def replay(cls, name: str) -> ResourceAlreadyExistsException:
        """Here; finished ones count."""
        return cls(f"Replay {name} already exists.")


class InvalidEventPatternException(AwsError):
    """A text that is no event pattern."""

    code, status = "InvalidEventPatternException", 400

    @classmethod
    def because(cls, reason: str) -> InvalidEventPatternException:
        """The reason is the pattern language's."""
        return cls(f"Event pattern is not valid. Reason: {reason}")


class LimitExceededException(AwsError):
    """More than there may be."""

    code, status = "LimitExceededException", 400

    @classmethod
    def exceeded(cls) -> LimitExceededException:
        """Of rules, targets, buses or replays."""
        return cls("The requested resource exceeds the maximum number allowed.")


class ManagedRuleException(AwsError):
    """A rule that an AWS service keeps for itself."""

    code, status = "ManagedRuleException", 400

    @classmethod
    def of(cls, name: str, service: str) -> ManagedRuleException:
        """Unverified."""
        return cls(f"Rule {name} is managed by {service} and cannot be modified.")


class PolicyLengthExceededException(AwsError):
    """A policy of more than 10 KB."""

    code, status = "PolicyLengthExceededException", 400

    @classmethod
    def of(cls, most: int) -> PolicyLengthExceededException:
        """Unverified."""
        return cls(f"The event bus policy size exceeds the limit of {most} bytes.")


class IllegalStatusException(AwsError):
    """A replay that has ended."""

    code, status = "IllegalStatusException", 400

    @classmethod
    def replay(cls, name: str) -> IllegalStatusException:
        """Wording: moto."""
        return cls(f"Replay {name} is not in a valid state for this operation.")


class InvalidStateException(AwsError):
    """An event source that its partner has deleted."""

    code, status = "InvalidStateException", 400

    @classmethod
    def of(cls, name: str, state: str) -> InvalidStateException:
        """Unverified."""
        return cls(f"Event source {name} is in state {state}.")


class AccessDeniedException(AwsError):
    """The policy of another account's bus doesn't let this one in."""

    code, status = "AccessDeniedException", 400

    @classmethod
    def on(cls, caller: str, action: str, bus: str) -> AccessDeniedException:
        """Wording: IAM User Guide, "Troubleshoot access denied error messages"."""
        return cls(
            f"User: {caller} is not authorized to perform: {action} on resource: {bus} because no "
            f"resource-based policy allows the {action} action"
        )


class ValidationException(AwsError):
    """A value that no constraint of the model describes."""

    code, status = "ValidationException", 400

    @classmethod
    def schedule(cls) -> ValidationException:
        """A text that is neither ``cron`` nor ``rate``."""
        return cls("Parameter ScheduleExpression is not valid.")

    @classmethod
    def schedule_on_custom_bus(cls) -> ValidationException:
        """Schedules are the default bus's."""
        return cls("ScheduleExpression is supported only on the default event bus.")

    @classmethod
    def neither(cls) -> ValidationException:
        """Wording: moto."""
        return cls("Parameter(s) EventPattern or ScheduleExpression must be specified.")

    @classmethod
    def rule_has_targets(cls) -> ValidationException:
        """They go first."""
        return cls("Rule can't be deleted since it has targets.")

    @classmethod
    def default_bus(cls) -> ValidationException:
        """It stays."""
        return cls("Cannot delete event bus default.")

    @classmethod
    def bus_has_rules(cls, name: str) -> ValidationException:
        """Unverified."""
        return cls(f"Event bus {name} can't be deleted since it has rules.")

    @classmethod
    def bus_name(cls) -> ValidationException:
        """A slash is for partners' buses. Unverified."""
        return cls("Event bus name must not contain '/'.")

    @classmethod
    def too_many_entries(cls, shown: str, most: int) -> ValidationException:
        """Of PutEvents; of PutPartnerEvents unverified."""
        return cls(
            f"1 validation error detected: Value '[{shown}]' at 'entries' failed to satisfy "
            f"constraint: Member must have length less than or equal to {most}"
        )

    @classmethod
    def entries_size(cls) -> ValidationException:
        """Of PutEvents, all entries together."""
        return cls("Total size of the entries in the request is over the limit.")

    @classmethod
    def event(cls) -> ValidationException:
        """Of TestEventPattern."""
        return cls("Parameter Event is not valid.")

    @classmethod
    def one_input(cls, target: str) -> ValidationException:
        """A target has one input."""
        return cls(
            "Only one of Input, InputPath, or InputTransformer must be provided for target "
            f"{target}."
        )

    @classmethod
    def placeholder(cls, target: str, name: str) -> ValidationException:
        """What the template names and the paths don't."""
        return cls(f"InputTemplate for target {target} contains invalid placeholder {name}.")

    @classmethod
    def target_arn(cls, arn: str) -> ValidationException:
        """Wording: moto."""
        return cls(f"Parameter {arn} is not valid. Reason: Provided Arn is not in correct format.")

    @classmethod
    def input_json(cls, target: str) -> ValidationException:
        """An Input is JSON."""
        return cls(f"Input for target {target} is not valid JSON.")

    @classmethod
    def input_path(cls, target: str) -> ValidationException:
        """Unverified."""
        return cls(f"InputPath for target {target} is invalid.")

    @classmethod
    def fifo(cls, target: str) -> ValidationException:
        """Wording: moto."""
        return cls(f"Parameter(s) SqsParameters must be specified for target: {target}.")

    @classmethod
    def role(cls, arn: str) -> ValidationException:
        """As users quote it."""
        return cls(f"RoleArn is required for target {arn}.")

    @classmethod
    def auth_parameters(cls, wanted: str) -> ValidationException:
        """Those of the connection's type, and no others. Unverified."""
        return cls(f"Parameter(s) AuthParameters must contain {wanted}, and no other parameters.")

    @classmethod
    def endpoint_buses(cls, first: str, second: str) -> ValidationException:
        """Of a global endpoint. Unverified."""
        return cls(
            "EventBuses must be two event buses of the same name, one in "
            f"{first} and one in {second}."
        )

    @classmethod
    def endpoint(cls) -> ValidationException:
        """Requests go by HTTPS; to this machine by HTTP too. Unverified."""
        return cls("Parameter InvocationEndpoint is not valid. Reason: it must be an HTTPS URL.")

    @classmethod
    def permission(cls, why: str) -> ValidationException:
        """Of PutPermission. Unverified."""
        return cls(why)

    @classmethod
    def token(cls) -> ValidationException:
        """A token that no answer gave. Unverified."""
        return cls("Invalid NextToken.")

    @classmethod
    def one_filter(cls) -> ValidationException:
        """Wording: moto."""
        return cls(
            "At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, "
            "or NamePrefix."
        )

    @classmethod
    def one_replay_filter(cls) -> ValidationException:
        """Wording: moto."""
        return cls(
            "At most one filter is allowed for ListReplays. Use either : State, EventSourceArn, "
            "or NamePrefix."
        )

    @classmethod
    def nothing_to_update(cls) -> ValidationException:
        """Of UpdateArchive."""
        return cls("At least one of EventPattern, RetentionDays or Description must be provided.")

    @classmethod
    def parameter(cls, name: str, reason: str) -> ValidationException:
        """As AWS says it of several."""
        return cls(f"Parameter {name} is not valid. Reason: {reason}")
