"""Lambda: the log of each invocation, described or observed.

Lives here: `Functions`, `LambdaFunction`. What is logged in which words is `lambda_lines.py`'s; how
prints are heard `capture.py`'s; what Lambda Insights tells `lambda_insights.py`'s. Source: Lambda
Developer Guide, "Sending Lambda function logs to CloudWatch Logs".
"""

from __future__ import annotations

import dataclasses
import json
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.deliveries import Refused
from awsmon.core.errors import MisuseError, NotImplementedByAwsmon
from awsmon.core.service import direct
from awsmon.sources import lambda_insights
from awsmon.sources.capture import LEVELS, Capture, captured
from awsmon.sources.lambda_insights import Meter, Usage
from awsmon.sources.lambda_lines import Invocation, error_line, platform_lines
from awsmon.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope
    from awsmon.core.targets import FunctionContext
    from awsmon.sources.source import LogWriter

__all__ = ["Functions", "LambdaFunction"]

_MILLISECOND = timedelta(milliseconds=1)
_DEFAULT_TIMEOUT_S = 3


@dataclass(slots=True, kw_only=True, eq=False)
class LambdaFunction:
    """How a function is configured; `Functions.describe` tells the attributes.

    Attributes:
        idle: the execution environments that wait for an invocation, by version.
    """

    name: str
    memory_mb: int = 128
    timeout_s: float | None = None
    log_format: str = "Text"
    log_group: str | None = None
    application_log_level: str = "INFO"
    system_log_level: str = "INFO"
    runtime: str = "python3.13"
    init_duration_ms: float = 0
    max_memory_used_mb: int = 32
    layers: tuple[str, ...] = ()
    idle: dict[str, list[str]] = field(default_factory=dict)

    @property
    def insights(self) -> bool:
        """Whether Lambda Insights tells of it."""
        return lambda_insights.listed(self.layers)

    @property
    def group(self) -> str:
        """Where its lines go."""
        return self.log_group or f"/aws/lambda/{self.name}"

    @property
    def json(self) -> bool:
        """Whether it logs JSON."""
        return self.log_format == "JSON"

    def stream(self, instance: str) -> str:
        """Of an execution environment; a group that functions may share has their names in it."""
        if self.log_group:
            return instance
        day, _, rest = instance.rpartition(f"/{self.name}[")
        return f"{day}/[{rest}"

    def timed_out(self, duration_ms: float) -> bool:
        """Whether that was too long."""
        return self.timeout_s is not None and duration_ms > self.timeout_s * 1000


class Functions(Source):
    """Lambda functions: those that somebody has described, or invoked."""

    def __init__(self, backend: Backend, scope: Scope, logs: LogWriter) -> None:
        super().__init__(backend, scope, logs)
        self._functions: dict[str, LambdaFunction] = {}
        self._runtimes: dict[str, tuple[str, str]] = {}

    @direct
    def describe(
        self,
        name: str,
        *,
        memory_mb: int = 128,
        timeout_s: float | None = None,
        log_format: str = "Text",
        log_group: str | None = None,
        application_log_level: str = "INFO",
        system_log_level: str = "INFO",
        runtime: str = "python3.13",
        init_duration_ms: float = 0,
        max_memory_used_mb: int = 32,
        layers: Sequence[str] | None = None,
    ) -> None:
        """Say how a function is configured; its next invocation is a cold start.

        Args:
            name: of the function.
            memory_mb: what it has.
            timeout_s: a bound callable that took longer on the virtual clock has failed. None:
                it may take as long as it likes, since nobody said otherwise.
            log_format: ``Text`` or ``JSON``.
            log_group: another than ``/aws/lambda/<name>``.
            application_log_level: of the function's log records, JSON only: ``TRACE``, ``DEBUG``,
                ``INFO``, ``WARN``, ``ERROR``, ``FATAL``.
            system_log_level: of the platform's events, JSON only: ``INFO`` or ``WARN``.
            runtime: as ``python3.13``.
            init_duration_ms: how long a cold start takes.
            max_memory_used_mb: what an invocation uses, since a test's own memory says nothing.
            layers: ARNs; with ``LambdaInsightsExtension`` among them there are performance events.
                None: those that it has.

        Raises:
            MisuseError: there is no such format or level.
            NotImplementedByAwsmon: the system log level is DEBUG.
        """
        if system_log_level == "DEBUG":
            raise NotImplementedByAwsmon("lambda.LoggingConfig: SystemLogLevel DEBUG")
        allowed = ((log_format, ("Text", "JSON")), (application_log_level, tuple(LEVELS)),
                   (system_log_level, ("INFO", "WARN")))  # fmt: skip
        for given, values in allowed:
            if given not in values:
                raise MisuseError(f"describe({name!r}, ...): {given!r} is none of {values}.")
        if layers is None:
            layers = self._function(name).layers
        self._functions[name] = LambdaFunction(
            name=name, memory_mb=memory_mb, timeout_s=timeout_s, log_format=log_format,
            log_group=log_group, application_log_level=application_log_level,
            system_log_level=system_log_level, runtime=runtime, init_duration_ms=init_duration_ms,
            max_memory_used_mb=max_memory_used_mb, layers=tuple(layers),
        )  # fmt: skip

    @direct
    def attach(self, name: str, layers: Sequence[str]) -> None:
        """Give a function other layers; they count from its next cold start."""
        known = self._function(name)
        known.layers = tuple(layers)
        known.idle.clear()

    def insights_dashboard(self, *names: str) -> dict[str, Any]:
        """The body of a dashboard of functions' Lambda Insights, as PutDashboard takes it."""
        return lambda_insights.dashboard(self.scope.region, names)

    @direct
    def invocation(
        self,
        function: str,
        lines: Iterable[Any] = (),
        *,
        duration_ms: float,
        init_duration_ms: float | None = None,
        max_memory_used_mb: int | None = None,
        error: BaseException | None = None,
        timed_out: bool = False,
        version: str = "$LATEST",
        request_id: str | None = None,
        trace_id: str | None = None,
        cpu_ms: float = 0,
        rx_bytes: int = 0,
        tx_bytes: int = 0,
        at: datetime | str | None = None,
    ) -> str:
        """An invocation of a function that nobody has bound.

        Args:
            function: its name.
            lines: what it printed: text, or pairs of an instant and text; text was printed at
                the beginning.
            duration_ms: how long the handler ran.
            init_duration_ms: it was a cold start that took so long. None: it used an execution
                environment that was there, or started one as the function is described.
            max_memory_used_mb: None: as the function is described.
            error: that the handler raised.
            timed_out: it was ended after *duration_ms*; so it is too where that is longer than
                the timeout that the function is described with.
            version: of the function.
            request_id: None: another one.
            trace_id: of X-Ray, as ``1-5759e988-bd862e3fe1be46a994272793``.
            cpu_ms: cpu time that it took; Lambda Insights alone tells it, as the next two.
            rx_bytes: that came over the network.
            tx_bytes: that went.
            at: aware; when the handler was called. None: so that it ended now.

        Returns:
            The request id.

        Raises:
            MisuseError: the duration is negative.
        """
        if duration_ms < 0:
            raise MisuseError(f"duration_ms={duration_ms!r}: expected milliseconds.")
        known = self._function(function)
        timed_out = timed_out or known.timed_out(duration_ms)
        if known.timed_out(duration_ms):
            duration_ms = (known.timeout_s or 0) * 1000
        took = timedelta(milliseconds=duration_ms)
        began = self.clock.now() - took if at is None else self.instant(at)
        said = [(when, f"{text}\n") for when, text in self.timed(lines, began)]
        run = self._begin(known, version, request_id or self.ids.uuid(), began, init_duration_ms)
        run = dataclasses.replace(
            run, duration=duration_ms, used=max_memory_used_mb or run.used,
            trace=(trace_id, self.ids.hex(16)) if trace_id else None,
        )  # fmt: skip
        self._finish(known, run, said, error, timed_out,
                     Usage(user_ms=cpu_ms, rx=rx_bytes, tx=tx_bytes))  # fmt: skip
        return run.request_id

    @contextmanager
    def running(self, context: FunctionContext) -> Iterator[FunctionContext]:
        """Around a bound callable's call: what it prints, and how it ends, is logged.

        Raises:
            TimeoutError: it took longer than the function's timeout.
        """
        _, _, qualified = Arn.parse(context.invoked_function_arn).resource.partition(":")
        name, _, qualifier = qualified.partition(":")
        version = qualifier if qualifier.isdigit() else "$LATEST"
        layers = self._layers_elsewhere(name, version)
        with self.door:
            known = self._function(name)
            if layers is not None:
                known.layers = layers
            run = self._begin(known, version, context.aws_request_id, self.clock.now(), None)
        level = known.application_log_level if known.json else None
        capture = Capture(run.request_id, self.clock.now, level)
        failure: BaseException | None = None
        meter = Meter()
        try:
            with captured(capture), meter if known.insights else nullcontext():
                yield self._context(context, known, run)
        except BaseException as error:
            failure = error
            raise
        finally:
            taken = (self.clock.now() - run.began) / _MILLISECOND
            timed_out = known.timed_out(taken)
            limit = (known.timeout_s or 0) * 1000
            with self.door:
                run = dataclasses.replace(
                    run, duration=limit if timed_out else taken,
                    used=run.used + min(meter.usage.memory_mb, max(0, run.memory - run.used)),
                )  # fmt: skip
                self._finish(known, run, capture.lines(), failure, timed_out, meter.usage)
        if timed_out:
            raise TimeoutError(f"RequestId: {run.request_id} Error: Task timed out after "
                               f"{limit / 1000:.2f} seconds")  # fmt: skip

    # -- the parts of an invocation ----------------------------------------------------------------

    def _function(self, name: str) -> LambdaFunction:
        return self._functions.setdefault(name, LambdaFunction(name=name))

    def _layers_elsewhere(self, name: str, version: str) -> tuple[str, ...] | None:
        """At a cold start, the layers of the other mock's function; None: it tells of none."""
        mock = self._backend.other_mock
        known = self._functions.get(name)
        if not mock.holds("lambda") or (known is not None and known.idle.get(version)):
            return None
        try:
            found = mock.call("lambda", "GetFunctionConfiguration", {"FunctionName": name},
                              scope=self.scope, invoked_by="sources")  # fmt: skip
        except Refused:  # it isn't there
            return None
        return tuple(layer["Arn"] for layer in found.get("Layers", ())) or None

    def _context(
        self, context: FunctionContext, known: LambdaFunction, run: Invocation
    ) -> FunctionContext:
        """The second argument of the handler, as the function is described."""

        def remaining() -> int:
            took = (self.clock.now() - run.began) / _MILLISECOND
            return max(0, int((known.timeout_s or _DEFAULT_TIMEOUT_S) * 1000 - took))

        return dataclasses.replace(
            context,
            memory_limit_in_mb=known.memory_mb,
            function_version=run.version,
            log_group_name=known.group,
            log_stream_name=known.stream(run.instance),
            remaining_ms=remaining,
        )

    def _begin(
        self, known: LambdaFunction, version: str, request_id: str, began: datetime,
        init_ms: float | None,
    ) -> Invocation:  # fmt: skip
        """Take an idle execution environment, or start one."""
        idle = known.idle.setdefault(version, [])
        if init_ms is None and not idle:
            init_ms = known.init_duration_ms
        if init_ms is None:
            instance = idle.pop()
        else:
            instance = f"{began:%Y/%m/%d}/{known.name}[{version}]{self.ids.hex(32)}"
        return Invocation(
            function=known.name, version=version, instance=instance,
            runtime=self._runtime(known.runtime), request_id=request_id, began=began, duration=0,
            init=init_ms, memory=known.memory_mb, used=known.max_memory_used_mb, json=known.json,
            system_level=known.system_log_level,
        )  # fmt: skip

    def _runtime(self, name: str) -> tuple[str, str]:
        """Version and ARN of a runtime."""
        if name not in self._runtimes:
            language = name.rstrip("0123456789.")
            number = name[len(language) :]
            arn = (
                f"arn:{self.scope.partition}:lambda:{self.scope.region}::runtime:{self.ids.hex(64)}"
            )
            version = self.ids.random.randint(1, 99)
            self._runtimes[name] = f"{language}:{number}.v{version}", arn
        return self._runtimes[name]

    def _finish(
        self, known: LambdaFunction, run: Invocation, said: list[tuple[datetime, str]],
        failure: BaseException | None, timed_out: bool, usage: Usage,
    ) -> None:  # fmt: skip
        """Write all, and let the environment wait for the next invocation if it lives on."""
        if timed_out:
            run = dataclasses.replace(run, status="timeout")
            said = [(when, text) for when, text in said if when <= run.ended]
        elif isinstance(failure, Exception):
            kind = type(failure).__name__
            run = dataclasses.replace(run, status="error", error_type=kind)
            said.append(error_line(failure, run.request_id, run.ended, json_format=run.json))
        elif failure is not None:
            run = dataclasses.replace(run, status="error", error_type="Runtime.ExitError",
                                      exit_status=_exit_status(failure))  # fmt: skip
        before, after = platform_lines(run)
        if not timed_out and run.exit_status is None:
            known.idle[run.version].append(run.instance)
        self.logs.put(known.group, known.stream(run.instance), [*before, *said, *after])
        if known.insights:
            told = lambda_insights.performance(run, usage, known.timeout_s)
            self.logs.put(lambda_insights.GROUP, known.name, [(run.ended, json.dumps(told))])


def _exit_status(failure: BaseException) -> int:
    """With which Python would have exited."""
    code = failure.code if isinstance(failure, SystemExit) else 1
    return code if isinstance(code, int) else 0 if code is None else 1
