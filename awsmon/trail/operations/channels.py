"""Channels: create, look at, change, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list
from awsmon.trail.errors import InvalidNextTokenException, InvalidParameterException
from awsmon.trail.lake.channels import Channel
from awsmon.trail.lake.errors import InvalidEventDataStoreCategoryException
from awsmon.trail.lake.feeding_errors import (
    ChannelAlreadyExistsException,
    ChannelMaxLimitExceededException,
    InvalidSourceException,
)
from awsmon.trail.tagging import checked_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_cloudtrail.type_defs import (
        CreateChannelRequestTypeDef,
        DeleteChannelRequestTypeDef,
        GetChannelRequestTypeDef,
        ListChannelsRequestTypeDef,
        UpdateChannelRequestTypeDef,
    )

    from awsmon.trail.service import Trail

MOST_CHANNELS = 25
CUSTOM = "Custom"
PARTNERS = frozenset((
    "CloudStorageSecurity", "Clumio", "CrowdStrike", "CyberArk", "GitHub", "KongInc",
    "LaunchDarkly", "Netskope", "Nordcloud", "MontyCloud", "Okta", "OneIdentity", "Shoreline.io",
    "Snyk", "Wiz",
))  # fmt: skip
"""Source: CloudTrail User Guide, "Additional information about integration partners"."""


def _destinations(trail: Trail, wanted: Sequence[Any]) -> list[Any]:
    """Stores of the category that channels feed, by their whole ARN."""
    found = []
    for each in wanted:
        if each["Type"] != "EVENT_DATA_STORE":
            raise InvalidParameterException.because("Only event data stores can be destinations.")
        store = trail.stores.active(each["Location"])
        if store.category != "ActivityAuditLog":
            raise InvalidEventDataStoreCategoryException.of(store.name, store.category)
        found.append({"Type": "EVENT_DATA_STORE", "Location": store.arn})
    return found


def _check_name(trail: Trail, name: str, before: str | None = None) -> None:
    if any(each.name == name != before for each in trail.channels):
        raise ChannelAlreadyExistsException.named(name)


def _shown(channel: Channel) -> dict[str, Any]:
    return {name: value for name, value in channel.to_aws().items() if name != "IngestionStatus"}


@operation("CreateChannel")
def create_channel(trail: Trail, request: CreateChannelRequestTypeDef) -> dict[str, Any]:
    """Of a partner's events there is one channel, of custom ones there are several."""
    source = request["Source"]
    if source != CUSTOM and source not in PARTNERS:
        raise InvalidSourceException.of(source)
    _check_name(trail, request["Name"])
    if source != CUSTOM and any(each.source == source for each in trail.channels):
        raise ChannelAlreadyExistsException.of_source(source)
    if len(list(trail.channels)) >= MOST_CHANNELS:
        raise ChannelMaxLimitExceededException.of(MOST_CHANNELS)
    tags = checked_tags(request.get("Tags"))
    channel = Channel(
        arn=trail.scope.arn("cloudtrail", f"channel/{trail.ids.uuid()}"), name=request["Name"],
        source=source, destinations=_destinations(trail, request["Destinations"]),
    )  # fmt: skip
    trail.channels.add(channel)
    trail.tags.create(channel.arn, tags)
    return {**_shown(channel), "Tags": tag_list(tags)}


@operation("GetChannel")
def get_channel(trail: Trail, request: GetChannelRequestTypeDef) -> dict[str, Any]:
    """By ARN or id, with what came last."""
    return trail.channels[request["Channel"]].to_aws()


@operation("ListChannels")
def list_channels(trail: Trail, request: ListChannelsRequestTypeDef) -> dict[str, Any]:
    """In order of name."""
    page, token = paging.page(
        list(trail.channels), request.get("NextToken"), request.get("MaxResults", 1000),
        of="ListChannels", key=lambda each: each.name, bad_token=InvalidNextTokenException.token,
    )  # fmt: skip
    return {"Channels": [{"ChannelArn": each.arn, "Name": each.name} for each in page],
            "NextToken": token}  # fmt: skip


@operation("UpdateChannel")
def update_channel(trail: Trail, request: UpdateChannelRequestTypeDef) -> dict[str, Any]:
    """Its name, or where its events go."""
    channel = trail.channels[request["Channel"]]
    name = request.get("Name", channel.name)
    _check_name(trail, name, channel.name)
    if "Destinations" in request:
        channel.destinations = _destinations(trail, request["Destinations"])
    channel.name = name
    return _shown(channel)


@operation("DeleteChannel")
def delete_channel(trail: Trail, request: DeleteChannelRequestTypeDef) -> None:
    """With its policy and tags."""
    channel = trail.channels[request["Channel"]]
    trail.channels.delete(channel)
    trail.tags.forget(channel.arn)
    trail.policies.pop(channel.arn, None)
