"""A dashboard as one PNG: each widget in its part of one figure, with the extra ``charts``.

Lives here: `dashboard_picture`. Charts are drawn as GetMetricWidgetImage draws them; the rest is
written.
"""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from awsmon.metrics.charts.drawing import Theme, canvas, draw, png
from awsmon.pictures.dashboards.body import COLUMNS
from awsmon.pictures.dashboards.contents import Chart, Notice, Prose, Rows, States
from awsmon.pictures.dashboards.markdown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from awsmon.pictures.dashboards.body import Placed
    from awsmon.pictures.dashboards.contents import Content

__all__ = ["dashboard_picture"]

WIDTH, ROW = 1440, 50
"""Pixels of the whole, and of one row of the grid."""
MOST_ROWS = 200
"""Of the grid."""
_FINE = 10
"""Parts of a cell; one at each side stays free."""
_LINE = 15
_SIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    "ALARM": ("▲", {"color": "#d9480f", "fontweight": "bold"}),
    "OK": ("●", {}),
}

Line = tuple[str, dict[str, Any]]


def dashboard_picture(widgets: Sequence[tuple[Placed, Content]], *, dark: bool) -> bytes:
    """The PNG.

    Raises:
        MisuseError: the extra ``charts`` isn't installed.
    """
    theme = Theme.of(dark=dark)
    rows = min(max((each.y + each.height for each, _ in widgets), default=1), MOST_ROWS)
    figure = canvas(WIDTH, rows * ROW, theme.faint)
    grid = figure.add_gridspec(rows * _FINE, COLUMNS * _FINE, wspace=0, hspace=0)
    for placed, content in widgets:
        if placed.y < rows:
            _draw(figure, grid, placed, content, theme)
    return png(figure)


def _draw(figure: Any, grid: Any, placed: Placed, content: Content, theme: Theme) -> None:
    """In its cells, less a gap around."""
    rows = slice(placed.y * _FINE + 1, (placed.y + placed.height) * _FINE - 1)
    columns = slice(placed.x * _FINE + 1, (placed.x + placed.width) * _FINE - 1)
    inner = figure.add_subfigure(grid[rows, columns], facecolor=theme.ground)
    width = (columns.stop - columns.start) * WIDTH // (COLUMNS * _FINE)
    height = (rows.stop - rows.start) * ROW // _FINE
    if isinstance(content, Chart):
        draw(inner, replace(content.widget, width=width, height=height), content.series, theme)
    else:
        _write(inner, list(_lines(content, width)), width, height, theme)


def _write(figure: Any, lines: Sequence[Line], width: int, height: int, theme: Theme) -> None:
    """From the top down, as much as there is room for."""
    room = (height - 16) // _LINE
    if len(lines) > room:
        lines = [*lines[: max(room - 1, 0)], (f"… {len(lines) - room + 1} lines more", {})]
    for number, (text, look) in enumerate(lines):
        y = 1 - (10 + _LINE * number) / height
        text = text.replace("$", r"\$")  # matplotlib's own mathematics
        figure.text(12 / width, y, text, va="top", **{"fontsize": 9, "color": theme.text, **look})


def _lines(content: Prose | Rows | States | Notice, width: int) -> Iterator[Line]:
    if isinstance(content, Prose):
        yield from _prose(content, width)
        return
    if content.title:
        yield content.title, {"fontweight": "bold", "fontsize": 10}
        yield "", {}
    if isinstance(content, Notice):
        yield from ((line, {}) for line in textwrap.wrap(content.why, width // 7))
    elif isinstance(content, States):
        for name, state, since in content.alarms:
            sign, look = _SIGNS.get(state, ("○", {}))
            told = f"{sign} {state.replace('_', ' ')}  {name}  since {since:%Y-%m-%d %H:%M}"
            yield textwrap.shorten(told, max(width // 7, 10), placeholder="…"), look
    elif isinstance(content, Rows):
        yield from _table([list(content.columns), *map(list, content.rows)], width)


def _prose(content: Prose, width: int) -> Iterator[Line]:
    for text, level in plain(content.markdown):
        look = {"fontweight": "bold", "fontsize": max(14 - 2 * level, 9)} if level else {}
        yield from ((line, look) for line in textwrap.wrap(text, width // 7) or [""])
        if level:
            yield "", {}


def _table(rows: list[list[str]], width: int) -> Iterator[Line]:
    """Columns as wide as their longest cell, within the room that there is."""
    most = max(width // 6 // max(len(rows[0]), 1), 8)
    wide = [min(max(len(row[n]) for row in rows), most) for n in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = (each.replace("\n", " ")[:size].ljust(size)
                 for each, size in zip(row, wide, strict=True))  # fmt: skip
        look = {"family": "monospace", "fontsize": 8}
        yield "  ".join(cells), look | ({} if number else {"fontweight": "bold"})
