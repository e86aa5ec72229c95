"""From the JSON of a Contributor Insights rule to its tree: `parse`.

Source: User Guide, "Contributor Insights rule syntax". AWS's wordings aren't documented; ours name
the member. Members that there aren't are refused.

Decided here: ``Sum`` without ``ValueOf``, as in one of the guide's own examples, adds one for each
event.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from awsmon.lang.insight_rule.tree import Filter, RuleDefinition
from awsmon.lang.json_path import compile_path
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.lang.insight_rule.tree import Operand

__all__ = ["MOST_FILTERS", "MOST_KEYS", "MOST_TEXTS", "parse"]

MOST_KEYS, MOST_FILTERS, MOST_TEXTS = 4, 4, 10
TEXTS = ("In", "NotIn", "StartsWith")
NUMBERS = ("GreaterThan", "LessThan", "EqualTo", "NotEqualTo")
SCHEMA = {"Name": "CloudWatchLogRule", "Version": 1}
_MEMBERS = {"Schema", "LogGroupNames", "LogGroupARNs", "LogFormat", "Fields", "Contribution",
            "AggregateOn"}  # fmt: skip
_PLACE = re.compile("[1-9][0-9]{0,4}")
_PARTS = {"Keys", "ValueOf", "Filters"}


def parse(text: str) -> RuleDefinition:
    """The rule that a text defines.

    Raises:
        LanguageError: it is none; the message names the member.
    """
    try:
        return _rule(json.loads(text))
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, _Wrong) else "it is not valid JSON"
        raise LanguageError(why, text, getattr(error, "pos", 0)) from None


class _Wrong(ValueError):
    pass


def _rule(found: Any) -> RuleDefinition:
    _object(found, "The rule", _MEMBERS)
    if found.get("Schema") != SCHEMA:
        raise _Wrong('Schema must be {"Name": "CloudWatchLogRule", "Version": 1}')
    groups, arns = (_groups(found, name) for name in ("LogGroupNames", "LogGroupARNs"))
    if bool(groups) == bool(arns):
        raise _Wrong("either LogGroupNames or LogGroupARNs must be specified")
    log_format = _one_of(found, "LogFormat", ("JSON", "CLF"))
    fields = _fields(found, log_format)
    contribution = found.get("Contribution")
    _object(contribution, "Contribution", _PARTS)
    aggregate_on = _one_of(found, "AggregateOn", ("Sum", "Count"))
    names = None if log_format == "JSON" else {name for _, name in fields}
    value_of = contribution.get("ValueOf")
    if value_of is not None:
        if aggregate_on != "Sum":
            raise _Wrong("Contribution.ValueOf can be specified only when AggregateOn is Sum")
        _check_field(value_of, "Contribution.ValueOf", names)
    return RuleDefinition(
        groups=groups, arns=arns, log_format=log_format, fields=fields, value_of=value_of,
        aggregate_on=aggregate_on, keys=_keys(contribution, names),
        filters=_filters(contribution, names),
    )  # fmt: skip


def _object(found: Any, name: str, members: set[str]) -> None:
    if not isinstance(found, dict):
        raise _Wrong(f"{name} must be an object")
    if unknown := sorted(found.keys() - members):
        raise _Wrong(f"{name} has an unknown field {unknown[0]}")


def _texts(found: Any, name: str, most: int | None = None) -> tuple[str, ...]:
    good = isinstance(found, list) and all(isinstance(each, str) and each for each in found)
    if not good or not found or (most is not None and len(found) > most):
        many = "one or more" if most is None else f"1 to {most}"
        raise _Wrong(f"{name} must be an array of {many} strings")
    return tuple(found)


def _groups(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return _texts(found[name], name) if name in found else ()


def _one_of(found: Mapping[str, Any], name: str, values: tuple[str, ...]) -> str:
    if found.get(name) not in values:
        raise _Wrong(f"{name} must be one of {', '.join(values)}")
    return str(found[name])


def _fields(found: Mapping[str, Any], log_format: str) -> tuple[tuple[int, str], ...]:
    fields = found.get("Fields", {})
    if log_format == "JSON":
        if fields:
            raise _Wrong("Fields can be specified only when LogFormat is CLF")
        return ()
    _object(fields, "Fields", set(fields) if isinstance(fields, dict) else set())
    for place, name in fields.items():
        if not _PLACE.fullmatch(place):
            raise _Wrong(f"Fields: {place} is not the place of a field, from 1")
        if not isinstance(name, str) or not name:
            raise _Wrong(f"Fields.{place} must be a string")
    return tuple((int(place), name) for place, name in fields.items())


def _check_field(found: Any, name: str, names: set[str] | None) -> None:
    """A path into JSON, or what a field of CLF is called."""
    if not isinstance(found, str):
        raise _Wrong(f"{name} must be a string")
    if names is not None:
        if found not in names:
            raise _Wrong(f"{name}: {found} is not in Fields")
        return
    try:
        compile_path(found)
    except LanguageError as error:
        raise _Wrong(f"{name}: {found} is not a JSON property: {error.message}") from None


def _keys(contribution: Mapping[str, Any], names: set[str] | None) -> tuple[str, ...]:
    keys = _texts(contribution.get("Keys"), "Contribution.Keys", MOST_KEYS)
    for place, key in enumerate(keys):
        _check_field(key, f"Contribution.Keys[{place}]", names)
    return keys


def _filters(contribution: Mapping[str, Any], names: set[str] | None) -> tuple[Filter, ...]:
    filters = contribution.get("Filters", [])
    if not isinstance(filters, list) or len(filters) > MOST_FILTERS:
        raise _Wrong(f"Contribution.Filters must be an array of at most {MOST_FILTERS} filters")
    return tuple(_filter(each, f"Contribution.Filters[{place}]", names)
                 for place, each in enumerate(filters))  # fmt: skip


def _filter(found: Any, name: str, names: set[str] | None) -> Filter:
    _object(found, name, {"Match", *TEXTS, *NUMBERS, "IsPresent"})
    _check_field(found.get("Match"), f"{name}.Match", names)
    operators = [each for each in found if each != "Match"]
    if len(operators) != 1:
        raise _Wrong(f"{name} must have exactly one operator")
    [operator] = operators
    return Filter(found["Match"], operator, _operand(found[operator], operator, name))


def _operand(found: Any, operator: str, name: str) -> Operand:
    if operator in TEXTS:
        return _texts(found, f"{name}.{operator}", MOST_TEXTS)
    if operator == "IsPresent":
        if not isinstance(found, bool):
            raise _Wrong(f"{name}.IsPresent must be true or false")
        return found
    if isinstance(found, bool) or not isinstance(found, int | float) or not _finite(found):
        raise _Wrong(f"{name}.{operator} must be a number")
    return float(found)


def _finite(found: float) -> bool:
    try:
        return math.isfinite(found)
    except OverflowError:
        return False
