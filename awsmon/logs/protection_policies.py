"""Data protection policies as documents: what is looked for, and where findings go.

Lives here: `ProtectionPolicy`, `Destinations`, `read_protection`, `check_destination`. Carrying
them out is `protection.py`'s. Sources: API reference, PutDataProtectionPolicy; User Guide,
"Understanding data protection policies" and "Custom data identifiers".
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.lang.text import LanguageError
from awsmon.logs.policy_errors import InvalidPolicy
from awsmon.logs.policy_json import json_object, only

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.logs.service import Logs

__all__ = [
    "PROTECTED",
    "Destinations",
    "ProtectionPolicy",
    "check_destination",
    "read_protection",
]

PROTECTED = ("STANDARD", "INFREQUENT_ACCESS", "ESSENTIALS")
"""Log classes whose groups can be protected."""
VERSION = "2021-06-01"
LONGEST = 30_720  # characters of a document
MOST_CUSTOM, LONGEST_NAME, LONGEST_REGEX = 10, 128, 200
_MEMBERS = ("Name", "Description", "Version", "Configuration", "Statement")
_MANAGED = re.compile(r"arn:aws[a-z-]*:dataprotection::aws:data-identifier/(.+)")
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_DESTINATIONS = {"CloudWatchLogs": "LogGroup", "Firehose": "DeliveryStream", "S3": "Bucket"}


class Destinations(NamedTuple):
    """Where findings go, by name; all may be None."""

    log_group: str | None = None
    delivery_stream: str | None = None
    bucket: str | None = None


class ProtectionPolicy(NamedTuple):
    """What a document says.

    Attributes:
        managed: names of managed data identifiers.
        custom: names and regular expressions of custom ones.
    """

    name: str
    managed: tuple[str, ...]
    custom: tuple[tuple[str, str], ...]
    destinations: Destinations


@functools.lru_cache(maxsize=64)
def read_protection(document: str) -> ProtectionPolicy:
    """What a document says.

    Raises:
        InvalidParameterException: it isn't a data protection policy.
        NotImplementedByAwsmon: it looks for what cannot be found here.
    """
    if len(document) > LONGEST:
        raise InvalidPolicy.length("policyDocument", LONGEST)
    found = json_object(document, _MEMBERS)
    if found.get("Version") != VERSION:
        raise InvalidPolicy.document(f"Version must be {VERSION}.")
    name = found.get("Name", "")
    if not isinstance(name, str) or not isinstance(found.get("Description", ""), str):
        raise InvalidPolicy.document("Name and Description must be text.")
    custom = _custom(found.get("Configuration", {}))
    wanted, destinations = _statements(found.get("Statement"))
    managed, own = _identifiers(wanted, custom)
    return ProtectionPolicy(name, managed, own, destinations)


def check_destination(logs: Logs, policy: ProtectionPolicy) -> None:
    """See that the log group is there to which findings go.

    Raises:
        ResourceNotFoundException: it isn't.
    """
    if policy.destinations.log_group is not None:
        logs[policy.destinations.log_group]


# -- statements ------------------------------------------------------------------------------------


def _statements(found: Any) -> tuple[list[str], Destinations]:
    """The identifiers, which both statements name, and where findings go."""
    if not isinstance(found, list) or len(found) != len(("audit", "deidentify")):
        raise InvalidPolicy.document("Statement must be an array of two.")
    by_operation: dict[str, tuple[list[str], Any]] = {}
    for each in found:
        statement = only(each, ("Sid", "DataIdentifier", "Operation"), "a statement")
        identifiers = statement.get("DataIdentifier")
        if not _is_texts(identifiers) or len(set(identifiers)) < len(identifiers):
            raise InvalidPolicy.document("DataIdentifier must be an array of different names.")
        operation = only(statement.get("Operation"), ("Audit", "Deidentify"), "Operation")
        for name, settings in operation.items():
            by_operation[name] = identifiers, settings
    if set(by_operation) != {"Audit", "Deidentify"}:
        raise InvalidPolicy.document(
            "one statement must have the operation Audit, the other Deidentify."
        )
    (audited, audit), (masked, deidentify) = by_operation["Audit"], by_operation["Deidentify"]
    if sorted(audited) != sorted(masked):
        raise InvalidPolicy.document("both statements must have the same DataIdentifier.")
    if deidentify != {"MaskConfig": {}}:
        raise InvalidPolicy.document("Deidentify must be an empty MaskConfig.")
    return audited, _destinations(audit)


def _is_texts(found: Any) -> TypeGuard[list[str]]:
    return isinstance(found, list) and bool(found) and all(isinstance(each, str) for each in found)


def _destinations(audit: Any) -> Destinations:
    given = only(audit, ("FindingsDestination",), "Audit").get("FindingsDestination")
    found = only(given, _DESTINATIONS, "FindingsDestination")
    names = []
    for kind, member in _DESTINATIONS.items():
        name = only(found[kind], (member,), kind).get(member) if kind in found else None
        if kind in found and (not isinstance(name, str) or not name):
            raise InvalidPolicy.document(f"{kind} must name its {member}.")
        names.append(name)
    return Destinations(*names)


# -- identifiers -----------------------------------------------------------------------------------


def _identifiers(
    wanted: Sequence[str], custom: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    from awsmon.logs.data_identifiers.table import IDENTIFIERS, UNDETECTABLE

    managed, own = [], []
    for each in wanted:
        arn = _MANAGED.fullmatch(each)
        name = arn[1] if arn else each
        if arn and name in UNDETECTABLE:
            raise NotImplementedByAwsmon(
                f"logs.PutDataProtectionPolicy: data identifier {name}: awsmon knows no form by "
                "which to find it"
            )
        if arn and name in IDENTIFIERS:
            managed.append(name)
        elif not arn and name in custom:
            own.append((name, custom[name]))
        else:
            raise InvalidPolicy.document(f"{each} is not a data identifier.")
    return tuple(managed), tuple(own)


def _custom(configuration: Any) -> dict[str, str]:
    found = only(configuration, ("CustomDataIdentifier",), "Configuration")
    listed = found.get("CustomDataIdentifier", [])
    if not isinstance(listed, list) or len(listed) > MOST_CUSTOM:
        raise InvalidPolicy.document(
            f"CustomDataIdentifier must be an array of at most {MOST_CUSTOM}."
        )
    custom: dict[str, str] = {}
    for each in listed:
        given = only(each, ("Name", "Regex"), "a custom data identifier")
        name, regex = given.get("Name"), given.get("Regex")
        if not isinstance(name, str) or not isinstance(regex, str):
            raise InvalidPolicy.document("a custom data identifier must have a Name and a Regex.")
        _check_custom(name, regex)
        if name in custom:
            raise InvalidPolicy.document(f"there are two custom data identifiers {name}.")
        custom[name] = regex
    return custom


def _check_custom(name: str, regex: str) -> None:
    from awsmon.logs.data_identifiers.custom import CustomPattern
    from awsmon.logs.data_identifiers.table import IDENTIFIERS, UNDETECTABLE

    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise InvalidPolicy.document(
            f"the name of a custom data identifier is made of at most {LONGEST_NAME} letters, "
            "digits, _ and -."
        )
    if name in IDENTIFIERS or name in UNDETECTABLE:
        raise InvalidPolicy.document(f"{name} is the name of a managed data identifier.")
    if not 1 <= len(regex) <= LONGEST_REGEX:
        raise InvalidPolicy.document(
            f"the Regex of {name} must have 1 to {LONGEST_REGEX} characters."
        )
    try:
        CustomPattern(regex)
    except LanguageError as error:
        raise InvalidPolicy.document(f"the Regex of {name}: {error.message}.") from None
