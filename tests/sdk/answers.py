"""Answers made from output shapes, models of every protocol, and botocore's own judgement.

The judge is `botocore.endpoint.Endpoint`: what it makes of bytes is what a user gets.
"""

from __future__ import annotations

import copy
import functools
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint
from botocore.eventstream import EventStream
from botocore.hooks import HierarchicalEmitter
from botocore.model import OperationModel, ServiceModel
from botocore.response import StreamingBody

from awsmon.core.errors import AwsError

if TYPE_CHECKING:
    from awsmon.sdk.wire import WireAnswer

CLIENTS = (
    "cloudwatch", "logs", "events", "schemas", "scheduler", "pipes", "cloudtrail", "config",
    "application-insights", "oam",
)  # fmt: skip
SPOKEN = ("json", "rest-json", "smithy-rpc-v2-cbor", "query")
AT = datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=timezone.utc)
REQUEST_ID = "5e1f3a52-0000-4000-8000-000000000001"

_session = botocore.session.Session()


@functools.cache
def service(name: str, protocol: str | None = None) -> ServiceModel:
    """A client's model; with *protocol*, as if its service listed no other."""
    model = _session.get_service_model(name)
    if protocol is None:
        return model
    description = copy.copy(model._service_description)
    description["metadata"] = {
        **description["metadata"],
        "protocol": protocol,
        "protocols": [protocol],
    }
    return ServiceModel(description, name)


def tells_both_codes() -> bool:
    """Whether this botocore knows CloudWatch as a former query service; to older ones it is one."""
    return bool(service("cloudwatch").is_query_compatible)


def spoken() -> list[tuple[str, str]]:
    """Each client with each protocol that its model lists."""
    found = []
    for name in CLIENTS:
        metadata = service(name).metadata
        listed = metadata.get("protocols") or [metadata["protocol"]]
        found += [(name, protocol) for protocol in listed]
    return found


def operations(model: ServiceModel) -> Iterator[OperationModel]:
    return map(model.operation_model, model.operation_names)


# -- answers ---------------------------------------------------------------------------------------


class Kinds:
    """What a variant writes for each scalar type; containers get *size* elements."""

    def __init__(self, size: int, sequence: Callable[[list[Any]], Any] = list, **scalars: Any):
        self.size, self.sequence, self.scalars = size, sequence, scalars

    def scalar(self, shape: Any, path: str) -> Any:
        value = self.scalars[shape.type_name]
        return value(shape, path) if callable(value) else value


def _named(shape: Any, path: str) -> Any:
    return shape.enum[0] if shape.enum else path


def _enumerated(shape: Any, path: str) -> Any:
    if shape.enum:
        return Enum("Word", {"LAST": shape.enum[-1]}, type=str)["LAST"]
    return f"ä€\U0001f4c8 <&\"'> ]]>\t\r\n {path}"


FILLED = Kinds(
    2, string=_named, integer=7, long=1_772_452_800_123, double=2.5, float=0.5, boolean=True,
    blob=b"\x00\xff bytes", timestamp=AT,
)  # fmt: skip
EMPTY = Kinds(
    0, string="", integer=0, long=0, double=0.0, float=0.0, boolean=False, blob=b"",
    timestamp=datetime(1970, 1, 1, tzinfo=timezone.utc),
)  # fmt: skip
ODD = Kinds(
    2, tuple, string=_enumerated, integer=-(2**31), long=-(2**63), double=-3, float=10**15,
    boolean=True, blob=bytearray(range(256)),
    timestamp=datetime(1969, 7, 20, 22, 17, 40, 123_999, tzinfo=timezone(timedelta(hours=2))),
)  # fmt: skip
VARIANTS: dict[str, Kinds | None] = {"filled": FILLED, "empty": EMPTY, "odd": ODD, "absent": None}


def answer(model: OperationModel, variant: str) -> dict[str, Any] | None:
    """An answer of an operation; streams of events are left out."""
    kinds = VARIANTS[variant]
    if model.output_shape is None:
        return None
    return {} if kinds is None else value(model.output_shape, kinds, "", ())


def value(shape: Any, kinds: Kinds, path: str, above: tuple[str, ...]) -> Any:
    """A value of a shape; a structure appears twice in itself and no deeper."""
    if shape.type_name == "structure":
        members = [
            (name, member)
            for name, member in shape.members.items()
            if not member.serialization.get("eventstream") and above.count(member.name) < 2
        ]
        if shape.is_tagged_union:
            members = members[:1]
        above = (*above, shape.name)
        return {name: value(member, kinds, f"{path}.{name}", above) for name, member in members}
    inner = above if shape.type_name in ("list", "map") else ()
    if shape.type_name == "list":
        if above.count(shape.member.name) >= 2:
            return []
        return kinds.sequence(
            [value(shape.member, kinds, f"{path}[{n}]", inner) for n in range(kinds.size)]
        )
    if shape.type_name == "map":
        keys = (
            shape.key.enum[: kinds.size] if getattr(shape.key, "enum", None) else
            [f"key {n}" for n in range(kinds.size)]
        )  # fmt: skip
        return {key: value(shape.value, kinds, f"{path}.{key}", inner) for key in keys}
    return kinds.scalar(shape, path)


def refused(code: str, status: int, message: str | None, **members: Any) -> AwsError:
    """An error of any code."""
    kind = type(code, (AwsError,), {"code": code, "status": status})
    error: AwsError = kind(message, **members)
    return error


# -- the judge -------------------------------------------------------------------------------------


class _Raw(io.BytesIO):
    """What botocore asks of an HTTP body."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


def http(answer: WireAnswer) -> AWSResponse:
    """An answer as a ``before-send`` handler hands it to botocore."""
    return AWSResponse("https://awsmon/", answer.status, answer.headers, _Raw(answer.body))


def parsed(model: OperationModel, answer: WireAnswer) -> dict[str, Any]:
    """What botocore makes of an answer on the wire."""
    emitter = HierarchicalEmitter()
    emitter.register("before-send", lambda **_: http(answer))
    endpoint = Endpoint("https://awsmon", "awsmon", emitter, http_session=object())
    request = {
        "method": "POST",
        "url": "https://awsmon/",
        "headers": {},
        "body": b"",
        "context": {},
    }
    found: dict[str, Any] = endpoint.make_request(model, request)[1]
    return found


def exact(value: Any) -> Any:
    """A form in which values are equal only if types, order and instants are."""
    if isinstance(value, Mapping):
        return type(value).__name__, [(exact(key), exact(inner)) for key, inner in value.items()]
    if isinstance(value, (list, EventStream)):
        return "list", [exact(inner) for inner in value]
    if isinstance(value, StreamingBody):
        return "stream", value.read()
    if isinstance(value, datetime):
        return "datetime", value.astimezone(timezone.utc).isoformat()
    return type(value).__name__, repr(value)


def plain(value: Any) -> Any:
    """A given answer as it must come back, to compare with ``==``."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return bytes(value) if isinstance(value, bytearray) else value
