"""What API Gateway logs of a request: access logs by a format, execution logs by a level.

Lives here: `ApiRequest`, `access_line`, `execution_lines`. Sources: API Gateway Developer Guide,
"Set up CloudWatch logging for REST APIs" and "Variables for access logging"; the wording and order
of execution logs are those of recordings in public test suites, the choice of lines without data
tracing is unverified.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from awsmon.sources.source import epoch_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from awsmon.core.scope import Scope

__all__ = ["ApiRequest", "access_line", "execution_lines"]

_VARIABLE = re.compile(r"\$context((?:\.\w+)+)", re.ASCII)
_LONGEST = 1024  # characters of a line of the execution log


@dataclass(frozen=True, kw_only=True)
class ApiRequest:
    """A request to an API and what became of it; `Apis.request` tells the attributes."""

    api: str
    stage: str
    scope: Scope
    at: datetime
    request_id: str
    extended_request_id: str
    method: str
    path: str
    resource: str
    status: int
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    integration: str | None = None
    integration_status: int = 200
    integration_latency: int = 0
    integration_request_id: str | None = None
    response_headers: Mapping[str, str] = field(default_factory=dict)
    response_body: str = ""
    latency: int = 0
    source_ip: str = "127.0.0.1"
    api_key: str = ""
    error: str | None = None
    trace_id: str | None = None
    context: Mapping[str, object] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        """What ``$context`` holds, by the names after its dot."""
        domain = f"{self.api}.execute-api.{self.scope.region}.amazonaws.com"
        agents = (value for name, value in self.headers.items() if name.lower() == "user-agent")
        known: dict[str, object] = {
            "accountId": self.scope.account,
            "apiId": self.api,
            "stage": self.stage,
            "domainName": domain,
            "domainPrefix": self.api,
            "requestId": self.request_id,
            "extendedRequestId": self.extended_request_id,
            "httpMethod": self.method,
            "path": f"/{self.stage}{self.path}",
            "resourcePath": self.resource,
            "routeKey": f"{self.method} {self.resource}",
            "protocol": "HTTP/1.1",
            "requestTime": f"{self.at:%d/%b/%Y:%H:%M:%S} +0000",
            "requestTimeEpoch": epoch_seconds(self.at) * 1000 + self.at.microsecond // 1000,
            "status": self.status,
            "responseLatency": self.latency,
            "responseLength": len(self.response_body.encode()),
            "identity.sourceIp": self.source_ip,
            "identity.userAgent": next(agents, None),
            "identity.apiKey": self.api_key or None,
            "error.message": self.error,
            "error.messageString": json.dumps(self.error) if self.error else None,
            "xrayTraceId": self.trace_id,
            **self._integration(),
            **self.context,
        }
        return {name: str(value) for name, value in known.items() if value is not None}

    def _integration(self) -> dict[str, object]:
        if self.integration is None:
            return {}
        return {
            "integrationLatency": self.integration_latency,
            "integration.latency": self.integration_latency,
            "integrationStatus": self.integration_status,
            "integration.status": self.integration_status,
            "integration.requestId": self.integration_request_id,
            "awsEndpointRequestId": self.integration_request_id,
        }


def access_line(log_format: str, request: ApiRequest) -> str:
    """The user's format with the values of its variables; ``-`` where there is none."""
    variables = request.variables()
    return _VARIABLE.sub(lambda found: variables.get(found[1][1:], "-"), log_format)


def execution_lines(request: ApiRequest, level: str, *, data_trace: bool) -> list[tuple[bool, str]]:
    """The lines of the execution log.

    Args:
        request: what happened.
        level: ``INFO`` for all, ``ERROR`` for what failed.
        data_trace: headers and bodies too.

    Returns:
        The lines, each with whether it was written after the integration had answered.
    """
    failed = request.error is not None or request.status >= 500
    if level == "ERROR" and not failed:
        return []
    before = [] if level == "ERROR" else [*_admission(request), *_call(request, data_trace)]
    after = [] if level == "ERROR" else list(_answer(request, data_trace))
    after += _end(request)
    return [(late, _line(request, text))
            for late, texts in ((False, before), (True, after)) for text in texts]  # fmt: skip


def _line(request: ApiRequest, text: str) -> str:
    cut = f"{text[:_LONGEST]} [TRUNCATED]" if len(text) > _LONGEST else text
    return f"({request.request_id}) {cut}"


def _admission(request: ApiRequest) -> Iterator[str]:
    key, place = _masked(request.api_key), f"{request.api}/{request.stage}"
    yield f"Extended Request Id: {request.extended_request_id}"
    yield (f"Verifying Usage Plan for request: {request.request_id}. API Key: {key} "
           f"API Stage: {place}")  # fmt: skip
    if not key:
        method = f"'{request.method} {request.resource}'"
        yield (f"API Key  authorized because method {method} does not require API Key. "
               "Request will not contribute to throttle or quota limits")  # fmt: skip
    yield f"Usage Plan check succeeded for API Key {key} and API Stage {place}"


def _call(request: ApiRequest, data_trace: bool) -> Iterator[str]:
    yield f"Starting execution for request: {request.request_id}"
    yield f"HTTP Method: {request.method}, Resource Path: {request.path}"
    if data_trace:
        yield f"Method request path: {_map(request.path_parameters)}"
        yield f"Method request query string: {_map(request.query)}"
        yield f"Method request headers: {_map(request.headers)}"
        yield f"Method request body before transformations: {request.body}"
    if data_trace and request.integration:
        yield f"Endpoint request URI: {request.integration}"
        yield f"Endpoint request body after transformations: {request.body}"
        yield f"Sending request to {request.integration}"


def _answer(request: ApiRequest, data_trace: bool) -> Iterator[str]:
    if not data_trace:
        return
    if request.integration:
        yield (f"Received response. Status: {request.integration_status}, "
               f"Integration latency: {request.integration_latency} ms")  # fmt: skip
        yield f"Endpoint response headers: {_map(request.response_headers)}"
        yield f"Endpoint response body before transformations: {request.response_body}"
    if request.error is None:
        yield f"Method response body after transformations: {request.response_body}"
        yield f"Method response headers: {_map(request.response_headers)}"


def _end(request: ApiRequest) -> Iterator[str]:
    yield "Successfully completed execution" if request.error is None else request.error
    yield f"Method completed with status: {request.status}"
    if request.integration_request_id:
        yield f"AWS Integration Endpoint RequestId : {request.integration_request_id}"
    if request.trace_id:
        yield f"X-ray Tracing ID : {request.trace_id}"


def _map(values: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{name}={value}' for name, value in values.items())}}}"


def _masked(key: str) -> str:
    return f"{'*' * (len(key) - 6)}{key[-6:]}" if key else ""
