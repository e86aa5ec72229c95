"""Discovered fields: JSON, Lambda, VPC flow logs, Route 53.

Source: CloudWatch Logs User Guide, "Supported logs and discovered fields", "Fields in JSON logs".
"""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from awsmon.lang.log_fields.discovery import (
    discover,
    discover_source,
    field_reader,
    node_at,
    read_fields,
)

LAMBDA = "123456789012:/aws/lambda/f"
REQUEST = "8f5f2b7c-7d2c-4a5e-9a43-8b4c1f2d3e4f"
EVENT = {  # the guide's JSON event, shortened
    "eventVersion": "1.0",
    "userIdentity": {"type": "IAMUser", "userName": "Alice"},
    "requestParameters": {"instancesSet": {"items": [{"instanceId": "i-abcde123"}]}},
    "responseElements": {"instancesSet": {"items": [{"currentState": {"code": 0}}]}},
}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (json.dumps(EVENT),
         {"eventVersion": "1.0", "userIdentity.type": "IAMUser", "userIdentity.userName": "Alice",
          "requestParameters.instancesSet.items.0.instanceId": "i-abcde123",
          "responseElements.instancesSet.items.0.currentState.code": 0}),
        ('{"a": 1.5, "b": true, "c": null, "d": {}, "e": [], "f": ["x", {"y": 2}]}',
         {"a": 1.5, "b": True, "f.0": "x", "f.1.y": 2}),
        ('  {"a": 1}\n', {"a": 1}),
        ('{"@example.com": 1, "in": {"@x": 2}}', {"@@example.com": 1, "in.@x": 2}),
        ('{"a.b": 1}', {"a.b": 1}),
        ('{"data": "{\\"startTime\\":1234}"}', {"data": '{"startTime":1234}'}),  # a leaf
        ('{"a": 1} tail', {}), ('prefix {"a": 1}', {}), ('{"a": 1', {}), ("[1, 2]", {}), ("", {}),
        ('{"a": NaN}', {}), ('{"a": 1, "a": 2}', {"a": 2}),
        # VPC flow logs and Route 53, as their guides show them
        ("2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 "
         "1418530010 1418530070 ACCEPT OK",
         {"version": "2", "accountId": "123456789010", "interfaceId": "eni-1235b8ca123456789",
          "srcAddr": "172.31.16.139", "dstAddr": "172.31.16.21", "srcPort": "20641",
          "dstPort": "22", "protocol": "6", "packets": "20", "bytes": "4249",
          "startTime": "1418530010", "endTime": "1418530070", "action": "ACCEPT",
          "logStatus": "OK"}),
        ("2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA",
         {"version": "2", "accountId": "123456789010", "interfaceId": "eni-1235b8ca123456789",
          "startTime": "1431280876", "endTime": "1431280934", "logStatus": "NODATA"}),
        ("1.0 2017-12-13T08:16:02.130Z Z123412341234 example.com A NOERROR UDP FRA6 192.168.1.1 -",
         {"version": "1.0", "queryTimestamp": "2017-12-13T08:16:02.130Z",
          "hostZoneId": "Z123412341234", "queryName": "example.com", "queryType": "A",
          "responseCode": "NOERROR", "protocol": "UDP", "edgeLocation": "FRA6",
          "resolverIp": "192.168.1.1"}),
        ("2 words and no more", {}),
    ],
)  # fmt: skip
def test_fields_of_a_message(message, expected):
    assert discover(message, "123456789012:/app") == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (f"START RequestId: {REQUEST} Version: $LATEST\n", {"@type": "START",
         "@requestId": REQUEST}),
        (f"END RequestId: {REQUEST}\n", {"@type": "END", "@requestId": REQUEST}),
        (f"REPORT RequestId: {REQUEST}\tDuration: 1.74 ms\tBilled Duration: 2 ms\t"
         "Memory Size: 128 MB\tMax Memory Used: 66 MB\tInit Duration: 124.41 ms\t\n"
         "XRAY TraceId: 1-5e-9\tSegmentId: 4a2b\tSampled: true\t\n",
         {"@type": "REPORT", "@requestId": REQUEST, "@duration": 1.74, "@billedDuration": 2.0,
          "@memorySize": 128e6, "@maxMemoryUsed": 66e6, "@initDuration": 124.41,
          "@xrayTraceId": "1-5e-9", "@xraySegmentId": "4a2b"}),
        (f"2026-03-02T12:00:00.000Z\t{REQUEST}\tINFO\thello",
         {"@requestId": REQUEST}),
        (f'2026-03-02T12:00:00.000Z\t{REQUEST}\tINFO\t{{"a": 1}} {{"b": 2}}',
         {"a": 1, "@requestId": REQUEST}),  # the first fragment only
        ('saved {"a": {"b": 1}} rows', {"a.b": 1}),
        ('{"level": "INFO"}', {"level": "INFO"}),
        ("plain", {}),
    ],
)  # fmt: skip
def test_fields_of_a_lambda_line(message, expected):
    assert discover(message, LAMBDA) == expected
    assert "@type" not in discover(message, "123456789012:/app")


def test_two_hundred_fields_are_the_most():
    many = json.dumps({f"k{number}": number for number in range(300)})
    assert list(discover(many)) == [f"k{number}" for number in range(200)]
    read = field_reader("k250")
    assert read(read_fields(many)) is None


def test_source_keeps_numbers_as_they_are_written():
    assert discover_source('{"a": 1.50, "b": 1e3, "c": true, "d": [10]}') == {
        "a": "1.50", "b": "1e3", "c": "1", "d.0": "10",
    }  # fmt: skip


def test_nodes_are_whole():
    found = read_fields('{"a": {"b": [1, 2]}}')
    assert node_at(found, "a.b") == [1, 2]
    assert node_at(found, "a.c") is None


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("ab.@", min_size=1, max_size=3), inner, max_size=3),
    ),
    max_leaves=8,
)


def leaves(node, path=""):
    """The leaves of a tree, worked out anew."""
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from leaves(inner, f"{path}.{index}")
    elif node is not None:
        yield path, node


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), _JSON, max_size=4))
def test_every_leaf_is_a_field_and_each_is_read_by_its_name(document):
    message = json.dumps(document)
    expected = dict(leaves(document))
    assert discover(message) == expected
    found = read_fields(message)
    unambiguous = [name for name, _ in leaves(document)]
    for name, value in expected.items():
        if unambiguous.count(name) == 1 and ".." not in name:
            assert field_reader(name)(found) is not None or value is None


@given(st.text(max_size=40), st.sampled_from(["", LAMBDA]))
@example('{"a":' * 10_000, "")
@example("[" * 10_000, "")
@example('{"a": ' + "9" * 5000 + "}", "")
@example('x {"a":' * 500, LAMBDA)
@example("REPORT RequestId: " + REQUEST + "\tDuration: x ms\tMemory Size: MB", LAMBDA)
def test_any_message_has_fields_or_none(message, log):
    assert isinstance(discover(message, log), dict)
    assert all(isinstance(each, str) for each in discover_source(message, log).values())
