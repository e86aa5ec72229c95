"""What the SDK door checks for its calls, for those from Python: `check_names`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.errors import MisuseError
from awsmon.core.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["check_names"]


def check_names(unit: str, dimensions: Mapping[str, str] | None, resolution: int) -> None:
    """Refuse a unit, a resolution or dimensions that AWS wouldn't take."""
    if unit not in UNITS:
        raise MisuseError(f"unit={unit!r}: expected one of {', '.join(sorted(UNITS))}.")
    if resolution not in (1, 60):
        raise MisuseError(f"resolution={resolution!r}: expected 1 or 60 seconds.")
    for name, value in (dimensions or {}).items():
        if not (isinstance(name, str) and isinstance(value, str) and name and value):
            raise MisuseError(f"dimensions: {name!r}={value!r}: expected text that isn't empty.")
    if len(dimensions or ()) > 30:
        raise MisuseError("dimensions: at most 30.")
