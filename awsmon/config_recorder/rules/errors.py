"""The errors of AWS Config about rules and what is done by them.

Source for codes: botocore's model; all answer 400. Wordings are moto's, whose authors ran AWS,
unless a line says otherwise. Those about conformance packs are `pack_errors.py`'s.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "IdempotentParameterMismatch",
    "InsufficientPermissionsException",
    "InvalidExpressionException",
    "InvalidParameterValueException",
    "InvalidResultTokenException",
    "LimitExceededException",
    "MaxNumberOfConfigRulesExceededException",
    "NoSuchConfigRuleException",
    "NoSuchConfigurationAggregatorException",
    "ResourceInUseException",
]


class InvalidExpressionException(AwsError):
    """An advanced query that is none."""

    code = "InvalidExpressionException"

    @classmethod
    def text(cls, why: str) -> InvalidExpressionException:
        """The wording is awsmon's."""
        return cls(f"The query is invalid: {why}")


class InvalidParameterValueException(AwsError):
    """A value that can't be."""

    code = "InvalidParameterValueException"

    @classmethod
    def of_service(cls, rule: str) -> InvalidParameterValueException:
        """A service made the rule, and has its own remediation. Unverified."""
        return cls(f"The ConfigRule {rule} is service-linked: it can't have such a remediation.")

    @classmethod
    def identifier(cls, name: str) -> InvalidParameterValueException:
        """No managed rule of AWS's."""
        return cls(
            f"The sourceIdentifier {name} is invalid.  Please refer to the documentation for a "
            "list of valid sourceIdentifiers that can be used when AWS is the Owner"
        )

    @classmethod
    def one_template(cls) -> InvalidParameterValueException:
        """A pack with several templates, or none. Unverified."""
        return cls("Specify exactly one of TemplateBody, TemplateS3Uri, "
                   "TemplateSSMDocumentDetails and Source.")  # fmt: skip

    @classmethod
    def input_parameters(cls, most: int) -> InvalidParameterValueException:
        """A custom pack with too many of them. Unverified."""
        return cls(f"A conformance pack can have at most {most} input parameters.")

    @classmethod
    def ids_without_type(cls) -> InvalidParameterValueException:
        """A filter of resources by their ids alone. Unverified."""
        return cls("ResourceType must be provided when ResourceIds are provided in Filters.")

    @classmethod
    def template_uri(cls, uri: str) -> InvalidParameterValueException:
        """A template that can't be read. Unverified."""
        return cls(f"The template {uri} could not be read.")

    @classmethod
    def no_configuration(cls) -> InvalidParameterValueException:
        """Of a resource that is to be judged before it is there. Unverified."""
        return cls("The ResourceConfiguration is not a valid JSON object.")

    @classmethod
    def property_form(cls, name: str) -> InvalidParameterValueException:
        """A property that no schema of CloudFormation's has so. Unverified."""
        return cls(f"The property {name} in the ResourceConfiguration is not valid.")

    @classmethod
    def not_proactive(cls, mode: str) -> InvalidParameterValueException:
        """An evaluation on demand of a resource that is there. Unverified."""
        return cls(f"The EvaluationMode {mode} is not valid. The only valid value is PROACTIVE.")

    @classmethod
    def one_metadata(cls) -> InvalidParameterValueException:
        """An organization's rule of several kinds, or of none. Unverified."""
        return cls("Specify exactly one of OrganizationManagedRuleMetadata, "
                   "OrganizationCustomRuleMetadata and "
                   "OrganizationCustomPolicyRuleMetadata.")  # fmt: skip

    @classmethod
    def both_sources(cls) -> InvalidParameterValueException:
        """An aggregator of accounts and of an organization."""
        return cls(
            "The configuration aggregator cannot be created because your request contains both the "
            "AccountAggregationSource and the OrganizationAggregationSource. Include only one "
            "aggregation source and try again."
        )

    @classmethod
    def no_source(cls) -> InvalidParameterValueException:
        """An aggregator of nothing."""
        return cls(
            "The configuration aggregator cannot be created because your request is missing either "
            "the AccountAggregationSource or the OrganizationAggregationSource. Include the "
            "appropriate aggregation source and try again."
        )

    @classmethod
    def both_regions(cls) -> InvalidParameterValueException:
        """Some regions, and all."""
        return cls(
            "Your configuration aggregator contains a list of regions and also specifies the use "
            "of all regions. You must choose one of these options."
        )

    @classmethod
    def no_regions(cls) -> InvalidParameterValueException:
        """Neither some regions nor all."""
        return cls(
            "Your request does not specify any regions. Select AWS Config-supported regions and "
            "try again."
        )

    @classmethod
    def one_value(cls, name: str) -> InvalidParameterValueException:
        """A parameter of a remediation with two values, or none; the wording is awsmon's."""
        return cls(f"Parameter {name} needs one of ResourceValue and StaticValue.")

    @classmethod
    def automatic(cls, name: str) -> InvalidParameterValueException:
        """An automatic remediation without something; the wording is awsmon's."""
        return cls(f"{name} must be specified for automatic remediation.")

    @classmethod
    def details(cls) -> InvalidParameterValueException:
        """Details with a managed rule, or none with a custom one."""
        return cls(
            "SourceDetails should be null/empty if the owner is AWS. SourceDetails should be "
            "provided if the owner is CUSTOM_LAMBDA"
        )

    @classmethod
    def frequency_of_change(cls) -> InvalidParameterValueException:
        """A frequency where changes trigger."""
        return cls(
            "A maximum execution frequency is not allowed if MessageType is "
            "ConfigurationItemChangeNotification or OversizedConfigurationItemChangeNotification"
        )

    @classmethod
    def policy_trigger(cls, message_type: str) -> InvalidParameterValueException:
        """A custom policy that something else than changes triggers. Unverified."""
        return cls(f"The MessageType {message_type} is not allowed if the owner is CUSTOM_POLICY")

    @classmethod
    def unknown_parameters(cls, text: str) -> InvalidParameterValueException:
        """Of a managed rule."""
        return cls(f"Unknown parameters provided in the inputParameters: {text}")

    @classmethod
    def missing_parameters(cls, names: str) -> InvalidParameterValueException:
        """Of a managed rule."""
        return cls(f"The required parameter [{names}] is not present in the inputParameters")

    @classmethod
    def malformed_parameter(cls, name: str, value: str) -> InvalidParameterValueException:
        """Of a managed rule; words unverified."""
        return cls(f"The value [{value}] of the parameter [{name}] is not valid")

    @classmethod
    def no_json(cls, text: str) -> InvalidParameterValueException:
        """InputParameters that can't be read."""
        return cls(f"Invalid json {text} passed in the InputParameters field")

    @classmethod
    def resource_and_tag(cls) -> InvalidParameterValueException:
        """A scope of both."""
        return cls("Scope cannot be applied to both resource and tag")

    @classmethod
    def one_type(cls) -> InvalidParameterValueException:
        """A scope of one resource."""
        return cls("A single resourceType should be provided when resourceId is provided in scope")

    @classmethod
    def tag_key(cls) -> InvalidParameterValueException:
        """A value without a key."""
        return cls("Tag key should not be empty when tag value is provided in scope")

    @classmethod
    def arn_or_id(cls) -> InvalidParameterValueException:
        """A new rule brings neither."""
        return cls(
            "ConfigRule Arn and Id can not be specified when creating a new ConfigRule. ConfigRule "
            "Arn and Id are generated by the service. Please try the request again without "
            "specifying ConfigRule Arn or Id"
        )

    @classmethod
    def nameless(cls) -> InvalidParameterValueException:
        """A rule that isn't told."""
        return cls("One or more identifiers needs to be provided. Provide Name or Id or Arn")

    @classmethod
    def state(cls, state: str) -> InvalidParameterValueException:
        """Whoever makes a rule makes it active."""
        return cls(
            f"The ConfigRuleState {state} is invalid.  Only the following values are permitted: "
            "ACTIVE"
        )

    @classmethod
    def created_by(cls) -> InvalidParameterValueException:
        """That is for AWS to say."""
        return cls(
            "AWS Config populates the CreatedBy field for ServiceLinkedConfigRule. Try again "
            "without populating the CreatedBy field"
        )

    @classmethod
    def policy(cls, why: str) -> InvalidParameterValueException:
        """A policy that isn't Guard. Unverified."""
        return cls(f"The policy text is invalid: {why}")

    @classmethod
    def no_evaluations(cls) -> InvalidParameterValueException:
        """PutEvaluations without any; between its sentences there is no space."""
        return cls(
            "The Evaluations object in your request cannot be null."
            "Add the required parameters and try again."
        )

    @classmethod
    def account_only(cls) -> InvalidParameterValueException:
        """A process check is about an account. Unverified."""
        return cls("Only the resource type AWS::::Account and an account ID are accepted.")

    @classmethod
    def no_filter(cls) -> InvalidParameterValueException:
        """Results are never of that kind. Unverified."""
        return cls("INSUFFICIENT_DATA is not a valid ComplianceType for filtering results.")

    @classmethod
    def no_type(cls) -> InvalidParameterValueException:
        """An id alone tells no resource. Unverified."""
        return cls("If you specify a ResourceId, you must also specify a ResourceType.")

    @classmethod
    def no_resource(cls) -> InvalidParameterValueException:
        """Neither a resource nor an evaluation is told. Unverified."""
        return cls("Provide either a ResourceEvaluationId, or a ResourceId and a ResourceType.")

    @classmethod
    def no_evaluation(cls, id_: str) -> InvalidParameterValueException:
        """GetComplianceDetailsByResource, which has no other error. Unverified."""
        return cls(f"The resource evaluation '{id_}' does not exist.")

    @classmethod
    def insufficient(cls) -> InvalidParameterValueException:
        """What no evaluation may say. Unverified."""
        return cls("The ComplianceType INSUFFICIENT_DATA is not a valid value for an evaluation.")


class NoSuchConfigurationAggregatorException(AwsError):
    """No aggregator of that name."""

    code = "NoSuchConfigurationAggregatorException"

    @classmethod
    def any(cls) -> NoSuchConfigurationAggregatorException:
        """Whatever the name is."""
        return cls(
            "The configuration aggregator does not exist. Check the configuration aggregator name "
            "and try again."
        )


class NoSuchConfigRuleException(AwsError):
    """No such rule."""

    code = "NoSuchConfigRuleException"

    @classmethod
    def named(cls, name: str) -> NoSuchConfigRuleException:
        """By name."""
        return cls(
            f"The ConfigRule '{name}' provided in the request is invalid. Please check the "
            "configRule name"
        )


class MaxNumberOfConfigRulesExceededException(AwsError):
    """More than a thousand."""

    code = "MaxNumberOfConfigRulesExceededException"

    @classmethod
    def named(cls, name: str, most: int) -> MaxNumberOfConfigRulesExceededException:
        """One more."""
        return cls(
            f"Failed to put config rule '{name}' because the maximum number of config rules: "
            f"{most} is reached."
        )


class InsufficientPermissionsException(AwsError):
    """Somebody may not do what is wanted."""

    code = "InsufficientPermissionsException"

    @classmethod
    def function(cls, arn: str) -> InsufficientPermissionsException:
        """A rule's function that Config can't call. Quoted by users of AWS."""
        return cls(
            f"The AWS Lambda function {arn} cannot be invoked. Check the specified function ARN, "
            "and check the function's permissions."
        )


class ResourceInUseException(AwsError):
    """A rule that something else still needs."""

    code = "ResourceInUseException"

    @classmethod
    def remediated(cls, name: str) -> ResourceInUseException:
        """A rule with a remediation. Quoted by users of AWS."""
        return cls(
            f"The rule {name} cannot be deleted because there is a remediation configuration "
            "associated with it."
        )


class InvalidResultTokenException(AwsError):
    """A token that no evaluation was given."""

    code = "InvalidResultTokenException"

    @classmethod
    def token(cls) -> InvalidResultTokenException:
        """Any."""
        return cls("The resultToken provided is invalid")


class LimitExceededException(AwsError):
    """Too much at once."""

    code = "LimitExceededException"

    @classmethod
    def evaluations(cls) -> LimitExceededException:
        """Rules asked to judge anew while they still do. Unverified."""
        return cls(
            "The StartConfigRulesEvaluation request can't be made more than once per minute for "
            "the same rule."
        )

    @classmethod
    def aggregators(cls) -> LimitExceededException:
        """More than fifty. Unverified."""
        return cls("You have reached the limit of configuration aggregators.")


class IdempotentParameterMismatch(AwsError):
    """A token that was used for something else."""

    code = "IdempotentParameterMismatch"

    @classmethod
    def token(cls) -> IdempotentParameterMismatch:
        """Unverified."""
        return cls("The client token was already used with other parameters.")
