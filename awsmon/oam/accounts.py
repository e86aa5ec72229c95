"""What an account is called.

Lives here: `label`, which fills a link's label template. No API of OAM tells the name, so it is
made of the account's number: ``account-111111111111``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from awsmon.core.scope import Scope

__all__ = ["label"]

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
