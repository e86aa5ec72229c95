"""Alarms: each over its metric with its states behind, why it is in its state, and what it did.

Lives here: `alarms`, the section.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.alarms.explain import CompositeExplanation, Explanation
from awsmon.core.clock import EPOCH
from awsmon.core.errors import AwsError
from awsmon.metrics.charts.reading import drawn
from awsmon.metrics.charts.widget import Item, Widget
from awsmon.pictures.charts import plotted
from awsmon.pictures.markup import Markup, joined, tag
from awsmon.pictures.plot import Rule, percent, times
from awsmon.pictures.report.parts import (
    chip,
    instant,
    kind_of,
    left_out,
    plural,
    row,
    section,
    table,
    to_trace,
)
from awsmon.pictures.scales import Span, instants, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsmon.core.neighbours import StateSpan
    from awsmon.pictures.plot import Plot
    from awsmon.pictures.report.session import Session, Story

__all__ = ["alarms"]

MOST_SENT = 20


def alarms(session: Session) -> Markup | None:
    """The section; None where there are none."""
    if not session.stories:
        return None
    fired = sum(each.fired for each in session.stories)
    told = plural(session.alarms, "alarm") + (f", {fired} went off" if fired else "")
    return section(
        "alarms", "Alarms", told,
        tag("div", *(_alarm(session, each) for each in session.stories), class_="alarms"),
        left_out(session.alarms - len(session.stories), "alarms are"),
    )  # fmt: skip


def _alarm(session: Session, story: Story) -> Markup:
    alarm, explanation = story.alarm, story.explanation
    last = story.changes[-1].number if story.changes else None
    links = joined([tag("a", "why", href=f"#{story.id}-why"), to_trace(session, last)])
    lead = tag(
        "div",
        tag("header", chip(alarm.state.value), tag("h3", alarm.name),
            tag("small", story.place.name) if story.place.name else None,
            tag("span", links, class_="links")),
        tag("p", alarm.description, class_="description") if alarm.description else None,
        tag("p", tag("code", _condition(explanation)), class_="condition"),
        _picture(story),
    )  # fmt: skip
    return tag("article", lead, _why(session, story), id=story.id, tabindex="-1",
               class_="firing" if story.firing else None)  # fmt: skip


def _condition(explanation: Explanation | CompositeExplanation) -> str:
    if isinstance(explanation, CompositeExplanation):
        return explanation.rule
    return explanation.condition


# -- the picture -----------------------------------------------------------------------------------


def _picture(story: Story) -> Markup:
    chart = story.chart
    span = Span(chart.start, chart.end)
    plot = _plot(story) if chart.queries else None
    strip = tag("div", *_bars(span, chart.spans), class_="track")
    if plot is not None and not chart.lanes:
        return tag("figure", plot.draw(), tag("div", strip, class_="strip"))
    lanes = [_lane(tag("b", story.alarm.name), strip)]
    lanes += [_lane(name, tag("div", *_bars(span, spans), class_="track"))
              for name, spans in chart.lanes.items()]  # fmt: skip
    lanes.append(tag("div", tag("span"), times(span, instants(span)), class_="lane axis"))
    return tag("figure", plot.draw() if plot else None, tag("div", *lanes, class_="lanes"))


def _lane(name: str, track: Markup) -> Markup:
    return tag("div", tag("span", name, class_="lane-name"), track, class_="lane")


def _plot(story: Story) -> Plot | None:
    chart, alarm = story.chart, story.alarm
    widget = Widget(
        items=tuple(Item(dict(query), "var(--accent)") for query in chart.queries),
        start=EPOCH + timedelta(seconds=chart.start), end=EPOCH + timedelta(seconds=chart.end),
        spans=chart.spans,
    )  # fmt: skip
    try:
        series = list(drawn(story.place.services.metrics, widget))
    except AwsError:  # what it watches can no longer be read
        return None
    plot = plotted(widget, series, f"The metric of {alarm.name}, its states behind")
    if chart.threshold is not None:
        plot.rules.append(Rule(chart.threshold, f"threshold {short(chart.threshold)}"))
    points = getattr(story.explanation, "points", ())
    breaching = [(each.start.timestamp(), each.value) for each in points
                 if each.role == "breaching" and each.value is not None]  # fmt: skip
    if plot.lines and breaching:
        plot.lines.append(type(plot.lines[0])((), "", marked=breaching))
    return plot


def _bars(span: Span, spans: Sequence[StateSpan]) -> Iterator[Markup]:
    for each in spans:
        left, right = span.share(each.start), span.share(each.end)
        told = f"{each.state} from {_clock(each.start)} to {_clock(each.end)}"
        yield tag("span", each.state.replace("_", " "), class_=f"bar {kind_of(each.state)}",
                  style=f"left:{percent(left)};width:{percent(right - left)}",
                  title=told)  # fmt: skip


def _clock(at: int) -> str:
    return f"{EPOCH + timedelta(seconds=at):%H:%M:%S}"


# -- why -------------------------------------------------------------------------------------------


def _why(session: Session, story: Story) -> Markup:
    explanation = story.explanation
    rows: dict[str, Markup | str | None] = {"because": explanation.reason}
    if isinstance(explanation, Explanation):
        rows |= _judged(session, explanation)
    else:
        rows |= _composed(session, explanation)
    if explanation.muted_by:
        rows["muted by"] = ", ".join(explanation.muted_by)
    rows["changes"] = _changes(session, story)
    rows["actions"] = _actions(session, explanation)
    told = [joined([tag("dt", name), tag("dd", value)]) for name, value in rows.items() if value]
    return tag("details", tag("summary", f"Why it is {explanation.state.value.replace('_', ' ')}"),
               tag("dl", *told), id=f"{story.id}-why", open=story.firing)  # fmt: skip


def _judged(session: Session, found: Explanation) -> Mapping[str, Markup | str | None]:
    verdict = found.verdict.value if found.verdict else f"no change from {found.state}"
    coming = (instant(session, found.next_evaluation) if found.next_evaluation
              else "not before another datapoint comes")  # fmt: skip
    columns = ("period", "value", "")
    points = table(columns, (
        row(columns, (instant(session, each.start),
                      "–" if each.value is None else f"{each.value:g}", chip(each.role)))
        for each in found.points
    ))  # fmt: skip
    filled = f"{found.filled} made up, treated as {found.missing}" if found.filled else None
    return {"looked at": points, "missing": filled, "verdict": f"{verdict}: {found.why}",
            "next look": coming}  # fmt: skip


def _composed(session: Session, found: CompositeExplanation) -> Mapping[str, Markup | str | None]:
    columns = ("alarm or series", "state", "since")
    children = table(columns, (
        row(columns, (name, chip(state.value), instant(session, since)))
        for name, state, since in found.children
    )) if found.children else None  # fmt: skip
    held = f"held back by {found.suppressed_by}" if found.suppressed_by else None
    return {"looked at": children, "actions held": held}


def _changes(session: Session, story: Story) -> Markup | None:
    known = {each.at: each.number for each in story.changes}
    items = [
        tag("li", instant(session, at), " ", what, " ", to_trace(session, known.get(at)))
        for at, what in story.explanation.changes[-MOST_SENT:]
    ]
    return tag("ol", *items, class_="moments") if items else None


def _actions(session: Session, found: Explanation | CompositeExplanation) -> Markup | None:
    items = [
        tag("li", instant(session, each.at), " ", chip(each.status), " ",
            tag("code", each.target_arn), " ", to_trace(session, each.number))
        for each in found.actions[-MOST_SENT:]
    ]  # fmt: skip
    return tag("ol", *items, class_="moments") if items else None
