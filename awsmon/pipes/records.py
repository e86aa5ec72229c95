"""Records of sources: how enrichments, targets, filters and templates see them.

Lives here: `record_of` for what somebody feeds a pipe by hand, the records of queues and streams,
and `opened`, in which bodies and data are read as JSON.
Source: EventBridge User Guide, "Amazon EventBridge Pipes sources", "Filtering", "Input
transformation": implicit body data parsing.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.pipes.model import Pipe, Record

__all__ = ["change", "id_of", "message", "opened", "record_of", "streamed"]

RECEIPT = "receiptHandle"


def message(found: Mapping[str, Any], queue_arn: str) -> Record:
    """A message of a queue, as SQS's ReceiveMessage gave it."""
    return {
        "messageId": found["MessageId"],
        RECEIPT: found["ReceiptHandle"],
        "body": found["Body"],
        "attributes": dict(found.get("Attributes", {})),
        "messageAttributes": {
            name: _attribute(value) for name, value in found.get("MessageAttributes", {}).items()
        },
        "md5OfBody": found.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    """With small first letters."""
    return {name[:1].lower() + name[1:]: each for name, each in value.items()}


def streamed(found: Mapping[str, Any], stream_arn: str, shard: str, role: str) -> Record:
    """A record of a Kinesis stream, as GetRecords gave it."""
    at = found.get("ApproximateArrivalTimestamp")
    return {
        "kinesisSchemaVersion": "1.0",
        "partitionKey": found["PartitionKey"],
        "sequenceNumber": found["SequenceNumber"],
        "data": base64.b64encode(found["Data"]).decode(),
        "approximateArrivalTimestamp": at.timestamp() if isinstance(at, datetime) else at,
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard}:{found['SequenceNumber']}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": role,
        "awsRegion": stream_arn.split(":")[3],
        "eventSourceARN": stream_arn,
    }


def change(found: Mapping[str, Any], stream_arn: str) -> Record:
    """A change in a DynamoDB table, as GetRecords gave it."""
    return {
        **_plain({name: value for name, value in found.items() if name != "userIdentity"}),
        "eventSourceARN": stream_arn,
    }


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, set, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.timestamp()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def record_of(pipe: Pipe, body: Any, id_: str, at: datetime) -> Record:
    """What the pipe's source would give for a body: text, or what becomes JSON."""
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    kind = pipe.source.split(":")[2] if pipe.source.startswith("arn:") else "kafka"
    if kind == "sqs":
        found = {"MessageId": id_, "ReceiptHandle": "", "Body": text}
        return message(found, pipe.source)
    if kind == "kinesis":
        entry = {"PartitionKey": id_, "SequenceNumber": id_, "Data": text.encode(),
                 "ApproximateArrivalTimestamp": at}  # fmt: skip
        return streamed(entry, pipe.source, "shardId-000000000000", pipe.role_arn)
    if kind == "dynamodb" and isinstance(body, dict):
        return {
            "eventID": id_,
            "eventSource": "aws:dynamodb",
            "eventSourceARN": pipe.source,
            **body,
        }
    return {"eventSource": f"aws:{kind}", "eventSourceARN": pipe.source, "data": text}


def id_of(record: Record) -> str:
    """By which a target says that it couldn't do a record."""
    return str(
        record.get("messageId")
        or record.get("sequenceNumber")
        or record.get("dynamodb", {}).get("SequenceNumber")
        or record.get("eventID", "")
    )


def opened(record: Any) -> Any:
    """The record with its body, or its data, read as JSON where it is."""
    if not isinstance(record, dict):
        return record
    found = dict(record)
    if isinstance(found.get("body"), str):
        found["body"] = _json(found["body"])
    if isinstance(found.get("data"), str):
        data = found["data"]
        found["data"] = _json(_decoded(data) if record.get("eventSource") != "aws:kafka" else data)
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _decoded(data: str) -> str:
    try:
        return base64.b64decode(data, validate=True).decode()
    except ValueError:
        return data
