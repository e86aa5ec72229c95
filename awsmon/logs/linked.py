"""Which log groups may be read in a place: its own, and those that linked accounts share.

Lives here: `readable`, one of them by name or ARN, `asked`, the one that a request names, and
`everywhere`, all of them. What changes a
group finds it by `Logs.identified`: a monitoring account only reads. Source: User Guide,
"CloudWatch cross-account observability".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.logs.errors import ResourceNotFoundException, ValidationException

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from awsmon.logs.model import LogGroup
    from awsmon.logs.service import Logs

__all__ = ["asked", "everywhere", "readable"]

SHARED = "AWS::Logs::LogGroup"


def readable(logs: Logs, identifier: str) -> LogGroup:
    """The group of a name or an ARN (without ``:*``), which may be a linked account's.

    Raises:
        ResourceNotFoundException: there is none, or it isn't shared with this account.
    """
    arn = Arn.maybe(identifier)
    if arn is None or arn.account == logs.scope.account:
        return logs.identified(identifier)
    for linked in logs.observed.sources(SHARED):
        if linked.scope == (arn.account, arn.region):
            group = logs.elsewhere(linked.scope).identified(identifier)
            if linked.passes(group.name):
                return group
    raise ResourceNotFoundException.log_group()


def everywhere(logs: Logs, accounts: Collection[str] = ()) -> list[LogGroup]:
    """The groups of this account, then those of linked accounts, each in order of name.

    Args:
        logs: of the place that asks.
        accounts: only theirs; none: all.
    """
    found = [] if accounts and logs.scope.account not in accounts else list(logs)
    for linked in logs.observed.sources(SHARED):
        if not accounts or linked.scope.account in accounts:
            there = logs.elsewhere(linked.scope)
            found += [group for group in there if linked.passes(group.name)]
    return found


def asked(logs: Logs, request: Mapping[str, Any]) -> LogGroup:
    """The group to read that a request names by ``logGroupName`` or ``logGroupIdentifier``.

    Raises:
        ValidationException: it names none, or by both.
    """
    name, identifier = request.get("logGroupName"), request.get("logGroupIdentifier")
    if name is not None and identifier is not None:
        raise ValidationException.name_and_arn()
    if name is not None:
        return logs[name]
    if identifier is None:
        raise ValidationException.name_or_arn()
    return readable(logs, identifier)
