"""Registries, schemas and versions as they are kept, listed, searched, exported and refused."""

from __future__ import annotations

import importlib
import io
import json
import sys
import zipfile

import pytest

from awsmon.core.errors import MisuseError, NotImplementedByAwsmon
from tests.schemas.conftest import api, refused

TEXT = {"type": "string"}


@pytest.fixture
def registry(schemas):
    schemas.create_registry(RegistryName="mine")
    return "mine"


def create(schemas, name="thing", content=None, **more):
    return schemas.create_schema(
        RegistryName="mine", SchemaName=name, Type="OpenApi3", Content=content or api(), **more
    )


def test_registries(schemas, monitoring):
    made = schemas.create_registry(RegistryName="mine", Description="d", Tags={"a": "b"})
    assert made["RegistryArn"] == "arn:aws:schemas:us-east-1:123456789012:registry/mine"
    schemas.update_registry(RegistryName="mine", Description="e")
    shown = schemas.describe_registry(RegistryName="mine")
    assert (shown["Description"], shown["Tags"]) == ("e", {"a": "b"})

    def names(**filters):
        found = schemas.list_registries(**filters)["Registries"]
        return [each["RegistryName"] for each in found]

    assert names() == ["aws.events", "discovered-schemas", "mine"]
    assert names(Scope="AWS") == ["aws.events"]
    assert names(Scope="LOCAL", RegistryNamePrefix="m") == ["mine"]
    schemas.delete_registry(RegistryName="mine")
    assert names(Scope="LOCAL") == ["discovered-schemas"]


def test_a_schema_has_versions(schemas, registry, monitoring):
    made = create(schemas, Description="d", Tags={"a": "b"})
    assert made["SchemaArn"] == "arn:aws:schemas:us-east-1:123456789012:schema/mine/thing"
    assert made["SchemaVersion"] == "1"
    # the same content, written otherwise, is no other version
    same = json.dumps(json.loads(api()), indent=1)
    again = schemas.update_schema(RegistryName="mine", SchemaName="thing", Content=same)
    assert again["SchemaVersion"] == "1"
    # another is
    other = schemas.update_schema(RegistryName="mine", SchemaName="thing", Content=api(a=TEXT))
    assert other["SchemaVersion"] == "2"
    shown = schemas.describe_schema(RegistryName="mine", SchemaName="thing")
    assert (shown["Content"], shown["SchemaVersion"]) == (api(a=TEXT), "2")
    assert (shown["Description"], shown["Tags"]) == ("d", {"a": "b"})
    first = schemas.describe_schema(RegistryName="mine", SchemaName="thing", SchemaVersion="1")
    assert first["Content"] == api()
    # a number is never given twice
    schemas.delete_schema_version(RegistryName="mine", SchemaName="thing", SchemaVersion="2")
    third = schemas.update_schema(RegistryName="mine", SchemaName="thing", Content=api(b=TEXT))
    assert third["SchemaVersion"] == "3"
    (listed,) = schemas.list_schemas(RegistryName="mine", SchemaNamePrefix="th")["Schemas"]
    assert listed["VersionCount"] == 2


def test_with_its_last_version_goes_the_schema(schemas, registry):
    create(schemas)
    schemas.delete_schema_version(RegistryName="mine", SchemaName="thing", SchemaVersion="1")
    assert refused(schemas.describe_schema, RegistryName="mine", SchemaName="thing")[0] == 404


def test_lists_come_in_pages(schemas, registry):
    for name in ("a", "b", "c"):
        create(schemas, name)
    pages = schemas.get_paginator("list_schemas").paginate(
        RegistryName="mine", PaginationConfig={"PageSize": 2}
    )
    assert [[each["SchemaName"] for each in page["Schemas"]] for page in pages] == [
        ["a", "b"], ["c"],
    ]  # fmt: skip


def test_search_looks_into_names_and_contents(schemas, registry):
    create(schemas, "orders", api(customer=TEXT))
    create(schemas, "payments", api(amount=TEXT))

    def found(words, registry="mine"):
        results = schemas.search_schemas(RegistryName=registry, Keywords=words)["Schemas"]
        return [each["SchemaName"] for each in results]

    assert found("ORDERS") == ["orders"]
    assert found("thing amount") == ["payments"]
    assert found("string") == ["orders", "payments"]
    assert found("nothing") == []
    assert found("state-change instance-id", "aws.events") == [
        "aws.ec2@EC2InstanceStateChangeNotification"
    ]


def test_what_is_refused(schemas, registry):
    create(schemas)
    assert refused(create, schemas=schemas) == (409, "ConflictException", "Conflict")
    assert refused(schemas.create_registry, RegistryName="mine")[0] == 409
    for name in ("aws.mine", "a b", "x" * 65):
        assert refused(schemas.create_registry, RegistryName=name)[0] == 400
    assert refused(create, schemas=schemas, name="a b")[0] == 400
    for content in ("{", "[]", "{}", '{"openapi": "2.0"}', '{"openapi": "3.0.0", "info": {}}'):
        assert refused(create, schemas=schemas, name="x", content=content)[0] == 400
    assert refused(schemas.delete_registry, RegistryName="mine")[0] == 400  # it has a schema
    assert refused(schemas.delete_registry, RegistryName="aws.events")[0] == 403
    own = {"RegistryName": "aws.events", "SchemaName": "aws.s3@ObjectCreated"}
    assert refused(schemas.delete_schema, **own)[0] == 403
    assert refused(schemas.describe_registry, RegistryName="x") == (
        404, "NotFoundException", "NotFound",
    )  # fmt: skip
    missing = {"RegistryName": "mine", "SchemaName": "thing", "SchemaVersion": "2"}
    assert refused(schemas.describe_schema, **missing)[0] == 404
    for number in range(9):
        schemas.create_registry(RegistryName=f"r{number}")
    assert refused(schemas.create_registry, RegistryName="one-more")[0] == 400


def test_an_export_is_json_schema(schemas, registry):
    own = {"RegistryName": "aws.events", "SchemaName": "aws.s3@ObjectCreated"}
    found = schemas.export_schema(**own, Type="JSONSchemaDraft4")
    document = json.loads(found["Content"])
    assert document["properties"]["detail"] == {"$ref": "#/definitions/ObjectCreated"}
    assert document["definitions"]["Bucket"]["properties"] == {"name": TEXT}
    assert document["x-amazon-events-source"] == "aws.s3"
    nullable = api(a={"type": "string", "nullable": True}, b={"$ref": "#/components/schemas/Thing"})
    create(schemas, content=nullable)
    exported = schemas.export_schema(
        RegistryName="mine", SchemaName="thing", Type="JSONSchemaDraft4"
    )
    assert json.loads(exported["Content"])["properties"] == {
        "a": {"type": ["string", "null"]}, "b": {"$ref": "#"},
    }  # fmt: skip
    assert refused(schemas.export_schema, **own, Type="OpenApi3")[0] == 400


# -- conformance -----------------------------------------------------------------------------------


def test_an_event_conforms_or_says_why_not(monitoring, schemas, discovered):
    bus = monitoring.event_bus
    seen = []
    bus.on({"source": ["shop"]})(seen.append)
    bus.put("shop", "Order Placed", {"n": 1, "who": {"name": "Ann"}})
    (event,) = seen
    assert bus.conforms(event, "shop@OrderPlaced")
    assert bus.conforms(event, "discovered-schemas/shop@OrderPlaced")
    wrong = {**event, "detail": {"n": "1", "who": {}}}
    found = bus.conforms(wrong, discovered())
    assert not found
    assert found.problems == (
        "detail.n: '1' is not of type 'integer'",
        "detail.who: 'name' is a required property",
    )
    with pytest.raises(MisuseError, match="no schema of that name"):
        bus.conforms(event, "nothing")


def test_samples_conform_to_awss_own_schemas(monitoring):
    bus, seen = monitoring.event_bus, []
    bus.on({"source": [{"prefix": "aws."}]})(seen.append)
    detail = bus.sample("aws.ec2", "EC2 Instance State-change Notification", state="stopped")
    bus.put_aws_event("aws.ec2", "EC2 Instance State-change Notification", detail)
    assert seen[0]["detail"]["state"] == "stopped"
    assert bus.conforms(seen[0], "aws.ec2@EC2InstanceStateChangeNotification")
    with pytest.raises(MisuseError, match=r"of aws\.ec2 there are"):
        bus.sample("aws.ec2", "Nothing")
    with pytest.raises(MisuseError, match=r"aws\.s3"):
        bus.sample("aws.nothing", "Nothing")


# -- code bindings ---------------------------------------------------------------------------------


def test_python_classes_are_really_generated(monitoring, schemas, discovered, tmp_path):
    # given a discovered schema
    seen = []
    monitoring.event_bus.on({"source": ["my.shop"]})(seen.append)
    detail = {"orderId": "7", "placedAt": "2026-03-02T12:00:00Z", "class": 1,
              "items": [{"sku": "x"}], "who": {"name": "Ann"}}  # fmt: skip
    monitoring.event_bus.put("my.shop", "Order Placed", detail)
    which = {"RegistryName": "discovered-schemas", "SchemaName": "my.shop@OrderPlaced",
             "Language": "Python36"}  # fmt: skip
    # when its binding is asked for, which takes a while
    assert schemas.put_code_binding(**which)["Status"] == "CREATE_IN_PROGRESS"
    assert refused(schemas.get_code_binding_source, **which)[0] == 404
    schemas.get_waiter("code_binding_exists").wait(**which)
    source = schemas.get_code_binding_source(**which)["Body"].read()
    # then the classes read and write the event, from where AWS's are imported
    zipfile.ZipFile(io.BytesIO(source)).extractall(tmp_path)
    sys.path.insert(0, str(tmp_path))
    try:
        package = importlib.import_module("schema.my.shop.orderplaced")
        event = package.Marshaller.unmarshall(seen[0], package.AWSEvent)
        assert event.detail_type == "Order Placed"
        assert isinstance(event.detail, package.OrderPlaced)
        assert event.detail.placed_at.year == 2026
        assert event.detail.items[0].sku == "x"
        assert event.detail._class == 1
        assert package.Marshaller.marshall(event) == seen[0]
        assert package.AWSEvent(id="1") == package.AWSEvent(id="1")
    finally:
        sys.path.remove(str(tmp_path))
        for name in [name for name in sys.modules if name.split(".")[0] == "schema"]:
            del sys.modules[name]


def test_bindings_in_other_languages(schemas, registry):
    create(schemas)
    which = {"RegistryName": "mine", "SchemaName": "thing"}
    with pytest.raises(NotImplementedByAwsmon, match="Python36"):
        schemas.put_code_binding(**which, Language="Java8")
    assert refused(schemas.put_code_binding, **which, Language="Cobol")[0] == 400
    assert refused(schemas.describe_code_binding, **which, Language="Python36")[0] == 404


def test_a_binding_of_a_deleted_schema_comes_to_nothing(monitoring, schemas, registry):
    create(schemas)
    which = {"RegistryName": "mine", "SchemaName": "thing"}
    schemas.put_code_binding(**which, Language="Python36")
    schemas.delete_schema(**which)
    monitoring.clock.advance(minutes=1)
    assert refused(schemas.describe_schema, **which)[0] == 404


# -- policies and tags -----------------------------------------------------------------------------


def test_a_policy_has_revisions(schemas, registry):
    policy = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "schemas:*", "Resource": "*"},
    ]})  # fmt: skip
    assert refused(schemas.get_resource_policy, RegistryName="mine")[0] == 404
    first = schemas.put_resource_policy(RegistryName="mine", Policy=policy)["RevisionId"]
    second = schemas.put_resource_policy(
        RegistryName="mine", Policy=policy, RevisionId=first
    )["RevisionId"]  # fmt: skip
    assert first != second
    stale = {"RegistryName": "mine", "Policy": policy, "RevisionId": first}
    assert refused(schemas.put_resource_policy, **stale) == (
        412, "PreconditionFailedException", "PreconditionFailed",
    )  # fmt: skip
    found = schemas.get_resource_policy(RegistryName="mine")
    assert (json.loads(found["Policy"]), found["RevisionId"]) == (json.loads(policy), second)
    assert refused(schemas.put_resource_policy, RegistryName="mine", Policy="{}")[0] == 400
    schemas.delete_resource_policy(RegistryName="mine")
    assert refused(schemas.delete_resource_policy, RegistryName="mine")[0] == 404


def test_tags(schemas, registry):
    arn = create(schemas)["SchemaArn"]
    schemas.tag_resource(ResourceArn=arn, Tags={"a": "1", "b": "2"})
    schemas.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert schemas.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "2"}
    assert refused(schemas.list_tags_for_resource, ResourceArn=f"{arn}x")[0] == 404
