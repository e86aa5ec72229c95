"""The whole state as bytes, and back.

Lives here: `dump`, `load` and `Fixture`. What a session shares with its process (the lock, who
listens, users' callables, the other mock) is no state: it is named in the bytes and found again
where they are loaded, so that a restored copy shares nothing with what it came from. Timers and
pending deliveries are state.
"""

from __future__ import annotations

import pickle
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from awsmon.core.backend import Backend

__all__ = ["Fixture", "dump", "load"]

_FORMAT = 1
_into: ContextVar[Backend] = ContextVar("awsmon_snapshot_into")


class Fixture:
    """Something of a session's that is no state: its bytes are a name (`Backend.fixtures`)."""

    fixture: ClassVar[str]

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return _found, (self.fixture,)


def _found(name: str) -> Any:
    return _into.get().fixtures()[name]


def dump(backend: Backend) -> bytes:
    """The state of a session, as it is now."""
    with backend.door:
        return pickle.dumps((_FORMAT, backend.state()), protocol=pickle.HIGHEST_PROTOCOL)


def load(data: bytes, backend: Backend) -> None:
    """Give a session the state of another; what it had is gone.

    Raises:
        MisuseError: the bytes are no snapshot of this version of awsmon.
    """
    token = _into.set(backend)
    try:
        version, state = pickle.loads(data)
    except Exception as error:  # unpickling nonsense raises anything
        raise MisuseError(f"These bytes are no snapshot of awsmon's: {error}") from error
    finally:
        _into.reset(token)
    if version != _FORMAT:
        raise MisuseError(f"The snapshot has format {version}; this awsmon reads {_FORMAT}.")
    if not isinstance(state, dict) or set(state) != set(backend.state()):
        raise MisuseError("The snapshot isn't whole.")
    with backend.lock:  # no door: what is pending waits until callables are bound again
        backend.adopt(state)
