"""What a metric math expression means: its type, and a function that evaluates it.

Lives here: `compile_expression`. What the functions do is in `functions/`, what the operators do
in `series.py`; which types go together is decided here, once, before anything is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.lang.metric_math.functions.outside import OUTSIDE
from awsmon.lang.metric_math.functions.registry import known, overload
from awsmon.lang.metric_math.parser import parse
from awsmon.lang.metric_math.series import OPERATORS, calculated, combined, scaled
from awsmon.lang.metric_math.tree import (
    Array,
    Call,
    Name,
    Negation,
    Node,
    Number,
    Operation,
    Power,
    Step,
    Text,
    walk,
)
from awsmon.lang.metric_math.types import (
    WORDS,
    Type,
    function_not_found,
    name_not_found,
    unsupported,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from awsmon.lang.metric_math.functions.registry import Surroundings
    from awsmon.lang.metric_math.series import Value

    Run = Callable[[Surroundings], Any]

__all__ = ["Compiled", "compile_expression"]


class Compiled(NamedTuple):
    """An expression that can be evaluated.

    Attributes:
        type: what it yields.
        outside: the calls in it that the surroundings answer, as SEARCH.
        run: to its value.
    """

    type: Type
    outside: tuple[Call, ...]
    run: Callable[[Surroundings], Value]


class _Part(NamedTuple):
    type: Type
    run: Run


def compile_expression(text: str, types: Mapping[str, Type]) -> Compiled:
    """An expression, ready to run.

    Args:
        text: of the expression.
        types: of the queries that it may refer to, by Id.

    Raises:
        LanguageError: it is none, knows no such function or Id, or the types don't go together.
    """
    tree = parse(text)
    part = _Compiler(text, types).part(tree)
    calls = [each for each in walk(tree) if isinstance(each, Call)]
    outside = tuple(call for call in calls if call.function in OUTSIDE)
    return Compiled(part.type, outside, part.run)


class _Compiler:
    def __init__(self, text: str, types: Mapping[str, Type]) -> None:
        self._text, self._types = text, types

    def part(self, node: Node) -> _Part:
        match node:
            case Number(value):
                return _Part(Type.SCALAR, lambda _: value)
            case Text():
                text = node.value
                return _Part(Type.TEXT, lambda _: text)
            case Name():
                return self._name(node)
            case Array():
                return self._array(node)
            case Call():
                return self._call(node)
            case Negation(operand):
                return self._negation(self.part(operand))
            case Power(base, exponent, at):
                return self._chain(base, [Step("^", exponent, at)])
            case Operation(first, steps):
                return self._chain(first, steps)

    def _name(self, node: Name) -> _Part:
        name = node.name
        if name in self._types:
            return _Part(self._types[name], lambda surroundings: surroundings.value(name))
        if name in WORDS:
            return _Part(WORDS[name], lambda _: name)
        raise name_not_found(name, self._text, node.at)

    def _array(self, node: Array) -> _Part:
        parts = [self.part(item) for item in node.items]
        types = [part.type for part in parts]
        texts = set(types) == {Type.TEXT}
        if not texts and any(each not in Type.SERIES | Type.ARRAY for each in types):
            raise unsupported("[]", types, self._text, node.at)
        runs = [(part.run, part.type is Type.ARRAY) for part in parts]

        def run(surroundings: Surroundings) -> Value:
            found: list[Any] = []
            for of, several in runs:
                found += of(surroundings) if several else [of(surroundings)]
            return tuple(found)

        return _Part(Type.TEXTS if texts else Type.ARRAY, run)

    def _call(self, node: Call) -> _Part:
        if not known(node.function):
            raise function_not_found(node.function, self._text, node.at)
        parts = [self.part(argument) for argument in node.arguments]
        types = [part.type for part in parts]
        form = overload(node.function, types)
        if form is None:
            raise unsupported(node.function, types, self._text, node.at)
        runs, function = [part.run for part in parts], form.run
        return _Part(form.gives, lambda world: function(world, *[run(world) for run in runs]))

    def _negation(self, part: _Part) -> _Part:
        kind = _kind(part.type)
        if kind not in _ORDER:
            raise unsupported("-", [part.type], self._text, 0)
        compute, minus, of = _OPERATIONS[Type.SCALAR, kind], OPERATORS["-"], part.run
        return _Part(_computed(kind), lambda world: compute(minus, 0.0, of(world)))

    def _chain(self, first: Node, steps: Sequence[Step]) -> _Part:
        """Operators from left to right, in a loop: there may be hundreds."""
        part = self.part(first)
        type_, begin, rest = part.type, part.run, []
        for step in steps:
            other = self.part(step.operand)
            kinds = (_kind(type_), _kind(other.type))
            if kinds not in _OPERATIONS:
                raise unsupported(step.operator, [type_, other.type], self._text, step.at)
            rest.append((_OPERATIONS[kinds], OPERATORS[step.operator], other.run))
            type_ = _computed(max(kinds, key=_ORDER.index))

        def run(surroundings: Surroundings) -> Value:
            value: Value = begin(surroundings)
            for compute, function, of in rest:
                value = compute(function, value, of(surroundings))
            return value

        return _Part(type_, run)


def _kind(type_: Type) -> Type:
    return Type.SERIES if type_ in Type.SERIES else type_


def _computed(kind: Type) -> Type:
    return Type.COMPUTED if kind is Type.SERIES else kind


_ORDER = (Type.SCALAR, Type.SERIES, Type.ARRAY)
"""What operators work on; the result is the last of its operands'."""


def _scalar_series(function: Any, x: float, ys: Any) -> Value:
    return scaled(lambda y: function(x, y), ys, x)


def _series_scalar(function: Any, xs: Any, y: float) -> Value:
    return scaled(lambda x: function(x, y), xs, y)


def _on_each(compute: Any, *, first: bool) -> Any:
    """The same on each series of the array on the left, or on the right."""
    if first:
        return lambda function, xs, y: tuple(compute(function, x, y) for x in xs)
    return lambda function, x, ys: tuple(compute(function, x, y) for y in ys)


_OPERATIONS: dict[tuple[Type, Type], Any] = {
    (Type.SCALAR, Type.SCALAR): calculated,
    (Type.SCALAR, Type.SERIES): _scalar_series,
    (Type.SERIES, Type.SCALAR): _series_scalar,
    (Type.SERIES, Type.SERIES): combined,
    (Type.SCALAR, Type.ARRAY): _on_each(_scalar_series, first=False),
    (Type.ARRAY, Type.SCALAR): _on_each(_series_scalar, first=True),
    (Type.SERIES, Type.ARRAY): _on_each(combined, first=False),
    (Type.ARRAY, Type.SERIES): _on_each(combined, first=True),
}
