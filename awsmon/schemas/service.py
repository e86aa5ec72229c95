"""The schema registries of one account and region.

Lives here: `Schemas`: registries, schemas and their versions. How schemas are found on buses is
`discoverers.py`'s, what they look like `documents.py`'s.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import Call
from awsmon.core.errors import MisuseError
from awsmon.core.samples import SAMPLES
from awsmon.core.service import Service, direct
from awsmon.schemas import documents
from awsmon.schemas.code_bindings import python_binding
from awsmon.schemas.conformance import conformance
from awsmon.schemas.discoverers import DISCOVERED, Discoverers
from awsmon.schemas.errors import NotFoundException
from awsmon.schemas.inference import shape_of
from awsmon.schemas.model import CodeBinding, Registry, Schema, Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope
    from awsmon.schemas.conformance import Conformance

__all__ = ["AWS_EVENTS", "Schemas"]

AWS_EVENTS = "aws.events"
BINDING_TAKES = timedelta(seconds=5)
"""To be made; AWS names no time."""


class Schemas(Service):
    """The schema registry in one account and region.

    Attributes:
        registries: by name; AWS's own, and that of discovered schemas, are always there.
        discoverers: of this account's buses.
    """

    def __init__(self, backend: Backend, scope: Scope) -> None:
        super().__init__(backend, scope)
        self.registries: dict[str, Registry] = {}
        self.discoverers = Discoverers(self)
        self.create_registry(DISCOVERED, "Schemas that were discovered on event buses")
        self.create_registry(AWS_EVENTS, "Schemas of the events of AWS services")
        for source, detail_type in SAMPLES:
            self._add_own(source, detail_type)

    def _add_own(self, source: str, detail_type: str) -> None:
        registry = self.registries[AWS_EVENTS]
        schema = self.add(registry, documents.schema_name(source, detail_type), None)
        shape = shape_of(SAMPLES[source, detail_type])
        content = documents.open_api(source, detail_type, shape)
        self.put_version(schema, documents.written(content), documents.OPEN_API)

    # -- registries and schemas --------------------------------------------------------------------

    def create_registry(self, name: str, description: str | None) -> Registry:
        """A new registry."""
        arn = self.scope.arn("schemas", f"registry/{name}")
        registry = self.registries[name] = Registry(name=name, arn=arn, description=description)
        self.tags.create(arn)
        return registry

    def registry(self, name: str) -> Registry:
        """The registry of that name.

        Raises:
            NotFoundException: there is none.
        """
        if name not in self.registries:
            raise NotFoundException.registry(name)
        return self.registries[name]

    def schema(self, registry_name: str, name: str) -> Schema:
        """The schema of that name in a registry.

        Raises:
            NotFoundException: there is none.
        """
        registry = self.registry(registry_name)
        if name not in registry.schemas:
            raise NotFoundException.schema(name)
        return registry.schemas[name]

    def version(self, schema: Schema, number: str | None) -> Version:
        """The version of that number; None: the newest.

        Raises:
            NotFoundException: there is none.
        """
        chosen = next(reversed(schema.versions)) if number is None else number
        if chosen not in schema.versions:
            raise NotFoundException.version(schema.name, chosen)
        return schema.versions[chosen]

    def add(self, registry: Registry, name: str, description: str | None) -> Schema:
        """A new schema, without a version yet."""
        arn = self.scope.arn("schemas", f"schema/{registry.name}/{name}")
        schema = registry.schemas[name] = Schema(
            name=name, arn=arn, description=description, last_modified=self.clock.now()
        )
        self.tags.create(arn)
        return schema

    def put_version(self, schema: Schema, content: str, kind: str) -> Version:
        """Another version."""
        schema.newest += 1
        now = self.clock.now()
        version = Version(number=str(schema.newest), content=content, kind=kind, created=now)
        schema.versions[version.number] = version
        schema.last_modified = now
        return version

    def forget(self, registry: Registry, schema: Schema) -> None:
        """A schema is gone."""
        self.tags.forget(schema.arn)
        del registry.schemas[schema.name]

    # -- code bindings -----------------------------------------------------------------------------

    def bind_code(
        self, registry: Registry, schema: Schema, version: Version, language: str
    ) -> CodeBinding:
        """Make classes of a version; they are there a little later."""
        now = self.clock.now()
        binding = CodeBinding(schema_version=version.number, creation_date=now, last_modified=now)
        version.bindings[language] = binding
        key = (registry.name, schema.name, version.number, language)
        self.clock.set(now + BINDING_TAKES, Call("schemas", "code_bound", key), scope=self.scope)
        return binding

    def code_bound(self, key: tuple[str, str, str, str]) -> None:
        """A timer's verb: the classes are made."""
        registry = self.registries.get(key[0])
        schema = registry.schemas.get(key[1]) if registry else None
        version = schema.versions.get(key[2]) if schema else None
        if schema is None or version is None:
            return  # it was deleted meanwhile
        binding = version.bindings[key[3]]
        binding.source, binding.status = python_binding(schema, version), "CREATE_COMPLETE"
        binding.last_modified = self.clock.now()

    # -- for people --------------------------------------------------------------------------------

    @direct
    def conforms(self, event: Mapping[str, Any], schema: str | Mapping[str, Any]) -> Conformance:
        """Whether an event conforms to a schema.

        Args:
            event: the whole event.
            schema: an OpenAPI 3 or JSON Schema document; ``registry/name``; or the name of a
                schema in any registry, as ``my.app@OrderPlaced``.

        Raises:
            MisuseError: there is no such schema, or the extra ``schemas`` isn't installed.
        """
        if not isinstance(schema, str):
            return conformance(event, schema)
        for registry in self.registries.values():
            for found in registry.schemas.values():
                if schema in (found.name, f"{registry.name}/{found.name}"):
                    return conformance(event, json.loads(self.version(found, None).content))
        raise MisuseError(f"conforms(..., {schema!r}): there is no schema of that name.")
