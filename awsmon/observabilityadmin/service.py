"""CloudWatch Observability Admin in one account and region.

Lives here: `ObservabilityAdmin`: whether resource tags for telemetry are enabled. Which tags a
resource has, Metrics knows (`metrics/resources.py`). Source: User Guide, "Enable resource tags on
telemetry".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.service import Service

if TYPE_CHECKING:
    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope

__all__ = ["ObservabilityAdmin"]


class ObservabilityAdmin(Service):
    """What an account has enabled for its telemetry in a region.

    Attributes:
        enriching: whether metrics are told with the tags of their resources.
    """

    def __init__(self, backend: Backend, scope: Scope) -> None:
        super().__init__(backend, scope)
        self.enriching = False

    @property
    def managed_view(self) -> str:
        """The ARN of Resource Explorer's view of the tags. Its name is unverified."""
        return self.scope.arn("resource-explorer-2", "managed-view/AWSManagedViewForTelemetry")
