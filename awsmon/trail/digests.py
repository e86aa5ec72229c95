"""Digest files: what was delivered in an hour, with hashes, signed, each linked to the one before.

Lives here: `Digests`. There is one for each hour, though nothing was delivered, as long as a trail
logs and validates.
Source: CloudTrail User Guide, "CloudTrail digest file structure".
"""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import Call, stamp
from awsmon.trail.aggregates import happened
from awsmon.trail.signing import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.trail.model import TrailSettings
    from awsmon.trail.service import Trail

__all__ = ["ALGORITHM", "FOLDER", "Digests"]

HOUR = timedelta(hours=1)
ALGORITHM = "SHA256withRSA"
FOLDER = "CloudTrail-Digest"


class Digests:
    """The digests of one account's trails in one region."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._since: dict[str, str] = {}
        self._files: dict[str, list[dict[str, Any]]] = {}
        self._previous: dict[str, dict[str, str]] = {}

    def begin(self, settings: TrailSettings) -> None:
        """A trail logs and validates, or doesn't: the first digest is an hour away."""
        wanted = settings.logging and settings.log_file_validation_enabled
        if wanted and settings.trail_arn not in self._since:
            self._wait(settings.trail_arn)

    def _wait(self, arn: str) -> None:
        clock, scope = self._trail.clock, self._trail.scope
        now = clock.now()
        self._since[arn] = stamp(now)
        clock.set(now + HOUR, Call("trail.digests", "due", arn), scope=scope, recurs=True)

    def delivered(self, settings: TrailSettings, payload: Mapping[str, Any]) -> None:
        """A log file arrived."""
        if settings.trail_arn not in self._since:
            return
        content = gzip.decompress(payload["Body"])
        times = sorted(happened(each) for each in json.loads(content)["Records"])
        self._files.setdefault(settings.trail_arn, []).append({
            "s3Bucket": settings.s3_bucket_name, "s3Object": payload["Key"],
            "hashValue": hashlib.sha256(content).hexdigest(), "hashAlgorithm": "SHA-256",
            "newestEventTime": times[-1], "oldestEventTime": times[0],
        })  # fmt: skip

    def due(self, arn: str) -> None:
        """A timer's verb: the hour is over."""
        start, files = self._since.pop(arn), self._files.pop(arn, [])
        settings = next((x for x in self._trail.everywhere() if x.trail_arn == arn), None)
        if settings is None:
            return
        going = settings.logging and settings.log_file_validation_enabled
        if going or files:
            self._write(settings, start, files)
        if going:
            self._wait(arn)
        else:
            # the chain is broken after an hour (API reference, CreateTrail): the next is another
            self._previous.pop(arn, None)

    def _write(self, settings: TrailSettings, start: str, files: list[dict[str, Any]]) -> None:
        trail, now = self._trail, self._trail.clock.now()
        key, name = key_of(trail.scope.region), self._name(settings, now)
        previous = self._previous.get(settings.trail_arn, {})
        digest = {
            "awsAccountId": trail.scope.account,
            "digestStartTime": start,
            "digestEndTime": stamp(now),
            "digestS3Bucket": settings.s3_bucket_name,
            "digestS3Object": name,
            "digestPublicKeyFingerprint": key.fingerprint,
            "digestSignatureAlgorithm": ALGORITHM,
            "newestEventTime": max((each["newestEventTime"] for each in files), default=None),
            "oldestEventTime": min((each["oldestEventTime"] for each in files), default=None),
            "previousDigestS3Bucket": previous.get("bucket"),
            "previousDigestS3Object": previous.get("name"),
            "previousDigestHashValue": previous.get("hash"),
            "previousDigestHashAlgorithm": "SHA-256" if previous else None,
            "previousDigestSignature": previous.get("signature"),
            "logFiles": files,
        }
        content = json.dumps(digest, separators=(",", ":")).encode()
        hashed = hashlib.sha256(content).hexdigest()
        told = [stamp(now), f"{settings.s3_bucket_name}/{name}", hashed,
                previous.get("signature", "null")]  # fmt: skip
        signature = key.sign("\n".join(told).encode())
        self._previous[settings.trail_arn] = {
            "bucket": settings.s3_bucket_name, "name": name, "hash": hashed,
            "signature": signature,
        }  # fmt: skip
        metadata = {"signature": signature, "signature-algorithm": ALGORITHM}
        trail.delivering.put(settings, name, content, now, Metadata=metadata)

    def _name(self, settings: TrailSettings, now: datetime) -> str:
        scope = self._trail.scope
        return (
            f"{settings.folder(scope.account)}/{FOLDER}/{scope.region}/{now:%Y/%m/%d}/"
            f"{scope.account}_{FOLDER}_{scope.region}_{settings.name}_{settings.home_region}_"
            f"{now:%Y%m%dT%H%M%SZ}.json.gz"
        )
