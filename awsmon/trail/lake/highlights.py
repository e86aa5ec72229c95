"""The Highlights dashboard, whose widgets CloudTrail chooses.

Lives here: `HIGHLIGHTS`, its name, and `highlights`, its widgets. AWS says that they are of each
account's own, and names one, "Total cross-account access". Decided here: that one, failed calls by
error, and who calls most, for each store of CloudTrail events, as many as fit.
Source: CloudTrail User Guide, "CloudTrail Lake dashboards"; API reference, CreateDashboard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.trail.selectors import CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsmon.trail.lake.stores import EventDataStore

__all__ = ["HIGHLIGHTS", "MOST_WIDGETS", "highlights"]

HIGHLIGHTS = "AWSCloudTrail-Highlights"
MOST_WIDGETS = 10
_SINCE = "eventTime > '?' AND eventTime <= '?'"
_QUERIES = {
    # title -> what is asked of a store
    "Total cross-account access": (
        "SELECT count(*) AS calls FROM {} WHERE userIdentity.accountId <> recipientAccountId "
        f"AND {_SINCE}"),
    "Failed calls by error": (
        f"SELECT errorCode, count(*) AS calls FROM {{}} WHERE errorCode IS NOT NULL AND {_SINCE} "
        "GROUP BY errorCode ORDER BY calls DESC, errorCode LIMIT 10"),
    "Most active users": (
        f"SELECT userIdentity.arn AS caller, count(*) AS calls FROM {{}} WHERE {_SINCE} "
        "GROUP BY userIdentity.arn ORDER BY calls DESC, caller LIMIT 10"),
}  # fmt: skip


def highlights(stores: Iterable[EventDataStore]) -> list[dict[str, Any]]:
    """The widgets that go with these stores, the first ten."""
    found = [
        {
            "QueryAlias": f"highlight-{store.id}-{number}",
            "QueryStatement": query.format(store.id),
            "QueryParameters": ["$StartTime$", "$EndTime$"],
            "ViewProperties": {"View": "Table", "Title": title, "EventDataStore": store.name},
        }
        for store in stores if store.category in CATEGORIES and not store.is_pending
        for number, (title, query) in enumerate(_QUERIES.items())
    ]  # fmt: skip
    return found[:MOST_WIDGETS]
