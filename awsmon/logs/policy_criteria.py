"""Which log groups an account policy is for.

Lives here: `Criteria`, `read_criteria`. The language is `lang/selection_criteria.py`'s, of which
each kind of policy knows a few forms. Source: API reference, PutAccountPolicy.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from awsmon.lang.selection_criteria import read_tests
from awsmon.lang.text import LanguageError
from awsmon.logs.errors import InvalidParameterException
from awsmon.logs.policy_errors import InvalidPolicy

if TYPE_CHECKING:
    from awsmon.lang.selection_criteria import Test
    from awsmon.logs.model import LogGroup

__all__ = ["Criteria", "read_criteria"]

NAME, PREFIX = "LogGroupName", "LogGroupNamePrefix"
SOURCE = ("DataSourceName", "DataSourceType")
_NOT_NAMES, _PREFIXES = f"{NAME} NOT IN []", f"{PREFIX} IN []"
_DATA_SOURCE = f'{SOURCE[0]} = "" AND {SOURCE[1]} = ""'
_EXTRACTION = tuple(f"{field} {how} []" for field in (NAME, PREFIX) for how in ("IN", "NOT IN"))
FORMS = {
    "DATA_PROTECTION_POLICY": (),
    "SUBSCRIPTION_FILTER_POLICY": (_NOT_NAMES,),
    "FIELD_INDEX_POLICY": (_PREFIXES, _DATA_SOURCE),
    "TRANSFORMER_POLICY": (_PREFIXES,),
    "METRIC_EXTRACTION_POLICY": _EXTRACTION,
    "RETENTION_POLICY": (_PREFIXES,),
}
MOST_VALUES = 50
"""Of criteria of metric extraction policies."""


class Criteria(NamedTuple):
    """Log groups by their names, or data of one source.

    Attributes:
        values: names, or beginnings of names.
        prefixes: whether they are the latter.
        negated: all groups but these.
        source: name and type of a data source, of which it is then alone.
    """

    values: tuple[str, ...] = ()
    prefixes: bool = False
    negated: bool = True
    source: tuple[str, str] | None = None

    @property
    def of_source(self) -> bool:
        """Whether it is about a data source."""
        return self.source is not None

    def selects(self, group: LogGroup) -> bool:
        """Whether a log group is one of these, by its name."""
        if self.source is not None:
            return False
        found = group.name.startswith(self.values) if self.prefixes else group.name in self.values
        return found is not self.negated

    def overlaps(self, other: Criteria) -> bool:
        """Whether a log group, or a data source, might be one of both."""
        if self.source is not None or other.source is not None:
            return self.source == other.source
        if self.negated and other.negated:
            return True
        if self.negated or other.negated:
            outside, inside = (self, other) if self.negated else (other, self)
            return not all(
                any(outside.covers(bound, value, inside) for bound in outside.values)
                for value in inside.values
            )
        return any(
            self.covers(one, value, other) or other.covers(value, one, self)
            for one in self.values
            for value in other.values
        )

    def covers(self, own: str, value: str, of: Criteria) -> bool:
        """Whether what a value of other criteria names is all named by *own*, which is of these."""
        return value.startswith(own) if self.prefixes else not of.prefixes and value == own


EVERYWHERE = Criteria()


@functools.lru_cache(maxsize=256)
def read_criteria(kind: str, text: str | None) -> Criteria:
    """The criteria of a policy of some kind.

    Raises:
        InvalidParameterException: they are none, or not of a form that the kind knows.
    """
    if text is None:
        return EVERYWHERE
    forms = FORMS[kind]
    if not forms:
        raise InvalidPolicy.no_criteria(kind)
    try:
        tests = read_tests(text)
    except LanguageError as error:
        raise InvalidParameterException.criteria(error) from None
    found = _source(tests) if _DATA_SOURCE in forms and len(tests) > 1 else _names(tests, forms)
    if found is None or (kind == "METRIC_EXTRACTION_POLICY" and len(found.values) > MOST_VALUES):
        raise InvalidPolicy.criteria_form(kind, *forms)
    return found


def _names(tests: tuple[Test, ...], forms: tuple[str, ...]) -> Criteria | None:
    [test, *others] = tests
    form = f"{test.field} {'NOT IN' if test.negated else 'IN'} []"
    if others or form not in forms:
        return None
    return Criteria(test.values, test.field == PREFIX, test.negated)


def _source(tests: tuple[Test, ...]) -> Criteria | None:
    given = {test.field: test.values for test in tests if len(test.values) == 1}
    if len(tests) != len(SOURCE) or set(given) != set(SOURCE) or any(t.negated for t in tests):
        return None
    [name], [kind] = (given[field] for field in SOURCE)
    return Criteria(source=(name, kind))
