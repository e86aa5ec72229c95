"""The Resource Groups Tagging API in one account and region.

Lives here: `Tagging`. The tags themselves are kept in `core/tagging.py`, by whoever has the
resource. Where another mock serves this API, it answers, and asks awsmon for its part
(`sdk/moto_inside.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.arns import Arn
from awsmon.core.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Tagging"]


class Tagging(Service):
    """Every taggable resource of awsmon's here."""

    def find(
        self, tags: Mapping[str, Sequence[str]], types: Sequence[str], arns: Sequence[str]
    ) -> Iterator[tuple[str, dict[str, str]]]:
        """The tagged resources that fit, with their tags, in order of ARN.

        Args:
            tags: key to values, of which one must fit; no values: any. All keys must be there.
            types: as ``cloudwatch`` or ``cloudwatch:alarm``; none: all.
            arns: only these; none: all.
        """
        for arn in self.tags:
            has = self.tags.of(arn)
            if not has or (arns and arn not in arns):
                continue
            if types and not {kind(arn), kind(arn).partition(":")[0]}.intersection(types):
                continue
            if all(key in has and (not values or has[key] in values)
                   for key, values in tags.items()):  # fmt: skip
                yield arn, has


def kind(arn: str) -> str:
    """The type of a resource: ``cloudwatch:alarm``."""
    parts = Arn.parse(arn)
    return f"{parts.service}:{parts.resource.replace('/', ':').partition(':')[0]}"
