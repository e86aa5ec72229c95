"""Lambda Insights: what an invocation used, as the extension tells it in a performance log event.

Lives here: `listed`, whether a function's layers have the extension; `Meter`, which measures a
bound callable's call; `performance` and `dashboard`. Cpu time is that of the thread that calls, as
the operating system counts it; memory is what Python allocated meanwhile, beyond what the function
is described with. Nothing is sent over a network. What is measured differs from run to run, by its
nature. Source: User Guide, "Metrics collected by Lambda Insights". The name of the log stream isn't
documented.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsmon.sources.lambda_lines import Invocation

__all__ = ["GROUP", "Meter", "Usage", "dashboard", "listed", "performance"]

GROUP, NAMESPACE = "/aws/lambda-insights", "LambdaInsights"
METRICS = {
    "memory_utilization": "Percent", "total_memory": "Megabytes", "used_memory_max": "Megabytes",
    "cpu_total_time": "Milliseconds", "tx_bytes": "Bytes", "rx_bytes": "Bytes",
    "total_network": "Bytes", "init_duration": "Milliseconds",
}  # fmt: skip
_LAYER = ":layer:LambdaInsightsExtension"  # of x86; Arm's has a suffix
_MEGABYTE = 1024 * 1024
_DEFAULT_TIMEOUT_S = 3


def listed(layers: Iterable[str]) -> bool:
    """Whether the extension is among layers, given by their ARNs or by its bare name."""
    return any(_LAYER in layer or layer.startswith("LambdaInsightsExtension") for layer in layers)


class Usage(NamedTuple):
    """What an invocation used.

    Attributes:
        user_ms: cpu time of the function, and `system_ms` that of the kernel for it.
        memory_mb: beyond what the function is described with.
        rx: bytes that came over the network, and `tx` that went.
    """

    user_ms: float = 0.0
    system_ms: float = 0.0
    memory_mb: int = 0
    rx: int = 0
    tx: int = 0


class Meter:
    """Measures what is done between its entering and leaving, by one thread.

    Attributes:
        usage: what was measured, once it is left.
    """

    _lock = threading.Lock()
    _running = 0
    _ours = False

    def __init__(self) -> None:
        self.usage = Usage()

    def __enter__(self) -> Meter:
        import tracemalloc  # when a function has the layer

        with Meter._lock:
            Meter._running += 1
            if Meter._running == 1:
                Meter._ours = not tracemalloc.is_tracing()
                if Meter._ours:
                    tracemalloc.start()
                tracemalloc.reset_peak()
            self._allocated = tracemalloc.get_traced_memory()[0]
        self._cpu = _cpu()
        return self

    def __exit__(self, *_: object) -> None:
        import tracemalloc

        user, system = (now - then for now, then in zip(_cpu(), self._cpu, strict=True))
        with Meter._lock:
            peak = tracemalloc.get_traced_memory()[1]
            Meter._running -= 1
            if Meter._running == 0 and Meter._ours:
                tracemalloc.stop()
        memory = max(0, peak - self._allocated) // _MEGABYTE
        self.usage = Usage(user * 1000, system * 1000, memory)


def _cpu() -> tuple[float, float]:
    """Seconds of this thread: its own and the kernel's."""
    try:
        import resource
    except ImportError:  # Windows
        return time.thread_time(), 0.0
    found = resource.getrusage(getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF))
    return found.ru_utime, found.ru_stime


def performance(run: Invocation, usage: Usage, timeout_s: float | None) -> dict[str, Any]:
    """The event of an invocation, in embedded metric format."""
    user, system = round(usage.user_ms), round(usage.system_ms)
    return {
        "_aws": {
            "Timestamp": int(run.ended.timestamp() * 1000),
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [["function_name"], ["function_name", "version"]],
                "Metrics": [{"Name": name, "Unit": unit} for name, unit in METRICS.items()],
            }],
            "LambdaInsights": {"ShareTelemetry": True},
        },
        "event_type": "performance", "function_name": run.function, "version": run.version,
        "request_id": run.request_id, **({"trace_id": run.trace[0]} if run.trace else {}),
        "duration": round(run.duration), "billed_duration": run.billed,
        "billed_mb_ms": run.billed * run.memory,
        **({"cold_start": True, "init_duration": round(run.init)} if run.init is not None else {}),
        "used_memory_max": run.used, "total_memory": run.memory,
        "memory_utilization": run.used * 100 // run.memory,
        "cpu_user_time": user, "cpu_system_time": system, "cpu_total_time": user + system,
        "tx_bytes": usage.tx, "rx_bytes": usage.rx, "total_network": usage.rx + usage.tx,
        "timeout": timeout_s or _DEFAULT_TIMEOUT_S,
        **({"shutdown_reason": "Timeout"} if run.status == "timeout" else {}),
    }  # fmt: skip


def dashboard(region: str, functions: Sequence[str]) -> dict[str, Any]:
    """The body of a dashboard of functions' metrics, as PutDashboard takes it."""
    charts = [
        ("Memory utilization", "memory_utilization", "Maximum"),
        ("CPU time", "cpu_total_time", "Maximum"),
        ("Network", "total_network", "Sum"),
        ("Cold starts", "init_duration", "SampleCount"),
    ]
    return {
        "widgets": [
            {
                "type": "metric", "x": place % 2 * 12, "y": place // 2 * 6, "width": 12,
                "height": 6,
                "properties": {
                    "title": title, "region": region, "view": "timeSeries", "stat": stat,
                    "period": 60, "metrics": [[NAMESPACE, name, "function_name", function]
                                              for function in functions],
                },
            }
            for place, (title, name, stat) in enumerate(charts)
        ]
    }  # fmt: skip
