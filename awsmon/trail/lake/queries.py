"""Queries over event data stores: SELECT in Trino's dialect.

Lives here: `Query` and `LakeQueries`. A query is QUEUED for half a second, RUNNING for another, and
finds what the stores have when it ends. Results are kept for seven days; where they are to be
delivered, they go to the bucket as CSV, with a file that signs them.
Source: API reference, StartQuery, GetQueryResults; CloudTrail User Guide, "CloudTrail Lake SQL
constraints", "Find your CloudTrail Lake saved query results".
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.clock import Call, stamp
from awsmon.core.deliveries import ASYNCHRONOUS, Delivery
from awsmon.core.errors import AwsError, MisuseError
from awsmon.core.resource import Resource, aws
from awsmon.lang.text import LanguageError
from awsmon.trail.digests import ALGORITHM
from awsmon.trail.lake.errors import (
    InvalidQueryStatementException,
    MaxConcurrentQueriesException,
    QueryIdNotFoundException,
)
from awsmon.trail.lake.tables import COLUMNS
from awsmon.trail.signing import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from awsmon.core.clock import Timer
    from awsmon.core.events import DeliveryFinished
    from awsmon.lang.presto_sql.running import Result, Table
    from awsmon.trail.lake.stores import EventDataStore
    from awsmon.trail.service import Trail

__all__ = ["LakeQueries", "Query"]

STEP = timedelta(milliseconds=500)
KEPT = timedelta(days=7)
MOST = 10  # at a time
ACTIVE = ("QUEUED", "RUNNING")


@dataclass(kw_only=True, slots=True, eq=False)
class Query(Resource):
    """A query as DescribeQuery shows it.

    Attributes:
        stores: the ids of the stores that it reads.
        result: what it found.
        prompt: what it was generated from.
        alias: of a dashboard's widget, or of a prompt.
        refresh_id: of a dashboard's refresh.
    """

    aws_shape: ClassVar[str] = "cloudtrail.DescribeQueryResponse"

    query_id: str
    query_string: str
    query_status: str = "QUEUED"
    query_statistics: dict[str, Any]
    error_message: str | None = None
    delivery_s3_uri: str | None = field(default=None, metadata=aws("DeliveryS3Uri"))
    delivery_status: str | None = None
    prompt: str | None = None
    stores: list[str] = field(metadata=aws(None))
    alias: str | None = field(default=None, metadata=aws(None))
    refresh_id: str | None = field(default=None, metadata=aws(None))
    result: Result | None = field(default=None, repr=False, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def created(self) -> datetime:
        """When it was started."""
        at: datetime = self.query_statistics["CreationTime"]
        return at


class LakeQueries:
    """The queries of one account and region: iterable, the newest first.

    Attributes:
        generated: by alias, statements that GenerateQuery made, each with its prompt.
    """

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._queries: dict[str, Query] = {}
        self.generated: dict[str, tuple[str, str]] = {}

    def __iter__(self) -> Iterator[Query]:
        oldest = self._trail.clock.now() - KEPT
        self._queries = {key: each for key, each in self._queries.items() if each.created > oldest}
        return iter(list(self._queries.values())[::-1])

    def __getitem__(self, query_id: str) -> Query:
        """The query of that id.

        Raises:
            QueryIdNotFoundException: there is none, or it is seven days old.
        """
        found = next((each for each in self if each.query_id == query_id), None)
        if found is None:
            raise QueryIdNotFoundException.of(query_id)
        return found

    def readable(self, query_id: str) -> Query:
        """The same, whose stores may be read.

        Raises:
            QueryIdNotFoundException: there is none, or it is seven days old.
            EventDataStoreNotFoundException: one of its stores is gone.
            InactiveEventDataStoreException: one is to be deleted.
        """
        query = self[query_id]
        for each in query.stores:
            self._trail.stores.active(each)
        return query

    def start(self, statement: str, **more: Any) -> Query:
        """Begin a query; *more* are fields of `Query`.

        Raises:
            EventDataStoreNotFoundException: it names a store that isn't here.
            InactiveEventDataStoreException: it names one that is to be deleted.
            InvalidQueryStatementException: it is no SELECT that could run.
            MaxConcurrentQueriesException: ten run already.
            MisuseError: the extra ``lake`` isn't installed.
        """
        stores = self.check(statement)
        if self.running >= MOST:
            raise MaxConcurrentQueriesException.of(MOST)
        now = self._trail.clock.now()
        query = Query(
            query_id=self._trail.ids.uuid(), query_string=statement,
            query_statistics={"CreationTime": now}, stores=[each.id for each in stores], **more,
        )  # fmt: skip
        if query.delivery_s3_uri:
            query.delivery_status = "PENDING"
        self._queries[query.query_id] = query
        self._then(query, "started")
        return query

    def check(self, statement: str) -> list[EventDataStore]:
        """The stores that a statement reads, which could be run.

        Raises:
            AwsError, MisuseError: what `stores` raises, or it couldn't.
        """
        stores = self.stores(statement)
        self._run(statement, stores, empty=True)
        return stores

    @property
    def running(self) -> int:
        """How many aren't over."""
        return sum(each.query_status in ACTIVE for each in self)

    def cancel(self, query: Query) -> None:
        """End one that is queued or runs."""
        self._trail.clock.cancel(query.timer)
        query.query_status = "CANCELLED"
        if query.delivery_s3_uri:
            query.delivery_status = "CANCELLED"

    # -- timers' verbs -----------------------------------------------------------------------------

    def started(self, query_id: str) -> None:
        """A timer's verb: a query runs."""
        query = self._queries[query_id]
        query.query_status = "RUNNING"
        self._then(query, "finished")

    def finished(self, query_id: str) -> None:
        """A timer's verb: a query has found what there is."""
        query, now = self._queries[query_id], self._trail.clock.now()
        try:
            stores = [self._trail.stores.active(each) for each in query.stores]
            query.result = self._run(query.query_string, stores)
        except AwsError as error:  # a store is gone, or the statement fails on what it has
            query.query_status, query.error_message = "FAILED", error.message
            return
        scanned = [record for each in stores for record in self._trail.kept.of(each, now)]
        query.query_status = "FINISHED"
        query.query_statistics |= {
            "EventsMatched": len(query.result.rows), "EventsScanned": len(scanned),
            "BytesScanned": sum(len(json.dumps(each, default=str)) for each in scanned),
            "ExecutionTimeInMillis": STEP // timedelta(milliseconds=1),
        }  # fmt: skip
        if query.delivery_s3_uri:
            self._deliver(query, query.result)

    def _then(self, query: Query, verb: str) -> None:
        clock = self._trail.clock
        call = Call("trail.queries", verb, query.query_id)
        query.timer = clock.set(clock.now() + STEP, call, scope=self._trail.scope)

    # -- SQL ---------------------------------------------------------------------------------------

    def stores(self, statement: str) -> list[EventDataStore]:
        """The stores that a statement reads.

        Raises:
            EventDataStoreNotFoundException: it names a store that isn't here.
            InactiveEventDataStoreException: it names one that is to be deleted.
            InvalidQueryStatementException: it is no SELECT over stores.
            MisuseError: the extra ``lake`` isn't installed.
        """
        try:
            from awsmon.lang.presto_sql.reading import read

            names = read(statement).tables
        except LanguageError as error:
            raise InvalidQueryStatementException.because(error.message, str(error)) from error
        except ImportError:
            raise _missing() from None
        if not names:
            raise InvalidQueryStatementException.because("it names no event data store")
        return [self._trail.stores.active(name) for name in names]

    def _run(
        self, statement: str, stores: Iterable[EventDataStore], *, empty: bool = False
    ) -> Result:
        try:
            from awsmon.lang.presto_sql.running import run

            now = self._trail.clock.now()
            tables = {each.id.lower(): self._table(each, now, empty=empty) for each in stores}
            return run(statement, tables, now)
        except LanguageError as error:
            raise InvalidQueryStatementException.because(error.message, str(error)) from error
        except ImportError:
            raise _missing() from None

    def _table(self, store: EventDataStore, now: datetime, *, empty: bool) -> Table:
        from awsmon.lang.presto_sql.running import Table

        rows = [] if empty else [
            {**record, "eventjson": record} for record in self._trail.kept.of(store, now)
        ]  # fmt: skip
        return Table(COLUMNS[store.category], rows)

    # -- delivery ----------------------------------------------------------------------------------

    def _deliver(self, query: Query, result: Result) -> None:
        """The results as CSV, and a file that signs them."""
        trail, now = self._trail, self._trail.clock.now()
        bucket, _, prefix = (query.delivery_s3_uri or "").removeprefix("s3://").partition("/")
        folder = "/".join(filter(None, [
            prefix.strip("/"), "AWSLogs", trail.scope.account, "CloudTrail-Lake/Query",
            f"{now:%Y/%m/%d}", query.query_id,
        ]))  # fmt: skip
        body = gzip.compress(_csv(result), mtime=0)
        hashed = hashlib.sha256(body).hexdigest()
        key = key_of(trail.scope.region)
        signed = {
            "version": "1.0", "region": trail.scope.region,
            "files": [{"fileHashValue": hashed, "fileName": "result_1.csv.gz"}],
            "hashAlgorithm": "SHA-256", "signatureAlgorithm": ALGORITHM,
            "queryCompleteTime": stamp(now),
            "hashSignature": key.sign(hashed.encode()), "publicKeyFingerprint": key.fingerprint,
        }  # fmt: skip
        for name, content in (
            ("result_1.csv.gz", body), ("result_sign.json", json.dumps(signed).encode())
        ):  # fmt: skip
            trail.deliveries.send(
                Delivery(
                    at=now, scope=trail.scope, sender="trail", subject=query.query_id,
                    target_arn=f"arn:{trail.scope.partition}:s3:::{bucket}", policy=ASYNCHRONOUS,
                    payload={"Key": f"{folder}/{name}", "Body": content}))  # fmt: skip

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: results arrived in their bucket, or didn't."""
        query = self._queries.get(event.subject)
        if query is None or query.delivery_status not in ("PENDING", "SUCCESS"):
            return
        signing = event.payload["Key"].endswith("result_sign.json")
        if event.error is None:
            query.delivery_status = "SUCCESS" if signing else query.delivery_status
            return
        if "NoSuchBucket" in event.error:
            query.delivery_status = "RESOURCE_NOT_FOUND"
            return
        failed = "ACCESS_DENIED" if "AccessDenied" in event.error else "FAILED"
        query.delivery_status = f"{failed}_SIGNING_FILE" if signing else failed


def _missing() -> MisuseError:
    return MisuseError(
        "CloudTrail Lake's queries need DuckDB and sqlglot: install the extra 'lake' "
        "(pip install 'awsmon[lake]')."
    )


def _csv(result: Result) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows.writerow(result.columns)
    rows.writerows([[value or "" for value in row] for row in result.rows])
    return text.getvalue().encode()
