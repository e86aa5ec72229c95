"""From the text of a query to its tree.

Lives here: `parse`, and `read_query` for queries within queries. The grammar:

    query  = [source ("|" source)* "|"] command ("|" command)*
    source = "SOURCE" (text ("," text)* | "logGroups" "(" [argument ("," argument)*] ")")
             ["START" "=" time] ["END" "=" time]
    argument = name ":" (text | "[" [text ("," text)*] "]")

Each command is read by its own class. Source: User Guide, "CloudWatch Logs Insights query syntax".
"""

from __future__ import annotations

from awsmon.lang.insights_ql.commands import COMMANDS, UNBUILT
from awsmon.lang.insights_ql.errors import QueryError, Unsupported
from awsmon.lang.insights_ql.expressions import separated
from awsmon.lang.insights_ql.query import Command, Query, Source
from awsmon.lang.insights_ql.tokens import QueryTokens
from awsmon.lang.text import LanguageError

__all__ = ["parse", "read_query"]


def parse(text: str) -> Query:
    """The tree of a query.

    Raises:
        QueryError: it is none; `Unsupported`: AWS has it and awsmon lacks it.
    """
    tokens = QueryTokens(text)
    try:
        query = read_query(tokens)
        tokens.finish()
    except QueryError:
        raise
    except LanguageError as error:
        raise QueryError(error.message, text, error.position, error.aws) from error
    return Query(query.source, query.commands, text)


def read_query(tokens: QueryTokens) -> Query:
    """The query that comes next, up to the end or a parenthesis."""
    with tokens.nested():
        source = _sources(tokens)
        commands: list[Command] = []
        if source is None or tokens.accept("|"):
            if source is None and tokens.peek().kind == "end":
                return Query(None, ())
            commands.append(_command(tokens))
            while tokens.accept("|"):
                commands.append(_command(tokens))
        return Query(source, tuple(commands))


def _command(tokens: QueryTokens) -> Command:
    token = tokens.peek()
    word = token.text.lower()
    if word in UNBUILT:
        raise Unsupported(token.text, tokens.text, token.position, token.end)
    if word not in COMMANDS:
        raise tokens.fail("Expected a command", token.position, aws=_unexpected(tokens))
    tokens.take()
    return COMMANDS[word].read(tokens)


def _unexpected(tokens: QueryTokens) -> str:
    """AWS's words for a word that can't stand there; as users report it."""
    token = tokens.peek()
    line = tokens.text.count("\n", 0, token.position) + 1
    column = token.position - (tokens.text.rfind("\n", 0, token.position) + 1)
    return f"unexpected symbol found {token.text} at line {line} and position {column}"


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
            return found
        tokens.take()
    return found


def _source(tokens: QueryTokens) -> Source:
    tokens.take()
    names: tuple[str, ...] = ()
    selection = None
    if tokens.peek().kind == "text":
        names = separated(tokens, lambda each: each.string("a log group in quotes"))
    else:
        token = tokens.expect_word("loggroups", "datasource")
        if token.text.lower() == "datasource":
            raise Unsupported("dataSource", tokens.text, token.position, token.end)
        selection = _selection(tokens)
    return Source(names, selection, _time(tokens, "start"), _time(tokens, "end"))


def _selection(tokens: QueryTokens) -> tuple[tuple[str, tuple[str, ...]], ...]:
    tokens.expect("(")
    if tokens.accept(")"):
        return ()
    arguments = separated(tokens, _argument)
    tokens.expect(")")
    return arguments


def _argument(tokens: QueryTokens) -> tuple[str, tuple[str, ...]]:
    name = tokens.name("an argument")
    tokens.expect(":")
    if tokens.peek().kind == "text":
        return name, (tokens.string(),)
    tokens.expect("[", what="a list in [ ]")
    if tokens.accept("]"):
        return name, ()
    values = separated(tokens, lambda each: each.string())
    tokens.expect("]")
    return name, values


def _time(tokens: QueryTokens, word: str) -> str | None:
    """What stands behind ``START=`` or ``END=``: a number of milliseconds, or ``-3600s``."""
    if tokens.word(word) is None:
        return None
    tokens.expect("=")
    sign = "-" if tokens.accept("-") else ""
    return sign + tokens.expect("number", "period", what="a time").text
