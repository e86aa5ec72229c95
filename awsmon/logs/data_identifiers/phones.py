"""Phone numbers of the countries that CloudWatch Logs knows; those of Canada are as in the US.

Lives here: `PHONES`. A number with its country's code is one anywhere; without it, only near a
keyword. Sources: the countries' numbering plans (ITU-T E.164); User Guide, "Personally identifiable
information (PII)".
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["PHONES", "Phone"]


class Phone(NamedTuple):
    """The numbers of a country, as regular expressions.

    Attributes:
        code: of the country.
        national: as they are dialled within it.
        abroad: what follows the code.
    """

    code: str
    national: str
    abroad: str


_AMERICAN = r"(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-]?)[2-9]\d{2}[ .-]?\d{4}"
_BRITISH = r"\d{1,4}\)?[ -]?\d{3,4}[ -]?\d{3,4}"
_GERMAN = r"[1-9]\d{1,4}[ /.-]?\d{3,9}"
_BRAZILIAN = r"(?:\([1-9]\d\)|[1-9]\d) ?9?\d{4}[ .-]?\d{4}"
_SPANISH = r"[6-9](?:\d{2}[ .-]?\d{3}[ .-]?\d{3}|\d{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?\d{2})"
_FRENCH = r"[1-9](?:[ .-]?\d{2}){4}"
_ITALIAN = r"[03]\d{1,3}[ /.-]?\d{3}[ .-]?\d{3,4}"

PHONES = {
    "BR": Phone("55", _BRAZILIAN, _BRAZILIAN),
    "DE": Phone("49", f"0{_GERMAN}", _GERMAN),
    "ES": Phone("34", _SPANISH, _SPANISH),
    "FR": Phone("33", f"0{_FRENCH}", _FRENCH),
    "GB": Phone("44", rf"\(?0[1-9]{_BRITISH}", rf"(?:\(0\))?[1-9]{_BRITISH}"),
    "IT": Phone("39", _ITALIAN, _ITALIAN),
    "US": Phone("1", _AMERICAN, _AMERICAN),
}
