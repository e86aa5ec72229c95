"""The enrichment of AWS's own metrics for PromQL: start, update, stop, get.

What it enriches, PromQL alarms see (`metrics/otel.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.metrics.configurations import OTelEnrichment
from awsmon.metrics.errors import ResourceNotFoundException, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.metrics.service import Metrics

MOST_FILTERS = 100


@operation("StartOTelEnrichment")
def start_otel_enrichment(metrics: Metrics, request: Mapping[str, Any]) -> dict[str, Any]:
    """Started again, it is as it was. Source: API reference."""
    if metrics.configurations.enrichment.created_at is None:
        _store(metrics, request, metrics.clock.now())
    return _shown(metrics)


@operation("UpdateOTelEnrichment")
def update_otel_enrichment(metrics: Metrics, request: Mapping[str, Any]) -> dict[str, Any]:
    """The filters are replaced."""
    since = metrics.configurations.enrichment.created_at
    if since is None:
        raise ResourceNotFoundException.enrichment()
    _store(metrics, request, since)
    return _shown(metrics)


def _store(metrics: Metrics, request: Mapping[str, Any], since: datetime) -> None:
    names = ("IncludeFilters", "ExcludeFilters")
    if sum(len(request.get(name, ())) for name in names) > MOST_FILTERS:
        raise ValidationError(f"At most {MOST_FILTERS} filters are allowed.")
    given = {name: request[name] for name in names if request.get(name)}
    metrics.configurations.enrichment = OTelEnrichment.from_aws(
        given, status="Running", created_at=since, updated_at=metrics.clock.now()
    )


def _shown(metrics: Metrics) -> dict[str, Any]:
    known = metrics.configurations.enrichment.to_aws()
    return {name: value for name, value in known.items() if name != "Status"}


@operation("StopOTelEnrichment")
def stop_otel_enrichment(metrics: Metrics, request: Mapping[str, Any]) -> None:  # noqa: ARG001
    """Its filters are gone."""
    metrics.configurations.enrichment = OTelEnrichment()


@operation("GetOTelEnrichment")
def get_otel_enrichment(metrics: Metrics, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """Stopped, unless it was started."""
    return metrics.configurations.enrichment.to_aws()
