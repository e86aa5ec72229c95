"""Reading sources of the other mock, outside the lock.

Lives here: `read` and `Found`. Queues give what is there and are told what is done; streams give
what follows an iterator. A source that nobody serves gives nothing.
Source: API references of SQS, Kinesis and DynamoDB Streams.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.scope import Scope
from awsmon.pipes.records import change, message, streamed
from awsmon.pipes.settings import batch_size, kind_of, own_parameters

if TYPE_CHECKING:
    from awsmon.core.targets import OtherMock
    from awsmon.pipes.model import Pipe, Record

__all__ = ["Found", "read"]

_AT_ONCE = 10  # messages that SQS gives or deletes in one call


@dataclass(slots=True)
class Found:
    """What a source had.

    Attributes:
        records: oldest first.
        iterators: by shard: where to read on after them.
        hidden: seconds until messages that are hidden now may be seen; None: there are none.
        more: there may be more at once.
    """

    records: list[Record] = field(default_factory=list)
    iterators: dict[str, str] = field(default_factory=dict)
    hidden: int | None = None
    more: bool = False


def read(pipe: Pipe, mock: OtherMock) -> Found:
    """Tell the source what is done, and read what is next.

    Raises:
        Refused: the source isn't there, or refuses.
    """
    arn = Arn.maybe(pipe.source)
    client, reader = _READERS.get(kind_of(pipe.source), ("", None))
    if arn is None or reader is None or not mock.serves(client):
        return Found()

    def ask(operation: str, **parameters: Any) -> dict[str, Any]:
        scope = Scope(arn.account, arn.region)
        return mock.call(client, operation, parameters, scope=scope, invoked_by="pipes")

    found: Found = reader(pipe, arn, ask)
    return found


def _messages(pipe: Pipe, arn: Arn, ask: Any) -> Found:
    url = ask("GetQueueUrl", QueueName=arn.resource)["QueueUrl"]
    done = pipe.done
    for start in range(0, len(done), _AT_ONCE):
        entries = [{"Id": str(number), "ReceiptHandle": receipt}
                   for number, receipt in enumerate(done[start : start + _AT_ONCE])]  # fmt: skip
        ask("DeleteMessageBatch", QueueUrl=url, Entries=entries)
    found, size = Found(), batch_size(pipe)
    while len(found.records) < size:
        wanted = min(_AT_ONCE, size - len(found.records))
        got = ask(
            "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=wanted, AttributeNames=["All"],
            MessageAttributeNames=["All"], WaitTimeSeconds=0,
        ).get("Messages", [])  # fmt: skip
        found.records += [message(each, pipe.source) for each in got]
        if not got:
            break
    found.more = bool(found.records)
    names = ["VisibilityTimeout", "ApproximateNumberOfMessagesDelayed",
             "ApproximateNumberOfMessagesNotVisible"]  # fmt: skip
    attributes = ask("GetQueueAttributes", QueueUrl=url, AttributeNames=names)["Attributes"]
    if any(int(attributes.get(name, 0)) for name in names[1:]):
        found.hidden = int(attributes.get("VisibilityTimeout", 30))
    return found


def _stream(pipe: Pipe, arn: Arn, ask: Any) -> Found:
    shards = ask("ListShards", StreamName=arn.resource.removeprefix("stream/"))["Shards"]

    def start(shard: str) -> str:
        first = own_parameters(pipe)
        more = {"Timestamp": first["StartingPositionTimestamp"]} if (
            "StartingPositionTimestamp" in first) else {}  # fmt: skip
        return str(ask("GetShardIterator", StreamName=arn.resource.removeprefix("stream/"),
                       ShardId=shard, ShardIteratorType=first["StartingPosition"],
                       **more)["ShardIterator"])  # fmt: skip

    def shape(found: Any, shard: str) -> Record:
        return streamed(found, pipe.source, shard, pipe.role_arn)

    return _shards(pipe, [each["ShardId"] for each in shards], start, shape, ask)


def _changes(pipe: Pipe, arn: Arn, ask: Any) -> Found:
    stream = ask("DescribeStream", StreamArn=str(arn))["StreamDescription"]

    def start(shard: str) -> str:
        kind = own_parameters(pipe)["StartingPosition"]
        return str(ask("GetShardIterator", StreamArn=str(arn), ShardId=shard,
                       ShardIteratorType=kind)["ShardIterator"])  # fmt: skip

    def shape(found: Any, shard: str) -> Record:
        del shard
        return change(found, pipe.source)

    return _shards(pipe, [each["ShardId"] for each in stream["Shards"]], start, shape, ask)


def _shards(pipe: Pipe, shards: list[str], start: Any, shape: Any, ask: Any) -> Found:
    """From each shard a batch at most."""
    found = Found()
    for shard in shards:
        iterator = pipe.iterators.get(shard) or start(shard)
        answer = ask("GetRecords", ShardIterator=iterator, Limit=batch_size(pipe))
        found.records += [shape(each, shard) for each in answer["Records"]]
        found.iterators[shard] = answer.get("NextShardIterator") or iterator
    found.more = bool(found.records)
    return found


_READERS: dict[str, tuple[str, Any]] = {
    "sqs": ("sqs", _messages),
    "kinesis": ("kinesis", _stream),
    "dynamodb": ("dynamodbstreams", _changes),
}
