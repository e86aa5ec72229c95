"""Export tasks: the events of a log group into a bucket, once.

Lives here: `ExportTask` and `Exports`. A task is PENDING for a second, then RUNNING for five, and
one more for each 10 MB, at most twelve hours (AWS: "a few seconds to a few hours, depending on the
size"). Then its objects leave, a gzip file for each stream that has events of the time asked for,
and it is COMPLETED when all have arrived. One that is cancelled while it runs is PENDING_CANCEL for
a second. Whether the bucket takes anything is `permissions.py`'s to see; sending and trying again
is `core/deliveries.py`'s.

Source: User Guide, "Export log data to Amazon S3 using the AWS CLI".
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.clock import Call
from awsmon.core.deliveries import Delivery, RetryPolicy
from awsmon.core.resource import Resource, aws
from awsmon.logs.errors import LimitExceededException
from awsmon.logs.export_errors import NoSuchExport, NotCancellable
from awsmon.logs.permissions import FULL_CONTROL, bucket_arn
from awsmon.logs.reading import matching

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.core.clock import Timer
    from awsmon.core.events import DeliveryFinished
    from awsmon.logs.model import LogGroup, LogStream
    from awsmon.logs.service import Logs

__all__ = ["DEFAULT_PREFIX", "ExportTask", "Exports", "probe_key"]

DEFAULT_PREFIX = "exportedlogs"
MOMENT = timedelta(seconds=1)  # of a task in PENDING, and in PENDING_CANCEL
LEAST, LONGEST = timedelta(seconds=5), timedelta(hours=12)
A_SECOND = 10_000_000  # bytes
AGAIN = RetryPolicy(tuple(timedelta(minutes=2**power) for power in range(5)))
ACTIVE = ("PENDING", "RUNNING")
SUBJECT = "export-task"


@dataclass(kw_only=True, slots=True, eq=False)
class ExportTask(Resource):
    """An export task as DescribeExportTasks shows it; times in milliseconds since the epoch.

    Attributes:
        awaited: the numbers of the deliveries that haven't arrived yet.
        timer: until its status changes.
    """

    aws_shape: ClassVar[str] = "logs.ExportTask"
    aws_lower_camel: ClassVar[bool] = True

    task_id: str
    task_name: str | None = None
    log_group_name: str
    start: int = field(metadata=aws("from"))
    to: int
    destination: str
    destination_prefix: str = DEFAULT_PREFIX
    status: dict[str, str] = field(default_factory=lambda: {"code": "PENDING"})
    execution_info: dict[str, int]
    stream_prefix: str = field(default="", metadata=aws(None))
    awaited: set[int] = field(default_factory=set, repr=False, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def code(self) -> str:
        """Of its status."""
        return self.status["code"]


class Exports:
    """The export tasks of one account and region: iterable, the newest first."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._tasks: dict[str, ExportTask] = {}

    def __iter__(self) -> Iterator[ExportTask]:
        return iter(list(self._tasks.values())[::-1])

    def create(self, request: Mapping[str, Any]) -> str:
        """Begin a task for what was asked; an object is put at once to see that it may be.

        Raises:
            LimitExceededException: another is active.
        """
        if any(task.code in ACTIVE for task in self):
            raise LimitExceededException.resource()
        task = ExportTask.from_aws(
            request, task_id=self._logs.ids.uuid(),
            stream_prefix=request.get("logStreamNamePrefix", ""),
            execution_info={"creationTime": self._logs.now},
        )  # fmt: skip
        self._tasks[task.task_id] = task
        key = probe_key(request.get("destinationPrefix"))
        self._send(task, key, b"Permission Check Successful")
        self._then(task, "start", MOMENT)
        return task.task_id

    def cancel(self, name: str) -> None:
        """Cancel a task; what arrived of it stays.

        Raises:
            InvalidOperationException: it is over.
            ResourceNotFoundException: there is none.
        """
        task = self._tasks.get(name)
        if task is None:
            raise NoSuchExport.task()
        if task.code not in ACTIVE:
            raise NotCancellable.finished()
        if task.code == "PENDING":
            self._end(task, "CANCELLED", "Cancelled by user")
            return
        task.status = {"code": "PENDING_CANCEL"}
        self._then(task, "give_up", MOMENT)

    # -- timers' verbs -----------------------------------------------------------------------------

    def start(self, name: str) -> None:
        """A timer's verb: the second of waiting is over."""
        task = self._tasks[name]
        task.status = {"code": "RUNNING", "message": "Started Successfully"}
        size = sum(stream.events.bytes for stream in self._streams(task))
        needed = timedelta(seconds=size // A_SECOND)
        self._then(task, "finish", min(LEAST + needed, LONGEST))

    def finish(self, name: str) -> None:
        """A timer's verb: all has been read and may leave."""
        task = self._tasks[name]
        task.timer = None
        if task.log_group_name not in self._logs:
            self._end(task, "FAILED", "The specified log group does not exist.")
            return
        for stream in self._streams(task):
            lines = [found.line for found in
                     matching([stream], start=task.start, end=task.to + 1)]  # fmt: skip
            if lines:
                text = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
                folder = f"{task.destination_prefix}/{task.task_id}/{stream.name.replace('/', '-')}"
                self._send(task, f"{folder}/000000.gz", gzip.compress(text, mtime=0))
        self._complete(task)

    def give_up(self, name: str) -> None:
        """A timer's verb: a task that was cancelled while it ran has come to its end."""
        self._end(self._tasks[name], "CANCELLED", "Cancelled by user")

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: an object has arrived, or never will."""
        marker, _, name = event.subject.partition(":")
        task = self._tasks.get(name) if marker == SUBJECT else None
        if task is None or task.code not in ACTIVE:
            return
        task.awaited.discard(event.delivery)
        if event.error is not None:
            self._end(task, "FAILED", event.error)
        elif task.code == "RUNNING" and task.timer is None:
            self._complete(task)

    # -- how ---------------------------------------------------------------------------------------

    def _streams(self, task: ExportTask) -> list[LogStream]:
        if task.log_group_name not in self._logs:
            return []
        group: LogGroup = self._logs[task.log_group_name]
        self._logs.retention.expire(group)
        return [group.streams[name] for name in sorted(group.streams)
                if name.startswith(task.stream_prefix)]  # fmt: skip

    def _send(self, task: ExportTask, key: str, body: bytes) -> None:
        sent = self._logs.deliveries.send(
            Delivery(
                at=self._logs.clock.now(), scope=self._logs.scope, sender="logs",
                subject=f"{SUBJECT}:{task.task_id}", policy=AGAIN,
                target_arn=bucket_arn(self._logs, task.destination),
                payload={"Key": key, "Body": body, "ACL": FULL_CONTROL},
            )
        )  # fmt: skip
        task.awaited.add(sent.number)

    def _then(self, task: ExportTask, verb: str, after: timedelta) -> None:
        clock = self._logs.clock
        if task.timer is not None:
            clock.cancel(task.timer)
        call = Call("logs.exports", verb, task.task_id)
        task.timer = clock.set(clock.now() + after, call, scope=self._logs.scope)

    def _complete(self, task: ExportTask) -> None:
        if not task.awaited:
            self._end(task, "COMPLETED", "Completed successfully")

    def _end(self, task: ExportTask, code: str, message: str) -> None:
        if task.timer is not None:
            self._logs.clock.cancel(task.timer)
        task.timer = None
        task.awaited.clear()
        task.status = {"code": code, "message": message}
        task.execution_info["completionTime"] = self._logs.now


def probe_key(prefix: str | None) -> str:
    """The key of the object by which a task sees that it may write."""
    return f"{prefix}/aws-logs-write-test" if prefix else "aws-logs-write-test"
