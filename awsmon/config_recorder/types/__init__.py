"""The types of resources that are recorded, a module for each service that describes them.

Lives here: `find` and `of_client`. Types that are not here are recorded by
`mon.config_recorder.record` or PutResourceConfig.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.config_recorder.resource_types import ResourceType

__all__ = ["find", "known", "of_client"]


@cache
def known() -> Mapping[str, ResourceType]:
    """Every type that awsmon itself can describe, by name."""
    found: dict[str, ResourceType] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for each in getattr(importlib.import_module(module.name), "TYPES", ()):
            found[each.name] = each
    return found


def find(name: str) -> ResourceType | None:
    """The type of that name; None: awsmon can't describe its resources."""
    return known().get(name)


@cache
def of_client(client: str) -> tuple[ResourceType, ...]:
    """Those that calls of a boto3 client are about."""
    return tuple(each for each in known().values() if client in each.clients)
