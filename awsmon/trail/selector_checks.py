"""Which event selectors a trail, or an event data store, can have.

Lives here: `check` and `check_store`. What selectors select is `selectors.py`'s.
Source: API reference, PutEventSelectors, EventSelector, AdvancedEventSelector and
AdvancedFieldSelector.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsmon.trail.errors import InvalidEventSelectorsException
from awsmon.trail.selectors import OTHERS, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = ["check", "check_store"]

MOST_SELECTORS, MOST_RESOURCES, MOST_VALUES = 5, 250, 500
_EXCLUDABLE = ("kms.amazonaws.com", "rdsdata.amazonaws.com")
_BASIC_TYPES = {"AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"}


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a field may be used: the one operator and the values that it may have; None: any."""

    operator: str | None = None
    values: Collection[str] | None = None


_ANY, _EQUALS = _Rule(), _Rule("Equals")
_BOOLEAN = _Rule("Equals", ("true", "false"))
_MORE = {"eventName": _ANY, "eventType": _ANY, "sessionCredentialFromConsole": _ANY,
         "userIdentity.arn": _ANY}  # fmt: skip
_ON_TRAILS: dict[str, dict[str, _Rule]] = {
    # category of events -> the fields by which they may be selected
    "Management": {"readOnly": _BOOLEAN, "eventSource": _Rule("NotEquals", _EXCLUDABLE)},
    "Data": {
        **_MORE, "readOnly": _BOOLEAN, "eventSource": _ANY, "resources.type": _EQUALS,
        "resources.ARN": _ANY,
    },
    "NetworkActivity": {
        "eventSource": _EQUALS, "eventName": _ANY, "vpcEndpointId": _ANY,
        "errorCode": _Rule("Equals", ("VpceAccessDenied",)),
    },
}  # fmt: skip
_ON_STORES = {
    **_ON_TRAILS,
    "Management": {**_MORE, "readOnly": _BOOLEAN, "eventSource": _ANY},
    **{category: {} for category in OTHERS},
}
_FIELDS = {"eventCategory"}.union(*_ON_TRAILS.values())


def check(basic: Sequence[Any] | None, advanced: Sequence[Any] | None) -> None:
    """Whether a trail can have these, of which one list is given.

    Args:
        basic: event selectors, which trails alone have.
        advanced: advanced ones.

    Raises:
        InvalidEventSelectorsException: it can't.
    """
    if (basic is None) == (advanced is None):
        raise InvalidEventSelectorsException.because(
            "Specify either EventSelectors or AdvancedEventSelectors."
        )
    if basic is not None:
        _check_basic(basic)
    if advanced is not None:
        _check_advanced(advanced, _ON_TRAILS)


def check_store(advanced: Sequence[Any]) -> None:
    """Whether an event data store can have these.

    Raises:
        InvalidEventSelectorsException: it can't.
    """
    refuse = InvalidEventSelectorsException.because
    if len(advanced) > MOST_SELECTORS:
        raise refuse(f"An event data store has at most {MOST_SELECTORS} event selectors.")
    _check_advanced(advanced, _ON_STORES)
    kinds = {kind_of([each]) for each in advanced}
    if len(kinds) > 1 and kinds & set(OTHERS):
        raise refuse(f"Events of the categories {', '.join(sorted(kinds))} don't go together.")


def _check_basic(selectors: Sequence[Any]) -> None:
    refuse = InvalidEventSelectorsException.because
    if not 1 <= len(selectors) <= MOST_SELECTORS:
        raise refuse(f"A trail has 1 to {MOST_SELECTORS} event selectors.")
    resources = [one for each in selectors for one in each.get("DataResources", ())]
    if sum(len(each.get("Values", ())) for each in resources) > MOST_RESOURCES:
        raise refuse(f"A trail has at most {MOST_RESOURCES} data resources.")
    for each in resources:
        if each.get("Type") not in _BASIC_TYPES:
            raise refuse(f"The data resource type {each.get('Type')} is not supported.")
    excluded = {one for each in selectors for one in each.get("ExcludeManagementEventSources", ())}
    unknown = excluded.difference(_EXCLUDABLE)
    if unknown:
        raise refuse(f"The event source {min(unknown)} cannot be excluded.")


def _check_advanced(
    selectors: Sequence[Any], allowed: Mapping[str, Mapping[str, _Rule]]
) -> None:  # fmt: skip
    refuse = InvalidEventSelectorsException.because
    if not selectors:
        raise refuse("Specify at least one advanced event selector.")
    values = sum(_check_fields(each["FieldSelectors"], allowed) for each in selectors)
    if values > MOST_VALUES:
        raise refuse(f"There are at most {MOST_VALUES} values in advanced event selectors.")


def _check_fields(
    fields: Sequence[Mapping[str, Any]], allowed: Mapping[str, Mapping[str, _Rule]]
) -> int:  # fmt: skip
    """How many values one selector has, if it can be meant."""
    refuse = InvalidEventSelectorsException.because
    for each in fields:
        if each["Field"] not in _FIELDS:
            raise refuse(f"Field {each['Field']} is not supported.")
    category = _only(fields, "eventCategory")
    if category is None or category not in allowed:
        raise refuse("Each selector needs the field eventCategory, equal to one category.")
    if category == "Data" and _only(fields, "resources.type") is None:
        raise refuse("A selector of data events needs the field resources.type, equal to one type.")
    if category == "NetworkActivity" and not any(each["Field"] == "eventSource" for each in fields):
        raise refuse("A selector of network activity events needs the field eventSource.")
    if category in OTHERS and len(fields) > 1:
        raise refuse("Events of this category can't be filtered.")
    rules = {**allowed[category], "eventCategory": _Rule("Equals", (category,))}
    return sum(_check_field(each, rules.get(each["Field"]), category) for each in fields)


def _only(fields: Sequence[Mapping[str, Any]], name: str) -> str | None:
    """The one value that a field equals; None: it equals none, or several."""
    found: list[Sequence[str]] = [
        each.get("Equals", ()) for each in fields if each["Field"] == name
    ]
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else None


def _check_field(field: Mapping[str, Any], rule: _Rule | None, category: str) -> int:
    """How many values one field has, if it may have them."""
    refuse, name = InvalidEventSelectorsException.because, field["Field"]
    if rule is None:
        raise refuse(f"Field {name} is not supported for events of the category {category} here.")
    given = {operator: values for operator, values in field.items() if operator != "Field"}
    values = [value for each in given.values() for value in each]
    if not values:
        raise refuse(f"Field {name} needs a value.")
    if rule.operator is not None and set(given) != {rule.operator}:
        raise refuse(f"Field {name} can only be used with the operator {rule.operator} here.")
    for value in values:
        if rule.values is not None and value not in rule.values:
            raise refuse(f"{value} is not a valid value of the field {name} here.")
    return len(values)
