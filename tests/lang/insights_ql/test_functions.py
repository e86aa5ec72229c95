"""Every function and operator, by AWS's tables and samples.

Source of the expected values: CloudWatch Logs User Guide, "Boolean, comparison, numeric, datetime,
and other functions", and, where it gives no value, arithmetic, RFCs and Python's own libraries.
"""

from __future__ import annotations

import base64
import hashlib
import math

import pytest

from awsmon.lang.text import LanguageError
from tests.lang.insights_ql.asking import NOON, event, rows

FIELDS = {
    "n": 7, "f": 2.5, "neg": -3.7, "t": "Hello World", "num": "12", "blank": "  ", "empty": "",
    "yes": True, "ip": "10.0.0.7", "pub": "8.8.8.8", "six": "2001:db8::1", "big": 128000000,
    "list": '["a","b"]', "map": '{"k":{"x":1},"l":[1,2],"a b":"c"}', "url": "a b&c/d",
    "date": "2026-03-02 14:30:00", "hex": "48656c6c6f",
}  # fmt: skip


def value(expression, **context):
    """What an expression is, of an event with these fields."""
    [row] = rows(f"fields {expression} as x | display x", [event(FIELDS)], **context)
    return row.get("x")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # numeric operators
        ("n + 2", "9"), ("n - 10", "-3"), ("n * f", "17.5"), ("n / 2", "3.5"), ("8 / 2", "4"),
        ("2 ^ 10", "1024"), ("n % 4", "3"), ("-n", "-7"), ("2 + 3 * 4", "14"),
        ("(2 + 3) * 4", "20"),
        ("2 ^ 3 ^ 2", "512"), ("10 - 4 - 3", "3"), ("num + 1", "13"), ("t + 1", None),
        ("missing + 1", None), ("n / 0", None), ("1 / 3", "0.3333"), ("big * 1.0", "1.28E8"),
        # comparison and boolean operators
        ("n = 7", "1"), ("n != 7", "0"), ("n > 6.5", "1"), ("n <= 6", "0"), ("num = 12", "1"),
        ("t = 'Hello World'", "1"), ("t = 'hello world'", "0"), ("missing = 1", "0"),
        ("missing != 1", "0"), ("n > 1 and f > 1", "1"), ("n > 1 and f > 3", "0"),
        ("n > 9 or f > 1", "1"), ("not (n > 1)", "0"), ("n in [1, 7]", "1"),
        ("n not in [1, 7]", "0"),
        ("t like 'World'", "1"), ("t like /w.rld/", "0"), ("t like /(?i)w.rld/", "1"),
        ("t =~ /^Hello/", "1"), ("t not like 'x'", "1"), ("yes = 1", "1"),
        # numeric operations
        ("abs(neg)", "3.7"), ("ceil(neg)", "-3"), ("ceil(f)", "3"), ("floor(f)", "2"),
        ("floor(neg)", "-4"), ("greatest(n, f, 3)", "7"), ("least(n, f, 3)", "2.5"),
        ("log(1)", "0"), ("log(n)", f"{math.log(7):.4f}"), ("sqrt(16)", "4"),
        ("sqrt(n)", f"{math.sqrt(7):.4f}"), ("log(0)", None), ("sqrt(neg)", None),
        ("round(f)", "3"), ("round(3.14159, 2)", "3.14"), ("toNumber('42')", "42"),
        ("toInt('42.9')", "42"), ("toLong(f)", "2"), ("toDouble(n)", "7"), ("abs(t)", None),
        # general
        ("ispresent(n)", "1"), ("ispresent(missing)", "0"), ("coalesce(missing, t)", "Hello World"),
        ("coalesce(missing, also)", None), ("if(n > 5, 'high', 'low')", "high"),
        ("if(n > 9, 'high', 'low')", "low"), ("isNumeric(num)", "1"), ("isNumeric(t)", "0"),
        ("case(n > 9, 'a', n > 5, 'b', 'c')", "b"), ("case(n > 9, 'a', 'c')", "c"),
        ("case(n > 9, 'a')", None), ("messageSize(t)", "11"),
        # strings
        ("isempty(empty)", "1"), ("isempty(missing)", "1"), ("isempty(t)", "0"),
        ("isblank(blank)", "1"), ("isblank(empty)", "1"), ("isblank(t)", "0"),
        ("concat(t, '!', n)", "Hello World!7"), ("concat(t, missing)", None),
        ("ltrim('  a ')", "a "), ("rtrim('  a ')", "  a"), ("trim('  a ')", "a"),
        ("ltrim('xxyabc', 'xy')", "abc"), ("rtrim('abcyx', 'xy')", "abc"),
        ("trim('xax', 'x')", "a"),
        ("strlen(t)", "11"), ("strlen('über')", "4"), ("toupper(t)", "HELLO WORLD"),
        ("tolower(t)", "hello world"), ("substr(t, 6)", "World"), ("substr(t, 0, 5)", "Hello"),
        ("substr('xyZfooxyZ', 3, 4)", "foox"), ("substr('xyZfooxyZ', 3)", "fooxyZ"),
        ("replace('foo', 'o', '0')", "f00"), ("strcontains(t, 'World')", "1"),
        ("strcontains(t, 'world')", "0"), ("startsWith(t, 'Hello')", "1"),
        ("endsWith(t, 'x')", "0"),
        ("regexReplace('a1b22', '[0-9]+', '#')", "a#b#"), ("urlencode(url)", "a+b%26c%2Fd"),
        ("urldecode('a%20b')", "a b"),
        ("base64encode(t)", base64.b64encode(b"Hello World").decode()),
        ("base64decode('SGVsbG8=')", "Hello"), ("hexToAscii(hex)", "Hello"),
        ("hexToDec('ff')", "255"),
        ("decToHex(255)", "0xff"), ("decToHex(-10.7)", "-0xa"), ("hexToDec('0xff')", "255"),
        ("md5(t)", hashlib.md5(b"Hello World").hexdigest()),
        ("sha256(t)", hashlib.sha256(b"Hello World").hexdigest()),
        # IP addresses
        ("isValidIp(ip)", "1"), ("isValidIp(t)", "0"), ("isValidIpV4(ip)", "1"),
        ("isValidIpV4(six)", "0"), ("isValidIpV6(six)", "1"),
        ("isIpInSubnet(ip, '10.0.0.0/8')", "1"),
        ("isIpInSubnet('192.0.2.1', '10.0.0.0/8')", "0"),
        ("isIpv4InSubnet('10.1.2.3', '10.0.0.0/8')", "1"),
        ("isIpv6InSubnet(six, '2001:db8::/32')", "1"), ("isPrivateIP(ip)", "1"),
        ("isPublicIP(pub)", "1"), ("isPublicIP(ip)", "0"), ("ipv4ToNumber('0.0.1.0')", "256"),
        ("isReservedIP('127.0.0.1')", "1"),
        # JSON
        ("jsonStringify(jsonParse(list))", '["a","b"]'), ("jsonArraySize(list)", "2"),
        ("jsonArrayContains(list, 'b')", "1"), ("jsonArrayContains(list, 'z')", "0"),
        ("jsonParse(t)", None),
        # datetime, at 12:00:00.000 UTC on a Monday
        ("@timestamp", "2026-03-02 12:00:00.000"), ("toMillis(@timestamp)", str(NOON)),
        ("fromMillis(1772452800000)", "2026-03-02 12:00:00.000"),
        ("datefloor(@timestamp, 1h)", "2026-03-02 12:00:00.000"),
        ("dateceil(@timestamp + 1, 1h)", "2026-03-02 13:00:00.000"),
        ("bin(1d)", "2026-03-02 00:00:00.000"), ("bin(1w)", "2026-03-02 00:00:00.000"),
        ("bin(1mo)", "2026-03-01 00:00:00.000"), ("bin(1q)", "2026-01-01 00:00:00.000"),
        ("bin(1y)", "2026-01-01 00:00:00.000"), ("bin(30s)", "2026-03-02 12:00:00.000"),
        ("bin(5min)", "2026-03-02 12:00:00.000"), ("bin(2 hours)", None),
        ("formatDate(@timestamp, '%Y/%m/%d %H')", "2026/03/02 12"),
        ("strftime(@timestamp, '%Y-%m-%d', 'Asia/Tokyo')", "2026-03-02"),
        ("strftime(@timestamp, '%H', 'America/New_York')", "07"),
        ("parseDate(date, 'yyyy-MM-dd HH:mm:ss')", str(NOON + 9_000_000)),
        ("now()", "1772456400"), ("queryEndTime()", str(NOON + 3_600_000)),
        ("queryStartTime()", str(NOON - 3_600_000)), ("queryTimeRange()", "7200000"),
    ],
)  # fmt: skip
def test_what_a_function_answers(expression, expected):
    if expression == "bin(2 hours)":  # a period has no blank in it
        with pytest.raises(LanguageError):
            value(expression)
        return
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [("m.k.x", "1"), ("m.l[1]", "2"), ("m.`a b`", "c"), ("m.none", None), ("m.l[9]", None),
     ("m.k", '{"x":1}')],
)  # fmt: skip
def test_maps_and_lists_are_reached_into(steps, expected):
    [row] = rows(f"fields jsonParse(map) as m | fields {steps} as x | display x", [event(FIELDS)])
    assert row.get("x") == expected


def test_distance_on_the_globe():
    # London to Paris is about 344 km
    assert float(value("haversine(51.5074, -0.1278, 48.8566, 2.3522)")) == pytest.approx(344, abs=1)


@pytest.mark.parametrize(
    "expression",
    ["nosuch(n)", "abs()", "abs(n, f)", "substr(t)", "bin()", "bin(n)", "bin(5x)", "avg(n)",
     "case()", "regexReplace(t, '(', 'x')", "abs('text')", "concat(n"],
)  # fmt: skip
def test_calls_that_are_refused(expression):
    with pytest.raises(LanguageError) as caught:
        value(expression)
    assert caught.value.end >= caught.value.position >= 0


@pytest.mark.parametrize(
    ("period", "floor"),
    [("300s", "12:07:00"), ("90m", "12:00:00"), ("5m", "12:05:00"), ("10s", "12:07:30"),
     ("500ms", "12:07:31.500"), ("30min", "12:00:00"), ("1hr", "12:00:00"),
     ("15minutes", "12:00:00")],
)  # fmt: skip
def test_bins_are_capped_as_documented(period, floor):
    # seconds and minutes count up to 60, hours up to 24, milliseconds up to 1000 (User Guide)
    [row] = rows(f"fields bin({period}) as x | display x", [event({"a": 1}, 451_750)])
    assert row["x"].startswith(f"2026-03-02 {floor}")
