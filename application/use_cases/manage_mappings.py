"""Mappings: what the account makes of the documents of a source."""

import attrs

from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.document_mapper import DocumentMapper
from application.faults import Conflict, Invalid, NotFound
from application.identifiers import new_id
from application.mapping_drafts import RawDefinition, read_draft
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from domain.mapping import DocumentMapping
from domain.refusals import FieldError

MAX_MAPPINGS = 200
MAX_NAME = 200
MAX_SOURCE = 64


@attrs.frozen
class MappingChanges:
    """What is None stays as it is. `version` is the one that whoever changes it has seen."""

    name: str | None = None
    source: str | None = None
    definition: RawDefinition | None = None
    enabled: bool | None = None
    version: int | None = None


@attrs.frozen
class ManageMappings:
    configuration: Configuration
    directory: DeviceDirectory
    mapper: DocumentMapper
    clock: Clock

    async def add(
        self, actor: Actor, name: str, source: str, definition: RawDefinition, enabled: bool = True
    ) -> DocumentMapping:
        """Raises Invalid, and Conflict where the source has an enabled mapping."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        raw = read_draft(self.mapper, definition).raw
        mapping = DocumentMapping(
            new_id(now_ms), actor.account_id, name.strip(), source.strip(), raw, now_ms, enabled
        )
        _check(mapping)
        async with self.configuration.changing() as tx:
            if len(await tx.mappings.matching(actor.account_id)) >= MAX_MAPPINGS:
                raise Conflict(f"an account has {MAX_MAPPINGS} mappings at most")
            await _must_be_alone(tx, mapping)
            await tx.mappings.add(mapping)
            await tx.audit.add(actor.entry(now_ms, "mapping.add", mapping.id, mapping.name))
        self.directory.changed(actor.account_id)
        return mapping

    async def change(
        self, actor: Actor, mapping_id: str, changes: MappingChanges
    ) -> DocumentMapping:
        """Raises Invalid, NotFound, and Conflict where somebody else was faster."""
        actor.must_change()
        values = {
            name: value
            for name, value in attrs.asdict(changes, recurse=False).items()
            if value is not None and name != "version"
        }
        if changes.definition is not None:
            values["definition"] = read_draft(self.mapper, changes.definition).raw
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            before = await tx.mappings.get(actor.account_id, mapping_id)
            if before is None:
                raise NotFound("there is no such mapping")
            if changes.version not in (None, before.version):
                raise Conflict(f"somebody has changed it: it is at version {before.version} by now")
            mapping = attrs.evolve(before, **values, version=before.version + 1)
            mapping = attrs.evolve(
                mapping, name=mapping.name.strip(), source=mapping.source.strip()
            )
            _check(mapping)
            await _must_be_alone(tx, mapping)
            await tx.mappings.replace(mapping)
            await tx.audit.add(actor.entry(now_ms, "mapping.change", mapping.id, mapping.name))
        self.directory.changed(actor.account_id)
        return mapping

    async def remove(self, actor: Actor, mapping_id: str) -> None:
        """What it has made stays. Raises NotFound."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            mapping = await tx.mappings.get(actor.account_id, mapping_id)
            if mapping is None:
                raise NotFound("there is no such mapping")
            await tx.mappings.remove(actor.account_id, mapping_id)
            await tx.audit.add(actor.entry(now_ms, "mapping.remove", mapping.id, mapping.name))
        self.directory.changed(actor.account_id)


async def _must_be_alone(tx: ConfigurationTransaction, mapping: DocumentMapping) -> None:
    """Two that read the same documents would say everything twice."""
    if not mapping.enabled:
        return
    for other in await tx.mappings.matching(
        mapping.account_id, source=mapping.source, enabled=True
    ):
        if other.id != mapping.id:
            raise Conflict(f"the mapping “{other.name}” reads documents of this source already")


def _check(mapping: DocumentMapping) -> None:
    errors = [
        FieldError(field, f"must have 1 to {most} characters")
        for field, value, most in (
            ("name", mapping.name, MAX_NAME),
            ("source", mapping.source, MAX_SOURCE),
        )
        if not 1 <= len(value) <= most
    ]
    if errors:
        raise Invalid.of(errors)
