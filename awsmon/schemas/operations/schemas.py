"""Schemas and their versions."""

from __future__ import annotations

import json
import re
from functools import reduce
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.schemas import documents
from awsmon.schemas.errors import BadRequestException, ConflictException, ForbiddenException
from awsmon.schemas.inference import merged, shape_of
from awsmon.schemas.service import AWS_EVENTS

if TYPE_CHECKING:
    from mypy_boto3_schemas.type_defs import (
        CreateSchemaRequestTypeDef,
        DeleteSchemaRequestTypeDef,
        DeleteSchemaVersionRequestTypeDef,
        DescribeSchemaRequestTypeDef,
        ExportSchemaRequestTypeDef,
        GetDiscoveredSchemaRequestTypeDef,
        ListSchemasRequestTypeDef,
        ListSchemaVersionsRequestTypeDef,
        SearchSchemasRequestTypeDef,
        UpdateSchemaRequestTypeDef,
    )

    from awsmon.schemas.model import Registry, Schema, Version
    from awsmon.schemas.service import Schemas

MOST_SCHEMAS, MOST_VERSIONS, MOST_EVENTS = 100, 100, 10
_NAME = re.compile(r"[A-Za-z0-9.\-_@]{1,385}")


def _shown(schemas: Schemas, schema: Schema, version: Version) -> dict[str, Any]:
    return {
        "Description": schema.description, "LastModified": schema.last_modified,
        "SchemaArn": schema.arn, "SchemaName": schema.name, "SchemaVersion": version.number,
        "Tags": schemas.tags.of(schema.arn), "Type": version.kind,
        "VersionCreatedDate": version.created,
    }  # fmt: skip


def _changeable(schemas: Schemas, name: str) -> Registry:
    registry = schemas.registry(name)
    if registry.name == AWS_EVENTS:
        raise ForbiddenException.registry(name)
    return registry


@operation("CreateSchema")
def create_schema(schemas: Schemas, request: CreateSchemaRequestTypeDef) -> dict[str, Any]:
    """With its first version."""
    registry, name = _changeable(schemas, request["RegistryName"]), request["SchemaName"]
    if not _NAME.fullmatch(name):
        raise BadRequestException.schema_name()
    if name in registry.schemas:
        raise ConflictException.schema(name)
    if len(registry.schemas) >= MOST_SCHEMAS:
        raise BadRequestException.limit("schemas in a registry", MOST_SCHEMAS)
    documents.check(request["Content"], request["Type"])
    schema = schemas.add(registry, name, request.get("Description"))
    schemas.tags.put(schema.arn, request.get("Tags", {}))
    version = schemas.put_version(schema, request["Content"], request["Type"])
    return _shown(schemas, schema, version)


@operation("UpdateSchema")
def update_schema(schemas: Schemas, request: UpdateSchemaRequestTypeDef) -> dict[str, Any]:
    """Another content is another version."""
    registry = _changeable(schemas, request["RegistryName"])
    schema = schemas.schema(registry.name, request["SchemaName"])
    version = schemas.version(schema, None)
    kind: str = request.get("Type", version.kind)
    content = request.get("Content", version.content)
    new = documents.check(content, kind)
    if new != json.loads(version.content) or kind != version.kind:
        if len(schema.versions) >= MOST_VERSIONS:
            raise BadRequestException.limit("versions of a schema", MOST_VERSIONS)
        version = schemas.put_version(schema, content, kind)
    schema.description = request.get("Description", schema.description)
    schema.last_modified = schemas.clock.now()
    return _shown(schemas, schema, version)


@operation("DescribeSchema")
def describe_schema(schemas: Schemas, request: DescribeSchemaRequestTypeDef) -> dict[str, Any]:
    """A version, or the newest."""
    schema = schemas.schema(request["RegistryName"], request["SchemaName"])
    version = schemas.version(schema, request.get("SchemaVersion"))
    return {**_shown(schemas, schema, version), "Content": version.content}


@operation("DeleteSchema")
def delete_schema(schemas: Schemas, request: DeleteSchemaRequestTypeDef) -> None:
    """With all its versions."""
    registry = _changeable(schemas, request["RegistryName"])
    schemas.forget(registry, schemas.schema(registry.name, request["SchemaName"]))


@operation("DeleteSchemaVersion")
def delete_schema_version(schemas: Schemas, request: DeleteSchemaVersionRequestTypeDef) -> None:
    """With the last version goes the schema."""
    registry = _changeable(schemas, request["RegistryName"])
    schema = schemas.schema(registry.name, request["SchemaName"])
    version = schemas.version(schema, request["SchemaVersion"])
    del schema.versions[version.number]
    if not schema.versions:
        schemas.forget(registry, schema)


@operation("ListSchemas")
def list_schemas(schemas: Schemas, request: ListSchemasRequestTypeDef) -> dict[str, Any]:
    """In order of name."""
    registry, prefix = schemas.registry(request["RegistryName"]), request.get("SchemaNamePrefix")
    found, token = paging.page(
        sorted(name for name in registry.schemas if name.startswith(prefix or "")),
        request.get("NextToken"), request.get("Limit", 100), of=f"ListSchemas {registry.name}",
        key=str, bad_token=BadRequestException.token,
    )  # fmt: skip
    shown = [
        {
            "LastModified": schema.last_modified, "SchemaArn": schema.arn,
            "SchemaName": schema.name, "Tags": schemas.tags.of(schema.arn),
            "VersionCount": len(schema.versions),
        }
        for schema in (registry.schemas[name] for name in found)
    ]  # fmt: skip
    return {"Schemas": shown, "NextToken": token}


@operation("ListSchemaVersions")
def list_schema_versions(
    schemas: Schemas, request: ListSchemaVersionsRequestTypeDef
) -> dict[str, Any]:
    """The newest first."""
    schema = schemas.schema(request["RegistryName"], request["SchemaName"])
    found, token = paging.page(
        list(reversed(schema.versions.values())), request.get("NextToken"),
        request.get("Limit", 100), of=f"ListSchemaVersions {schema.arn}",
        bad_token=BadRequestException.token,
    )  # fmt: skip
    shown = [
        {"SchemaArn": schema.arn, "SchemaName": schema.name, "SchemaVersion": each.number,
         "Type": each.kind}
        for each in found
    ]  # fmt: skip
    return {"SchemaVersions": shown, "NextToken": token}


@operation("SearchSchemas")
def search_schemas(schemas: Schemas, request: SearchSchemasRequestTypeDef) -> dict[str, Any]:
    """Those whose name or content has all the words, whatever their case."""
    registry = schemas.registry(request["RegistryName"])
    words = request["Keywords"].lower().split()
    found, token = paging.page(
        sorted(name for name, schema in registry.schemas.items() if _has(schema, words)),
        request.get("NextToken"), request.get("Limit", 100), of=f"SearchSchemas {registry.name}",
        key=str, bad_token=BadRequestException.token,
    )  # fmt: skip
    return {"Schemas": [_result(registry, registry.schemas[name]) for name in found],
            "NextToken": token}  # fmt: skip


def _has(schema: Schema, words: list[str]) -> bool:
    texts = [schema.name, *(version.content for version in schema.versions.values())]
    whole = "\n".join(texts).lower()
    return all(word in whole for word in words)


def _result(registry: Registry, schema: Schema) -> dict[str, Any]:
    versions = [
        {"CreatedDate": each.created, "SchemaVersion": each.number, "Type": each.kind}
        for each in reversed(schema.versions.values())
    ]
    return {"RegistryName": registry.name, "SchemaArn": schema.arn, "SchemaName": schema.name,
            "SchemaVersions": versions}  # fmt: skip


@operation("ExportSchema")
def export_schema(schemas: Schemas, request: ExportSchemaRequestTypeDef) -> dict[str, Any]:
    """From OpenAPI to JSON Schema."""
    schema = schemas.schema(request["RegistryName"], request["SchemaName"])
    version = schemas.version(schema, request.get("SchemaVersion"))
    if request["Type"] != documents.DRAFT4:
        raise BadRequestException.export_type(request["Type"])
    content = version.content
    if version.kind == documents.OPEN_API:
        content = documents.written(documents.exported(json.loads(content)))
    return {"Content": content, "SchemaArn": schema.arn, "SchemaName": schema.name,
            "SchemaVersion": version.number, "Type": documents.DRAFT4}  # fmt: skip


@operation("GetDiscoveredSchema")
def get_discovered_schema(
    schemas: Schemas, request: GetDiscoveredSchemaRequestTypeDef
) -> dict[str, Any]:
    """A schema that covers some events of one kind; it isn't kept."""
    del schemas
    try:
        events = [json.loads(each) for each in request["Events"]]
        kinds = {(event["source"], event["detail-type"]) for event in events}
        shapes = [shape_of(event["detail"]) for event in events]
    except (ValueError, KeyError, TypeError):
        raise BadRequestException.events() from None
    if len(kinds) != 1 or len(events) > MOST_EVENTS:
        raise BadRequestException.events()
    ((source, detail_type),) = kinds
    write = documents.open_api if request["Type"] == documents.OPEN_API else documents.draft4
    shape = reduce(merged, shapes)
    return {"Content": documents.written(write(source, detail_type, shape))}
