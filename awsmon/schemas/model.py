"""What registries, schemas, versions, discoverers and code bindings are.

Lives here: `Registry`, `Schema`, `Version`, `Discoverer` and `CodeBinding`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.schemas.inference import Shape

__all__ = ["CodeBinding", "Discoverer", "Registry", "Schema", "Version"]


@dataclass(kw_only=True, slots=True, eq=False)
class CodeBinding(Resource):
    """Classes made of a schema, as DescribeCodeBinding shows them.

    Attributes:
        source: a zip file, once it is complete.
    """

    aws_shape: ClassVar[str] = "schemas.DescribeCodeBindingResponse"

    schema_version: str
    status: str = "CREATE_IN_PROGRESS"
    creation_date: datetime
    last_modified: datetime
    source: bytes = field(default=b"", repr=False, metadata=aws(None))


@dataclass(kw_only=True, slots=True, eq=False)
class Version:
    """One version of a schema.

    Attributes:
        number: as text: ``"1"``.
        kind: ``OpenApi3`` or ``JSONSchemaDraft4``.
        bindings: by language.
    """

    number: str
    content: str
    kind: str
    created: datetime
    bindings: dict[str, CodeBinding] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True, eq=False)
class Schema:
    """A schema with its versions.

    Attributes:
        versions: by number, oldest first.
        newest: the number that the last version got.
        shape: of the details of the events that it was discovered from.
    """

    name: str
    arn: str
    description: str | None = None
    last_modified: datetime
    versions: dict[str, Version] = field(default_factory=dict)
    newest: int = 0
    shape: Shape | None = None


@dataclass(kw_only=True, slots=True, eq=False)
class Registry:
    """A registry with its schemas.

    Attributes:
        schemas: by name.
        policy: its resource policy, and the policy's revision.
    """

    name: str
    arn: str
    description: str | None = None
    schemas: dict[str, Schema] = field(default_factory=dict)
    policy: dict[str, Any] | None = None
    revision: str = ""


@dataclass(kw_only=True, slots=True, eq=False)
class Discoverer(Resource):
    """A discoverer as DescribeDiscoverer shows it, tags aside."""

    aws_shape: ClassVar[str] = "schemas.DescribeDiscovererResponse"

    discoverer_id: str
    discoverer_arn: str
    source_arn: str
    description: str | None = None
    state: str = "STARTED"
    cross_account: bool = True
