"""From a widget and its series to a picture.

Lives here: `picture`, and `Drawn`, a series with its looks. The views are `views.py`'s,
`numbers.py`'s and `states.py`'s. The same series give the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.metrics.charts.widget import Widget

__all__ = ["COLORS", "Drawn", "Theme", "picture"]

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
    def of(cls, widget: Widget) -> Theme:
        """Light, or dark."""
        if widget.dark:
            return cls("#16191f", "#d5dbdb", "#3b424b")
        return cls("#ffffff", "#16191f", "#dfe3e6")


def picture(widget: Widget, series: Sequence[Drawn]) -> bytes:
    """A PNG.

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
    from awsmon.metrics.charts.numbers import NUMBERS
    from awsmon.metrics.charts.states import draw_states
    from awsmon.metrics.charts.views import draw_series

    theme = Theme.of(widget)
    figure: Any = Figure(
        figsize=(widget.width / DOTS, widget.height / DOTS), dpi=DOTS, facecolor=theme.ground
    )
    FigureCanvasAgg(figure)
    if widget.title:
        figure.suptitle(
            widget.title, x=0.02, y=1 - 8 / widget.height, ha="left", va="top", fontsize=10,
            fontweight="bold", color=theme.text,
        )  # fmt: skip
    views = {**NUMBERS, "states": draw_states}
    views.get(widget.view, draw_series)(figure, widget, series, theme)
    file = io.BytesIO()
    figure.savefig(
        file, format="png", dpi=DOTS, facecolor=theme.ground, metadata={"Software": None}
    )
    return file.getvalue()
