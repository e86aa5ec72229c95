"""Data sources: what kind of logs a group holds, as its tags say.

Lives here: `data_source`. Source: User Guide, "Custom sources".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from awsmon.logs.model import LogGroup
    from awsmon.logs.service import Logs

__all__ = ["data_source"]


def data_source(logs: Logs, group: LogGroup) -> tuple[str, str] | None:
    """Name and type of a group's data source; None: it says none."""
    tags = logs.owner(group).tags.of(group.log_group_arn)
    name, kind = tags.get("cw:datasource:name"), tags.get("cw:datasource:type")
    return (name, kind) if name and kind else None
