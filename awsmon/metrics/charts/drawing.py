"""From a widget and its series to a picture.

Lives here: `picture` and its parts, and `Drawn`, a series with its looks. The views are
`views.py`'s, `numbers.py`'s, `tables.py`'s and `states.py`'s. The same series give the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.metrics.charts.widget import Widget

__all__ = ["COLORS", "Drawn", "Theme", "canvas", "draw", "picture", "png"]

COLORS = (
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f",
    "#bcbd22", "#17becf",
)  # fmt: skip
DOTS = 100  # per inch


@dataclass(frozen=True, slots=True)
class Drawn:
    """A series.

    Attributes:
        points: instants in seconds since the epoch to values, oldest first.
        band: of the bounds of an anomaly detection band: which series of the expression it is.
    """

    id: str
    label: str
    color: str
    right: bool
    period: int
    points: Mapping[int, float]
    unit: str = ""
    band: int | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of a picture."""

    ground: str
    text: str
    faint: str

    @classmethod
    def of(cls, *, dark: bool) -> Theme:
        """Light, or dark."""
        if dark:
            return cls("#16191f", "#d5dbdb", "#3b424b")
        return cls("#ffffff", "#16191f", "#dfe3e6")


def picture(widget: Widget, series: Sequence[Drawn]) -> bytes:
    """A PNG.

    Raises:
        MisuseError: the extra ``charts`` isn't installed.
    """
    theme = Theme.of(dark=widget.dark)
    figure = canvas(widget.width, widget.height, theme.ground)
    draw(figure, widget, series, theme)
    return png(figure)


def canvas(width: int, height: int, ground: str) -> Any:
    """What is drawn on, so many pixels wide and high.

    Raises:
        MisuseError: the extra ``charts`` isn't installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise MisuseError(
            "Pictures of widgets need matplotlib: install the extra 'charts' "
            "(pip install 'awsmon[charts]')."
        ) from None
    figure: Any = Figure(figsize=(width / DOTS, height / DOTS), dpi=DOTS, facecolor=ground)
    FigureCanvasAgg(figure)
    return figure


def draw(figure: Any, widget: Widget, series: Sequence[Drawn], theme: Theme) -> None:
    """Draw on a figure, or on a part of one that is as large as the widget."""
    from awsmon.metrics.charts.numbers import NUMBERS
    from awsmon.metrics.charts.states import draw_states
    from awsmon.metrics.charts.tables import draw_table
    from awsmon.metrics.charts.views import draw_series

    if widget.title:
        figure.suptitle(
            widget.title, x=0.02, y=1 - 8 / widget.height, ha="left", va="top", fontsize=10,
            fontweight="bold", color=theme.text,
        )  # fmt: skip
    views = {**NUMBERS, "states": draw_states, "table": draw_table}
    views.get(widget.view, draw_series)(figure, widget, series, theme)


def png(figure: Any) -> bytes:
    """Its bytes, the same for the same drawing."""
    file = io.BytesIO()
    figure.savefig(
        file, format="png", dpi=DOTS, facecolor=figure.get_facecolor(), metadata={"Software": None}
    )
    return file.getvalue()
