"""The errors of AWS Config: a class for each code, a constructor for each wording.

Source for codes: botocore's model; all answer 400. Wordings are moto's, whose authors ran AWS,
unless a line says otherwise. Those about rules are `rules/errors.py`'s,
those about the delivery channel `delivery_errors.py`'s.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "ConflictException",
    "InvalidConfigurationRecorderNameException",
    "InvalidLimitException",
    "InvalidNextTokenException",
    "InvalidRecordingGroupException",
    "InvalidRoleException",
    "InvalidTimeRangeException",
    "MaxNumberOfConfigurationRecordersExceededException",
    "NoAvailableConfigurationRecorderException",
    "NoRunningConfigurationRecorderException",
    "NoSuchConfigurationRecorderException",
    "NoSuchRetentionConfigurationException",
    "ResourceNotDiscoveredException",
    "ResourceNotFoundException",
    "UnmodifiableEntityException",
    "ValidationException",
]


class ValidationException(AwsError):
    """A request that makes no sense."""

    code = "ValidationException"

    @classmethod
    def both_ids_and_name(cls) -> ValidationException:
        """ListDiscoveredResources."""
        return cls("Both Resource ID and Resource Name cannot be specified in the request")

    @classmethod
    def too_many_ids(cls) -> ValidationException:
        """ListDiscoveredResources takes at most twenty."""
        return cls(
            "The specified list had more than 20 resource ID's. It must have '20' or less items"
        )

    @classmethod
    def no_json(cls) -> ValidationException:
        """PutResourceConfig's configuration is no object. Unverified."""
        return cls("The configuration is not valid JSON.")

    @classmethod
    def too_long(cls) -> ValidationException:
        """PutResourceConfig's configuration. Unverified."""
        return cls("The configuration must not exceed 64 KB.")

    @classmethod
    def reserved(cls, organization: str) -> ValidationException:
        """PutResourceConfig's type begins as none of one's own may."""
        return cls(
            f"You cannot use the organization name '{organization}' with custom resource types."
        )

    @classmethod
    def recorder_principal(cls, principal: str) -> ValidationException:
        """A service that has no recorder of its own. Unverified."""
        return cls(f"The service principal '{principal}' is not supported.")

    @classmethod
    def organization_pack(cls, why: str) -> ValidationException:
        """PutOrganizationConformancePack. Unverified."""
        return cls(f"The organization conformance pack is not valid: {why}.")

    @classmethod
    def providers(cls) -> ValidationException:
        """A connector is to one cloud. Unverified."""
        return cls("Exactly one provider configuration must be specified.")

    @classmethod
    def connector_in_use(cls, arn: str) -> ValidationException:
        """DeleteConnector, while a recorder is linked by it. Unverified."""
        return cls(f"The connector '{arn}' is in use by a configuration recorder.")

    @classmethod
    def scope(cls, why: str) -> ValidationException:
        """What a recorder of another cloud's resources is to record. Unverified."""
        return cls(f"The scope configuration is not valid: {why}.")

    @classmethod
    def several_recorders(cls) -> ValidationException:
        """DescribeConfigurationRecorders and their status take one. Unverified."""
        return cls("Only one configuration recorder can be specified.")

    @classmethod
    def arn_or_principal(cls) -> ValidationException:
        """DeleteServiceLinkedConfigurationRecorder. Unverified."""
        return cls("Exactly one of Arn or ServicePrincipal must be specified.")

    @classmethod
    def strategy(cls) -> ValidationException:
        """A recorder of all types takes and gives up none. Unverified."""
        return cls(
            "The recording strategy of the configuration recorder does not allow the association "
            "or disassociation of resource types."
        )

    @classmethod
    def already(cls, word: str, types: list[str]) -> ValidationException:
        """Types that are *word*, ``associated`` or ``disassociated``. Unverified."""
        return cls(
            f"The resource types [{', '.join(types)}] are already {word} with the configuration "
            "recorder."
        )

    @classmethod
    def tag_key(cls, key: str, place: int) -> ValidationException:
        """A key of characters that none has; places count from one."""
        return cls(
            f"1 validation error detected: Value '{key}' at 'tags.{place}.member.key' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern: "
            r"[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"
        )

    @classmethod
    def no_expression(cls) -> ValidationException:
        """A new stored query without text. Unverified."""
        return cls("The Expression is required to create a query.")

    @classmethod
    def too_many_queries(cls, most: int) -> ValidationException:
        """Stored ones. Unverified."""
        return cls(f"The maximum number of stored queries: {most} is reached.")


class ConflictException(AwsError):
    """There is one already."""

    code = "ConflictException"

    @classmethod
    def connector(cls) -> ConflictException:
        """PutConnector. Unverified."""
        return cls("A connector already exists for the specified connector configuration.")

    @classmethod
    def recorder(cls, principal: str) -> ConflictException:
        """PutServiceLinkedConfigurationRecorder. Unverified."""
        return cls(f"A service-linked recorder already exists for the service '{principal}'.")


class InvalidConfigurationRecorderNameException(AwsError):
    """A recorder without a name, or with one that isn't a customer's to give."""

    code = "InvalidConfigurationRecorderNameException"

    @classmethod
    def named(cls, name: str) -> InvalidConfigurationRecorderNameException:
        """A blank one."""
        return cls(f"The configuration recorder name '{name}' is not valid, blank string.")

    @classmethod
    def reserved(cls, name: str) -> InvalidConfigurationRecorderNameException:
        """One of a service's. Unverified."""
        return cls(
            f"The configuration recorder name '{name}' is not valid. The prefix "
            '"AWSConfigurationRecorderFor" is reserved for service-linked configuration recorders.'
        )


class InvalidRoleException(AwsError):
    """A recorder without a role."""

    code = "InvalidRoleException"

    @classmethod
    def missing(cls) -> InvalidRoleException:
        """None is given, or an empty one. Unverified."""
        return cls("The role ARN of the configuration recorder is null or empty.")


class InvalidRecordingGroupException(AwsError):
    """A recording group that contradicts itself."""

    code = "InvalidRecordingGroupException"

    @classmethod
    def group(cls) -> InvalidRecordingGroupException:
        """Whatever is wrong with it."""
        return cls("The recording group provided is not valid")


class MaxNumberOfConfigurationRecordersExceededException(AwsError):
    """A second recorder."""

    code = "MaxNumberOfConfigurationRecordersExceededException"

    @classmethod
    def named(cls, name: str) -> MaxNumberOfConfigurationRecordersExceededException:
        """Of a customer's own there is one."""
        return cls(
            f"Failed to put configuration recorder '{name}' because the maximum number of "
            "configuration recorders: 1 is reached."
        )


class NoSuchConfigurationRecorderException(AwsError):
    """No such recorder."""

    code = "NoSuchConfigurationRecorderException"

    @classmethod
    def named(cls, name: str) -> NoSuchConfigurationRecorderException:
        """By name, ARN or service principal."""
        return cls(f"Cannot find configuration recorder with the specified name '{name}'.")


class NoAvailableConfigurationRecorderException(AwsError):
    """There is no recorder at all."""

    code = "NoAvailableConfigurationRecorderException"

    @classmethod
    def for_channel(cls) -> NoAvailableConfigurationRecorderException:
        """PutDeliveryChannel."""
        return cls("Configuration recorder is not available to put delivery channel.")

    @classmethod
    def for_rule(cls) -> NoAvailableConfigurationRecorderException:
        """PutConfigRule. Unverified."""
        return cls("Configuration recorder is not available to put config rule.")

    @classmethod
    def for_reading(cls) -> NoAvailableConfigurationRecorderException:
        """Of resources. Unverified."""
        return cls("There are no configuration recorders available.")


class NoRunningConfigurationRecorderException(AwsError):
    """The recorder is off."""

    code = "NoRunningConfigurationRecorderException"

    @classmethod
    def stopped(cls) -> NoRunningConfigurationRecorderException:
        """Unverified."""
        return cls("There is no configuration recorder running.")


class UnmodifiableEntityException(AwsError):
    """A recorder that is a service's."""

    code = "UnmodifiableEntityException"

    @classmethod
    def linked(cls, name: str) -> UnmodifiableEntityException:
        """Unverified."""
        return cls(f"The configuration recorder '{name}' is service-linked and can't be modified.")


class InvalidLimitException(AwsError):
    """A limit out of range."""

    code = "InvalidLimitException"

    @classmethod
    def of(cls, limit: int) -> InvalidLimitException:
        """Beyond a hundred."""
        return cls(
            f"Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value "
            "less than or equal to 100"
        )


class InvalidNextTokenException(AwsError):
    """A token of no page."""

    code = "InvalidNextTokenException"

    @classmethod
    def token(cls) -> InvalidNextTokenException:
        """Any."""
        return cls("The nextToken provided is invalid")


class InvalidTimeRangeException(AwsError):
    """It ends before it begins."""

    code = "InvalidTimeRangeException"

    @classmethod
    def backwards(cls) -> InvalidTimeRangeException:
        """Unverified."""
        return cls("The specified time range is not valid: it ends before it begins.")


class ResourceNotDiscoveredException(AwsError):
    """A resource that Config has never seen."""

    code = "ResourceNotDiscoveredException"

    @classmethod
    def of(cls, resource_type: str, resource_id: str) -> ResourceNotDiscoveredException:
        """By type and id."""
        return cls(
            f"Resource {resource_id} of resourceType:{resource_type} is unknown or has not been "
            "discovered"
        )


class NoSuchRetentionConfigurationException(AwsError):
    """None is set."""

    code = "NoSuchRetentionConfigurationException"

    @classmethod
    def named(cls, name: str) -> NoSuchRetentionConfigurationException:
        """The only one is ``default``. Unverified."""
        return cls(f"Cannot find retention configuration with the specified name '{name}'.")


class ResourceNotFoundException(AwsError):
    """Nothing of Config's has that ARN."""

    code = "ResourceNotFoundException"

    @classmethod
    def arn(cls, arn: str) -> ResourceNotFoundException:
        """Of what is to be tagged."""
        return cls(f"ResourceArn '{arn}' does not exist")

    @classmethod
    def connector(cls, arn: str) -> ResourceNotFoundException:
        """A connector to another cloud. Unverified."""
        return cls(f"The connector '{arn}' does not exist.")

    @classmethod
    def evaluation(cls, id_: str) -> ResourceNotFoundException:
        """A proactive evaluation. Unverified."""
        return cls(f"The resource evaluation '{id_}' does not exist.")

    @classmethod
    def query(cls, name: str) -> ResourceNotFoundException:
        """A stored query. Unverified."""
        return cls(f"The query '{name}' does not exist.")
