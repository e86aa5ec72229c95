"""Data protection at work: sensitive data is masked as it comes in, and findings are reported.

Lives here: `DataProtection`, `Protection`, `Scan`. A log group's own policy and the account's count
both. Masked texts are kept beside the events (`store.py`), so readers do nothing for it. What is
looked for is `data_identifiers`'.

Sources: User Guide, "Help protect sensitive log data with masking" and "Audit findings reports".
Unverified: the name of the log stream of reports, and that positions count from 1, as the guide's
words have it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.core.clock import stamp
from awsmon.core.deliveries import Delivery
from awsmon.logs.policy_errors import InvalidPolicy, NoSuchPolicy
from awsmon.logs.protection_policies import PROTECTED, check_destination, read_protection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from awsmon.logs.model import LogGroup
    from awsmon.logs.protection_policies import ProtectionPolicy
    from awsmon.logs.service import Logs

    Spans = list[tuple[int, int]]

__all__ = ["DataProtection", "Protection", "Scan"]

KIND = "DATA_PROTECTION_POLICY"
METRIC = "LogEventsWithFindings"


@dataclass(slots=True, kw_only=True)
class DataProtection:
    """The policy of a log group, as it was put; time in milliseconds."""

    document: str
    last_updated_time: int


class Scan(NamedTuple):
    """What was found in messages that came in together.

    Attributes:
        seen: all of them as readers see them.
        masked: positions of those that hold sensitive data.
        findings: for each policy what it found in which message: by identifier, where.
    """

    seen: list[str]
    masked: list[int]
    findings: list[tuple[ProtectionPolicy, dict[int, dict[str, Spans]]]]

    def numbered(self, first: int) -> dict[int, str]:
        """The masked messages by number, where the first of all has that one."""
        return {first + at: self.seen[at] for at in self.masked}


class Protection:
    """Data protection in one account and region."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._reporting = False

    def put(self, group: LogGroup, document: str) -> DataProtection:
        """Give a log group a policy of its own; events that are there stay as they are.

        Raises:
            InvalidParameterException: it is none, or the group's class can't have one.
            ResourceNotFoundException: findings would go to a log group that isn't there.
        """
        if group.log_group_class not in PROTECTED:
            raise InvalidPolicy.log_class("Data protection", group.log_group_class)
        check_destination(self._logs, read_protection(document))
        group.data_protection = DataProtection(document=document, last_updated_time=self._logs.now)
        group.data_protection_status = "ACTIVATED"
        return group.data_protection

    def remove(self, group: LogGroup) -> None:
        """Take a log group's own policy away; what is masked stays so.

        Raises:
            ResourceNotFoundException: it has none.
        """
        if group.data_protection is None:
            raise NoSuchPolicy.of_group("data protection policy")
        group.data_protection, group.data_protection_status = None, "DELETED"

    # -- events that come in -----------------------------------------------------------------------

    def scan(self, group: LogGroup, messages: Sequence[str]) -> Scan | None:
        """Look through messages for a group; None: nothing is found, or nothing is looked for."""
        policies = list(self._policies(group))
        if not policies or self._reporting:  # reports aren't looked through in turn
            return None
        from awsmon.logs.data_identifiers.detection import detector

        findings = []
        for policy in policies:
            find = detector(policy.managed, policy.custom).find
            found = {at: here for at, message in enumerate(messages) if (here := find(message))}
            findings.append((policy, found))
        masked = sorted({at for _, found in findings for at in found})
        seen = list(messages)
        for at in masked:
            everything = [found.get(at, {}) for _, found in findings]
            seen[at] = _masked(seen[at], (span for found in everything for spans in found.values()
                                          for span in spans))  # fmt: skip
        return Scan(seen, masked, findings) if masked else None

    def _policies(self, group: LogGroup) -> Iterator[ProtectionPolicy]:
        of_account = self._logs.policies.applying(KIND, group)
        if of_account is not None and group.log_group_class in PROTECTED:
            yield read_protection(of_account.policy_document)
        if group.data_protection is not None:
            yield read_protection(group.data_protection.document)

    # -- findings ----------------------------------------------------------------------------------

    def report(self, group: LogGroup, scan: Scan) -> None:
        """Tell what was found: a metric, and a report of each event to each destination."""
        self._count(group, len(scan.masked))
        for policy, found in scan.findings:
            if found:
                self._count(group, len(found), PolicyName=policy.name)
                self._send(group, policy, [self._told(group, each) for each in found.values()])

    def _count(self, group: LogGroup, events: int, **dimensions: str) -> None:
        """With the policy's name and without: both are seen in users' dashboards and alarms."""
        self._logs.usage.count(
            METRIC, group.name, events, DataProtectionOperation="Audit", **dimensions
        )

    def _told(self, group: LogGroup, found: Mapping[str, Spans]) -> str:
        return json.dumps({
            "auditTimestamp": stamp(self._logs.clock.now()),
            "resourceArn": group.arn,
            "dataIdentifiers": [
                {"name": name, "count": len(spans),
                 "detections": [{"start": start + 1, "end": end} for start, end in spans]}
                for name, spans in found.items()
            ],
        })  # fmt: skip

    def _send(self, group: LogGroup, policy: ProtectionPolicy, reports: Sequence[str]) -> None:
        log_group, stream, bucket = policy.destinations
        scope, targets = self._logs.scope, []
        if log_group is not None and log_group in self._logs:
            self._store(self._logs[log_group], group.name, reports)
        elif log_group is not None:  # it has gone meanwhile
            targets.append(self._logs.arn(log_group))
        if stream is not None:
            targets.append(scope.arn("firehose", f"deliverystream/{stream}"))
        if bucket is not None:
            targets.append(f"arn:{scope.partition}:s3:::{bucket}")
        for target in targets:
            for report in reports:
                self._logs.deliveries.send(Delivery(
                    at=self._logs.clock.now(), scope=scope, sender="logs", subject=group.arn,
                    target_arn=target, payload=report,
                ))  # fmt: skip

    def _store(self, into: LogGroup, name: str, reports: Sequence[str]) -> None:
        logs = self._logs
        stream = into.streams.get(name) or logs.create_stream(into, name)
        self._reporting = True
        try:
            logs.store(into, stream, [logs.now] * len(reports), reports)
        finally:
            self._reporting = False


def _masked(message: str, spans: Iterable[tuple[int, int]]) -> str:
    characters: list[Any] = list(message)
    for start, end in spans:
        characters[start:end] = "*" * (end - start)
    return "".join(characters)
