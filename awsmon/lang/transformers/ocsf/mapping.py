"""What all mappings to OCSF share: taking a record apart, and putting an event together.

Lives here: `Raw`, `Draft` and `Version`. What a mapping doesn't take of a record is the event's
``unmapped``, as texts by path. Source: the mappings that AWS publishes for OCSF
(github.com/ocsf/examples, mappings/markdown/AWS, v1.1.0 and v1.5.0), and https://schema.ocsf.io.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Literal

from awsmon.lang.transformers.paths import MISSING, delete, get, put

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Draft", "Raw", "Version", "is_ip", "moment", "whole"]

Version = Literal["1.1.0", "1.5.0"]
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_KINDS = {
    "Hostname": 1, "IP Address": 2, "User Name": 4, "URL String": 6, "Resource UID": 10,
}  # fmt: skip


class Raw:
    """A record of a service, and what is left of it.

    Args:
        record: is taken apart.
    """

    def __init__(self, record: dict[str, Any]) -> None:
        self._left = record

    def see(self, path: str) -> Any:
        """The value at a path, which stays; None: there is none."""
        found = get(self._left, path)
        return None if found is MISSING else found

    def take(self, path: str) -> Any:
        """The value at a path, which is gone then."""
        found = self.see(path)
        delete(self._left, path)
        return found

    def rest(self) -> dict[str, str]:
        """What nobody took, without nulls."""
        found: dict[str, list[str]] = {}
        for path, text in _leaves(self._left, ""):
            found.setdefault(path, []).append(text)
        return {path: ",".join(texts) for path, texts in found.items()}


def _leaves(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(node, list):
        for inner in node:
            yield from _leaves(inner, f"{path}[]")
    elif node is not None:
        yield path, str(node).lower() if isinstance(node, bool) else str(node)


class Draft:
    """An event that is being put together.

    Attributes:
        event: so far.
    """

    def __init__(self, version: Version, category: tuple[int, str], profiles: list[str]) -> None:
        self.event: dict[str, Any] = {
            "metadata": {"version": version, "profiles": profiles},
            "category_uid": category[0], "category_name": category[1],
            "severity": "Informational", "severity_id": 1, "cloud": {"provider": "AWS"},
        }  # fmt: skip
        self.put("metadata.product.vendor_name", "AWS")
        self._seen: list[dict[str, Any]] = []

    def put(self, path: str, value: Any) -> None:
        """Set what is at a path, unless there is no value."""
        if value is not None:
            put(self.event, path, value)

    def see(self, path: str) -> Any:
        """What was put at a path; None: nothing."""
        found = get(self.event, path)
        return None if found is MISSING else found

    def fill(self, raw: Raw, names: Mapping[str, str]) -> None:
        """Take what is mapped one to one: paths of the event, and where they come from."""
        for path, source in names.items():
            self.put(path, raw.take(source))

    def classify(self, class_: tuple[int, str], activity: tuple[int, str]) -> None:
        """Which class it is of, and which of its activities; 99 is any other, by its name."""
        (uid, name), (activity_id, activity_name) = class_, activity
        shown = "Other" if activity_id == 99 else activity_name
        self.event.update(
            class_uid=uid, class_name=name, activity_id=activity_id, activity_name=activity_name,
            type_uid=uid * 100 + activity_id, type_name=f"{name}: {shown}",
        )  # fmt: skip

    def happened(self, at: datetime | None) -> None:
        """When."""
        if at is not None:
            self.put("time", (at - _EPOCH) // timedelta(milliseconds=1))
            self.put("time_dt", at.isoformat())

    def observe(self, name: str, value: Any, kind: str) -> None:
        """Something that can be looked for in many events."""
        if value not in (None, "", "-"):
            found = {"name": name, "value": value, "type": kind, "type_id": _KINDS[kind]}
            self._seen.append(found)

    def done(self, raw: Raw) -> dict[str, Any]:
        """The event, with what nobody took of its record."""
        rest = raw.rest()
        if self._seen:
            self.put("observables", self._seen)
        if rest:
            self.put("unmapped", rest)
        return self.event


def moment(text: Any) -> datetime | None:
    """An instant in ISO 8601, or seconds since the epoch; None: neither."""
    try:
        if isinstance(text, str) and not text.isdigit():
            return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)
        return _EPOCH + timedelta(seconds=int(text))
    except (ValueError, TypeError, OverflowError):
        return None


def whole(text: Any) -> int | None:
    """A whole number; None: none, as ``-``."""
    try:
        return int(text)
    except (ValueError, TypeError):
        return None


def is_ip(text: Any) -> bool:
    """Whether a text is an address."""
    try:
        ipaddress.ip_address(str(text))
    except ValueError:
        return False
    return True
