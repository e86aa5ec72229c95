"""Replays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.event_bus.errors import (
    LimitExceededException,
    ResourceAlreadyExistsException,
    ValidationException,
)
from awsmon.event_bus.model import Replay
from awsmon.event_bus.replays import MOST_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_events.type_defs import (
        CancelReplayRequestTypeDef,
        DescribeReplayRequestTypeDef,
        ListReplaysRequestTypeDef,
        StartReplayRequestTypeDef,
    )

    from awsmon.event_bus.model import Archive
    from awsmon.event_bus.service import EventBus

_LISTED = ("ReplayName", "EventSourceArn", "State", "StateReason", "EventStartTime", "EventEndTime",
           "EventLastReplayedTime", "ReplayStartTime", "ReplayEndTime")  # fmt: skip


def _shown(replay: Replay, members: Iterable[str]) -> dict[str, Any]:
    shown = replay.to_aws()
    return {member: shown.get(member) for member in members}


@operation("StartReplay")
def start_replay(events: EventBus, request: StartReplayRequestTypeDef) -> dict[str, Any]:
    """To the bus that the archive is of."""
    name = request["ReplayName"]
    if name in events.replays:
        raise ResourceAlreadyExistsException.replay(name)
    archive = _archive(events, request)
    if events.replays.active >= MOST_AT_ONCE:
        raise LimitExceededException.exceeded()
    start, end = _range(request)
    replay = Replay.from_aws(
        request,
        replay_arn=events.scope.arn("events", f"replay/{name}"),
        replay_start_time=events.clock.now(),
        waiting=[(at, event) for at, event in archive.events if start <= at < end],
    )
    events.replays.start(replay)
    return _shown(replay, ("ReplayArn", "State", "StateReason", "ReplayStartTime"))


def _range(request: StartReplayRequestTypeDef) -> tuple[Any, Any]:
    """Aware datetimes; the last isn't in it."""
    return request["EventStartTime"], request["EventEndTime"]


def _archive(events: EventBus, request: StartReplayRequestTypeDef) -> Archive:
    name = request["EventSourceArn"].rpartition("/")[2]
    bus = events.bus(request["Destination"]["Arn"])
    if name not in events.archives or (
        events.archives[name].archive_arn != request["EventSourceArn"]
    ):
        reason = f"Archive {name} does not exist."
        raise ValidationException.parameter("EventSourceArn", reason)
    archive = events.archives[name]
    if archive.event_source_arn != bus.arn:
        reason = "Cross event bus replay is not permitted."
        raise ValidationException.parameter("Destination.Arn", reason)
    start, end = _range(request)
    if start >= end:
        reason = "EventStartTime must be before EventEndTime."
        raise ValidationException.parameter("EventEndTime", reason)
    return archive


@operation("DescribeReplay")
def describe_replay(events: EventBus, request: DescribeReplayRequestTypeDef) -> dict[str, Any]:
    """How far it is."""
    return events.replays[request["ReplayName"]].to_aws()


@operation("ListReplays")
def list_replays(events: EventBus, request: ListReplaysRequestTypeDef) -> dict[str, Any]:
    """By one filter at most."""
    if sum(member in request for member in ("NamePrefix", "EventSourceArn", "State")) > 1:
        raise ValidationException.one_replay_filter()
    found, token = paging.page(
        [
            each
            for each in events.replays
            if each.replay_name.startswith(request.get("NamePrefix", ""))
            and request.get("EventSourceArn", each.event_source_arn) == each.event_source_arn
            and request.get("State", each.state) == each.state
        ],
        request.get("NextToken"), request.get("Limit", 100), of="ListReplays",
        key=lambda replay: replay.replay_name, bad_token=ValidationException.token,
    )  # fmt: skip
    return {"Replays": [_shown(each, _LISTED) for each in found], "NextToken": token}


@operation("CancelReplay")
def cancel_replay(events: EventBus, request: CancelReplayRequestTypeDef) -> dict[str, Any]:
    """It ends with the next second."""
    replay = events.replays.cancel(request["ReplayName"])
    return _shown(replay, ("ReplayArn", "State", "StateReason"))
