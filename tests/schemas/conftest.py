"""Clients and documents that the tests of the schema registry share."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"


@pytest.fixture
def schemas(monitoring):
    return boto3.client("schemas")


@pytest.fixture
def discovered(monitoring, schemas):
    """The document of a discovered schema, by its name and version."""
    schemas.create_discoverer(SourceArn=BUS)

    def document(name="shop@OrderPlaced", **version):
        found = schemas.describe_schema(
            RegistryName="discovered-schemas", SchemaName=name, **version
        )
        return json.loads(found["Content"])

    return document


def api(**properties):
    """An OpenAPI document of one object."""
    thing = {"type": "object", "properties": properties}
    return json.dumps({
        "openapi": "3.0.0", "info": {"version": "1.0.0", "title": "Thing"}, "paths": {},
        "components": {"schemas": {"Thing": thing}},
    })  # fmt: skip


def refused(call, **parameters):
    """Code, status and the body's own code of a refusal."""
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    answer = raised.value.response
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    return status, answer["Error"]["Code"], answer.get("Code")
