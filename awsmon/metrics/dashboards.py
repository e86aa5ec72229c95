"""Dashboards: one set for each account, whichever region asks.

Lives here: `Dashboard` and `Dashboards`. What a body may be is `dashboard_body.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.core.resource import Resource, aws
from awsmon.core.scope import Scope
from awsmon.metrics.errors import ResourceNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from awsmon.metrics.service import Metrics

__all__ = ["Dashboard", "Dashboards", "global_metrics"]

_HOMES = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where a partition keeps what has no region."""


def global_metrics(metrics: Metrics) -> Metrics:
    """The metrics of the place that keeps the account's dashboards."""
    scope = metrics.scope
    return metrics.elsewhere(Scope(scope.account, _HOMES.get(scope.partition, scope.region)))


@dataclass(kw_only=True, slots=True, eq=False)
class Dashboard(Resource):
    """A dashboard as ListDashboards shows it; its size in bytes."""

    aws_shape: ClassVar[str] = "cloudwatch.DashboardEntry"

    name: str = field(metadata=aws("DashboardName"))
    arn: str = field(metadata=aws("DashboardArn"))
    last_modified: datetime
    size: int
    body: str = field(repr=False, metadata=aws(None))


class Dashboards:
    """The dashboards of one account: iterable, in order of name."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._dashboards: dict[str, Dashboard] = {}

    def __iter__(self) -> Iterator[Dashboard]:
        return iter([self._dashboards[name] for name in sorted(self._dashboards)])

    def __contains__(self, name: str) -> bool:
        return name in self._dashboards

    def __getitem__(self, name: str) -> Dashboard:
        """The dashboard of that name.

        Raises:
            ResourceNotFound: there is none.
        """
        found = self._dashboards.get(name)
        if found is None:
            raise ResourceNotFound.dashboard(name)
        return found

    def put(self, name: str, body: str, tags: Mapping[str, str]) -> Dashboard:
        """Make a dashboard, or replace what is on it; tags count when it is made."""
        scope = self._metrics.scope
        arn = f"arn:{scope.partition}:cloudwatch::{scope.account}:dashboard/{name}"
        if name not in self._dashboards:
            self._metrics.tags.create(arn, tags)
        dashboard = self._dashboards[name] = Dashboard(
            name=name, arn=arn, last_modified=self._metrics.clock.now(),
            size=len(body.encode()), body=body,
        )  # fmt: skip
        return dashboard

    def delete(self, name: str) -> None:
        """It goes, with its tags."""
        self._metrics.tags.forget(self._dashboards.pop(name).arn)
