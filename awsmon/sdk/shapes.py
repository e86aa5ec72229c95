"""From an output shape to a closure that brings an answer into form.

Lives here: `shaper`, compiled once for each operation, and `shape_with` for any shape. What comes
out is what botocore parses off the wire, whichever protocol the client speaks, so that the fast
path gives it to the user as it is and the wire path has only to write it down: plain `str`, `int`,
`float`, `bool` and `bytes`, aware datetimes of whole milliseconds, new dicts and lists.
"""

from __future__ import annotations

import io
import operator
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.response import StreamingBody

from awsmon.core.errors import AwsmonError, NotImplementedByAwsmon
from awsmon.sdk.live import LiveStream

if TYPE_CHECKING:
    from botocore.model import OperationModel

__all__ = ["shape_with", "shaper"]

Convert = Callable[[Any], Any]
Shaper = Callable[["Mapping[str, Any] | None"], dict[str, Any]]

_MICROSECONDS = [timedelta(microseconds=each) for each in range(1000)]
_ANSWERS_KNOW = (1, 44)  # the botocore whose members all answers were written by
_WRONG = (TypeError, ValueError, AttributeError, OverflowError)

_shapers: dict[tuple[str, str, str], Shaper] = {}  # by name: every client has a model of its own


def shaper(model: OperationModel) -> Shaper:
    """A function from what an operation returned to what botocore would have parsed.

    It takes the answer by AWS's member names, or None; members that are None are left out, the
    others come in the order of the shape. Nothing of what it gets is kept, streams excepted.

    Members that an older botocore doesn't know yet are left out, as its own parser does.

    Raises:
        AwsmonError: (when called) a member that the shape doesn't have, or of another type.
    """
    service = model.service_model
    key = service.service_name, service.api_version, model.name
    found = _shapers.get(key)
    if found is None:
        found = _shapers[key] = _compile(model)
    return found


def shape_with(shape: Any, path: str) -> Convert:
    """The same for one shape, of an error or an event; *path* names it in messages."""
    return _convert(shape, path, {})


def _compile(model: OperationModel) -> Shaper:
    shape, name = model.output_shape, model.name
    if shape is None:
        return _nothing(name, _knows_less(model))
    for member, inner in shape.members.items():
        if inner.serialization.get("location"):
            raise NotImplementedByAwsmon(f"{name}.{member} of an answer travels in its headers.")
    structure = _convert(shape, name, {})
    payload = shape.serialization.get("payload")
    if payload is None:
        return lambda result: structure({} if result is None else result)
    if not model.has_streaming_output:
        raise NotImplementedByAwsmon(f"{name}.{payload}, the whole body, isn't a stream of bytes.")

    def streaming(result: Mapping[str, Any] | None) -> dict[str, Any]:
        shaped: dict[str, Any] = structure({} if result is None else result)
        body = shaped.get(payload, b"")
        if isinstance(body, bytes):
            body = StreamingBody(io.BytesIO(body), len(body))
        shaped[payload] = body
        return shaped

    return streaming


def _knows_less(of: Any) -> bool:
    """Whether the botocore that a model or shape is *of* is older than the answers."""
    botocore = sys.modules[type(of).__module__.rpartition(".")[0]]
    major, minor = botocore.__version__.split(".")[:2]
    return (int(major), int(minor)) < _ANSWERS_KNOW


def _nothing(operation: str, old: bool) -> Shaper:
    def nothing(result: Mapping[str, Any] | None) -> dict[str, Any]:
        if result and not old:
            raise AwsmonError(f"{operation} answers nothing; {_few(result)} was returned.")
        return {}

    return nothing


# -- containers ------------------------------------------------------------------------------------


def _convert(shape: Any, path: str, above: dict[str, list[Convert]]) -> Convert:
    """The closure of a shape; a structure inside itself finds its own in *above*."""
    match shape.type_name:
        case "structure":
            if shape.serialization.get("eventstream"):
                return _events(shape, path)
            if shape.is_document_type:
                raise NotImplementedByAwsmon(f"{path} is a document.")
            if shape.name in above:
                ours = above[shape.name]
                return lambda value: ours[0](value)
            return _structure(shape, path, above)
        case "list":
            return _list(shape.member.type_name, _convert(shape.member, f"{path}[]", above))
        case "map":
            return _map(_convert(shape.value, f"{path}{{}}", above))
    try:
        return _SCALARS[shape.type_name]
    except KeyError:
        raise NotImplementedByAwsmon(f"{path} is of type {shape.type_name}.") from None


def _structure(shape: Any, path: str, above: dict[str, list[Convert]]) -> Convert:
    ours: list[Convert] = []
    above = {**above, shape.name: ours}
    payload, union = shape.serialization.get("payload"), shape.is_tagged_union
    converts = {
        name: _stream if name == payload else _convert(inner, f"{path}.{name}", above)
        for name, inner in shape.members.items()
    }
    members = [(name, _AS_IT_IS.get(each), each) for name, each in converts.items()]
    old = _knows_less(shape)

    def structure(value: Any) -> dict[str, Any]:
        shaped: dict[str, Any] = {}
        name = ""
        try:
            get = value.get
            for name, kind, convert in members:
                inner = get(name)
                if inner is not None:
                    shaped[name] = inner if type(inner) is kind else convert(inner)
        except _WRONG as wrong:
            at = f"{path}.{name}" if name else path
            raise AwsmonError(f"{at} can't be answered: {wrong}") from wrong
        if len(shaped) != len(value) and not old:
            _refuse_unknown(path, value, shaped)
        if union and len(shaped) != 1:
            raise AwsmonError(f"{path} must have exactly one member, not {_few(shaped)}.")
        return shaped

    texts = frozenset(shape.members)
    if union or payload or any(inner.type_name != "string" for inner in shape.members.values()):
        ours.append(structure)
        return structure

    def record(value: Any) -> dict[str, Any]:
        """Of nothing but texts, of which there may be thousands."""
        if (
            type(value) is dict
            and value.keys() <= texts
            and _TEXTS.issuperset(map(type, value.values()))
        ):
            return value.copy()
        return structure(value)

    ours.append(record)
    return record


def _refuse_unknown(path: str, value: Mapping[str, Any], shaped: Mapping[str, Any]) -> None:
    unknown = [name for name, inner in value.items() if inner is not None and name not in shaped]
    if unknown:
        raise AwsmonError(f"{path} has no member {_few(unknown)} in botocore's model.")


_TEXTS = frozenset({str})


def _few(names: Any) -> str:
    return ", ".join(map(str, names)) or "none"


def _list(kind: str, convert: Convert) -> Convert:
    """Numbers come by the thousand, so their test stands inline."""
    if kind in ("float", "double"):
        return lambda values: [v if type(v) is float else _number(v) for v in _elements(values)]
    if kind == "string":
        return lambda values: [v if type(v) is str else _text(v) for v in _elements(values)]
    if kind == "timestamp":
        return lambda values: [
            v if type(v) is datetime and v.tzinfo is not None and not v.microsecond else _instant(v)
            for v in _elements(values)
        ]
    return lambda values: [convert(value) for value in _elements(values)]


def _elements(values: Any) -> Any:
    if isinstance(values, (str, bytes, Mapping)):
        raise TypeError(f"{values!r} isn't a list")
    return values


def _map(convert: Convert) -> Convert:
    return lambda values: {
        key if type(key) is str else _text(key): convert(value)
        for key, value in values.items()
        if value is not None
    }


# -- scalars ---------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    """A plain string, of an enum's member too."""
    if type(value) is str:
        return value
    if not isinstance(value, str):
        raise TypeError(f"{value!r} isn't a string")
    return str.__str__(value)


def _whole(value: Any) -> int:
    """An integer; a float without fraction counts as one."""
    if type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return operator.index(value)


def _number(value: Any) -> float:
    if type(value) is float:
        return value
    if isinstance(value, (str, bytes, bool)):
        raise TypeError(f"{value!r} isn't a number")
    return float(value)


def _truth(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise TypeError(f"{value!r} isn't a boolean")


def _bytes(value: Any) -> bytes:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"{value!r} isn't bytes")


def _instant(value: Any) -> datetime:
    """No protocol carries more than milliseconds."""
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} isn't a datetime")
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    surplus = value.microsecond % 1000
    return value - _MICROSECONDS[surplus] if surplus else value


def _stream(value: Any) -> Any:
    return value if hasattr(value, "read") else _bytes(value)


def _events(shape: Any, path: str) -> Convert:
    """What is there already as it is; what is still to come as botocore's streams read."""
    errors = frozenset(
        name for name, inner in shape.members.items() if inner.metadata.get("exception")
    )
    operation = path.partition(".")[0]

    def events(value: Any) -> Any:
        return value if isinstance(value, (list, tuple)) else LiveStream(value, operation, errors)

    return events


_SCALARS: dict[str, Convert] = {
    "string": _text,
    "character": _text,
    "integer": _whole,
    "long": _whole,
    "float": _number,
    "double": _number,
    "boolean": _truth,
    "blob": _bytes,
    "timestamp": _instant,
}

_AS_IT_IS: dict[Convert, type] = {_text: str, _whole: int, _number: float, _truth: bool}
"""Of which types these give back what they get; for most members no call is needed."""
