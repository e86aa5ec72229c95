"""How a managed rule is written: what it may read, and how it says what it found.

Lives here: `ManagedRule`, `managed`, `Reading`, `Given`, `Lacking` and `NotApplicable`. The rules
are in `managed/`, a module for each service.

A rule is a function of a resource and of what it was given; it returns why the resource isn't
compliant, or None where it is. What a mock's Describe doesn't tell is never guessed: reading it
raises `Lacking`, and the result is INSUFFICIENT_DATA.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.config_recorder.model import Item, Key
    from awsmon.config_recorder.resource_types import Asking
    from awsmon.core.scope import Scope

__all__ = [
    "ACCOUNT", "NUMBER", "PORTS", "REQUIRED", "Given", "Judge", "Lacking", "ManagedRule",
    "NotApplicable", "Reading", "managed", "must_be_set",
]  # fmt: skip

ACCOUNT = "AWS::::Account"
"""The type of rules that are about the account as a whole."""
REQUIRED = object()
"""Stands for a parameter that has no default."""
NUMBER = re.compile(r"-?\d+")
"""Stands for an optional one without default that is a whole number."""
PORTS = re.compile(r"\d+(-\d+)?(\s*,\s*\d+(-\d+)?)*")
"""The same for ports and ranges of them."""


class Lacking(Exception):
    """Something that a rule reads isn't told."""


class NotApplicable(Exception):
    """The rule says nothing of this resource."""


class Reading:
    """A resource, as a rule reads it; what was read is remembered, for whoever asks why.

    Attributes:
        reads: paths in its configuration item.
    """

    __slots__ = ("_item", "reads")

    def __init__(self, item: Item) -> None:
        self._item = item
        self.reads: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """Type and id."""
        return self._item.key

    @property
    def id(self) -> str:
        """Its resourceId."""
        return self._item.key.id

    @property
    def type(self) -> str:
        """As ``AWS::EC2::Volume``."""
        return self._item.key.type

    @property
    def name(self) -> str:
        """Its resourceName, or id."""
        return self._item.name or self._item.key.id

    @property
    def arn(self) -> str | None:
        """Where it has one."""
        return self._item.arn

    @property
    def tags(self) -> Mapping[str, str]:
        """By key."""
        return self._item.tags

    def related(self, resource_type: str) -> list[str]:
        """Ids of the resources of a type that it stands in a relation to."""
        return [each.resource_id for each in self._item.relationships
                if each.resource_type == resource_type]  # fmt: skip

    def __getitem__(self, path: str) -> Any:
        """A value of its configuration, as ``metadataOptions.httpTokens``.

        Raises:
            Lacking: it isn't told.
        """
        found = self._find(path)
        if found is None:
            raise Lacking(f"configuration.{path} isn't known")
        self._note(f"configuration.{path}")
        return found

    def get(self, path: str, default: Any = None) -> Any:
        """The same; *default* where the absence itself says something."""
        found = self._find(path)
        self._note(f"configuration.{path}")
        return default if found is None else found

    def _find(self, path: str) -> Any:
        found: Any = self._item.configuration
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def _note(self, path: str) -> None:
        if path not in self.reads:
            self.reads += (path,)

    def extra(self, name: str, default: Any = REQUIRED) -> Any:
        """A part of its supplementary configuration, as ``BucketPolicy``.

        Raises:
            Lacking: it isn't told, and no default is given.
        """
        found = self._item.supplementary.get(name)
        if found is None:
            if default is REQUIRED:
                raise Lacking(f"supplementaryConfiguration.{name} isn't known")
            found = default
        self._note(f"supplementaryConfiguration.{name}")
        return json.loads(found) if isinstance(found, str) and found[:1] in "{[" else found


@dataclass(slots=True)
class Given:
    """What a rule has beside the resource.

    Attributes:
        values: parameters by name; those that weren't given have their defaults.
        now: the instant.
        resources: all that are recorded, of a type.
        ask: asks a boto3 client, as ``given.ask("iam")("GetAccountSummary")``; only rules that say
            so may.
    """

    values: Mapping[str, Any]
    now: datetime
    scope: Scope
    resources: Callable[[str], Iterator[Reading]]
    ask: Callable[[str], Asking]

    def text(self, name: str) -> str | None:
        """A parameter as it is; None where it isn't given."""
        found = self.values.get(name)
        return None if found in (None, "") else str(found)

    def number(self, name: str) -> int | None:
        """As a whole number."""
        found = self.text(name)
        return None if found is None else int(found)

    def flag(self, name: str) -> bool | None:
        """``true`` or ``false``, in any case."""
        found = self.text(name)
        return None if found is None else found.lower() == "true"

    def list(self, name: str) -> list[str]:
        """The parts of a text between commas; none where it isn't given."""
        return [each.strip() for each in (self.text(name) or "").split(",") if each.strip()]


Judge = Callable[[Reading, Given], "str | None"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ManagedRule:
    """One of AWS's own rules.

    Attributes:
        identifier: as ``INCOMING_SSH_DISABLED``.
        types: of the resources that it judges; `ACCOUNT` for the account itself.
        change: it is asked when a resource changes.
        periodic: it is asked every so often.
        parameters: name to default; `REQUIRED` where there must be one; where there is none, None,
            or the form that a value has.
        asks: it asks services itself, so it is run outside the lock.
    """

    identifier: str
    types: Sequence[str]
    judge: Judge
    change: bool = True
    periodic: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    asks: bool = False

    @property
    def forms(self) -> dict[str, re.Pattern[str]]:
        """What values must look like, of parameters that have a form or a number for a default."""
        return {
            name: default if isinstance(default, re.Pattern) else NUMBER
            for name, default in self.parameters.items()
            if isinstance(default, re.Pattern) or str(default).isdecimal()
        }


def managed(
    identifier: str, *types: str, change: bool = True, periodic: bool = False, asks: bool = False,
    **parameters: Any,
) -> Callable[[Judge], Judge]:  # fmt: skip
    """Mark a function as a managed rule.

    Args:
        identifier: AWS's.
        types: of the resources that it judges; none: the account.
        change: whether a change of a resource is what triggers it.
        periodic: whether time does.
        asks: whether it asks services itself.
        parameters: name to default; `REQUIRED`; for an optional one without, None or its form.
    """

    def mark(judge: Judge) -> Judge:
        of_account = not types
        judge.managed_rule = ManagedRule(  # type: ignore[attr-defined]
            identifier=identifier, types=types or (ACCOUNT,), judge=judge,
            change=change and not of_account, periodic=periodic or of_account or not change,
            parameters=parameters, asks=asks or of_account,
        )  # fmt: skip
        return judge

    return mark


def must_be_set(
    identifier: str, resource_type: str, path: str, why: str, **more: Any
) -> Judge:  # fmt: skip
    """A managed rule that wants one value of the configuration to be true.

    Args:
        identifier: AWS's.
        resource_type: of the resources that it judges.
        path: of the value; `Lacking` where the service doesn't tell it.
        why: what is said where it isn't true.
        more: as `managed` takes it.
    """

    @managed(identifier, resource_type, **more)
    def judge(found: Reading, _: Given) -> str | None:
        return None if found[path] else why

    return judge
