"""The services of one account and region, each made when first asked for.

Lives here: `Services`, which hands each service the neighbours it may ask (`core/neighbours.py`).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from awsmon.alarms.service import Alarms
    from awsmon.application_insights.service import ApplicationInsights
    from awsmon.athena.service import Athena
    from awsmon.config_recorder.service import ConfigRecorder
    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope
    from awsmon.event_bus.service import EventBus
    from awsmon.logs.service import Logs
    from awsmon.metrics.service import Metrics
    from awsmon.oam.service import Oam
    from awsmon.observabilityadmin.service import ObservabilityAdmin
    from awsmon.pipes.service import Pipes
    from awsmon.scheduler.service import Scheduler
    from awsmon.schemas.service import Schemas
    from awsmon.sources.service import Sources
    from awsmon.tagging.service import Tagging
    from awsmon.trail.service import Trail

__all__ = ["Services"]


class Services:
    """The services of one scope; an attribute is named after its package."""

    def __init__(self, backend: Backend, scope: Scope) -> None:
        self._backend = backend
        self._scope = scope

    @cached_property
    def metrics(self) -> Metrics:
        """CloudWatch, without what says Alarm."""
        from awsmon.metrics.service import Metrics

        return Metrics(self._backend, self._scope, observed=self.oam)

    @cached_property
    def tagging(self) -> Tagging:
        """The Resource Groups Tagging API."""
        from awsmon.tagging.service import Tagging

        return Tagging(self._backend, self._scope)

    @cached_property
    def logs(self) -> Logs:
        """CloudWatch Logs."""
        from awsmon.logs.service import Logs

        return Logs(self._backend, self._scope, observed=self.oam, stores=self.trail)

    @cached_property
    def event_bus(self) -> EventBus:
        """EventBridge."""
        from awsmon.event_bus.service import EventBus

        return EventBus(self._backend, self._scope)

    @cached_property
    def schemas(self) -> Schemas:
        """EventBridge's schema registry."""
        from awsmon.schemas.service import Schemas

        return Schemas(self._backend, self._scope)

    @cached_property
    def pipes(self) -> Pipes:
        """EventBridge Pipes."""
        from awsmon.pipes.service import Pipes

        return Pipes(self._backend, self._scope, callers=self.event_bus.destinations)

    @cached_property
    def trail(self) -> Trail:
        """CloudTrail."""
        from awsmon.trail.service import Trail

        return Trail(self._backend, self._scope)

    @cached_property
    def config_recorder(self) -> ConfigRecorder:
        """AWS Config."""
        from awsmon.config_recorder.service import ConfigRecorder
        from awsmon.metrics.reader import Reader

        return ConfigRecorder(self._backend, self._scope, metrics=Reader(self.metrics))

    @cached_property
    def athena(self) -> Athena:
        """Athena, for what CloudTrail and AWS Config delivered."""
        from awsmon.athena.service import Athena

        return Athena(self._backend, self._scope, trail=self.trail, config=self.config_recorder)

    @cached_property
    def scheduler(self) -> Scheduler:
        """EventBridge Scheduler."""
        from awsmon.scheduler.service import Scheduler

        return Scheduler(self._backend, self._scope)

    @cached_property
    def oam(self) -> Oam:
        """CloudWatch cross-account observability: sinks and links."""
        from awsmon.oam.service import Oam

        return Oam(self._backend, self._scope)

    @cached_property
    def observabilityadmin(self) -> ObservabilityAdmin:
        """CloudWatch Observability Admin."""
        from awsmon.observabilityadmin.service import ObservabilityAdmin

        return ObservabilityAdmin(self._backend, self._scope)

    @cached_property
    def alarms(self) -> Alarms:
        """CloudWatch's alarms."""
        from awsmon.alarms.service import Alarms
        from awsmon.metrics.reader import Reader

        return Alarms(self._backend, self._scope, metrics=Reader(self.metrics))

    @cached_property
    def application_insights(self) -> ApplicationInsights:
        """CloudWatch Application Insights."""
        from awsmon.application_insights.service import ApplicationInsights
        from awsmon.metrics.dashboards import global_metrics
        from awsmon.metrics.reader import Reader

        return ApplicationInsights(
            self._backend, self._scope, alarms=self.alarms, metrics=Reader(self.metrics),
            dashboards=global_metrics(self.metrics).dashboards, observed=self.oam,
        )  # fmt: skip

    @cached_property
    def sources(self) -> Sources:
        """What other AWS services write to CloudWatch."""
        from awsmon.sources.service import Sources

        return Sources(self._backend, self._scope, logs=self.logs, metrics=self.metrics)
