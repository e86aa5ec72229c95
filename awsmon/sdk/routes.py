"""From a boto3 client to the packages that carry its operations.

Lives here: `ROUTES` and `find`. Packages are imported on the first call of their client.
"""

from __future__ import annotations

import functools

from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import Operation, Operations

__all__ = ["CLAIMING", "ROUTES", "SHARED", "find", "operations"]

ROUTES: dict[str, tuple[str, ...]] = {
    "cloudwatch": ("metrics", "alarms"),
    "logs": ("logs",),
    "events": ("event_bus",),
    "cloudtrail": ("trail",),
    "cloudtrail-data": ("trail",),
    "config": ("config_recorder",),
    "pipes": ("pipes",),
    "scheduler": ("scheduler",),
    "schemas": ("schemas",),
    "application-insights": ("application_insights",),
    "oam": ("oam",),
    "observabilityadmin": ("observabilityadmin",),
    "resourcegroupstaggingapi": ("tagging",),
    "athena": ("athena",),
}
"""Client name to packages. A client that isn't here goes to another active mock, or nowhere."""

SHARED = {"resourcegroupstaggingapi", "athena"}
"""Clients that another active mock has the first word on, and awsmon a part in its answers."""

CLAIMING = {"athena"}
"""Of these, those whose service says which calls are its own (`claims`)."""

_packages = {name: Operations(name) for names in ROUTES.values() for name in names}


@functools.cache
def find(service: str, operation: str) -> tuple[str, Operation]:
    """The package of an operation (also its attribute of `Services`), and its function.

    Raises:
        NotImplementedByAwsmon: the client is served and this operation isn't built yet.
    """
    for package in ROUTES[service]:
        function = _packages[package].get(operation)
        if function is not None:
            return package, function
    raise NotImplementedByAwsmon(
        f"{service}.{operation} isn't built yet; docs/operations.md lists what is."
    )


def operations(service: str) -> dict[str, str]:
    """Every operation of a client that is built, with its package."""
    return {name: package for package in ROUTES[service] for name in _packages[package].all()}
