"""XML bodies of the ``query`` protocol.

Lives here: `answer` and `error`. A character that XML can't carry becomes U+FFFD.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from awsmon.core.errors import AwsError, NotImplementedByAwsmon
from awsmon.sdk.protocols.headers import query_error
from awsmon.sdk.protocols.instants import iso8601

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import OperationModel

__all__ = ["answer", "error"]

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def answer(model: OperationModel, shaped: Mapping[str, Any], request_id: str) -> bytes:
    """A success: the result in its wrapper, then the metadata."""
    shape, result = model.output_shape, ""
    if shape is not None:
        result = _content(shape, shaped)
        wrapper = shape.serialization.get("resultWrapper")
        result = _element(wrapper, result) if wrapper else result
    metadata = _element("ResponseMetadata", _element("RequestId", escape(request_id)))
    return _document(model, f"{model.name}Response", result + metadata)


def error(
    model: OperationModel, refused: AwsError, shape: Any, members: Mapping[str, Any],
    request_id: str,
) -> bytes:  # fmt: skip
    """An error; the message goes under the protocol's own name, whatever the shape calls it."""
    inner = _element("Type", query_error(refused)) + _element("Code", _text(refused.code))
    if refused.message is not None:
        inner += _element("Message", _text(refused.message))
    if shape is not None:
        others = {name: value for name, value in members.items() if name.lower() != "message"}
        inner += _content(shape, others)
    body = _element("Error", inner) + _element("RequestId", escape(request_id))
    return _document(model, "ErrorResponse", body)


def _document(model: OperationModel, root: str, content: str) -> bytes:
    namespace = model.metadata.get("xmlNamespace", "")
    opening = f'{root} xmlns="{escape(namespace)}"' if namespace else root
    return f"<{opening}>{content}</{root}>".encode()


def _element(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def _content(shape: Any, value: Any) -> str:
    """What stands between the tags of a shaped value."""
    match shape.type_name:
        case "structure":
            return "".join(
                _element(member.serialization.get("name", name), _content(member, value[name]))
                for name, member in shape.members.items()
                if name in value
            )
        case "list" | "map" if shape.serialization.get("flattened"):
            raise NotImplementedByAwsmon(f"{shape.name} is flattened.")
        case "list":
            name = shape.member.serialization.get("name", "member")
            return "".join(_element(name, _content(shape.member, each)) for each in value)
        case "map":
            return "".join(_element("entry", _pair(shape, *pair)) for pair in value.items())
        case "timestamp":
            return iso8601(value)
        case "blob":
            return base64.b64encode(value).decode()
        case "boolean":
            return "true" if value else "false"
        case "float" | "double":
            return _NOT_FINITE.get(str(value)) or str(value)
    return _text(str(value))


def _pair(shape: Any, key: str, value: Any) -> str:
    return _element(shape.key.serialization.get("name", "key"), _text(key)) + _element(
        shape.value.serialization.get("name", "value"), _content(shape.value, value)
    )


def _text(text: str) -> str:
    return escape(_UNWRITABLE.sub("\ufffd", text), {"\r": "&#13;"})
