"""Event history: the management events of ninety days, found by attribute.

Lives here: `History`. A call is kept as it came, in order of time; what is looked up is filed when
somebody first looks, and from then on what has come since.
Source: CloudTrail User Guide, "Working with CloudTrail event history"; API reference, LookupEvents.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
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
        self._filed: dict[str, int] = {}
        self._places: dict[str, defaultdict[str, list[int]]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"calls": self.calls, "_keep": self._keep, "_filed": {}, "_places": {}}

    def append(self, call: ApiCalled) -> None:
        """Keep a call; the oldest tenth goes when there are too many."""
        self.calls.append(call)
        if len(self.calls) > self._keep:
            del self.calls[: self._keep // 10 or 1]
            self._filed.clear()
            self._places.clear()

    def find(self, key: str, value: str, outlines: Teller) -> Iterator[ApiCalled]:
        """The management calls of an attribute's value, newest first.

        Args:
            key: as LookupEvents names it.
            value: exact.
            outlines: what the services' models say.
        """
        table = self._file(key, outlines)
        for place in reversed(table.get(value, ())):
            yield self.calls[place]

    def newest_first(self) -> Iterator[ApiCalled]:
        """All management calls."""
        for call in reversed(self.calls):
            if not kinds.data_type(call.service, call.operation):
                yield call

    def _file(self, key: str, outlines: Teller) -> defaultdict[str, list[int]]:
        table = self._places.setdefault(key, defaultdict(list))
        values, first = _VALUES[key], self._filed.get(key, 0)
        for place in range(first, len(self.calls)):
            call = self.calls[place]
            if not kinds.data_type(call.service, call.operation):
                for value in values(call, outlines):
                    table[value].append(place)
        self._filed[key] = len(self.calls)
        return table


def _source(call: ApiCalled, outlines: Teller) -> Sequence[str]:
    host = outlines(call.service, call.operation).host
    return (kinds.source_of(call.service, host),)


def _resources(call: ApiCalled, place: int) -> Sequence[str]:
    found = named(call.service, call.operation, call.parameters, call.result)
    return list(dict.fromkeys(each[place] for each in found))


_VALUES: dict[str, Callable[[ApiCalled, Teller], Sequence[str]]] = {
    "EventId": lambda call, _: (call.event_id,),
    "EventName": lambda call, _: (kinds.event_name(call.service, call.operation),),
    "ReadOnly": lambda call, _: (str(kinds.is_read(call.service, call.operation)).lower(),),
    "Username": lambda call, _: () if call.invoked_by else (username(call.identity),),
    "ResourceType": lambda call, _: _resources(call, 0),
    "ResourceName": lambda call, _: _resources(call, 1),
    "EventSource": _source,
    "AccessKeyId": lambda call, _: (
        (call.identity.access_key,) if call.identity.access_key and not call.invoked_by else ()
    ),
}
