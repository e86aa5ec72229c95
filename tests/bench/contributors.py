"""What Contributor Insights costs: counting log events, and a report of them."""

from __future__ import annotations

import json
import time
from datetime import timedelta

from awsmon import Monitoring, mock_monitoring
from tests.bench.measure import NOW, best, client, row

RULE = {
    "Schema": {"Name": "CloudWatchLogRule", "Version": 1}, "LogGroupNames": ["/app"],
    "LogFormat": "JSON", "Contribution": {"Keys": ["$.ip"]}, "AggregateOn": "Count",
}  # fmt: skip
RANGE = {"StartTime": NOW - timedelta(hours=1), "EndTime": NOW, "Period": 60}
FEW, MANY = 6_000, 120_000


def reports() -> None:
    """An hour of a hundred contributors; the floor is the same with a twentieth of the events."""
    lines = [json.dumps({"ip": f"10.0.0.{n % 100}", "path": f"/items/{n}"}) for n in range(MANY)]
    parsing = MANY / best(lambda: [json.loads(line) for line in lines], 1, 2)
    took, counted = {}, 0.0
    for count in (FEW, MANY):
        with mock_monitoring(now=NOW) as mon:
            ready = client()
            ready.put_insight_rule(RuleName="r", RuleDefinition=json.dumps(RULE))
            begin = time.perf_counter()
            put(mon, lines[:count])
            counted = count / (time.perf_counter() - begin)
            took[count] = best(lambda c=ready: c.get_insight_rule_report(RuleName="r", **RANGE), 3)
    row("logs.put, counted by a rule (floor: json.loads)", counted, "events/s", floor=parsing)
    row(f"GetInsightRuleReport upon {MANY} events", took[MANY] * 1e3, "ms",
        floor=took[FEW] * 1e3, budget="2 x floor")  # fmt: skip


def put(mon: Monitoring, lines: list[str]) -> None:
    """All lines within the hour, evenly."""
    step = timedelta(hours=1) / len(lines)
    start = NOW - timedelta(hours=1)
    mon.logs.put("/app", "web", [(start + i * step, line) for i, line in enumerate(lines)])
