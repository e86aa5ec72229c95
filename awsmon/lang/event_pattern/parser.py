"""From the text of an event pattern to what it says.

Lives here: `parse`. The grammar, in JSON:

    pattern   = { field: leaf | pattern, ..., "$or": [pattern, pattern, ...] }
    leaf      = [ scalar | test, ... ]
    test      = {"prefix": s | fold}  {"suffix": s | fold}  fold  {"wildcard": s}  {"cidr": s}
                {"exists": b}  {"numeric": [op, n, ...]}  {"anything-but": scalar(s) | test}
    fold      = {"equals-ignore-case": s}

A dot in a name leads one field deeper. A ``$or`` whose arms aren't all patterns is a plain name.
Source: User Guide, "Comparison operators"; wordings as recorded, and as AWS's own matcher has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from awsmon.lang.event_pattern import operators
from awsmon.lang.event_pattern.reader import Node, PatternError, fail, read
from awsmon.lang.event_pattern.tree import Exact, Fields, Pattern

if TYPE_CHECKING:
    from awsmon.lang.event_pattern.tree import Test, Tests

__all__ = ["PatternError", "parse"]

MOST_ALTERNATIVES = 1000
Draft = dict[str, Any]  # name to Draft or Tests


def parse(text: str) -> Pattern:
    """A pattern by its text.

    Raises:
        PatternError: it is none.
    """
    root = read(text)
    if not root.is_object:
        fail(text, root.end, "Filter is not an object")
    found = _Parser(text).fields(root, [{}], ())
    if not any(found):
        fail(text, root.close, "Empty objects are not allowed")
    return Pattern(tuple(_frozen(each) for each in found))


def _frozen(draft: Draft) -> Fields:
    return Fields(
        {
            name: _frozen(child) if isinstance(child, dict) else child
            for name, child in draft.items()
        }
    )


def _copied(draft: Draft) -> Draft:
    return {
        name: _copied(child) if isinstance(child, dict) else child for name, child in draft.items()
    }


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text

    def fail(self, node: Node, message: str) -> NoReturn:
        fail(self.text, node.end, message)

    def fields(self, node: Node, drafts: list[Draft], path: tuple[str, ...]) -> list[Draft]:
        """What the fields of an object make of each alternative so far."""
        if path and not node.value:
            fail(self.text, node.close, "Empty objects are not allowed")
        for name, child, _ in node.value:
            if name == "$or" and self.is_or(child):
                drafts = self.either(child, drafts, path)
                continue
            below = (*path, *name.split("."))
            if child.is_object:
                drafts = self.fields(child, drafts, below)
            elif child.is_array:
                tests = self.leaf(child)
                for draft in drafts:
                    _put(draft, below, tests)
            else:
                self.fail(child, f'"{name}" must be an object or an array')
        return drafts

    def is_or(self, node: Node) -> bool:
        """Whether it is a list of two patterns or more; else "$or" is a name like others."""
        if not node.is_array or len(node.value) < 2:
            return False
        return all(
            arm.is_object
            and arm.value
            and not any(name in operators.RESERVED for name, _, _ in arm.value)
            for arm in node.value
        )

    def either(self, node: Node, drafts: list[Draft], path: tuple[str, ...]) -> list[Draft]:
        if len(drafts) * len(node.value) > MOST_ALTERNATIVES:
            self.fail(node, "Rule is too complex - try using fewer combinations of $or arrays")
        found: list[Draft] = []
        for arm in node.value:
            found += self.fields(arm, [_copied(draft) for draft in drafts], path)
        if len(found) > MOST_ALTERNATIVES:
            self.fail(node, "Rule is too complex - try using fewer combinations of $or arrays")
        return found

    def leaf(self, node: Node) -> Tests:
        if not node.value:
            fail(self.text, node.close, "Empty arrays are not allowed")
        return tuple(self.test(each) for each in node.value)

    def test(self, node: Node) -> Test:
        if node.is_array:
            self.fail(node, "Match value must be String, number, true, false, or null")
        if not node.is_object:
            return Exact(node.value)
        if not node.value:
            fail(self.text, node.close, "Empty objects are not allowed")
        (name, value, named), *more = node.value
        if name not in operators.OPERATORS:
            fail(self.text, named, f"Unrecognized match type {name}")
        test = operators.OPERATORS[name](self.text, value)
        if more:
            fail(self.text, more[0][2], "Only one key allowed in match expression")
        return test


def _put(draft: Draft, path: tuple[str, ...], tests: Tests) -> None:
    """A later leaf takes the place of an earlier one; objects merge."""
    for name in path[:-1]:
        inner = draft.get(name)
        if not isinstance(inner, dict):
            inner = draft[name] = {}
        draft = inner
    draft[path[-1]] = tests
