"""`python -m awsmon agent`: the agent in real time, to see what a configuration does.

Lives here: `run`. Nothing leaves the process: what the agent sends arrives in awsmon, and is told.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from awsmon.core.errors import AwsmonError
from awsmon.mock import mock_monitoring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from awsmon.monitoring import Monitoring

__all__ = ["run"]

_LOOK = 0.5  # seconds between looks at the clock
_SHOWN = 3  # lines of each stream


def run(configurations: list[str], seconds: float, instance_id: str | None) -> int:
    """Let an agent work for so long and tell what came of it: 0, or 2 where it cannot."""
    with mock_monitoring() as mon:
        began = mon.clock.now()
        try:
            agent = mon.agent(configurations, instance_id=instance_id).start()
            _wait(mon, seconds)
            agent.stop()
        except AwsmonError as error:
            print(f"awsmon agent: {error}", file=sys.stderr)
            return 2
        for line in [*_logs(mon), *_metrics(mon, began), *agent.log]:
            print(line)
    return 0


def _wait(mon: Monitoring, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, _LOOK))
        mon.clock.run_until(mon.clock.now())  # what is due by now


def _logs(mon: Monitoring) -> Iterator[str]:
    """Of each stream how many events there are, and the last."""
    for group in mon.logs:
        lines = mon.logs.tail(group.name)
        for name in group.streams:
            messages = [line.message for line in lines if line.stream == name]
            yield f"{group.name}, {name}: {len(messages)} events"
            yield from (f"  {message}" for message in messages[-_SHOWN:])


def _metrics(mon: Monitoring, since: datetime) -> Iterator[str]:
    """Of each metric the average of each minute."""
    for key in sorted(mon.metrics, key=str):
        if key.namespace.startswith("AWS/"):
            continue
        told = mon.metrics.get(key.namespace, key.name, "Average", start=since,
                               end=mon.clock.now(), dimensions=dict(key.dimensions))  # fmt: skip
        yield f"{key}: {', '.join(f'{value:g}' for _, value in told)}"
