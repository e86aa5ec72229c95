"""How much a scaling policy changes a capacity: by steps, or towards a target.

Lives here: `adjusted` and `tracked`. Source: Application Auto Scaling User Guide, "Step scaling
policies", "Target tracking scaling policies"; how target tracking calculates isn't documented: in
proportion here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["adjusted", "tracked"]


def adjusted(step: Mapping[str, Any], before: int, beyond: float) -> int:
    """The capacity by the step whose interval holds how far beyond the threshold the metric is."""
    found = next((each for each in step["StepAdjustments"] if _holds(each, beyond)), None)
    if found is None:
        return before
    amount = found["ScalingAdjustment"]
    if step["AdjustmentType"] == "ExactCapacity":
        return int(amount)
    if step["AdjustmentType"] == "ChangeInCapacity":
        return before + int(amount)
    return before + _share(before * amount / 100, step.get("MinAdjustmentMagnitude", 1))


def _holds(step: Mapping[str, Any], beyond: float) -> bool:
    """Above the threshold an interval has its lower end, below it its upper one."""
    low: float = step.get("MetricIntervalLowerBound", -math.inf)
    high: float = step.get("MetricIntervalUpperBound", math.inf)
    return low <= beyond < high if beyond >= 0 else low < beyond <= high


def _share(change: float, least: int) -> int:
    """Towards zero, and at the least so much."""
    if not change:
        return 0
    return int(math.copysign(max(int(abs(change)), least, 1), change))


def tracked(tracking: Mapping[str, Any], before: int, value: float, target: float) -> int:
    """The capacity at which the metric would be at its target, rounded up."""
    wanted = math.ceil(before * value / target) if target else before
    return before if wanted < before and tracking.get("DisableScaleIn") else wanted
