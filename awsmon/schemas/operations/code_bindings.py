"""Code bindings: classes for the events of a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import operation
from awsmon.schemas.code_bindings import LANGUAGES
from awsmon.schemas.errors import BadRequestException, NotFoundException

if TYPE_CHECKING:
    from mypy_boto3_schemas.type_defs import (
        DescribeCodeBindingRequestTypeDef,
        GetCodeBindingSourceRequestTypeDef,
        PutCodeBindingRequestTypeDef,
    )

    from awsmon.schemas.model import CodeBinding
    from awsmon.schemas.service import Schemas

PYTHON = "Python36"


@operation("PutCodeBinding")
def put_code_binding(schemas: Schemas, request: PutCodeBindingRequestTypeDef) -> dict[str, Any]:
    """Python's; it takes a little while."""
    language = request["Language"]
    registry = schemas.registry(request["RegistryName"])
    schema = schemas.schema(registry.name, request["SchemaName"])
    version = schemas.version(schema, request.get("SchemaVersion"))
    if language not in LANGUAGES:
        raise BadRequestException.language(language, ", ".join(LANGUAGES))
    if language != PYTHON:
        raise NotImplementedByAwsmon(
            f"PutCodeBinding: bindings for {language} aren't built; use Language='{PYTHON}'."
        )
    return schemas.bind_code(registry, schema, version, language).to_aws()


@operation("DescribeCodeBinding")
def describe_code_binding(
    schemas: Schemas, request: DescribeCodeBindingRequestTypeDef
) -> dict[str, Any]:
    """Whether it is there yet."""
    return _binding(schemas, request).to_aws()


@operation("GetCodeBindingSource")
def get_code_binding_source(
    schemas: Schemas, request: GetCodeBindingSourceRequestTypeDef
) -> dict[str, Any]:
    """A zip file."""
    binding = _binding(schemas, request)
    if binding.status != "CREATE_COMPLETE":
        raise NotFoundException.binding(request["SchemaName"], request["Language"])
    return {"Body": binding.source}


def _binding(schemas: Schemas, request: Any) -> CodeBinding:
    schema = schemas.schema(request["RegistryName"], request["SchemaName"])
    version = schemas.version(schema, request.get("SchemaVersion"))
    language = request["Language"]
    if language not in version.bindings:
        raise NotFoundException.binding(schema.name, language)
    return version.bindings[language]
