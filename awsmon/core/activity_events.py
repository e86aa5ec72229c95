"""What happens without any SDK call of this process.

Lives here: `ActivityReported`; other events are `events.py`'s.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from awsmon.core.domain_event import event
from awsmon.core.events import ApiCalled

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ActivityReported"]


@event
class ActivityReported(ApiCalled):
    """Somebody signed in, a service did something by itself, or a call was made elsewhere.

    Attributes:
        told: members of its CloudTrail record that differ from those of a call; None: there is
            none of that name.
    """

    told: Mapping[str, Any] = field(default_factory=dict)
