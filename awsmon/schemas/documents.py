"""Schemas as documents: OpenAPI 3 and JSON Schema Draft 4.

Lives here: `open_api` and `draft4`, which write a shape of events down, `exported`, from the one to
the other, and `check`. Nested objects become schemas of their own, named after their member.
Source: EventBridge User Guide, "Amazon EventBridge schemas"; AWS's registry ``aws.events``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from awsmon.schemas.errors import BadRequestException
from awsmon.schemas.inference import Array, Object, Scalar

if TYPE_CHECKING:
    from awsmon.schemas.inference import Shape

__all__ = [
    "DRAFT4", "OPEN_API", "camel", "check", "draft4", "exported", "open_api", "schema_name",
    "written",
]  # fmt: skip

OPEN_API, DRAFT4 = "OpenApi3", "JSONSchemaDraft4"
_DRAFT = "http://json-schema.org/draft-04/schema#"
_ROOT = "AWSEvent"
_REQUIRED = ["detail-type", "resources", "detail", "id", "source", "time", "region", "version",
             "account"]  # fmt: skip
_TEXT = {"type": "string"}


def camel(detail_type: str) -> str:
    """``Order Placed`` as ``OrderPlaced``."""
    words = re.split(r"[^A-Za-z0-9]+", detail_type)
    return "".join(word[:1].upper() + word[1:] for word in words)


def schema_name(source: str, detail_type: str) -> str:
    """Under which a discovered schema is found: ``my.app@OrderPlaced``."""
    return re.sub(r"[^A-Za-z0-9._\-@]", "", f"{source}@{camel(detail_type)}")


# -- writing a shape down --------------------------------------------------------------------------


def open_api(source: str, detail_type: str, detail: Shape) -> dict[str, Any]:
    """The schema of events of one kind, as OpenAPI 3."""
    title = camel(detail_type) or "Event"
    return {
        "openapi": "3.0.0",
        "info": {"version": "1.0.0", "title": title},
        "paths": {},
        "components": {
            "schemas": _schemas(source, detail_type, title, detail, "#/components/schemas/")
        },
    }


def draft4(source: str, detail_type: str, detail: Shape) -> dict[str, Any]:
    """The same as JSON Schema."""
    title = camel(detail_type) or "Event"
    found = _schemas(source, detail_type, title, detail, "#/definitions/")
    return {"$schema": _DRAFT, "title": title, "definitions": found, **found.pop(_ROOT)}


def _schemas(
    source: str, detail_type: str, title: str, detail: Shape, prefix: str
) -> dict[str, Any]:
    writer = _Writer(prefix)
    reference = writer.written(detail, title)
    root = {
        "type": "object",
        "required": _REQUIRED,
        "x-amazon-events-detail-type": detail_type,
        "x-amazon-events-source": source,
        "properties": {
            "detail": reference, "account": _TEXT, "detail-type": _TEXT, "id": _TEXT,
            "region": _TEXT, "resources": {"type": "array", "items": _TEXT}, "source": _TEXT,
            "time": {"type": "string", "format": "date-time"}, "version": _TEXT,
        },
    }  # fmt: skip
    return {_ROOT: root, **writer.schemas}


class _Writer:
    """Writes shapes, and keeps the schemas of objects by name.

    Args:
        prefix: of references.
    """

    def __init__(self, prefix: str) -> None:
        self.schemas: dict[str, Any] = {}
        self._prefix = prefix

    def written(self, shape: Shape, name: str) -> dict[str, Any]:
        """What stands where a value of that shape is."""
        if isinstance(shape, Object):
            return {"$ref": self._prefix + self._filed(self._object(shape), name)}
        if isinstance(shape, Array):
            items = {"type": "object"} if shape.items is None else self.written(shape.items, name)
            return {"type": "array", "items": items}
        return _scalar(shape)

    def _object(self, shape: Object) -> dict[str, Any]:
        found: dict[str, Any] = {"type": "object"}
        if shape.required:
            found["required"] = sorted(shape.required)
        found["properties"] = {
            member: self.written(shape.members[member], _capital(member))
            for member in sorted(shape.members)
        }
        return found

    def _filed(self, schema: dict[str, Any], name: str) -> str:
        """A name for it: equal ones share theirs."""
        chosen, number = name or "Item", 0
        while chosen == _ROOT or self.schemas.get(chosen, schema) != schema:
            number += 1
            chosen = f"{name}_{number}"
        self.schemas[chosen] = schema
        return chosen


def _scalar(shape: Scalar) -> dict[str, Any]:
    named = (("type", shape.type), ("format", shape.format))
    return {name: value for name, value in named if value}


def _capital(member: str) -> str:
    return camel(member)


# -- reading documents -----------------------------------------------------------------------------


def check(content: str, kind: str) -> dict[str, Any]:
    """The document, of a schema of that type.

    Raises:
        BadRequestException: it is none.
    """
    try:
        found = json.loads(content)
    except ValueError:
        raise BadRequestException.content("it is no JSON") from None
    if not isinstance(found, dict):
        raise BadRequestException.content("it is no object")
    if kind == OPEN_API:
        if not str(found.get("openapi", "")).startswith("3."):
            raise BadRequestException.content("'openapi' must be a version 3")
        for member in ("info", "paths"):
            if not isinstance(found.get(member), dict):
                raise BadRequestException.content(f"'{member}' must be an object")
    elif "draft-04" not in str(found.get("$schema", _DRAFT)):
        raise BadRequestException.content("'$schema' must be draft 4")
    return found


def exported(document: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document as JSON Schema, which events can be held against."""
    schemas = document.get("components", {}).get("schemas", {})
    root = _ROOT if _ROOT in schemas else next(iter(schemas), None)
    definitions = {name: _draft(each) for name, each in schemas.items()}
    whole = {"$schema": _DRAFT, "title": document["info"].get("title", "")}
    if root is None:
        return {**whole, "type": "object"}
    head = definitions.pop(root)
    found: dict[str, Any] = _renamed({**whole, "definitions": definitions, **head}, root)
    return found


def _draft(schema: Any) -> Any:
    """Without what only OpenAPI knows."""
    if isinstance(schema, list):
        return [_draft(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _draft(each) for name, each in schema.items()}
    if found.pop("nullable", False) and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
    return found


def _renamed(schema: Any, root: str) -> Any:
    """References point to definitions, and those to the root to the whole."""
    if isinstance(schema, list):
        return [_renamed(each, root) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _renamed(each, root) for name, each in schema.items()}
    reference = found.get("$ref")
    if isinstance(reference, str):
        name = reference.rpartition("/")[2]
        found["$ref"] = "#" if name == root else f"#/definitions/{name}"
    return found


def written(document: dict[str, Any]) -> str:
    """A document as text."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
