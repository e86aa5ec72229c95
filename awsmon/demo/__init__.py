"""The demo: an access log replayed on the virtual clock, and what its alarm made of it.

Lives here: `run`, which ties the parts together: `accesslog` reads lines, `order` doubts some of
them, `replay` makes boto3 calls of them, `incidents` adds up what came of it, `story` tells it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from awsmon.demo.accesslog import LogFile, LogUnreadable
from awsmon.demo.replay import Watch, replay
from awsmon.demo.story import Progress, tell

if TYPE_CHECKING:
    from awsmon.demo.incidents import Chronicle

__all__ = ["SAMPLE", "Watch", "run"]

SAMPLE = Path(__file__).with_name("access.log")
"""Six hours of a shop that doesn't exist."""


def run(log: Path | None, watch: Watch, report: Path | None = None) -> int:
    """Tell the story of a log, or of the sample: 0, or 2 where a file cannot be read or written."""
    try:
        with LogFile(log or SAMPLE) as file:
            progress = Progress(sys.stderr, lambda: file.fraction)
            chronicle = tell(
                progress.along(replay(file, watch, report)), watch,
                log=str(log) if log else "the sample that comes with awsmon",
                out=sys.stdout, colours=sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
            )  # fmt: skip
    except LogUnreadable as error:
        return _refuse(str(error))
    except OSError as error:
        if report is None or error.filename is None:
            raise
        return _refuse(f"the report cannot be written: {error}")
    if report is not None and chronicle.entries:
        print(f"  report      {report}")
    return 0 if chronicle.entries else _refuse(f"{log}: {_not_a_log(chronicle)}")


def _not_a_log(chronicle: Chronicle) -> str:
    first = chronicle.named[0]
    return (
        f"none of its {chronicle.broken:,} lines is of an access log in combined format; "
        f"line {first.number}: {first.reason}"
    )


def _refuse(why: str) -> int:
    print(f"awsmon demo: {why}", file=sys.stderr)
    return 2
