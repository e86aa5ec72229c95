"""What a query knows while it is compiled: names, columns, the program so far.

Lives here: `Scope`. A name is what an earlier command called it, else an attribute of such a thing,
else a field of the log event. Behind `stats` and its like only what the query has made is left.

AWS refuses a name in `stats` and behind it that is nowhere defined, and also one that a `fields`
command has shown and a later one has redefined (seen 2026); elsewhere an unknown name is a field
that the events lack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from awsmon.lang.insights_ql.errors import QueryError
from awsmon.lang.insights_ql.values import Timestamp, show, text_of
from awsmon.lang.log_fields.discovery import field_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from awsmon.lang.insights_ql.context import QueryContext
    from awsmon.lang.insights_ql.rows import Read, Row, Stage, Step
    from awsmon.lang.insights_ql.tree import Field, Span

__all__ = ["Column", "Scope", "access"]


class Column(NamedTuple):
    """A column of the result: its name, and the text that a row has there."""

    name: str
    read: Callable[[Row], str | None]


class Scope:
    """What is known behind the commands compiled so far.

    Attributes:
        symbols: names that the query has defined; to the name of the field of the event that it
            stands for, if it stands for one unchanged, else None.
        closed: only symbols are left.
        sides: names of symbols that are rows: the two sides of a join.
        ordered: rows come in an order that a command has given them.
        aggregated: rows are no events any more.
        fresh: the columns are those of an aggregation, not yet chosen among.
        limit: the last limit set; None: none was.
    """

    def __init__(self, context: QueryContext, text: str) -> None:
        self.context, self.text = context, text
        self.symbols: dict[str, str | None] = {}
        self.sides: set[str] = set()
        self.closed = self.ordered = self.aggregated = self.fresh = False
        self.limit: int | None = None
        self.columns: list[Column] = []
        self.displayed: list[Column] | None = None
        self.bins: dict[str, object] = {}  # columns that are bins of time, and their length
        self.last = ""  # the name of the last command
        self.term: str | None = None
        self.test: Callable[[str], bool] | None = None
        self.stages: list[Stage] = []
        self.counted: int | None = None  # the stage before which rows count as matched
        self._steps: list[Step] = []
        self._shown: set[str] = set()
        self._ambiguous: set[str] = set()

    # -- the program -------------------------------------------------------------------------------

    @property
    def untouched(self) -> bool:
        """Whether nothing is done to events yet but what `term` and `test` say."""
        return not self.stages and not self._steps

    def each(self, step: Step) -> None:
        """Do this to each row; it goes on if the step says so."""
        self._steps.append(step)

    def whole(self, stage: Stage) -> None:
        """Do this to the rows as a whole."""
        self.flush()
        self.stages.append(stage)

    def barrier(self) -> None:
        """What comes now is no filter of events: those that come here are the matched ones."""
        self.flush()
        if self.counted is None:
            self.counted = len(self.stages)

    def flush(self) -> None:
        """Make one stage of the steps that follow one another."""
        if self._steps:
            self.stages.append(_stage(tuple(self._steps)))
            self._steps = []

    # -- names -------------------------------------------------------------------------------------

    def fail(self, message: str, at: Span, aws: str | None = None) -> QueryError:
        """The error of a place, to be raised."""
        return QueryError(message, self.text, at.start, aws, at.end)

    def define(self, name: str, stands_for: str | None = None) -> None:
        """The query calls something so from now on."""
        if name in self._shown:
            self._ambiguous.add(name)
        self.symbols[name] = stands_for

    def shown(self, name: str) -> None:
        """A `fields` command has named this."""
        self._shown.add(name)

    def unambiguous(self, field: Field) -> None:
        """A name that `stats` uses.

        Raises:
            QueryError: it was redefined.
        """
        if field.name in self._ambiguous:
            raise self.unknown(field)

    def unknown(self, field: Field) -> QueryError:
        """The error of a name that is nothing here."""
        aws = f"Unknown symbols found in or after stats: {field.name}"
        return self.fail(f"Unknown symbol {field.name}", field.at, aws)

    def field(self, field: Field) -> Read:
        """Reads a name's value.

        Raises:
            QueryError: it is nothing here.
        """
        found = self._symbol(field.name)
        if found is not None:
            return found
        if self.closed:
            raise self.unknown(field)
        return event_field(field.name, self.context)

    def stands_for(self, name: str) -> str | None:
        """The event's own discovered field that a name stands for unchanged."""
        if self._symbol(name) is None:
            return None if self.closed or name in _SYSTEM else name
        return self.symbols.get(name)

    def is_event_field(self, name: str) -> bool:
        """Whether a name is the log event's own."""
        return not self.closed and self._symbol(name) is None

    def _symbol(self, name: str) -> Read | None:
        if name in self.symbols:
            return _value(name)
        end = name.rfind(".")
        while end > 0:
            base, rest = name[:end], name[end + 1 :]
            if base in self.sides:
                return _of_side(base, event_field(rest, self.context), rest)
            if base in self.symbols:
                return access(_value(base), tuple(rest.split(".")))
            end = name.rfind(".", 0, end)
        return None

    # -- columns -----------------------------------------------------------------------------------

    def column(self, name: str, read: Read, stands_for: str | None) -> Column:
        """A column; what stands for a field of the event shows as the message has it."""
        if stands_for is None:
            return Column(name, lambda row: show(read(row)))
        source = field_reader(stands_for)
        return Column(name, lambda row: text_of(source(row.source)))

    def show_columns(self, columns: Iterable[Column]) -> None:
        """Show these as well; of several by one name the last, at the place of the first."""
        if self.fresh:
            self.columns, self.fresh = [], False
        places = {column.name: at for at, column in enumerate(self.columns)}
        for column in columns:
            if column.name in places:
                self.columns[places[column.name]] = column
            else:
                places[column.name] = len(self.columns)
                self.columns.append(column)

    def close(self, columns: Iterable[str], *, aggregated: bool = True) -> None:
        """Only these are left, and shown."""
        names = list(dict.fromkeys(columns))
        self.symbols = dict.fromkeys(names)
        self.closed, self.aggregated, self.ordered, self.fresh = True, aggregated, True, True
        self.displayed, self.sides = None, set()
        self._shown, self._ambiguous, self.bins = set(), set(), {}
        self.columns = [Column(name, _text(name)) for name in names]


def _stage(steps: tuple[Step, ...]) -> Stage:
    if len(steps) == 1:
        only = steps[0]
        return lambda rows, _run: filter(only, rows)
    return lambda rows, _run: (row for row in rows if all(step(row) for step in steps))


def _value(name: str) -> Read:
    return lambda row: row.values.get(name)


def _text(name: str) -> Callable[[Row], str | None]:
    return lambda row: show(row.values.get(name))


def _of_side(side: str, read: Read, name: str) -> Read:
    def read_side(row: Row) -> object:
        inner = row.values.get(side)
        if inner is None:
            return None
        if name in inner.values:  # type: ignore[attr-defined]
            return inner.values[name]  # type: ignore[attr-defined]
        return read(inner) if inner.event is not None else None  # type: ignore[arg-type, attr-defined]

    return read_side


def access(read: Read, steps: tuple[str | int, ...]) -> Read:
    """Into maps and lists; None where a step leads nowhere."""

    def into(row: Row) -> object:
        node = read(row)
        for step in steps:
            if isinstance(node, dict) and isinstance(step, str):
                node = node.get(step)
            elif isinstance(node, list) and isinstance(step, int) and step < len(node):
                node = node[step]
            else:
                return None
        return node

    return into


# -- fields of events ------------------------------------------------------------------------------


def _pointer(row: Row) -> object:
    pointer = row.event.pointer  # type: ignore[union-attr]
    return pointer(row.event) if callable(pointer) else pointer  # type: ignore[arg-type]


def _ingestion_time(row: Row) -> object:
    time = row.event.ingestion_time  # type: ignore[union-attr]
    return None if time is None else Timestamp(time)


_SYSTEM: dict[str, Read] = {
    "@timestamp": lambda row: Timestamp(row.event.timestamp),  # type: ignore[union-attr]
    "@message": lambda row: row.event.message,  # type: ignore[union-attr]
    "@ingestionTime": _ingestion_time,
    "@logStream": lambda row: row.event.stream,  # type: ignore[union-attr]
    "@log": lambda row: row.event.log,  # type: ignore[union-attr]
    "@ptr": _pointer,
    "@aws.account": lambda row: row.event.log.partition(":")[0] or None,  # type: ignore[union-attr]
}


def event_field(name: str, context: QueryContext) -> Read:
    """Reads a field of the log event: of the system, or discovered."""
    if name in _SYSTEM:
        return _SYSTEM[name]
    if name == "@aws.region":
        region = context.region
        return lambda _row: region
    return _nested(name) if "." in name else _flat(name)


def _nested(name: str) -> Read:
    read = field_reader(name)

    def discovered(row: Row) -> object:
        found = row.found
        return read(row.discover() if found is None else found)

    return discovered


def _flat(name: str) -> Read:
    def discovered(row: Row) -> object:  # what `field_reader` does, a call less for each event
        found = row.found
        value = (row.discover() if found is None else found).get(name)
        return None if value.__class__ is dict or value.__class__ is list else value

    return discovered
