"""Contributor Insights rules that AWS manages: PrivateLink's, for VPC endpoint services.

Lives here: `TEMPLATES`, `templates_for`, `managed_rule` and `observed`. Such a rule tells which
endpoints of a service contribute. AWS sees that in logs of its own; here it is seen in the
service's metrics by endpoint, in `AWS/PrivateLinkServices`. Sources: AWS PrivateLink guide,
"CloudWatch metrics for AWS PrivateLink", "Use built-in Contributor Insights rules"; the templates
and their order as Terraform's acceptance tests record them. How AWS calls the rules isn't
documented.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from awsmon.core.arns import Arn
from awsmon.core.neighbours import MetricKey
from awsmon.metrics.contributions import Tally
from awsmon.metrics.insight_rules import InsightRule, Managed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.metrics.contributions import Keys, Minutes
    from awsmon.metrics.service import Metrics

__all__ = ["KEY", "TEMPLATES", "managed_rule", "observed", "templates_for"]

NAMESPACE, SERVICE, KEY = "AWS/PrivateLinkServices", "Service Id", "VPC Endpoint Id"
TEMPLATES = {
    "VpcEndpointService-NewConnectionsByEndpointId-v1": "NewConnections",
    "VpcEndpointService-BytesByEndpointId-v1": "BytesProcessed",
    "VpcEndpointService-RstPacketsByEndpointId-v1": "RstPacketsSent",
    "VpcEndpointService-ActiveConnectionsByEndpointId-v1": "ActiveConnections",
}
"""From a template's name to the metric that it is about."""


def templates_for(resource_arn: str) -> Sequence[str]:
    """The templates that there are for a resource."""
    arn = Arn.maybe(resource_arn)
    if arn is None or arn.service != "ec2" or not arn.resource.startswith("vpc-endpoint-service/"):
        return ()
    return tuple(TEMPLATES)


def managed_rule(metrics: Metrics, managed: Managed) -> InsightRule:
    """A new rule, enabled."""
    name = f"{managed.template}-{_resource(managed)}"
    definition = {
        "Schema": {"Name": "ServiceLogRule", "Version": 1},
        "Contribution": {"Keys": [KEY], "ValueOf": TEMPLATES[managed.template], "Filters": []},
        "AggregateOn": "Sum",
    }
    return InsightRule(
        name=name, arn=metrics.scope.arn("cloudwatch", f"insight-rule/{name}"),
        schema="ServiceLogRule/1", definition=json.dumps(definition), managed_rule=True,
        managed=managed, since=metrics.now,
    )  # fmt: skip


def _resource(managed: Managed) -> str:
    return managed.resource_arn.rpartition("/")[2]


def observed(metrics: Metrics, rule: InsightRule, start: int, end: int) -> Minutes:
    """What endpoints contributed since there is the rule, minute by minute."""
    assert rule.managed is not None
    name, service = TEMPLATES[rule.managed.template], _resource(rule.managed)
    minutes: dict[int, dict[Keys, Tally]] = {}
    start = max(start, rule.since - rule.since % 60)
    for key in metrics.of_namespace(NAMESPACE):
        endpoint = dict(key.dimensions).get(KEY, "")
        if key == MetricKey.of(NAMESPACE, name, {SERVICE: service, KEY: endpoint}):
            for minute, tally in _tallies(metrics, key, start, end):
                minutes.setdefault(minute, {})[(endpoint,)] = tally
    return sorted(minutes.items())


def _tallies(metrics: Metrics, key: MetricKey, start: int, end: int) -> list[tuple[int, Tally]]:
    lowest, highest = (
        {each.start: each.value for each in metrics.stored.buckets(
            key, start, end, 60, metrics.statistic(name), None)}
        for name in ("Minimum", "Maximum")
    )  # fmt: skip
    found = metrics.stored.buckets(key, start, end, 60, metrics.statistic("Sum"), None)
    return [
        (each.start, Tally(each.samples, each.value, lowest[each.start], highest[each.start]))
        for each in found
    ]
