"""Requests against the model: every constraint that botocore's models state, checked in one place.

Lives here: `validator`, compiled from the input shape to closures once for each operation, and
`violations`, the slow second look that says what is wrong and where. The words of a refusal, and
its code, are `wordings.py`'s, Java's patterns `patterns.py`'s. A rule that the model doesn't
state is its service's. The closures only say yes or no, and allocate nothing; so a good request
costs little. What isn't of the type that the model says is left alone: botocore refuses it
before, unless told not to.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsmon.sdk import wordings
from awsmon.sdk.patterns import fullmatch
from awsmon.sdk.wordings import NUMBERS, Constraint, Key, Kind, Path, Shape, Violation

if TYPE_CHECKING:
    from botocore.model import OperationModel

__all__ = ["validator", "violations"]

Check = Callable[[Any], bool]
Validator = Callable[[Mapping[str, Any]], None]

_CONTAINERS = frozenset({"structure", "list", "map"})
_BEYOND = 2048  # a text that is longer than it may be, and by this, need not be matched too

_OWN_TYPES = frozenset({
    ("GetResourceConfigHistoryRequest", "resourceType"),
    ("ListDiscoveredResourcesRequest", "resourceType"),
    ("ResourceKey", "resourceType"),
})  # fmt: skip
"""Members that take resource types of one's own, too, though their enum hasn't got them.

Source: Config Developer Guide, "Record and delete a configuration state for third-party resources
using AWS CLI".
"""

_validators: dict[tuple[str, str, str], Validator] = {}


def validator(model: OperationModel) -> Validator:
    """A function that returns for a request that keeps to the model, and raises for any other.

    Raises (the function): the `AwsError` of the service, with all violations in its message.
    """
    service = model.service_model
    key = (service.service_name, model.name, service.api_version)
    found = _validators.get(key)
    return found if found is not None else _validators.setdefault(key, _validator(model))


def _validator(model: OperationModel) -> Validator:
    shape = model.input_shape
    check = _check(shape) if shape is not None else None
    if check is None:
        return lambda _: None

    def validate(request: Mapping[str, Any]) -> None:
        try:
            if check(request):
                return
        except (TypeError, AttributeError, ValueError, ArithmeticError):
            pass  # something is of another type: look closely
        found = violations(model, request)
        if found:
            raise wordings.refusal(model, found)

    return validate


# --- the fast pass: closures that say yes or no ---------------------------------------------------


def _check(shape: Shape, above: tuple[str, ...] = ()) -> Check | None:
    """Yes or no for values of a shape; None: there is nothing to check."""
    match shape.type_name:
        case "structure":
            return _structure_check(shape, above)
        case "list":
            return _list_check(shape, _check(shape.member, above))
        case "map":
            return _map_check(shape, _check(shape.key, above), _check(shape.value, above))
        case "string":
            return _string_check(shape)
        case _:
            return _size_check(shape)


def _structure_check(shape: Shape, above: tuple[str, ...]) -> Check | None:
    if getattr(shape, "is_document_type", False):
        return None
    if shape.name in above:  # the shape holds itself: none does today
        return lambda value: next(_violations(shape, value, ()), None) is None
    above = (*above, shape.name)
    required = tuple(shape.required_members)
    checks = {
        name: _or_own(check) if (shape.name, name) in _OWN_TYPES else check
        for name, member in shape.members.items()
        if (check := _check(member, above)) is not None
    }
    union = getattr(shape, "is_tagged_union", False)
    if not required and not checks and not union:
        return None
    check_of = checks.get

    def structure(value: Any) -> bool:
        get = value.get
        for name in required:
            if get(name) is None:
                return False
        for name, inner in value.items():
            check = check_of(name)
            if check is not None and inner is not None and not check(inner):
                return False
        return True

    def tagged_union(value: Any) -> bool:
        return _given(value) == 1 and structure(value)

    return tagged_union if union else structure


def _or_own(check: Check) -> Check:
    return lambda value: _is_own(value) or check(value)


def _is_own(value: Any) -> bool:
    """Whether it is a resource type, and none of AWS's."""
    return isinstance(value, str) and "::" in value and not value.startswith("AWS::")


def _list_check(shape: Shape, member: Check | None) -> Check | None:
    size = _size_check(shape)
    if member is None:
        return size

    def each(value: Any) -> bool:
        return (size is None or size(value)) and all(map(member, value))

    return each


def _map_check(shape: Shape, key: Check | None, member: Check | None) -> Check | None:
    size = _size_check(shape)
    if key is None and member is None:
        return size

    def entries(value: Any) -> bool:
        return (
            (size is None or size(value))
            and (key is None or all(map(key, value)))
            and (member is None or all(map(member, value.values())))
        )

    return entries


def _string_check(shape: Shape) -> Check | None:
    size, pattern = _size_check(shape), shape.metadata.get("pattern")
    if allowed := frozenset(shape.enum):
        return allowed.__contains__ if size is None and pattern is None else _all_of(shape)
    if pattern is None:
        return size
    low, high = _bounds(shape)
    matches: Callable[[str], object] | None = None

    def text(value: Any) -> bool:
        nonlocal matches
        if not low <= len(value) <= high:
            return False
        if matches is None:
            matches = fullmatch(pattern)
        return matches(value) is not None

    return text


def _all_of(shape: Shape) -> Check:
    constraints = _constraints(shape)
    return lambda value: all(constraint.holds(value) for constraint in constraints)


def _size_check(shape: Shape) -> Check | None:
    if shape.metadata.keys().isdisjoint(("min", "max")):
        return None
    low, high = _bounds(shape)
    if shape.type_name in NUMBERS:
        return lambda value: low <= value <= high
    return lambda value: low <= len(value) <= high


def _bounds(shape: Shape) -> tuple[int, int]:
    lowest = -sys.maxsize if shape.type_name in NUMBERS else 0
    return shape.metadata.get("min", lowest), shape.metadata.get("max", sys.maxsize)


def _given(value: Any) -> int:
    return sum(1 for inner in value.values() if inner is not None)


# --- the slow pass: what is wrong, and where ------------------------------------------------------


def violations(model: OperationModel, request: Mapping[str, Any]) -> list[Violation]:
    """Every constraint that a request doesn't keep to, in the order of the model's members."""
    shape = model.input_shape
    return [] if shape is None else list(_violations(shape, request, ()))


def _violations(shape: Shape, value: Any, path: Path) -> Iterator[Violation]:
    match shape.type_name:
        case "structure" if isinstance(value, Mapping):
            yield from _structure_violations(shape, value, path)
        case "list" if isinstance(value, (list, tuple)):
            yield from _broken(shape, value, path)
            yield from _element_violations(shape, value, path)
        case "map" if isinstance(value, Mapping):
            yield from _broken(shape, value, path)
            yield from _entry_violations(shape, value, path)
        case kind if kind not in _CONTAINERS:
            yield from _broken(shape, value, path)


def _structure_violations(
    shape: Shape, value: Mapping[str, Any], path: Path
) -> Iterator[Violation]:
    if getattr(shape, "is_document_type", False):
        return
    if getattr(shape, "is_tagged_union", False) and _given(value) != 1:
        yield Violation(path, value, "union", wordings.ONE_MEMBER, shape)
    required = frozenset(shape.required_members)
    for name, member in shape.members.items():
        inner = value.get(name)
        if (shape.name, name) in _OWN_TYPES and _is_own(inner):
            continue
        if inner is not None:
            yield from _violations(member, inner, (*path, name))
        elif name in required:
            yield Violation((*path, name), None, "required", wordings.NOT_NULL, member)


def _element_violations(shape: Shape, value: Any, path: Path) -> Iterator[Violation]:
    member = shape.member
    if member.type_name not in _CONTAINERS:
        yield from _members_broken(shape, member, value, path, "Member")
        return
    for position, inner in enumerate(value, start=1):
        if inner is None:
            yield Violation((*path, position), None, "required", wordings.NOT_NULL, member)
        else:
            yield from _violations(member, inner, (*path, position))


def _entry_violations(shape: Shape, value: Mapping[str, Any], path: Path) -> Iterator[Violation]:
    yield from _members_broken(shape, shape.key, value, path, "Map keys")
    if shape.value.type_name not in _CONTAINERS:
        yield from _members_broken(shape, shape.value, value.values(), path, "Map value", value)
        return
    for key, inner in value.items():
        yield from _violations(shape.value, inner, (*path, Key(key)))


def _members_broken(
    shape: Shape, member: Shape, values: Any, path: Path, subject: str, whole: Any = None
) -> Iterator[Violation]:
    """What texts and numbers in a container break is told of the container, once."""
    constraints = _constraints(member)
    if not constraints:
        return
    for inner in values:
        kind = _first_broken(constraints, inner)
        if kind is not None:
            words = wordings.of_members(subject, [constraint.words for constraint in constraints])
            yield Violation(path, values if whole is None else whole, kind, words, shape)
            return


def _first_broken(constraints: tuple[Constraint, ...], value: Any) -> Kind | None:
    if value is None:
        return "required"
    return next((each.kind for each in constraints if not each.holds(value)), None)


def _broken(shape: Shape, value: Any, path: Path) -> Iterator[Violation]:
    for constraint in _constraints(shape):
        if not constraint.holds(value):
            yield Violation(path, value, constraint.kind, constraint.words, shape)


def _constraints(shape: Shape) -> tuple[Constraint, ...]:
    """What a value must keep to, whatever its members."""
    stated, found = shape.metadata, wordings.sizes(shape)
    if "pattern" in stated:
        found.append(_matching(stated["pattern"], stated.get("max", sys.maxsize) + _BEYOND))
    if getattr(shape, "enum", None):
        found.append(wordings.one_of(shape))
    return tuple(found)


def _matching(pattern: str, longest: int) -> Constraint:
    return Constraint(
        "pattern",
        wordings.pattern(pattern),
        lambda value: (
            not isinstance(value, str)
            or len(value) > longest
            or fullmatch(pattern)(value) is not None
        ),
    )
