"""Operations: from an AWS name to the function that carries it.

Lives here: `@operation`, `Operations` and `Answer`. An operation is a function of its service and
the request; members, lengths, patterns and enums were checked before it runs, the lock, the caller
and the cause are settled outside, and what it returns is shaped by the model after it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, TypeVar

from awsmon.core.errors import AwsmonError

__all__ = ["Answer", "Operation", "Operations", "operation", "own_headers"]

Operation = Callable[[Any, Any], "dict[str, Any] | None"]
F = TypeVar("F", bound=Callable[..., Any])


class Answer(dict[str, Any]):
    """What an operation answers that sends headers of its own, which the model doesn't know."""

    def __init__(self, headers: dict[str, str], members: dict[str, Any] | None = None) -> None:
        super().__init__(members or {})
        self.headers = headers


def own_headers(result: object) -> dict[str, str]:
    """The headers of an answer that has some, their names in lower case."""
    return result.headers if isinstance(result, Answer) else {}


def operation(name: str) -> Callable[[F], F]:
    """Mark a function as an AWS operation: ``@operation("PutMetricAlarm")``.

    The function takes the service object of its package and the request by AWS's member names, and
    returns the answer by AWS's member names (members that are None are left out), or None.
    """

    def mark(function: F) -> F:
        function.aws_operation = name  # type: ignore[attr-defined]
        return function

    return mark


class Operations:
    """The operations of one package, imported when the first is asked for.

    Args:
        package: its name below `awsmon`, which is also the attribute of `Services` that the
            operations get as their first argument.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self._found: dict[str, Operation] | None = None

    def get(self, name: str) -> Operation | None:
        """The operation of that AWS name, or None."""
        return self.all().get(name)

    def all(self) -> dict[str, Operation]:
        """Every operation of the package by its AWS name."""
        if self._found is None:
            self._found = self._collect()
        return self._found

    def _collect(self) -> dict[str, Operation]:
        package = importlib.import_module(f"awsmon.{self.package}.operations")
        found: dict[str, Operation] = {}
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                name = getattr(value, "aws_operation", None)
                if name is None or value.__module__ != module.name:
                    continue
                if name in found:
                    raise AwsmonError(f"{name} is written twice: in {module.name} and before.")
                found[name] = value
        return found
