"""Pipes at work.

Lives here: `Running`. Whatever stirs the neighbour makes pipes look at their sources; a batch then
goes through filter, enrichment and target, one at a time for each pipe. Messages of queues that
failed come back when they are visible again; records of streams are tried again after one second,
two, four, at most a minute, as often and as long as the pipe says.
Source: EventBridge User Guide, "EventBridge Pipes": batching, error handling and troubleshooting.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import Call
from awsmon.core.deliveries import Delivery, Refused
from awsmon.lang.event_pattern.compiler import compile_pattern
from awsmon.lang.event_pattern.parser import parse
from awsmon.pipes import sending
from awsmon.pipes.model import Batch
from awsmon.pipes.polling import Found, read
from awsmon.pipes.records import RECEIPT, id_of, opened
from awsmon.pipes.settings import batch_size, kind_of, own_parameters, window

if TYPE_CHECKING:
    from awsmon.core.events import DeliveryFinished, NeighbourCalled
    from awsmon.core.targets import OtherMock
    from awsmon.pipes.model import Pipe, Record
    from awsmon.pipes.service import Pipes

__all__ = ["Running"]

LONGEST_WAIT = 60  # seconds between tries
KEPT = timedelta(days=1)
"""How long streams keep records, where a pipe sets no age."""


class Running:
    """The work of one account's pipes."""

    def __init__(self, pipes: Pipes) -> None:
        self._pipes = pipes

    # -- looking at sources ------------------------------------------------------------------------

    def stirred(self, event: NeighbourCalled) -> None:
        """A listener: something may have come to a source."""
        for pipe in self._pipes if event.error is None else ():
            if pipe.current_state == "RUNNING":
                self.stir(pipe)

    def stir(self, pipe: Pipe) -> None:
        """Look at the source; at once, or when the window is over."""
        if pipe.looking or pipe.batch is not None:
            pipe.again = True
            return
        seconds = window(pipe)
        if seconds:
            self._wake(pipe, seconds)
        else:
            self.look(pipe.name)

    def _wake(self, pipe: Pipe, seconds: float, *, recurs: bool = False) -> None:
        clock = self._pipes.clock
        pipe.wake = clock.earlier(
            pipe.wake, clock.now() + timedelta(seconds=seconds),
            Call("pipes.running", "look", pipe.name), scope=self._pipes.scope, recurs=recurs,
        )  # fmt: skip

    def look(self, name: str) -> None:
        """A timer's verb: read the source, as soon as the lock is free."""
        pipe = self._pipes.get(name)
        if pipe is None or pipe.current_state != "RUNNING" or pipe.looking or pipe.batch:
            return
        pipe.looking, pipe.again = True, False
        now = self._pipes.clock.now()
        look = Delivery(at=now, scope=self._pipes.scope, sender="pipes", subject=pipe.source,
                        target_arn=pipe.arn, payload=None)  # fmt: skip
        self._pipes.deliveries.send(look, keep=False)

    def read(self, pipe_arn: str, mock: OtherMock) -> None:
        """Read the source of a pipe, outside the lock, and send on what is there."""
        pipe = self._pipes.get(pipe_arn.rpartition("/")[2])
        if pipe is None:
            return
        done, found = len(pipe.done), Found()
        try:
            found = read(pipe, mock)
        except Refused as error:
            pipe.state_reason = str(error)
        finally:
            with self._pipes.door:
                pipe.looking = False
                pipe.done = pipe.done[done:]
                self._found(pipe, found)

    def _found(self, pipe: Pipe, found: Found) -> None:
        pipe.ahead = found.iterators
        if not found.records:
            pipe.iterators |= pipe.ahead
            if pipe.again:
                self.stir(pipe)
            elif found.hidden is not None:
                self._wake(pipe, found.hidden + 0.001, recurs=True)
            return
        self.take(pipe, found.records)

    # -- a batch -----------------------------------------------------------------------------------

    def take(self, pipe: Pipe, records: list[Record]) -> None:
        """Send records on, those that the filter lets through."""
        passed = [record for record in records if self._passes(pipe, record)]
        left_out = [record for record in records if record not in passed]
        pipe.done += [record[RECEIPT] for record in left_out if record.get(RECEIPT)]
        size = batch_size(pipe)
        pipe.todo += [Batch(records=passed[at : at + size]) for at in range(0, len(passed), size)]
        if pipe.batch is None:
            self._next(pipe)

    def _passes(self, pipe: Pipe, record: Record) -> bool:
        filters = pipe.source_parameters.get("FilterCriteria", {}).get("Filters", ())
        if not filters:
            return True
        seen = opened(record)
        return any(compile_pattern(parse(each["Pattern"]))(seen) for each in filters)

    def _next(self, pipe: Pipe) -> None:
        if pipe.todo:
            pipe.batch = pipe.todo.pop(0)
            self._begin(pipe, pipe.batch)
            return
        pipe.batch = None
        pipe.iterators |= pipe.ahead
        pipe.ahead = {}
        self.look(pipe.name)  # it also tells the source what is done

    def _begin(self, pipe: Pipe, batch: Batch) -> None:
        batch.tries, batch.error, batch.failed = batch.tries + 1, None, set()
        if not pipe.enrichment:
            self._invoke(pipe, batch, batch.records)
            return
        batch.enriching = True
        now = self._pipes.clock.now()
        self._send(pipe, batch, [
            sending.to_enrichment(pipe, batch.records, self._pipes.scope, now)
        ])  # fmt: skip

    def _invoke(self, pipe: Pipe, batch: Batch, records: list[Any]) -> None:
        batch.enriching = False
        if not records:
            self._finished(pipe, batch)
            return
        pipes = self._pipes
        ids = [pipes.ids.uuid() for _ in records]
        now = pipes.clock.now()
        self._send(pipe, batch, sending.to_target(pipe, records, pipes.scope, now, ids))

    def _send(self, pipe: Pipe, batch: Batch, deliveries: list[Delivery]) -> None:
        """Count all of them before the first is on its way."""
        batch.waiting = len(deliveries)
        parameters = pipe.enrichment_parameters if batch.enriching else pipe.target_parameters
        for delivery in deliveries:
            if ":api-destination/" in delivery.target_arn:
                text = delivery.payload if isinstance(delivery.payload, str) else json.dumps(
                    delivery.payload, separators=(",", ":"))  # fmt: skip
                http = (parameters or {}).get("HttpParameters", {})
                self._pipes.callers.invoke(delivery, text, http)
            else:
                self._pipes.deliveries.send(delivery)

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: an enrichment or a target has answered, or failed."""
        pipe = self._pipes.get(event.subject.partition(":pipe/")[2])
        batch = pipe.batch if pipe is not None else None
        if pipe is None or batch is None or not batch.waiting:
            return
        batch.waiting -= 1
        batch.error = batch.error or event.error
        if batch.enriching and event.answer is None and event.error is None:
            batch.error = pipe.state_reason = f"nobody stands behind {pipe.enrichment}"
        batch.failed |= set() if batch.enriching else sending.failures(event.answer)
        if batch.waiting:
            return
        if batch.enriching and batch.error is None:
            self._invoke(pipe, batch, sending.enriched(event.answer))
        else:
            self._finished(pipe, batch)

    # -- its end -----------------------------------------------------------------------------------

    def _finished(self, pipe: Pipe, batch: Batch) -> None:
        failed = batch.records if batch.error else [
            record for record in batch.records if id_of(record) in batch.failed
        ]  # fmt: skip
        if kind_of(pipe.source) == "sqs":
            pipe.done += [
                record[RECEIPT]
                for record in batch.records if record not in failed and record.get(RECEIPT)
            ]  # fmt: skip
        elif failed and self._again(pipe, batch, failed):
            return
        self._next(pipe)

    def _again(self, pipe: Pipe, batch: Batch, failed: list[Record]) -> bool:
        """Whether records of a stream are tried again; else they go to the dead-letter queue."""
        given, clock = own_parameters(pipe), self._pipes.clock
        most, age = (
            given.get("MaximumRetryAttempts", -1),
            given.get("MaximumRecordAgeInSeconds", -1),
        )
        if most != -1 and batch.tries > most:
            self._bury(pipe, failed, "RetryAttemptsExhausted")
            return False
        arrived = min((_arrival(record) for record in failed), default=None)
        oldest = timedelta(seconds=age) if age != -1 else KEPT
        if arrived and clock.now().timestamp() - arrived > oldest.total_seconds():
            self._bury(pipe, failed, "MaximumRecordAgeExceeded")
            return False
        if given.get("OnPartialBatchItemFailure") == "AUTOMATIC_BISECT" and len(failed) > 1:
            middle = len(failed) // 2
            halves = [Batch(records=part, tries=batch.tries)
                      for part in (failed[:middle], failed[middle:])]  # fmt: skip
            pipe.todo[:0] = halves[1:]
            pipe.batch = halves[0]
        else:
            pipe.batch = Batch(records=failed, tries=batch.tries)
        wait = min(2 ** (batch.tries - 1), LONGEST_WAIT)
        call = Call("pipes.running", "retry", pipe.name)
        clock.set(clock.now() + timedelta(seconds=wait), call, scope=self._pipes.scope)
        return True

    def retry(self, name: str) -> None:
        """A timer's verb: records of a stream are tried again."""
        pipe = self._pipes.get(name)
        if pipe is not None and pipe.batch is not None and pipe.current_state == "RUNNING":
            self._begin(pipe, pipe.batch)

    def _bury(self, pipe: Pipe, records: list[Record], condition: str) -> None:
        """Where they are to be found goes to the queue, not the records themselves."""
        letter = own_parameters(pipe).get("DeadLetterConfig", {}).get("Arn")
        if letter is None:
            return
        now = self._pipes.clock.now()
        info = "KinesisBatchInfo" if kind_of(pipe.source) == "kinesis" else "DDBStreamBatchInfo"
        body = {
            "context": {"partnerResourceArn": pipe.arn, "condition": condition},
            "version": "1.0",
            "timestamp": f"{now:%Y-%m-%dT%H:%M:%S.000Z}",
            info: {
                "shardId": str(records[0].get("eventID", "")).partition(":")[0],
                "startSequenceNumber": id_of(records[0]),
                "endSequenceNumber": id_of(records[-1]),
                "approximateArrivalOfFirstRecord": _arrival(records[0]),
                "approximateArrivalOfLastRecord": _arrival(records[-1]),
                "batchSize": len(records),
                "streamArn": pipe.source,
            },
        }
        self._pipes.deliveries.send(
            Delivery(at=now, scope=self._pipes.scope, sender="pipes", subject=pipe.source,
                     target_arn=letter, payload=json.dumps(body))
        )  # fmt: skip


def _arrival(record: Record) -> float:
    """In seconds; 0 where nobody knows."""
    found = record.get("approximateArrivalTimestamp") or record.get("dynamodb", {}).get(
        "ApproximateCreationDateTime"
    )
    return float(found or 0)
