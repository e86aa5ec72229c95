"""AWS's standard units of metrics.

Lives here: `UNITS`. Source: botocore's model of CloudWatch, StandardUnit.
"""

from __future__ import annotations

__all__ = ["UNITS"]

UNITS = frozenset(
    {"Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None"}
    | {
        f"{(size + kind).capitalize()}{per}"
        for size in ("", "Kilo", "Mega", "Giga", "Tera")
        for kind in ("bytes", "bits")
        for per in ("", "/Second")
    }
)
