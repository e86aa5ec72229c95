"""Whose metrics may be read in a place: its own, and those that linked accounts share.

Lives here: `Readable` and `readable`; `account_label`, by what name an account is linked. Source:
User Guide, "CloudWatch cross-account observability".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from awsmon.metrics.service import Metrics

__all__ = ["Readable", "account_label", "readable"]

SHARED = "AWS::CloudWatch::Metric"


class Readable(NamedTuple):
    """The metrics of one account.

    Attributes:
        passes: whether those of a namespace are shared.
    """

    account: str
    metrics: Metrics
    passes: Callable[[str], bool]


def readable(metrics: Metrics) -> Iterator[Readable]:
    """This account's, then those of linked accounts in order of account."""
    yield Readable(metrics.scope.account, metrics, _all)
    for linked in metrics.observed.sources(SHARED):
        yield Readable(linked.scope.account, metrics.elsewhere(linked.scope), linked.passes)


def account_label(metrics: Metrics, account: str) -> str | None:
    """The label of the link to a source account; None: it isn't linked, as the account itself."""
    linked = metrics.observed.sources(SHARED)
    return next((each.label for each in linked if each.scope.account == account), None)


def _all(_: str) -> bool:
    return True
