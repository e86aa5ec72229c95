"""The event buses of one account and region.

Lives here: `EventBus`, the direct API, and where its parts hang together. What a bus does with an
event is `routing.py`'s, how a target is reached `invoking.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.service import Service

if TYPE_CHECKING:
    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope

__all__ = ["EventBus"]


class EventBus(Service):
    """EventBridge in one account and region."""

    def __init__(self, backend: Backend, scope: Scope) -> None:
        super().__init__(backend, scope)
