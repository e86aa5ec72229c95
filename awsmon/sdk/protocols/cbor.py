"""CBOR bodies (RFC 8949), as far as ``smithy-rpc-v2-cbor`` has it: lengths definite, floats double.

Lives here: `dumps`, by the types of Python: a shaped value needs no shape any more.
"""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any

from awsmon.core.errors import AwsmonError
from awsmon.sdk.protocols.instants import seconds

__all__ = ["dumps"]

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP = (major << 5 for major in range(6))
_EPOCH_SECONDS = b"\xc1"  # tag 1
_SIMPLE = {False: b"\xf4", True: b"\xf5", None: b"\xf6"}
_WIDTHS = ((1 << 8, 24, ">BB"), (1 << 16, 25, ">BH"), (1 << 32, 26, ">BI"), (1 << 64, 27, ">BQ"))


def dumps(value: Any) -> bytes:
    """A value as one data item.

    Raises:
        AwsmonError: an integer beyond 64 bits, or a type that CBOR lacks.
    """
    out: list[bytes] = []
    _write(value, out)
    return b"".join(out)


def _write(value: Any, out: list[bytes]) -> None:
    match value:
        case bool() | None:
            out.append(_SIMPLE[value])
        case int():
            out.append(_head(_UNSIGNED, value) if value >= 0 else _head(_NEGATIVE, -1 - value))
        case float():
            out.append(_double(value))
        case str():
            encoded = value.encode()
            out += (_head(_TEXT, len(encoded)), encoded)
        case bytes():
            out += (_head(_BYTES, len(value)), value)
        case datetime():
            out += (_EPOCH_SECONDS, _double(seconds(value)))
        case list():
            out.append(_head(_ARRAY, len(value)))
            for each in value:
                _write(each, out)
        case dict():
            out.append(_head(_MAP, len(value)))
            for key, each in value.items():
                _write(key, out)
                _write(each, out)
        case _:
            raise AwsmonError(f"CBOR has nothing for {value!r}.")


def _double(value: float) -> bytes:
    return struct.pack(">Bd", 0xFB, value)


def _head(major: int, number: int) -> bytes:
    """The kind of an item with its length or value, in as few bytes as hold it."""
    if number < 24:
        return bytes((major | number,))
    for bound, width, form in _WIDTHS:
        if number < bound:
            return struct.pack(form, major | width, number)
    raise AwsmonError(f"{number} doesn't fit into 64 bits.")
