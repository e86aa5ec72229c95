"""Which log group a log in a component configuration is.

Lives here: `log_group` and `check_log_groups`. An instance's log says its group, since the agent
sends it there; functions and databases have groups of their own.
Source: User Guide, "Component configuration examples" (Lambda's and RDS's logs have a type alone);
the services' names of log groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.application_insights.configuration import sections
from awsmon.application_insights.errors import ValidationException
from awsmon.application_insights.resource_kinds import kind_of, short_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["check_log_groups", "log_group"]

_DATABASES = {
    # log type -> the last part of the log group's name
    "MYSQL": "error", "MYSQL_SLOW_QUERY": "slowquery", "POSTGRESQL": "postgresql",
    "ORACLE_ALERT": "alert", "ORACLE_LISTENER": "listener", "SQL_SERVER": "error",
}  # fmt: skip


def log_group(item: Mapping[str, Any], arns: Sequence[str]) -> str | None:
    """The group of a log of a component with these resources; None: nobody can know it."""
    if "logGroupName" in item:
        name: str = item["logGroupName"]
        return name
    arn = arns[0] if arns else ""
    kind = kind_of(arn)
    if kind is None:
        return None
    if kind.service == "lambda":
        return f"/aws/lambda/{short_name(arn)}"
    if kind.service == "rds" and item["logType"] in _DATABASES:
        place = "cluster" if ":cluster:" in arn else "instance"
        return f"/aws/rds/{place}/{short_name(arn)}/{_DATABASES[item['logType']]}"
    if kind.service == "states":
        return f"/aws/vendedlogs/states/{short_name(arn)}-Logs"
    return None


def check_log_groups(configuration: Mapping[str, Any], arns: Sequence[str]) -> None:
    """Refuse logs of which nobody can know the group.

    Raises:
        ValidationException: there is one.
    """
    for sub_type, item in sections(configuration, "logs"):
        if log_group(item, [] if sub_type else arns) is None:
            raise ValidationException.configuration("logGroupName is missing in logs.")
