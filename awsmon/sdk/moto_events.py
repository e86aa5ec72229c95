"""What moto's own services tell moto's EventBridge, while awsmon is active.

Lives here: `patches`, for moto's S3, which tells of objects where a bucket's notification
configuration says so; the event is awsmon's, at this instant. It is the only one of moto's services
that does (its source, 5.1 to 5.2). Source of the form: S3 User Guide, "Using EventBridge".
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from awsmon.core.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.core.backend import Backend

__all__ = ["patches"]


def patches(
    active: Callable[[], Backend | None],
) -> Mapping[tuple[Any, str], Callable[[Callable[..., Any]], Any]]:
    """What to replace in ``moto.s3.notifications``."""
    module = sys.modules["moto.s3.notifications"]

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def send(account_id: str, bucket: Any, event_name: str, key: Any) -> None:
            backend = active()
            if backend is None:
                original(account_id, bucket, event_name, key)
                return
            kind = module._detail_type(event_name)
            with backend.door:
                scope = Scope(account_id, bucket.region_name)
                detail = _detail(backend, account_id, bucket, event_name, key)
                backend.at(scope).event_bus.put_aws_event(
                    "aws.s3", kind, detail, resources=[bucket.arn]
                )

        return send

    return {(module, "_send_event_bridge_message"): wrap}


def _detail(
    backend: Backend, account: str, bucket: Any, event_name: str, key: Any
) -> dict[str, Any]:
    found = {"key": key.name, "size": key.size, "etag": key.etag.replace('"', "")}
    if key.version_id is not None:
        found["version-id"] = key.version_id
    return {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": {**found, "sequencer": backend.ids.hex(16).upper()},
        "request-id": backend.ids.key("", 16),
        "requester": account,
        "source-ip-address": "127.0.0.1",
        "reason": _REASONS.get(event_name, event_name.split(":")[1]),
    }


_REASONS = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    "s3:ObjectRemoved:Delete": "DeleteObject",
}
