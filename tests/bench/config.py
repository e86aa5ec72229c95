"""AWS Config: recording many resources, judging them by many rules, and one change among them."""

from __future__ import annotations

import json
import time

from awsmon import mock_monitoring
from tests.bench.measure import NOW, client, row

RESOURCES, RULES = 10_000, 20
GROUP = "AWS::EC2::SecurityGroup"
IDENTIFIERS = ("INCOMING_SSH_DISABLED", "RESTRICTED_INCOMING_TRAFFIC",
               "VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS", "REQUIRED_TAGS")  # fmt: skip


def group(number: int, port: int = 443) -> dict[str, object]:
    """A group that lets the world in at a port."""
    return {
        "groupId": f"sg-{number}", "groupName": "web", "ipPermissionsEgress": [],
        "ipPermissions": [{"ipProtocol": "tcp", "fromPort": port, "toPort": port,
                           "ipRanges": [{"cidrIp": "0.0.0.0/0"}], "ipv6Ranges": []}],
    }  # fmt: skip


def recording() -> None:
    """Print the rows."""
    with mock_monitoring(now=NOW) as mon:
        config = client("config")
        config.put_configuration_recorder(
            ConfigurationRecorder={"name": "default", "roleARN": "arn:aws:iam::123456789012:role/r"}
        )
        for number in range(RULES):
            identifier = IDENTIFIERS[number % len(IDENTIFIERS)]
            parameters = {"blockedPort1": str(number)} if "TRAFFIC" in identifier else {}
            config.put_config_rule(ConfigRule={
                "ConfigRuleName": f"rule-{number}", "InputParameters": json.dumps(parameters),
                "Source": {"Owner": "AWS", "SourceIdentifier": identifier}})  # fmt: skip
        begin = time.perf_counter()
        for number in range(RESOURCES):
            mon.config_recorder.record(GROUP, f"sg-{number}", group(number))
        row(f"recording {RESOURCES:,} resources, judged by {RULES} rules",
            time.perf_counter() - begin, "s", budget="10 s")  # fmt: skip
        begin = time.perf_counter()
        mon.config_recorder.record(GROUP, "sg-7", group(7, 22))
        row("... one change among them", (time.perf_counter() - begin) * 1e3, "ms")
