"""Text to tree.

    query   = [source ("|" source)* "|"] command ("|" command)*
    source  = "SOURCE" (group ("," group)* | "logGroups" "(" [chosen ("," chosen)*] ")")
              ["START" "=" time] ["END" "=" time]
    chosen  = key ":" (text | "[" [text ("," text)*] "]")
    command = word ...           each as its class in ``commands/`` says

A ``#`` begins a comment. Names of commands and functions are read whatever their case. Source:
User Guide, "CloudWatch Logs Insights language query syntax". AWS's wording for what can't be read
is the one that users report: ``unexpected symbol found``, and where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.commands.anomalies import Anomaly
from awsmon.lang.insights_ql.commands.columns import Display, Fields
from awsmon.lang.insights_ql.commands.estimates import Estimate
from awsmon.lang.insights_ql.commands.filters import Filter, FilterIndex
from awsmon.lang.insights_ql.commands.joins import AppendCols, Join
from awsmon.lang.insights_ql.commands.lookups import CidrLookup, Lookup
from awsmon.lang.insights_ql.commands.numbers import (
    Accum,
    AddTotals,
    AutoRegress,
    CountFrequent,
    Outlier,
)
from awsmon.lang.insights_ql.commands.order import Dedup, Limit, Sort, Tail
from awsmon.lang.insights_ql.commands.parsing import Json, Parse
from awsmon.lang.insights_ql.commands.patterns import Diff, LogCompare, Pattern
from awsmon.lang.insights_ql.commands.relevance import RelevantFields
from awsmon.lang.insights_ql.commands.series import FillDown, FillMissing, Sessionize
from awsmon.lang.insights_ql.commands.stats import Stats
from awsmon.lang.insights_ql.commands.structures import Expand, Unnest
from awsmon.lang.insights_ql.errors import QueryError, Unsupported
from awsmon.lang.insights_ql.expressions import separated
from awsmon.lang.insights_ql.query import Command, Query, Source
from awsmon.lang.insights_ql.tokens import QueryTokens
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from awsmon.lang.text import Token

__all__ = ["parse"]

_CLASSES: tuple[type[Command], ...] = (
    Accum, AddTotals, Anomaly, AppendCols, AutoRegress, CidrLookup, CountFrequent, Dedup, Diff,
    Display, Estimate, Expand, Fields, FillDown, FillMissing, Filter, FilterIndex, Join, Json,
    Limit, LogCompare, Lookup, Outlier, Parse, Pattern, RelevantFields, Sessionize, Sort, Stats,
    Tail, Unnest,
)  # fmt: skip
COMMANDS = {word.lower(): each for each in _CLASSES for word in each.words}
_SELECTIONS = (
    "nameprefix", "nameprefixes", "class", "loggroupclass", "accountidentifier",
    "accountidentifiers",
)  # fmt: skip
_MOST = {"n": 5, "a": 20}  # prefixes, accounts


def parse(text: str) -> Query:
    """The tree of a query.

    Raises:
        QueryError: the text is none; `Unsupported`: AWS has it, and it is not built.
    """
    tokens = QueryTokens(text, _query)
    try:
        query = _query(tokens)
        tokens.finish()
    except QueryError as error:
        raise error if isinstance(error, Unsupported) else _worded(error) from None
    except LanguageError as error:
        refused = QueryError(
            error.message, text, error.position, error.aws, min(error.position + 1, len(text))
        )
        raise _worded(refused) from None
    return Query(query.source, query.commands, text)


def _worded(error: QueryError) -> QueryError:
    """The error in AWS's words as well."""
    before = error.text[: error.position]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1)
    symbol = error.text[error.position : error.end]
    place = f"at line {line} and position {column}"
    aws = error.aws or f"unexpected symbol found {symbol} {place}"
    return QueryError(error.message, error.text, error.position, aws, error.end)


def _query(tokens: QueryTokens) -> Query:
    source = _sources(tokens)
    commands: list[Command] = []
    if source is None and tokens.peek().kind == "end":
        return Query(None, ())
    if source is None or tokens.accept("|"):
        commands.append(_command(tokens))
        while tokens.accept("|"):
            if isinstance(commands[-1], Dedup) and not tokens.says(*Limit.words):
                raise tokens.fail("Only limit may follow dedup")
            if isinstance(commands[-1], Estimate):
                raise tokens.fail("estimate must be the last command")
            commands.append(_command(tokens))
    return Query(source, tuple(commands))


def _command(tokens: QueryTokens) -> Command:
    token: Token = tokens.peek()
    word = token.text.lower()
    if word not in COMMANDS:
        raise tokens.fail("Expected a command")
    tokens.take()
    return COMMANDS[word].read(tokens)


# -- SOURCE ----------------------------------------------------------------------------------------


def _sources(tokens: QueryTokens) -> Source | None:
    """One, or several of which each names log groups."""
    found: Source | None = None
    while tokens.says("source"):
        source = _source(tokens)
        if found is not None:
            source = Source(
                (*found.names, *source.names), source.selection or found.selection,
                source.start or found.start, source.end or found.end,
            )  # fmt: skip
        found = source
        if tokens.peek().kind != "|" or not tokens.says("source", ahead=1):
            break
        tokens.take()
    return found


def _source(tokens: QueryTokens) -> Source:
    tokens.take()
    names: tuple[str, ...] = ()
    selection = None
    token = tokens.peek()
    if token.kind != "word" or tokens.peek(1).kind != "(":
        names = separated(tokens, _group)
    elif tokens.word("loggroups"):
        selection = _selection(tokens)
    else:
        raise Unsupported(f"SOURCE {token.text}", tokens.text, token.position, token.end)
    return Source(names, selection, _time(tokens, "start"), _time(tokens, "end"))


def _group(tokens: QueryTokens) -> str:
    if tokens.peek().kind == "text":
        return tokens.string()
    return tokens.dashed_name("a log group")


def _selection(tokens: QueryTokens) -> tuple[tuple[str, tuple[str, ...]], ...]:
    tokens.expect("(")
    if tokens.accept(")"):
        return ()
    found = separated(tokens, _chosen)
    tokens.expect(")")
    return found


def _chosen(tokens: QueryTokens) -> tuple[str, tuple[str, ...]]:
    token = tokens.peek()
    key = tokens.name("namePrefix, accountIdentifiers or class")
    if key.lower() not in _SELECTIONS:
        raise Unsupported(f"SOURCE logGroups({key})", tokens.text, token.position, token.end)
    tokens.expect(":")
    if tokens.peek().kind == "text":
        return key, (tokens.string(),)
    tokens.expect("[", what="a list in [ ]")
    if tokens.accept("]"):
        return key, ()
    values = separated(tokens, lambda them: them.string())
    tokens.expect("]")
    if len(values) > _MOST.get(key[0].lower(), len(values)):
        raise tokens.fail(f"{key} takes {_MOST[key[0].lower()]} at most", token.position)
    return key, values


def _time(tokens: QueryTokens, word: str) -> str | None:
    """What stands behind ``START=`` or ``END=``: a number of milliseconds, ``-3600s``, ``now``."""
    if tokens.word(word) is None:
        return None
    tokens.expect("=")
    sign = "-" if tokens.accept("-") else ""
    return sign + tokens.expect("number", "period", "word", what="a time").text
