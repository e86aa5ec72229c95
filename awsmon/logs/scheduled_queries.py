"""Scheduled queries: Insights queries that are run again and again, and where their results go.

Lives here: `ScheduledQuery`, `Execution` and `ScheduledQueries`. A run is an ordinary query of the
account, with its id and its history; how results lie in a bucket is a model: an object of JSON for
each run. Source: API reference, CreateScheduledQuery; User Guide, "Scheduled queries".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from awsmon.core.clock import Call
from awsmon.core.deliveries import ASYNCHRONOUS, Delivery
from awsmon.core.events import ScheduledQueryFinished
from awsmon.core.resource import Resource, aws
from awsmon.lang.schedule.parser import parse
from awsmon.logs.errors import ResourceNotFoundException
from awsmon.logs.lookup_tables import body_of
from awsmon.logs.queries import Query
from awsmon.logs.query_errors import MalformedQueryException, NoSuchQuery
from awsmon.logs.store import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.core.clock import Timer
    from awsmon.core.events import DeliveryFinished
    from awsmon.core.neighbours import ManagedQuery
    from awsmon.logs.service import Logs

__all__ = ["Execution", "ScheduledQueries", "ScheduledQuery"]

HOUR = 3600  # seconds that a query looks back where it doesn't say


@dataclass(kw_only=True, slots=True, eq=False)
class Execution(Resource):
    """One run as GetScheduledQueryHistory shows it; the time in milliseconds."""

    aws_shape: ClassVar[str] = "logs.TriggerHistoryRecord"
    aws_lower_camel: ClassVar[bool] = True

    query_id: str | None = None
    execution_status: str
    triggered_timestamp: int
    error_message: str | None = None
    destinations: list[dict[str, str]] = field(default_factory=list)


@dataclass(kw_only=True, slots=True, eq=False)
class ScheduledQuery(Resource):
    """A scheduled query as GetScheduledQuery shows it; times in milliseconds, offsets in seconds.

    Attributes:
        executions: oldest first.
    """

    aws_shape: ClassVar[str] = "logs.GetScheduledQueryResponse"
    aws_lower_camel: ClassVar[bool] = True

    arn: str = field(metadata=aws("scheduledQueryArn"))
    name: str
    description: str | None = None
    query_language: str
    query_string: str
    log_group_identifiers: list[str] | None = None
    schedule_expression: str
    timezone: str = "UTC"
    start_time_offset: int | None = None
    end_time_offset: int | None = None
    destination_configuration: dict[str, Any] | None = None
    state: str = "ENABLED"
    schedule_type: str = "CUSTOMER_MANAGED"
    last_triggered_time: int | None = None
    last_execution_status: str | None = None
    schedule_start_time: int | None = None
    schedule_end_time: int | None = None
    execution_role_arn: str
    creation_time: int
    last_updated_time: int
    executions: list[Execution] = field(default_factory=list, repr=False, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))


class ScheduledQueries:
    """The scheduled queries of one account and region: iterable, in order of name."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._queries: dict[str, ScheduledQuery] = {}
        self._running: dict[str, tuple[ScheduledQuery, Execution]] = {}

    def __iter__(self) -> Iterator[ScheduledQuery]:
        return iter([self._queries[name] for name in sorted(self._queries)])

    def __contains__(self, name: str) -> bool:
        return name in self._queries

    def __getitem__(self, identifier: str) -> ScheduledQuery:
        """The query of that name or ARN.

        Raises:
            ResourceNotFoundException: there is none.
        """
        found = next((each for each in self if identifier in (each.name, each.arn)), None)
        if found is None:
            raise NoSuchQuery.scheduled()
        return found

    def save(self, query: ScheduledQuery) -> None:
        """Keep a new query, or a new configuration of one."""
        known = self._queries.get(query.name)
        if known is not None:
            self._logs.clock.cancel(known.timer)
        self._queries[query.name] = query
        self._wait(query)

    def delete(self, query: ScheduledQuery) -> None:
        """It is run no more; a run that is under way goes on."""
        self._logs.clock.cancel(query.timer)
        self._logs.tags.forget(query.arn)
        del self._queries[query.name]

    def _wait(self, query: ScheduledQuery) -> None:
        query.timer = None
        if query.state != "ENABLED":
            return
        after = instant(max(self._logs.now, (query.schedule_start_time or 0) - 1))
        schedule = parse(query.schedule_expression, "cron", "rate")
        due = schedule.next(after, zone=ZoneInfo(query.timezone))
        end = query.schedule_end_time
        if due is not None and (end is None or due <= instant(end)):
            query.timer = self._logs.clock.set(
                due, Call("logs.scheduled_queries", "due", query.name), scope=self._logs.scope,
                recurs=True,
            )  # fmt: skip

    # -- for other services (core.neighbours.ManagedQueries) ---------------------------------------

    def manage(self, query: ManagedQuery) -> str:
        """Schedule a query on behalf of another service; its ARN."""
        logs, known = self._logs, next((each for each in self if each.arn == query.arn), None)
        arn = known.arn if known else logs.scope.arn("logs", f"scheduled-query:{logs.ids.uuid()}")
        self.save(
            ScheduledQuery(
                arn=arn, name=f"cloudwatch-alarm-{query.owner}", query_language="CWLI",
                query_string=query.text, log_group_identifiers=list(query.groups),
                schedule_expression=query.schedule, schedule_type="AWS_MANAGED",
                start_time_offset=query.start_offset, end_time_offset=query.end_offset,
                execution_role_arn=query.role, creation_time=known.creation_time if known else
                logs.now, last_updated_time=logs.now,
                executions=known.executions if known else []))  # fmt: skip
        logs.tags.create(arn, query.tags)
        return arn

    def unmanage(self, arn: str) -> None:
        """The query is run no more."""
        self.delete(self[arn])

    def lines(self, arn: str, text: str, count: int) -> list[str]:
        """Messages that a query finds in the groups and time range of the last run."""
        query = self[arn]
        end = (query.last_triggered_time or self._logs.now) - (query.end_time_offset or 0) * 1000
        start = (query.last_triggered_time or self._logs.now) - (
            query.start_time_offset or 0
        ) * 1000
        found = " | ".join(filter(None, [text, f"display @message | limit {count}"]))
        names = query.log_group_identifiers or ()
        rows = self._logs.queries.at_once(names, found, start, end)
        return [row["@message"] for row in rows if "@message" in row]

    # -- running -----------------------------------------------------------------------------------

    def due(self, name: str) -> None:
        """A timer's verb: a query is to be run."""
        query = self._queries[name]
        run = Execution(execution_status="Running", triggered_timestamp=self._logs.now)
        query.executions.append(run)
        query.last_triggered_time = run.triggered_timestamp
        try:
            started = self._start(query)
        except (MalformedQueryException, ResourceNotFoundException) as error:
            malformed = isinstance(error, MalformedQueryException)
            run.execution_status = "InvalidQuery" if malformed else "Failed"
            run.error_message = error.message
            self._tell(query, run, complete=False)
        else:
            run.query_id = started.query_id
            self._running[started.query_id] = query, run
        query.last_execution_status = run.execution_status
        self._wait(query)

    def _start(self, scheduled: ScheduledQuery) -> Query:
        queries, now = self._logs.queries, self._logs.now
        tree = queries.read(scheduled.query_string)
        groups = (
            queries.selected(tree.source)
            if tree.source is not None
            else [self._logs.identified(name) for name in scheduled.log_group_identifiers or ()]
        )
        back = HOUR if scheduled.start_time_offset is None else scheduled.start_time_offset
        query = Query(
            query_string=scheduled.query_string, text=scheduled.query_string, create_time=now,
            log_group_name=groups[0].name if groups else None,
            groups=[group.log_group_arn for group in groups],
            named=list(scheduled.log_group_identifiers or ()),
            start=now - back * 1000, end=now - (scheduled.end_time_offset or 0) * 1000,
        )  # fmt: skip
        queries.start(tree, groups, query)
        return query

    def finished(self, query: Query) -> None:
        """A query has ended; if it was a scheduled one its results go where they should."""
        scheduled, run = self._running.pop(query.query_id, (None, None))
        if scheduled is None or run is None:
            return
        status = "Complete" if query.status == "Complete" else "Failed"
        run.execution_status = scheduled.last_execution_status = status
        configuration = scheduled.destination_configuration or {}
        if status == "Complete" and "s3Configuration" in configuration:
            self._to_bucket(scheduled, run, query, configuration["s3Configuration"])
        if status == "Complete" and "lookupTableConfiguration" in configuration:
            self._to_table(run, query, configuration["lookupTableConfiguration"])
        rows = tuple(dict(row) for row in query.rows)
        self._tell(scheduled, run, complete=status == "Complete", rows=rows)

    def _tell(
        self, query: ScheduledQuery, run: Execution, *, complete: bool,
        rows: tuple[dict[str, str], ...] = (),
    ) -> None:  # fmt: skip
        self._logs.publish(
            ScheduledQueryFinished(
                at=self._logs.clock.now(), scope=self._logs.scope, query=query.arn,
                name=query.name, triggered=run.triggered_timestamp // 1000, complete=complete,
                rows=rows))  # fmt: skip

    def _to_bucket(
        self, scheduled: ScheduledQuery, run: Execution, query: Query, where: dict[str, Any]
    ) -> None:
        uri = where["destinationIdentifier"]
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        at = f"{instant(run.triggered_timestamp):%Y/%m/%d}"
        key = "/".join(filter(None, [prefix.strip("/"), scheduled.name, at, query.query_id]))
        rows = [dict(row) for row in query.rows]
        run.destinations.append(
            {"destinationType": "S3", "destinationIdentifier": uri, "status": "IN_PROGRESS",
             "processedIdentifier": f"s3://{bucket}/{key}.json"}
        )  # fmt: skip
        self._logs.deliveries.send(
            Delivery(
                at=self._logs.clock.now(), scope=self._logs.scope, sender="logs",
                subject=f"{scheduled.arn}/{query.query_id}", policy=ASYNCHRONOUS,
                target_arn=f"arn:{self._logs.scope.partition}:s3:::{bucket}",
                payload={"Key": f"{key}.json", "Body": json.dumps(rows).encode()},
            )
        )  # fmt: skip

    def _to_table(self, run: Execution, query: Query, where: dict[str, Any]) -> None:
        name = where["tableName"]
        told = {"destinationType": "LOOKUP_TABLE", "destinationIdentifier": name}
        if not query.rows:
            told |= {"status": "CLIENT_ERROR", "errorMessage": "The query has no results."}
            run.destinations.append(told)
            return
        created = name not in self._logs.lookup_tables
        table = self._logs.lookup_tables.put(
            name, body_of(query), description=where.get("description"),
            kms_key_id=where.get("kmsKeyId"),
        )  # fmt: skip
        if created:
            self._logs.tags.create(table.lookup_table_arn, where.get("tags"))
        told |= {"status": "COMPLETE", "processedIdentifier": table.lookup_table_arn}
        run.destinations.append(told)

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: remember whether results arrived in their bucket."""
        arn, _, query_id = event.subject.rpartition("/")
        found = next((each for each in self if event.sender == "logs" and each.arn == arn), None)
        for run in found.executions if found else ():
            if run.query_id == query_id:
                for each in run.destinations:
                    if each["destinationType"] == "S3":
                        each["status"] = "COMPLETE" if event.error is None else "FAILED"
                        if event.error is not None:
                            each["errorMessage"] = event.error
