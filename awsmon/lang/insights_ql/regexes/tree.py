r"""Regular expressions as trees, and as the source that Python's `re` reads.

``\d``, ``\w``, ``\s`` and ``\b`` mean ASCII, ``$`` the very end of the text, as in RE2.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Boundary", "Character", "Either", "Group", "Node", "Repeat", "Row", "folds", "source"]


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a set; the set as `re` writes it, and whether case plays no part."""

    set: str
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Boundary:
    r"""A place between characters, as `re` writes it: ``\A``, ``(?m:^)``, ``\b`` and so on."""

    source: str


@dataclass(frozen=True, slots=True)
class Row:
    """One behind the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """The first of these that leads on."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """*least* to *most* times, None being without end; as many as can be, or as few if *lazy*."""

    body: Node
    least: int
    most: int | None
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """What is remembered of the text, by its number from 1 on."""

    body: Node
    number: int


Node = Character | Boundary | Row | Either | Repeat | Group


def folds(node: Node) -> bool:
    """Whether case plays no part in all of it."""
    match node:
        case Character():
            return node.fold
        case Boundary():
            return True
        case Group(body) | Repeat(body):
            return folds(body)
        case Row(parts) | Either(parts):
            return all(map(folds, parts))


def source(node: Node, *, folded: bool = False) -> str:
    """The expression as `re` reads it with its flag for ASCII, and *folded* that for case."""

    def written(inner: Node) -> str:
        return source(inner, folded=folded)

    match node:
        case Character(characters, fold):
            return f"(?i:{characters})" if fold and not folded else characters
        case Boundary(place):
            return place
        case Row(items):
            parts = (f"(?:{written(i)})" if isinstance(i, Either) else written(i) for i in items)
            return "".join(parts)
        case Either(options):
            return "|".join(map(written, options))
        case Group(body):
            return f"({written(body)})"
        case Repeat(body, least, most, lazy):
            alone = isinstance(body, Character | Group)
            one = written(body) if alone else f"(?:{written(body)})"
            return f"{one}{{{least},{'' if most is None else most}}}{'?' if lazy else ''}"
