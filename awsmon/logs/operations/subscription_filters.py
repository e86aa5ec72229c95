"""Subscription filters: put, describe, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.errors import NotImplementedByAwsmon
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
from awsmon.logs.patterns import check_quota, checked
from awsmon.logs.permissions import check_target, known_target
from awsmon.logs.subscription_errors import InvalidTarget
from awsmon.logs.subscriptions import SubscriptionFilter, subject_of

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        DeleteSubscriptionFilterRequestTypeDef,
        DescribeSubscriptionFiltersRequestTypeDef,
        PutSubscriptionFilterRequestTypeDef,
    )

    from awsmon.core.arns import Arn
    from awsmon.logs.service import Logs

MOST = 2  # filters of a group
SYSTEM_FIELDS = ("@aws.account", "@aws.region")


@operation("PutSubscriptionFilter")
def put_subscription_filter(logs: Logs, request: PutSubscriptionFilterRequestTypeDef) -> None:
    """The target is looked at first (recorded); a stream is sent a message to see that it works."""
    target = _target(logs, request)
    if target.service != "logs":
        check_target(logs, target, request["logGroupName"])
    group = logs[request["logGroupName"]]
    pattern = checked(request["filterPattern"])
    _check_fields(request)
    if group.log_group_class not in CLASSES_WITH_FILTERS:
        raise InvalidOperationException.log_class("PutSubscriptionFilter", group.log_group_class)
    name = request["filterName"]
    others = [each for each in group.subscription_filters.values() if each.name != name]
    if len(others) >= MOST:
        raise LimitExceededException.resource()
    patterns = [each.filter_pattern for each in others]
    patterns += [each.filter_pattern for each in group.metric_filters.values()]
    check_quota(pattern, patterns)
    known = group.subscription_filters.get(name)
    group.subscription_filters[name] = SubscriptionFilter.from_aws(
        request, creation_time=known.creation_time if known else logs.now
    )
    if target.service != "logs":
        logs.subscriptions.check(subject_of(group, name), str(target))


def _target(logs: Logs, request: PutSubscriptionFilterRequestTypeDef) -> Arn:
    """The target, if it may be one by what is known here."""
    arn = known_target(logs, request["destinationArn"], request.get("roleArn"))
    if arn.service == "lambda":
        function = arn.resource.removeprefix("function:").partition(":")[0]
        if request["logGroupName"] == f"/aws/lambda/{function}":
            raise InvalidTarget.own_group()
    return arn


def _check_fields(request: PutSubscriptionFilterRequestTypeDef) -> None:
    for field in request.get("emitSystemFields", []):
        if field == "@source.log":
            raise NotImplementedByAwsmon("logs.PutSubscriptionFilter: emitSystemFields @source.log")
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
