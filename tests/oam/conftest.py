"""What the tests of OAM share: a monitoring account, a source account, a sink that admits it."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from awsmon.core.organization import ORGANIZATION

HOME, SOURCE, OTHER = "123456789012", "111111111111", "222222222222"
METRICS, LOGS = "AWS::CloudWatch::Metric", "AWS::Logs::LogGroup"


def client(monitoring: Any, account: str, service: str = "oam", region: str = "us-east-1") -> Any:
    """A client of that account."""
    place = monitoring.at(account=account, region=region)
    _ = place._services.oam  # a place comes to be when first asked for, be it refused
    return boto3.client(service, region_name=region, **place.credentials)


@pytest.fixture
def oam(monitoring: Any) -> Any:
    """The monitoring account's client."""
    return boto3.client("oam", region_name="us-east-1")


@pytest.fixture
def source(monitoring: Any) -> Any:
    """The source account's client."""
    return client(monitoring, SOURCE)


@pytest.fixture
def sink(oam: Any) -> str:
    """The ARN of a sink that admits every account of the organization."""
    arn: str = oam.create_sink(Name="central")["Arn"]
    oam.put_sink_policy(SinkIdentifier=arn, Policy=policy(condition={
        "StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}))  # fmt: skip
    return arn


def policy(
    principal: Any = "*", types: list[str] | None = None, effect: str = "Allow",
    condition: dict[str, Any] | None = None,
) -> str:  # fmt: skip
    """A sink's policy of one statement, as the API reference of PutSinkPolicy shows them."""
    condition = dict(condition or {})
    if types is not None:
        condition["ForAllValues:StringEquals"] = {"oam:ResourceTypes": types}
    statement = {
        "Effect": effect,
        "Principal": principal,
        "Action": ["oam:CreateLink", "oam:UpdateLink"],
        "Resource": "*",
        "Condition": condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def link(sink: str, *types: str, label: str = "$AccountName", **more: Any) -> dict[str, Any]:
    """CreateLink's parameters."""
    return {
        "SinkIdentifier": sink,
        "ResourceTypes": list(types) or [METRICS],
        "LabelTemplate": label,
        **more,
    }


def refused(error: Any) -> tuple[str, str, int]:
    """Code, message and status of a ClientError."""
    answer = error.value.response
    return (
        answer["Error"]["Code"],
        answer["Error"]["Message"],
        answer["ResponseMetadata"]["HTTPStatusCode"],
    )
