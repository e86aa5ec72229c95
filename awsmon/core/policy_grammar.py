"""The grammar of resource-based policies: from a text to a `Policy`.

Lives here: `parse` and what it yields. Who may do what by a policy is `policies.py`'s to say.

Sources: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy elements".
The messages are ours: each service has words of its own for a policy that it refuses.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from awsmon.core.arns import Arn
from awsmon.core.policy_conditions import Condition, texts
from awsmon.core.policy_patterns import whole_arn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

__all__ = ["NEW", "Effect", "Element", "Policy", "PolicyError", "Statement", "names_of", "parse"]

Effect: TypeAlias = Literal["Allow", "Deny"]

OLD, NEW = "2008-10-17", "2012-10-17"
_STATEMENT = ("Sid", "Effect", "Condition", "Principal", "NotPrincipal", "Action", "NotAction",
              "Resource", "NotResource")  # fmt: skip
_ACTION = re.compile(r"\*(?::\*)?|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
_RESOURCE = re.compile(r"\*|arn:.+")
_ANYTHING = re.compile(r".+")
_PRINCIPALS = {
    "AWS": re.compile(
        r"\*|\d{12}|A[A-Z0-9]{16,127}"
        r"|arn:aws[a-z-]*:(?:iam|sts)::\d{12}:(?:root|[a-z-]+/[^*?]+)"
    ),
    "Service": re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    "Federated": _ANYTHING,
    "CanonicalUser": _ANYTHING,
}


class PolicyError(ValueError):
    """A text that is no policy; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Element:
    """What a statement says of principals, actions or resources.

    Attributes:
        negated: it is written ``Not...``: all but these.
    """

    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; a request must fit all that it says."""

    effect: Effect
    principals: Element
    actions: Element
    resources: Element
    conditions: tuple[Condition, ...] = ()
    sid: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy; the older version has no variables."""

    statements: tuple[Statement, ...]
    version: str = OLD


def names_of(principal: str) -> tuple[str, ...]:
    """All that a principal is called in policies: itself, its role, its account, in this order.

    A role is named without its path, which its sessions don't show.
    """
    arn = Arn.maybe(principal)
    if arn is None:
        return (principal,)
    kind, _, name = arn.resource.partition("/")
    if kind == "root":
        return (arn.account,)
    if kind == "assumed-role":
        return principal, _role(arn, name.partition("/")[0]), arn.account
    own = _role(arn, name.rpartition("/")[2]) if kind == "role" else principal
    return own, arn.account


def _role(arn: Arn, name: str) -> str:
    return str(arn._replace(service="iam", resource=f"role/{name}"))


# -- reading ---------------------------------------------------------------------------------------


def parse(text: str) -> Policy:
    """Read a policy.

    Raises:
        PolicyError: it isn't JSON, or not of the grammar of a resource's policy.
    """
    try:
        document: object = json.loads(text, object_pairs_hook=_once)
    except PolicyError:
        raise
    except (ValueError, RecursionError):
        raise PolicyError("The policy is not valid JSON.") from None
    whole = _object(document, "The policy", ("Version", "Id", "Statement"))
    version = _text(whole.get("Version", OLD), "Version")
    if version not in (OLD, NEW):
        raise PolicyError(f"Version must be {NEW} or {OLD}.")
    _text(whole.get("Id", ""), "Id")
    statements = _listed(whole.get("Statement", []), "Statement")
    read = [_statement(each, f"Statement {at}") for at, each in enumerate(statements, start=1)]
    return Policy(tuple(read), version)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise PolicyError("A key stands twice in the same object.")
    return found


def _statement(value: object, where: str) -> Statement:
    given = _object(value, where, _STATEMENT)
    effect = given.get("Effect")
    if effect != "Allow" and effect != "Deny":
        raise PolicyError(f"{where}: Effect must be Allow or Deny.")
    return Statement(
        effect,
        _element(given, "Principal", where, _principals),
        _element(given, "Action", where, _actions),
        _element(given, "Resource", where, _resources),
        _conditions(given.get("Condition", {}), f"{where}: Condition"),
        None if "Sid" not in given else _text(given["Sid"], f"{where}: Sid"),
    )


def _element(
    given: Mapping[str, object],
    name: str,
    where: str,
    read: Callable[[object, str], tuple[str, ...]],
) -> Element:
    """An element or its opposite: one of the two must be there."""
    negated = f"Not{name}" in given
    if negated == (name in given):
        raise PolicyError(f"{where}: exactly one of {name} and Not{name} must be given.")
    name = f"Not{name}" if negated else name
    return Element(read(given[name], f"{where}: {name}"), negated)


def _principals(value: object, where: str) -> tuple[str, ...]:
    if value == "*":
        return ("*",)
    found: list[str] = []
    for kind, names in _object(value, where, _PRINCIPALS).items():
        given = _of_form(_PRINCIPALS[kind], names, f"{where} {kind}")
        if kind == "AWS":
            found += (names_of(name)[0] for name in given)
        elif kind == "Service":
            found += given
        else:  # kept apart from services of the same name; nobody here is one of these
            found += (f"{kind}:{name}" for name in given)
    if not found:
        raise PolicyError(f"{where} must not be empty.")
    return tuple(found)


def _actions(value: object, where: str) -> tuple[str, ...]:
    return _of_form(_ACTION, value, where)


def _resources(value: object, where: str) -> tuple[str, ...]:
    given = _of_form(_RESOURCE, value, where)
    return tuple(each if each == "*" else whole_arn(each) for each in given)


def _conditions(value: object, where: str) -> tuple[Condition, ...]:
    found = []
    for name, keys in _object(value, where).items():
        for key, values in _object(keys, f"{where} {name}").items():
            place = f"{where} {name} {key}"
            given = [_scalar(each, place) for each in _listed(values, place)]
            condition = Condition.of(name, key, given)
            if condition is None:
                raise PolicyError(f"{where}: there is no operator {name}.")
            found.append(condition)
    return tuple(found)


# -- values ----------------------------------------------------------------------------------------


def _object(
    value: object, where: str, members: Collection[str] | None = None
) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise PolicyError(f"{where} must be an object.")
    for name in value:
        if members is not None and name not in members:
            raise PolicyError(f"{where} has no element {name}.")
    return value


def _listed(value: object, where: str) -> list[object]:
    """A list, or what stands for a list of one."""
    found = value if isinstance(value, list) else [value]
    if not found:
        raise PolicyError(f"{where} must not be empty.")
    return found


def _of_form(form: re.Pattern[str], value: object, where: str) -> tuple[str, ...]:
    found = tuple(_text(each, where) for each in _listed(value, where))
    for each in found:
        if not form.fullmatch(each):
            raise PolicyError(f"{where}: {each!r} is invalid.")
    return found


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise PolicyError(f"{where} must be text.")
    return value


def _scalar(value: object, where: str) -> str:
    if not isinstance(value, str | bool | int | float):
        raise PolicyError(f"{where} must be text, a number or a boolean.")
    return texts(value)[0]
