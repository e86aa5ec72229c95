"""Requests as operations read them: aware datetimes, bytes, floats.

Lives here: `normaliser`, compiled from the input shape once for each operation. botocore lets
users write a timestamp as datetime, text or number, a blob as text or file, a double as an
integer; what it would send is what an operation gets.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from botocore.utils import parse_to_aware_datetime

from awsmon.core.clock import aware

if TYPE_CHECKING:
    from botocore.model import OperationModel

__all__ = ["copied", "normaliser", "packed", "spelled"]

_PROTOCOL = pickle.HIGHEST_PROTOCOL

Change = Callable[[Any], Any]
Normaliser = Callable[[Mapping[str, Any]], Mapping[str, Any]]


_known: dict[tuple[str, str], Normaliser] = {}  # by name: every client has a model of its own


def normaliser(model: OperationModel) -> Normaliser:
    """A function that gives a request in normal form; what needs no change is not copied."""
    name = model.service_model.service_name, model.name
    found = _known.get(name)
    if found is None:
        change = _change(model.input_shape, ()) if model.input_shape is not None else None
        found = _known[name] = change if change is not None else lambda request: request
    return found


def _change(shape: Any, above: tuple[str, ...]) -> Change | None:
    """What to do to values of a shape; None: nothing anywhere in it."""
    if shape.name in above:  # recursive shapes hold neither instants nor blobs
        return None
    above = (*above, shape.name)
    match shape.type_name:
        case "timestamp":
            return _instant
        case "blob":
            return _bytes
        case "float" | "double":
            return float
        case "structure":
            members = {
                name: change
                for name, member in shape.members.items()
                if (change := _change(member, above)) is not None
            }
            return _structure(members) if members else None
        case "list":
            return _each(_change(shape.member, above))
        case "map":
            return _values(_change(shape.value, above))
    return None


def _structure(members: dict[str, Change]) -> Change:
    def structure(value: Any) -> Any:
        if type(value) is not dict or value.keys().isdisjoint(members):
            return value
        return {
            name: members[name](inner) if name in members and inner is not None else inner
            for name, inner in value.items()
        }

    return structure


def _each(change: Change | None) -> Change | None:
    if change is None:
        return None
    return lambda value: [change(inner) for inner in value]


def _values(change: Change | None) -> Change | None:
    if change is None:
        return None
    return lambda value: {key: change(inner) for key, inner in value.items()}


def _instant(value: Any) -> datetime:
    if type(value) is not datetime or value.tzinfo is not timezone.utc:
        value = parse_to_aware_datetime(value)
    return aware(value)


def _bytes(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    return value.read() if hasattr(value, "read") else value


def spelled(shape: Any, value: Any) -> Any:
    """Parameters whose members may be written with another first letter than the model's.

    So who has a service make a call may write them: universal targets have ``StateMachineArn``.
    """
    kind = getattr(shape, "type_name", "")
    if kind == "structure" and isinstance(value, Mapping):
        found = {_member(shape.members, name): inner for name, inner in value.items()}
        return {name: spelled(shape.members.get(name), inner) for name, inner in found.items()}
    if kind == "list" and isinstance(value, (list, tuple)):
        return [spelled(shape.member, inner) for inner in value]
    if kind == "map" and isinstance(value, Mapping):
        return {key: spelled(shape.value, inner) for key, inner in value.items()}
    return value


def _member(members: Mapping[str, Any], name: str) -> str:
    other = name[:1].swapcase() + name[1:]
    return other if name not in members and other in members else name


def packed(parameters: Any) -> bytes:
    """A copy as bytes, since what a caller gave may change after the call.

    In one piece, as pickle makes it: a copy in Python costs ten times the time and memory.
    """
    try:
        return pickle.dumps(parameters, _PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError):  # a file, or an object of the user's
        return pickle.dumps(copied(parameters), _PROTOCOL)


def copied(value: Any) -> Any:
    """A copy of what containers a value is made of; streams and other objects are left out."""
    kind = type(value)
    if kind is str or kind is int or kind is float or kind is bool or value is None:
        return value
    if isinstance(value, Mapping):
        return {key: copied(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [copied(inner) for inner in value]
    return value if isinstance(value, (str, int, float, bytes, datetime)) else None
