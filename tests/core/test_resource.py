"""Resources: every member of every one is a member of its AWS shape."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field

import botocore.session
import pytest

import awsmon
from awsmon.core.resource import Resource, aws
from awsmon.sdk import routes


def resources():
    """Every resource of the project that has a shape of its own."""
    packages = {package for packages in routes.ROUTES.values() for package in packages}
    for module in pkgutil.walk_packages(awsmon.__path__, "awsmon."):
        if module.name.split(".")[1] in packages:
            for value in vars(importlib.import_module(module.name)).values():
                ours = isinstance(value, type) and issubclass(value, Resource)
                if ours and hasattr(value, "aws_shape"):
                    yield value


@pytest.mark.parametrize("resource", sorted(set(resources()), key=lambda r: r.__name__))
@pytest.mark.needs("1.44")
def test_every_member_is_one_of_the_shape(resource):
    from awsmon.core.resource import _members

    client, _, name = resource.aws_shape.partition(".")
    shape = botocore.session.Session().get_service_model(client).shape_for(name)
    assert set(_members(resource).names) <= set(shape.members)


@dataclass(kw_only=True, slots=True)
class Group(Resource):
    aws_lower_camel = True

    log_group_name: str
    kms: str | None = field(default=None, metadata=aws("kmsKeyId"))
    tags: dict[str, str] = field(default_factory=dict)
    ours: int = field(default=5, metadata=aws(None))


def test_names_by_rule_and_by_exception():
    group = Group(log_group_name="a", kms="k")
    assert group.to_aws() == {"logGroupName": "a", "kmsKeyId": "k", "tags": {}}


def test_from_a_request_nothing_is_shared():
    request = {"logGroupName": "a", "tags": {"x": "y"}, "else": 1, "kmsKeyId": None}
    group = Group.from_aws(request, ours=7)
    request["tags"].clear()
    assert (group.log_group_name, group.kms, group.tags, group.ours) == ("a", None, {"x": "y"}, 7)
