"""Remediation: what is done about a resource that isn't compliant.

Lives here: `Remediation`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsmon.config_recorder.service import ConfigRecorder

__all__ = ["Remediation"]


class Remediation:
    """The remediations of one account and region."""

    def __init__(self, config: ConfigRecorder) -> None:
        self._config = config

        self._of: dict[str, dict[str, Any]] = {}

    def of(self, rule: str) -> dict[str, Any] | None:
        """The remediation of a rule."""
        return self._of.get(rule)
