"""Filter patterns as a tree walk for each message: slow, short, and written without looking.

What `compile_pattern` makes must agree with it. Regular expressions are Python's: short texts only.
"""

from __future__ import annotations

import json
import re

from awsmon.lang.filter_pattern.tree import (
    AllOf,
    AnyOf,
    Each,
    Is,
    Json,
    Missing,
    Number,
    Regex,
    Rest,
    Slot,
    Terms,
)

FLOAT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def matches(pattern, message):
    if isinstance(pattern, Regex):
        return occurs(pattern.source, message)
    if isinstance(pattern, Terms):
        return terms(pattern.terms, message)
    if isinstance(pattern, Json):
        try:
            document = json.loads(message)
        except ValueError:
            return False
        return isinstance(document, dict) and holds(
            pattern.condition, lambda field: nodes(field.steps, document)
        )
    return delimited(pattern.slots, message)


def occurs(source, text):
    # \Z for $, and the same sets as AWS: ASCII; . is any character
    source = re.sub(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\$", lambda m: m[1] or r"\Z", source)
    source = re.sub(r"\{ *(\d*) *, *(\d*) *\}", r"{\1,\2}", source)
    return re.search(source, text, re.ASCII | re.DOTALL) is not None


def terms(all_terms, message):
    def there(term):
        return not term.text.strip() or term.text in message

    strict = [term for term in all_terms if term.sign != "?"]
    if all_terms and not strict:
        return any(map(there, all_terms))
    return all(there(term) != (term.sign == "-") for term in strict)


def nodes(steps, node):
    if not steps:
        return [node]
    step, *further = steps
    if step is Each.FIELD:
        below = list(node.values()) if isinstance(node, dict) else []
    elif step is Each.ELEMENT:
        below = node if isinstance(node, list) else []
    elif isinstance(step, str):
        below = [node[step]] if isinstance(node, dict) and step in node else []
    else:
        below = [node[step]] if isinstance(node, list) and step < len(node) else []
    return [found for each in below for found in nodes(further, each)]


def holds(condition, find):
    if isinstance(condition, AllOf):
        return all(holds(each, find) for each in condition.conditions)
    if isinstance(condition, AnyOf):
        return any(holds(each, find) for each in condition.conditions)
    if isinstance(condition, Missing):
        return find(condition.field) == []
    found = find(condition.field)
    if isinstance(condition, Is):
        return any(node is condition.literal for node in found)
    return any(compare(node, condition.operator, condition.value) for node in found)


def compare(node, sign, value):
    if not isinstance(node, str | int | float) or isinstance(node, bool):
        return False
    if sign in ("=", "!="):
        return equals(node, value) == (sign == "=")
    if isinstance(node, str):
        return False
    return order(node, sign, value.value)


def order(left, sign, right):
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def equals(node, value):
    text = node if isinstance(node, str) else repr(node)
    if isinstance(value, Number):
        return text == value.source if isinstance(node, str) else node == value.value
    if isinstance(value, Regex):
        return occurs(value.source, text)
    return like(text, value.text)


def like(text, pattern):
    """``*`` is any text: by a table of every prefix of one with every prefix of the other."""
    reached = [True] + [False] * len(text)
    for character in pattern:
        if character == "*":
            reached = [any(reached[: at + 1]) for at in range(len(text) + 1)]
        else:
            reached = [
                at > 0 and reached[at - 1] and text[at - 1] == character
                for at in range(len(text) + 1)
            ]
    return reached[-1]


def fields(message):
    found = [(m.start(), m) for m in re.finditer(r'"([^"]*)"|\[([^\]]*)\]|\S+', message)]
    return [
        (start, next((group for group in m.groups() if group is not None), m[0]))
        for start, m in found
    ]


def delimited(slots, message):
    found = fields(message)
    values = [value for _, value in found]
    if not slots:
        return True
    if Rest() in slots:
        at = slots.index(Rest())
        if len(values) < len(slots) - 1:
            return False
        gap = [Slot()] * (len(values) - len(slots) + 1)
        slots = [*slots[:at], *gap, *slots[at + 1 :]]
    elif len(values) < len(slots):
        return False
    elif len(values) > len(slots):
        start = found[len(slots) - 1][0]
        values = [*values[: len(slots) - 1], message[start:].rstrip()]
    return all(
        slot.condition is None or field(slot.condition, value)
        for slot, value in zip(slots, values, strict=True)
    )


def field(condition, text):
    if isinstance(condition, AllOf):
        return all(field(each, text) for each in condition.conditions)
    if isinstance(condition, AnyOf):
        return any(field(each, text) for each in condition.conditions)
    sign, value = condition.operator, condition.value
    if not isinstance(value, Number):
        return equals(text, value) == (sign == "=")
    number = float(text) if FLOAT.fullmatch(text) else None
    if sign in ("=", "!="):
        return (text == value.source or number == value.value) == (sign == "=")
    return number is not None and order(number, sign, value.value)
