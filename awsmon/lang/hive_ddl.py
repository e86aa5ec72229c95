"""Statements that define tables over files, in Hive's words, as Athena takes them.

Lives here: what they become (`TableDefinition`, `NewPartitions`, `DropTable`, `CreateDatabase`),
and `read_ddl`. sqlglot reads them; columns are of the kinds that `presto_sql` knows.
Source: Athena User Guide, "CREATE TABLE", "ALTER TABLE ADD PARTITION", "DROP TABLE".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsmon.lang.presto_sql.types import BOOLEAN, INTEGER, MAP, TEXT, TIMESTAMP
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from awsmon.lang.presto_sql.types import Column

__all__ = ["CreateDatabase", "DropTable", "NewPartitions", "TableDefinition", "read_ddl"]

_DDL = re.compile(r"\s*(?:--[^\n]*\n\s*)*(CREATE|ALTER|DROP)\b", re.IGNORECASE)
_KINDS = {
    "TEXT": TEXT, "VARCHAR": TEXT, "CHAR": TEXT, "BOOLEAN": BOOLEAN, "TINYINT": INTEGER,
    "SMALLINT": INTEGER, "INT": INTEGER, "BIGINT": INTEGER, "FLOAT": "DOUBLE", "DOUBLE": "DOUBLE",
    "TIMESTAMP": TIMESTAMP, "TIMESTAMPTZ": TIMESTAMP, "DATE": "DATE", "MAP": MAP,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """A table over files.

    Attributes:
        database: empty: that of the query.
        columns: by name in lower case; `partitions`: those that the files' places tell.
        serde: the class that reads a file's text, `input_format`: the one that splits it.
        location: an S3 URL.
        quiet: it is no mistake if there is one.
    """

    name: str
    columns: dict[str, Column]
    location: str
    serde: str = ""
    input_format: str = ""
    database: str = ""
    partitions: dict[str, Column] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class NewPartitions:
    """More places of a table's files.

    Attributes:
        added: the values of its partition columns, each with an S3 URL.
        quiet: it is no mistake if there is one.
    """

    name: str
    added: list[tuple[dict[str, str], str]]
    database: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class DropTable:
    """A table is known no more; its files stay."""

    name: str
    database: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class CreateDatabase:
    """A name for tables."""

    name: str


def read_ddl(
    text: str,
) -> TableDefinition | NewPartitions | DropTable | CreateDatabase | None:
    """Read a statement that defines something.

    Returns:
        None: it is another statement.

    Raises:
        LanguageError: it begins like one and isn't one that is known here.
        ImportError: sqlglot isn't installed.
    """
    if not _DDL.match(text):
        return None
    from sqlglot import errors, exp, parse_one

    try:
        tree: Any = parse_one(text, read="hive")
        match tree:
            case exp.Create() if tree.kind == "TABLE" and isinstance(tree.this, exp.Schema):
                return _definition(tree)
            case exp.Create() if tree.kind in ("DATABASE", "SCHEMA"):
                return CreateDatabase(tree.this.name.lower())
            case exp.Drop() if tree.kind == "TABLE":
                (table,) = tree.args.get("tables") or [tree.this]
                return DropTable(table.name.lower(), table.db.lower(), bool(tree.args["exists"]))
            case exp.Alter():
                return _partitions(tree)
    except errors.SqlglotError as error:
        words = re.sub(r"\x1b\[\d+m", "", str(error)).splitlines()[0]
        raise LanguageError(words, text, 0) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LanguageError("it can't be read", text, 0) from error
    raise LanguageError("statements of this kind aren't built", text, 0)


def _definition(tree: Any) -> TableDefinition:
    from sqlglot import exp

    table, columns = tree.this.this, tree.this.expressions
    found: dict[str, Any] = {"properties": {}, "location": "", "partitions": {}}
    for each in tree.args["properties"].expressions:
        match each:
            case exp.PartitionedByProperty():
                found["partitions"] = _columns(each.this.expressions)
            case exp.RowFormatSerdeProperty():
                found["serde"] = each.name
            case exp.FileFormatProperty() if isinstance(each.this, exp.InputOutputFormat):
                found["input_format"] = each.this.args["input_format"].name
            case exp.LocationProperty():
                found["location"] = each.name
            case exp.Property() if type(each) is exp.Property:
                found["properties"][each.name] = each.args["value"].name
    return TableDefinition(
        name=table.name.lower(), database=table.db.lower(), columns=_columns(columns),
        quiet=bool(tree.args.get("exists")), **found,
    )  # fmt: skip


def _columns(columns: Any) -> dict[str, Column]:
    return {each.name.lower(): _kind(each.args["kind"]) for each in columns}


def _kind(kind: Any) -> Column:
    name, inner = kind.this.name, kind.expressions
    if name == "ARRAY":
        return [_kind(inner[0])]
    if name == "STRUCT":
        return _columns(inner)
    if name == "DECIMAL":
        return "DOUBLE"
    return _KINDS[name]


def _partitions(tree: Any) -> NewPartitions:
    table, added, quiet = tree.this, [], False
    for action in tree.args["actions"]:
        quiet = quiet or bool(action.args.get("exists"))
        values = {each.this.name.lower(): each.expression.name for each in action.this.expressions}
        added.append((values, action.args["location"].name))
    return NewPartitions(table.name.lower(), added, table.db.lower(), quiet)
