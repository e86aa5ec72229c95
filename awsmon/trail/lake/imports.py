"""Imports: events that trails delivered to S3 come into an event data store.

Lives here: `Import` and `Imports`. Files are listed after a second of the clock, and read from the
other mock one each second. A file that can't be read is a failure, which a later start tries again.
Source: API reference, StartImport, ListImportFailures; CloudTrail User Guide, "Considerations for
copying trail events".
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.clock import Call, aware
from awsmon.core.deliveries import Delivery, Refused
from awsmon.core.resource import Resource, aws
from awsmon.trail.lake.feeding_errors import ImportNotFoundException
from awsmon.trail.selectors import compile_selectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.core.clock import Timer
    from awsmon.core.targets import OtherMock
    from awsmon.trail.lake.stores import EventDataStore
    from awsmon.trail.service import Trail

__all__ = ["Import", "Imports", "place_of"]

STEP = timedelta(seconds=1)
_FILE = re.compile(r"(?:^|/)CloudTrail/.*_CloudTrail_[^/]*_(\d{8}T\d{4})Z_[^/]*\.json\.gz$")
_LISTING = ""  # stands for a file's key where the files could not be listed
_COUNTED = ("PrefixesFound", "PrefixesCompleted", "FilesCompleted", "EventsCompleted",
            "FailedEntries")  # fmt: skip


@dataclass(kw_only=True, slots=True, eq=False)
class Import(Resource):
    """An import as GetImport shows it.

    Attributes:
        waiting: the keys of the files that are to be read; None: they aren't listed yet.
        failures: of files, by key, as ListImportFailures shows them.
    """

    aws_shape: ClassVar[str] = "cloudtrail.GetImportResponse"

    import_id: str
    destinations: list[str]
    import_source: dict[str, Any]
    start_event_time: datetime | None = None
    end_event_time: datetime | None = None
    import_status: str = "INITIALIZING"
    created_timestamp: datetime
    updated_timestamp: datetime
    import_statistics: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))
    waiting: list[str] | None = field(default=None, repr=False, metadata=aws(None))
    failures: dict[str, dict[str, Any]] = field(
        default_factory=dict, repr=False, metadata=aws(None)
    )
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def is_active(self) -> bool:
        """It isn't over."""
        return self.import_status in ("INITIALIZING", "IN_PROGRESS")

    @property
    def uri(self) -> str:
        """Where its files are."""
        return str(self.import_source["S3"]["S3LocationUri"])

    def wants(self, key: str) -> bool:
        """Whether a key is of a file of a trail's, of the time that is asked for."""
        found = _FILE.search(key)
        if found is None:
            return False
        at = datetime.strptime(found[1], "%Y%m%dT%H%M").replace(tzinfo=timezone.utc)
        start, end = self.start_event_time, self.end_event_time
        return (start is None or at >= start) and (end is None or at <= end)


def place_of(uri: str) -> tuple[str, str]:
    """The bucket and the prefix that an address says; a bucket of no name: it is none."""
    found = re.fullmatch(r"s3://([a-z0-9][.\-a-z0-9]{1,61}[a-z0-9])(?:/(.*))?", uri)
    return (found[1], found[2] or "") if found else ("", "")


class Imports:
    """The imports of one account and region: iterable, the newest first."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._imports: dict[str, Import] = {}

    def __iter__(self) -> Iterator[Import]:
        return iter(list(self._imports.values())[::-1])

    def __getitem__(self, import_id: str) -> Import:
        """The import of that id.

        Raises:
            ImportNotFoundException: there is none.
        """
        if import_id not in self._imports:
            raise ImportNotFoundException.of(import_id)
        return self._imports[import_id]

    def into(self, store: EventDataStore) -> bool:
        """Whether one that isn't over feeds a store."""
        return any(each.is_active and store.arn in each.destinations for each in self)

    def start(self, each: Import) -> None:
        """A new one begins."""
        self._imports[each.import_id] = each
        self._then(each)

    def again(self, each: Import) -> None:
        """The files that failed are tried again."""
        failed = [key for key, told in each.failures.items() if told["Status"] == "FAILED"]
        for key in failed:
            each.failures[key] |= {"Status": "RETRY", "LastUpdatedTime": self._trail.clock.now()}
        each.waiting = None if _LISTING in failed else failed
        each.import_statistics["FailedEntries"] = 0
        self._set(each, "INITIALIZING")
        self._then(each)

    def stop(self, each: Import) -> None:
        """What was read stays."""
        self._trail.clock.cancel(each.timer)
        self._set(each, "STOPPED")

    def step(self, import_id: str) -> None:
        """A timer's verb: list the files, or read the next, once the lock is free."""
        trail, each = self._trail, self._imports[import_id]
        key = each.waiting[0] if each.waiting else None
        self._set(each, "IN_PROGRESS")
        errand = {"import": import_id, "key": key}
        trail.deliveries.send(
            Delivery(at=trail.clock.now(), scope=trail.scope, sender="trail", subject=import_id,
                     target_arn=trail.scope.arn("cloudtrail", "errand"), payload=errand),
            keep=False,
        )  # fmt: skip

    def run(self, errand: Mapping[str, Any], mock: OtherMock) -> None:
        """Outside the lock: ask S3."""
        each, key = self._imports[errand["import"]], errand["key"]
        bucket, prefix = place_of(each.uri)
        try:
            if key is None:
                found: Any = [name for name in self._keys(mock, bucket, prefix) if each.wants(name)]
            else:
                found = _records(self._ask(mock, "GetObject", Bucket=bucket, Key=key))
        except (Refused, ValueError, OSError, EOFError, zlib.error) as error:
            found = error
        with self._trail.door:
            if each.import_status == "IN_PROGRESS":
                self._found(each, key, found)

    def _ask(self, mock: OtherMock, operation: str, **parameters: Any) -> dict[str, Any]:
        return mock.call(
            "s3", operation, parameters, scope=self._trail.scope, invoked_by="trail"
        )  # fmt: skip

    def _keys(self, mock: OtherMock, bucket: str, prefix: str) -> Iterator[str]:
        more: dict[str, Any] = {}
        while True:
            page = self._ask(mock, "ListObjectsV2", Bucket=bucket, Prefix=prefix, **more)
            yield from (each["Key"] for each in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _found(self, each: Import, key: str | None, found: Any) -> None:
        counted = each.import_statistics
        if key is None and isinstance(found, Exception):
            self._fail(each, _LISTING, found)
            each.waiting = []
        elif key is None:
            each.waiting = found
            self._succeeded(each, _LISTING)
            counted["PrefixesFound"] = len({name.rpartition("/")[0] for name in found})
        else:
            each.waiting = (each.waiting or [])[1:]
            self._took(each, key, found)
            folders = {name.rpartition("/")[0] for name in each.waiting}
            counted["PrefixesCompleted"] = max(counted["PrefixesFound"] - len(folders), 0)
        if each.waiting:
            self._then(each)
            return
        failed = any(told["Status"] == "FAILED" for told in each.failures.values())
        self._set(each, "FAILED" if failed else "COMPLETED")

    def _took(self, each: Import, key: str, found: Any) -> None:
        if isinstance(found, Exception):
            self._fail(each, key, found)
            return
        store = self._trail.stores[each.destinations[0]]
        reason = compile_selectors(None, store.advanced_event_selectors)
        for record in found:
            if reason(record) is None:
                self._trail.kept.add(store, record)
                each.import_statistics["EventsCompleted"] += 1
        each.import_statistics["FilesCompleted"] += 1
        self._succeeded(each, key)

    def _succeeded(self, each: Import, key: str) -> None:
        """At last."""
        if key in each.failures:
            now = self._trail.clock.now()
            each.failures[key] |= {"Status": "SUCCEEDED", "LastUpdatedTime": now}

    def _fail(self, each: Import, key: str, error: Exception) -> None:
        bucket, prefix = place_of(each.uri)
        each.import_statistics["FailedEntries"] += 1
        each.failures[key] = {
            "Location": f"s3://{bucket}/{key or prefix}", "Status": "FAILED",
            "ErrorType": getattr(error, "code", None) or "InvalidFile",
            "ErrorMessage": str(error), "LastUpdatedTime": self._trail.clock.now(),
        }  # fmt: skip

    def _set(self, each: Import, status: str) -> None:
        each.import_status, each.updated_timestamp = status, self._trail.clock.now()

    def _then(self, each: Import) -> None:
        clock, call = self._trail.clock, Call("trail.imports", "step", each.import_id)
        each.timer = clock.set(clock.now() + STEP, call, scope=self._trail.scope)


def _records(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records of a trail's file.

    Raises:
        ValueError: it has none.
        OSError: it isn't compressed.
    """
    body = answer["Body"].read()
    try:
        records: list[dict[str, Any]] = json.loads(gzip.decompress(body))["Records"]
        for each in records:
            aware(each["eventTime"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"The file has no records of CloudTrail's: {error}") from error
    return records
