"""Resources: declared once, for Python and for AWS.

Lives here: `Resource` and `aws`. A field's AWS name is made of its own by rule (`alarm_name` is
`AlarmName`, or `alarmName` where the class says `aws_lower_camel`); only exceptions are written:
`field(metadata=aws("OKActions"))`, and `aws(None)` for what is ours alone.
"""

from __future__ import annotations

import copy
from dataclasses import fields
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Resource", "aws"]

R = TypeVar("R", bound="Resource")


def aws(name: str | None) -> dict[str, str | None]:
    """The AWS name of a field where the rule doesn't give it; None: AWS never sees it."""
    return {"aws": name}


class Resource:
    """A dataclass that knows its AWS shape.

    Attributes:
        aws_shape: the shape that `to_aws` fills, as ``cloudwatch.MetricAlarm``; a test holds every
            member against the botocore model.
        aws_lower_camel: members are written `logGroupName` instead of `LogGroupName`.
    """

    __slots__ = ()
    aws_shape: ClassVar[str]
    aws_lower_camel: ClassVar[bool] = False

    def to_aws(self) -> dict[str, Any]:
        """The members by their AWS names; those that are None are left out.

        The values are the resource's own: an answer is copied when it is shaped.
        """
        answer = {}
        for attribute, member in _members(type(self)):
            value = getattr(self, attribute)
            if value is not None:
                answer[member] = value.value if isinstance(value, Enum) else value
        return answer

    @classmethod
    def from_aws(cls: type[R], request: Mapping[str, Any], **more: Any) -> R:
        """A resource from a request's members of the same names; *more* are fields by their own.

        Members that are no fields are left aside; nested values are copied.
        """
        found = {
            attribute: copy.deepcopy(request[member])
            for attribute, member in _members(cls)
            if request.get(member) is not None
        }
        return cls(**{**found, **more})


_known: dict[type[Resource], tuple[tuple[str, str], ...]] = {}


def _members(cls: type[Resource]) -> tuple[tuple[str, str], ...]:
    """The fields that AWS sees, each with its AWS name; worked out once for each class."""
    found = _known.get(cls)
    if found is None:
        found = _known[cls] = tuple(_pairs(cls))
    return found


def _pairs(cls: Any) -> Iterator[tuple[str, str]]:
    for each in fields(cls):
        name = each.metadata.get("aws", "") if "aws" in each.metadata else ""
        if name is None:
            continue
        yield each.name, name or _camel(each.name, lower=cls.aws_lower_camel)


def _camel(name: str, *, lower: bool) -> str:
    words = name.split("_")
    return "".join(
        word if lower and position == 0 else word[:1].upper() + word[1:]
        for position, word in enumerate(words)
    )
