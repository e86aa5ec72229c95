"""The HTTP headers of an answer: few, and known without the body, so that both paths agree.

Lives here: `plain_headers`, `error_headers` and `http_date`. No length and no checksum is told.
"""

from __future__ import annotations

import functools
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from botocore.model import OperationModel

    from awsmon.core.errors import AwsError

__all__ = ["error_headers", "http_date", "plain_headers", "query_error"]


def http_date(at: datetime) -> str:
    """An instant as the ``date`` header tells it."""
    return _second(int(at.timestamp()))


@functools.lru_cache(maxsize=256)
def _second(second: int) -> str:
    return formatdate(second, usegmt=True)


def plain_headers(model: OperationModel, protocol: str) -> dict[str, str]:
    """What every answer of an operation carries; ``x-amzn-requestid`` and ``date`` come to it."""
    headers = {"smithy-protocol": "rpc-v2-cbor"} if protocol == "smithy-rpc-v2-cbor" else {}
    if model.has_event_stream_output:
        headers["content-type"] = "application/vnd.amazon.eventstream"
    elif model.has_streaming_output:
        headers["content-type"] = "application/octet-stream"
    elif model.output_shape is not None or protocol in ("json", "query"):
        headers["content-type"] = _content_type(model, protocol)
    return headers


def error_headers(
    model: OperationModel, protocol: str, error: AwsError, shape: Any
) -> dict[str, str]:
    """What an error carries; *shape* is its modelled shape, or None."""
    headers = {"content-type": _content_type(model, protocol)}
    if protocol == "smithy-rpc-v2-cbor":
        headers["smithy-protocol"] = "rpc-v2-cbor"
    if protocol == "rest-json":
        headers["x-amzn-errortype"] = error.code
    elif protocol != "query" and model.service_model.is_query_compatible:
        headers["x-amzn-query-error"] = f"{error.code};{query_error(error)}"
    for name, member in shape.members.items() if shape is not None else ():
        if member.serialization.get("location") == "header" and error.members.get(name) is not None:
            headers[member.serialization.get("name", name).lower()] = str(error.members[name])
    return headers


def query_error(error: AwsError) -> str:
    """Whose fault it is, in the words of the query protocol."""
    return "Sender" if error.status < 500 else "Receiver"


def _content_type(model: OperationModel, protocol: str) -> str:
    if protocol == "json":
        return f"application/x-amz-json-{model.metadata.get('jsonVersion', '1.0')}"
    return {"query": "text/xml", "rest-json": "application/json"}.get(protocol, "application/cbor")
