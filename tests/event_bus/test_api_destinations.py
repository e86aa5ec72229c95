"""Connections and API destinations: the request in full, the authorization, the rate."""

from __future__ import annotations

import base64
import json
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.moto import mock_aws
from tests.event_bus.conftest import DEAD, put, rule

BASIC = {"BasicAuthParameters": {"Username": "me", "Password": "secret"}}
KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}}
OAUTH = {
    "OAuthParameters": {
        "ClientParameters": {"ClientID": "id", "ClientSecret": "secret"},
        "AuthorizationEndpoint": "https://auth.example.com/token?a=b",
        "HttpMethod": "POST",
        "OAuthHttpParameters": {
            "BodyParameters": [{"Key": "scope", "Value": "all", "IsValueSecret": False}]
        },
    }
}
CONNECT, LOOKUP = socket.socket.connect, socket.getaddrinfo


def connect(events, kind="BASIC", parameters=None, name="c"):
    return events.create_connection(
        Name=name, AuthorizationType=kind, AuthParameters=parameters or BASIC
    )


def destination(events, url="https://api.example.com/orders", method="POST", **more):
    arn = events.describe_connection(Name="c")["ConnectionArn"]
    return events.create_api_destination(
        Name="d", ConnectionArn=arn, InvocationEndpoint=url, HttpMethod=method, **more
    )["ApiDestinationArn"]


def refused(call, **parameters):
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


# -- the request -----------------------------------------------------------------------------------


def test_an_endpoint_that_nobody_stands_behind_is_recorded_with_its_request(monitoring, events):
    connect(events)
    rule(events, arn=destination(events))
    put(events, '{"n": 1}')
    (delivery,) = monitoring.deliveries
    sent = delivery.sent
    assert delivery.status == "recorded"
    assert (sent["method"], sent["url"]) == ("POST", "https://api.example.com/orders")
    assert json.loads(sent["body"])["detail"] == {"n": 1}
    # source: EventBridge User Guide, "API destinations": headers
    assert sent["headers"] == {
        "User-Agent": "Amazon/EventBridge/ApiDestinations",
        "Content-Type": "application/json; charset=utf-8",
        "Range": "bytes=0-1048575",
        "Accept-Encoding": "gzip,deflate",
        "Connection": "close",
        "Authorization": f"Basic {base64.b64encode(b'me:secret').decode()}",
    }


def test_what_connection_and_target_add(monitoring, events):
    # given a connection with parameters of its own
    connect(events, "API_KEY", {**KEY, "InvocationHttpParameters": {
        "HeaderParameters": [{"Key": "X-Both", "Value": "connection", "IsValueSecret": True}],
        "QueryStringParameters": [{"Key": "q", "Value": "a b"}],
        "BodyParameters": [{"Key": "tenant", "Value": "t1"}],
    }})  # fmt: skip
    # and a target that fills the path and adds more, from the event too
    rule(events, arn=destination(events, "https://api.example.com/*/items/*?v=1", "PUT"),
         InputPath="$.detail", HttpParameters={
             "PathParameterValues": ["$.detail.shop", "7"],
             "HeaderParameters": {"X-Both": "target", "X-Mine": "1", "Host": "evil"},
             "QueryStringParameters": {"n": "$.detail.n"},
         })  # fmt: skip
    # when an event comes
    put(events, '{"shop": "s1", "n": 5}')
    # then the request has it all
    sent = monitoring.deliveries[-1].sent
    assert sent["url"] == "https://api.example.com/s1/items/7?v=1&n=5&q=a+b"
    assert sent["method"] == "PUT"
    assert json.loads(sent["body"]) == {"shop": "s1", "n": 5, "tenant": "t1"}
    headers = sent["headers"]
    assert (headers["X-Key"], headers["X-Both"], headers["X-Mine"]) == ("secret", "connection", "1")
    assert "Host" not in headers


def test_a_callable_gets_the_request_and_its_answer_counts(monitoring, events):
    # given an endpoint that is busy twice
    connect(events)
    arn = destination(events)
    rule(events, arn=arn)
    answers = [503, {"statusCode": 429}, {"statusCode": 201, "body": '{"ok": true}'}]
    monitoring.bind(arn, lambda request: answers.pop(0))
    # when an event comes and time passes
    put(events)
    monitoring.clock.advance(minutes=1)
    # then it was tried three times
    (delivery,) = monitoring.deliveries
    assert delivery.status == "delivered"
    assert [attempt.error for attempt in delivery.attempts] == [
        "HTTP status 503", "HTTP status 429", None,
    ]  # fmt: skip
    assert delivery.answer == {"statusCode": 201, "body": {"ok": True}}


@pytest.mark.parametrize("status", [300, 400, 403, 404, 410])
def test_a_status_that_is_not_tried_again(monitoring, events, status):
    connect(events)
    arn = destination(events)
    rule(events, arn=arn, DeadLetterConfig={"Arn": DEAD})
    monitoring.bind(arn, lambda request: status)
    put(events, '{"n": 1}')
    first, letter = monitoring.deliveries
    assert (first.status, len(first.attempts)) == ("dead-lettered", 1)
    assert letter.payload["detail"] == {"n": 1}  # the event, not the request


def test_the_rate_is_kept(monitoring, events):
    # given two requests a second
    connect(events)
    arn = destination(events, InvocationRateLimitPerSecond=2)
    rule(events, arn=arn)
    start, times = monitoring.clock.now(), []
    monitoring.bind(arn, lambda _: times.append((monitoring.clock.now() - start).total_seconds()))
    # when five events come at once, and one later
    for _ in range(5):
        put(events)
    monitoring.clock.advance(seconds=10)
    put(events)
    # then two went in each second
    assert times == [0, 0, 1, 1, 2, 10]


def test_a_loopback_address_is_really_asked(monitoring, events, monkeypatch):
    # given a server on this machine
    monkeypatch.setattr(socket.socket, "connect", CONNECT)
    monkeypatch.setattr(socket, "getaddrinfo", LOOKUP)
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            got.append((self.path, self.headers["X-Key"], json.loads(self.rfile.read(length))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    # when an event goes there
    connect(events, "API_KEY", KEY)
    rule(events, arn=destination(events, f"http://127.0.0.1:{server.server_port}/in"),
         InputPath="$.detail")  # fmt: skip
    put(events, '{"n": 1}')
    thread.join()
    server.server_close()
    # then it was there
    assert got == [("/in", "secret", {"n": 1})]
    (delivery,) = monitoring.deliveries
    assert (delivery.status, delivery.via) == ("delivered", "awsmon")


# -- authorization ---------------------------------------------------------------------------------


def test_oauth_asks_for_a_token_and_bears_it(monitoring, events):
    # given an endpoint for tokens
    asked = []
    connect(events, "OAUTH_CLIENT_CREDENTIALS", OAUTH)
    arn = events.describe_connection(Name="c")["ConnectionArn"]
    monitoring.bind(arn, lambda request: asked.append(request) or {"access_token": "t1"})
    events.update_connection(Name="c", AuthorizationType="OAUTH_CLIENT_CREDENTIALS")
    # then it was asked as RFC 6749 says
    (request,) = asked
    assert (request["method"], request["url"]) == ("POST", "https://auth.example.com/token?a=b")
    assert request["body"] == (
        "grant_type=client_credentials&client_id=id&client_secret=secret&scope=all"
    )
    assert events.describe_connection(Name="c")["ConnectionState"] == "AUTHORIZED"
    # and requests bear the token
    rule(events, arn=destination(events))
    put(events)
    assert monitoring.deliveries[-1].sent["headers"]["Authorization"] == "Bearer t1"


def test_a_token_that_is_refused_or_expired_is_asked_for_anew(monitoring, events):
    # given tokens of an hour, numbered
    tokens = iter(f"t{number}" for number in range(9))
    connect(events, "OAUTH_CLIENT_CREDENTIALS", OAUTH)
    arn = events.describe_connection(Name="c")["ConnectionArn"]
    monitoring.bind(arn, lambda _: {"access_token": next(tokens), "expires_in": 3600})
    events.update_connection(Name="c", AuthorizationType="OAUTH_CLIENT_CREDENTIALS")
    # and an endpoint that refuses the first
    target, seen = destination(events), []

    def answer(request):
        seen.append(request["headers"]["Authorization"])
        return 401 if seen == ["Bearer t0"] else 200

    monitoring.bind(target, answer)
    rule(events, arn=target)
    put(events)
    monitoring.clock.advance(minutes=1)
    assert seen == ["Bearer t0", "Bearer t1"]
    # when the hour is over
    monitoring.clock.advance(hours=2)
    put(events)
    monitoring.clock.advance(minutes=1)
    assert seen == ["Bearer t0", "Bearer t1", "Bearer t2"]


@pytest.mark.parametrize("expires", ["soon", [1], None, 1e300])
def test_a_token_whose_expiry_is_no_number_of_seconds_is_kept(monitoring, events, expires):
    connect(events, "OAUTH_CLIENT_CREDENTIALS", OAUTH)
    arn = events.describe_connection(Name="c")["ConnectionArn"]
    monitoring.bind(arn, lambda _: {"access_token": "t1", "expires_in": expires})
    events.update_connection(Name="c", AuthorizationType="OAUTH_CLIENT_CREDENTIALS")
    rule(events, arn=destination(events))
    monitoring.clock.advance(days=1)
    put(events)
    assert monitoring.deliveries[-1].sent["headers"]["Authorization"] == "Bearer t1"


def test_an_endpoint_for_tokens_that_refuses_leaves_the_destination_inactive(monitoring, events):
    connect(events, "OAUTH_CLIENT_CREDENTIALS", OAUTH)
    arn = events.describe_connection(Name="c")["ConnectionArn"]
    monitoring.bind(arn, lambda _: 403)
    events.update_connection(Name="c", AuthorizationType="OAUTH_CLIENT_CREDENTIALS")
    shown = events.describe_connection(Name="c")
    assert (shown["ConnectionState"], shown["StateReason"]) == ("DEAUTHORIZED", "HTTP status 403")
    target = destination(events)
    assert events.describe_api_destination(Name="d")["ApiDestinationState"] == "INACTIVE"
    rule(events, arn=target)
    put(events)
    assert monitoring.deliveries[-1].status == "failed"


def test_deauthorized_and_authorized_again(monitoring, events):
    connect(events)
    rule(events, arn=destination(events))
    assert events.deauthorize_connection(Name="c")["ConnectionState"] == "DEAUTHORIZING"
    put(events)
    assert "not authorized" in monitoring.deliveries[-1].attempts[0].error
    events.update_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=KEY)
    put(events)
    assert monitoring.deliveries[-1].sent["headers"]["X-Key"] == "secret"


# -- as they are kept ------------------------------------------------------------------------------


def test_a_connection_shows_no_secrets(events, monitoring):
    parameters = {**BASIC, "InvocationHttpParameters": {"HeaderParameters": [
        {"Key": "a", "Value": "1", "IsValueSecret": False},
        {"Key": "b", "Value": "2", "IsValueSecret": True},
    ]}}  # fmt: skip
    made = connect(events, parameters=parameters)
    assert made["ConnectionState"] == "AUTHORIZED"
    shown = events.describe_connection(Name="c")
    assert shown["AuthParameters"] == {
        "BasicAuthParameters": {"Username": "me"},
        "InvocationHttpParameters": {"HeaderParameters": [
            {"Key": "a", "Value": "1", "IsValueSecret": False}, {"Key": "b", "IsValueSecret": True},
        ]},
    }  # fmt: skip
    assert ":secret:events!connection/c/" in shown["SecretArn"]


@mock_aws()
def test_the_secret_is_kept_in_secrets_manager():
    events = boto3.client("events", "us-east-1")
    secrets = boto3.client("secretsmanager", "us-east-1")
    connect(events)
    arn = events.describe_connection(Name="c")["SecretArn"]
    kept = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    assert kept == {"username": "me", "password": "secret"}
    events.update_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=KEY)
    kept = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    assert kept == {"api_key_name": "X-Key", "api_key_value": "secret"}
    events.delete_connection(Name="c")
    assert secrets.list_secrets()["SecretList"] == []


@mock_aws()
def test_an_update_of_a_connection_need_not_say_all():
    # Source: the model: UpdateConnection requires none of the members that CreateConnection does
    events = boto3.client("events", "us-east-1")
    secrets = boto3.client("secretsmanager", "us-east-1")
    connect(events)
    events.update_connection(Name="c", AuthParameters={"BasicAuthParameters": {"Password": "new"}})
    shown = events.describe_connection(Name="c")
    assert shown["AuthParameters"] == {"BasicAuthParameters": {"Username": "me"}}
    kept = secrets.get_secret_value(SecretId=shown["SecretArn"])["SecretString"]
    assert json.loads(kept) == {"username": "me", "password": "new"}


def test_nor_one_of_an_oauth_connection(events):
    connect(events, "OAUTH_CLIENT_CREDENTIALS", OAUTH)
    changed = {"HttpMethod": "PUT", "ClientParameters": {"ClientSecret": "new"}}
    events.update_connection(Name="c", AuthParameters={"OAuthParameters": changed})
    shown = events.describe_connection(Name="c")["AuthParameters"]["OAuthParameters"]
    assert shown == {
        **OAUTH["OAuthParameters"], "HttpMethod": "PUT", "ClientParameters": {"ClientID": "id"},
    }  # fmt: skip


@pytest.mark.parametrize("parameters", [
    {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key"}},
    {"OAuthParameters": {**OAUTH["OAuthParameters"], "ClientParameters": {"ClientID": "id"}}},
])  # fmt: skip
def test_another_type_of_authorization_needs_all_of_its_own(events, parameters):
    connect(events)
    kind = "API_KEY" if "ApiKeyAuthParameters" in parameters else "OAUTH_CLIENT_CREDENTIALS"
    code, _ = refused(
        events.update_connection, Name="c", AuthorizationType=kind, AuthParameters=parameters
    )
    assert code == "ValidationException"
    shown = events.describe_connection(Name="c")
    assert shown["AuthorizationType"] == "BASIC"
    assert shown["AuthParameters"] == {"BasicAuthParameters": {"Username": "me"}}


def test_a_new_connection_or_destination_of_the_same_name_is_another(monitoring, events):
    # given a rule that leads to a destination
    connect(events)
    rule(events, arn=destination(events))
    # when its connection is made anew
    events.delete_connection(Name="c")
    connect(events)
    # then the destination is inactive until it is given that one
    assert events.describe_api_destination(Name="d")["ApiDestinationState"] == "INACTIVE"
    arn = events.describe_connection(Name="c")["ConnectionArn"]
    updated = events.update_api_destination(Name="d", ConnectionArn=arn)
    assert updated["ApiDestinationState"] == "ACTIVE"
    # and when the destination is made anew, the rule leads nowhere
    events.delete_api_destination(Name="d")
    destination(events)
    put(events)
    assert "no such API destination" in str(monitoring.deliveries[-1])


def test_what_is_refused(events):
    connect(events)
    missing = "Failed to describe the connection(s). Connection 'x' does not exist."
    assert refused(events.describe_connection, Name="x")[1] == missing
    assert refused(connect, events=events)[1] == "Connection c already exists."
    code, _ = refused(connect, events=events, name="y", kind="API_KEY", parameters=BASIC)
    assert code == "ValidationException"
    missing = "Failed to describe the api-destination(s). An api-destination 'x' does not exist."
    assert refused(events.describe_api_destination, Name="x")[1] == missing
    destination(events)
    assert refused(destination, events=events)[1] == "An api-destination 'd' already exists."
    code, _ = refused(events.update_api_destination, Name="d", InvocationEndpoint="http://a.b/c")
    assert code == "ValidationException"


def test_lists_updates_and_deletes(events, monitoring):
    connect(events)
    connect(events, "API_KEY", KEY, name="other")
    destination(events, Description="first")
    assert [each["Name"] for each in events.list_connections(Limit=1)["Connections"]] == ["c"]
    found = events.list_connections(NamePrefix="o", ConnectionState="AUTHORIZED")["Connections"]
    assert [each["Name"] for each in found] == ["other"]
    monitoring.clock.advance(minutes=1)
    events.update_api_destination(Name="d", InvocationRateLimitPerSecond=5, HttpMethod="PATCH")
    shown = events.describe_api_destination(Name="d")
    assert (shown["InvocationRateLimitPerSecond"], shown["HttpMethod"]) == (5, "PATCH")
    assert shown["Description"] == "first"
    assert shown["LastModifiedTime"] - shown["CreationTime"] == timedelta(minutes=1)
    # a deleted connection leaves it inactive
    assert events.delete_connection(Name="c")["ConnectionState"] == "DELETING"
    (listed,) = events.list_api_destinations(NamePrefix="d")["ApiDestinations"]
    assert listed["ApiDestinationState"] == "INACTIVE"
    events.delete_api_destination(Name="d")
    assert events.list_api_destinations()["ApiDestinations"] == []
