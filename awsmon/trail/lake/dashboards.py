"""Dashboards over event data stores: widgets, what their queries are given, and when they refresh.

Lives here: `LakeDashboard`, `LakeDashboards` and `filled`. A refresh starts the queries of all
widgets; a schedule counts from midnight, and from its time of day.
Source: API reference, CreateDashboard, StartDashboardRefresh, RefreshSchedule. What a scheduled
refresh means by ``$StartTime$`` and ``$Period$`` isn't documented: the day before, and hours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.clock import Call
from awsmon.core.errors import AwsError
from awsmon.core.resource import Resource, aws
from awsmon.trail.errors import ResourceNotFoundException
from awsmon.trail.lake.errors import InvalidQueryStatementException, QueryIdNotFoundException
from awsmon.trail.lake.highlights import highlights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsmon.core.clock import Timer
    from awsmon.trail.service import Trail

__all__ = ["LakeDashboard", "LakeDashboards", "filled"]

PARAMETERS = ("$StartTime$", "$EndTime$", "$Period$")


@dataclass(kw_only=True, slots=True, eq=False)
class LakeDashboard(Resource):
    """A dashboard as GetDashboard shows it."""

    aws_shape: ClassVar[str] = "cloudtrail.GetDashboardResponse"

    arn: str = field(metadata=aws("DashboardArn"))
    type: str = "CUSTOM"
    status: str = "CREATED"
    widgets: list[Any] = field(default_factory=list)
    refresh_schedule: dict[str, Any] | None = None
    created_timestamp: datetime
    updated_timestamp: datetime
    last_refresh_id: str | None = None
    last_refresh_failure_reason: str | None = None
    termination_protection_enabled: bool = False
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def name(self) -> str:
        """Unique in its account and region."""
        return self.arn.rpartition("/")[2]

    def next_refresh(self, now: datetime) -> datetime | None:
        """When its schedule is due; None: it has none, or it is turned off."""
        schedule = self.refresh_schedule
        if schedule is None or schedule.get("Status", "ENABLED") != "ENABLED":
            return None
        of = schedule["Frequency"]
        every = timedelta(**{of["Unit"].lower(): of["Value"]})
        at = time.fromisoformat(schedule["TimeOfDay"])
        at = at if every >= timedelta(days=1) else at.replace(hour=0)
        first = datetime.combine(now.date(), at, now.tzinfo)
        return first + ((now - first) // every + 1) * every


def filled(statement: str, values: Sequence[str]) -> str:
    """A widget's statement with a value in the place of each ``?``.

    Raises:
        InvalidQueryStatementException: there are more, or less.
    """
    parts = statement.split("?")
    if len(parts) != len(values) + 1:
        raise InvalidQueryStatementException.because(
            f"it has {len(parts) - 1} places for {len(values)} parameters"
        )
    return parts[0] + "".join(map("".join, zip(values, parts[1:], strict=True)))


class LakeDashboards:
    """The dashboards of one account and region: iterable, in order of name."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._dashboards: dict[str, LakeDashboard] = {}

    def __iter__(self) -> Iterator[LakeDashboard]:
        return iter(sorted(self._dashboards.values(), key=lambda each: each.name))

    def __getitem__(self, name: str) -> LakeDashboard:
        """The dashboard of that name or ARN.

        Raises:
            ResourceNotFoundException: there is none here.
        """
        found = self._dashboards.get(name.rpartition("/")[2])
        if found is None or name not in (found.name, found.arn):
            raise ResourceNotFoundException.named(name)
        return found

    def __contains__(self, name: str) -> bool:
        return name in self._dashboards

    def statement(self, alias: str, values: Sequence[str] = ()) -> str:
        """The statement of the widget of that alias.

        Raises:
            QueryIdNotFoundException: there is no such widget.
            InvalidQueryStatementException: it wants other parameters.
        """
        for each in self:
            for widget in each.widgets:
                if widget["QueryAlias"] == alias:
                    return filled(widget["QueryStatement"], values)
        raise QueryIdNotFoundException.of(alias)

    def put(self, dashboard: LakeDashboard) -> None:
        """A new one, or one whose schedule may have changed."""
        self._dashboards[dashboard.name] = dashboard
        self.choose(dashboard)
        self._schedule(dashboard)

    def choose(self, dashboard: LakeDashboard) -> None:
        """Whose widgets CloudTrail chooses gets those that go with the stores there are."""
        if dashboard.type == "MANAGED":
            dashboard.widgets = highlights(self._trail.stores)

    def delete(self, dashboard: LakeDashboard) -> None:
        """What its queries found stays."""
        self._trail.clock.cancel(dashboard.timer)
        del self._dashboards[dashboard.name]

    def usual(self) -> dict[str, str]:
        """What parameters mean where nobody says."""
        now = self._trail.clock.now()
        start = now - timedelta(days=1)
        values = f"{start:%Y-%m-%dT%H:%M:%S}", f"{now:%Y-%m-%dT%H:%M:%S}", "hour"
        return dict(zip(PARAMETERS, values, strict=True))

    def statements(self, widgets: Sequence[Any], values: Mapping[str, str]) -> list[str]:
        """The widgets' statements with the values of their parameters.

        Raises:
            InvalidQueryStatementException: a parameter is none of AWS's, or has no place.
        """
        known = {**self.usual(), **values}
        found = []
        for each in widgets:
            names = each.get("QueryParameters", ())
            unknown = set(names) - set(known)
            if unknown:
                raise InvalidQueryStatementException.because(f"{min(unknown)} isn't a parameter")
            found.append(filled(each["QueryStatement"], [known[name] for name in names]))
        return found

    def start(self, dashboard: LakeDashboard, values: Mapping[str, str]) -> str:
        """Refresh a dashboard.

        Returns:
            The refresh's id.
        """
        refresh = str(self._trail.ids.random.randrange(10**18, 10**19))
        statements = self.statements(dashboard.widgets, values)
        for widget, statement in zip(dashboard.widgets, statements, strict=True):
            self._trail.queries.start(statement, alias=widget["QueryAlias"], refresh_id=refresh)
        dashboard.last_refresh_id = refresh
        return refresh

    def refresh(self, name: str) -> None:
        """A timer's verb: the schedule is due."""
        dashboard = self._dashboards[name]
        dashboard.last_refresh_failure_reason = None
        self.choose(dashboard)
        try:
            self.start(dashboard, {})
        except AwsError as error:
            dashboard.last_refresh_failure_reason = error.message
        self._schedule(dashboard)

    def _schedule(self, dashboard: LakeDashboard) -> None:
        clock = self._trail.clock
        clock.cancel(dashboard.timer)
        due, dashboard.timer = dashboard.next_refresh(clock.now()), None
        if due is not None:
            call = Call("trail.dashboards", "refresh", dashboard.name)
            dashboard.timer = clock.set(due, call, scope=self._trail.scope, recurs=True)
