"""Route 53: the queries that public hosted zones and the resolver of a VPC answer.

Lives here: `Dns`. Sources: Route 53 Developer Guide, "Public DNS query logging" and "Values that
appear in Resolver query logs"; API reference, CreateQueryLoggingConfig, for the names of streams.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from awsmon.core.errors import MisuseError
from awsmon.core.service import direct
from awsmon.sources.source import Source, in_milliseconds, in_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["Dns"]

_PUBLIC_REGION = "us-east-1"
_RESOLVER_VERSION = "1.100000"


class Dns(Source):
    """Queries for names, as Route 53 logs them."""

    @direct
    def public_query(
        self,
        zone: str,
        name: str,
        type: str = "A",
        *,
        group: str,
        resolver: str,
        rcode: str = "NOERROR",
        protocol: str = "UDP",
        edge: str = "IAD12",
        client_subnet: str | None = None,
        at: datetime | str | None = None,
    ) -> None:
        """A query that a public hosted zone answered.

        Args:
            zone: the id of the hosted zone, as ``Z123412341234``.
            name: that was asked for, as ``example.com``.
            type: of the record, or ``ANY``.
            group: the log group; AWS recommends ``/aws/route53/`` and the zone's name.
            resolver: the address of who asked.
            rcode: the answer, as ``NXDOMAIN``.
            protocol: ``UDP`` or ``TCP``.
            edge: the edge location that answered; each has a stream of its own.
            client_subnet: the EDNS client subnet, as ``192.168.222.0/24``; None: not told.
            at: aware; when it was answered. None: now.

        Raises:
            MisuseError: here isn't us-east-1, where Route 53 keeps these logs.
        """
        if self.scope.region != _PUBLIC_REGION:
            raise MisuseError(
                f"public_query(...) in {self.scope.region}: Route 53 writes the queries of public "
                f"zones in {_PUBLIC_REGION} only: mon.at(region={_PUBLIC_REGION!r}).sources."
            )
        when = self.instant(at)
        fields = ("1.0", in_milliseconds(when), zone, name, type, rcode, protocol, edge, resolver,
                  client_subnet or "-")  # fmt: skip
        self.logs.put(group, f"{zone}/{edge}", [(when, " ".join(fields))])

    @direct
    def resolver_query(
        self,
        name: str,
        type: str = "A",
        *,
        group: str,
        vpc: str,
        source: str,
        answers: Iterable[str | tuple[str, str]] = (),
        rcode: str = "NOERROR",
        port: int | None = None,
        transport: str = "UDP",
        instance: str | None = None,
        resolver_endpoint: str | None = None,
        firewall_action: str | None = None,
        firewall_rule_group: str | None = None,
        firewall_domain_list: str | None = None,
        at: datetime | str | None = None,
    ) -> None:
        """A query from within a VPC that Route 53 Resolver answered.

        Args:
            name: that was asked for; it is logged with a dot at its end.
            type: of the record.
            group: the log group of the query logging configuration.
            vpc: where it came from, as ``vpc-7example``.
            source: the address that asked.
            answers: the data of the records; with their types, where these aren't *type*:
                ``("CNAME", "www.example.net.")``.
            rcode: the response code, as ``SERVFAIL``.
            port: of who asked; None: any.
            transport: ``UDP`` or ``TCP``.
            instance: the EC2 instance that asked.
            resolver_endpoint: that the query passed.
            firewall_action: of the DNS Firewall rule that matched: ``BLOCK`` or ``ALERT``.
            firewall_rule_group: its id.
            firewall_domain_list: the id of the list that the name was found in.
            at: aware; when it was asked. None: now.

        The stream is the VPC and the source, joined by ``_`` (unverified).
        """
        when = self.instant(at)
        ids = {"instance": instance, "resolver_endpoint": resolver_endpoint}
        firewall = {
            "firewall_rule_action": firewall_action,
            "firewall_rule_group_id": firewall_rule_group,
            "firewall_domain_list_id": firewall_domain_list,
        }
        pairs = [each if isinstance(each, tuple) else (type, each) for each in answers]
        record = {
            "version": _RESOLVER_VERSION,
            "account_id": self.scope.account,
            "region": self.scope.region,
            "vpc_id": vpc,
            "query_timestamp": in_seconds(when),
            "query_name": f"{name.rstrip('.')}.",
            "query_type": type,
            "query_class": "IN",
            "rcode": rcode,
            "answers": [{"Rdata": data, "Type": kind, "Class": "IN"} for kind, data in pairs],
            "srcaddr": source,
            "srcport": str(port or self.ids.random.randint(1024, 65535)),
            "transport": transport,
            "srcids": _known(ids),
            **_known(firewall),
        }
        message = json.dumps(record, separators=(",", ":"))
        origin = instance or resolver_endpoint
        stream = f"{vpc}_{origin}" if origin else vpc
        self.logs.put(group, stream, [(when, message)])


def _known(members: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in members.items() if value is not None}
