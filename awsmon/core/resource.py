"""Resources: declared once, for Python and for AWS.

Lives here: `Resource` and `aws`. A field's AWS name is made of its own by rule (`alarm_name` is
`AlarmName`, or `alarmName` where the class says `aws_lower_camel`); only exceptions are written:
`field(metadata=aws("OKActions"))`, and `aws(None)` for what is ours alone.
"""

from __future__ import annotations

import copy
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

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
        members = _members(type(self))
        values = zip(members.names, members.of(self), strict=True)
        return {name: value for name, value in values if value is not None}

    @classmethod
    def from_aws(cls: type[R], request: Mapping[str, Any], **more: Any) -> R:
        """A resource from a request's members of the same names; *more* are fields by their own.

        Members that are no fields are left aside; nested values are copied.
        """
        found = {
            attribute: copy.deepcopy(request[member])
            for attribute, member in _members(cls).pairs
            if request.get(member) is not None
        }
        return cls(**{**found, **more})


class _Members(NamedTuple):
    """The fields that AWS sees: with their AWS names, these alone, and the values of a resource."""

    pairs: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    of: Callable[[Any], tuple[Any, ...]]


_known: dict[type[Resource], _Members] = {}


def _members(cls: type[Resource]) -> _Members:
    """Worked out once for each class."""
    found = _known.get(cls)
    if found is None:
        pairs = tuple(_pairs(cls))
        attributes, names = zip(*pairs, strict=True)
        found = _known[cls] = _Members(pairs, names, attrgetter(*attributes))
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
