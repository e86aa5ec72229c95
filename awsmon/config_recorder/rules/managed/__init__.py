"""AWS's managed rules, a module for each service.

Lives here: `find` and `known`. Source: Config Developer Guide, "List of AWS Config Managed Rules":
each rule's page says what it is about, its parameters and when it is triggered.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.config_recorder.rules.judging import ManagedRule

__all__ = ["find", "known"]


@cache
def known() -> Mapping[str, ManagedRule]:
    """Every managed rule that is built, by identifier."""
    found: dict[str, ManagedRule] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            rule = getattr(value, "managed_rule", None)
            if rule is not None:
                found[rule.identifier] = rule
    return found


def find(identifier: str) -> ManagedRule | None:
    """The rule of that identifier; None: it isn't built, or there is none."""
    return known().get(identifier)
