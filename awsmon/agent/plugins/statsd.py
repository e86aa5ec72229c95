"""StatsD: metrics that programs send by UDP.

Lives here: `StatsD`, which listens, and `Book`, which reads lines and keeps what they say until it
is asked. Source: CloudWatch User Guide, "Retrieve custom metrics with StatsD". What a line may say
besides: the tags of DogStatsD.
"""

from __future__ import annotations

import select
import socket
import threading
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from awsmon.agent.plugins.plugin import Sample
from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Book", "StatsD"]

_TYPES = {"c": "counter", "g": "gauge", "ms": "timing", "h": "histogram", "s": "set"}
_LARGEST = 65_536
_EMPTY = "<empty>"  # CloudWatch has no dimension without a value

Key = tuple[str, tuple[tuple[str, str], ...]]


class Book:
    """What lines said since it was last read.

    Args:
        separator: what stands between the parts of a name, for the dots in it.
        tell: takes what is wrong with a line, in words.
    """

    def __init__(self, separator: str, tell: Callable[[str], None]) -> None:
        self._separator = separator
        self._tell = tell
        self._counters: dict[Key, float] = defaultdict(float)
        self._gauges: dict[Key, float] = {}
        self._sets: dict[Key, set[str]] = defaultdict(set)
        self._values: dict[Key, dict[float, float]] = defaultdict(lambda: defaultdict(float))

    def line(self, text: str) -> None:
        """Take a line, ``name:value|type|@rate|#tag:value``; one that is none is told."""
        try:
            name, _, rest = text.partition(":")
            value, kind, *more = rest.split("|")
            rate = next((float(each[1:]) for each in more if each.startswith("@")), 1.0)
            tags = next((each[1:] for each in more if each.startswith("#")), "")
            self._take(self._key(name, kind, tags), kind, value, rate)
        except (ValueError, KeyError, ZeroDivisionError):
            self._tell(f"statsd: {text!r} is no metric")

    def _key(self, name: str, kind: str, tags: str) -> Key:
        told = {"metric_type": _TYPES[kind]}
        for each in filter(None, tags.split(",")):
            tag, _, value = each.partition(":")
            told[tag] = value or _EMPTY
        return name.replace(".", self._separator), tuple(sorted(told.items()))

    def _take(self, key: Key, kind: str, value: str, rate: float) -> None:
        if kind == "s":
            self._sets[key].add(value)
        elif kind == "c":
            self._counters[key] += float(value) / rate
        elif kind == "g":
            before = self._gauges.get(key, 0.0) if value[:1] in ("+", "-") else 0.0
            self._gauges[key] = before + float(value)
        else:
            self._values[key][float(value)] += 1 / rate

    def samples(self) -> Iterator[Sample]:
        """What was said; then it is forgotten."""
        told: dict[Key, Any] = {**self._counters, **self._gauges, **self._values}
        told |= {key: float(len(values)) for key, values in self._sets.items()}
        for kept in (self._counters, self._gauges, self._values, self._sets):
            kept.clear()
        for (name, tags), value in told.items():
            yield Sample(name, value, dict(tags))


class StatsD:
    """Listens on a port of this machine, in a thread, and keeps what comes until it is asked.

    Attributes:
        address: where it listens.
        dropped: how many messages were too many to be kept.
    """

    def __init__(self, settings: Mapping[str, Any], tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._book = Book(settings["metric_separator"], tell)
        self._most = settings["allowed_pending_messages"]
        self._pending: deque[bytes] = deque()
        self._lock = threading.Lock()
        self.dropped = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._bind(settings["service_address"])
        self.address: tuple[str, int] = self._socket.getsockname()
        self._going = True
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _bind(self, address: str) -> None:
        """Only ever on the loopback interface: a test must not be reached from outside."""
        _, _, port = address.rpartition(":")
        try:
            self._socket.bind(("127.0.0.1", int(port)))
        except (OSError, ValueError, OverflowError) as error:
            self._socket.close()
            raise MisuseError(f"statsd cannot listen on {address!r}: {error}") from error

    def _listen(self) -> None:
        while self._going:
            try:
                ready, _, _ = select.select([self._socket], [], [], 0.1)
            except (OSError, ValueError):  # it was closed
                return
            if ready:
                self._receive()

    def _receive(self) -> None:
        with self._lock:
            while True:
                try:
                    message = self._socket.recv(_LARGEST)
                except OSError:  # nothing more, or closed
                    return
                if len(self._pending) < self._most:
                    self._pending.append(message)
                else:
                    self.dropped += 1

    def samples(self) -> Iterator[Sample]:
        """What came since the last time, and what lies in the socket yet."""
        self._receive()
        with self._lock:
            messages = list(self._pending)
            self._pending.clear()
            dropped, self.dropped = self.dropped, 0
        if dropped:
            self._tell(f"statsd: {dropped} messages were dropped; raise allowed_pending_messages")
        for message in messages:
            for line in filter(
                None, map(str.strip, message.decode("utf-8", "replace").split("\n"))
            ):
                self._book.line(line)
        return self._book.samples()

    def close(self) -> None:
        """Stop listening."""
        self._going = False
        self._socket.close()
        self._thread.join(1)
