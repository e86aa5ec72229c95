"""What every plugin is.

Lives here: `Source`, `Sample`, `Differences`, and psutil, imported when it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

__all__ = ["Differences", "Sample", "Source", "psutil"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing that was measured.

    Attributes:
        measurement: as ``usage_idle``.
        value: a number, or several with how often there was each.
        dimensions: of the plugin.
    """

    measurement: str
    value: float | Mapping[float, float]
    dimensions: Mapping[str, str] = field(default_factory=dict)


class Source(Protocol):
    """Something that can be measured again and again."""

    def samples(self) -> Iterable[Sample]:
        """What there is now, or what came since the last time."""

    def close(self) -> None:
        """It won't be asked again."""


class Differences:
    """Counters, told as what came since the last time."""

    def __init__(self) -> None:
        self._last: dict[Hashable, float] = {}

    def since(self, key: Hashable, value: float) -> float:
        """What a counter has grown by; one that began anew has grown by what it is."""
        before = self._last.get(key, value)
        self._last[key] = value
        return value - before if value >= before else value


def psutil() -> Any:
    """The library that looks at the machine.

    Raises:
        MisuseError: the extra isn't installed.
    """
    try:
        import psutil
    except ImportError:
        raise MisuseError(
            "To measure this machine the agent needs psutil: pip install 'awsmon[agent]'."
        ) from None
    return psutil
