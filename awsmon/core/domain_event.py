"""What every domain event is.

Lives here: `DomainEvent`, and `event`, by which each is made a dataclass. That nobody changes an
event is for the type checker to see: a dataclass that is frozen at run time takes twice as long to
make, and every call makes some.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime
    from typing import TypeVar

    from typing_extensions import dataclass_transform

    from awsmon.core.scope import Scope

    T = TypeVar("T", bound=type)
else:

    def dataclass_transform(**_: Any) -> Any:
        """Only the type checker reads it."""
        return lambda function: function


__all__ = ["DomainEvent", "event"]


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def event(cls: T) -> T:
    """A dataclass with slots, whose members nobody sets."""
    make: Any = dataclass(slots=True, kw_only=True, eq=False)
    made: T = make(cls)
    return made


@event
class DomainEvent:
    """Something that happened.

    Attributes:
        at: when, on the virtual clock.
        scope: where.
        number: its place among all that happened; given by the dispatcher.
        cause: the number of what brought it about; None where a person or a test did.
    """

    at: datetime
    scope: Scope
    number: int = field(default=0, init=False, compare=False)
    cause: int | None = field(default=None, init=False, compare=False)
