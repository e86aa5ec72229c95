"""Event history: the management events of ninety days, found by attribute.

Lives here: `History`. A call is kept as it came, in order of time; what is looked up is filed when
somebody first looks, and from then on what has come since.
Source: CloudTrail User Guide, "Working with CloudTrail event history"; API reference, LookupEvents.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from heapq import merge
from typing import TYPE_CHECKING, Any

from awsmon.trail import kinds
from awsmon.trail.records import username
from awsmon.trail.resources import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from awsmon.core.events import ApiCalled
    from awsmon.core.outlines import Teller

__all__ = ["KEPT", "History"]

KEPT = timedelta(days=90)


class History:
    """The calls of one account and region, oldest first.

    Args:
        keep: how many are kept at most.
    """

    def __init__(self, keep: int) -> None:
        self.calls: list[ApiCalled] = []
        self._keep = keep
        self._forget()

    def _forget(self) -> None:
        """Nothing is filed; it will be."""
        self._grouped = 0
        self._groups: defaultdict[tuple[str, str, int, str | None], list[int]] = defaultdict(list)
        self._filed: dict[str, int] = {}
        self._places: dict[str, defaultdict[str, list[int]]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"calls": self.calls, "_keep": self._keep}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ |= state
        self._forget()

    def append(self, call: ApiCalled) -> None:
        """Keep a call; the oldest tenth goes when there are too many."""
        self.calls.append(call)
        if len(self.calls) > self._keep:
            del self.calls[: self._keep // 10 or 1]
            self._forget()

    def find(self, key: str, value: str, outlines: Teller) -> Iterator[ApiCalled]:
        """The management calls of an attribute's value, newest first.

        Args:
            key: as LookupEvents names it.
            value: exact.
            outlines: what the services' models say.
        """
        places = (
            reversed(self._file(key).get(value, ())) if key in _OF_CALL
            else self._find_groups(_OF_OPERATION[key], value, outlines)
        )  # fmt: skip
        for place in places:
            yield self.calls[place]

    def newest_first(self) -> Iterator[ApiCalled]:
        """All management calls."""
        for call in reversed(self.calls):
            if not kinds.data_type(call.service, call.operation):
                yield call

    def _find_groups(
        self, tell: Callable[[ApiCalled, Teller], str | None], value: str, outlines: Teller
    ) -> Iterator[int]:
        """Places of the calls of the operations and callers of which the value is told."""
        for place in range(self._grouped, len(self.calls)):
            call = self.calls[place]
            group = (call.service, call.operation, id(call.identity), call.invoked_by)
            self._groups[group].append(place)
        self._grouped = len(self.calls)
        found = []
        for (service, operation, *_), places in self._groups.items():
            told = tell(self.calls[places[0]], outlines)
            if told == value and not kinds.data_type(service, operation):
                found.append(reversed(places))
        return merge(*found, reverse=True)

    def _file(self, key: str) -> defaultdict[str, list[int]]:
        table = self._places.setdefault(key, defaultdict(list))
        tell = _OF_CALL[key]
        for place in range(self._filed.get(key, 0), len(self.calls)):
            call = self.calls[place]
            if not kinds.data_type(call.service, call.operation):
                for value in tell(call):
                    table[value].append(place)
        self._filed[key] = len(self.calls)
        return table


def _source(call: ApiCalled, outlines: Teller) -> str:
    return kinds.source_of(call.service, outlines(call.service, call.operation).host)


def _resources(call: ApiCalled, place: int) -> Sequence[str]:
    found = named(call.service, call.operation, call.parameters, call.result)
    return list(dict.fromkeys(each[place] for each in found))


_OF_OPERATION: dict[str, Callable[[ApiCalled, Teller], str | None]] = {
    "EventName": lambda call, _: kinds.event_name(call.service, call.operation),
    "EventSource": _source,
    "ReadOnly": lambda call, _: str(kinds.is_read(call.service, call.operation)).lower(),
    "Username": lambda call, _: None if call.invoked_by else username(call.identity),
    "AccessKeyId": lambda call, _: None if call.invoked_by else call.identity.access_key,
}
"""What all calls of an operation by one caller have in common."""
_OF_CALL: dict[str, Callable[[ApiCalled], Sequence[str]]] = {
    "EventId": lambda call: (call.event_id,),
    "ResourceType": lambda call: _resources(call, 0),
    "ResourceName": lambda call: _resources(call, 1),
}
