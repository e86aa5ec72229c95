"""The command line: `python -m awsmon`.

Lives here: arguments. What a command needs is imported when it runs, so that the rest is quick.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from awsmon import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["main"]

MOST_PERIODS = 1440
"""Minutes that an alarm may look at: a day. Source: API reference, PutMetricAlarm."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit code. Arguments that cannot be meant end the process with 2."""
    parser = argparse.ArgumentParser(
        prog="awsmon", description="AWS's monitoring plane in this process, on a virtual clock."
    )
    parser.add_argument("--version", action="version", version=f"awsmon {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _demo(commands.add_parser("demo", help="replay an access log and tell what its alarm did"))
    _agent(commands.add_parser("agent", help="run a CloudWatch agent and tell what it sends"))
    arguments = parser.parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Replay a web server's access log through boto3 at its own timestamps, with an alarm on "
        "the 5xx answers of each minute, and tell when it fired and cleared, and why."
    )
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="combined format, plain or gzip (a sample)"
    )
    parser.add_argument(
        "--threshold", type=_whole(0, 10**9), default=5, metavar="N",
        help="a minute breaches with more than so many 5xx answers (5)",
    )  # fmt: skip
    parser.add_argument(
        "--periods", type=_whole(1, MOST_PERIODS), default=3, metavar="N",
        help="the minutes that the alarm looks at (3)",
    )  # fmt: skip
    parser.add_argument(
        "--datapoints", type=_whole(1, MOST_PERIODS), metavar="N",
        help="how many of them have to breach (one less than there are periods, at least 1)",
    )  # fmt: skip
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write all of it to an HTML page, too"
    )

    def run(arguments: argparse.Namespace) -> int:
        datapoints = arguments.datapoints or max(arguments.periods - 1, 1)
        if datapoints > arguments.periods:
            parser.error(f"--datapoints {datapoints} of --periods {arguments.periods}: too many")
        from awsmon import demo

        watch = demo.Watch(arguments.threshold, arguments.periods, datapoints)
        return demo.run(arguments.log, watch, arguments.report)

    parser.set_defaults(run=run)


def _agent(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Run the CloudWatch agent with its own configuration, on this machine and in real time; "
        "what it sends arrives in awsmon, and is told at the end."
    )
    parser.add_argument(
        "--config", action="append", required=True, metavar="FILE",
        help="the agent's JSON, again for each that is appended; or the old agent's awslogs.conf",
    )  # fmt: skip
    parser.add_argument(
        "--seconds", type=_whole(1, 10**6), default=60, metavar="N", help="how long (60)"
    )
    parser.add_argument("--instance-id", metavar="ID", help="as on EC2 (on premises)")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write all of it to an HTML page, too"
    )

    def run(arguments: argparse.Namespace) -> int:
        from awsmon.agent import command

        return command.run(arguments.config, arguments.seconds, arguments.instance_id)

    parser.set_defaults(run=run)


def _whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number in a range, for argparse."""

    def whole(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{text!r} isn't a whole number of {least} to {most}")
        return number

    return whole


if __name__ == "__main__":
    sys.exit(main())
