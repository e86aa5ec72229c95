"""What one service may ask of another, as Protocols.

Lives here: the Protocols, and the plain values that pass through them. A neighbour fits by
structure; `awsmon/services.py` hands it over, so that no service imports another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from awsmon.core.scope import Scope

__all__ = ["Bucket", "Linked", "MetricKey", "MetricReader", "ObservedAccounts"]


@dataclass(frozen=True, slots=True)
class MetricKey:
    """What a metric is known by: namespace, name and the exact set of dimensions.

    Attributes:
        dimensions: pairs of name and value, in order of name.
    """

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls, namespace: str, name: str, dimensions: Mapping[str, str] | None = None
    ) -> MetricKey:
        """From Python types; the order of the dimensions plays no part."""
        return cls(namespace, name, tuple(sorted((dimensions or {}).items())))

    def __str__(self) -> str:
        dims = ", ".join(f"{name}={value}" for name, value in self.dimensions)
        return f"{self.namespace}/{self.name}" + (f"{{{dims}}}" if dims else "")


class Bucket(NamedTuple):
    """One period of one metric.

    Attributes:
        start: seconds since the epoch.
        samples: how many values went in.
        value: the statistic that was asked for.
    """

    start: int
    samples: float
    value: float


class MetricReader(Protocol):
    """What Alarms asks of Metrics. Instants are whole seconds since the epoch."""

    def window(
        self, metric: MetricKey, *, end: int, period: int, count: int, statistic: str,
        unit: str | None,
    ) -> list[Bucket | None]:  # fmt: skip
        """The *count* periods that end at *end*, oldest first; None where there is no point."""

    def extended(self, statistic: str) -> bool:
        """Whether there is an extended statistic of that name, as ``p99`` or ``TM(10%:90%)``."""

    def first_point(self, metric: MetricKey, *, since: int, unit: str | None) -> int | None:
        """The bucket of the earliest stored point at or after *since*."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A source account that shares resources of one type with a monitoring account.

    Attributes:
        scope: where they are.
        label: the source account's, as the monitoring account shows it.
        link: its ARN.
        passes: whether a resource is shared, by its log group's name or its metric's namespace.
    """

    scope: Scope
    label: str
    link: str
    passes: Callable[[str], bool]


class ObservedAccounts(Protocol):
    """What Logs and Metrics ask of cross-account observability, each of its own place."""

    def sources(self, resource_type: str) -> Sequence[Linked]:
        """The accounts that share resources of a type, as ``AWS::Logs::LogGroup``, with this one.

        In order of account; none where this is no monitoring account.
        """
