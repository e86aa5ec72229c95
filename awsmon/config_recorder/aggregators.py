"""Aggregators: other accounts and regions, read from one place.

Lives here: `Aggregators`, `Aggregator` and `Authorization`. An aggregator copies nothing: it reads
those places that let it, as they are.
Source: Config Developer Guide, "Multi-Account Multi-Region Data Aggregation".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.config_recorder.rules.errors import NoSuchConfigurationAggregatorException
from awsmon.core.resource import Resource, aws
from awsmon.core.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from awsmon.config_recorder.service import ConfigRecorder

__all__ = ["Aggregator", "Aggregators", "Authorization"]


@dataclass(kw_only=True, slots=True, eq=False)
class Aggregator(Resource):
    """An aggregator as DescribeConfigurationAggregators shows it.

    Attributes:
        members: accounts of the organization, where it aggregates one.
    """

    aws_shape: ClassVar[str] = "config.ConfigurationAggregator"

    configuration_aggregator_name: str
    configuration_aggregator_arn: str
    account_aggregation_sources: list[dict[str, Any]] = field(default_factory=list)
    organization_aggregation_source: dict[str, Any] | None = None
    creation_time: datetime
    last_updated_time: datetime
    created_by: str | None = None
    aggregator_filters: dict[str, Any] | None = None
    members: list[str] = field(default_factory=list, metadata=aws(None))

    def includes(self, kind: str) -> bool:
        """Whether resources of that type are read."""
        wanted = (self.aggregator_filters or {}).get("ResourceType", {}).get("Value")
        return not wanted or kind in wanted

    def asks(self, scope: Scope) -> bool:
        """Whether a place is among its sources."""
        sources: list[Any] = [*self.account_aggregation_sources]
        if self.organization_aggregation_source:
            sources.append({**self.organization_aggregation_source, "AccountIds": self.members})
        return any(
            scope.account in each["AccountIds"]
            and (each.get("AllAwsRegions") or scope.region in each.get("AwsRegions", ()))
            for each in sources
        )


@dataclass(kw_only=True, slots=True, eq=False)
class Authorization(Resource):
    """An account and region that may read here."""

    aws_shape: ClassVar[str] = "config.AggregationAuthorization"

    aggregation_authorization_arn: str
    authorized_account_id: str
    authorized_aws_region: str
    creation_time: datetime


class Aggregators:
    """What one account aggregates in one region, and whom it lets read.

    Attributes:
        by_name: aggregators.
        authorizations: by account and region of whoever may read here.
        refused: requests that were deleted.
    """

    def __init__(
        self, config: ConfigRecorder, places: Callable[[], Iterator[ConfigRecorder]]
    ) -> None:
        self._config = config
        self._places = places
        self.by_name: dict[str, Aggregator] = {}
        self.authorizations: dict[tuple[str, str], Authorization] = {}
        self.refused: set[tuple[str, str]] = set()

    def find(self, name: str) -> Aggregator:
        """The aggregator of that name.

        Raises:
            NoSuchConfigurationAggregatorException: there is none.
        """
        if name not in self.by_name:
            raise NoSuchConfigurationAggregatorException.any()
        return self.by_name[name]

    def lets(self, scope: Scope, aggregator: Aggregator) -> bool:
        """Whether an aggregator there may read here."""
        return (
            scope.account == self._config.scope.account
            or aggregator.organization_aggregation_source is not None
            or (scope.account, scope.region) in self.authorizations
        )

    def sources(self, aggregator: Aggregator) -> list[ConfigRecorder]:
        """The places that it reads, in order of account and region."""
        own = self._config.scope
        found = [each for each in self._places() if aggregator.asks(each.scope)
                 and each.aggregators.lets(own, aggregator)]  # fmt: skip
        return sorted(found, key=lambda each: (each.scope.account, each.scope.region))

    def status(self, aggregator: Aggregator) -> Iterator[tuple[Scope, bool]]:
        """Each account and region that it names, and whether it may read there."""
        own, here = self._config.scope, {each.scope: each for each in self._places()}
        wanted = {scope for scope in here if aggregator.asks(scope)}
        for source in aggregator.account_aggregation_sources:
            wanted |= {Scope(account, region) for account in source["AccountIds"]
                       for region in source.get("AwsRegions", ())}  # fmt: skip
        for scope in sorted(wanted, key=lambda each: (each.account, each.region)):
            place = here.get(scope)
            yield scope, (place.aggregators.lets(own, aggregator) if place
                          else scope.account == own.account)  # fmt: skip

    def pending(self) -> list[Scope]:
        """Those that want to read here and may not yet."""
        own = self._config.scope
        found = [
            place.scope for place in self._places()
            for aggregator in place.aggregators.by_name.values()
            if aggregator.asks(own) and not self.lets(place.scope, aggregator)
            and (place.scope.account, place.scope.region) not in self.refused
        ]  # fmt: skip
        return sorted(set(found), key=lambda each: (each.account, each.region))
