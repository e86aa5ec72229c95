"""The Markdown of text widgets, as HTML that holds nothing but what is known here.

Lives here: `rendered`, and `plain`, the same as lines for a PNG. Known are headings, paragraphs,
lists, tables, code, rules, emphasis, links and CloudWatch's buttons; pictures, which would have to
be fetched, are links. Source: CloudWatch User Guide, "Add or remove a text widget from a CloudWatch
dashboard".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from awsmon.pictures.markup import Markup, escaped, joined, tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["plain", "rendered"]

_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\[button:(?:(?P<look>primary):)?(?P<button>[^\]\n]{0,200})\]\((?P<to>[^)\s]{0,2000})\)"
    r"|!?\[(?P<text>[^\]\n]{0,500})\]\((?P<link>[^)\s]{0,2000})(?: \"[^\"\n]{0,200}\")?\)"
    r"|\*\*(?P<strong>[^*\n]+)\*\*|__(?P<bold>[^_\n]+)__"
    r"|\*(?P<em>[^*\n]+)\*|\b_(?P<slanted>[^_\n]+)_\b|~~(?P<gone>[^~\n]+)~~"
)
_SAFE = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_BULLET = re.compile(r"\s*([-*+]|\d{1,9}[.)])\s+(.*)$")
_RULE = re.compile(r"\s*([-*_])(\s*\1){2,}\s*$")
_DASHES = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")


def rendered(text: str) -> Markup:
    """HTML."""
    lines = text.replace("\r\n", "\n").split("\n")
    parts: list[Markup] = []
    while lines:
        parts.append(_block(lines))
    return joined(parts)


def plain(text: str) -> list[tuple[str, int]]:
    """Lines, each with its heading's level; 0: it is none."""
    found = []
    for line in text.split("\n"):
        if "|" in line and _DASHES.match(line):
            continue
        heading = _HEADING.match(line)
        told = heading[2] if heading else _BULLET.sub(r"• \2", line)
        found.append((_INLINE.sub(_bare, told), len(heading[1]) if heading else 0))
    return found


def _bare(found: re.Match[str]) -> str:
    kept = found.groupdict()
    return next(str(kept[name]) for name in (
        "code", "button", "text", "strong", "bold", "em", "slanted", "gone",
    ) if kept[name] is not None)  # fmt: skip


# -- blocks ----------------------------------------------------------------------------------------


def _block(lines: list[str]) -> Markup:
    """Takes the lines of the next block, which is a paragraph if it is nothing else."""
    line = lines[0]
    if not line.strip():
        lines.pop(0)
        return Markup("")
    if line.lstrip().startswith("```"):
        return _code(lines)
    if heading := _HEADING.match(line):
        lines.pop(0)
        return tag(f"h{min(len(heading[1]) + 2, 6)}", _inline(heading[2]),
                   class_=f"level-{len(heading[1])}")  # fmt: skip
    if _RULE.match(line):
        lines.pop(0)
        return tag("hr")
    if _BULLET.match(line):
        return _list(lines)
    if "|" in line and len(lines) > 1 and _DASHES.match(lines[1]):
        return _table(lines)
    return tag("p", _inline("\n".join(_taken(lines, _goes_on))))


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not any(
        each.match(line) for each in (_HEADING, _BULLET, _RULE)) and "```" not in line  # fmt: skip


def _taken(lines: list[str], belongs: Callable[[str], bool]) -> Iterator[str]:
    """The first, whatever it is, and those after it that belong to it."""
    yield lines.pop(0)
    while lines and belongs(lines[0]):
        yield lines.pop(0)


def _code(lines: list[str]) -> Markup:
    lines.pop(0)
    found = []
    while lines and not lines[0].lstrip().startswith("```"):
        found.append(lines.pop(0))
    if lines:
        lines.pop(0)
    return tag("pre", tag("code", "\n".join(found)))


def _list(lines: list[str]) -> Markup:
    items = [_BULLET.match(line) for line in _taken(lines, lambda each: bool(_BULLET.match(each)))]
    ordered = items[0] is not None and items[0][1][0].isdigit()
    return tag("ol" if ordered else "ul", *(tag("li", _inline(item[2])) for item in items if item))


def _table(lines: list[str]) -> Markup:
    rows = [_cells(line) for line in _taken(lines, lambda each: "|" in each)]
    head = tag("tr", *(tag("th", _inline(each)) for each in rows[0]))
    body = [tag("tr", *(tag("td", _inline(each)) for each in row)) for row in rows[2:]]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), class_="scroll")


def _cells(line: str) -> list[str]:
    return [each.strip() for each in line.strip().removeprefix("|").removesuffix("|").split("|")]


# -- within a line ---------------------------------------------------------------------------------


def _inline(text: str) -> Markup:
    parts: list[Markup] = []
    end = 0
    for found in _INLINE.finditer(text):
        parts += [escaped(text[end : found.start()]), _marked(found.groupdict())]
        end = found.end()
    parts.append(escaped(text[end:]))
    return joined(parts)


def _marked(found: dict[str, str | None]) -> Markup:
    if found["code"] is not None:
        return tag("code", found["code"])
    if found["button"] is not None:
        kind = "button primary" if found["look"] else "button"
        return _link(found["button"], found["to"] or "", kind)
    if found["text"] is not None:
        return _link(found["text"], found["link"] or "", None)
    for name, element in (("strong", "strong"), ("bold", "strong"), ("em", "em"),
                          ("slanted", "em"), ("gone", "del")):  # fmt: skip
        if found[name] is not None:
            return tag(element, _inline(found[name] or ""))
    return Markup("")


def _link(text: str, to: str, kind: str | None) -> Markup:
    """Only where it leads to a page or a mailbox: a script is no place to go."""
    if not _SAFE.match(to):
        return tag("span", text, class_=kind)
    return tag("a", text, href=to, rel="noopener noreferrer", class_=kind)
