"""Elastic Beanstalk: the log files that the agent on each instance streams.

Lives here: `Beanstalk`. Source: Elastic Beanstalk Developer Guide, "Using Elastic Beanstalk with
Amazon CloudWatch Logs".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.service import direct
from awsmon.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["Beanstalk"]


class Beanstalk(Source):
    """Environments and their instances."""

    @direct
    def output(
        self,
        environment: str,
        instance: str,
        lines: Iterable[Any],
        *,
        log: str = "web.stdout.log",
        syslog: str | None = None,
        at: datetime | str | None = None,
    ) -> None:
        """Lines of a log file.

        Args:
            environment: its name; the group is ``/aws/elasticbeanstalk/<name>/var/log/<log>``.
            instance: the EC2 instance; it has a stream of its own.
            lines: text, or pairs of an instant and text.
            log: below ``/var/log``, as ``nginx/access.log`` or ``eb-engine.log``.
            syslog: the tag by which rsyslog begins each line of ``web.stdout.log`` on Amazon Linux
                2 and later, as ``ip-172-31-8-53 web[2513]``. None: the lines are whole.
            at: aware; when those lines were written that don't say so. None: now.
        """
        group = f"/aws/elasticbeanstalk/{environment}/var/log/{log}"
        self.logs.put(group, instance, [
            (when, f"{when:%b} {when.day:2} {when:%H:%M:%S} {syslog}: {line}" if syslog else line)
            for when, line in self.timed(lines, self.instant(at))
        ])  # fmt: skip
