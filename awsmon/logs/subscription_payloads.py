"""What subscribers get: gzip around JSON, in the form that each kind of target takes.

Lives here: `Envelope`, `payload`, `check_up`, and `count` of the events in one. Source: User Guide,
"Subscription filters", whose samples show the form.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.core.arns import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Envelope", "check_up", "count", "payload"]

_CHECKED = {"kinesis": "Kinesis stream", "firehose": "Firehose"}


class Envelope(NamedTuple):
    """Where the events of a payload come from.

    Attributes:
        owner: the account of the log group.
        level: ``ACCOUNT_LEVEL_POLICY`` where an account policy sends them.
    """

    owner: str
    group: str
    stream: str
    filter: str
    level: str | None = None


def payload(
    target: str, envelope: Envelope, events: Sequence[Mapping[str, Any]], key: str | None
) -> tuple[dict[str, Any], int]:
    """What a target is sent, and its compressed bytes.

    Args:
        target: the ARN of a function, a Kinesis stream or a Firehose stream.
        envelope: where the events come from.
        events: id, timestamp, message of each, and what else is told.
        key: the partition key in a Kinesis stream; None: one for each log stream.
    """
    message = {
        "messageType": "DATA_MESSAGE",
        "owner": envelope.owner,
        "logGroup": envelope.group,
        "logStream": envelope.stream,
        "subscriptionFilters": [envelope.filter],
        "logEvents": list(events),
    }
    if envelope.level is not None:
        message["policyLevel"] = envelope.level
    data = _packed(message)
    if key is None:
        key = hashlib.md5(
            f"{envelope.group}:{envelope.stream}".encode(), usedforsecurity=False
        ).hexdigest()
    return _for(Arn.parse(target).service, data, key), len(data)


def check_up(target: str) -> dict[str, Any] | None:
    """The message that a new subscription sends to a stream; None: to a function none is sent."""
    service = Arn.parse(target).service
    if service not in _CHECKED:
        return None
    text = f"CWL CONTROL MESSAGE: Checking health of destination {_CHECKED[service]}."
    message = {
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logGroup": "",
        "logStream": "",
        "subscriptionFilters": [],
        "logEvents": [{"id": "", "timestamp": 0, "message": text}],
    }
    data = _packed(message)
    return _for(service, data, hashlib.md5(data, usedforsecurity=False).hexdigest())


def count(sent: Mapping[str, Any]) -> int:
    """How many log events are in what was sent."""
    if "awslogs" in sent:
        data = base64.b64decode(sent["awslogs"]["data"])
    else:
        data = sent.get("Record", sent)["Data"]
    message = json.loads(gzip.decompress(data))
    return len(message["logEvents"]) if message["messageType"] == "DATA_MESSAGE" else 0


def _packed(message: Mapping[str, Any]) -> bytes:
    text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
    return gzip.compress(text.encode("utf-8", "surrogatepass"), mtime=0)


def _for(service: str, data: bytes, key: str) -> dict[str, Any]:
    if service == "lambda":
        return {"awslogs": {"data": base64.b64encode(data).decode()}}
    if service == "firehose":
        return {"Record": {"Data": data}}
    return {"Data": data, "PartitionKey": key}
