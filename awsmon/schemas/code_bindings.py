"""Code bindings: Python classes for the events of a schema.

Lives here: `LANGUAGES`, `package_of` and `python_binding`. The archive has the package that AWS's
has, so that a handler imports from the same place:

    from schema.my.app.orderplaced import AWSEvent, Marshaller, OrderPlaced

Source: EventBridge User Guide, "Code bindings"; the imports of AWS's sample applications.
"""

from __future__ import annotations

import io
import json
import keyword
import re
import zipfile
from typing import TYPE_CHECKING, Any

from awsmon.schemas.documents import OPEN_API, exported

if TYPE_CHECKING:
    from awsmon.schemas.model import Schema, Version

__all__ = ["LANGUAGES", "package_of", "python_binding"]

LANGUAGES = ("Java8", "Python36", "TypeScript3", "Go1")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip file knows no earlier one; so equal schemas give equal files
_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}

_MARSHALLER = '''\
import datetime


class Marshaller:
    """From events as mappings to their classes, and back."""

    @classmethod
    def marshall(cls, obj):
        """A mapping, of an object of one of the classes."""
        if isinstance(obj, datetime.datetime):
            return obj.isoformat().replace("+00:00", "Z")
        if isinstance(obj, list):
            return [cls.marshall(each) for each in obj]
        if not hasattr(obj, "_attribute_map"):
            return obj
        found = {}
        for name, key in obj._attribute_map.items():
            value = getattr(obj, name)
            if value is not None:
                found[key] = cls.marshall(value)
        return found

    @classmethod
    def unmarshall(cls, data, type_name):
        """An object of a class, of a mapping."""
        if data is None:
            return None
        if isinstance(type_name, list):
            return [cls.unmarshall(each, type_name[0]) for each in data]
        if type_name is datetime.datetime:
            return datetime.datetime.fromisoformat(data.replace("Z", "+00:00"))
        if not hasattr(type_name, "_attribute_map"):
            return data
        found = type_name()
        for name, key in type_name._attribute_map.items():
            setattr(found, name, cls.unmarshall(data.get(key), type_name._types()[name]))
        return found
'''


def package_of(name: str) -> str:
    """The Python package of a schema: ``schema.my.app.orderplaced``."""
    source, _, kind = name.rpartition("@")
    parts = [*source.split("."), kind.lower()] if source else [kind.lower()]
    return ".".join(["schema", *(_identifier(part) for part in parts if part)])


def python_binding(schema: Schema, version: Version) -> bytes:
    """The zip file of a version's classes."""
    document = json.loads(version.content)
    draft = exported(document) if version.kind == OPEN_API else document
    package = package_of(schema.name)
    classes = _classes(draft)
    imports = [f"from {package}.{name} import {name}\n" for name in classes]
    imports.append(f"from {package}.Marshaller import Marshaller\n")
    files = {
        f"{name}.py": _class(name, each, package, set(classes)) for name, each in classes.items()
    }
    files |= {"Marshaller.py": _MARSHALLER, "__init__.py": "".join(sorted(imports))}
    return _zipped(package, files)


def _zipped(package: str, files: dict[str, str]) -> bytes:
    parts = package.split(".")
    folders = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    paths = {f"{folder}/__init__.py": "" for folder in folders[:-1]}
    paths |= {f"{folders[-1]}/{name}": text for name, text in files.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(paths):
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), paths[path])
    return buffer.getvalue()


def _classes(draft: dict[str, Any]) -> dict[str, Any]:
    """The objects of a document by the name of their class."""
    definitions = draft.get("definitions", {})
    root = {name: value for name, value in draft.items() if name != "definitions"}
    title = "AWSEvent" if "x-amazon-events-source" in draft else draft.get("title") or "Root"
    return {
        _identifier(name): each
        for name, each in {title: root, **definitions}.items()
        if isinstance(each, dict)
    }


def _class(name: str, schema: dict[str, Any], package: str, classes: set[str]) -> str:
    members = {_snake(key): (key, value) for key, value in schema.get("properties", {}).items()}
    arguments = "".join(f", {member}=None" for member in members)
    needed = sorted({
        each for _, value in members.values() for each in classes
        if re.search(rf"\b{each}\b", _type(value))
    })  # fmt: skip
    lines = [
        "import datetime\n\n\n", f"class {name}:\n",
        f'    """{json.dumps(schema.get("title", name))[1:-1]}."""\n\n',
        f"    _attribute_map = {({m: key for m, (key, _) in members.items()})!r}\n\n",
        "    @classmethod\n    def _types(cls):\n",
        *(f"        from {package}.{each} import {each}\n" for each in needed),
        "        return {", ", ".join(f"{m!r}: {_type(v)}" for m, (_, v) in members.items()), "}\n",
        f"\n    def __init__(self{arguments}):\n",
        *(f"        self.{member} = {member}\n" for member in members),
        *([] if members else ["        pass\n"]),
        "\n    def to_dict(self):\n        return dict(self.__dict__)\n",
        "\n    def __repr__(self):\n        return f\"{type(self).__name__}({self.__dict__})\"\n",
        "\n    def __eq__(self, other):\n",
        "        return type(self) is type(other) and self.__dict__ == other.__dict__\n",
    ]  # fmt: skip
    return "".join(lines)


def _type(schema: Any) -> str:
    """The class of a member, as Python source."""
    if not isinstance(schema, dict):
        return "object"
    if "$ref" in schema:
        reference = str(schema["$ref"])
        return "AWSEvent" if reference == "#" else _identifier(reference.rpartition("/")[2])
    kind = schema.get("type")
    if kind == "array":
        return f"[{_type(schema.get('items', {}))}]"
    if kind == "string" and schema.get("format") == "date-time":
        return "datetime.datetime"
    return _TYPES.get(kind, "object") if isinstance(kind, str) else "object"


def _snake(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return _identifier(re.sub(r"[^A-Za-z0-9]+", "_", words).strip("_").lower())


def _identifier(name: str) -> str:
    clean = re.sub(r"[^A-Za-z0-9_]", "_", name) or "_"
    if clean[0].isdigit() or keyword.iskeyword(clean):
        return f"_{clean}"
    return clean
