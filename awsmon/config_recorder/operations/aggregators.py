"""Aggregators, and whom an account lets read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.aggregators import Aggregator, Authorization
from awsmon.config_recorder.organization import AGGREGATING, DEPLOYING
from awsmon.config_recorder.organization import members as members_of
from awsmon.config_recorder.rules.errors import (
    InvalidParameterValueException,
    LimitExceededException,
)
from awsmon.config_recorder.tagging import tags_of
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        DeleteAggregationAuthorizationRequestTypeDef,
        DeleteConfigurationAggregatorRequestTypeDef,
        DeletePendingAggregationRequestRequestTypeDef,
        DescribeAggregationAuthorizationsRequestTypeDef,
        DescribeConfigurationAggregatorSourcesStatusRequestTypeDef,
        DescribeConfigurationAggregatorsRequestTypeDef,
        DescribePendingAggregationRequestsRequestTypeDef,
        PutAggregationAuthorizationRequestTypeDef,
        PutConfigurationAggregatorRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder

_MOST = 50
_DENIED = "The source account has not authorized the aggregator account and region."


@operation("PutConfigurationAggregator")
def put_configuration_aggregator(
    config: ConfigRecorder, request: PutConfigurationAggregatorRequestTypeDef
) -> dict[str, Any]:
    """A new one, or another in its place, of accounts or of an organization."""
    tags = tags_of(request)
    given: Any = dict(request)
    organization = given.get("OrganizationAggregationSource")
    accounts = given.get("AccountAggregationSources", [])
    if accounts and organization:
        raise InvalidParameterValueException.both_sources()
    if not accounts and not organization:
        raise InvalidParameterValueException.no_source()
    # moto knows no administrators under the first of these
    members = members_of(config, AGGREGATING, DEPLOYING) if organization else []
    for each in [organization] if organization else accounts:
        _check(each)
    name, registry, now = request["ConfigurationAggregatorName"], config.aggregators, (
        config.clock.now()
    )  # fmt: skip
    old = registry.by_name.get(name)
    if old is None and len(registry.by_name) >= _MOST:
        raise LimitExceededException.aggregators()
    id_ = f"config-aggregator/config-aggregator-{config.ids.key('', 8).lower()}"
    arn = old.configuration_aggregator_arn if old else config.scope.arn("config", id_)
    aggregator = Aggregator.from_aws(
        given, configuration_aggregator_arn=arn, last_updated_time=now, members=members,
        creation_time=old.creation_time if old else now,
    )  # fmt: skip
    registry.by_name[name] = aggregator
    config.tags.create(arn, tags)
    return {"ConfigurationAggregator": aggregator.to_aws()}


def _check(source: Any) -> None:
    if source.get("AllAwsRegions") and source.get("AwsRegions"):
        raise InvalidParameterValueException.both_regions()
    if not source.get("AllAwsRegions") and not source.get("AwsRegions"):
        raise InvalidParameterValueException.no_regions()


@operation("DescribeConfigurationAggregators")
def describe_configuration_aggregators(
    config: ConfigRecorder, request: DescribeConfigurationAggregatorsRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    names = request.get("ConfigurationAggregatorNames") or sorted(config.aggregators.by_name)
    found = [config.aggregators.find(name) for name in names]
    page, token = pages.page(found, request, 100, "DescribeConfigurationAggregators")
    return {"ConfigurationAggregators": [each.to_aws() for each in page], "NextToken": token}


@operation("DeleteConfigurationAggregator")
def delete_configuration_aggregator(
    config: ConfigRecorder, request: DeleteConfigurationAggregatorRequestTypeDef
) -> None:
    """And its tags."""
    found = config.aggregators.find(request["ConfigurationAggregatorName"])
    config.tags.forget(found.configuration_aggregator_arn)
    del config.aggregators.by_name[found.configuration_aggregator_name]


@operation("DescribeConfigurationAggregatorSourcesStatus")
def describe_configuration_aggregator_sources_status(
    config: ConfigRecorder, request: DescribeConfigurationAggregatorSourcesStatusRequestTypeDef
) -> dict[str, Any]:
    """Whether each account and region lets itself be read."""
    aggregator = config.aggregators.find(request["ConfigurationAggregatorName"])
    wanted = request.get("UpdateStatus")
    kind = "ORGANIZATION" if aggregator.organization_aggregation_source else "ACCOUNT"
    found = [
        {"SourceId": scope.account, "SourceType": kind, "AwsRegion": scope.region,
         "LastUpdateStatus": "SUCCEEDED" if lets else "FAILED",
         "LastUpdateTime": aggregator.last_updated_time,
         "LastErrorCode": None if lets else "AuthorizationNotFound",
         "LastErrorMessage": None if lets else _DENIED}
        for scope, lets in config.aggregators.status(aggregator)
        if not wanted or ("SUCCEEDED" if lets else "FAILED") in wanted
    ]  # fmt: skip
    page, token = pages.page(found, request, 100, "DescribeConfigurationAggregatorSourcesStatus")
    return {"AggregatedSourceStatusList": page, "NextToken": token}


@operation("PutAggregationAuthorization")
def put_aggregation_authorization(
    config: ConfigRecorder, request: PutAggregationAuthorizationRequestTypeDef
) -> dict[str, Any]:
    """An account and region may read here."""
    tags = tags_of(request)
    account, region = request["AuthorizedAccountId"], request["AuthorizedAwsRegion"]
    arn = config.scope.arn("config", f"aggregation-authorization/{account}/{region}")
    there = config.aggregators.authorizations.get((account, region))
    made = there or Authorization(
        aggregation_authorization_arn=arn, authorized_account_id=account,
        authorized_aws_region=region, creation_time=config.clock.now(),
    )  # fmt: skip
    config.aggregators.authorizations[account, region] = made
    config.tags.create(arn, tags)
    return {"AggregationAuthorization": made.to_aws()}


@operation("DescribeAggregationAuthorizations")
def describe_aggregation_authorizations(
    config: ConfigRecorder, request: DescribeAggregationAuthorizationsRequestTypeDef
) -> dict[str, Any]:
    """In order of account and region."""
    found = [each.to_aws() for _, each in sorted(config.aggregators.authorizations.items())]
    page, token = pages.page(found, request, 100, "DescribeAggregationAuthorizations")
    return {"AggregationAuthorizations": page, "NextToken": token}


@operation("DeleteAggregationAuthorization")
def delete_aggregation_authorization(
    config: ConfigRecorder, request: DeleteAggregationAuthorizationRequestTypeDef
) -> None:
    """It may read no more; one that isn't there is no mistake."""
    key = request["AuthorizedAccountId"], request["AuthorizedAwsRegion"]
    found = config.aggregators.authorizations.pop(key, None)
    if found is not None:
        config.tags.forget(found.aggregation_authorization_arn)


@operation("DescribePendingAggregationRequests")
def describe_pending_aggregation_requests(
    config: ConfigRecorder, request: DescribePendingAggregationRequestsRequestTypeDef
) -> dict[str, Any]:
    """Aggregators elsewhere that want to read here, and may not."""
    found = [{"RequesterAccountId": scope.account, "RequesterAwsRegion": scope.region}
             for scope in config.aggregators.pending()]  # fmt: skip
    page, token = pages.page(found, request, 20, "DescribePendingAggregationRequests")
    return {"PendingAggregationRequests": page, "NextToken": token}


@operation("DeletePendingAggregationRequest")
def delete_pending_aggregation_request(
    config: ConfigRecorder, request: DeletePendingAggregationRequestRequestTypeDef
) -> None:
    """It is shown no more."""
    key = request["RequesterAccountId"], request["RequesterAwsRegion"]
    config.aggregators.refused.add(key)
