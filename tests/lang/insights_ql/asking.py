"""Asking a query about a few events."""

from __future__ import annotations

import json

from awsmon.lang.insights_ql.compiler import compile_query
from awsmon.lang.insights_ql.context import LogEvent, QueryContext
from awsmon.lang.insights_ql.parser import parse

NOON = 1772452800000  # 2026-03-02T12:00:00Z
MINUTE = 60_000


def event(message, at=0, **more):
    """A log event so many milliseconds after noon; what is no text becomes JSON."""
    text = message if isinstance(message, str) else json.dumps(message)
    return LogEvent(NOON + at, text, NOON + at, "s", "123456789012:/app", **more)


def events(*messages, step=1000):
    """One after the other."""
    return [event(message, place * step) for place, message in enumerate(messages)]


def run(query, given, **context):
    """The result of a query."""
    context = {"start": NOON - 3_600_000, "end": NOON + 3_600_000, **context}
    return compile_query(parse(query), QueryContext(**context)).run(given)


def rows(query, given, **context):
    """Its rows, pointers left out."""
    found = run(query, given, **context).dicts()
    return [{name: value for name, value in row.items() if name != "@ptr"} for row in found]
