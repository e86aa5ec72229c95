"""Answers without a wire: what botocore's parsers would have made of the service's bytes.

Lives here: `answered` and `failed`, for every protocol, ``ResponseMetadata`` included. A success is
only brought into form (`shapes.shaper`); an error is rare enough to be written down by `wire` and
read by botocore's own parser, which knows where each protocol hides codes and members.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser

from awsmon.core.operation import own_headers
from awsmon.sdk.protocols.headers import http_date, plain_headers
from awsmon.sdk.shapes import Shaper, shaper
from awsmon.sdk.wire import encode_error

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from botocore.model import OperationModel

    from awsmon.core.errors import AwsError

__all__ = ["HttpAnswer", "answered", "failed", "shaper"]


@dataclass(slots=True)
class HttpAnswer:
    """What handlers of ``after-call`` see of an answer that never was bytes."""

    status_code: int
    headers: dict[str, str]
    url: str = ""

    raw: ClassVar[None] = None
    content: ClassVar[bytes] = b""
    text: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """What all answers of an operation have in common."""

    shape: Shaper
    status: int
    headers: dict[str, str]
    metadata_first: bool
    tells_id: bool


_forms: dict[tuple[str, str, str, str], _Form] = {}  # by name: every client has a model of its own


def answered(
    model: OperationModel, result: Mapping[str, Any] | None, *, request_id: str, at: datetime
) -> tuple[HttpAnswer, dict[str, Any]]:
    """A success as ``before-call`` hands it to botocore.

    Raises:
        AwsmonError: *result* doesn't fit the output shape.
    """
    service = model.service_model
    key = service.service_name, service.api_version, model.name, service.resolved_protocol
    form = _forms.get(key) or _forms.setdefault(key, _form(model))
    parsed = form.shape(result)
    headers = {"x-amzn-requestid": request_id, **form.headers, "date": http_date(at)}
    if result is not None:
        headers |= own_headers(result)
    metadata = {
        "RequestId": request_id,
        "HTTPStatusCode": form.status,
        "HTTPHeaders": headers,
        "RetryAttempts": 0,
    }
    if not form.tells_id:
        del metadata["RequestId"]
    if form.metadata_first:
        parsed = {"ResponseMetadata": metadata, **parsed}
    else:
        parsed["ResponseMetadata"] = metadata
    return HttpAnswer(form.status, headers.copy()), parsed


def failed(
    model: OperationModel, error: AwsError, *, request_id: str, at: datetime
) -> tuple[HttpAnswer, dict[str, Any]]:
    """An error as ``before-call`` hands it to botocore, which raises it.

    Raises:
        AwsmonError: the error has members that its modelled shape lacks.
    """
    service = model.service_model
    answer = encode_error(model, error, request_id=request_id, at=at)
    response = {
        "headers": HeadersDict(answer.headers),
        "status_code": answer.status,
        "body": answer.body,
        "context": {"operation_name": model.name},
    }
    parser = _parser(service.resolved_protocol)
    parsed: dict[str, Any] = parser.parse(response, model.output_shape)
    modelled = service.shape_for_error_code(parsed["Error"]["Code"])
    if modelled is not None:
        parsed |= parser.parse(response, modelled)
    parsed["ResponseMetadata"]["RetryAttempts"] = 0
    return HttpAnswer(answer.status, answer.headers), parsed


def _form(model: OperationModel) -> _Form:
    protocol = model.service_model.resolved_protocol
    return _Form(
        shape=shaper(model),
        status=model.http.get("responseCode", 200),
        headers=plain_headers(model, protocol),
        metadata_first=protocol == "rest-json",
        # botocore's CBOR parser reads the header only where there is something to parse
        tells_id=protocol != "smithy-rpc-v2-cbor" or model.output_shape is not None,
    )


@functools.cache
def _parser(protocol: str) -> Any:
    return create_parser(protocol)
