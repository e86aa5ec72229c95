"""Import tasks: the events of a CloudTrail Lake event data store into a log group, once.

Lives here: `ImportTask`, `Batch` and `Imports`. What is to be imported is what the store holds when
the task is created. A batch is the events of one day (UTC); batches come one after the other, each
after `LEAST` and a second for each 10 MB, and what a batch brought stays when the task is
cancelled. The group is a managed one, ``aws/cloudtrail/<id of the store>``, made by the first task
of a store. What a batch is, how long it takes and how streams are named is ours.

Source: API reference, CreateImportTask, DescribeImportTasks, DescribeImportTaskBatches.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.clock import Call
from awsmon.core.resource import Resource, aws
from awsmon.logs.import_errors import InvalidImport, NoSuchImport, NotImportable
from awsmon.logs.store import OVERHEAD, size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.core.clock import Timer
    from awsmon.core.neighbours import EventStores, StoredEvents
    from awsmon.logs.model import LogGroup
    from awsmon.logs.service import Logs

__all__ = ["Batch", "ImportTask", "Imports"]

MOST = 3  # active at a time
LEAST = timedelta(seconds=5)
A_SECOND = 10_000_000  # bytes
_DAY = 86_400_000


@dataclass(kw_only=True, slots=True, eq=False)
class Batch(Resource):
    """Events of one day, as DescribeImportTaskBatches shows them.

    Attributes:
        events: of each its time in milliseconds, and the record as JSON.
    """

    aws_shape: ClassVar[str] = "logs.ImportBatch"
    aws_lower_camel: ClassVar[bool] = True

    batch_id: str
    status: str = "IN_PROGRESS"
    error_message: str | None = None
    events: list[tuple[int, str]] = field(repr=False, metadata=aws(None))

    @property
    def bytes(self) -> int:
        """Of its events, as Logs counts them."""
        return sum(size(text) + OVERHEAD for _, text in self.events)


@dataclass(kw_only=True, slots=True, eq=False)
class ImportTask(Resource):
    """An import task as DescribeImportTasks shows it; times in milliseconds since the epoch."""

    aws_shape: ClassVar[str] = "logs.Import"
    aws_lower_camel: ClassVar[bool] = True

    import_id: str
    import_source_arn: str
    import_status: str = "IN_PROGRESS"
    import_destination_arn: str
    import_statistics: dict[str, int] = field(default_factory=lambda: {"bytesImported": 0})
    import_filter: dict[str, int] | None = None
    creation_time: int
    last_updated_time: int
    error_message: str | None = None
    group: str = field(metadata=aws(None))
    batches: list[Batch] = field(repr=False, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def active(self) -> bool:
        """Whether it is not over yet."""
        return self.import_status == "IN_PROGRESS"


class Imports:
    """The import tasks of one account and region: iterable, the newest first."""

    def __init__(self, logs: Logs, stores: EventStores) -> None:
        self._logs, self._stores = logs, stores
        self._tasks: dict[str, ImportTask] = {}

    def __iter__(self) -> Iterator[ImportTask]:
        return iter(list(self._tasks.values())[::-1])

    def __getitem__(self, import_id: str) -> ImportTask:
        """The task of that id.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if import_id not in self._tasks:
            raise NoSuchImport.task()
        return self._tasks[import_id]

    def create(self, request: Mapping[str, Any]) -> ImportTask:
        """Begin to import what was asked for.

        Raises:
            InvalidOperationException: the store is to be deleted, or three tasks are active.
            InvalidParameterException: the time range can't be.
            ResourceNotFoundException: there is no such store.
        """
        arn, logs = request["importSourceArn"], self._logs
        stored = self._stores.stored_events(arn)
        if stored is None:
            raise NoSuchImport.source(arn)
        chosen = _chosen(stored, request.get("importFilter", {}))
        if not stored.active:
            raise NotImportable.source(arn)
        if sum(task.active for task in self) >= MOST:
            raise NotImportable.active(MOST)
        group = self._group(arn.rpartition("/")[2])
        task = ImportTask.from_aws(
            request, import_id=logs.ids.uuid(), import_destination_arn=group.log_group_arn,
            creation_time=logs.now, last_updated_time=logs.now, group=group.name,
            batches=[Batch(batch_id=logs.ids.uuid(), events=chosen[day]) for day in sorted(chosen)],
        )  # fmt: skip
        self._tasks[task.import_id] = task
        self._wait(task)
        return task

    def cancel(self, task: ImportTask) -> None:
        """What arrived of it stays.

        Raises:
            InvalidOperationException: it is over.
        """
        if not task.active:
            raise NotImportable.over()
        self._end(task, "CANCELLED")

    def next(self, import_id: str) -> None:
        """A timer's verb: the events of a batch have come; without one the task is through."""
        task = self._tasks[import_id]
        task.timer, task.last_updated_time = None, self._logs.now
        if task.group not in self._logs:
            self._end(task, "FAILED", "The specified log group does not exist.")
            return
        batch = _coming(task)
        if batch is not None:
            self._store(self._logs[task.group], task, batch)
        if _coming(task) is None:
            self._end(task, "COMPLETED")
        else:
            self._wait(task)

    def _store(self, group: LogGroup, task: ImportTask, batch: Batch) -> None:
        stream = group.streams.get(task.import_id)
        if stream is None:
            stream = self._logs.create_stream(group, task.import_id)
        times, messages = zip(*batch.events, strict=True)
        self._logs.store(group, stream, times, messages)
        task.import_statistics["bytesImported"] += batch.bytes
        batch.status, batch.events = "COMPLETED", []

    def _group(self, store: str) -> LogGroup:
        name = f"aws/cloudtrail/{store}"
        return self._logs[name] if name in self._logs else self._logs.create(name)

    def _wait(self, task: ImportTask) -> None:
        batch, clock = _coming(task), self._logs.clock
        needed = LEAST + timedelta(seconds=batch.bytes // A_SECOND if batch else 0)
        call = Call("logs.imports", "next", task.import_id)
        task.timer = clock.set(clock.now() + needed, call, scope=self._logs.scope)

    def _end(self, task: ImportTask, status: str, why: str | None = None) -> None:
        if task.timer is not None:
            self._logs.clock.cancel(task.timer)
        task.import_status, task.error_message = status, why
        task.timer, task.last_updated_time = None, self._logs.now
        for batch in task.batches:
            if batch.status == "IN_PROGRESS":
                batch.status, batch.error_message, batch.events = status, why, []


def _coming(task: ImportTask) -> Batch | None:
    return next((each for each in task.batches if each.status == "IN_PROGRESS"), None)


def _chosen(stored: StoredEvents, asked: Mapping[str, int]) -> dict[int, list[tuple[int, str]]]:
    """The events of a time range, both ends inclusive, by day and in order of time.

    Raises:
        InvalidParameterException: it ends before it begins, or begins before what is retained.
    """
    start, end = asked.get("startEventTime"), asked.get("endEventTime")
    if start is not None and end is not None and start > end:
        raise InvalidImport.times()
    if start is not None and start < stored.oldest:
        raise InvalidImport.not_retained()
    found: dict[int, list[tuple[int, str]]] = {}
    for time, record in sorted(stored.events, key=lambda each: each[0]):
        if (start is None or time >= start) and (end is None or time <= end):
            text = json.dumps(record, separators=(",", ":"), default=str)
            found.setdefault(time // _DAY, []).append((time, text))
    return found
