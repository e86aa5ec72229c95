"""How EventBridge tries again, which Scheduler shares.

Lives here: `retry_policy`. AWS backs off exponentially with jitter, up to 185 times in 24 hours;
the waits here are a model without jitter: a second, doubled each time, at most eight minutes, so
that 185 attempts fit a day. Source: EventBridge User Guide, "How EventBridge retries delivering
events".
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from awsmon.core.deliveries import ASYNCHRONOUS, RetryPolicy

__all__ = ["MOST_AGE", "MOST_ATTEMPTS", "retry_policy"]

MOST_ATTEMPTS, MOST_AGE = 185, 86_400  # the latter in seconds
LONGEST_WAIT = 480


@cache
def retry_policy(attempts: int = MOST_ATTEMPTS, age: int = MOST_AGE) -> RetryPolicy:
    """So many further attempts, as long as the event is no older than *age* seconds."""
    waits: list[timedelta] = []
    passed = 0
    for number in range(attempts):
        wait = min(2**number, LONGEST_WAIT)
        passed += wait
        if passed > age:
            return RetryPolicy(tuple(waits), "MaximumEventAgeInSeconds", ASYNCHRONOUS.waits)
        waits.append(timedelta(seconds=wait))
    return RetryPolicy(tuple(waits), "MaximumRetryAttempts", ASYNCHRONOUS.waits)
