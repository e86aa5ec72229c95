"""Connectors to other clouds, whose resources a service-linked recorder may record.

Lives here: `Connector`. Nothing is asked of another cloud: `ConfigRecorder.record` tells what is
there. Source: API reference, Connector, ConnectorConfiguration and ScopeConfiguration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.config_recorder.errors import ValidationException
from awsmon.core.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["Connector"]

_WHOLE = {"AZURE": "tenant", "GCP": "organization"}
_PARTS = {"AZURE": "subscription", "GCP": "project"}


@dataclass(kw_only=True, slots=True, eq=False)
class Connector(Resource):
    """A connector as GetConnector shows it."""

    aws_shape: ClassVar[str] = "config.Connector"
    aws_lower_camel: ClassVar[bool] = True

    name: str
    arn: str
    connector_configuration: dict[str, Any]
    created_time: datetime

    @property
    def provider(self) -> str:
        """``AZURE`` or ``GCP``."""
        return next(iter(self.connector_configuration)).upper()

    def check(self, scope: Mapping[str, Any]) -> None:
        """Whether a recorder may record so much of the other cloud.

        Raises:
            ValidationException: it may not.
        """
        kind, values = scope["scopeType"], scope.get("scopeValues")
        if kind not in (_WHOLE[self.provider], _PARTS[self.provider]):
            raise ValidationException.scope(f"{kind} is no scope of {self.provider}")
        if (kind == _WHOLE[self.provider]) == bool(values):
            raise ValidationException.scope(
                f"scopeValues don't go with {kind}" if values else f"{kind} needs scopeValues"
            )
        if scope["allRegions"] == bool(scope.get("includedRegions")):
            raise ValidationException.scope("either allRegions or includedRegions")
        self._check_organization(kind, values or ())

    def _check_organization(self, kind: str, values: Any) -> None:
        """Without an organization, a connector sees the project of its service account only."""
        google = self.connector_configuration.get("gcp")
        if google is None or google.get("gcpOrganizationId"):
            return
        project = google["serviceAccountEmail"].partition("@")[2].partition(".")[0]
        if kind == "organization" or list(values) != [project]:
            raise ValidationException.scope(f"without gcpOrganizationId, it is project {project}")

    def summary(self) -> dict[str, Any]:
        """It as ListConnectors shows it."""
        settings = next(iter(self.connector_configuration.values()))
        shown = ("tenantIdentifier", "gcpOrganizationId", "serviceAccountEmail")
        return {
            "arn": self.arn, "name": self.name, "provider": self.provider,
            "createdTime": self.created_time, **{each: settings.get(each) for each in shown},
        }  # fmt: skip
