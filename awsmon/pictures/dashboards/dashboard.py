"""A dashboard for people: `DashboardView`, which writes it as a page or a picture.

Lives here: that, and `DashboardOptions`.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from awsmon.core.clock import aware
from awsmon.core.errors import MisuseError
from awsmon.metrics.charts.widget import instant_of
from awsmon.metrics.dashboards import global_metrics
from awsmon.pictures.dashboards.body import Body, Placed, read_body
from awsmon.pictures.dashboards.contents import Content, Range, contents
from awsmon.pictures.dashboards.writing import dashboard_page

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from datetime import datetime

    from typing_extensions import Unpack

    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope

__all__ = ["DashboardOptions", "DashboardView"]

_SHOWN = timedelta(hours=3)


class DashboardOptions(TypedDict, total=False):
    """How a dashboard is seen.

    Attributes:
        start: of the time that it shows; None: what its body says, else three hours before *end*.
        end: None: what its body says, else now.
        variables: values of its variables by their Ids; others have their default.
    """

    start: datetime | str | None
    end: datetime | str | None
    variables: Mapping[str, str] | None


class DashboardView:
    """A dashboard as PutDashboard made it, seen now; get it from `Monitoring.dashboard`.

    Args:
        backend: of the session.
        home: the account that it belongs to; widgets that name no region are of this one.
        name: of the dashboard.
        **options: those of `DashboardOptions`.

    Raises:
        ResourceNotFound: there is no dashboard of that name.
        MisuseError: *start* isn't before *end*, or a variable isn't there.
    """

    def __init__(
        self, backend: Backend, home: Scope, name: str, **options: Unpack[DashboardOptions]
    ) -> None:
        self.name = name
        self._backend = backend
        with backend.door:
            text = global_metrics(backend.at(home).metrics).dashboards[name].body
        self._body = read_body(text, options.get("variables") or {})
        self._range = _range(backend, home, self._body, options.get("start"), options.get("end"))

    def html(self, path: str | os.PathLike[str]) -> Path:
        """Write one self-contained HTML page; folders are made.

        Returns:
            Where it is.
        """
        text = dashboard_page(self.name, self._range, self._body.chosen, self._contents())
        return _write(path, text.encode("utf-8", "xmlcharrefreplace"))

    def png(self, path: str | os.PathLike[str], *, dark: bool = False) -> Path:
        """Write one picture of all widgets; folders are made.

        Raises:
            MisuseError: the extra ``charts`` isn't installed.
        """
        from awsmon.pictures.dashboards.png import dashboard_picture  # when somebody draws

        return _write(path, dashboard_picture(self._contents(dark=dark), dark=dark))

    def _contents(self, *, dark: bool = False) -> list[tuple[Placed, Content]]:
        with self._backend.door:
            return [(each, contents(each, self._range, dark=dark)) for each in self._body.widgets]


def _range(
    backend: Backend, home: Scope, body: Body, start: datetime | str | None,
    end: datetime | str | None,
) -> Range:  # fmt: skip
    """What is given counts more than what the body says."""
    now = backend.clock.now()
    until = aware(end, "end") if end is not None else instant_of(body.end or "P0D", now)
    if start is not None:
        since = aware(start, "start")
    else:
        since = instant_of(body.start, now) if body.start and end is None else until - _SHOWN
    if since >= until:
        raise MisuseError("dashboard: start must be before end.")
    return Range(backend, home, since, until)


def _write(path: str | os.PathLike[str], content: bytes) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file
