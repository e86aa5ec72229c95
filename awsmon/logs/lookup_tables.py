"""Lookup tables: CSV with a header, by which queries add what is known of a field's value.

Lives here: `LookupTable` and `LookupTables`. Source: API reference, CreateLookupTable.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws
from awsmon.logs.errors import InvalidParameterException, ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.logs.queries import Query
    from awsmon.logs.service import Logs

__all__ = ["LookupTable", "LookupTables", "body_of"]

LARGEST = 10 * 1024 * 1024  # bytes


@dataclass(kw_only=True, slots=True, eq=False)
class LookupTable(Resource):
    """A table as DescribeLookupTables shows it; the time in milliseconds, sizes in bytes."""

    aws_shape: ClassVar[str] = "logs.LookupTable"
    aws_lower_camel: ClassVar[bool] = True

    lookup_table_arn: str
    lookup_table_name: str
    description: str | None = None
    table_fields: list[str]
    records_count: int
    size_bytes: int
    last_updated_time: int
    kms_key_id: str | None = None
    body: str = field(repr=False, metadata=aws(None))

    def rows(self) -> Iterator[dict[str, str]]:
        """Its rows, by column; what a short row lacks is empty."""
        return csv.DictReader(io.StringIO(self.body), restval="")


class LookupTables:
    """The tables of one account and region: iterable, in order of name."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._tables: dict[str, LookupTable] = {}

    def __iter__(self) -> Iterator[LookupTable]:
        return iter([self._tables[name] for name in sorted(self._tables)])

    def __contains__(self, name: str) -> bool:
        return name in self._tables

    def at(self, arn: str) -> LookupTable:
        """The table of an ARN.

        Raises:
            ResourceNotFoundException: there is none.
        """
        found = next((each for each in self if each.lookup_table_arn == arn), None)
        if found is None:
            raise ResourceNotFoundException.lookup_table()
        return found

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of the table of that name, for a query.

        Raises:
            LookupError: there is none.
        """
        if name not in self._tables:
            raise LookupError(f"there is no lookup table {name}")
        return self._tables[name].rows()

    def put(self, name: str, body: str, **options: Any) -> LookupTable:
        """Make a table, or replace what is in it; *options* are fields of `LookupTable`.

        Raises:
            InvalidParameterException: the body is no CSV with a header.
        """
        fields, count = _checked(body)
        arn = self._logs.scope.arn("logs", f"lookup-table:{name}")
        table = self._tables[name] = LookupTable(
            lookup_table_arn=arn, lookup_table_name=name, table_fields=fields, records_count=count,
            size_bytes=len(body.encode()), last_updated_time=self._logs.now, body=body, **options,
        )  # fmt: skip
        return table

    def delete(self, table: LookupTable) -> None:
        """It goes, with its tags; queries that name it fail."""
        del self._tables[table.lookup_table_name]
        self._logs.tags.forget(table.lookup_table_arn)


def _checked(body: str) -> tuple[list[str], int]:
    """The columns of a CSV text, and how many rows are below."""
    if len(body.encode()) > LARGEST:
        raise InvalidParameterException.table_size(LARGEST)
    try:
        rows = [row for row in csv.reader(io.StringIO(body), strict=True) if row]
    except csv.Error as error:
        raise InvalidParameterException.table(str(error)) from error
    if not rows or not all(map(str.strip, rows[0])):
        raise InvalidParameterException.table("The first row must name all columns.")
    if len(set(rows[0])) < len(rows[0]):
        raise InvalidParameterException.table("The names of the columns must be unique.")
    if any(len(row) > len(rows[0]) for row in rows):
        raise InvalidParameterException.table("A row has more values than there are columns.")
    return rows[0], len(rows) - 1


def body_of(query: Query) -> str:
    """The results of a query as CSV."""
    columns = list(dict.fromkeys(key for row in query.rows for key, _ in row if key != "@ptr"))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(dict(row) for row in query.rows)
    return text.getvalue()
