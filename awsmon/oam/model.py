"""What sinks and links are.

Lives here: `Sink` and `Link`, and what a link shares (`core.neighbours.Linked`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.core.arns import Arn
from awsmon.core.neighbours import Linked
from awsmon.core.resource import Resource, aws
from awsmon.core.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Configuration = Mapping[str, Mapping[str, str]]

__all__ = ["FILTERED", "Link", "Sink"]

FILTERED = {
    "AWS::Logs::LogGroup": ("LogGroupConfiguration", "LogGroupName"),
    "AWS::CloudWatch::Metric": ("MetricConfiguration", "Namespace"),
}
"""Resource type to the member that holds its filter, and to what the filter speaks of."""


@dataclass(kw_only=True, slots=True, eq=False)
class Link(Resource):
    """A link as GetLink shows it; it belongs to the source account.

    Attributes:
        link_configuration: the filters; None where all is shared.
    """

    aws_shape: ClassVar[str] = "oam.GetLinkOutput"

    arn: str
    id: str
    label: str
    label_template: str
    resource_types: list[str]
    link_configuration: Configuration | None = None
    sink_arn: str

    def shared(self, resource_type: str) -> Linked | None:
        """What it shares of that type; None: nothing."""
        if resource_type not in self.resource_types:
            return None
        arn = Arn.parse(self.arn)
        return Linked(
            Scope(arn.account, arn.region), self.label, self.arn, self._filter(resource_type)
        )

    def _filter(self, resource_type: str) -> Callable[[str], bool]:
        member, subject = FILTERED.get(resource_type, ("", ""))
        configuration = (self.link_configuration or {}).get(member)
        if configuration is None:
            return _all
        from awsmon.lang.oam_filter.compiler import compile_filter

        return compile_filter(configuration["Filter"], subject)


def _all(_: str) -> bool:
    return True


@dataclass(kw_only=True, slots=True, eq=False)
class Sink(Resource):
    """A sink as GetSink shows it; it belongs to the monitoring account.

    Attributes:
        links: those attached to it, by ARN.
    """

    aws_shape: ClassVar[str] = "oam.GetSinkOutput"

    arn: str
    id: str
    name: str
    policy: str | None = field(default=None, metadata=aws(None))
    links: dict[str, Link] = field(default_factory=dict, metadata=aws(None))
