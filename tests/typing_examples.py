"""What users write, for the type checker alone: nothing here is run."""

from __future__ import annotations

from datetime import datetime, timezone

from awsmon import Delivery, Metrics, Monitoring, mock_monitoring


@mock_monitoring
def bare(x: int) -> str:
    return str(x)


@mock_monitoring(now="2026-03-02T12:00:00Z", region="eu-west-1")
async def with_options() -> None: ...


text: str = bare(1)

with mock_monitoring(now=datetime(2026, 3, 2, tzinfo=timezone.utc)) as mon:
    session: Monitoring = mon
    metrics: Metrics = mon.metrics
    mon.metrics.put("App", "Errors", [1, 2.5], dimensions={"Service": "api"})
    mon.clock.advance(minutes=5)
    now: datetime = mon.clock.now()
    delivery: Delivery = mon.deliveries[0]
    mon.bind("arn:aws:sns:us-east-1:123456789012:topic", print)
    elsewhere: Metrics = mon.at(region="eu-west-1").metrics
    why: str = str(mon.explain("x"))
