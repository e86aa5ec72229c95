"""Logs that AWS services deliver: sources, destinations, and deliveries from the one to the other.

Lives here: `DeliverySource`, `DeliveryDestination`, `LogDelivery` and `VendedLogs`. A test lets a
resource write by `Logs.vend`; each delivery of its logs takes them to a log group, a bucket or a
Firehose stream, at once. How objects and streams are called there, beyond what is documented for
CloudFront, is a model. Source: User Guide, "Enable logging from AWS services".
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.arns import Arn
from awsmon.core.deliveries import ASYNCHRONOUS, Delivery
from awsmon.core.errors import MisuseError
from awsmon.core.resource import Resource, aws
from awsmon.core.scope import Scope
from awsmon.logs.vended_errors import NoSuchDelivery
from awsmon.logs.vended_templates import template

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from awsmon.logs.service import Logs

__all__ = ["DeliveryDestination", "DeliverySource", "LogDelivery", "VendedLogs"]

MOST_RECORDS = 500  # of one call of PutRecordBatch


@dataclass(kw_only=True, slots=True, eq=False)
class DeliverySource(Resource):
    """A resource whose logs of one type can be delivered."""

    aws_shape: ClassVar[str] = "logs.DeliverySource"
    aws_lower_camel: ClassVar[bool] = True

    name: str
    arn: str
    resource_arns: list[str]
    service: str
    log_type: str
    delivery_source_configuration: dict[str, str] | None = None


@dataclass(kw_only=True, slots=True, eq=False)
class DeliveryDestination(Resource):
    """A log group, bucket or stream that logs can be delivered to.

    Attributes:
        policy: who else may deliver to it, as JSON.
    """

    aws_shape: ClassVar[str] = "logs.DeliveryDestination"
    aws_lower_camel: ClassVar[bool] = True

    name: str
    arn: str
    delivery_destination_type: str
    output_format: str | None = None
    delivery_destination_configuration: dict[str, str]
    role_arn: str | None = None
    policy: str | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def target(self) -> Arn:
        """What it stands for."""
        return Arn.parse(self.delivery_destination_configuration["destinationResourceArn"])


@dataclass(kw_only=True, slots=True, eq=False)
class LogDelivery(Resource):
    """From a source to a destination."""

    aws_shape: ClassVar[str] = "logs.Delivery"
    aws_lower_camel: ClassVar[bool] = True

    id: str
    arn: str
    delivery_source_name: str
    delivery_destination_arn: str
    delivery_destination_type: str
    record_fields: list[str] | None = None
    field_delimiter: str | None = None
    s3_delivery_configuration: dict[str, Any] | None = field(
        default=None, metadata=aws("s3DeliveryConfiguration")
    )


class VendedLogs:
    """The sources, destinations and deliveries of one account and region, by name and Id."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self.sources: dict[str, DeliverySource] = {}
        self.destinations: dict[str, DeliveryDestination] = {}
        self.deliveries: dict[str, LogDelivery] = {}

    def source(self, name: str) -> DeliverySource:
        """The source of that name.

        Raises:
            NoSuchDelivery: there is none.
        """
        if name not in self.sources:
            raise NoSuchDelivery.source()
        return self.sources[name]

    def destination(self, name: str) -> DeliveryDestination:
        """The destination of that name.

        Raises:
            NoSuchDelivery: there is none.
        """
        if name not in self.destinations:
            raise NoSuchDelivery.destination()
        return self.destinations[name]

    def destination_at(self, arn: str) -> DeliveryDestination:
        """The destination of that ARN, which may be another account's.

        Raises:
            NoSuchDelivery: there is none.
        """
        parsed = Arn.maybe(arn)
        kind, _, name = parsed.resource.partition(":") if parsed else ("", "", "")
        if parsed is None or kind != "delivery-destination":
            raise NoSuchDelivery.destination()
        there = self._logs.elsewhere(Scope(parsed.account, parsed.region))
        return there.vended.destination(name)

    def delivery(self, id_: str) -> LogDelivery:
        """The delivery of that Id.

        Raises:
            NoSuchDelivery: there is none.
        """
        if id_ not in self.deliveries:
            raise NoSuchDelivery.delivery()
        return self.deliveries[id_]

    def tag(self, arn: str, tags: Mapping[str, str] | None) -> None:
        """What is put anew has the tags that came with it; without any it keeps its own."""
        if tags:
            self._logs.tags.forget(arn)
        self._logs.tags.create(arn, tags)

    def vend(
        self, resource_arn: str, log_type: str, records: Iterable[Mapping[str, Any]], at: datetime
    ) -> int:
        """Deliver what a resource logs; how many deliveries there were."""
        sources = {each.name for each in self.sources.values()
                   if each.log_type == log_type and resource_arn in each.resource_arns}  # fmt: skip
        if not sources:
            raise MisuseError(f"{resource_arn} has no delivery source for {log_type}.")
        found = [each for each in self.deliveries.values() if each.delivery_source_name in sources]
        written = [dict(record) for record in records]
        for delivery in found if written else ():
            destination = self.destination_at(delivery.delivery_destination_arn)
            lines = _lines(delivery, destination.output_format, written)
            self._deliver(delivery, destination, lines, at)
        return len(found)

    def _deliver(
        self, delivery: LogDelivery, destination: DeliveryDestination, lines: list[str],
        at: datetime,
    ) -> None:  # fmt: skip
        source, target = self.sources[delivery.delivery_source_name], destination.target
        if target.service == "logs":
            group = target.resource.removeprefix("log-group:").removesuffix(":*")
            there = self._logs.elsewhere(Scope(target.account, target.region))
            there.put(group, _stream(source), [(at, line) for line in lines])
        elif target.service == "firehose":
            data = [{"Data": f"{line}\n".encode()} for line in lines]
            for first in range(0, len(data), MOST_RECORDS):
                self._send(delivery, str(target), {"Records": data[first : first + MOST_RECORDS]})
        else:
            bucket, _, prefix = target.resource.partition("/")
            key = "/".join(filter(None, [prefix.strip("/"), self._key(delivery, source, at)]))
            body = gzip.compress(_file(delivery, destination, lines).encode(), mtime=0)
            arn = f"arn:{target.partition}:s3:::{bucket}"
            self._send(delivery, arn, {"Key": key, "Body": body})

    def _key(self, delivery: LogDelivery, source: DeliverySource, at: datetime) -> str:
        """``AWSLogs/123456789012/CloudFront/E1.2026-03-02-12.1a2b3c4d.gz``."""
        configuration = delivery.s3_delivery_configuration or {}
        scope = self._logs.scope
        values = {
            "account-id": scope.account, "accountid": scope.account, "region": scope.region,
            "yyyy": f"{at:%Y}", "MM": f"{at:%m}", "dd": f"{at:%d}", "HH": f"{at:%H}",
            "DistributionId": _resource(source), "distributionid": _resource(source),
        }  # fmt: skip
        parts = []
        for part in configuration.get("suffixPath", "").strip("/").split("/"):
            expanded = part
            for name, value in values.items():
                expanded = expanded.replace(f"{{{name}}}", value)
            hive = configuration.get("enableHiveCompatiblePath") and part.startswith("{")
            parts.append(f"{part.strip('{}')}={expanded}" if hive else expanded)
        unique = self._logs.ids.uuid().replace("-", "")[:8]
        return "/".join([*filter(None, parts), f"{_resource(source)}.{at:%Y-%m-%d-%H}.{unique}.gz"])

    def _send(self, delivery: LogDelivery, arn: str, payload: dict[str, Any]) -> None:
        logs = self._logs
        logs.deliveries.send(
            Delivery(at=logs.clock.now(), scope=logs.scope, sender="logs", subject=delivery.arn,
                     policy=ASYNCHRONOUS, target_arn=arn, payload=payload))  # fmt: skip


def _resource(source: DeliverySource) -> str:
    return source.resource_arns[0].replace(":", "/").rpartition("/")[2]


def _stream(source: DeliverySource) -> str:
    account = Arn.parse(source.arn).account
    found = template(source.service, source.log_type)
    name = found.suffix_path.split("/")[2] if found else source.service
    return f"{account}_{name}_{_resource(source)}"


def _lines(
    delivery: LogDelivery, output_format: str | None, records: list[dict[str, Any]]
) -> list[str]:
    """Each record in the destination's format."""
    fields = delivery.record_fields
    chosen = [
        {name: record[name] for name in fields if name in record} if fields else record
        for record in records
    ]
    if output_format in ("plain", "w3c", "raw"):
        delimiter = delivery.field_delimiter or "\t"
        names = fields or list(records[0])
        return [delimiter.join(str(each.get(name, "-")) for name in names) for each in chosen]
    return [json.dumps(each, separators=(",", ":"), default=str) for each in chosen]


def _file(delivery: LogDelivery, destination: DeliveryDestination, lines: list[str]) -> str:
    head = []
    if destination.output_format == "w3c":
        head = ["#Version: 1.0", f"#Fields: {' '.join(delivery.record_fields or ())}"]
    return "".join(f"{line}\n" for line in [*head, *lines])
