"""The outline of a request or an answer: names and kinds, as the service's model has them.

Lives here: `Outline`, `Outlines`, and `unknown`, which stands in while nobody knows the models;
`sdk/` plugs in who does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["NOTHING", "Outline", "Outlines", "Teller", "unknown"]


@dataclass(frozen=True, slots=True)
class Outline:
    """One shape.

    Attributes:
        kind: ``structure``, ``list``, ``map`` or a scalar's; empty: unknown.
        secret: the model says that it is nobody's business.
        members: of a structure.
        inner: of the elements of a list, or the values of a map.
        wire: how it is written where it isn't by its member's name: ``name``, ``location``
            (``header``...), ``flattened``, ``xmlNamespace``.
    """

    kind: str = ""
    secret: bool = False
    members: Mapping[str, Outline] = field(default_factory=dict)
    inner: Outline | None = None
    wire: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Outline()


@dataclass(frozen=True, slots=True)
class Outlines:
    """Of one operation.

    Attributes:
        request: of its parameters.
        answer: of its result.
        protocol: as ``json``.
        host: what its hosts begin with, as ``monitoring``.
        uri: path and query of a request, as ``/{Bucket}?acl``.
    """

    request: Outline
    answer: Outline
    protocol: str = ""
    host: str = ""
    uri: str = ""


Teller = Callable[[str, str], Outlines]
"""From a boto3 client and an operation to its outlines."""


def unknown(service: str, operation: str) -> Outlines:
    """Nothing is known of any operation."""
    del operation
    return Outlines(NOTHING, NOTHING, host=service)
