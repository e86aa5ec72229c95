"""What a query knows while it is compiled: names, columns, the program so far.

Lives here: `Scope`. A name is what an earlier command called it, else an attribute of such a
thing, else a field of the log event (`event_fields.py`). Behind `stats` and its like only what the
query has made is left.

AWS refuses a name in `stats` and behind it that is nowhere defined, and also one that a `fields`
command has shown and a later one has redefined (reported by users, 2026); elsewhere an unknown name
is a field that the events lack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.errors import QueryError
from awsmon.lang.insights_ql.event_fields import NAMES, event_field, row_field
from awsmon.lang.insights_ql.program import Column, Program
from awsmon.lang.insights_ql.run import Run
from awsmon.lang.insights_ql.tree import Field, Span
from awsmon.lang.insights_ql.values import show, text_of
from awsmon.lang.log_fields.discovery import field_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from awsmon.lang.insights_ql.context import QueryContext
    from awsmon.lang.insights_ql.periods import Length
    from awsmon.lang.insights_ql.rows import Read, Row, Stage, Step
    from awsmon.lang.insights_ql.tree import Subquery

__all__ = ["Scope", "access"]

MOST_ROWS = 10_000
"""Rows that a query without a limit answers."""

_EVENT_COLUMNS = ("@timestamp", "@message")


class Scope:
    """What is known behind the commands compiled so far.

    Attributes:
        symbols: names that the query has defined; to the name of the field of the event that it
            stands for, if it stands for one unchanged, else None.
        closed: only symbols are left.
        sides: names of symbols that are rows: the two sides of a join.
        defining: names that the command being compiled has defined; their attributes are not yet
            to be had.
        ordered: rows come in an order that a command has given them.
        arranged: there was a `sort` or `limit`.
        fresh: the columns are those of an aggregation, not yet chosen among.
        limit: the last limit set; None: none was.
        columns: names to be shown; `display` replaces them.
        bins: names of columns that are bins of time, and their length.
        grouped: names of columns that rows were grouped by.
        aggregations: how many `stats` there were.
        last: the word of the last command.
        patterned: what the last `pattern` reads.
        features: names of commands, and of functions that not every log class has.
        indexed: fields that `filterIndex` names.
    """

    def __init__(
        self, context: QueryContext, text: str, nested: Callable[[Subquery], Program] | None
    ) -> None:
        self.context, self.text, self._nested = context, text, nested
        self.symbols: dict[str, str | None] = {}
        self.sides: set[str] = set()
        self.defining: set[str] = set()
        self.closed = self.ordered = self.arranged = self.fresh = False
        self.limit: int | None = None
        self.columns: list[str] = []
        self.bins: dict[str, Length] = {}
        self.grouped: set[str] = set()
        self.aggregations = 0
        self.last = ""
        self.patterned: Read | None = None
        self.features: set[str] = set()
        self.indexed: set[str] = set()
        self.term: str | None = None
        self.test: Callable[[str], bool] | None = None
        self.stages: list[Stage] = []
        self._prepare: list[Callable[[], None]] = []
        self._displayed = False
        self._counted: int | None = None
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
        self._flush()
        self.stages.append(stage)

    def barrier(self) -> None:
        """What comes now is no filter of events: those that come here are the matched ones."""
        self._flush()
        if self._counted is None:
            self._counted = len(self.stages)

    def _flush(self) -> None:
        if self._steps:
            self.stages.append(_stage(tuple(self._steps)))
            self._steps = []

    def newest_first(self) -> None:
        """The order that events come in unless a command has given them one."""
        if not self.ordered:
            self.whole(lambda rows, _: sorted(rows, key=_time, reverse=True))
            self.ordered = True

    def nested(self, query: Subquery) -> Program:
        """The program of a query within this one.

        Raises:
            QueryError: this one is within another itself.
        """
        if self._nested is None:
            raise self.fail("Nested subqueries are not supported", query.at)
        return self._nested(query)

    def rerun(self, start: int, end: int) -> Callable[[], Iterable[Row]]:
        """All that is done to rows so far, of the events from one time to another."""
        self._flush()
        window, term, test = self.context.window, self.term, self.test
        stages = tuple(self.stages)

        def again() -> Iterable[Row]:
            run = Run()
            rows: Iterable[Row] = run.scan(window(start, end), term, test)
            for stage in stages:
                rows = stage(rows, run)
            return rows

        return again

    def alone(self, stage: Stage) -> None:
        """Do this only: nothing before it is run, and no event read."""
        self._steps, self.stages, self._prepare, self._counted = [], [], [], 0
        self.term = self.test = None
        self.whole(stage)

    def beforehand(self, prepare: Callable[[], None]) -> None:
        """Do this before each run."""
        self._prepare.append(prepare)

    def program(self) -> Program:
        """All of it, ready to run."""
        self.barrier()
        self.newest_first()
        inner = self._nested is None
        limit = self.limit or (None if inner else self.context.limit or MOST_ROWS)
        names = self.columns or ([] if self.closed else list(_EVENT_COLUMNS))
        if not self.closed and "@ptr" not in names:
            names = [*names, "@ptr"]
        return Program(
            columns=[self.column(name) for name in names],
            prepare=self._prepare, term=self.term, test=self.test, stages=self.stages,
            counted=self._counted or 0, limit=limit, features=frozenset(self.features),
            indexed=frozenset(self.indexed),
        )  # fmt: skip

    # -- names -------------------------------------------------------------------------------------

    def fail(self, message: str, at: Span, aws: str | None = None) -> QueryError:
        """The error of a place, to be raised."""
        return QueryError(message, self.text, at.start, aws, at.end)

    def define(self, name: str, stands_for: str | None = None) -> None:
        """The query calls something so from now on."""
        if name in self._shown:
            self._ambiguous.add(name)
        self.symbols[name] = stands_for
        self.bins.pop(name, None)

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
            return None if self.closed or name in NAMES else name
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
                return _of_side(base, row_field(rest, self.context))
            if base in self.symbols and base not in self.defining:
                return access(_value(base), tuple(rest.split(".")))
            end = name.rfind(".", 0, end)
        return None

    # -- columns -----------------------------------------------------------------------------------

    def column(self, name: str) -> Column:
        """A column; what stands for a field of the event shows as the message has it."""
        read, stands_for = self.field(Field(name)), self.stands_for(name)
        if stands_for is None:
            return Column(name, read, lambda row: show(read(row)))
        source = field_reader(stands_for)
        return Column(name, read, lambda row: text_of(source(row.source)))

    def show_columns(self, names: Iterable[str]) -> None:
        """Show these as well, unless `display` has chosen."""
        if self.fresh:
            self.columns, self.fresh = [], False
        if not self._displayed:
            self.columns = list(dict.fromkeys((*self.columns, *names)))

    def add_column(self, name: str) -> None:
        """Define a name and show it behind what is shown."""
        self.define(name)
        before = self.columns or ([] if self.closed else _EVENT_COLUMNS)
        self.columns = list(dict.fromkeys((*before, name)))

    def display(self, names: Iterable[str]) -> None:
        """Show these only."""
        self.columns = list(dict.fromkeys(names))
        self._displayed, self.fresh = True, False

    def close(self, names: Iterable[str]) -> None:
        """Only these are left, and shown; rows are no events any more."""
        self.columns = list(dict.fromkeys(names))
        self.symbols = dict.fromkeys(self.columns)
        self.closed = self.ordered = self.fresh = True
        self.sides, self.grouped, self.bins, self._displayed = set(), set(), {}, False
        self._shown, self._ambiguous = set(), set()


def _stage(steps: tuple[Step, ...]) -> Stage:
    if len(steps) == 1:
        only = steps[0]
        return lambda rows, _: filter(only, rows)
    return lambda rows, _: (row for row in rows if all(step(row) for step in steps))


def _time(row: Row) -> int:
    return row.event.timestamp if row.event else 0


def _value(name: str) -> Read:
    return lambda row: row.values.get(name)


def _of_side(side: str, read: Read) -> Read:
    def read_side(row: Row) -> object:
        inner = row.sides.get(side)
        return None if inner is None else read(inner)

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
