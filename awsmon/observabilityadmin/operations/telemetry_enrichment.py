"""Resource tags for telemetry: start, stop, status.

Unverified: started or stopped again, it says how it is; before the first start it is stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.observabilityadmin.service import ObservabilityAdmin


@operation("StartTelemetryEnrichment")
def start_telemetry_enrichment(
    admin: ObservabilityAdmin,
    request: Mapping[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Tags count at once."""
    admin.enriching = True
    return _shown(admin)


@operation("StopTelemetryEnrichment")
def stop_telemetry_enrichment(
    admin: ObservabilityAdmin,
    request: Mapping[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Tags count no longer."""
    admin.enriching = False
    return _shown(admin)


@operation("GetTelemetryEnrichmentStatus")
def get_telemetry_enrichment_status(
    admin: ObservabilityAdmin,
    request: Mapping[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """There is a managed view while it runs."""
    return _shown(admin)


def _shown(admin: ObservabilityAdmin) -> dict[str, Any]:
    if not admin.enriching:
        return {"Status": "Stopped"}
    return {"Status": "Running", "AwsResourceExplorerManagedViewArn": admin.managed_view}
