"""API Gateway: access logs and execution logs of requests.

Lives here: `Apis`, `Stage`. What the lines say is `api_lines.py`'s.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.core.errors import MisuseError
from awsmon.core.service import direct
from awsmon.sources.api_lines import ApiRequest, access_line, execution_lines
from awsmon.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope
    from awsmon.sources.source import LogWriter

__all__ = ["Apis", "Stage"]

_LEVELS = (None, "ERROR", "INFO")


@dataclass(slots=True, eq=False)
class Stage:
    """How a stage of an API logs.

    Attributes:
        access_stream, execution_stream: where its lines go.
    """

    access_group: str | None
    access_format: str
    execution_level: str | None
    data_trace: bool
    access_stream: str
    execution_stream: str


class Apis(Source):
    """APIs of API Gateway; those of the kind HTTP have access logs only."""

    def __init__(self, backend: Backend, scope: Scope, logs: LogWriter) -> None:
        super().__init__(backend, scope, logs)
        self._stages: dict[tuple[str, str], Stage] = {}

    @direct
    def stage(
        self,
        api: str,
        stage: str,
        *,
        access_group: str | None = None,
        access_format: str = "",
        execution_level: str | None = None,
        data_trace: bool = False,
    ) -> None:
        """Say how a stage logs, in place of what was said before.

        Args:
            api: its id.
            stage: the name of the stage.
            access_group: the log group of its access log; None: it has none.
            access_format: of a line of it, with variables as ``$context.status``.
            execution_level: ``INFO``, ``ERROR``, or None: it has no execution log. That is in
                ``API-Gateway-Execution-Logs_{api}/{stage}``.
            data_trace: headers and bodies stand in the execution log.

        Raises:
            MisuseError: the format lacks ``$context.requestId`` or ``$context.extendedRequestId``,
                of which AWS wants one, or has several lines; or there is no such level.
        """
        ids = ("$context.requestId", "$context.extendedRequestId")
        if access_group and ("\n" in access_format or not any(x in access_format for x in ids)):
            raise MisuseError(
                f"access_format={access_format!r}: one line that holds {' or '.join(ids)}."
            )
        if execution_level not in _LEVELS:
            raise MisuseError(f"execution_level={execution_level!r}: 'INFO', 'ERROR' or None.")
        self._stages[api, stage] = Stage(
            access_group, access_format, execution_level, data_trace,
            access_stream=self.ids.hex(32), execution_stream=self.ids.hex(32),
        )  # fmt: skip

    @direct
    def request(
        self,
        api: str,
        stage: str,
        method: str,
        path: str,
        *,
        status: int = 200,
        resource: str | None = None,
        path_parameters: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: str = "",
        integration: str | None = None,
        integration_status: int = 200,
        integration_latency_ms: int = 0,
        integration_request_id: str | None = None,
        response_headers: Mapping[str, str] | None = None,
        response_body: str = "",
        latency_ms: int | None = None,
        source_ip: str = "127.0.0.1",
        api_key: str = "",
        error: str | None = None,
        trace_id: str | None = None,
        context: Mapping[str, object] | None = None,
        at: datetime | str | None = None,
    ) -> str:
        """A request to an API, and its answer.

        Args:
            api: its id.
            stage: the name of the stage.
            method: as ``GET``.
            path: without the stage, as ``/pets/7``.
            status: of the answer.
            resource: of the API, as ``/pets/{pet}``; None: the path.
            path_parameters: as ``{"pet": "7"}``.
            query: the parameters of the query string.
            headers: of the request.
            body: of the request.
            integration: the URI that it was passed on to; None: API Gateway answered by itself.
            integration_status: what that answered.
            integration_latency_ms: how long that took.
            integration_request_id: by which the integration knows it; None: another id.
            response_headers: of the answer.
            response_body: of the answer.
            latency_ms: of the whole; None: that of the integration.
            source_ip: who asked.
            api_key: which the method requires.
            error: the sentence by which API Gateway tells why it failed.
            trace_id: of X-Ray.
            context: further variables, by their names after ``$context.``, as
                ``{"authorizer.principalId": "u1"}``; they win over what follows from the above.
            at: aware; when it came. None: so that it is answered now.

        Returns:
            The id of the request.

        Raises:
            MisuseError: nobody said how the stage logs.
        """
        if (api, stage) not in self._stages:
            raise MisuseError(f"Say first how it logs: apis.stage({api!r}, {stage!r}, ...).")
        latency = integration_latency_ms if latency_ms is None else latency_ms
        came = self.instant(at) - timedelta(milliseconds=latency if at is None else 0)
        if integration and integration_request_id is None:
            integration_request_id = self.ids.uuid()
        asked = ApiRequest(
            api=api, stage=stage, scope=self.scope, at=came, request_id=self.ids.uuid(),
            extended_request_id=self._extended_request_id(),
            method=method, path=path, resource=resource or path, status=status,
            path_parameters=path_parameters or {}, query=query or {}, headers=headers or {},
            body=body, integration=integration, integration_status=integration_status,
            integration_latency=integration_latency_ms,
            integration_request_id=integration_request_id,
            response_headers=response_headers or {}, response_body=response_body, latency=latency,
            source_ip=source_ip, api_key=api_key, error=error, trace_id=trace_id,
            context=context or {},
        )  # fmt: skip
        self._write(self._stages[api, stage], asked)
        return asked.request_id

    def _write(self, stage: Stage, asked: ApiRequest) -> None:
        done = asked.at + timedelta(milliseconds=asked.latency)
        if stage.execution_level:
            lines = execution_lines(asked, stage.execution_level, data_trace=stage.data_trace)
            if lines:
                group = f"API-Gateway-Execution-Logs_{asked.api}/{asked.stage}"
                times = [(done if late else asked.at, text) for late, text in lines]
                self.logs.put(group, stage.execution_stream, times)
        if stage.access_group:
            line = access_line(stage.access_format, asked)
            self.logs.put(stage.access_group, stage.access_stream, [(done, line)])

    def _extended_request_id(self) -> str:
        """As ``Vwc2MGFUrPEFV_g=``."""
        return base64.urlsafe_b64encode(bytes.fromhex(self.ids.hex(22))).decode()
