"""Systems Manager's automation documents that remediations name, run on the active mock.

Lives here: `Step`, `Given`, `find` and `run`. What each document does is in `documents/`. Documents
that aren't there go to whoever is bound to their ARN, or are recorded.
Source: AWS Systems Manager Automation Runbook Reference.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from awsmon.config_recorder.resource_types import Asking

__all__ = ["Given", "Step", "StepDetails", "call", "find", "run"]


@dataclass(frozen=True, slots=True)
class Given:
    """The parameters of an automation: lists of texts, as Systems Manager has them."""

    values: Mapping[str, Sequence[str]]
    account: str
    now: datetime

    def all(self, name: str) -> list[str]:
        """All values of a parameter; none where it isn't given."""
        return list(self.values.get(name, ()))

    def one(self, name: str, default: str | None = None) -> str:
        """Its value.

        Raises:
            Refused: it isn't given, and has no default.
        """
        found = self.values.get(name)
        if found:
            return found[0]
        if default is None:
            raise Refused(f"Parameter {name} is missing", permanent=True,
                          code="InvalidAutomationExecutionParametersException")  # fmt: skip
        return default

    def flag(self, name: str, default: str = "true") -> bool:
        """``true`` or ``false``."""
        return self.one(name, default).lower() == "true"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a document.

    Attributes:
        act: what it does, given who asks a boto3 client, and the parameters.
    """

    name: str
    act: Callable[[Callable[[str], Asking], Given], None]


@dataclass(slots=True)
class StepDetails:
    """How a step went, as DescribeRemediationExecutionStatus shows it."""

    name: str
    state: str = "PENDING"
    error: str | None = None
    started: Any = None
    stopped: Any = None


def call(
    name: str, client: str, operation: str, parameters: Callable[[Given], dict[str, Any]]
) -> Step:
    """A step that is one call."""

    def act(ask: Callable[[str], Asking], given: Given) -> None:
        ask(client)(operation, **parameters(given))

    return Step(name, act)


@cache
def _known() -> dict[str, tuple[Step, ...]]:
    from awsmon.config_recorder import documents

    found: dict[str, tuple[Step, ...]] = {}
    for module in pkgutil.iter_modules(documents.__path__, f"{documents.__name__}."):
        found |= importlib.import_module(module.name).DOCUMENTS
    return found


def find(document: str) -> tuple[Step, ...] | None:
    """The steps of a document, told by name or ARN; None: it isn't built."""
    return _known().get(document.rpartition("/")[2])


def run(
    steps: Sequence[Step], ask: Callable[[str], Asking], given: Given
) -> Iterator[tuple[str, str, str | None]]:
    """Make the steps one after the other.

    Yields:
        Name, state (``IN_PROGRESS``, ``SUCCEEDED`` or ``FAILED``) and error, as it goes.
    """
    for step in steps:
        yield step.name, "IN_PROGRESS", None
        try:
            step.act(ask, given)
        except Refused as error:
            yield step.name, "FAILED", str(error)
            return
        yield step.name, "SUCCEEDED", None
