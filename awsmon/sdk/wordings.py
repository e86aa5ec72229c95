"""The words and codes in which each service refuses a request that breaks its model.

Lives here: `Violation`, what one broken constraint is, and `refusal`, the error that a service
answers for some. Which constraints there are, and whether they hold, is `validation.py`'s.

Most services share a front door, and with it the form ``1 validation error detected: Value 'X' at
'path' failed to satisfy constraint: ...``. Where one is known to differ, a row of a table says so
with its source; "unverified" marks what no answer of AWS was seen for.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, cast

from awsmon.core.errors import AwsError

if TYPE_CHECKING:
    from botocore.model import OperationModel

__all__ = ["Constraint", "Key", "Violation", "of_members", "one_of", "pattern", "refusal", "sizes"]

Kind = Literal[
    "required", "min_length", "max_length", "min_value", "max_value", "pattern", "enum", "union"
]


class Key(str):
    """The step into a map, as against the name of a member."""

    __slots__ = ()


Shape: TypeAlias = Any  # botocore's: which class it is, its `type_name` says
Path: TypeAlias = "tuple[str | int, ...]"
"""From the request inwards: members by AWS's names, positions in lists from 1, `Key` in maps."""


class Violation(NamedTuple):
    """One constraint, broken by one value."""

    path: Path
    value: Any
    kind: Kind
    words: str
    shape: Shape


class Constraint(NamedTuple):
    """What a shape states of its values; a value of another type than the shape's holds."""

    kind: Kind
    words: str
    holds: Callable[[Any], bool]


NUMBERS = frozenset({"integer", "long", "float", "double"})
NOT_NULL = "Member must not be null"
ONE_MEMBER = "Member must have exactly one member set"  # unverified


def of_members(subject: str, words: Sequence[str]) -> str:
    """What texts and numbers in a list or map must keep to, as it is told of the list or map.

    Source: Lambda's answer for ``cors.allowMethods`` (2025), CodePipeline's for a map's values; a
    map's keys as floci and others pin them.
    """
    return f"{subject} must satisfy constraint: [{', '.join([*words, NOT_NULL])}]"


def sizes(shape: Shape) -> list[Constraint]:
    """The greatest size first, as AWS tells them where it tells all."""
    least = _size(shape, "min", "greater", operator.ge)
    return [each for each in (_size(shape, "max", "less", operator.le), least) if each is not None]


def _size(
    shape: Shape, bound: str, words: str, keeps: Callable[[Any, Any], bool]
) -> Constraint | None:
    limit = shape.metadata.get(bound)
    if limit is None:
        return None
    size, measure = ("value", _number) if shape.type_name in NUMBERS else ("length", _length)
    return Constraint(
        cast("Kind", f"{bound}_{size}"),
        f"Member must have {size} {words} than or equal to {limit}",
        lambda value: (of := measure(value)) is None or keeps(of, limit),
    )


def _number(value: Any) -> Any:
    return value if isinstance(value, Real) else None


def _length(value: Any) -> int | None:
    sized = isinstance(value, (str, bytes, bytearray, list, tuple, Mapping))
    return len(value) if sized else None


def pattern(pattern: str) -> str:
    """As the model writes the pattern, anchors and all."""
    return f"Member must satisfy regular expression pattern: {pattern}"


def one_of(shape: Shape) -> Constraint:
    """A string's enum."""
    words = f"Member must satisfy enum value set: [{', '.join(_enum_order(shape))}]"
    allowed = frozenset(shape.enum)
    return Constraint("enum", words, lambda value: not isinstance(value, str) or value in allowed)


_ENUM_ORDERS = {
    # shape -> the order in which AWS lists its values; otherwise the model's
    # LocalStack's snapshots (recorded answers), SetAlarmState
    "StateValue": ("INSUFFICIENT_DATA", "ALARM", "OK"),
    # moto, logs.PutDeliveryDestination, after an answer of AWS
    "OutputFormat": ("w3c", "raw", "json", "plain", "parquet"),
    # moto, config.PutConfigurationRecorder
    "RecordingStrategyType": (
        "INCLUSION_BY_RESOURCE_TYPES",
        "ALL_SUPPORTED_RESOURCE_TYPES",
        "EXCLUSION_BY_RESOURCE_TYPES",
    ),
}


def _enum_order(shape: Shape) -> Sequence[str]:
    values: Sequence[str] = shape.enum
    known = _ENUM_ORDERS.get(shape.name, ())
    return known if set(known) == set(values) else values


# --- codes ----------------------------------------------------------------------------------------


@functools.cache
def _error(code: str) -> type[AwsError]:
    return type(code, (AwsError,), {"__doc__": f"{code}, by the front door.", "code": code})


def _raised(code: str, message: str) -> AwsError:
    return _error(code)(message)


_CODES: dict[str, tuple[str, ...]] = {
    # client -> its codes: the first that the operation's model names, else the very first
    "cloudwatch": ("ValidationError",),  # recorded (LocalStack, 2025)
    # recorded: InvalidParameterException (LocalStack, 2026), and ValidationException for deliveries
    "logs": ("InvalidParameterException", "ValidationException"),
    "events": ("ValidationException",),  # recorded (LocalStack); in no model
    "schemas": ("BadRequestException",),  # the model; unverified
    "scheduler": ("ValidationException",),  # webiny-js pull request 5445 quotes an answer
    "pipes": ("ValidationException",),  # the model; words unverified
    "cloudtrail": ("InvalidParameterException",),  # the model; unverified where it isn't named
    "config": ("ValidationException",),  # moto, after answers of AWS
    "application-insights": ("ValidationException",),  # the model; words unverified
    "oam": ("InvalidParameterException", "ValidationException"),  # the model; unverified
    "observabilityadmin": ("ValidationException",),  # the model; unverified
}

_MEMBER_CODES: dict[str, dict[str, str]] = {
    # client -> member, at the top or as a whole path -> code, where the operation's model names it
    "cloudtrail": {
        # All: what the model's documentation says that the error is for; words unverified
        "AdvancedEventSelectors": "InvalidEventSelectorsException",
        "Channel": "ChannelARNInvalidException",
        "EventCategory": "InvalidEventCategoryException",
        "EventDataStore": "EventDataStoreARNInvalidException",
        "EventSelectors": "InvalidEventSelectorsException",
        "ImportSource": "InvalidImportSourceException",
        "InsightSelectors": "InvalidInsightSelectorsException",
        "KmsKeyId": "InvalidKmsKeyIdException",
        "LookupAttributes": "InvalidLookupAttributesException",
        "MaxResults": "InvalidMaxResultsException",
        "MaxQueryResults": "InvalidMaxResultsException",
        "NextToken": "InvalidNextTokenException",
        "QueryStatement": "InvalidQueryStatementException",
        "ResourcePolicy": "ResourcePolicyNotValidException",
        "Source": "InvalidSourceException",
        "TagsList": "InvalidTagParameterException",
    },
}

_UNNAMED_CODES = {
    # A code that no model names, of one member of a client. Source: moto, whose author ran AWS
    ("config", "DeliveryChannel.configSnapshotDeliveryProperties.deliveryFrequency"):
        "InvalidDeliveryFrequency",
}  # fmt: skip


def _code(model: OperationModel, violation: Violation) -> str:
    service = model.service_model.service_name
    member = _member(violation.path)
    if (service, member) in _UNNAMED_CODES:
        return _UNNAMED_CODES[service, member]
    named = {shape.name for shape in model.error_shapes}
    codes = _MEMBER_CODES.get(service, {})
    code = codes.get(member) or codes.get(str(violation.path[0]) if violation.path else "")
    if code is not None and code in named:
        return code
    general = _CODES.get(service, ("ValidationException",))
    return next((each for each in general if each in named), general[0])


# --- words ----------------------------------------------------------------------------------------

_PATTERN_FIRST = frozenset({"scheduler"})
"""Clients that tell of a pattern before a length (webiny-js 5445); events tells the length first
(serverless-artillery pull request 148)."""


def refusal(model: OperationModel, violations: Sequence[Violation]) -> AwsError:
    """What a service answers for these, one or more."""
    service = model.service_model.service_name
    for violation in violations:
        known = _KNOWN.get((service, model.name, _member(violation.path), violation.kind))
        if known is not None:
            return known(violation)
    if (service, model.name) in _QUERY_STYLE:
        return _in_query_style(violations)
    if service in _PATTERN_FIRST:
        violations = _patterns_first(violations)
    texts = [_sentence(violation) for violation in violations]
    several = "" if len(texts) == 1 else "s"
    message = f"{len(texts)} validation error{several} detected: {'; '.join(texts)}"
    return _raised(_code(model, violations[0]), message)


def _sentence(violation: Violation) -> str:
    path, value = _camel_path(violation.path), violation.value
    at = f"at '{path}' failed to satisfy constraint: {violation.words}"
    if value is None:
        return f"Value null {at}"
    if violation.shape.metadata.get("sensitive"):
        return f"Value {at}"  # Cognito's answers about passwords; here unverified
    return f"Value '{_printed(violation.shape, value)}' {at}"


def _patterns_first(violations: Sequence[Violation]) -> list[Violation]:
    order: dict[Path, int] = {}
    for violation in violations:
        order.setdefault(violation.path, len(order))
    return sorted(violations, key=lambda each: (order[each.path], each.kind != "pattern"))


def _member(path: Path) -> str:
    """A path without positions and keys."""
    return ".".join(step for step in path if isinstance(step, str) and not isinstance(step, Key))


def _camel_path(path: Path) -> str:
    """As in ``logEvents.1.member.message`` and ``targets.1.member.id``, both recorded.

    A key stands like a position, as in DynamoDB's answers.
    """
    steps = []
    for step in path:
        if isinstance(step, (int, Key)):
            steps += [str(step), "member"]
        else:
            steps.append(_lower(step))
    return ".".join(steps)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


# --- values, as Java prints them ------------------------------------------------------------------

_MEMBERS_UNSEEN = {
    # Members that AWS's own models have and botocore's lack. Source: LocalStack, PutEvents (2024)
    "PutEventsRequestEntry": ("kmsKeyIdentifier", "internalMetadata"),
}


_MEMBER_ORDERS = {
    # Orders that differ from the model's. Source: LocalStack's snapshots, PutMetricFilter (2026)
    "MetricTransformation": ["metricName", "metricNamespace", "metricValue", "defaultValue", "unit"]
}


def _printed(shape: Shape, value: Any) -> str:
    """``[PutEventsRequestEntry(time=null, source=a, ...)]``: recorded for PutEvents."""
    if value is None:
        return "null"
    if shape is not None and shape.metadata.get("sensitive"):
        return "*** Sensitive Data Redacted ***"
    kind = shape.type_name if shape is not None else None
    if kind == "structure" and isinstance(value, Mapping):
        return _printed_structure(shape, value)
    if isinstance(value, Mapping):
        inner = shape.value if kind == "map" and shape is not None else None
        return f"{{{_joined(f'{key}={_printed(inner, each)}' for key, each in value.items())}}}"
    if isinstance(value, (list, tuple)):
        inner = shape.member if kind == "list" and shape is not None else None
        return f"[{_joined(_printed(inner, each) for each in value)}]"
    return _printed_scalar(value)


def _printed_structure(shape: Any, value: Mapping[str, Any]) -> str:
    names = dict.fromkeys([*_MEMBER_ORDERS.get(shape.name, ()), *shape.members])
    members = [f"{_lower(name)}={_printed(shape.members[name], value.get(name))}" for name in names]
    unseen = [f"{name}=null" for name in _MEMBERS_UNSEEN.get(shape.name, ())]
    return f"{shape.name}({_joined(members + unseen)})"


def _printed_scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray)):
        return f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)
        return aware.astimezone(timezone.utc).strftime("%a %b %d %H:%M:%S UTC %Y")
    return str(getattr(value, "value", value)) if isinstance(value, str) else str(value)


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


# --- rows for single members and operations -------------------------------------------------------

_QUERY_STYLE = frozenset(
    {
        # Operations whose front door speaks of parameters as the query protocol writes them
        ("cloudwatch", "PutMetricData"),  # see `_in_query_style`
        ("cloudwatch", "GetMetricStatistics"),  # its other words are of this family; unverified
    }
)


def _in_query_style(violations: Sequence[Violation]) -> AwsError:
    """One line for each violation; what is missing, or empty, before all else.

    Sources: "is required", in lines, collectd-cloudwatch pull request 46; "must be shorter than",
    amazon-cloudwatch-agent issue 240; "must not have a size greater than", an answer to the Java
    SDK's metric publisher. "must be a value in the set" and "is invalid": unverified.
    """
    missing = [each for each in violations if each.kind in ("required", "min_length")]
    code = "MissingParameter" if missing else "InvalidParameterValue"
    return _raised(code, "\n".join(_query_sentence(each) for each in missing or violations))


def _query_sentence(violation: Violation) -> str:
    shape, path = violation.shape, _query_path(violation.path)
    match violation.kind:
        case "required" | "min_length":
            return f"The parameter {path} is required."
        case "max_length" if shape.type_name == "list":
            return f"The collection {path} must not have a size greater than {_most(shape)}."
        case "max_length":
            return f"The parameter {path} must be shorter than {_most(shape) + 1} characters."
        case "enum":
            values = (shape.member if shape.type_name == "list" else shape).enum
            return f"The parameter {path} must be a value in the set [ {', '.join(values)} ]."
    return f"The value {_printed(shape, violation.value)} for parameter {path} is invalid."


def _most(shape: Any) -> int:
    stated = shape.metadata if "max" in shape.metadata else shape.member.metadata
    return int(stated["max"])


def _query_path(path: Path) -> str:
    return ".".join(f"member.{step}" if isinstance(step, int) else step for step in path)


def _max_results(violation: Violation) -> AwsError:
    """As ctyun's copy of CloudTrail documents it; unverified."""
    least, most = (violation.shape.metadata[bound] for bound in ("min", "max"))
    return _raised(
        "InvalidMaxResultsException",
        f"A max results value of {violation.value} is invalid. "
        f"Specify max results between {least} and {most}.",
    )


def _log_name_length(violation: Violation) -> AwsError:
    """Recorded 2026-02-03 (LocalStack) for CreateLogGroup; it speaks of streams itself."""
    return _raised(
        "InvalidParameterException",
        "Invalid LogGroup or LogStream, both must have length less than or equal to "
        f"{_most(violation.shape)}.",
    )


_KNOWN: dict[tuple[str, str, str, Kind], Callable[[Violation], AwsError]] = {
    # client, operation, member, constraint -> the whole answer
    ("cloudtrail", "LookupEvents", "MaxResults", "min_value"): _max_results,
    ("cloudtrail", "LookupEvents", "MaxResults", "max_value"): _max_results,
    ("logs", "CreateLogGroup", "logGroupName", "max_length"): _log_name_length,
    ("logs", "CreateLogStream", "logStreamName", "max_length"): _log_name_length,
}
