"""What Lambda's platform and its Python runtime log of an invocation, as text or as JSON.

Lives here: `Invocation`, `platform_lines` and `error_line`. Sources: Lambda Developer Guide, "Log
and monitor Python Lambda functions", "Configuring JSON and plain text log formats" and "Lambda
Telemetry API Event schema reference"; the words of errors are those of the runtime interface
client that AWS publishes.
"""

from __future__ import annotations

import json
import math
import traceback
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsmon.sources.source import in_milliseconds, in_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from types import TracebackType

__all__ = ["Invocation", "error_line", "platform_lines"]

_LIBRARY = Path(json.__file__).parents[1]
_CALLERS = tuple(
    map(str, (Path(__file__).parents[1], _LIBRARY / "asyncio", _LIBRARY / "concurrent"))
)
_NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """One run of a function.

    Attributes:
        version: of the function, as ``$LATEST``.
        instance: the execution environment, as Lambda names it in JSON.
        runtime: version and ARN of the runtime.
        began: when the handler was called.
        duration: of the handler, in milliseconds.
        init: how long the start of the environment took, in milliseconds; None: it was there.
        memory: what the function has, in megabytes.
        used: the most that was used of it.
        status: ``success``, ``error`` or ``timeout``.
        error_type: of what ended it, as ``Runtime.ExitError``.
        exit_status: with which the process ended instead of returning.
        trace: ids of X-Ray's trace and segment.
        json: the log format is JSON.
        system_level: ``WARN`` leaves out what went well; JSON only.
    """

    function: str
    version: str
    instance: str
    runtime: tuple[str, str]
    request_id: str
    began: datetime
    duration: float
    init: float | None
    memory: int
    used: int
    status: str = "success"
    error_type: str | None = None
    exit_status: int | None = None
    trace: tuple[str, str] | None = None
    json: bool = False
    system_level: str = "INFO"

    @property
    def ended(self) -> datetime:
        """When the handler had returned."""
        return self.began + timedelta(milliseconds=self.duration)

    @property
    def billed(self) -> int:
        """Milliseconds, rounded up; the start of an environment is billed since August 2025."""
        return max(1, math.ceil(self.duration + (self.init or 0)))


Line = tuple["datetime", str]


def platform_lines(run: Invocation) -> tuple[list[Line], list[Line]]:
    """What the platform writes before and after the lines of the function."""
    said = [(run.ended, text) for text in _ending(run)]
    before, after = _as_json(run) if run.json else _as_text(run)
    return before, said + after


def _ending(run: Invocation) -> Iterator[str]:
    """What is said of an end that the runtime can't tell of itself."""
    if run.status == "timeout":
        after = f"Task timed out after {run.duration / 1000:.2f} seconds"
        yield f"{in_milliseconds(run.ended)} {run.request_id} {after}\n\n"
    elif run.exit_status is not None:
        reason = f"with error: exit status {run.exit_status}" if run.exit_status else (
            "without providing a reason")  # fmt: skip
        yield f"RequestId: {run.request_id} Error: Runtime exited {reason}\nRuntime.ExitError\n"


# -- text ------------------------------------------------------------------------------------------


def _as_text(run: Invocation) -> tuple[list[Line], list[Line]]:
    before = [(run.began, f"START RequestId: {run.request_id} Version: {run.version}\n")]
    if run.init is not None:
        version, arn = run.runtime
        text = f"INIT_START Runtime Version: {version}\tRuntime Version ARN: {arn}\n"
        before.insert(0, (_init_began(run), text))
    return before, [
        (run.ended, f"END RequestId: {run.request_id}\n"),
        (run.ended, "\t".join(_report(run)) + "\n" + _traced(run)),
    ]


def _report(run: Invocation) -> Iterator[str]:
    yield f"REPORT RequestId: {run.request_id}"
    yield f"Duration: {run.duration:.2f} ms"
    yield f"Billed Duration: {run.billed} ms"
    yield f"Memory Size: {run.memory} MB"
    yield f"Max Memory Used: {run.used} MB"
    if run.init is not None:
        yield f"Init Duration: {run.init:.2f} ms"
    if run.status == "timeout":
        yield "Status: timeout"
    elif run.exit_status is not None:
        yield "Status: error"
        yield f"Error Type: {run.error_type}"
    else:
        yield ""


def _traced(run: Invocation) -> str:
    if run.trace is None:
        return ""
    return f"XRAY TraceId: {run.trace[0]}\tSegmentId: {run.trace[1]}\tSampled: true\t\n"


def _init_began(run: Invocation) -> datetime:
    return run.began - timedelta(milliseconds=run.init or 0)


# -- JSON ------------------------------------------------------------------------------------------


def _as_json(run: Invocation) -> tuple[list[Line], list[Line]]:
    before: list[Line] = []
    if run.system_level == "INFO":
        if run.init is not None:
            before.append(_event(_init_began(run), "platform.initStart", _init_start(run)))
        start = {"requestId": run.request_id, "version": run.version}
        before.append(_event(run.began, "platform.start", start))
    if run.system_level == "WARN" and run.status == "success":
        return before, []
    metrics = {
        "durationMs": round(run.duration, 3),
        "billedDurationMs": run.billed,
        "memorySizeMB": run.memory,
        "maxMemoryUsedMB": run.used,
    }
    if run.init is not None:
        metrics["initDurationMs"] = round(run.init, 3)
    record: dict[str, Any] = {"requestId": run.request_id, "metrics": metrics}
    if run.trace is not None:
        value = f"Root={run.trace[0]};Parent={run.trace[1]};Sampled=1"
        record["tracing"] = {"spanId": run.trace[1], "type": "X-Amzn-Trace-Id", "value": value}
    record["status"] = run.status
    if run.error_type is not None:
        record["errorType"] = run.error_type
    return before, [_event(run.ended, "platform.report", record)]


def _init_start(run: Invocation) -> dict[str, Any]:
    return {
        "initializationType": "on-demand",
        "phase": "init",
        "runtimeVersion": run.runtime[0],
        "runtimeVersionArn": run.runtime[1],
        "functionName": run.function,
        "functionVersion": run.version,
        "instanceId": run.instance,
        "instanceMaxMemory": run.memory << 20,
    }


def _event(at: datetime, kind: str, record: dict[str, Any]) -> Line:
    event = {"time": in_milliseconds(at), "type": kind, "record": record}
    return at, json.dumps(event, separators=(",", ":"))


# -- errors ----------------------------------------------------------------------------------------


def error_line(error: BaseException, request_id: str, at: datetime, *, json_format: bool) -> Line:
    """What the runtime logs of an error that a handler raised."""
    stack = traceback.format_list(
        [(frame.filename, frame.lineno or 0, frame.name, frame.line)
         for frame in traceback.extract_tb(_users_part(error.__traceback__))]
    )  # fmt: skip
    kind = type(error).__name__
    if json_format:
        told = {"timestamp": in_seconds(at), "level": "ERROR", "errorMessage": str(error),
                "errorType": kind, "requestId": request_id, "stackTrace": stack}  # fmt: skip
        return at, json.dumps(told, ensure_ascii=False)
    first = f"[ERROR] {kind}: {error}" if str(error) else f"[ERROR] {kind}"
    lines = [line for entry in stack for line in entry.splitlines()]
    indented = [_NO_BREAK_SPACE * (len(line) - len(line.lstrip(" "))) + line.lstrip(" ")
                for line in lines]  # fmt: skip
    return at, "\n".join([first, "Traceback (most recent call last):", *indented])


def _users_part(trace: TracebackType | None) -> TracebackType | None:
    """From the handler on: what called it is no part of a function."""
    found = trace
    while found is not None and found.tb_frame.f_code.co_filename.startswith(_CALLERS):
        found = found.tb_next
    return found
