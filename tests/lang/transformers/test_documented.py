"""The documented examples: CloudWatch Logs User Guide, "Processors that you can use"."""

from __future__ import annotations

import json

import pytest

from awsmon.lang.transformers.compiler import compile_transformer

JSON = {"parseJSON": {}}
OUTER = {"outer_key": {"inner_key": "inner_value"}}
LIST = {
    "outer_key": [
        {"inner_key": "a", "inner_value": "val-a"},
        {"inner_key": "b", "inner_value": "val-b1"},
        {"inner_key": "b", "inner_value": "val-b2"},
        {"inner_key": "c", "inner_value": "val-c"},
    ]
}
METADATA = {
    "@logGroupName": "myLogGroupName", "@logGroupStream": "myLogStreamName",
    "@accountId": "012345678912", "@regionName": "us-east-1",
}  # fmt: skip
CLOUDFRONT = (
    "2019-12-04  21:02:31   LAX1   392    192.0.2.24    GET    d111111abcdef8.cloudfront.net  "
    "/index.html    200    -  Mozilla/5.0%20(Windows%20NT%2010.0;%20Win64;%20x64)  -  -  Hit    "
    "SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==   d111111abcdef8.cloudfront.net  "
    "https  23 0.001  -  TLSv1.2    ECDHE-RSA-AES128-GCM-SHA256    Hit    HTTP/2.0   -  -  11040  "
    "0.001  Hit    text/html  78 -  -"
)


def transformed(message, *config):
    text = message if isinstance(message, str) else json.dumps(message)
    found = compile_transformer(config).transformed(text, METADATA)
    return None if found is None else json.loads(found)


def grok(match):
    return {"grok": {"match": match}}


@pytest.mark.parametrize(
    ("message", "config", "expected"),
    [
        (OUTER, [{"parseJSON": {"destination": "new_key"}}], {"new_key": OUTER}),
        ('293750 server-01.internal-network.local OK "[Thread-000] token generated"',
         [grok("%{NUMBER:version} %{HOSTNAME:hostname} %{NOTSPACE:status} "
               "%{QUOTEDSTRING:logMsg}")],
         {"version": "293750", "hostname": "server-01.internal-network.local", "status": "OK",
          "logMsg": "[Thread-000] token generated"}),
        ("23/Nov/2024:10:25:15 -0900 172.16.0.1 200",
         [grok("%{HTTPDATE:timestamp} %{IPORHOST:clientip} %{NUMBER:response_status}")],
         {"timestamp": "23/Nov/2024:10:25:15 -0900", "clientip": "172.16.0.1",
          "response_status": "200"}),
        ({"timestamp": "2024-11-23T16:03:12Z", "level": "ERROR",
          "logMsg": "GET /page.html HTTP/1.1"},
         [JSON, {"grok": {"source": "logMsg", "match": "%{WORD:http_method} %{NOTSPACE:request} "
                          "HTTP/%{NUMBER:http_version}"}}],
         {"timestamp": "2024-11-23T16:03:12Z", "level": "ERROR",
          "logMsg": "GET /page.html HTTP/1.1", "http_method": "GET", "request": "/page.html",
          "http_version": "1.1"}),
        ("192.168.1.1 GET /index.html?param=value 200 1234",
         [grok("%{IP:client.ip} %{WORD:method} %{URIPATHPARAM:request.uri} "
               "%{NUMBER:response.status} %{NUMBER:response.bytes}")],
         {"client": {"ip": "192.168.1.1"}, "method": "GET",
          "request": {"uri": "/index.html?param=value"},
          "response": {"status": "200", "bytes": "1234"}}),
        ('1629860738.123456 [0 127.0.0.1:6379] "SET" "key1" "value1"',
         [grok("%{NUMBER:timestamp} [%{NUMBER:db} %{IP:client_ip}:%{NUMBER:client_port}] "
               "%{GREEDYDATA:data}")],
         {"timestamp": "1629860738.123456", "db": "0", "client_ip": "127.0.0.1",
          "client_port": "6379", "data": '"SET" "key1" "value1"'}),
        ('127.0.0.1 - - [03/Aug/2023:12:34:56 +0000] "GET /page.html HTTP/1.1" 200 1234',
         [grok("%{APACHE_ACCESS_LOG}")],
         {"request": "/page.html", "http_method": "GET", "status_code": 200, "http_version": "1.1",
          "response_size": 1234, "remote_host": "127.0.0.1", "timestamp": "2023-08-03T12:34:56Z"}),
        ('192.168.1.100 - Foo [03/Aug/2023:12:34:56 +0000] "GET /account/login.html HTTP/1.1" 200 '
         '42 "https://www.amazon.com/" "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"',
         [grok("%{NGINX_ACCESS_LOG}")],
         {"request": "/account/login.html", "referrer": "https://www.amazon.com/",
          "agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "http_method": "GET",
          "status_code": 200, "auth_user": "Foo", "http_version": "1.1", "response_size": 42,
          "remote_host": "192.168.1.100", "timestamp": "2023-08-03T12:34:56Z"}),
        ('<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 '
         '[exampleSDID@32473 iut="3" eventSource= "Application" eventID="1011"]'
         '[examplePriority@32473 class="high"]', [grok("%{SYSLOG5424}")],
         {"pri": 165, "version": 1, "timestamp": "2003-10-11T22:14:15.003Z",
          "hostname": "mymachine.example.com", "app": "evntslog", "msg_id": "ID47",
          "structured_data": 'exampleSDID@32473 iut="3" eventSource= "Application" eventID="1011"',
          "message": '[examplePriority@32473 class="high"]'}),
        ("'Akua Mansa':28:'New York: USA'",
         [{"csv": {"delimiter": ":", "quoteCharacter": "'"}}],
         {"column_1": "Akua Mansa", "column_2": "28", "column_3": "New York: USA"}),
        ("key1:value1!key2:value2!key3:value3!key4",
         [{"parseKeyValue": {"destination": "new_key", "fieldDelimiter": "!",
                             "keyValueDelimiter": ":", "nonMatchValue": "defaultValue",
                             "keyPrefix": "parsed_"}}],
         {"new_key": {"parsed_key1": "value1", "parsed_key2": "value2", "parsed_key3": "value3",
                      "parsed_key4": "defaultValue"}}),
        ({"action": "BLOCK", "httpRequest": {"clientIp": "1.1.1.1", "headers": [
            {"name": "Host", "value": "localhost:1989"}, {"name": "Accept", "value": "*/*"}]},
          "labels": [{"name": "value"}]}, [{"parseWAF": {}}],
         {"action": "BLOCK", "httpRequest": {"clientIp": "1.1.1.1", "headers": {
             "Host": "localhost:1989", "Accept": "*/*"}}, "labels": {"name": "value"}}),
        ("2019-03-10 03:54:59 UTC:10.0.0.123(52834):postgres@logtestdb:[20175]:ERROR: column "
         '"wrong_column_name" does not exist at character 8', [{"parsePostgres": {}}],
         {"logTime": "2019-03-10 03:54:59 UTC", "srcIp": "10.0.0.123(52834)",
          "userName": "postgres", "dbName": "logtestdb", "processId": "20175",
          "logLevel": "ERROR"}),
        ("1.0 2017-12-13T08:15:50.235Z Z123412341234 example.com AAAA NOERROR TCP IAD12 192.0.2.0 "
         "198.51.100.0/24", [{"parseRoute53": {}}],
         {"version": 1.0, "queryTimestamp": "2017-12-13T08:15:50.235Z",
          "hostZoneId": "Z123412341234", "queryName": "example.com", "queryType": "AAAA",
          "responseCode": "NOERROR", "protocol": "TCP", "edgeLocation": "IAD12",
          "resolverIp": "192.0.2.0", "ednsClientSubnet": "198.51.100.0/24"}),
        ("2 123456789010 eni-abc123de 192.0.2.0 192.0.2.24 20641 22 6 20 4249 1418530010 "
         "1418530070 ACCEPT OK", [{"parseVPC": {}}],
         {"version": 2, "accountId": "123456789010", "interfaceId": "eni-abc123de",
          "srcAddr": "192.0.2.0", "dstAddr": "192.0.2.24", "srcPort": 20641, "dstPort": 22,
          "protocol": 6, "packets": 20, "bytes": 4249, "start": 1418530010, "end": 1418530070,
          "action": "ACCEPT", "logStatus": "OK"}),
        ({"outer_key": {"inner_key": "INNER_VALUE"}},
         [JSON, {"lowerCaseString": {"withKeys": ["outer_key.inner_key"]}}], OUTER),
        (OUTER, [JSON, {"upperCaseString": {"withKeys": ["outer_key.inner_key"]}}],
         {"outer_key": {"inner_key": "INNER_VALUE"}}),
        ({"outer_key": {"inner_key": "item1, item2, item3"}},
         [JSON, {"splitString": {"entries": [
             {"source": "outer_key.inner_key", "delimiter": ", "}]}}],
         {"outer_key": {"inner_key": ["item1", "item2", "item3"]}}),
        ({"outer_key": {"inner_key1": "[]", "inner_key2": "123-345-567",
                        "inner_key3": "A cat takes a catnap."}},
         [JSON, {"substituteString": {"entries": [
             {"source": "outer_key.inner_key1", "from": "\\[\\]", "to": "value1"},
             {"source": "outer_key.inner_key2", "from": "[0-9]{3}-[0-9]{3}-[0-9]{3}",
              "to": "xxx-xxx-xxx"},
             {"source": "outer_key.inner_key3", "from": "cat", "to": "dog"}]}}],
         {"outer_key": {"inner_key1": "value1", "inner_key2": "xxx-xxx-xxx",
                        "inner_key3": "A dog takes a dognap."}}),
        ({"outer_key": {"inner_key1": "Tom, Dick, and Harry", "inner_key2":
                        "arn:aws:sts::123456789012:assumed-role/MyImportantRole/MySession"}},
         [JSON, {"substituteString": {"entries": [
             {"source": "outer_key.inner_key1", "from": r"(\w+), (\w+), and (\w+)",
              "to": "$1 and $3"},
             {"source": "outer_key.inner_key2",
              "from": r"^arn:aws:sts::(?P<account_id>\d{12}):assumed-role/"
                      r"(?P<role_name>[\w+=,.@-]+)/(?P<role_session_name>[\w+=,.@-]+)$",
              "to": "${account_id}:${role_name}:${role_session_name}"}]}}],
         {"outer_key": {"inner_key1": "Tom and Harry",
                        "inner_key2": "123456789012:MyImportantRole:MySession"}}),
        ({"outer_key": {"inner_key": "   inner_value  "}},
         [JSON, {"trimString": {"withKeys": ["outer_key.inner_key"]}}], OUTER),
        (OUTER, [JSON, {"addKeys": {"entries": [
            {"key": "outer_key.new_key", "value": "new_value"}]}}],
         {"outer_key": {"inner_key": "inner_value", "new_key": "new_value"}}),
        (OUTER, [JSON, {"deleteKeys": {"withKeys": ["outer_key.inner_key"]}}], {"outer_key": {}}),
        ({"outer_key1": {"inner_key1": "inner_value1"},
          "outer_key2": {"inner_key2": "inner_value2"}},
         [JSON, {"moveKeys": {"entries": [
             {"source": "outer_key1.inner_key1", "target": "outer_key2"}]}}],
         {"outer_key1": {},
          "outer_key2": {"inner_key2": "inner_value2", "inner_key1": "inner_value1"}}),
        (OUTER, [JSON, {"renameKeys": {"entries": [{"key": "outer_key", "renameTo": "new_key"}]}}],
         {"new_key": {"inner_key": "inner_value"}}),
        (OUTER, [JSON, {"copyValue": {"entries": [
            {"source": "outer_key.inner_key", "target": "new_key"},
            {"source": "@logGroupName", "target": "log_group_name"},
            {"source": "@logGroupStream", "target": "log_group_stream"},
            {"source": "@accountId", "target": "account_id"},
            {"source": "@regionName", "target": "region_name"}]}}],
         {**OUTER, "new_key": "inner_value", "log_group_name": "myLogGroupName",
          "log_group_stream": "myLogStreamName", "account_id": "012345678912",
          "region_name": "us-east-1"}),
        (LIST, [JSON, {"listToMap": {"source": "outer_key", "key": "inner_key",
                                     "valueKey": "inner_value", "flatten": False}}],
         {**LIST, "a": ["val-a"], "b": ["val-b1", "val-b2"], "c": ["val-c"]}),
        (LIST, [JSON, {"listToMap": {"source": "outer_key", "key": "inner_key",
                                     "valueKey": "inner_value", "flatten": True,
                                     "flattenedElement": "first"}}],
         {**LIST, "a": "val-a", "b": "val-b1", "c": "val-c"}),
        (LIST, [JSON, {"listToMap": {"source": "outer_key", "key": "inner_key",
                                     "valueKey": "inner_value", "flatten": True,
                                     "flattenedElement": "last"}}],
         {**LIST, "a": "val-a", "b": "val-b2", "c": "val-c"}),
        ({"name": "value", "status": "200"},
         [JSON, {"typeConverter": {"entries": [{"key": "status", "type": "integer"}]}}],
         {"name": "value", "status": 200}),
    ],
)  # fmt: skip
def test_an_example(message, config, expected):
    assert transformed(message, *config) == expected


def test_cloudfront():
    found = transformed(CLOUDFRONT, {"parseCloudfront": {}})
    assert len(found) == 33
    assert found["cs(User-Agent)"] == "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
    assert (found["date"], found["sc-bytes"], found["time-taken"]) == ("2019-12-04", 392, 0.001)
    assert (found["c-port"], found["sc-range-end"]) == (11040, "-")


def test_german_dates():
    # the documented result, "1998-12-05T17:00:00 MEZ", tells neither end of the conversion: eleven
    # in Berlin is five in New York
    found = transformed(
        {"german_datetime": "Samstag 05. Dezember 1998 11:00:00"},
        JSON,
        {
            "dateTimeConverter": {
                "source": "german_datetime", "target": "target_1", "locale": "de",
                "matchPatterns": ["EEEE dd. MMMM yyyy HH:mm:ss"],
                "sourceTimezone": "Europe/Berlin", "targetTimezone": "America/New_York",
                "targetFormat": "yyyy-MM-dd'T'HH:mm:ss z",
            }
        },
    )  # fmt: skip
    assert found["target_1"] == "1998-12-05T05:00:00 EST"


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("USERNAME", "user123.name-TEST", {}), ("INT", "-456", {}), ("BASE10NUM", "-0.67", {}),
        ("BASE16NUM", "+0xA1B2", {}), ("POSINT", "123", {}), ("NONNEGINT", "007", {}),
        ("WORD", "user_123", {}), ("NOTSPACE", "hello_world123", {}), ("SPACE", " ", {}),
        ("GREEDYDATA_MULTILINE", "abc\ndef\nghi", {}),
        ("UUID", "550e8400-e29b-41d4-a716-446655440000", {}), ("URN", "urn:isbn:0451450523", {}),
        ("ARN", "arn:aws:iam:us-east-1:123456789012:user/johndoe", {}),
        ("CISCOMAC", "0123.4567.89AB", {}), ("WINDOWSMAC", "01-23-45-67-89-AB", {}),
        ("COMMONMAC", "01:23:45:67:89:AB", {}), ("MAC", "01:23:45:67:89:AB", {}),
        ("IPV6", "2001:db8:3333:4444:5555:6666:7777:8888", {}), ("IPV4", "192.168.0.1", {}),
        ("IPV6", "::1", {}), ("IPV6", "fe80::1", {}), ("IPV6", "::ffff:192.0.2.1", {}),
        ("IP", "192.168.0.1", {}), ("HOST", "server-01.internal-network.local", {}),
        ("IPORHOST", "2001:db8:3333:4444:5555:6666:7777:8888", {}),
        ("HOSTPORT", "192.168.1.1:8080", {"PORT": "8080"}),
        ("URIHOST", "example.com:443", {"port": "443"}), ("URIHOST", "10.0.0.1", {}),
        ("UNIXPATH", "/search?q=regex", {}),
        ("WINPATH", "C:\\Users\\John\\Documents\\file.txt", {}),
        ("PATH", "/search?q=regex", {}), ("TTY", "/dev/tty1", {}),
        ("URIPROTO", "web+transformer", {}), ("URIPATH", "/category/sub-category/product_name", {}),
        ("URIPARAM", "?param1=value1&param2=value2", {}),
        ("URIPATHPARAM", "/category/sub-category/product?id=12345&color=red", {}),
        ("URI", "https://user:password@example.com/path/to/resource?param1=value1", {}),
        ("MONTH", "Jan", {}), ("MONTH", "January", {}), ("MONTHNUM", "5", {}),
        ("MONTHNUM", "05", {}), ("MONTHNUM2", "05", {}), ("MONTHDAY", "31", {}),
        ("YEAR", "2024", {}), ("YEAR", "24", {}), ("DAY", "Tuesday", {}), ("HOUR", "22", {}),
        ("MINUTE", "59", {}), ("SECOND", "3", {}), ("SECOND", "30.5", {}), ("SECOND", "30:5", {}),
        ("TIME", "09:45:32", {}), ("DATE_US", "11/23/2024", {}), ("DATE_US", "1-01-24", {}),
        ("DATE_EU", "23/11/2024", {}), ("DATE_EU", "1.01.24", {}),
        ("ISO8601_TIMEZONE", "+05:30", {}), ("ISO8601_TIMEZONE", "-530", {}),
        ("ISO8601_TIMEZONE", "Z", {}), ("ISO8601_SECOND", "60", {}),
        ("TIMESTAMP_ISO8601", "2023-05-15T14:30:00+05:30", {}),
        ("TIMESTAMP_ISO8601", "23-5-1T1:25+5:30", {}), ("TIMESTAMP_ISO8601", "23-5-1T1:25Z", {}),
        ("DATE", "11/29/2024", {}), ("DATE", "29.11.2024", {}),
        ("DATESTAMP", "29-11-2024 14:30:00", {}), ("TZ", "PDT", {}),
        ("DATESTAMP_RFC822", "Monday Jan 5 23 1:30:00 CDT", {}),
        ("DATESTAMP_RFC822", "Mon January 15 2023 14:30:00 PST", {}),
        ("DATESTAMP_RFC2822", "Mon, 15 May 2023 14:30:00 +0530", {}),
        ("DATESTAMP_RFC2822", "Monday, 15 Jan 23 14:30:00 Z", {}),
        ("DATESTAMP_OTHER", "Mon May 15 14:30:00 PST 2023", {}),
        ("DATESTAMP_EVENTLOG", "20230515143000", {}), ("LOGLEVEL", "INFO", {}),
        ("LOGLEVEL", "Warning", {}), ("HTTPDATE", "23/Nov/2024:14:30:00 +0640", {}),
        ("SYSLOGTIMESTAMP", "Nov 29 14:30:00", {}), ("PROG", "user.profile/settings-page", {}),
        ("SYSLOGPROG", "user.profile/settings-page[1234]",
         {"program": "user.profile/settings-page", "pid": "1234"}),
        ("SYSLOGHOST", "2001:db8:3333:4444:5555:6666:7777:8888", {}),
        ("SYSLOGFACILITY", "<13.6>", {"facility": "13", "priority": "6"}),
    ],
)  # fmt: skip
def test_a_grok_pattern(pattern, text, expected):
    assert transformed(text, grok(f"%{{{pattern}:it}}")) == {"it": text, **expected}


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("%{DATA:x} %{DATA:y}", "abc def ghi", {"x": "abc", "y": "def ghi"}),
        ("%{GREEDYDATA:x} %{GREEDYDATA:y}", "abc def ghi", {"x": "abc def", "y": "ghi"}),
        ("%{QUOTEDSTRING:msg}", '"Hello, world!"', {"msg": "Hello, world!"}),
        ("%{URIHOST:host} %{URIHOST:ip}", "example.com:443 10.0.0.1",
         {"host": "example.com:443", "port": "443", "ip": "10.0.0.1"}),
        ("%{SYSLOG5424}%{DATA:logMsg}", "not a syslog line", None),
    ],
)  # fmt: skip
def test_grok_patterns_together(pattern, text, expected):
    assert transformed(text, grok(pattern)) == expected
