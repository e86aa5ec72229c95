"""When a line says that it was written.

Lives here: `Format`, made of ``timestamp_format`` or of the old agent's ``datetime_format``. What
the line leaves out is filled in: today's date, this year (or the last, where it would lie a month
ahead), the configured zone. Source: CloudWatch User Guide, the table of ``timestamp_format``.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from dateutil.tz import tzlocal

__all__ = ["DIRECTIVES", "OLD_DIRECTIVES", "Format"]

_MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august",
                "september", "october", "november", "december")  # fmt: skip
_MONTHS = tuple(name[:3] for name in _MONTH_NAMES)
_DAYS = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_DAY_NAMES = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_AHEAD = timedelta(days=30)

DIRECTIVES: dict[str, tuple[str, str]] = {
    "%y": ("short_year", r"\d{2}"),
    "%Y": ("year", r"\d{4}"),
    "%b": ("month_name", "|".join(_MONTHS)),
    "%B": ("long_month", "|".join(_MONTH_NAMES)),
    "%m": ("month", r"\d{2}"),
    "%-m": ("month", r"\s?\d{1,2}"),
    "%d": ("day", r"\d{2}"),
    "%-d": ("day", r"\s?\d{1,2}"),
    "%A": ("", _DAY_NAMES),
    "%a": ("", _DAYS),
    "%H": ("hour", r"\d{2}"),
    "%I": ("hour", r"\d{2}"),
    "%-I": ("hour", r"\d{1,2}"),
    "%p": ("half", "[AP]M"),
    "%M": ("minute", r"\d{2}"),
    "%-M": ("minute", r"\d{1,2}"),
    "%S": ("second", r"\d{2}"),
    "%-S": ("second", r"\d{1,2}"),
    "%f": ("fraction", r"\d{1,9}"),
    "%Z": ("zone_name", "[A-Z]{1,4}"),
    "%z": ("offset", r"[+-]\d{2}:?\d{2}|Z"),
}
"""Of each directive, what it tells and the pattern of that."""
OLD_DIRECTIVES = {
    **{name: told for name, told in DIRECTIVES.items() if "-" not in name},
    "%d": ("day", r"\s?\d{1,2}"),
    "%j": ("day_of_year", r"\d{3}"),
    "%w": ("", "[0-6]"),
    "%U": ("", r"\d{2}"),
    "%W": ("", r"\d{2}"),
}
"""Those of Python's strptime, which the old agent used."""
_LONG = {"%c": "%a %b %d %H:%M:%S %Y", "%x": "%m/%d/%y", "%X": "%H:%M:%S"}
_DIRECTIVE = re.compile(r"%-?[A-Za-z%]")


class Format:
    """A format of timestamps, in a zone where a line names none.

    Args:
        text: as ``%Y-%m-%d %H:%M:%S``.
        zone: None: this machine's own.
        old: by the old agent's directives.

    Attributes:
        pattern: of a line that has such a timestamp, anywhere in it.
    """

    def __init__(self, text: str, zone: tzinfo | None = None, *, old: bool = False) -> None:
        self.text = text
        self.zone = zone or tzlocal()
        self._directives = OLD_DIRECTIVES if old else DIRECTIVES
        for short, long in _LONG.items() if old else ():
            text = text.replace(short, long)
        self.pattern = re.compile(self._pattern(text), re.IGNORECASE)

    @staticmethod
    def unknown(text: str, *, old: bool = False) -> list[str]:
        """The directives in a format that mean nothing."""
        known = {*OLD_DIRECTIVES, *_LONG, "%%"} if old else {*DIRECTIVES}
        return [each for each in _DIRECTIVE.findall(text) if each not in known]

    def _pattern(self, text: str) -> str:
        found, at, seen = "", 0, set()
        for match in _DIRECTIVE.finditer(text):
            found += re.escape(text[at : match.start()])
            at = match.end()
            name, part = self._directives.get(match.group(), ("", re.escape(match.group()[1:])))
            named = name and name not in seen
            seen.add(name)
            found += f"(?P<{name}>{part})" if named else f"(?:{part})"
        found += re.escape(text[at:])
        return found.removeprefix(r"\s?")

    def read(self, line: str, now: datetime) -> datetime | None:
        """The instant that a line tells; None where it tells none, or one that there isn't."""
        match = self.pattern.search(line)
        if match is None:
            return None
        told = {name: value for name, value in match.groupdict().items() if value is not None}
        try:
            return self._instant(told, now.astimezone(self.zone)).astimezone(timezone.utc)
        except (ValueError, OverflowError):
            return None

    def trimmed(self, line: str) -> str:
        """The line without its timestamp."""
        match = self.pattern.search(line)
        return line if match is None else line[: match.start()] + line[match.end() :]

    def _instant(self, told: dict[str, str], now: datetime) -> datetime:
        zone = _zone(told) or self.zone
        year, month, day = _date(told, now)
        found = datetime(
            year, month, day, _hour(told), int(told.get("minute", 0)), int(told.get("second", 0)),
            int(told.get("fraction", "0").ljust(6, "0")[:3]) * 1000, zone,
        )  # fmt: skip
        if "day_of_year" in told:
            found += timedelta(days=int(told["day_of_year"]) - 1)
        if not _has_year(told) and found - now > _AHEAD:
            found = found.replace(year=year - 1)
        return found


def _has_year(told: dict[str, Any]) -> bool:
    return "year" in told or "short_year" in told


def _date(told: dict[str, str], now: datetime) -> tuple[int, int, int]:
    year = int(told.get("year", now.year))
    if "short_year" in told:
        short = int(told["short_year"])
        year = short + (2000 if short < 69 else 1900)
    if "day_of_year" in told:
        return year, 1, 1
    month, name = int(told.get("month", now.month)), told.get("month_name", "").lower()
    if name:
        month = _MONTHS.index(name) + 1
    if "long_month" in told:
        month = _MONTH_NAMES.index(told["long_month"].lower()) + 1
    dated = any(part in told for part in ("month", "month_name", "long_month"))
    return year, month, int(told.get("day", 1 if dated else now.day))


def _hour(told: dict[str, str]) -> int:
    hour = int(told.get("hour", 0))
    half = told.get("half", "").upper()
    return hour % 12 + (12 if half == "PM" else 0) if half else hour


def _zone(told: dict[str, str]) -> tzinfo | None:
    """The zone that a line names; of names only those that mean one thing everywhere."""
    offset = told.get("offset")
    if offset is not None and offset not in "Zz":
        sign = -1 if offset[0] == "-" else 1
        digits = offset[1:].replace(":", "")
        return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
    if offset is not None or told.get("zone_name", "").upper() in ("UTC", "GMT", "Z"):
        return timezone.utc
    return None
