"""API Gateway: access logs and execution logs."""

from __future__ import annotations

import json
import re

import pytest

from awsmon import MisuseError, Monitoring
from tests.sources.conftest import events, messages, streams

EXECUTION = "API-Gateway-Execution-Logs_uwe3g5jm54/Prod"
URI = (
    "https://lambda.eu-west-2.amazonaws.com/2015-03-31/functions/arn:aws:lambda:eu-west-2:"
    "958845080241:function:echo/invocations"
)
# Source: API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs".
CLF = (
    "$context.identity.sourceIp $context.identity.caller $context.identity.user "
    '[$context.requestTime] "$context.httpMethod $context.resourcePath $context.protocol" '
    "$context.status $context.responseLength $context.requestId"
)
CSV = (
    "$context.identity.sourceIp,$context.identity.caller,$context.identity.user,"
    "$context.requestTime,$context.httpMethod,$context.resourcePath,$context.protocol,"
    "$context.status,$context.responseLength,$context.requestId"
)
XML = (
    '<request id="$context.requestId"> <ip>$context.identity.sourceIp</ip> '
    "<status>$context.status</status> </request>"
)
JSON = (
    '{ "requestId":"$context.requestId", "ip": "$context.identity.sourceIp", '
    '"httpMethod":"$context.httpMethod","path":"$context.path", "status":"$context.status", '
    '"latency":"$context.integrationLatency", "who":"$context.authorizer.principalId" }'
)


@pytest.fixture
def apis(monitoring):
    return monitoring.sources.apis


@pytest.mark.parametrize(
    ("log_format", "line"),
    [
        (CLF, '203.0.113.9 - - [02/Mar/2026:12:00:00 +0000] "GET /pets/{pet} HTTP/1.1" 200 4 {id}'),
        (CSV, "203.0.113.9,-,-,02/Mar/2026:12:00:00 +0000,GET,/pets/{pet},HTTP/1.1,200,4,{id}"),
        (XML, '<request id="{id}"> <ip>203.0.113.9</ip> <status>200</status> </request>'),
        ("$context.requestId. $context.nothing.", "{id}. -."),
        ("$context.extendedRequestIdx $context.requestId", "- {id}"),
    ],
)
def test_an_access_log_has_the_user_s_format(apis, log_format, line):
    apis.stage("api1", "prod", access_group="/access", access_format=log_format)
    request_id = apis.request(
        "api1", "prod", "GET", "/pets/7", resource="/pets/{pet}", source_ip="203.0.113.9",
        response_body="fish",
    )  # fmt: skip
    assert messages("/access") == [line.replace("{id}", request_id)]


def test_insights_reads_an_access_log_in_json(apis, monitoring):
    apis.stage("api1", "prod", access_group="/access", access_format=JSON)
    for status, latency in [(200, 20), (500, 400)]:
        apis.request(
            "api1", "prod", "GET", "/pets", status=status, integration=URI,
            integration_latency_ms=latency, context={"authorizer.principalId": "u1"},
        )  # fmt: skip
    rows = monitoring.logs.query("/access", "filter status >= 500 | fields latency, path, who")
    assert [(row["latency"], row["path"], row["who"]) for row in rows] == [
        ("400", "/prod/pets", "u1")
    ]


# Source: API Gateway Developer Guide, "Variables for access logging".
def test_the_variables_tell_of_the_request(apis):
    names = [
        "accountId", "apiId", "awsEndpointRequestId", "domainName", "domainPrefix", "error.message",
        "error.messageString", "extendedRequestId", "httpMethod", "identity.apiKey",
        "identity.sourceIp", "identity.userAgent", "integration.status", "integrationStatus",
        "path", "protocol", "requestId", "requestTimeEpoch", "resourcePath", "responseLatency",
        "responseLength", "routeKey", "stage", "status", "xrayTraceId",
    ]  # fmt: skip
    form = json.dumps({name: f"$context.{name}" for name in names if name != "error.messageString"})
    apis.stage("api1", "prod", access_group="/access", access_format=form)
    request_id = apis.request(
        "api1", "prod", "POST", "/pets", status=502, headers={"User-Agent": "curl/8"},
        integration=URI, integration_status=200, integration_request_id="r-1", latency_ms=31,
        integration_latency_ms=29, api_key="k" * 10, error="Bad gateway", trace_id="1-a",
        response_body="\u00e4",
    )  # fmt: skip
    [message] = messages("/access")
    found = json.loads(message)
    assert re.fullmatch(r"[\w-]{15}=", found.pop("extendedRequestId"))
    assert found == {
        "accountId": "123456789012", "apiId": "api1", "awsEndpointRequestId": "r-1",
        "domainName": "api1.execute-api.us-east-1.amazonaws.com", "domainPrefix": "api1",
        "error.message": "Bad gateway", "httpMethod": "POST", "identity.apiKey": "k" * 10,
        "identity.sourceIp": "127.0.0.1", "identity.userAgent": "curl/8",
        "integration.status": "200", "integrationStatus": "200", "path": "/prod/pets",
        "protocol": "HTTP/1.1", "requestId": request_id, "requestTimeEpoch": "1772452799969",
        "resourcePath": "/pets", "responseLatency": "31", "responseLength": "2",
        "routeKey": "POST /pets", "stage": "prod", "status": "502", "xrayTraceId": "1-a",
    }  # fmt: skip


def test_an_execution_log_with_data_tracing_reads_like_a_recording(apis):
    # given a stage that logs all
    apis.stage("uwe3g5jm54", "Prod", execution_level="INFO", data_trace=True)
    # when a request is passed on to a function
    request_id = apis.request(
        "uwe3g5jm54", "Prod", "GET", "/all_state", resource="/{resource+}",
        path_parameters={"resource": "all_state"}, query={"a": "1", "b": "2"},
        headers={"Accept": "application/json", "X-Forwarded-Port": "443"}, integration=URI,
        integration_latency_ms=40, integration_request_id="57593f79-6e46-4a6f-91b1-f5d848cc2059",
        response_headers={"Content-Type": "application/json"}, response_body='{"ok":true}',
        trace_id="1-5c755b5d-07b29b94e632d3da19d88789",
    )  # fmt: skip
    # then the lines are those that API Gateway wrote for such a one, the calls' own values aside
    lines = events(EXECUTION)
    assert all(message.startswith(f"({request_id}) ") for _, message in lines)
    told = [message.removeprefix(f"({request_id}) ") for _, message in lines]
    assert re.fullmatch(r"Extended Request Id: [\w-]{15}=", told.pop(0))
    assert told == [
        f"Verifying Usage Plan for request: {request_id}. API Key:  API Stage: uwe3g5jm54/Prod",
        "API Key  authorized because method 'GET /{resource+}' does not require API Key. Request "
        "will not contribute to throttle or quota limits",
        "Usage Plan check succeeded for API Key  and API Stage uwe3g5jm54/Prod",
        f"Starting execution for request: {request_id}",
        "HTTP Method: GET, Resource Path: /all_state",
        "Method request path: {resource=all_state}",
        "Method request query string: {a=1, b=2}",
        "Method request headers: {Accept=application/json, X-Forwarded-Port=443}",
        "Method request body before transformations: ",
        f"Endpoint request URI: {URI}",
        "Endpoint request body after transformations: ",
        f"Sending request to {URI}",
        "Received response. Status: 200, Integration latency: 40 ms",
        "Endpoint response headers: {Content-Type=application/json}",
        'Endpoint response body before transformations: {"ok":true}',
        'Method response body after transformations: {"ok":true}',
        "Method response headers: {Content-Type=application/json}",
        "Successfully completed execution",
        "Method completed with status: 200",
        "AWS Integration Endpoint RequestId : 57593f79-6e46-4a6f-91b1-f5d848cc2059",
        "X-ray Tracing ID : 1-5c755b5d-07b29b94e632d3da19d88789",
    ]
    # and what follows the integration's answer has its time
    assert [lines[place][0] - 1772452800000 for place in (0, 12, 13, -1)] == [-40, -40, 0, 0]


def test_without_data_tracing_there_are_no_headers_and_bodies(apis):
    apis.stage("uwe3g5jm54", "Prod", execution_level="INFO")
    apis.request("uwe3g5jm54", "Prod", "GET", "/", headers={"a": "b"}, response_body="secret")
    told = messages(EXECUTION)
    assert len(told) == 8
    assert not any("headers" in line or "secret" in line for line in told)


def test_an_api_key_is_masked(apis):
    apis.stage("uwe3g5jm54", "Prod", execution_level="INFO")
    request_id = apis.request("uwe3g5jm54", "Prod", "GET", "/", api_key="0123456789abcdef")
    told = [line.removeprefix(f"({request_id}) ") for line in messages(EXECUTION)]
    assert told[1:3] == [
        f"Verifying Usage Plan for request: {request_id}. API Key: **********abcdef "
        "API Stage: uwe3g5jm54/Prod",
        "Usage Plan check succeeded for API Key **********abcdef and API Stage uwe3g5jm54/Prod",
    ]


def test_at_the_level_error_only_failures_are_told(apis, monitoring):
    apis.stage("uwe3g5jm54", "Prod", execution_level="ERROR")
    apis.request("uwe3g5jm54", "Prod", "GET", "/")
    assert EXECUTION not in monitoring.logs
    error = "Execution failed due to configuration error: Malformed Lambda proxy response"
    request_id = apis.request("uwe3g5jm54", "Prod", "GET", "/", status=502, error=error)
    assert messages(EXECUTION) == [
        f"({request_id}) {error}", f"({request_id}) Method completed with status: 502"
    ]  # fmt: skip


@pytest.mark.parametrize(("length", "cut"), [(0, False), (1, True)])
def test_long_lines_are_cut(apis, length, cut):
    # given a line of 1024 characters beside its request id, as the longest in recordings
    label = "Method request body before transformations: "
    apis.stage("uwe3g5jm54", "Prod", execution_level="INFO", data_trace=True)
    request_id = apis.request(
        "uwe3g5jm54", "Prod", "GET", "/", body="x" * (1024 - len(label) + length)
    )
    [line] = [line for line in messages(EXECUTION) if label in line]
    ending = " [TRUNCATED]" if cut else ""
    assert line == f"({request_id}) {label}{'x' * (1024 - len(label))}{ending}"


def test_a_stage_has_one_stream_for_each_log_and_a_snapshot_keeps_it(apis, monitoring):
    apis.stage("uwe3g5jm54", "Prod", execution_level="INFO", access_group="/access",
               access_format="$context.requestId")  # fmt: skip
    apis.request("uwe3g5jm54", "Prod", "GET", "/")
    copy = Monitoring()
    copy.restore(monitoring.snapshot())
    apis.request("uwe3g5jm54", "Prod", "GET", "/")
    copy.sources.apis.request("uwe3g5jm54", "Prod", "GET", "/")
    for group in (EXECUTION, "/access"):
        [stream] = streams(group)
        assert re.fullmatch("[0-9a-f]{32}", stream)
        assert list(copy.logs[group].streams) == [stream]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"access_group": "/a", "access_format": "$context.status"}, "requestId"),
        ({"access_group": "/a", "access_format": "$context.requestId\n"}, "one line"),
        ({"execution_level": "DEBUG"}, "INFO"),
    ],
)
def test_what_a_stage_cannot_have_is_refused(apis, options, message):
    with pytest.raises(MisuseError, match=message):
        apis.stage("api1", "prod", **options)


def test_a_request_needs_a_stage(apis):
    with pytest.raises(MisuseError, match=re.escape("apis.stage('api1', 'prod'")):
        apis.request("api1", "prod", "GET", "/")
