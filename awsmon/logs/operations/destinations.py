"""Destinations: put, policy, describe, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.arns import Arn
from awsmon.core.operation import operation
from awsmon.core.policies import PolicyError
from awsmon.logs.destinations import judged
from awsmon.logs.errors import InvalidParameterException
from awsmon.logs.permissions import check_target
from awsmon.logs.subscription_errors import InvalidTarget

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        DeleteDestinationRequestTypeDef,
        DescribeDestinationsRequestTypeDef,
        PutDestinationPolicyRequestTypeDef,
        PutDestinationRequestTypeDef,
    )

    from awsmon.logs.service import Logs

LONGEST_POLICY = 5120  # bytes


@operation("PutDestination")
def put_destination(logs: Logs, request: PutDestinationRequestTypeDef) -> dict[str, Any]:
    """One of the same name leads to the new target; a message is sent to see that it works."""
    target = Arn.maybe(request["targetArn"])
    if target is None or target.service not in ("kinesis", "firehose"):
        raise InvalidTarget.arn(request["targetArn"])
    check_target(logs, target)
    made = logs.destinations.put(
        request["destinationName"], request["targetArn"], request["roleArn"],
        dict(request.get("tags", {})),
    )  # fmt: skip
    logs.subscriptions.check(made.arn, request["targetArn"])
    return {"destination": made.to_aws()}


@operation("PutDestinationPolicy")
def put_destination_policy(logs: Logs, request: PutDestinationPolicyRequestTypeDef) -> None:
    """Who may subscribe to it; kept as it was sent."""
    destination = logs.destinations[request["destinationName"]]
    text = request["accessPolicy"]
    if len(text.encode()) > LONGEST_POLICY:
        raise InvalidTarget.long_policy(LONGEST_POLICY)
    try:
        judged(text)
    except PolicyError as error:
        raise InvalidTarget.policy(error) from error
    destination.access_policy = text


@operation("DescribeDestinations")
def describe_destinations(
    logs: Logs, request: DescribeDestinationsRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    prefix = request.get("DestinationNamePrefix", "")
    page, token = paging.page(
        [each for each in logs.destinations if each.name.startswith(prefix)],
        request.get("nextToken"), request.get("limit", 50), of="DescribeDestinations",
        bad_token=InvalidParameterException.next_token, key=lambda each: each.name,
    )  # fmt: skip
    return {"destinations": [each.to_aws() for each in page], "nextToken": token}


@operation("DeleteDestination")
def delete_destination(logs: Logs, request: DeleteDestinationRequestTypeDef) -> None:
    """Who is subscribed to it gets nothing any more."""
    logs.destinations.delete(request["destinationName"])
