"""EventBridge: what PutEvents costs beside many rules, and matching alone.

The mix of rules: nine in ten on source and detail-type, the others prefixes, wildcards, ranges,
anything-but and exists. Three of them match each event.
"""

from __future__ import annotations

import json
from typing import Any

from awsmon import mock_monitoring
from awsmon.lang.event_pattern.index import PatternIndex
from awsmon.lang.event_pattern.parser import parse
from tests.bench.measure import NOW, Empty, best, client, row

DETAILS = [{"key": f"k{number}", "file": "a/b.png", "n": number, "s": "a"} for number in range(10)]
ENTRIES = [
    {"Source": "app.1", "DetailType": "hit", "Detail": json.dumps(detail)} for detail in DETAILS
]
EVENTS = [{"source": "app.1", "detail-type": "hit", "detail": detail} for detail in DETAILS]


def pattern(number: int) -> dict[str, Any]:
    """One of many."""
    if number < 3:
        return {"source": ["app.1"], "detail-type": ["hit"]}
    match number % 50:
        case 45:
            return {"detail": {"key": [{"prefix": f"pre{number}"}]}}
        case 46:
            return {"detail": {"file": [{"wildcard": f"dir{number}/*.png"}]}}
        case 47:
            return {"detail": {"n": [{"numeric": [">", number * 100, "<", number * 100 + 5]}]}}
        case 48:
            return {"source": [f"q{number}"], "detail": {"s": [{"anything-but": ["a"]}]}}
        case 49:
            return {"source": [f"z{number}"], "detail": {"nothing": [{"exists": False}]}}
    return {"source": [f"app.{number % 97}"], "detail-type": [f"t{number}"]}


def events() -> None:
    """Print the rows."""
    bare = client("events")
    bare.meta.events.register("before-call", lambda **_: (Empty, {"ResponseMetadata": {}}))
    floor = best(lambda: bare.put_events(Entries=ENTRIES), 200) * 1e6
    for count, budget in ((100, "2.5 x floor"), (10_000, "1.3 x that of 100 rules")):
        with mock_monitoring(now=NOW) as mon:
            mon.event_bus.most_rules = count
            for number in range(count):
                mon.event_bus.rule(f"rule-{number:05}", pattern(number))
            ready = client("events")
            spent = best(lambda c=ready: c.put_events(Entries=ENTRIES), 100) * 1e6
        row(f"PutEvents of 10, {count:,} rules", spent, "us", floor=floor, budget=budget)
    index = PatternIndex()
    for number in range(1000):
        index.add(number, parse(json.dumps(pattern(number))))
    spent = best(lambda: [index.match(event) for event in EVENTS], 200)
    row("matching, 1,000 rules", len(EVENTS) / spent, "events/s", budget="20,000 events/s")
