"""Times in the patterns of Java's DateTimeFormatter: ``yyyy-MM-dd'T'HH:mm:ss.SSS'Z'``.

Lives here: `reading` and `writing`. Letters that are not here, and locales without names of months
and days here, are refused by `LanguageError`. Source: Java SE API, DateTimeFormatter.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["reading", "writing", "zone_of"]

_ENGLISH = (
    "January February March April May June July August September October November December",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "Mon Tue Wed Thu Fri Sat Sun",
)
_NAMES = {
    "en": _ENGLISH,
    "de": (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Mo. Di. Mi. Do. Fr. Sa. So.",
    ),
    "fr": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lun. mar. mer. jeu. ven. sam. dim.",
    ),
    "es": (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sept oct nov dic",
        "lunes martes miércoles jueves viernes sábado domingo",
        "lun mar mié jue vie sáb dom",
    ),
}
_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|(.)", re.DOTALL)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?")


class _Names(NamedTuple):
    months: list[str]
    short_months: list[str]
    days: list[str]
    short_days: list[str]


class _Token(NamedTuple):
    """A letter and how often it stands there; or, without one, a text for itself."""

    letter: str
    width: int
    text: str


def zone_of(name: str) -> tzinfo:
    """A time zone: ``Europe/Berlin``, ``UTC``, ``+02:00``.

    Raises:
        LanguageError: there is none of that name.
    """
    if name in ("Z", "UTC", "GMT"):
        return timezone.utc
    if found := _OFFSET.fullmatch(name):
        ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-ahead if found[1] == "-" else ahead)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise LanguageError(f"there is no time zone {name}", name, 0) from error


@lru_cache(maxsize=256)
def reading(pattern: str, locale: str) -> Callable[[str, tzinfo], datetime | None]:
    """A function from a text and the zone it is meant in to an instant; None: it doesn't match.

    Raises:
        LanguageError: the pattern is none, or has letters that are not here.
    """
    names = _names(locale)
    parts, letters = [], []
    for token in _tokens(pattern):
        if not token.letter:
            parts.append(re.escape(token.text))
            continue
        parts.append(f"({_expected(token, names, pattern)})")
        letters.append(token)
    regex = re.compile("".join(parts), re.IGNORECASE)

    def read(text: str, zone: tzinfo) -> datetime | None:
        found = regex.fullmatch(text)
        if found is None:
            return None
        try:
            return _instant(dict(zip(letters, found.groups(), strict=True)), names, zone)
        except (ValueError, OverflowError, LanguageError):
            return None

    return read


@lru_cache(maxsize=256)
def writing(pattern: str, locale: str) -> Callable[[datetime], str]:
    """A function from an instant, in the zone in which it is to be told, to its text.

    Raises:
        LanguageError: the pattern is none, or has letters that are not here.
    """
    names, tokens = _names(locale), _tokens(pattern)
    for token in tokens:
        if token.letter:
            _expected(token, names, pattern)
    return lambda at: "".join(_told(token, at, names) for token in tokens)


def _names(locale: str) -> _Names:
    language = re.split("[-_]", locale)[0].lower() or "en"
    if language not in _NAMES:
        raise LanguageError(f"the locale {locale} is not known", locale, 0)
    return _Names(*(each.split() for each in _NAMES[language]))


def _tokens(pattern: str) -> list[_Token]:
    # AWS's own default lacks the last quotation mark
    closed = pattern if pattern.count("'") % 2 == 0 else f"{pattern}'"
    found = []
    for each in _TOKEN.finditer(closed):
        if each[2]:
            found.append(_Token(each[2], len(each[0]), ""))
        else:
            text = each[3] if each[1] is None else each[1].replace("''", "'") or "'"
            found.append(_Token("", 0, text))
    return found


def _expected(token: _Token, names: _Names, pattern: str) -> str:
    """The regular expression of a letter."""
    count = token.width
    number = f"[0-9]{{{count}}}" if count > 1 else "[0-9]{1,2}"
    if token.letter in "yu":
        return "[0-9]{2}" if count == 2 else "[0-9]{4}" if count == 4 else "[0-9]{1,9}"
    if token.letter in "ML" and count > 2:
        return _either(names.months if count == 4 else names.short_months)
    if token.letter == "E":
        return _either(names.days if count == 4 else names.short_days)
    if token.letter in "MLdHhmsKk":
        return number
    known = {"S": f"[0-9]{{{count}}}", "a": "AM|PM", "z": "[A-Za-z/_+:0-9-]+", "n": "[0-9]{1,9}",
             "V": "[A-Za-z/_+:0-9-]+", "X": "Z|[+-][0-9:]+", "x": "[+-][0-9:]+",
             "Z": "[+-][0-9:]+|Z", "D": "[0-9]{1,3}"}  # fmt: skip
    if token.letter not in known:
        raise LanguageError(f"the letter {token.letter} is not known", pattern, 0)
    return known[token.letter]


def _either(names: list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _instant(found: dict[_Token, str], names: _Names, zone: tzinfo) -> datetime:
    given = {token.letter: text for token, text in found.items()}
    year = int(given.get("y") or given.get("u") or 1970)
    if any(token.letter in "yu" and token.width == 2 for token in found):
        year += 2000
    hour = int(given.get("H", 0))
    if "h" in given:
        hour = int(given["h"]) % 12 + 12 * (given.get("a", "AM").upper() == "PM")
    for letter in ("z", "V", "X", "x", "Z"):
        if letter in given:
            zone = zone_of(given[letter])
    fraction = given.get("S", "0")[:6].ljust(6, "0")
    at = datetime(
        year, _month(given, names), int(given.get("d", 1)), hour, int(given.get("m", 0)),
        int(given.get("s", 0)), int(fraction), zone,
    )  # fmt: skip
    return at + timedelta(days=int(given["D"]) - 1) if "D" in given else at


def _month(given: dict[str, str], names: _Names) -> int:
    text = given.get("M") or given.get("L") or "1"
    if text.isdigit():
        return int(text)
    for table in (names.months, names.short_months):
        for number, name in enumerate(table, 1):
            if name.lower() == text.lower():
                return number
    raise ValueError(text)


def _told(token: _Token, at: datetime, names: _Names) -> str:
    letter, count = token.letter, token.width
    if not letter:
        return token.text
    if letter in "yu":
        return f"{at.year % 100:02d}" if count == 2 else f"{at.year:0{count}d}"
    if letter in "ML" and count > 2:
        return (names.months if count == 4 else names.short_months)[at.month - 1]
    if letter == "E":
        return (names.days if count == 4 else names.short_days)[at.weekday()]
    numbers = {"M": at.month, "L": at.month, "d": at.day, "H": at.hour, "h": at.hour % 12 or 12,
               "K": at.hour % 12, "k": at.hour or 24, "m": at.minute, "s": at.second,
               "n": at.microsecond * 1000, "D": at.timetuple().tm_yday}  # fmt: skip
    if letter in numbers:
        return f"{numbers[letter]:0{count}d}"
    if letter == "S":
        return f"{at.microsecond:06d}".ljust(count, "0")[:count]
    if letter == "a":
        return "AM" if at.hour < 12 else "PM"
    if letter in "XxZ":
        return _offset(letter, count, at)
    return str(at.tzinfo) if letter == "V" else at.tzname() or ""


def _offset(letter: str, count: int, at: datetime) -> str:
    ahead = at.utcoffset() or timedelta()
    if letter == "X" and not ahead:
        return "Z"
    sign = "-" if ahead < timedelta() else "+"
    hours, minutes = divmod(abs(ahead) // timedelta(minutes=1), 60)
    if letter != "Z" and count == 1:
        return f"{sign}{hours:02d}" + (f"{minutes:02d}" if minutes else "")
    colon = ":" if (letter != "Z" and count == 3) or (letter == "Z" and count == 5) else ""
    return f"{sign}{hours:02d}{colon}{minutes:02d}"
