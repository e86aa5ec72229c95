"""Athena in one account and region: SQL over files of JSON in the other mock's S3.

Lives here: `Athena`: tables, queries that ran, and `sql` for people. Reading files is `files.py`'s,
running `lang/presto_sql`'s. With moto beside it, moto answers for all other tables (`claims`).
Source: Athena User Guide, "Query AWS CloudTrail logs".
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from awsmon.athena.documented import CLOUDTRAIL, CONFIG
from awsmon.athena.errors import InvalidRequestException, Unreadable
from awsmon.athena.files import Source, rows
from awsmon.athena.model import Execution, Known
from awsmon.core.errors import MisuseError
from awsmon.core.service import Service, direct
from awsmon.lang.hive_ddl import DropTable, NewPartitions, TableDefinition, read_ddl
from awsmon.lang.presto_sql.reading import read
from awsmon.lang.presto_sql.running import Result, Table, run
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.backend import Backend
    from awsmon.core.neighbours import Deliverer
    from awsmon.core.scope import Scope

__all__ = ["Athena", "need_extra"]

_EXTRA = "SQL over files needs the extra 'lake': pip install 'awsmon[lake]'."
_BY_ID = ("GetQueryExecution", "GetQueryResults", "StopQueryExecution")


def need_extra() -> None:
    """See whether what reads and runs SQL is installed.

    Raises:
        MisuseError: it isn't.
    """
    if not all(importlib.util.find_spec(name) for name in ("sqlglot", "duckdb")):
        raise MisuseError(_EXTRA)


class Athena(Service):
    """Tables over files, and queries.

    Attributes:
        tables: by database and name.
        executions: by id, oldest first.
    """

    def __init__(
        self, backend: Backend, scope: Scope, *, trail: Deliverer, config: Deliverer
    ) -> None:
        super().__init__(backend, scope)
        self.tables: dict[tuple[str, str], Known] = {}
        self.executions: dict[str, Execution] = {}
        self._trail, self._config = trail, config

    # -- for people --------------------------------------------------------------------------------

    @direct
    def sql(self, query: str) -> list[dict[str, str | None]]:
        """Ask what was delivered to S3; arguments and errors are `Place.sql`'s."""
        need_extra()
        try:
            statement = read(query)
            tables: dict[str, Table] = {}
            for name in statement.tables:
                tables[name.lower()] = self._usual(name.lower(), query)
            found = run(query, tables, self.clock.now())
        except (LanguageError, Unreadable) as error:
            raise MisuseError(f"sql(...): {error}") from None
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    def _usual(self, name: str, query: str) -> Table:
        """A table that somebody made, or one of those that are there without."""
        known = self.find(name, "default")
        if known is not None:
            return self.table(known)[0]
        if name == "cloudtrail_logs":
            sources = [Source(url, True, within="/CloudTrail/") for url in self._trail.places()]
            return Table(CLOUDTRAIL, _rows(self, sources)[0])
        if name == "aws_config_configuration_snapshot":
            sources = [Source(url, within="/Config") for url in self._config.places()]
            return Table(CONFIG, _rows(self, sources)[0])
        raise LanguageError(f"table {name} does not exist", query, max(query.find(name), 0))

    # -- tables ------------------------------------------------------------------------------------

    def find(self, name: str, database: str) -> Known | None:
        """The table of that name, in the database or else in another."""
        found = self.tables.get((database, name))
        others = (each for (_, known), each in self.tables.items() if known == name)
        return found or next(others, None)

    def table(self, known: Known) -> tuple[Table, int]:
        """A table with its rows, and how many bytes they were.

        Raises:
            Unreadable: its files can't be read.
        """
        definition = known.definition
        found, size = _rows(self, known.sources())
        return Table({**definition.columns, **definition.partitions}, found), size

    def define(self, text: str, database: str) -> None:
        """Carry out a statement that defines something.

        Raises:
            Unreadable: there is such a table, or there is none.
            LanguageError: it is no such statement.
        """
        found = read_ddl(text)
        match found:
            case TableDefinition():
                key = (found.database or database, found.name)
                if key in self.tables and not found.quiet:
                    raise Unreadable(f"AlreadyExistsException: Table {found.name} already exists")
                self.tables.setdefault(key, Known(found))
            case NewPartitions():
                self._known(found.name, found.database or database).partitions += found.added
            case DropTable():
                key = (found.database or database, found.name)
                if self.tables.pop(key, None) is None and not found.quiet:
                    raise Unreadable(f"Table not found {found.name}")

    def _known(self, name: str, database: str) -> Known:
        found = self.tables.get((database, name))
        if found is None:
            raise Unreadable(f"Table not found {name}")
        return found

    # -- queries -----------------------------------------------------------------------------------

    def ask_tables(self, query: str, database: str) -> tuple[Result, int]:
        """What a SELECT finds, and how many bytes it read.

        Raises:
            LanguageError: it is none.
            Unreadable: there is no such table, or its files can't be read.
        """
        tables, scanned = {}, 0
        for name in read(query).tables:
            known = self.find(name.lower(), database)
            if known is None:
                raise Unreadable(
                    f"TABLE_NOT_FOUND: Table 'awsdatacatalog.{database}.{name}' does not exist"
                )
            tables[name.lower()], size = self.table(known)
            scanned += size
        return run(query, tables, self.clock.now()), scanned

    def execution(self, id_: str) -> Execution:
        """The query of that id.

        Raises:
            InvalidRequestException: there is none.
        """
        if id_ not in self.executions:
            raise InvalidRequestException.unknown(id_)
        return self.executions[id_]

    def claims(self, operation: str, parameters: Mapping[str, Any]) -> bool:
        """Whether a call is about tables or queries that are known here."""
        if operation in _BY_ID:
            return parameters.get("QueryExecutionId") in self.executions
        if operation != "StartQueryExecution":
            return False
        query = parameters.get("QueryString", "")
        try:
            found = read_ddl(query)
            match found:
                case TableDefinition():
                    return Known(found).readable and found.location.startswith("s3://")
                case NewPartitions() | DropTable():
                    return self.find(found.name, found.database) is not None
            names = read(query).tables
        except (LanguageError, ImportError):
            return False
        return bool(names) and all(self.find(name.lower(), "") for name in names)


def _rows(service: Service, sources: list[Source]) -> tuple[list[dict[str, Any]], int]:
    found: list[dict[str, Any]] = []
    total = 0
    for each in sources:
        more, size = rows(service, each)
        found += more
        total += size
    return found, total
