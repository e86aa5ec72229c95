"""AWS's monitoring and audit plane inside a Python process, on a virtual clock, for tests.

    from awsmon import mock_monitoring

Everything is loaded on first use, so that importing awsmon costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsmon.alarms.service import Alarms
    from awsmon.core.clock import Clock
    from awsmon.core.deliveries import Delivery
    from awsmon.errors import (
        AwsmonError,
        CausalLoop,
        MisuseError,
        NoMockForService,
        NotImplementedByAwsmon,
    )
    from awsmon.logs.service import Logs
    from awsmon.metrics.service import Metrics
    from awsmon.mock import mock_monitoring
    from awsmon.monitoring import Monitoring

__version__ = "0.1.0"

__all__ = [
    "Alarms",
    "AwsmonError",
    "CausalLoop",
    "Clock",
    "Delivery",
    "Logs",
    "Metrics",
    "MisuseError",
    "Monitoring",
    "NoMockForService",
    "NotImplementedByAwsmon",
    "mock_monitoring",
]

_WHERE = {
    "Alarms": "awsmon.alarms.service",
    "AwsmonError": "awsmon.errors",
    "CausalLoop": "awsmon.errors",
    "Clock": "awsmon.core.clock",
    "Delivery": "awsmon.core.deliveries",
    "Logs": "awsmon.logs.service",
    "Metrics": "awsmon.metrics.service",
    "MisuseError": "awsmon.errors",
    "Monitoring": "awsmon.monitoring",
    "NoMockForService": "awsmon.errors",
    "NotImplementedByAwsmon": "awsmon.errors",
    "mock_monitoring": "awsmon.mock",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
