"""The functions of metric math, a module for each idea; `registry.overload` finds one.

Each module declares its own when it is imported.
"""

from awsmon.lang.metric_math.functions import (  # noqa: F401
    aggregates,
    arrays,
    conditions,
    outside,
    pointwise,
)
