"""Sending log events: groups and streams made when needed, batches as PutLogEvents takes them.

Lives here: `Shipper`. What can't be sent waits for the next time; what CloudWatch Logs will never
take is told in the agent's own log and dropped. Source: API reference, PutLogEvents.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from awsmon.core.clock import EPOCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from awsmon.agent.model import LogFile

    Event = tuple[datetime, str]

__all__ = ["Shipper"]

_EACH = 26  # bytes that CloudWatch Logs counts for an event besides its message
_DAY = timedelta(hours=24)
_NEVER = ("InvalidParameterException", "DataAlreadyAcceptedException")


class Shipper:
    """Log events on their way.

    Args:
        client: boto3's of CloudWatch Logs.
        tell: takes what goes wrong, in words.
    """

    def __init__(self, client: Any, tell: Callable[[str], None]) -> None:
        self._client = client
        self._tell = tell
        self._waiting: dict[tuple[str, str], list[Event]] = {}
        self._ready: set[tuple[str, str]] = set()
        self._files: dict[tuple[str, str], LogFile] = {}

    def add(self, file: LogFile, group: str, stream: str, event: Event) -> None:
        """Take an event; it goes with the next `send`."""
        self._files.setdefault((group, stream), file)
        self._waiting.setdefault((group, stream), []).append(event)

    def send(self) -> None:
        """Send all that waits."""
        for place, events in list(self._waiting.items()):
            waiting = self._waiting[place] = sorted(events, key=lambda event: event[0])
            for batch in list(_batches(waiting, self._files[place])):
                if not self._put(place, batch):
                    break
                del waiting[: len(batch)]
            if not waiting:
                del self._waiting[place]

    def _put(self, place: tuple[str, str], batch: list[Event]) -> bool:
        """Whether the batch needn't be kept: it was taken, or will never be."""
        try:
            self._prepare(place)
            answer = self._client.put_log_events(
                logGroupName=place[0],
                logStreamName=place[1],
                logEvents=[{"timestamp": (at - EPOCH) // timedelta(milliseconds=1),
                            "message": message} for at, message in batch],
                **self._entity(place),
            )  # fmt: skip
        except (BotoCoreError, ClientError) as error:
            never = isinstance(error, ClientError) and error.response["Error"]["Code"] in _NEVER
            self._tell(f"{place[0]}, {place[1]}: {error}{'; dropped' if never else ''}")
            self._ready.discard(place)
            return never
        if rejected := answer.get("rejectedLogEventsInfo"):
            self._tell(f"{place[0]}, {place[1]}: refused in part, {rejected}")
        return True

    def _entity(self, place: tuple[str, str]) -> dict[str, Any]:
        names = {"service.name": "Name", "deployment.environment": "Environment"}
        told = {names[name]: value for name, value in self._files[place].entity.items()}
        return {"entity": {"keyAttributes": {"Type": "Service", **told}}} if told else {}

    def _prepare(self, place: tuple[str, str]) -> None:
        """See to it that group and stream are there, and how long the group keeps events."""
        if place in self._ready:
            return
        group, stream = place
        file = self._files[place]
        plain = file.group_class == "STANDARD"
        more = {} if plain else {"logGroupClass": file.group_class}
        self._create("create_log_group", logGroupName=group, **more)
        self._create("create_log_stream", logGroupName=group, logStreamName=stream)
        if file.retention:
            self._client.put_retention_policy(logGroupName=group, retentionInDays=file.retention)
        self._ready.add(place)

    def _create(self, operation: str, **parameters: Any) -> None:
        try:
            getattr(self._client, operation)(**parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                raise


def _batches(events: list[Event], file: LogFile) -> Iterator[list[Event]]:
    """So many events, so many bytes, within a day."""
    batch: list[Event] = []
    size = 0
    for event in events:
        more = len(event[1].encode("utf-8", "surrogatepass")) + _EACH
        full = len(batch) == file.most_events or size + more > file.most_bytes
        if batch and (full or event[0] - batch[0][0] >= _DAY):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += more
    if batch:
        yield batch
