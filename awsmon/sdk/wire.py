"""Answers as the bytes of a protocol: for faults, for the server, and as the judge of `shaping`.

Lives here: `encode`, `encode_error` and `encode_event`, for every protocol that a model lists. How
each protocol writes its bodies and headers is `protocols`'; what is written has been shaped first,
so that a slip of ours fails in the same words on both paths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import own_headers
from awsmon.sdk.live import LiveStream
from awsmon.sdk.protocols import cbor, eventstream, json, query
from awsmon.sdk.protocols.headers import error_headers, http_date, plain_headers
from awsmon.sdk.shapes import shape_with, shaper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from botocore.model import OperationModel

    from awsmon.core.errors import AwsError

__all__ = ["WireAnswer", "encode", "encode_error", "encode_event"]

_CBOR = "smithy-rpc-v2-cbor"
_PROTOCOLS = ("json", "rest-json", _CBOR, "query")


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """An HTTP answer; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    live: Iterable[bytes] = ()
    """What is sent after it, as it comes."""


def encode(
    model: OperationModel, result: Mapping[str, Any] | None, *, request_id: str, at: datetime,
    protocol: str | None = None,
) -> WireAnswer:  # fmt: skip
    """What an operation returned, as its service would send it.

    *protocol* is one that the model lists; None: the one that its clients speak. A stream of events
    that goes on is `WireAnswer.live`: the body then ends with ``initial-response``.
    """
    protocol = _known(model, protocol)
    shaped = shaper(model)(result)
    live = _live(model, shaped, protocol) if model.has_event_stream_output else ()
    return WireAnswer(
        model.http.get("responseCode", 200),
        {
            "x-amzn-requestid": request_id,
            **plain_headers(model, protocol),
            "date": http_date(at),
            **own_headers(result),
        },
        _body(model, shaped, request_id, protocol),
        live,
    )


def encode_error(
    model: OperationModel, error: AwsError, *, request_id: str, at: datetime,
    protocol: str | None = None,
) -> WireAnswer:  # fmt: skip
    """An error as a service would send it; one that isn't modelled has no members but its message.

    Raises:
        AwsmonError: a member that the modelled shape doesn't have.
    """
    protocol = _known(model, protocol)
    shape = _error_shape(model, error.code)
    members = _error_members(model, error, shape)
    if protocol == "query":
        body = query.error(model, error, shape, members, request_id)
    else:
        body = _error_body(model, error, shape, members, protocol)
    headers = error_headers(model, protocol, error, shape)
    return WireAnswer(
        error.status,
        {"x-amzn-requestid": request_id, **headers, "date": http_date(at)},
        body,
    )


def encode_event(
    shape: Any, name: str, payload: Mapping[str, Any], *, protocol: str = "json"
) -> bytes:
    """One event of a stream, or one of its exceptions, as a frame.

    *shape* is the event's own, which is the member *name* of the stream's shape.
    """
    for member, inner in shape.members.items():
        if "eventpayload" in inner.serialization or "eventheader" in inner.serialization:
            raise NotImplementedByAwsmon(f"{name}.{member} travels outside of the JSON of events.")
    kind = "exception" if shape.metadata.get("exception") else "event"
    shaped = shape_with(shape, name)(payload)
    return _frame(kind, name, _document(shape, shaped, protocol), protocol)


# -- bodies ----------------------------------------------------------------------------------------


def _known(model: OperationModel, protocol: str | None) -> str:
    protocol = protocol or model.service_model.resolved_protocol
    if protocol not in _PROTOCOLS:
        raise NotImplementedByAwsmon(f"{model.name}: the protocol {protocol}.")
    return protocol


def _body(model: OperationModel, shaped: dict[str, Any], request_id: str, protocol: str) -> bytes:
    shape = model.output_shape
    if protocol == "query":
        return query.answer(model, shaped, request_id)
    if shape is None:
        return b""
    if model.has_streaming_output:
        content: bytes = shaped[shape.serialization["payload"]].read()
        return content
    if model.has_event_stream_output:
        return _stream(shape, shaped, protocol)
    return _document(shape, shaped, protocol)


def _document(shape: Any, shaped: dict[str, Any], protocol: str) -> bytes:
    if protocol == _CBOR:
        return cbor.dumps(shaped)
    return json.dumps(json.document(shape, shaped))


def _stream(shape: Any, shaped: dict[str, Any], protocol: str) -> bytes:
    """The answer itself as the first frame, then the events that are there already."""
    name = shape.event_stream_name
    events = shaped.pop(name, ())
    frames = [_frame("event", "initial-response", _document(shape, shaped, protocol), protocol)]
    if not isinstance(events, LiveStream):
        frames += _event_frames(shape.members[name], events, protocol)
    return b"".join(frames)


def _live(model: OperationModel, shaped: Mapping[str, Any], protocol: str) -> Iterable[bytes]:
    """The frames of events that are still to come."""
    shape: Any = model.output_shape
    events = shaped.get(shape.event_stream_name)
    if not isinstance(events, LiveStream):
        return ()
    return _event_frames(shape.members[shape.event_stream_name], events.raw(), protocol)


def _event_frames(
    shape: Any, events: Iterable[Mapping[str, Any]], protocol: str
) -> Iterator[bytes]:
    for event in events:
        for kind, payload in event.items():
            yield encode_event(shape.members[kind], kind, payload, protocol=protocol)


def _frame(kind: str, name: str, payload: bytes, protocol: str) -> bytes:
    content_type = "application/cbor" if protocol == _CBOR else "application/json"
    headers = {
        f":{kind}-type": name,
        ":content-type": content_type,
        ":message-type": kind,
    }
    return eventstream.frame(headers, payload)


# -- errors ----------------------------------------------------------------------------------------


def _error_shape(model: Any, code: str) -> Any:
    """The operation's own error of that code (two may share one), or its service's, or None."""
    for shape in model.error_shapes:
        if shape.error_code == code:
            return shape
    return model.service_model.shape_for_error_code(code)


def _error_members(model: OperationModel, error: AwsError, shape: Any) -> dict[str, Any]:
    """The members in the shape's form, the message under the shape's name for it."""
    if shape is None:
        return {} if error.message is None else {"message": error.message}
    members = dict(error.members)
    message = next((name for name in shape.members if name.lower() == "message"), None)
    if message is not None:
        members.setdefault(message, error.message)
    shaped: dict[str, Any] = shape_with(shape, f"{model.name}: {shape.name}")(members)
    return shaped


def _error_body(
    model: OperationModel, error: AwsError, shape: Any, members: dict[str, Any], protocol: str
) -> bytes:
    document: dict[str, Any] = {}
    if protocol != "rest-json":
        compatible = shape is not None and model.service_model.is_query_compatible
        document["__type"] = shape.name if compatible else error.code
    plain = shape is None or protocol == _CBOR
    document |= members if plain else json.document(shape, members)
    if error.message is not None and not {"message", "Message"} & document.keys():
        document["message"] = error.message
    return cbor.dumps(document) if protocol == _CBOR else json.dumps(document)
