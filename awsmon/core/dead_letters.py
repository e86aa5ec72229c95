"""EventBridge's words for what went wrong, as its dead-letter queues are told.

Lives here: `reason`. Which message that is in is `deliveries.py`'s. Source: EventBridge User Guide,
"Using dead-letter queues to process undelivered events".
"""

from __future__ import annotations

__all__ = ["reason"]


def reason(code: str) -> str:
    """EventBridge's word for an error of a target's API."""
    if code.startswith("AccessDenied") or "Permission" in code or "NotAuthorized" in code:
        return "NO_PERMISSIONS"
    if any(each in code for each in ("NotFound", "NonExistent", "DoesNotExist", "NoSuch")):
        return "NO_RESOURCE"
    if "AlreadyExists" in code:
        return "RESOURCE_ALREADY_EXISTS"
    if "Throttl" in code or "TooManyRequests" in code or "ThroughputExceeded" in code:
        return "THROTTLING"
    if "Timeout" in code:
        return "TIMEOUT"
    return "SDK_CLIENT_ERROR"
