"""The old CloudWatch Logs agent's ``awslogs.conf``, read into a plan.

Lives here: `plan_of`. A file is known again by what stands before the place that was reached, so
that ``file_fingerprint_lines`` has nothing to decide. Source: CloudWatch Logs User Guide,
"CloudWatch Logs agent reference".
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Callable, Mapping
from datetime import timezone
from typing import TYPE_CHECKING, Any

from awsmon.agent.checks import Problems, pattern
from awsmon.agent.errors import ConfigurationError
from awsmon.agent.model import LogFile, LogsPlan, Plan
from awsmon.agent.schema import encoding
from awsmon.agent.timestamps import Format

if TYPE_CHECKING:
    from awsmon.agent.host import Host

__all__ = ["plan_of"]

Check = Callable[[str], str | None]

_GENERAL = ("state_file", "logging_config_file", "use_gzip_http_content_encoding")
_NEEDED = ("file", "log_group_name", "log_stream_name")


def plan_of(text: str, host: Host, state_file: str | None = None) -> Plan:
    """The plan of a configuration on a host.

    Args:
        text: the configuration.
        host: fills in placeholders.
        state_file: where is kept how far files were read; None: where the configuration says.

    Raises:
        ConfigurationError: it isn't valid; all that is wrong is told.
    """
    parser = configparser.RawConfigParser(inline_comment_prefixes=None)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ConfigurationError([("the whole", str(error).replace("\n", " "))]) from error
    found: Problems = []
    sections = {name: dict(parser[name]) for name in parser.sections()}
    general = sections.pop("general", {})
    if "state_file" not in general:
        found.append(("[general]", "state_file is missing"))
    _known("general", general, _GENERAL, found)
    if not sections:
        found.append(("the whole", "there is no section of a file to read"))
    for name, section in sections.items():
        _check(name, section, found)
    if found:
        raise ConfigurationError(found)
    files = tuple(_file(section, host) for section in sections.values())
    return Plan(logs=LogsPlan(files=files), state_file=state_file or general["state_file"])


def _known(name: str, section: Mapping[str, str], known: Any, found: Problems) -> None:
    found.extend((f"[{name}] {key}", f"there is no such key; there are {', '.join(known)}")
                 for key in section if key not in known)  # fmt: skip


def _check(name: str, section: Mapping[str, str], found: Problems) -> None:
    _known(name, section, _CHECKS, found)
    found.extend((f"[{name}]", f"{key} is missing") for key in _NEEDED if key not in section)
    for key, value in section.items():
        wrong = _CHECKS[key](value) if key in _CHECKS else None
        if wrong:
            found.append((f"[{name}] {key}", wrong))


def _file(section: Mapping[str, str], host: Host) -> LogFile:
    zone = timezone.utc if section.get("time_zone") == "UTC" else None
    given = section.get("datetime_format")
    timestamps = Format(given, zone, old=True) if given else None
    start = section.get("multi_line_start_pattern", r"^[^\s]")
    whole_format = start == "{datetime_format}" and timestamps is not None
    return LogFile(
        path=section["file"],
        group=host.filled(section["log_group_name"]),
        stream=host.filled(section["log_stream_name"]),
        timestamps=timestamps,
        starts=timestamps.pattern if timestamps and whole_format else re.compile(start),
        encoding=section.get("encoding", "utf-8"),
        from_start=section.get("initial_position", "start_of_file") == "start_of_file",
        interval=int(section.get("buffer_duration", 5000)) / 1000,
        most_events=int(section.get("batch_count", 10_000)),
        most_bytes=int(section.get("batch_size", 32_768)),
    )


# -- checks: what is wrong with a value, or None ---------------------------------------------------


def _any(value: str) -> str | None:
    return None if value else "it is empty"


def _one(*known: str) -> Check:
    return lambda value: None if value in known else f"{value!r} is none of {', '.join(known)}"


def _number(least: int, most: int) -> Check:
    def check(value: str) -> str | None:
        fine = value.isdecimal() and least <= int(value) <= most
        return None if fine else f"expected {least} to {most}, got {value!r}"

    return check


def _by(other: Callable[[Any, str, Problems], None]) -> Check:
    """As the other agent's configuration is checked."""

    def check(value: str) -> str | None:
        found: Problems = []
        other(value, "", found)
        return found[0][1] if found else None

    return check


def _format(value: str) -> str | None:
    unknown = Format.unknown(value, old=True)
    return f"{', '.join(unknown)} means nothing" if unknown else None


def _start(value: str) -> str | None:
    return None if value == "{datetime_format}" else _by(pattern)(value)


def _lines(value: str) -> str | None:
    if re.fullmatch(r"\d+(-\d+)?", value):
        return None
    return f"expected a line or a range of lines, as 1 or 1-3, got {value!r}"


_CHECKS: dict[str, Check] = {
    "file": _any,
    "log_group_name": _any,
    "log_stream_name": _any,
    "datetime_format": _format,
    "time_zone": _one("LOCAL", "UTC"),
    "file_fingerprint_lines": _lines,
    "multi_line_start_pattern": _start,
    "initial_position": _one("start_of_file", "end_of_file"),
    "encoding": _by(encoding),
    "buffer_duration": _number(5000, 2**31 - 1),
    "batch_count": _number(1, 10_000),
    "batch_size": _number(1, 1_048_576),
}
