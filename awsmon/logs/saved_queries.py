"""Saved queries: Insights queries with a name, and their invocation by that name.

Lives here: `QueryDefinition`, and `expanded`, which puts ``$name(parameter = value)`` in a query's
text in place of what was saved. Source: User Guide, "Using saved queries with parameters".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LONGEST_QUERY", "QueryDefinition", "expanded", "placeholders"]

LONGEST_QUERY = 10_000  # characters, once expanded

_TEXT = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_NAME = r"\$(?:(?P<name>[A-Za-z_][\w-]*)|`(?P<quoted>[^`]+)`)"
_WORD = re.compile(
    rf"{_TEXT}|`[^`]*`|#[^\n]*|(?:^|(?<=\|))(?P<space>\s*)(?P<call>{_NAME}\s*\()", re.MULTILINE
)
_ARGUMENT = re.compile(
    rf"\s*(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>{_TEXT}|[^,()\s]+)\s*(?P<end>[,)])"
)
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")


@dataclass(kw_only=True, slots=True, eq=False)
class QueryDefinition(Resource):
    """A saved query as DescribeQueryDefinitions shows it; the time in milliseconds."""

    aws_shape: ClassVar[str] = "logs.QueryDefinition"
    aws_lower_camel: ClassVar[bool] = True

    query_definition_id: str
    name: str
    query_string: str
    last_modified: int
    log_group_names: list[str]
    query_language: str = "CWLI"
    parameters: list[dict[str, Any]] | None = None
    client_token: str | None = field(default=None, metadata=aws(None))


def placeholders(text: str) -> set[str]:
    """The names of the parameters that a saved query's text refers to."""
    return set(_PLACEHOLDER.findall(text))


def expanded(text: str, saved: Mapping[str, QueryDefinition]) -> str:
    """A query with every invocation of a saved one replaced by its text.

    Args:
        text: of the query.
        saved: queries by name.

    Raises:
        LanguageError: no such query, a parameter that it hasn't or that got no value, or an
            invocation within an invocation.
    """
    if "$" not in text:
        return text
    parts, at = [], 0
    for found in _WORD.finditer(text):
        if found["call"] is None or found.start() < at:
            continue
        start = found.start("call")
        values, end = _arguments(text, found.end())
        parts += [
            text[at:start],
            _filled(text, start, found["name"] or found["quoted"], values, saved),
        ]
        at = end
    whole = "".join([*parts, text[at:]])
    if len(whole) > LONGEST_QUERY:
        raise LanguageError(f"the expanded query exceeds {LONGEST_QUERY} characters", text, 0)
    return whole


def _arguments(text: str, at: int) -> tuple[dict[str, str], int]:
    """The values between parentheses, as written, and the position behind these."""
    empty = re.compile(r"\s*\)").match(text, at)
    if empty:
        return {}, empty.end()
    values: dict[str, str] = {}
    while True:
        found = _ARGUMENT.match(text, at)
        if found is None:
            raise LanguageError("expected name = value, separated by commas", text, at)
        if found["name"] in values:
            raise LanguageError(f"{found['name']} is given twice", text, at)
        values[found["name"]] = found["value"]
        at = found.end()
        if found["end"] == ")":
            return values, at


def _filled(
    text: str, at: int, name: str, values: Mapping[str, str], saved: Mapping[str, QueryDefinition]
) -> str:
    definition = saved.get(name)
    if definition is None:
        raise LanguageError(f"there is no saved query {name}", text, at)
    body = definition.query_string.strip()
    if any(found["call"] for found in _WORD.finditer(body)):
        raise LanguageError(f"the saved query {name} invokes another", text, at)
    known = {each["name"]: each.get("defaultValue") for each in definition.parameters or ()}
    for each in values:
        if each not in known:
            raise LanguageError(f"the saved query {name} has no parameter {each}", text, at)
    given = {**{key: value for key, value in known.items() if value is not None}, **values}
    for each in placeholders(body):
        if each not in given:
            raise LanguageError(f"the parameter {each} of {name} has no value", text, at)
    return _PLACEHOLDER.sub(lambda found: given[found[1]], body)
