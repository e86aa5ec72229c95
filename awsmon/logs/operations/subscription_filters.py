"""Subscription filters: put, describe, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.arns import Arn
from awsmon.core.operation import operation
from awsmon.lang.selection_criteria import compile_criteria
from awsmon.lang.text import LanguageError
from awsmon.logs.errors import (
    InvalidOperationException,
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
)
from awsmon.logs.model import CLASSES_WITH_FILTERS
from awsmon.logs.patterns import checked
from awsmon.logs.subscription_errors import InvalidTarget, TargetDenied
from awsmon.logs.subscriptions import SubscriptionFilter

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        DeleteSubscriptionFilterRequestTypeDef,
        DescribeSubscriptionFiltersRequestTypeDef,
        PutSubscriptionFilterRequestTypeDef,
    )

    from awsmon.logs.service import Logs

MOST = 2  # filters of a group
STREAMS = ("kinesis", "firehose")
SYSTEM_FIELDS = ("@aws.account", "@aws.region")


@operation("PutSubscriptionFilter")
def put_subscription_filter(logs: Logs, request: PutSubscriptionFilterRequestTypeDef) -> None:
    """One of the same name is replaced; a stream is sent a message to see whether it takes any."""
    group = logs[request["logGroupName"]]
    checked(request["filterPattern"])
    _check_target(logs, request)
    _check_fields(request)
    if group.log_group_class not in CLASSES_WITH_FILTERS:
        raise InvalidOperationException.log_class("PutSubscriptionFilter", group.log_group_class)
    name = request["filterName"]
    known = group.subscription_filters.get(name)
    if known is None and len(group.subscription_filters) >= MOST:
        raise LimitExceededException.resource()
    found = group.subscription_filters[name] = SubscriptionFilter.from_aws(
        request, creation_time=known.creation_time if known else logs.now
    )
    logs.subscriptions.check(found)


def _check_target(logs: Logs, request: PutSubscriptionFilterRequestTypeDef) -> None:
    arn, role = Arn.maybe(request["destinationArn"]), request.get("roleArn")
    if arn is None or arn.service not in ("lambda", "logs", *STREAMS):
        raise InvalidTarget.arn(request["destinationArn"])
    if arn.service in STREAMS and role is None:
        raise InvalidTarget.without_role(arn.service)
    if arn.service == "lambda" and arn.account != logs.scope.account:
        raise TargetDenied.function()
    if arn.service == "lambda" and role is not None:
        raise InvalidTarget.with_role(arn.service)
    if arn.service in STREAMS and arn.account != logs.scope.account:
        raise InvalidTarget.account(request["destinationArn"])
    if arn.service == "logs":
        destination = logs.destinations.found(str(arn))
        if destination is None:
            raise ResourceNotFoundException.destination()
        if not destination.admits(logs.scope.account):
            raise TargetDenied.destination(logs.scope.account, str(arn))


def _check_fields(request: PutSubscriptionFilterRequestTypeDef) -> None:
    for field in request.get("emitSystemFields", []):
        if field not in SYSTEM_FIELDS:
            raise InvalidParameterException.system_field(field)
    if criteria := request.get("fieldSelectionCriteria"):
        try:
            compile_criteria(criteria)
        except LanguageError as error:
            raise InvalidParameterException.criteria(error) from error


@operation("DescribeSubscriptionFilters")
def describe_subscription_filters(
    logs: Logs, request: DescribeSubscriptionFiltersRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    filters = logs[request["logGroupName"]].subscription_filters
    names = sorted(name for name in filters if name.startswith(request.get("filterNamePrefix", "")))
    page, token = paging.page(
        [filters[name] for name in names], request.get("nextToken"), request.get("limit", 50),
        of="DescribeSubscriptionFilters", bad_token=InvalidParameterException.next_token,
        key=lambda found: found.name,
    )  # fmt: skip
    return {"subscriptionFilters": [each.to_aws() for each in page], "nextToken": token}


@operation("DeleteSubscriptionFilter")
def delete_subscription_filter(logs: Logs, request: DeleteSubscriptionFilterRequestTypeDef) -> None:
    """What is under way arrives."""
    filters = logs[request["logGroupName"]].subscription_filters
    if request["filterName"] not in filters:
        raise ResourceNotFoundException.subscription_filter()
    del filters[request["filterName"]]
