"""Which metrics EC2's hypervisors report, and how an instance is loaded.

Lives here: the tables, `reported` and `Load`.
Source: EC2 User Guide, "CloudWatch metrics that are available for your instances".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

__all__ = ["CHECKS", "FIVE_MINUTES", "MINUTE", "Load", "Metric", "reported"]

MINUTE, FIVE_MINUTES = 60, 300
CHECKS = {"system": "_System", "instance": "_Instance", "ebs": "_AttachedEBS"}
"""How the metric of each status check ends; there are none of volumes on Xen."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of the namespace ``AWS/EC2``.

    Attributes:
        unit: as CloudWatch has it.
        always: every instance has it; others only where a load is told: not all have volumes of
            their own, or CPU credits.
        nitro: only instances on Nitro have it.
        basic: only with basic monitoring.
        slow: each five minutes, detailed monitoring or not.
    """

    name: str
    unit: str
    always: bool = True
    nitro: bool = False
    basic: bool = False
    slow: bool = False


_METRICS = (
    Metric("CPUUtilization", "Percent"),
    Metric("NetworkIn", "Bytes"),
    Metric("NetworkOut", "Bytes"),
    Metric("NetworkPacketsIn", "Count", basic=True),
    Metric("NetworkPacketsOut", "Count", basic=True),
    Metric("MetadataNoToken", "Count"),
    Metric("MetadataNoTokenRejected", "Count"),
    Metric("DiskReadOps", "Count", always=False),
    Metric("DiskWriteOps", "Count", always=False),
    Metric("DiskReadBytes", "Bytes", always=False),
    Metric("DiskWriteBytes", "Bytes", always=False),
    Metric("EBSReadOps", "Count", nitro=True),
    Metric("EBSWriteOps", "Count", nitro=True),
    Metric("EBSReadBytes", "Bytes", nitro=True),
    Metric("EBSWriteBytes", "Bytes", nitro=True),
    Metric("EBSIOBalance%", "Percent", always=False, nitro=True, basic=True),
    Metric("EBSByteBalance%", "Percent", always=False, nitro=True, basic=True),
    Metric("CPUCreditUsage", "Count", always=False, slow=True),
    Metric("CPUCreditBalance", "Count", always=False, slow=True),
    Metric("CPUSurplusCreditBalance", "Count", always=False, slow=True),
    Metric("CPUSurplusCreditsCharged", "Count", always=False, slow=True),
)
_NAMES = {metric.name for metric in _METRICS}


def reported(hypervisor: str, detailed: bool, told: Collection[str]) -> Iterator[Metric]:
    """The metrics of an instance for which loads are told of these."""
    for metric in _METRICS:
        if (
            (metric.always or metric.name in told)
            and (hypervisor == "nitro" or not metric.nitro)
            and not (metric.basic and detailed)
        ):
            yield metric


@dataclass(frozen=True, slots=True)
class Load:
    """What an instance does, minute by minute.

    Attributes:
        told: of each metric, since when, and the values of the minutes from then on.
    """

    told: dict[str, tuple[datetime, tuple[float, ...]]] = field(default_factory=dict)

    def changed(self, now: datetime, values: Mapping[str, float | Sequence[float]]) -> Load:
        """With other values from now on.

        Raises:
            MisuseError: EC2 has no such metric, or there is no value of it.
        """
        if unknown := sorted(set(values) - _NAMES):
            raise MisuseError(
                f"load: EC2 reports no {', '.join(unknown)}. It knows {', '.join(sorted(_NAMES))}; "
                "memory, disk space and logs are for an agent on the instance to tell."
            )
        many = {name: tuple(value) if not isinstance(value, (int, float)) else (value,)
                for name, value in values.items()}  # fmt: skip
        if empty := sorted(name for name, value in many.items() if not value):
            raise MisuseError(f"load: no value of {', '.join(empty)}.")
        return Load({**self.told, **{name: (now, value) for name, value in many.items()}})

    def at(self, now: datetime) -> dict[str, float]:
        """The values of the minute that ends now."""
        found = {}
        for name, (since, values) in self.told.items():
            minute = -((since - now) // timedelta(seconds=MINUTE)) - 1
            found[name] = float(values[max(0, min(minute, len(values) - 1))])
        return found
