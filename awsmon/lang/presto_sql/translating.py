"""From Trino's SQL to DuckDB's: what sqlglot translates, and what it leaves to us.

Lives here: `translate`, what it yields, and `MACROS`. Left to us: what time it is, the names of
columns, arrays that unfold into columns, Java's patterns for dates, and the functions that DuckDB
lacks or means otherwise.
Source: Trino's documentation, "Functions and operators", "SELECT".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from awsmon.lang.presto_sql.reading import Statement

__all__ = ["MACROS", "Translated", "translate"]

MACROS = """
to_iso8601(x) AS strftime(x, '%Y-%m-%dT%H:%M:%S.%gZ')
trino_json(x, p) AS CASE WHEN json_valid(x) THEN json_extract(x, p) END
trino_json_scalar(x, p) AS CASE WHEN json_valid(x) AND json_type(x, p) NOT IN ('OBJECT', 'ARRAY') \
THEN json_extract_string(x, p) END
json_array_get(x, n) AS CASE WHEN json_valid(x) THEN json_extract(x, '$[' || n || ']') END
json_array_contains(x, v) AS list_contains(json_extract_string(x, '$[*]'), v::VARCHAR)
json_size(x, p) AS CASE json_type(x, p) WHEN 'ARRAY' THEN json_array_length(x, p) \
WHEN 'OBJECT' THEN len(json_keys(x, p)) ELSE 0 END
is_json_scalar(x) AS json_type(x) NOT IN ('OBJECT', 'ARRAY')
trino_regexp_extract(x, p, n) AS CASE WHEN regexp_matches(x, p) THEN regexp_extract(x, p, n) END
map_agg(k, v) AS map_from_entries(list({'k': k, 'v': v}))
url_extract_host(x) AS regexp_extract(x, '^[a-z]+://([^/:?#]+)', 1)
url_extract_path(x) AS regexp_extract(x, '^[a-z]+://[^/?#]+([^?#]*)', 1)
trino_slice(a, s, n) AS list_slice(a, s, s + n - 1)
array_except(a, b) AS list_filter(a, lambda e: NOT list_contains(b, e))
array_union(a, b) AS list_distinct(list_concat(a, b))
array_max(a) AS list_max(a)
array_min(a) AS list_min(a)
array_remove(a, x) AS list_filter(a, lambda e: e <> x)
arrays_overlap(a, b) AS list_has_any(a, b)
"""
"""Functions of Trino's that neither sqlglot nor DuckDB has, or has as Trino means them."""

_NOW = ("CurrentTimestamp", "Localtimestamp")  # the second is newer than sqlglot 28
_MATCHES = {
    "any_match": "len(list_filter({0}, {1})) > 0",
    "all_match": "len(list_filter({0}, {1})) = len({0})",
    "none_match": "len(list_filter({0}, {1})) = 0",
}  # fmt: skip
_JAVA = {
    "yyyy": "%Y", "uuuu": "%Y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%-m",
    "dd": "%d", "d": "%-d", "HH": "%H", "H": "%-H", "hh": "%I", "h": "%-I", "mm": "%M", "ss": "%S",
    "SSS": "%g", "EEEE": "%A", "EEE": "%a", "a": "%p", "DDD": "%j", "Z": "%z",
}  # fmt: skip
"""Java's letters for parts of a date, as strftime has them."""
_LETTERS = re.compile(r"'([^']*)'|(([A-Za-z])\3*)|%")


class Translated(NamedTuple):
    """A statement in DuckDB's SQL.

    Attributes:
        sql: the text.
        columns: the names of its columns as they were written; None: it asks for all of a table.
    """

    sql: str
    columns: list[str] | None


def translate(statement: Statement, now: datetime, maps: Collection[str]) -> Translated:
    """The statement in DuckDB's SQL.

    Args:
        statement: as it was read.
        now: what time it is.
        maps: the names of columns that hold maps.

    Raises:
        LanguageError: it asks for what can't be translated.
    """
    return _Translation(statement, now, maps).done()


class _Translation:
    def __init__(self, statement: Statement, now: datetime, maps: Collection[str]) -> None:
        from sqlglot import exp

        self._exp, self._now, self._maps = exp, now, maps
        self._statement, self._tree = statement, statement.tree.copy()

    def done(self) -> Translated:
        from sqlglot import ErrorLevel, errors

        try:
            for node in reversed(list(self._tree.walk())):  # what is inside comes first
                changed = self._changed(node)
                if changed is not node:
                    node.replace(changed)
            sql = self._tree.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE)
            columns = [each.output_name for each in self._tree.selects]
            return Translated(sql, None if "*" in columns else columns)
        except LanguageError:
            raise
        except errors.SqlglotError as error:
            raise self._refused(str(error)) from error
        except Exception as error:  # what it stumbles over can't be run either
            raise self._refused("it can't be translated") from error

    def _refused(self, words: str) -> LanguageError:
        return LanguageError(words, self._statement.text, 0)

    def _changed(self, node: Any) -> Any:
        exp = self._exp
        match node:
            case exp.Table():
                node.set("db", None)
                node.set("catalog", None)
            case exp.Expression() if type(node).__name__ in _NOW:
                return self._moment("%Y-%m-%d %H:%M:%S.%f", "TIMESTAMP")
            case exp.CurrentDate():
                return self._moment("%Y-%m-%d", "DATE")
            case exp.Select():
                self._name(node)
            case exp.Unnest():
                return self._unfolded(node)
            case exp.Reduce():
                self._unfinished(node)
            case exp.RegexpExtract():
                group = node.args.get("group") or exp.Literal.number(0)
                return self._call("trino_regexp_extract", node.this, node.expression, group)
            case exp.JSONExtractScalar():
                return self._call("trino_json_scalar", node.this, self._path(node.expression))
            case exp.JSONExtract():
                return self._call("trino_json", node.this, self._path(node.expression))
            case exp.JSONValue():
                path = self._path(node.args["path"])
                return self._call("trino_json_scalar", node.this, path)
            case exp.ArraySlice():
                return self._call("trino_slice", *node.iter_expressions())
            case exp.ParseDatetime():
                return self._call("strptime", node.this, self._pattern(node.args["format"]))
            case exp.Anonymous():
                return self._called(node)
        return node

    def _moment(self, pattern: str, kind: str) -> Any:
        return self._exp.cast(self._exp.Literal.string(self._now.strftime(pattern)), kind)

    def _call(self, name: str, *of: Any) -> Any:
        return self._exp.Anonymous(this=name, expressions=[each.copy() for each in of])

    def _called(self, node: Any) -> Any:
        """A function that sqlglot doesn't know."""
        name, of = node.name.lower(), node.expressions
        if name == "format_datetime" and len(of) == 2:
            return self._call("strftime", of[0], self._pattern(of[1]))
        if name in _MATCHES and len(of) == 2:
            texts = [each.sql(dialect="duckdb") for each in of]
            return self._exp.paren(
                self._exp.maybe_parse(_MATCHES[name].format(*texts), dialect="duckdb")
            )
        return node

    def _path(self, path: Any) -> Any:
        """A path in JSON; it is always lax."""
        text = path.name if isinstance(path, self._exp.Literal) else ""
        if text.startswith(("lax ", "strict ")):
            return self._exp.Literal.string(text.partition(" ")[2])
        return path

    def _pattern(self, pattern: Any) -> Any:
        """Java's pattern of a date, in strftime's letters."""
        if not isinstance(pattern, self._exp.Literal):
            raise self._refused("the pattern of a date must be a text")

        def letter(found: re.Match[str]) -> str:
            if found[1] is not None:
                return (found[1] or "'").replace("%", "%%")
            if found[0] != "%" and found[0] not in _JAVA:
                raise self._refused(f"{found[0]} in the pattern of a date isn't built")
            return _JAVA.get(found[0], "%%")

        return self._exp.Literal.string(_LETTERS.sub(letter, pattern.name))

    def _unfinished(self, reduce: Any) -> None:
        """A reduction's last step may do nothing alone: DuckDB has none."""
        last = reduce.args.get("finish")
        if last is not None:
            same = isinstance(last.this, self._exp.Identifier)
            if not same or [each.name for each in last.expressions] != [last.this.name]:
                raise self._refused(
                    "a reduction's last function that changes something isn't built"
                )
            reduce.set("finish", None)

    def _unfolded(self, unnest: Any) -> Any:
        """``UNNEST(x) AS t (a, b)``: members of a structure, a map's key and value, or arrays."""
        exp = self._exp
        alias, of = unnest.args.get("alias"), unnest.expressions
        columns = [each.name for each in alias.columns] if alias else []
        if len(columns) < 2:
            return unnest
        if unnest.args.get("offset"):
            raise self._refused("WITH ORDINALITY beside several columns isn't built")
        inner = [each.sql(dialect="duckdb") for each in of]
        if isinstance(of[0], exp.Column) and of[0].name.lower() in self._maps:
            inner[0] = f"map_entries({inner[0]})"
        depth = ", max_depth := 2" if len(of) == 1 else ""
        unnests = ", ".join(f"unnest({each}{depth})" for each in inner)
        names = ", ".join(f'"{each}"' for each in columns)
        return exp.maybe_parse(
            f'SELECT * FROM LATERAL (SELECT {unnests}) AS "{alias.name or "t"}"({names})',
            dialect="duckdb",
        ).find(exp.Lateral)

    def _name(self, select: Any) -> None:
        """A member has its own name; columns without a name are ``_col0``, ``_col1``."""
        exp = self._exp
        for place, each in enumerate(select.expressions):
            if not isinstance(each, (exp.Alias, exp.Column, exp.Star)):
                name = each.name if isinstance(each, exp.Dot) else f"_col{place}"
                each.replace(exp.alias_(each.copy(), name, quoted=True))
