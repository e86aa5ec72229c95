"""What an account is called, and the organization it belongs to.

Lives here: `label`, which fills a link's label template, and `membership`. No API of OAM tells
either, so both are made of the account's number: every account of a session belongs to one
organization, `ORGANIZATION`, and is called ``account-111111111111``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.scope import Scope

__all__ = ["ORGANIZATION", "label", "membership"]

ORGANIZATION = "o-awsmon0000"
_VARIABLE = re.compile(r"\$Account(?:Name|EmailNoDomain|Email)")


def label(template: str, scope: Scope) -> str:
    """A label template with its variables resolved.

    In GovCloud each of them is the account's number. Source: API reference, CreateLink.
    """
    name = f"account-{scope.account}"
    if scope.partition == "aws-us-gov":
        return _VARIABLE.sub(scope.account, template)
    values = {
        "$AccountName": name,
        "$AccountEmail": f"{name}@example.com",
        "$AccountEmailNoDomain": name,
    }
    return _VARIABLE.sub(lambda variable: values[variable[0]], template)


def membership() -> Mapping[str, str]:
    """The condition keys that tell an account's place in the organization: its root."""
    return {
        "aws:PrincipalOrgID": ORGANIZATION,
        "aws:PrincipalOrgPaths": f"{ORGANIZATION}/r-awsm/",
    }
