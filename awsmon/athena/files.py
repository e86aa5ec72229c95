"""Files of JSON in the other mock's S3, as rows of a table.

Lives here: `Source`, where a table's files are; `rows`, which reads them; `partition_of`, what a
file's place tells.
Source: Athena User Guide, "JSON SerDe libraries", "CloudTrail SerDe", "Partition projection".
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsmon.athena.errors import Unreadable
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.core.service import Service

__all__ = ["Source", "partition_of", "rows", "split"]

_GZIP = b"\x1f\x8b"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Source:
    """Files below an S3 URL.

    Attributes:
        location: the URL.
        records: a file holds an object whose ``Records`` are the rows; else each object is one.
        values: of partition columns, for all of them.
        template: of URLs that tell the values; empty: they don't.
        properties: the table's.
        within: what the key of a file must have in it.
    """

    location: str
    records: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    template: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    within: str = ""


def split(url: str) -> tuple[str, str]:
    """Bucket and key of an S3 URL.

    Raises:
        Unreadable: it is none.
    """
    found = re.fullmatch(r"s3://([^/]+)/?(.*)", url)
    if found is None:
        raise Unreadable(f"{url!r} is no URL of S3")
    return found[1], found[2]


def rows(service: Service, source: Source) -> tuple[list[dict[str, Any]], int]:
    """The rows of all files, and how many bytes they have.

    Raises:
        Unreadable: nobody serves S3, or a file isn't JSON.
    """
    start = source.template.partition("${")[0] if source.template else source.location
    bucket, prefix = split(start)
    found: list[dict[str, Any]] = []
    size = 0
    for key in _keys(service, bucket, prefix):
        values = partition_of(f"s3://{bucket}/{key}", source)
        if values is None or source.within not in key:
            continue
        body = _ask(service, bucket, "GetObject", {"Bucket": bucket, "Key": key})["Body"].read()
        size += len(body)
        found += [{**row, **values} for row in _parsed(body, source, f"s3://{bucket}/{key}")]
    return found, size


def _keys(service: Service, bucket: str, prefix: str) -> Iterator[str]:
    token: dict[str, str] = {}
    while True:
        page = _ask(service, bucket, "ListObjectsV2", {"Bucket": bucket, "Prefix": prefix, **token})
        yield from (each["Key"] for each in page.get("Contents", ()) if each["Size"])
        if not page.get("IsTruncated"):
            return
        token = {"ContinuationToken": page["NextContinuationToken"]}


def _ask(service: Service, bucket: str, operation: str, given: dict[str, str]) -> dict[str, Any]:
    try:
        found = service.ask(f"arn:aws:s3:::{bucket}", "s3", operation, given)
    except Refused as refused:
        raise Unreadable(str(refused)) from refused
    if found is None:
        raise Unreadable(f"nobody serves the bucket {bucket}: start moto as well")
    return found


def partition_of(url: str, source: Source) -> Mapping[str, str] | None:
    """The values of partition columns that a file's URL tells; None: it is in none."""
    if not source.template:
        return source.values
    pattern, end = "", 0
    for found in _VARIABLE.finditer(source.template):
        shape = _shape(source.properties.get(f"projection.{found[1]}.format", ""))
        pattern += re.escape(source.template[end : found.start()]) + f"(?P<{found[1]}>{shape})"
        end = found.end()
    pattern += re.escape(source.template[end:].rstrip("/"))
    match = re.match(pattern + "/", url)
    if match is None:
        return None
    for name, value in match.groupdict().items():
        allowed = source.properties.get(f"projection.{name}.values")
        if allowed and value not in [each.strip() for each in allowed.split(",")]:
            return None
    return match.groupdict()


def _shape(date: str) -> str:
    """What values look like; of Java's pattern of a date, if there is one."""
    return re.sub(r"[A-Za-z]", r"\\d", date) if date else "[^/]+"


def _parsed(body: bytes, source: Source, url: str) -> Iterator[dict[str, Any]]:
    text = (gzip.decompress(body) if body[:2] == _GZIP else body).decode()
    try:
        whole = [json.loads(text)]
    except ValueError:
        whole = [_line(each, source, url) for each in text.splitlines() if each.strip()]
    for each in whole:
        if not isinstance(each, dict):
            continue
        yield from each.get("Records", ()) if source.records else (each,)


def _line(text: str, source: Source, url: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        if source.properties.get("ignore.malformed.json") == "true":
            return None
        raise Unreadable(f"Row is not a valid JSON Object: {error} ({url})") from None
