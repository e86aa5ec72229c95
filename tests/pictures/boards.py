"""A dashboard with a widget of every kind, over the bad evening."""

from __future__ import annotations

import json

from tests.pictures.stories import REGION, client

ALARM = f"arn:aws:cloudwatch:{REGION}:123456789012:alarm:"
ERRORS = ["Shop", "Errors", {"stat": "Sum"}]
NAMES = {"stat": "Sum", "label": "lines"}
LINES = ["AWS/Logs", "IncomingLogEvents", "LogGroupName", "/shop", NAMES]


def metric(view, x, y, width, height, **more):
    properties = {"region": REGION, "view": view, "period": 60, "metrics": [ERRORS, LINES], **more}
    place = {"x": x, "y": y, "width": width, "height": height}
    return {"type": "metric", "properties": properties, **place}


def log(query, **more):
    query = f"SOURCE '/shop' | {query}"
    return {"type": "log", "properties": {"region": REGION, "query": query, **more}}


TEXT = """# Shop in ENV
Call **Ann**, or see the [handbook](https://example.com/h "book") & `rules`.

- first
- *then*

| part | owner |
|------|:-----:|
| cart | Bo |

[button:primary:Deploy](https://example.com/deploy)
<script>alert(1)</script> [bad](javascript:alert) ![photo](https://example.com/p.png)
"""

WIDGETS = [
    {"type": "text", "x": 0, "y": 0, "width": 6, "height": 6, "properties": {"markdown": TEXT}},
    metric("timeSeries", 6, 0, 12, 6, title="Errors and lines",
           annotations={"horizontal": [{"label": "too many", "value": 5, "fill": "above"}],
                        "vertical": [{"label": "deploy", "value": "2026-03-02T18:05:00Z"}]}),
    {"type": "alarm", "x": 18, "y": 0, "width": 6, "height": 6,
     "properties": {"title": "Alarms", "alarms": [ALARM + name for name in (
         "checkout", "heartbeat", "shop-down", "long-gone")]}},
    metric("singleValue", 0, 6, 6, 4, title="Now"),
    metric("gauge", 6, 6, 6, 4, title="Full", yAxis={"left": {"min": 0, "max": 20}}),
    metric("pie", 12, 6, 6, 4, title="Shares"),
    metric("bar", 18, 6, 6, 4, title="Bars"),
    metric("timeSeries", 0, 10, 12, 6, stacked=True, title="Stacked"),
    {"type": "metric", "x": 12, "y": 10, "width": 12, "height": 6,
     "properties": {"title": "Why we woke", "annotations": {"alarms": [ALARM + "checkout"]}}},
    metric("table", 0, 16, 8, 5, title="Table"),
    {**log("filter @message like 'ERROR' | fields @message | limit 3", title="Errors"),
     "x": 8, "y": 16, "width": 16, "height": 5},
    {**log("stats count(*) by bin(1m)", view="timeSeries", title="Lines"),
     "x": 0, "y": 21, "width": 12, "height": 5},
    {**log("parse @message '* *' as level, rest | stats count(*) by level", view="bar",
           title="By level"), "x": 12, "y": 21, "width": 6, "height": 5},
    {"type": "custom", "x": 18, "y": 21, "width": 6, "height": 5,
     "properties": {"endpoint": f"arn:aws:lambda:{REGION}:123456789012:function:w"}},
]  # fmt: skip

VARIABLE = {
    "type": "pattern", "pattern": "ENV", "id": "env", "inputType": "select", "label": "Stage",
    "values": [{"value": "production"}, {"value": "test"}],
}  # fmt: skip


def put(*widgets, name="shop", **body):
    """A dashboard that AWS would take without a word."""
    found = client("cloudwatch").put_dashboard(
        DashboardName=name, DashboardBody=json.dumps({"widgets": widgets, **body})
    )
    assert found["DashboardValidationMessages"] == []
