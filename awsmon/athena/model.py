"""What Athena keeps: tables, and queries that ran.

Lives here: `Known`, a table with its partitions; `Execution`; and `athena_type`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.athena.files import Source

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.lang.hive_ddl import TableDefinition
    from awsmon.lang.presto_sql.running import Result

__all__ = ["Execution", "Known", "athena_type"]

LASTS = timedelta(seconds=1)
_RECORDS = ("com.amazon.emr.hive.serde.CloudTrailSerde", "CloudTrailInputFormat")
_JSON = ("JsonSerDe", "CloudTrailSerde")


@dataclass(slots=True)
class Known:
    """A table.

    Attributes:
        partitions: values of its partition columns, each with an S3 URL.
    """

    definition: TableDefinition
    partitions: list[tuple[dict[str, str], str]] = field(default_factory=list)

    @property
    def readable(self) -> bool:
        """Whether its files are JSON, which is all that is read here."""
        return self.definition.serde.endswith(_JSON)

    def sources(self) -> list[Source]:
        """Where its files are."""
        definition = self.definition
        names = (definition.serde, definition.input_format)
        records = any(name.endswith(_RECORDS) for name in names)
        properties = definition.properties
        if not definition.partitions:
            return [Source(definition.location, records, properties=properties)]
        if properties.get("projection.enabled", "").lower() == "true":
            usual = "/".join(f"{name}=${{{name}}}" for name in definition.partitions)
            template = properties.get(
                "storage.location.template", f"{definition.location.rstrip('/')}/{usual}"
            )
            return [Source(definition.location, records, {}, template, properties)]
        return [Source(url, records, values, "", properties) for values, url in self.partitions]


@dataclass(kw_only=True, slots=True, eq=False)
class Execution:
    """A query that was started.

    Attributes:
        output: the S3 URL of its result.
        result: what it found, if it did.
        failed: why it didn't; empty: it did.
        stopped: when somebody stopped it.
    """

    id: str
    query: str
    context: dict[str, str]
    output: str
    workgroup: str
    submitted: datetime
    defines: bool
    subtype: str
    result: Result | None = None
    failed: str = ""
    scanned: int = 0
    stopped: datetime | None = None

    def state(self, now: datetime) -> str:
        """QUEUED when it is submitted, RUNNING for a second, then what came of it."""
        if self.stopped is not None:
            return "CANCELLED"
        if now < self.submitted + LASTS:
            return "RUNNING" if now > self.submitted else "QUEUED"
        return "FAILED" if self.failed else "SUCCEEDED"

    def told(self, now: datetime) -> dict[str, Any]:
        """As GetQueryExecution tells it."""
        state = self.state(now)
        over = state not in ("QUEUED", "RUNNING")
        status: dict[str, Any] = {"State": state, "SubmissionDateTime": self.submitted}
        if over:
            status["CompletionDateTime"] = self.stopped or self.submitted + LASTS
        if state == "FAILED":
            status["StateChangeReason"] = self.failed
            status["AthenaError"] = {
                "ErrorCategory": 2, "ErrorType": 1006, "Retryable": False,
                "ErrorMessage": self.failed,
            }  # fmt: skip
        millis = int(LASTS.total_seconds() * 1000)
        return {
            "QueryExecutionId": self.id, "Query": self.query, "Status": status,
            "StatementType": "DDL" if self.defines else "DML", "SubstatementType": self.subtype,
            "ResultConfiguration": {"OutputLocation": self.output}, "WorkGroup": self.workgroup,
            "QueryExecutionContext": self.context,
            "Statistics": {
                "EngineExecutionTimeInMillis": millis, "DataScannedInBytes": self.scanned,
                "TotalExecutionTimeInMillis": millis, "QueryQueueTimeInMillis": 0,
                "ServiceProcessingTimeInMillis": 0,
            } if over else {},
            "EngineVersion": {"SelectedEngineVersion": "AUTO",
                              "EffectiveEngineVersion": "Athena engine version 3"},
        }  # fmt: skip


def athena_type(duckdb: str) -> str:
    """The name of a column's type, from DuckDB's."""
    if duckdb.endswith("[]"):
        return "array"
    name = duckdb.partition("(")[0].lower()
    return {"struct": "row", "hugeint": "bigint"}.get(name, name)
