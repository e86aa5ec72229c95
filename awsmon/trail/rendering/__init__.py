"""Parameters and answers as CloudTrail writes them.

Lives here: `asked` and `answered`. The usual form is in `plain`; EC2, S3 and DynamoDB have forms of
their own; `known` has what is hidden, left out and filled in.
Source: records in the CloudTrail User Guide, in the services' guides ("Logging API calls with
CloudTrail") and in public corpora: tests/trail/samples names one for each operation.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from awsmon.trail.rendering import dynamodb, ec2, s3
from awsmon.trail.rendering.known import (
    HIDDEN,
    OF_OPERATION,
    ONLY,
    UNANSWERED,
    UNASKED,
    instead,
)
from awsmon.trail.rendering.plain import Form, members, spelled, spelled_with_comma

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from awsmon.core.outlines import Outlines

__all__ = ["HIDDEN", "answered", "asked"]


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


_TIMES: dict[str, Callable[[datetime], Any]] = {
    "ec2": _milliseconds, "eks": datetime.timestamp, "kms": spelled_with_comma,
    "sts": spelled_with_comma,
}  # fmt: skip


@cache
def _form(service: str) -> Form:
    return Form(instead(service), _TIMES.get(service, spelled))


def _no_keys(table: str) -> Sequence[str]:
    del table
    return ()


def asked(
    service: str, operation: str, outlines: Outlines, value: Mapping[str, Any],
    keys: Callable[[str], Sequence[str]] = _no_keys,
) -> Any:  # fmt: skip
    """The request parameters; None where there are none.

    Args:
        service: the boto3 client.
        operation: as ``RunInstances``.
        outlines: what the service's model says of the operation.
        value: as the SDK took them.
        keys: the names of a DynamoDB table's key attributes, none where they aren't known.
    """
    form, outline = _form(service), outlines.request
    hidden = OF_OPERATION.get((service, operation), {})
    shown: dict[str, Any] = {
        name: hidden.get(name, inner)
        for name, inner in {**UNASKED.get((service, operation), {}), **value}.items()
        if hidden.get(name, inner) is not None
    }
    if (service, operation) in ONLY:
        shown = {name: shown[name] for name in ONLY[service, operation] if name in shown}
    if service == "s3":
        return s3.asked(shown, outline, outlines.uri, form)
    if service == "ec2":
        return ec2.asked(operation, shown, outline, form) or None
    if service == "dynamodb":
        shown = dynamodb.asked(shown, keys)
    if service == "cloudformation" and "Parameters" in shown:
        shown["Parameters"] = [
            {"ParameterKey": each["ParameterKey"]} for each in shown["Parameters"]
        ]
    return members(shown, outline, form) or None


def answered(
    service: str, operation: str, outlines: Outlines, value: Mapping[str, Any], request_id: str = ""
) -> Any:
    """The response elements; None where there are none.

    Args:
        service: the boto3 client.
        operation: as ``RunInstances``.
        outlines: what the service's model says of the operation.
        value: as the SDK gave it.
        request_id: which EC2 repeats there.
    """
    if (service, operation) in UNANSWERED:
        return None
    form, outline = _form(service), outlines.answer
    if service == "s3":
        return s3.answered(value, outline)
    if service == "ec2":
        return ec2.answered(operation, value, outline, form, request_id)
    found = members(value, outline, form)
    if service == "rds" and len(found) == 1:  # what was made, without its wrapper
        (inner,) = found.values()
        return inner
    return found or None
