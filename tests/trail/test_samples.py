"""What is recorded of a call is what documents and recordings show: the table in `samples`."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import boto3
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from tests.trail.conftest import last
from tests.trail.samples import SAMPLES, UNSOURCED, Sample

NAMED = [f"{each.client}.{each.operation}" for each in SAMPLES]
ANSWERED = [each for each in SAMPLES if each.answer is not None]
UNCHECKED = [Sample(*each, source="") for each in UNSOURCED]
USER = "AKIAAWSMONAWSMONUSER"  # the session's own
SOURCES = {
    # boto3 client -> eventSource, where it isn't the client's name
    "application-autoscaling": "autoscaling", "bedrock-runtime": "bedrock",
    "cloudwatch": "monitoring", "efs": "elasticfilesystem", "elbv2": "elasticloadbalancing",
    "rds-data": "rdsdata", "sesv2": "ses", "stepfunctions": "states",
}  # fmt: skip


_NOTHING = {
    # protocol -> an answer that says nothing
    "json": "{{}}", "rest-json": "{{}}", "rest-xml": "", "ec2": "<{0}Response/>",
    "query": "<{0}Response><{0}Result>{1}</{0}Result></{0}Response>",
}  # fmt: skip
_NEEDED = {
    # operation -> what the session needs in its answer
    "CreateAccessKey": "<AccessKey><AccessKeyId>AKIA1</AccessKeyId><UserName>Bob</UserName>"
                       "<SecretAccessKey>secret</SecretAccessKey></AccessKey>",
}  # fmt: skip


class _Raw:
    def __init__(self, content):
        self._content = content

    def stream(self, **_):
        yield self._content

    def read(self, *_, **__):
        return self._content


@cache
def neighbour(service):
    """A client whose service, unless it is awsmon's, answers everything with nothing."""
    client = boto3.client(
        service, "us-east-1", aws_access_key_id=USER, aws_secret_access_key="secret"
    )
    protocol = client.meta.service_model.resolved_protocol

    def answer(request, event_name, **_):
        operation = event_name.rpartition(".")[2]
        content = _NOTHING[protocol].format(operation, _NEEDED.get(operation, ""))
        return AWSResponse(request.url, 200, {}, _Raw(content.encode()))

    client.meta.events.register_first("before-send.*.*", answer)
    return client


def recorded(monitoring, sample):
    """The record of the call, made with boto3; what it comes to is another matter."""
    client = neighbour(sample.client)
    with suppress(ClientError):
        getattr(client, xform_name(sample.operation))(**sample.asked)
    record = last(monitoring)
    assert record["eventName"].startswith(sample.operation)
    return record


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMED)
def test_a_call_is_recorded_as_its_source_shows(monitoring, sample):
    record = recorded(monitoring, sample)
    host = SOURCES.get(sample.client, sample.client)
    shown = {"eventName": sample.operation, "eventSource": f"{host}.amazonaws.com", **sample.shown}
    assert record["requestParameters"] == sample.recorded
    assert {name: record.get(name) for name in shown} == shown


@pytest.mark.parametrize(
    "sample", ANSWERED, ids=[f"{each.client}.{each.operation}" for each in ANSWERED]
)
def test_an_answer_is_recorded_as_its_source_shows(monitoring, sample):
    made = monitoring.trail.add_call(
        sample.client, sample.operation, sample.asked, user="Ann", result=sample.answer
    )
    found = made.record["responseElements"]
    if sample.client == "ec2":
        inner = found.get(f"{sample.operation}Response", found)
        assert inner.pop("requestId") == made.record["requestID"]
    assert found == sample.elements


def test_sixty_operations_of_fifteen_services_are_checked():
    # "the recorded requestParameters of at least 60 operations over 15 services are checked
    # against documented samples"
    checked = {(each.client, each.operation) for each in SAMPLES if each.source}
    assert len(checked) >= 60
    assert len({client for client, _ in checked}) >= 15


@pytest.mark.parametrize(
    "sample", UNCHECKED, ids=[f"{each.client}.{each.operation}" for each in UNCHECKED]
)
def test_a_call_without_a_source_is_recorded_as_is_known(monitoring, sample):
    assert recorded(monitoring, sample)["requestParameters"] == sample.recorded
