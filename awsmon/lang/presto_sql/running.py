"""Running a statement over tables in memory, in DuckDB.

Lives here: `Table`, `Result` and `run`. One database serves a process; a statement has a connection
of its own, which sees the tables that it is given and nothing else, no file and no network.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from awsmon.lang.presto_sql.reading import read
from awsmon.lang.presto_sql.translating import MACROS, translate
from awsmon.lang.presto_sql.types import MAP, ddl, shaped, shown, structure
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from awsmon.lang.presto_sql.reading import Statement
    from awsmon.lang.presto_sql.types import Column

__all__ = ["Result", "Table", "run"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        columns: their kinds (`types`), by name in lower case.
        rows: as JSON has them.
    """

    columns: Mapping[str, Column]
    rows: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement found.

    Attributes:
        columns: their names, in order; two may have the same.
        rows: values as text; None is null.
        types: of the columns, as DuckDB names them.
    """

    columns: list[str]
    rows: list[list[str | None]]
    types: list[str] = field(default_factory=list)


def run(text: str, tables: Mapping[str, Table], now: datetime) -> Result:
    """What a SELECT finds.

    Args:
        text: in Trino's dialect.
        tables: by name in lower case.
        now: what time it is.

    Raises:
        LanguageError: it is no SELECT, or asks for what the tables don't have.
        ImportError: the extra ``lake`` isn't installed.
    """
    import duckdb

    statement = read(text)
    maps = {name for each in tables.values() for name, kind in each.columns.items() if kind == MAP}
    for name in statement.tables:
        if name.lower() not in tables:
            raise LanguageError(f"table {name} does not exist", text, max(text.find(name), 0))
    translated = translate(statement, now, maps)
    with _database().cursor() as connection:
        try:
            for name in statement.tables:
                _fill(connection, name, tables[name.lower()], statement)
            found = connection.execute(translated.sql)
            rows = [[shown(value) for value in row] for row in found.fetchall()]
        except (duckdb.Error, RuntimeError, ValueError, OverflowError) as error:
            words = (str(error).strip() or "it can't be run").splitlines()[0]
            raise LanguageError(words, text, _place(words, text)) from error
        described = found.description or ()
        types = [str(each[1]) for each in described]
    return Result(translated.columns or [each[0] for each in described], rows, types)


def _place(words: str, text: str) -> int:
    """Where the text has what DuckDB complains of."""
    name = re.search(r'"(\w+)"|name (\w+)', words)
    return max(text.lower().find((name[1] or name[2]).lower()), 0) if name else 0


@cache
def _database() -> Any:
    """Making one costs more than most statements do."""
    import duckdb

    database = duckdb.connect(":memory:", config={"threads": 1})
    database.execute("SET GLOBAL TimeZone = 'UTC'")
    database.execute("SET GLOBAL integer_division = true")
    database.execute("SET GLOBAL old_implicit_casting = true")  # times are compared with texts
    for macro in filter(None, MACROS.splitlines()):
        database.execute(f"CREATE MACRO {macro}")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    return database


def _fill(connection: Any, name: str, table: Table, statement: Statement) -> None:
    """A table that lasts as long as its connection, with the columns that are asked for."""
    words = statement.words
    columns = {
        each: kind for each, kind in table.columns.items() if words is None or each in words
    } or dict(table.columns)  # fmt: skip
    declared = ", ".join(f'"{each}" {ddl(kind)}' for each, kind in columns.items())
    connection.execute(f'CREATE TEMP TABLE "{name}" ({declared})')
    if table.rows:
        rows = json.dumps([shaped(row, columns) for row in table.rows], default=str)
        connection.execute(
            f'INSERT INTO "{name}" SELECT unnest(from_json(?, ?), max_depth := 2)',
            [rows, json.dumps([structure(columns)])],
        )
