"""Sinks of a monitoring account, their policies, and the links attached to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging, policies
from awsmon.core.operation import operation
from awsmon.oam.errors import InvalidParameterException, ResourceNotFoundException

if TYPE_CHECKING:
    from mypy_boto3_oam.type_defs import (
        CreateSinkInputTypeDef,
        DeleteSinkInputTypeDef,
        GetSinkInputTypeDef,
        GetSinkPolicyInputTypeDef,
        ListAttachedLinksInputTypeDef,
        ListSinksInputTypeDef,
        PutSinkPolicyInputTypeDef,
    )

    from awsmon.oam.model import Sink
    from awsmon.oam.service import Oam


@operation("CreateSink")
def create_sink(oam: Oam, request: CreateSinkInputTypeDef) -> dict[str, Any]:
    """One for each account and region."""
    sink = oam.create_sink(request["Name"], request.get("Tags", {}))
    return _shown(oam, sink, with_tags=True)


@operation("GetSink")
def get_sink(oam: Oam, request: GetSinkInputTypeDef) -> dict[str, Any]:
    """With its tags where they are asked for."""
    sink = oam.sink(request["Identifier"])
    return _shown(oam, sink, with_tags=request.get("IncludeTags", False))


def _shown(oam: Oam, sink: Sink, *, with_tags: bool) -> dict[str, Any]:
    return {**sink.to_aws(), "Tags": oam.tags.of(sink.arn) if with_tags else None}


@operation("ListSinks")
def list_sinks(oam: Oam, request: ListSinksInputTypeDef) -> dict[str, Any]:
    """At most one."""
    items, token = paging.page(
        oam.sinks, request.get("NextToken"), request.get("MaxResults", 100), of="ListSinks",
        key=lambda sink: sink.arn, bad_token=InvalidParameterException.token,
    )  # fmt: skip
    return {"Items": [sink.to_aws() for sink in items], "NextToken": token}


@operation("DeleteSink")
def delete_sink(oam: Oam, request: DeleteSinkInputTypeDef) -> None:
    """Refused while links are attached."""
    oam.remove_sink(request["Identifier"])


@operation("PutSinkPolicy")
def put_sink_policy(oam: Oam, request: PutSinkPolicyInputTypeDef) -> dict[str, Any]:
    """Replaces the policy; links that are there stay."""
    sink = oam.sink(request["SinkIdentifier"])
    try:
        policies.parse(request["Policy"])
    except policies.PolicyError as error:
        raise InvalidParameterException.policy(str(error)) from None
    sink.policy = request["Policy"]
    return _policy(sink)


@operation("GetSinkPolicy")
def get_sink_policy(oam: Oam, request: GetSinkPolicyInputTypeDef) -> dict[str, Any]:
    """As it was put."""
    sink = oam.sink(request["SinkIdentifier"])
    if sink.policy is None:
        raise ResourceNotFoundException.policy(sink.arn)
    return _policy(sink)


def _policy(sink: Sink) -> dict[str, Any]:
    return {"SinkArn": sink.arn, "SinkId": sink.id, "Policy": sink.policy}


@operation("ListAttachedLinks")
def list_attached_links(oam: Oam, request: ListAttachedLinksInputTypeDef) -> dict[str, Any]:
    """Those of every source account, in order of ARN."""
    links = oam.sink(request["SinkIdentifier"]).links
    items, token = paging.page(
        sorted(links), request.get("NextToken"), request.get("MaxResults", 1000),
        of="ListAttachedLinks", key=str, bad_token=InvalidParameterException.token,
    )  # fmt: skip
    return {
        "Items": [
            {
                "LinkArn": arn,
                "Label": links[arn].label,
                "ResourceTypes": links[arn].resource_types,
            }
            for arn in items
        ],
        "NextToken": token,
    }
