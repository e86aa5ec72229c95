"""What may be on a dashboard.

Lives here: `validate`, from the text of a body to what is wrong with it, by path, and
`metric_widget_mistakes` for one widget alone. The structure
stands in tables; messages are those of AWS's validator, as users report them, or in their manner.
Source: API reference, "Dashboard Body Structure and Syntax".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["Mistake", "metric_widget_mistakes", "validate"]


class Mistake(NamedTuple):
    """Something wrong, and where: ``/widgets/0/properties``."""

    path: str
    message: str


Check = Callable[[Any, str], Iterator[Mistake]]

MOST_WIDGETS, MOST_METRICS, MOST_VARIABLES = 500, 500, 25


def validate(text: str) -> list[Mistake]:
    """All that AWS would refuse in a body; nothing: it is good."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return [Mistake("", "The field DashboardBody must be a valid JSON object")]
    if not isinstance(body, dict):
        return [Mistake("", "The field DashboardBody must be a valid JSON object")]
    return list(_body(body, ""))


# -- kinds of values -------------------------------------------------------------------------------


def _kind(name: str, *types: type) -> Check:
    def check(value: Any, path: str) -> Iterator[Mistake]:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            yield Mistake(path, f"Should be {name}")

    return check


TEXT, TRUTH = _kind("string", str), _kind("boolean", bool)
NUMBER, MAP = _kind("number", int, float), _kind("object", dict)


def _whole(least: int, most: int | None = None) -> Check:
    def check(value: Any, path: str) -> Iterator[Mistake]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Mistake(path, "Should be integer")
        elif value < least:
            yield Mistake(path, f"Should be >= {least}")
        elif most is not None and value > most:
            yield Mistake(path, f"Should be <= {most}")

    return check


def _one_of(*values: str) -> Check:
    def check(value: Any, path: str) -> Iterator[Mistake]:
        if value not in values:
            yield Mistake(path, "Should be equal to one of the allowed values")

    return check


def _listed(each: Check, most: int, least: int = 0) -> Check:
    def check(value: Any, path: str) -> Iterator[Mistake]:
        if not isinstance(value, list):
            yield Mistake(path, "Should be array")
            return
        if len(value) > most:
            yield Mistake(path, f"Should NOT have more than {most} items")
        if len(value) < least:
            yield Mistake(path, f"Should NOT have fewer than {least} items")
        for place, item in enumerate(value):
            yield from each(item, f"{path}/{place}")

    return check


def _object(members: Mapping[str, Check], *required: str, closed: bool = False) -> Check:
    def check(value: Any, path: str) -> Iterator[Mistake]:
        if not isinstance(value, dict):
            yield Mistake(path, "Should be object")
            return
        for name in required:
            if name not in value:
                yield Mistake(path, f"Should have required property '{name}'")
        for name, member in value.items():
            if name in members:
                yield from members[name](member, f"{path}/{name}")
            elif closed:
                yield Mistake(path, "Should NOT have additional properties")

    return check


# -- widgets ---------------------------------------------------------------------------------------

_RENDERER = _object(
    {
        "expression": TEXT, "label": TEXT, "id": TEXT, "stat": TEXT, "period": _whole(1),
        "yAxis": _one_of("left", "right"), "color": TEXT, "visible": TRUTH, "region": TEXT,
        "accountId": TEXT, "unit": TEXT, "searchOptions": MAP,
    },
    closed=True,
)  # fmt: skip


def _metric(value: Any, path: str) -> Iterator[Mistake]:
    """Namespace, name, and dimensions in pairs, then how it is drawn; dots repeat those before."""
    if not isinstance(value, list):
        yield Mistake(
            path,
            'Field "metrics" has to be an array of array of strings, with an optional '
            "metricRenderer object as last element",
        )
        return
    words = value[:-1] if value and isinstance(value[-1], dict) else value
    drawn = value[len(words) :]
    for place, word in enumerate(words):
        if not isinstance(word, str):
            yield Mistake(
                f"{path}/{place}", "Invalid metric field type, only 'String' type is allowed"
            )
    if drawn and list(_RENDERER(drawn[0], path)):
        yield Mistake(path, f"Should NOT have more than {len(words)} items")
    elif len(words) % 2 and "..." not in words:
        yield Mistake(path, f"Should NOT have more than {len(words) - 1} items")


_AXIS = _object({"min": NUMBER, "max": NUMBER, "label": TEXT, "showUnits": TRUTH})
_ANNOTATIONS = _object(
    {
        "horizontal": _kind("array", list), "vertical": _kind("array", list),
        "alarms": _listed(TEXT, 1),
    }
)  # fmt: skip
_INSIGHT_RULE = _object(
    {
        "ruleName": TEXT, "maxContributorCount": _whole(1, 100),
        "orderBy": _one_of("Sum", "Maximum"),
    },
    "ruleName",
)  # fmt: skip
_TABLE = _object(
    {
        "layout": _one_of("horizontal", "vertical"), "stickySummary": TRUTH,
        "showTimeSeriesData": TRUTH,
        "summaryColumns": _listed(_one_of("MIN", "MAX", "SUM", "AVG"), 4),
    }
)  # fmt: skip
_METRIC = _object(
    {
        "metrics": _listed(_metric, MOST_METRICS), "annotations": _ANNOTATIONS, "region": TEXT,
        "view": _one_of("timeSeries", "singleValue", "gauge", "bar", "pie", "table"),
        "stacked": TRUTH, "stat": TEXT, "period": _whole(1), "title": TEXT, "liveData": TRUTH,
        "timezone": TEXT, "yAxis": _object({"left": _AXIS, "right": _AXIS}), "sparkline": TRUTH,
        "legend": _object({"position": _one_of("right", "bottom", "hidden")}),
        "setPeriodToTimeRange": TRUTH, "insightRule": _INSIGHT_RULE, "table": _TABLE,
        "singleValueFullPrecision": TRUTH,
    }
)  # fmt: skip


def _metric_widget(value: Any, path: str) -> Iterator[Mistake]:
    yield from _METRIC(value, path)
    if not isinstance(value, dict):
        return
    alarms = isinstance(value.get("annotations"), dict) and "alarms" in value["annotations"]
    if "metrics" not in value and "insightRule" not in value and not alarms:
        yield Mistake(path, "Should have required property 'metrics'")
    if "region" not in value and not alarms:
        yield Mistake(path, "Should have required property 'region'")
    if value.get("view") == "gauge":
        left = (
            value.get("yAxis", {}).get("left", {}) if isinstance(value.get("yAxis"), dict) else {}
        )
        for name in ("min", "max"):
            if name not in left:
                yield Mistake(f"{path}/yAxis/left", f"Should have required property '{name}'")


def metric_widget_mistakes(value: Any) -> list[Mistake]:
    """What is wrong with the properties of a metric widget; nothing: they are good."""
    return list(_metric_widget(value, ""))


_STATES = _one_of("ALARM", "OK", "INSUFFICIENT_DATA")
_PROPERTIES: dict[str, Check] = {
    "metric": _metric_widget,
    "text": _object({"markdown": TEXT, "background": _one_of("transparent", "solid")}, "markdown"),
    "log": _object({"query": TEXT, "region": TEXT, "title": TEXT, "view": TEXT}, "query", "region"),
    "alarm": _object(
        {"alarms": _listed(TEXT, 100, 1), "states": _listed(_STATES, 3), "title": TEXT,
         "sortBy": _one_of("default", "stateUpdatedTimestamp", "timestamp")},
        "alarms",
    ),
    "explorer": _object({"metrics": _kind("array", list), "period": _whole(1)}, "metrics"),
    "custom": _object({"endpoint": TEXT, "title": TEXT}, "endpoint"),
    "chart": MAP,
}  # fmt: skip

_WIDGET = _object(
    {
        "type": _one_of(*_PROPERTIES), "x": _whole(0, 23), "y": _whole(0),
        "width": _whole(1, 24), "height": _whole(1, 1000), "properties": MAP,
    },
    "type", "properties",
)  # fmt: skip


def _widget(value: Any, path: str) -> Iterator[Mistake]:
    yield from _WIDGET(value, path)
    if not isinstance(value, dict):
        return
    for one, other in (("x", "y"), ("y", "x")):
        if one in value and other not in value:
            yield Mistake(path, f"Should have required property '{other}'")
    properties = _PROPERTIES.get(str(value.get("type")))
    if properties is not None and isinstance(value.get("properties"), dict):
        yield from properties(value["properties"], f"{path}/properties")


_VARIABLE = _object(
    {
        "type": _one_of("property", "pattern"), "inputType": _one_of("input", "select", "radio"),
        "id": TEXT, "property": TEXT, "pattern": TEXT, "label": TEXT, "visible": TRUTH,
        "search": TEXT, "populateFrom": TEXT, "defaultValue": TEXT,
        "values": _listed(_object({"value": TEXT, "label": TEXT}, "value"), 500),
    },
    "type", "inputType", "id",
)  # fmt: skip
_PARTS = _object(
    {
        "widgets": _listed(_widget, MOST_WIDGETS), "variables": _listed(_VARIABLE, MOST_VARIABLES),
        "start": TEXT, "end": TEXT, "periodOverride": _one_of("auto", "inherit"),
    },
    "widgets",
)  # fmt: skip


def _body(value: dict[str, Any], path: str) -> Iterator[Mistake]:
    yield from _PARTS(value, path)
    if "end" in value and "start" not in value:
        yield Mistake(path, "Should have property start when property end is present")
