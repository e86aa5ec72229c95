"""Route 53: queries of public zones and of the resolver."""

from __future__ import annotations

import json

import pytest

from awsmon import MisuseError
from tests.sources.conftest import events, messages, streams

ZONE = "Z123412341234"


# Source: Route 53 Developer Guide, "Public DNS query logging", "Query log example"; here in order
# of time, and of this year.
@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"name": "example.com", "type": "AAAA", "protocol": "TCP", "edge": "IAD12",
          "resolver": "192.168.3.1", "client_subnet": "192.168.222.0/24",
          "at": "2026-03-02T08:15:50.235Z"},
         "1.0 2026-03-02T08:15:50.235Z Z123412341234 example.com AAAA NOERROR TCP IAD12 "
         "192.168.3.1 192.168.222.0/24"),
        ({"name": "bad.example.com", "rcode": "NXDOMAIN", "resolver": "192.168.3.1",
          "client_subnet": "192.168.111.0/24", "at": "2026-03-02T08:15:50.342Z"},
         "1.0 2026-03-02T08:15:50.342Z Z123412341234 bad.example.com A NXDOMAIN UDP IAD12 "
         "192.168.3.1 192.168.111.0/24"),
        ({"name": "example.com", "edge": "FRA6", "resolver": "192.168.1.1",
          "at": "2026-03-02T08:16:02.130Z"},
         "1.0 2026-03-02T08:16:02.130Z Z123412341234 example.com A NOERROR UDP FRA6 192.168.1.1 -"),
        ({"name": "example.com", "type": "ANY", "edge": "FRA6", "resolver": "2001:db8::1234",
          "client_subnet": "2001:db8:abcd::/48", "at": "2026-03-02T08:16:03.983Z"},
         "1.0 2026-03-02T08:16:03.983Z Z123412341234 example.com ANY NOERROR UDP FRA6 "
         "2001:db8::1234 2001:db8:abcd::/48"),
        ({"name": "txt.example.com", "type": "TXT", "edge": "JFK5", "resolver": "192.168.1.2",
          "at": "2026-03-02T08:16:05.744Z"},
         "1.0 2026-03-02T08:16:05.744Z Z123412341234 txt.example.com TXT NOERROR UDP JFK5 "
         "192.168.1.2 -"),
    ],
)  # fmt: skip
def test_public_queries_are_logged_as_in_aws_s_example(monitoring, options, line):
    monitoring.sources.dns.public_query(ZONE, group="/aws/route53/example.com", **options)
    assert messages("/aws/route53/example.com") == [line]


def test_each_edge_location_has_a_stream(monitoring):
    for edge in ("DFW3", "FRA6", "DFW3"):
        monitoring.sources.dns.public_query(
            ZONE, "example.com", group="/dns", resolver="192.0.2.1", edge=edge
        )
    assert streams("/dns") == [f"{ZONE}/DFW3", f"{ZONE}/FRA6"]


def test_public_queries_are_logged_in_one_region_only(monitoring):
    place = monitoring.at(region="eu-west-1")
    with pytest.raises(MisuseError, match="us-east-1"):
        place.sources.dns.public_query(ZONE, "example.com", group="/dns", resolver="192.0.2.1")
    assert list(place.logs) == []


def test_insights_discovers_the_fields_of_public_queries(monitoring):
    for name, rcode in [("a.example.com", "NOERROR"), ("b.example.com", "NXDOMAIN")]:
        monitoring.sources.dns.public_query(
            ZONE, name, group="/dns", resolver="192.0.2.1", rcode=rcode
        )
    rows = monitoring.logs.query("/dns", "filter responseCode = 'NXDOMAIN' | fields queryName")
    assert [row["queryName"] for row in rows] == ["b.example.com"]


def test_a_resolver_query_is_logged_as_in_a_recording(monitoring):
    # given a query that a public recording shows
    monitoring.sources.dns.resolver_query(
        "amazonlinux-2-repos-us-east-1.s3.dualstack.us-east-1.amazonaws.com", "AAAA",
        group="/dns", vpc="vpc-0000000", source="8.8.8.8", port=8010,
        answers=[("CNAME", "s3-r-w.dualstack.us-east-1.amazonaws.com."),
                 "2a02:cf40:add:4444:9191:a9a9:aaaa:cccc"],
    )  # fmt: skip
    # then the message is the recorded one, at this instant and in this account
    assert events("/dns") == [
        (1772452800000,
         '{"version":"1.100000","account_id":"123456789012","region":"us-east-1",'
         '"vpc_id":"vpc-0000000","query_timestamp":"2026-03-02T12:00:00Z","query_name":'
         '"amazonlinux-2-repos-us-east-1.s3.dualstack.us-east-1.amazonaws.com.",'
         '"query_type":"AAAA","query_class":"IN","rcode":"NOERROR","answers":['
         '{"Rdata":"s3-r-w.dualstack.us-east-1.amazonaws.com.","Type":"CNAME","Class":"IN"},'
         '{"Rdata":"2a02:cf40:add:4444:9191:a9a9:aaaa:cccc","Type":"AAAA","Class":"IN"}],'
         '"srcaddr":"8.8.8.8","srcport":"8010","transport":"UDP","srcids":{}}')
    ]  # fmt: skip


def test_what_the_firewall_blocked_says_so(monitoring):
    # given the values of AWS's own example
    monitoring.sources.dns.resolver_query(
        "15.3.4.32.in-addr.arpa.", "PTR", group="/dns", vpc="vpc-7example",
        source="4.5.64.102", port=56067, answers=["203.0.113.9"], instance="i-0d15cd0d3example",
        firewall_action="BLOCK", firewall_rule_group="rslvr-frg-01234567890abcdef",
        firewall_domain_list="rslvr-fdl-01234567890abcdef",
    )  # fmt: skip
    # then the members are those of the example
    [message] = messages("/dns")
    assert json.loads(message) == {
        "srcaddr": "4.5.64.102",
        "vpc_id": "vpc-7example",
        "answers": [{"Rdata": "203.0.113.9", "Type": "PTR", "Class": "IN"}],
        "firewall_rule_group_id": "rslvr-frg-01234567890abcdef",
        "firewall_rule_action": "BLOCK",
        "query_name": "15.3.4.32.in-addr.arpa.",
        "firewall_domain_list_id": "rslvr-fdl-01234567890abcdef",
        "query_class": "IN",
        "srcids": {"instance": "i-0d15cd0d3example"},
        "rcode": "NOERROR",
        "query_type": "PTR",
        "transport": "UDP",
        "version": "1.100000",
        "account_id": "123456789012",
        "srcport": "56067",
        "query_timestamp": "2026-03-02T12:00:00Z",
        "region": "us-east-1",
    }
    rows = monitoring.logs.query("/dns", "stats count(*) as n by srcids.instance, answers.0.Rdata")
    assert [(row["srcids.instance"], row["answers.0.Rdata"], row["n"]) for row in rows] == [
        ("i-0d15cd0d3example", "203.0.113.9", "1")
    ]


def test_a_port_that_nobody_gave_is_any(monitoring):
    for _ in range(2):
        monitoring.sources.dns.resolver_query(
            "example.com", group="/dns", vpc="vpc-1", source="10.0.0.5"
        )
    ports = [int(json.loads(message)["srcport"]) for message in messages("/dns")]
    assert all(1024 <= port <= 65535 for port in ports)
