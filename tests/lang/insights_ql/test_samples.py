"""The User Guide's own queries: read, printed, compiled, and most of them answered.

Source: CloudWatch Logs User Guide, "Sample queries", "Get started with Logs Insights QL: Query
tutorials", and the pages of the commands. Expected values are worked out by hand from the events.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from awsmon.lang.insights_ql.compiler import compile_query
from awsmon.lang.insights_ql.context import QueryContext
from awsmon.lang.insights_ql.parser import parse
from tests.lang.insights_ql.asking import NOON, event, rows

REQUEST = "8f5f2b7c-7d2c-4a5e-9a43-8b4c1f2d3e4f"


def lambda_line(text, at=0):
    return event(text, at)._replace(log="123456789012:/aws/lambda/f")


def report(duration, billed, used, at):
    return lambda_line(
        f"REPORT RequestId: {REQUEST}\tDuration: {duration} ms\tBilled Duration: {billed} ms\t"
        f"Memory Size: 128 MB\tMax Memory Used: {used} MB\t\n", at,
    )  # fmt: skip


LAMBDA = [
    lambda_line(f"START RequestId: {REQUEST} Version: $LATEST\n"),
    report("101.20", 102, 60, 1000), report("20.50", 21, 64, 2000), report("7.00", 7, 62, 400_000),
    lambda_line("2026-03-02T12:00:00Z Task timed out after 3.00 seconds", 3000),
]  # fmt: skip
FLOW = [event(line, place * 1000) for place, line in enumerate([
    "2 123456789012 eni-1 10.0.0.5 192.0.2.7 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
    "2 123456789012 eni-1 10.0.0.5 192.0.2.7 20642 22 6 10 1000 1418530010 1418530070 REJECT OK",
    "2 123456789012 eni-1 192.0.2.9 10.0.0.5 53 53 17 5 500 1418530010 1418530070 ACCEPT OK",
    "2 123456789012 eni-1 - - - - - - - 1431280876 1431280934 - SKIPDATA",
])]  # fmt: skip
DNS = [event(line, place * 1000) for place, line in enumerate([
    "1.0 2017-12-13T08:16:02.130Z Z123412341234 example.com A NOERROR UDP FRA6 192.168.1.1 -",
    "1.0 2017-12-13T08:15:50.235Z Z123412341234 example.com AAAA NOERROR TCP IAD12 192.168.3.1 "
    "192.168.222.0/24",
    "1.0 2017-12-13T08:16:03.983Z Z123412341234 x.example.com A SERVFAIL UDP FRA6 192.168.1.1 -",
])]  # fmt: skip
TRAIL = [event(each, place * 1000) for place, each in enumerate([
    {"eventSource": "ec2.amazonaws.com", "eventName": "StartInstances", "awsRegion": "us-east-2",
     "requestParameters": {"instancesSet": {"items": [{"instanceId": "i-abcde123"}]}},
     "tlsDetails": {"tlsVersion": "TLSv1.2"}},
    {"eventSource": "iam.amazonaws.com", "eventName": "CreateUser", "awsRegion": "us-east-1",
     "requestParameters": {"userName": "Alice"}, "tlsDetails": {"tlsVersion": "TLSv1"},
     "responseElements": {"user": {"arn": "arn:aws:iam::1:user/Alice"}}},
    {"eventSource": "ec2.amazonaws.com", "eventName": "StopInstances", "awsRegion": "eu-west-1"},
])]  # fmt: skip
GATEWAY = [event(each, place * 1000) for place, each in enumerate([
    {"status": 200, "ip": "192.0.2.1", "path": "/a", "httpMethod": "GET", "responseLatency": 12},
    {"status": 404, "ip": "192.0.2.2", "path": "/b", "httpMethod": "GET", "responseLatency": 30},
    {"status": "500", "ip": "192.0.2.1", "path": "/b", "httpMethod": "PUT", "responseLatency": 90},
])]  # fmt: skip
TEXT = [event(line, place * 1000) for place, line in enumerate([
    "25 May 2019 10:24:39,474 [ERROR] {foo=2, bar=data}",
    "25 May 2019 10:24:40,000 [INFO] {foo=1, bar=more}",
    "25 May 2019 10:24:41,000 [WARN] NullPointerException in x",
])]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "given", "expected"),
    [
        # Lambda
        ('filter @type = "REPORT" | stats avg(@duration), max(@duration), '
         "min(@duration) by bin(5m)",
         LAMBDA,
         [{"bin(5m)": "2026-03-02 12:05:00.000", "avg(@duration)": "7", "max(@duration)": "7",
           "min(@duration)": "7"},
          {"bin(5m)": "2026-03-02 12:00:00.000", "avg(@duration)": "60.85",
           "max(@duration)": "101.2", "min(@duration)": "20.5"}]),
        ('filter @type = "REPORT" | stats max(@memorySize / 1000 / 1000) as provisonedMemoryMB, '
         "min(@maxMemoryUsed / 1000 / 1000) as smallestMemoryRequestMB, "
         "avg(@maxMemoryUsed / 1000 / 1000) as avgMemoryUsedMB, "
         "max(@maxMemoryUsed / 1000 / 1000) as maxMemoryUsedMB, "
         "provisonedMemoryMB - maxMemoryUsedMB as overProvisionedMB", LAMBDA,
         [{"provisonedMemoryMB": "128", "smallestMemoryRequestMB": "60", "avgMemoryUsedMB": "62",
           "maxMemoryUsedMB": "64", "overProvisionedMB": "64"}]),
        ('filter @type = "REPORT" | fields @requestId, @billedDuration '
         "| sort by @billedDuration desc | limit 1", LAMBDA,
         [{"@requestId": REQUEST, "@billedDuration": "102.0"}]),
        ('filter @type="REPORT" | stats pct(@duration, 50) as p50', LAMBDA, [{"p50": "20.5"}]),
        ("filter @message like /Task timed out/ | stats count() by bin(30m)", LAMBDA,
         [{"bin(30m)": "2026-03-02 12:00:00.000", "count()": "1"}]),
        # VPC flow logs
        ("stats sum(packets) as packetsTransferred by srcAddr, dstAddr "
         "| sort packetsTransferred desc | limit 1", FLOW,
         [{"srcAddr": "10.0.0.5", "dstAddr": "192.0.2.7", "packetsTransferred": "30"}]),
        ('filter isIpv4InSubnet(srcAddr, "192.0.2.0/24") | stats sum(bytes) as bytesTransferred by '
         "dstAddr | sort bytesTransferred desc | limit 15", FLOW,
         [{"dstAddr": "10.0.0.5", "bytesTransferred": "500"}]),
        ("filter protocol=17 | stats count(*) by srcAddr", FLOW,
         [{"srcAddr": "192.0.2.9", "count(*)": "1"}]),
        ('filter logStatus="SKIPDATA" | stats count(*) by bin(1h) as t | sort t', FLOW,
         [{"t": "2026-03-02 12:00:00.000", "count(*)": "1"}]),
        ('filter action="REJECT" | stats count(*) as numRejections by srcAddr | sort numRejections '
         "desc | limit 20", FLOW, [{"srcAddr": "10.0.0.5", "numRejections": "1"}]),
        # Route 53
        ("stats count(*) by queryType", DNS,
         [{"queryType": "A", "count(*)": "2"}, {"queryType": "AAAA", "count(*)": "1"}]),
        ("stats count(*) as numRequests by resolverIp | sort numRequests desc | limit 10", DNS,
         [{"resolverIp": "192.168.1.1", "numRequests": "2"},
          {"resolverIp": "192.168.3.1", "numRequests": "1"}]),
        ('filter responseCode="SERVFAIL" | stats count(*) by queryName', DNS,
         [{"queryName": "x.example.com", "count(*)": "1"}]),
        # CloudTrail
        ("stats count(*) by eventSource, eventName, awsRegion | sort eventName | limit 1", TRAIL,
         [{"eventSource": "iam.amazonaws.com", "eventName": "CreateUser", "awsRegion": "us-east-1",
           "count(*)": "1"}]),
        ('filter (eventName="StartInstances" or eventName="StopInstances") and '
         'awsRegion="us-east-2" | fields eventName', TRAIL, [{"eventName": "StartInstances"}]),
        ('filter eventName="CreateUser" | fields awsRegion, requestParameters.userName, '
         "responseElements.user.arn", TRAIL,
         [{"awsRegion": "us-east-1", "requestParameters.userName": "Alice",
           "responseElements.user.arn": "arn:aws:iam::1:user/Alice"}]),
        ('filter requestParameters.instancesSet.items.0.instanceId="i-abcde123" | fields eventName',
         TRAIL, [{"eventName": "StartInstances"}]),
        ('filter tlsDetails.tlsVersion in [ "TLSv1", "TLSv1.1" ] '
         "| stats count(*) as numOutdatedTlsCalls by eventSource", TRAIL,
         [{"eventSource": "iam.amazonaws.com", "numOutdatedTlsCalls": "1"}]),
        # API Gateway
        ("fields @timestamp, status, ip, path, httpMethod | filter status>=400 and status<=499 "
         "| sort @timestamp desc | limit 10", GATEWAY,
         [{"@timestamp": "2026-03-02 12:00:01.000", "status": "404", "ip": "192.0.2.2",
           "path": "/b", "httpMethod": "GET"}]),
        ("filter status>=500 and status<=599 | stats count(*) as n", GATEWAY, [{"n": "1"}]),
        ("stats count(*) as requestCount by ip | sort requestCount desc | limit 1", GATEWAY,
         [{"ip": "192.0.2.1", "requestCount": "2"}]),
        # parse, stats, dedup, aliases
        ('FIELDS @message | PARSE @message "* [*] *" as loggingTime, loggingType, loggingMessage '
         '| FILTER loggingType IN ["ERROR", "INFO"] '
         '| DISPLAY loggingMessage, loggingType = "ERROR" as isError', TEXT,
         [{"loggingMessage": "{foo=1, bar=more}", "isError": "0"},
          {"loggingMessage": "{foo=2, bar=data}", "isError": "1"}]),
        ("filter @message like /Exception/ | stats count(*) as exceptionCount by bin(1h) "
         "| sort exceptionCount desc", TEXT,
         [{"bin(1h)": "2026-03-02 12:00:00.000", "exceptionCount": "1"}]),
        ("fields @message | filter @message not like /Exception/ | stats count(*) as n", TEXT,
         [{"n": "2"}]),
        ('parse @message "[*]" as level | stats count(*) by level | sort level', TEXT,
         [{"level": "ERROR", "count(*)": "1"}, {"level": "INFO", "count(*)": "1"},
          {"level": "WARN", "count(*)": "1"}]),
        ('fields coalesce(missing, ip) as ip2 | dedup ip2', GATEWAY,
         [{"ip2": "192.0.2.1"}, {"ip2": "192.0.2.2"}]),
        ("fields abs(responseLatency - 100) as away | sort away | limit 1", GATEWAY,
         [{"away": "10"}]),
        ("stats count_distinct(ip) as ips, avg(responseLatency) as l by httpMethod "
         "| stats max(ips) as most, sum(l) as all", GATEWAY, [{"most": "2", "all": "111"}]),
        ("filter ispresent(path) | filter path in ['/b'] | stats latest(status) as s", GATEWAY,
         [{"s": "500"}]),
        ('fields strcontains(@message, "Exception") as e, strlen(@message) as l | filter e = 1 '
         "| display l", TEXT, [{"l": str(len(TEXT[2].message))}]),
    ],
)  # fmt: skip
def test_a_sample_is_answered(query, given, expected):
    assert rows(query, given) == expected


SAMPLES = (Path(__file__).parent / "samples.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("query", SAMPLES)
def test_a_sample_is_read_printed_and_compiled(query):
    tree = parse(query)
    assert parse(str(tree)) == tree
    context = QueryContext(
        start=NOON, end=NOON + 1, table=lambda name: [], source=lambda source: [],
        window=lambda start, end: [],
    )  # fmt: skip
    result = compile_query(tree, context).run(GATEWAY)
    assert all(isinstance(value, str) for row in result.dicts() for value in row.values())
