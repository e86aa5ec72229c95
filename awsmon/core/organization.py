"""The organization that every account of a session belongs to.

Lives here: `ORGANIZATION` and `membership`. No API that awsmon serves tells it, so it is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ORGANIZATION", "membership"]

ORGANIZATION = "o-awsmon0000"


def membership() -> Mapping[str, str]:
    """The condition keys that tell an account's place in the organization: its root."""
    return {
        "aws:PrincipalOrgID": ORGANIZATION,
        "aws:PrincipalOrgPaths": f"{ORGANIZATION}/r-awsm/",
    }
