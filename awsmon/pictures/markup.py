"""HTML that cannot be broken by what it tells: every text is escaped where it is put in.

Lives here: `Markup`, `tag` and `joined`. Only `Markup` is taken as it is; any other text may be a
stranger's. Control characters are shown, not obeyed.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Markup", "escaped", "joined", "opening", "tag"]

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
_SHOWN = {code: 0x2400 + code for code in range(32) if code not in (9, 10)} | {
    code: f"\\u{code:04x}" for code in (0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
"""What would be obeyed: controls, and what turns the direction of writing."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """Text as HTML shows it."""
    if isinstance(text, Markup):
        return text
    shown = str(text).translate(_SHOWN).encode("utf-8", "replace").decode()
    return Markup(escape(shown, quote=True))


def joined(parts: Iterable[str | None]) -> Markup:
    """One after the other; None is nothing."""
    return Markup("".join(escaped(part) for part in parts if part is not None))


def opening(name: str, **attributes: str | bool | None) -> Markup:
    """The start of an element; ``class_`` is ``class``, ``aria_label`` is ``aria-label``."""
    told = [name]
    for key, value in attributes.items():
        spelled = key.rstrip("_").replace("_", "-")
        if value is True:
            told.append(spelled)
        elif value is not None and value is not False:
            told.append(f'{spelled}="{escaped(value)}"')
    return Markup(f"<{' '.join(told)}>")


def tag(name: str, *children: str | None, **attributes: str | bool | None) -> Markup:
    """An element with its children."""
    start = opening(name, **attributes)
    return start if name in _VOID else Markup(f"{start}{joined(children)}</{name}>")
