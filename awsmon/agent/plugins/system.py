"""Processors, memory, swap.

Lives here: `Cpu`, `Memory`, `Swap`. Source: CloudWatch User Guide, "Metrics collected by the
CloudWatch agent".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.agent.catalogue import CPU_STATES
from awsmon.agent.plugins.plugin import Sample, psutil

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Cpu", "Memory", "Swap"]

Times = dict[str, float]


class _Still:
    """Nothing to let go."""

    def close(self) -> None:
        """It won't be asked again."""


class Cpu(_Still):
    """Of each processor and of all: shares of the time since the last measurement, and times.

    Where no tick of the processor's clock has passed since then, as between two instants of
    virtual time, the shares are those since the machine started.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._each = bool(settings.get("resources"))
        self._total = settings.get("totalcpu", True)
        self._last = self._times()

    def samples(self) -> Iterator[Sample]:
        """Of each processor, and of all."""
        now, before = self._times(), self._last
        self._last = now
        for name, times in now.items():
            dimensions = {"cpu": name}
            for state, share in _shares(times, before.get(name, {})).items():
                yield Sample(f"usage_{state}", share, dimensions)
            for state in CPU_STATES:
                yield Sample(f"time_{state}", round(times[state] * 100, 2), dimensions)

    def _times(self) -> dict[str, Times]:
        found = {}
        if self._each:
            for number, times in enumerate(psutil().cpu_times(percpu=True)):
                found[f"cpu{number}"] = _told(times)
        if self._total:
            found["cpu-total"] = _told(psutil().cpu_times())
        return found


def _told(times: Any) -> Times:
    """All states, those of guests apart from those in which they are counted once more."""
    found = {state: float(getattr(times, state, 0.0)) for state in CPU_STATES}
    found["user"] -= found["guest"]
    found["nice"] -= found["guest_nice"]
    found["active"] = sum(
        value for state, value in found.items() if state not in ("active", "idle")
    )
    return found


def _shares(now: Times, before: Times) -> Times:
    passed = {state: now[state] - before.get(state, 0.0) for state in now}
    total = passed["active"] + passed["idle"]
    if total <= 0:
        passed, total = now, now["active"] + now["idle"]
    return {state: 100 * max(passed[state], 0.0) / total if total else 0.0 for state in now}


class Memory(_Still):
    """What is used, and what isn't."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        del settings

    def samples(self) -> Iterator[Sample]:
        """As the system tells it; what it doesn't know is left out."""
        found = psutil().virtual_memory()
        for name in ("active", "available", "buffers", "cached", "free", "inactive", "total",
                     "used"):  # fmt: skip
            if hasattr(found, name):
                yield Sample("buffered" if name == "buffers" else name, getattr(found, name))
        yield Sample("available_percent", 100 * found.available / found.total)
        yield Sample("used_percent", 100 * found.used / found.total)


class Swap(_Still):
    """Swap space."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        del settings

    def samples(self) -> Iterator[Sample]:
        """Of all together."""
        found = psutil().swap_memory()
        yield Sample("free", found.free)
        yield Sample("used", found.used)
        yield Sample("used_percent", found.percent)
