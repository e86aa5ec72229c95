"""Who hears which event, in which order: the one table.

Listeners of an event are called in the order of these lines. Functions bound to ARNs are heard too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.core.activity_events import ActivityReported
from awsmon.core.arns import Arn
from awsmon.core.bus_events import (
    DiscovererChanged,
    EventEmitted,
    EventPut,
    EventSampled,
    RuleMatched,
)
from awsmon.core.clock import EPOCH
from awsmon.core.config_events import ComplianceChanged, ResourceChanged
from awsmon.core.deliveries import Refused
from awsmon.core.errors import MisuseError
from awsmon.core.events import (
    AlarmConfigurationChanged,
    AlarmContributorStateChanged,
    AlarmStateChanged,
    ApiCalled,
    DeliveryFinished,
    LogEventsPut,
    MetricDataPut,
    MetricsExtracted,
    NeighbourCalled,
    SamplesPut,
    ScheduledQueryFinished,
)
from awsmon.core.http import sent_to_loopback
from awsmon.core.insight_events import ContributorsChanged
from awsmon.core.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from awsmon.application_insights.service import ApplicationInsights
    from awsmon.core.backend import Backend
    from awsmon.core.deliveries import Delivery
    from awsmon.core.targets import FunctionContext
    from awsmon.services import Services

__all__ = ["wire"]

_READS = ("Get", "List", "Describe", "Receive", "Head")


def wire(backend: Backend) -> None:
    """Subscribe everybody to what they hear."""
    hear: Callable[..., None] = backend.dispatcher.subscribe
    at: Callable[[Scope], Services] = backend.at

    hear(LogEventsPut, lambda e: at(e.scope).logs.metric_filters.log_events_put(e))
    hear(LogEventsPut, lambda e: at(e.scope).logs.embedded_metrics.log_events_put(e))
    hear(LogEventsPut, lambda e: at(e.scope).logs.live_tails.log_events_put(e))
    hear(LogEventsPut, lambda e: at(e.scope).logs.anomaly_detectors.log_events_put(e))
    hear(LogEventsPut, lambda e: at(e.scope).logs.subscriptions.log_events_put(e))
    hear(LogEventsPut, lambda e: _counted(backend, e))
    hear(LogEventsPut, lambda e: _watched_lines(backend, e))
    hear(MetricsExtracted, lambda e: at(e.scope).metrics.metrics_extracted(e))
    hear(
        AlarmConfigurationChanged,
        lambda e: at(e.scope).metrics.detectors.alarm_configuration_changed(e),
    )
    hear(
        AlarmConfigurationChanged,
        lambda e: at(e.scope).alarms.announcements.alarm_configuration_changed(e),
    )
    hear(MetricDataPut, lambda e: _streamed(backend, e))
    hear(MetricDataPut, lambda e: at(e.scope).alarms.evaluations.metric_data_put(e))
    hear(SamplesPut, lambda e: at(e.scope).alarms.promql.samples_put(e.name, e.time))
    hear(ContributorsChanged, lambda e: at(e.scope).alarms.evaluations.contributors_changed(e))
    hear(AlarmStateChanged, lambda e: at(e.scope).alarms.actions.alarm_state_changed(e))
    hear(
        AlarmContributorStateChanged,
        lambda e: at(e.scope).alarms.actions.alarm_contributor_state_changed(e),
    )
    hear(AlarmStateChanged, lambda e: at(e.scope).alarms.announcements.alarm_state_changed(e))
    hear(AlarmStateChanged, lambda e: at(e.scope).alarms.composites.alarm_state_changed(e))
    hear(DeliveryFinished, lambda e: at(e.scope).alarms.actions.delivery_finished(e))
    hear(DeliveryFinished, lambda e: at(e.scope).metrics.streams.delivery_finished(e))
    hear(DeliveryFinished, lambda e: at(e.scope).logs.subscriptions.delivery_finished(e))
    hear(DeliveryFinished, lambda e: at(e.scope).logs.scheduled_queries.delivery_finished(e))
    hear(DeliveryFinished, lambda e: at(e.scope).logs.exports.delivery_finished(e))

    hear(
        ScheduledQueryFinished, lambda e: at(e.scope).alarms.log_alarms.scheduled_query_finished(e)
    )

    hear(DeliveryFinished, lambda e: at(e.scope).event_bus.connections.delivery_finished(e))

    hear(EventEmitted, lambda e: at(e.scope).event_bus.event_emitted(e))
    hear(EventPut, lambda e: at(e.scope).event_bus.routing.event_put(e))
    hear(RuleMatched, lambda e: at(e.scope).event_bus.invoking.rule_matched(e))
    for called in (ApiCalled, NeighbourCalled, ActivityReported):
        hear(called, lambda e: at(e.scope).trail.api_called(e))
    hear(DeliveryFinished, lambda e: _delivered(backend, e))
    hear(NeighbourCalled, lambda e: _stirred(backend, e))
    hear(DeliveryFinished, lambda e: _piped(backend, e))
    hear(NeighbourCalled, lambda e: _done_to_instances(backend, e))
    hear(DeliveryFinished, lambda e: _recovered(backend, e))
    backend.own_targets["autoscaling"] = lambda delivery: _scaled(backend, delivery)
    backend.own_targets["pipes"] = lambda delivery: _look(backend, delivery)

    for called in (ApiCalled, NeighbourCalled):
        hear(called, lambda e: _noticed(backend, e))
    hear(ResourceChanged, lambda e: at(e.scope).config_recorder.notifying.resource_changed(e))
    hear(ResourceChanged, lambda e: at(e.scope).config_recorder.delivering.resource_changed(e))
    hear(ResourceChanged, lambda e: at(e.scope).config_recorder.evaluating.resource_changed(e))
    hear(ResourceChanged, lambda e: _kept(backend, e))
    hear(ComplianceChanged, lambda e: at(e.scope).config_recorder.notifying.compliance_changed(e))
    hear(ComplianceChanged, lambda e: at(e.scope).config_recorder.remediation.compliance_changed(e))
    hear(DeliveryFinished, lambda e: _recorded(backend, e))
    backend.own_targets["ssm"] = lambda delivery: _run_document(backend, delivery)
    backend.own_targets["cloudtrail"] = lambda delivery: _run_import(backend, delivery)
    backend.own_targets["config"] = lambda delivery: _run_errand(backend, delivery)

    hear(NeighbourCalled, lambda e: _found(backend, e))
    hear(AlarmStateChanged, lambda e: _watched_alarm(backend, e))
    hear(AlarmConfigurationChanged, lambda e: _watched_configuration(backend, e))
    hear(EventPut, lambda e: _watched_event(backend, e))
    backend.own_targets["applicationinsights"] = lambda delivery: _discover(backend, delivery)

    hear(DiscovererChanged, lambda e: at(e.scope).event_bus.discoverer_changed(e))
    hear(EventSampled, lambda e: at(e.scope).schemas.discoverers.event_sampled(e))
    backend.own_targets["events"] = lambda delivery: (
        _to_bus(backend, delivery) or sent_to_loopback(delivery)
    )
    backend.own_targets["logs"] = lambda delivery: _to_log_group(backend, delivery)

    backend.bindings.around = lambda context: _running(backend, context)


def _scaled(backend: Backend, delivery: Delivery) -> bool:
    """Scaling policies are carried out here, upon the other mock's groups and other resources."""
    mock = backend.other_mock
    if not isinstance(delivery.sent, dict) or "PolicyName" not in delivery.sent:
        return False
    group = "AutoScalingGroupName" in delivery.sent
    if not mock.serves("autoscaling" if group else "application-autoscaling"):
        return False
    services: Services = backend.at(delivery.scope)
    delivery.answer = services.alarms.scaling.carry_out(
        delivery.sent,
        lambda service, operation, parameters: mock.call(
            service, operation, parameters, scope=delivery.scope, invoked_by="autoscaling"
        ),
        backend.clock.now(),
    )
    return True


def _streamed(backend: Backend, event: MetricDataPut) -> None:
    """Streams of monitoring accounts send what comes in elsewhere too."""
    for scope in backend.scopes:
        if scope != event.scope and scope.region == event.scope.region:
            services: Services = backend.at(scope)
            services.metrics.streams.metric_data_put(event)


def _counted(backend: Backend, event: LogEventsPut) -> None:
    """Contributor Insights counts contributors, of linked accounts too; most have no rule."""
    for scope in backend.scopes:
        services: Services = backend.at(scope)
        if scope.region == event.scope.region and "metrics" in vars(services):
            rules = services.metrics.insight_rules
            if rules:
                rules.log_events_put(event)


def _to_bus(backend: Backend, delivery: Delivery) -> bool:
    """An event for a bus; EventBridge's built-in targets are other services' calls."""
    if ":event-bus/" not in delivery.target_arn:
        return False
    with backend.caused_by(delivery.number), backend.door:
        services: Services = backend.at(delivery.scope)
        services.event_bus.deliver(delivery)
    return True


def _to_log_group(backend: Backend, delivery: Delivery) -> bool:
    """Log events: one in a stream of its own, or in one that is named, or several."""
    arn = Arn.parse(delivery.target_arn)
    group = arn.resource.removeprefix("log-group:").removesuffix(":*")
    with backend.caused_by(delivery.number), backend.door:
        services: Services = backend.at(Scope(arn.account, arn.region))
        if group not in services.logs:
            raise Refused(f"The specified log group does not exist: {group}", permanent=True,
                          code="ResourceNotFoundException")  # fmt: skip
        payload = delivery.payload
        events = [
            (EPOCH + timedelta(milliseconds=each["timestamp"]), each["message"])
            for each in payload.get("events", [payload])
        ]
        try:
            services.logs.put(group, payload.get("stream") or backend.ids.uuid(), events)
        except MisuseError as error:  # too old or too new, or empty: Logs will never take it
            raise Refused(str(error), permanent=True, code="InvalidParameterException") from error
    return True


def _with_pipes(backend: Backend) -> list[Services]:
    """Places where somebody made a pipe."""
    return [backend.at(scope) for scope in backend.scopes if "pipes" in vars(backend.at(scope))]


def _stirred(backend: Backend, event: NeighbourCalled) -> None:
    """Another mock's queues and streams are sources of pipes."""
    if not event.operation.startswith(_READS):
        for services in _with_pipes(backend):
            services.pipes.running.stirred(event)


def _delivered(backend: Backend, event: DeliveryFinished) -> None:
    if event.sender == "trail":
        services: Services = backend.at(event.scope)
        services.trail.delivering.delivery_finished(event)
        services.trail.queries.delivery_finished(event)


def _piped(backend: Backend, event: DeliveryFinished) -> None:
    if event.sender == "pipes":
        services: Services = backend.at(event.scope)
        services.pipes.running.delivery_finished(event)


def _done_to_instances(backend: Backend, event: NeighbourCalled) -> None:
    """Instances that report metrics are stopped, rebooted."""
    if event.service == "ec2":
        services: Services = backend.at(event.scope)
        if "sources" in vars(services):
            services.sources.instances.api_called(event)


def _recovered(backend: Backend, event: DeliveryFinished) -> None:
    services: Services = backend.at(event.scope)
    if "sources" in vars(services):
        services.sources.instances.delivery_finished(event)


def _look(backend: Backend, delivery: Delivery) -> bool:
    """An errand of a pipe's: it reads its source, outside the lock."""
    services: Services = backend.at(delivery.scope)
    with backend.caused_by(delivery.cause):
        services.pipes.running.read(delivery.target_arn, backend.other_mock)
    return True


def _noticed(backend: Backend, event: ApiCalled) -> None:
    """AWS Config looks at what a call may have changed, wherever it records in the account."""
    if event.invoked_by == "config_recorder":
        return
    for scope in backend.scopes:
        services: Services = backend.at(scope)
        if scope.account == event.scope.account and "config_recorder" in vars(services):
            services.config_recorder.recording.called(event)


def _recorded(backend: Backend, event: DeliveryFinished) -> None:
    if event.sender == "config_recorder":
        services: Services = backend.at(event.scope)
        services.config_recorder.delivering.delivery_finished(event)
        services.config_recorder.evaluating.functions.delivery_finished(event)
        services.config_recorder.remediation.delivery_finished(event)


def _run_errand(backend: Backend, delivery: Delivery) -> bool:
    """AWS Config asks services, outside the lock."""
    services: Services = backend.at(delivery.scope)
    with backend.caused_by(delivery.cause):
        services.config_recorder.run_errand(delivery.payload, backend.other_mock)
    return True


def _kept(backend: Backend, event: ResourceChanged) -> None:
    """Stores of CloudTrail Lake take configuration items; mostly there are none."""
    services: Services = backend.at(event.scope)
    if services.trail.stores.want_items:
        from awsmon.config_recorder.items import told
        from awsmon.config_recorder.model import Key

        key = Key(event.resource_type, event.resource_id)
        item = services.config_recorder.newest(key)
        if item is not None:
            services.trail.stores.take_item(told(item, event.scope), event.at)


def _run_import(backend: Backend, delivery: Delivery) -> bool:
    """CloudTrail Lake reads files, outside the lock."""
    if delivery.sender != "trail":
        return False
    services: Services = backend.at(delivery.scope)
    with backend.caused_by(delivery.cause):
        services.trail.imports.run(delivery.payload, backend.other_mock)
    return True


def _run_document(backend: Backend, delivery: Delivery) -> bool:
    """A remediation of AWS Config runs a document of Systems Manager's."""
    if delivery.sender != "config_recorder":
        return False
    services: Services = backend.at(delivery.scope)
    with backend.caused_by(delivery.number):
        services.config_recorder.remediation.run(delivery, backend.other_mock)
    return True


def _insights(backend: Backend, scope: Scope) -> ApplicationInsights | None:
    """Application Insights of a place, if anybody uses it there."""
    found: ApplicationInsights | None = vars(backend.at(scope)).get("application_insights")
    return found


def _watched_lines(backend: Backend, event: LogEventsPut) -> None:
    if (insights := _insights(backend, event.scope)) is not None:
        insights.detection.log_events_put(event)


def _watched_alarm(backend: Backend, event: AlarmStateChanged) -> None:
    if (insights := _insights(backend, event.scope)) is not None:
        insights.detection.alarm_state_changed(event)


def _watched_configuration(backend: Backend, event: AlarmConfigurationChanged) -> None:
    if (insights := _insights(backend, event.scope)) is not None:
        insights.detection.alarm_configuration_changed(event)


def _watched_event(backend: Backend, event: EventPut) -> None:
    """Events of AWS's services, which come to default buses."""
    insights = _insights(backend, event.scope)
    if insights is not None and event.event["source"].startswith("aws."):
        insights.detection.event_put(event.event, event.at)


def _found(backend: Backend, event: NeighbourCalled) -> None:
    """What another mock did may have made or removed resources of applications."""
    insights = _insights(backend, event.scope)
    if insights is not None and event.invoked_by is None and not event.operation.startswith(_READS):
        insights.discovery.stirred()


def _discover(backend: Backend, delivery: Delivery) -> bool:
    """Application Insights looks for resources, outside the lock."""
    services: Services = backend.at(delivery.scope)
    with backend.caused_by(delivery.cause):
        services.application_insights.run_errand(delivery.payload, backend.other_mock)
    return True


def _running(backend: Backend, context: FunctionContext) -> AbstractContextManager[FunctionContext]:
    """Around a call of a function's handler, whose prints Lambda would log."""
    with backend.door:
        services: Services = backend.at(context.scope)
        return services.sources.functions.running(context)
