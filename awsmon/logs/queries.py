"""Logs Insights queries at work: started, run in virtual time, kept for seven days.

Lives here: `Query` and `Queries`. The language is `awsmon.lang.insights_ql`'s; what is here is
which events a query reads, when it is through, and who may still see its results.

How long a query takes is a model: it is scheduled for `SCHEDULED` milliseconds, and runs for
`SHORTEST` and a second for every GiB that its log groups hold in its time range.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from awsmon.core.clock import Call
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.resource import Resource, aws
from awsmon.lang.insights_ql.compiler import compile_query
from awsmon.lang.insights_ql.context import LogEvent, QueryContext
from awsmon.lang.insights_ql.errors import Unsupported
from awsmon.lang.insights_ql.parser import parse
from awsmon.lang.text import LanguageError
from awsmon.logs.errors import ResourceNotFoundException
from awsmon.logs.linked import everywhere, readable
from awsmon.logs.query_errors import InvalidQuery, MalformedQueryException, NoSuchQuery
from awsmon.logs.saved_queries import QueryDefinition, expanded
from awsmon.logs.store import Pointer, instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from awsmon.core.clock import Timer
    from awsmon.lang.insights_ql.program import Program, Result
    from awsmon.lang.insights_ql.query import Query as Tree
    from awsmon.lang.insights_ql.query import Source
    from awsmon.logs.model import LogGroup, LogStream
    from awsmon.logs.service import Logs

__all__ = ["ENDED", "LARGEST_PAGE", "Queries", "Query"]

SCHEDULED, SHORTEST = 50, 200  # milliseconds
KEPT = 7 * 86_400_000
"""Milliseconds that results can be had. Source: User Guide, "CloudWatch Logs quotas"."""

LARGEST_PAGE = 10_000  # rows
STANDARD_ONLY = frozenset(("anomaly", "diff", "filterIndex", "pattern", "unmask"))
"""What other log classes don't have. Source: User Guide, "Log classes"."""
ENDED = ("Complete", "Failed", "Cancelled", "Timeout")
_GIB = 1 << 30


@dataclass(kw_only=True, slots=True, eq=False)
class Query(Resource):
    """A query as DescribeQueries shows it; times and spans in milliseconds.

    Attributes:
        text: as it was sent.
        groups: ARNs of the log groups that it reads; `named` as the request named them.
        start: the first millisecond of its time range.
        end: the last.
        limit: rows at most, where the query itself sets none.
        rows: the result, once it is complete.
        statistics: by their AWS names.
    """

    aws_shape: ClassVar[str] = "logs.QueryInfo"
    aws_lower_camel: ClassVar[bool] = True

    query_id: str = ""
    query_string: str
    query_language: str = "CWLI"
    status: str = "Scheduled"
    create_time: int
    log_group_name: str | None = None
    query_duration: int | None = None
    bytes_scanned: float | None = None
    text: str = field(metadata=aws(None))
    groups: list[str] = field(metadata=aws(None))
    named: list[str] = field(metadata=aws(None))
    start: int = field(metadata=aws(None))
    end: int = field(metadata=aws(None))
    limit: int | None = field(default=None, metadata=aws(None))
    rows: list[list[tuple[str, str]]] = field(default_factory=list, repr=False, metadata=aws(None))
    statistics: dict[str, float] = field(default_factory=dict, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))


class Queries:
    """The queries of one account and region.

    Attributes:
        definitions: saved queries, by id.
    """

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._queries: dict[str, Query] = {}
        self.definitions: dict[str, QueryDefinition] = {}

    def __iter__(self) -> Iterator[Query]:
        """Newest first; those of the last seven days."""
        before = self._logs.now - KEPT
        return reversed([each for each in self._queries.values() if each.create_time >= before])

    def __getitem__(self, query_id: str) -> Query:
        """The query of that id.

        Raises:
            ResourceNotFoundException: there is none, or none any more.
        """
        found = next((each for each in self if each.query_id == query_id), None)
        if found is None:
            raise NoSuchQuery.query()
        return found

    def read(self, text: str) -> Tree:
        """A query's tree; saved queries are expanded.

        Raises:
            MalformedQueryException: it is none.
            NotImplementedByAwsmon: AWS has it, and it is not built.
        """
        named = {each.name: each for each in self.definitions.values()}
        try:
            return parse(expanded(text, named))
        except LanguageError as error:
            raise _refused(error) from error

    def start(self, tree: Tree, groups: Sequence[LogGroup], query: Query) -> None:
        """Give a query its id and let it be run, once it is known that it can be.

        Raises:
            MalformedQueryException: it can't.
        """
        self._compiled(tree, query, groups)
        logs, now = self._logs, query.create_time
        query.query_id = logs.ids.uuid()
        held = sum(_bytes(group, query.start, query.end) for group in groups)
        query.query_duration = SHORTEST + held * 1000 // _GIB
        self._queries = {each.query_id: each for each in reversed(list(self))}
        self._queries[query.query_id] = query
        query.timer = logs.clock.set(
            instant(now + SCHEDULED), Call("logs.queries", "run", query.query_id), scope=logs.scope
        )

    def run(self, query_id: str) -> None:
        """A timer's verb: the query is being run now."""
        query = self[query_id]
        query.status = "Running"
        query.timer = self._logs.clock.set(
            instant(self._logs.now + (query.query_duration or 0)),
            Call("logs.queries", "finish", query_id), scope=self._logs.scope,
        )  # fmt: skip

    def finish(self, query_id: str) -> None:
        """A timer's verb: the query is through."""
        query = self[query_id]
        query.timer = None
        self._run(query)
        self._logs.scheduled_queries.finished(query)

    def _run(self, query: Query) -> None:
        groups: Sequence[LogGroup] = [
            found for arn in query.groups if (found := self._still(arn)) is not None
        ]
        try:
            program = self._compiled(self.read(query.text), query, groups)
            groups = self._scanned(program, groups)
            result = program.run(self._events(groups, query.start, query.end))
        except (MalformedQueryException, LanguageError, LookupError):
            query.status = "Failed"  # a saved query or a lookup table has gone meanwhile
            return
        query.status = "Complete"
        query.rows = result.rows
        query.bytes_scanned = float(result.bytes_scanned)
        query.statistics = _statistics(result, len(groups))

    def cancel(self, query: Query) -> None:
        """Stop a query that has not ended."""
        if query.timer is not None:
            self._logs.clock.cancel(query.timer)
        query.status, query.timer = "Cancelled", None
        self._logs.scheduled_queries.finished(query)

    def at_once(
        self, names: Sequence[str], text: str, start: int, end: int, limit: int | None = None
    ) -> list[dict[str, str]]:
        """The rows of a query over log groups, by name or ARN, without waiting.

        Raises:
            MalformedQueryException: it is none.
            ResourceNotFoundException: there is no such group.
        """
        groups = [readable(self._logs, name) for name in names]
        query = Query(
            query_string=text, text=text, create_time=self._logs.now, groups=[],
            named=list(names), start=start, end=end, limit=limit,
        )  # fmt: skip
        tree = self.read(text)
        groups = self.selected(tree.source) if tree.source else groups
        program = self._compiled(tree, query, groups)
        return program.run(self._events(self._scanned(program, groups), start, end)).dicts()

    # -- what it reads -----------------------------------------------------------------------------

    def selected(self, source: Source) -> list[LogGroup]:
        """The log groups that SOURCE names or chooses, those of linked accounts too."""
        logs = self._logs
        if source.selection is None:
            return [readable(logs, name) for name in source.names]
        prefixes = source.chosen("namePrefix", "namePrefixes") or ("",)
        classes = source.chosen("class", "logGroupClass") or ("STANDARD",)
        accounts = source.chosen("accountIdentifier", "accountIdentifiers") or ()
        return [
            group for group in everywhere(logs, accounts)
            if group.name.startswith(prefixes) and group.log_group_class in classes
        ]  # fmt: skip

    def _scanned(self, program: Program, groups: Sequence[LogGroup]) -> Sequence[LogGroup]:
        """The groups that a query looks through: filterIndex leaves those that have the index."""
        if not program.indexed:
            return groups
        return [
            group for group in groups
            if program.indexed <= self._logs.owner(group).indexes.usable(group)
        ]  # fmt: skip

    def _compiled(self, tree: Tree, query: Query, groups: Sequence[LogGroup]) -> Program:
        context = QueryContext(
            start=query.start, end=query.end, limit=query.limit, now=query.create_time,
            region=self._logs.scope.region,
            held=sum(_bytes(group, query.start, query.end) for group in groups),
            window=partial(self._events, groups), table=self._logs.lookup_tables.rows,
            source=lambda source: self._events(
                self.selected(source), query.start, query.end),
        )  # fmt: skip
        try:
            program = compile_query(tree, context)
        except LanguageError as error:
            raise _refused(error) from error
        for group in groups:
            if group.log_group_class == "DELIVERY":
                raise InvalidQuery.log_class("Logs Insights", group.log_group_class)
            lacking = (
                STANDARD_ONLY & program.features if group.log_group_class != "STANDARD" else ()
            )
            if lacking:
                raise InvalidQuery.log_class(min(lacking), group.log_group_class)
        return program

    def _still(self, arn: str) -> LogGroup | None:
        """The group of an ARN, unless it has gone meanwhile."""
        try:
            return readable(self._logs, arn)
        except ResourceNotFoundException:
            return None

    def _events(self, groups: Iterable[LogGroup], start: int, end: int) -> Iterator[LogEvent]:
        """The events of some groups in a time range, both ends inclusive."""
        for group in groups:
            self._logs.retention.expire(group)
            account = group.log_group_arn.split(":")[4]
            for stream in group.streams.values():
                yield from _read(stream, f"{account}:{group.name}", start, end)


def _refused(error: LanguageError) -> Exception:
    if isinstance(error, Unsupported):
        return NotImplementedByAwsmon(f"logs.StartQuery: {error.feature} isn't built yet.")
    return MalformedQueryException.of(error)


def _read(stream: LogStream, log: str, start: int, end: int) -> Iterator[LogEvent]:
    events, name = stream.events, stream.name
    first, last = events.between(start, end + 1)
    columns = (events.times, events.messages, events.ingested, events.numbers)
    rows = zip(*(column[first:last] for column in columns), strict=True)
    make = partial(tuple.__new__, LogEvent)  # half the time of LogEvent(...), for every event
    if not events.transformed and not events.masked:
        for time, message, ingested, number in rows:
            yield make((time, message, ingested, name, log, _pointer, None, number))
        return
    for time, message, ingested, number in rows:
        seen = events.transformed.get(number) or events.masked.get(number, message)
        clear = message if number in events.masked else None
        yield make((time, seen, ingested, name, log, _pointer, clear, number))


def _pointer(event: LogEvent) -> str:
    account, _, group = event.log.partition(":")
    return str(Pointer(account, group, event.stream, event.timestamp, event.number))


def _bytes(group: LogGroup, start: int, end: int) -> int:
    """About what a group holds in a time range: its streams' bytes by their share of events."""
    total = 0
    for stream in group.streams.values():
        first, last = stream.events.between(start, end + 1)
        if last > first:
            total += stream.events.bytes * (last - first) // len(stream.events)
    return total


def _statistics(result: Result, groups: int) -> dict[str, float]:
    return {
        "recordsMatched": float(result.matched),
        "recordsScanned": float(result.scanned),
        "bytesScanned": float(result.bytes_scanned),
        "estimatedRecordsSkipped": 0.0,
        "estimatedBytesSkipped": 0.0,
        "logGroupsScanned": float(groups),
        "resultCount": float(len(result.rows)),
    }
