"""Contacts: whom people know, one by one or an address book at once."""

from collections.abc import Iterable, Sequence

import attrs

from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.faults import Conflict, Invalid, NotFound
from application.identifiers import new_id
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from domain.contact import MAX_CONTACTS, Contact, contact_errors, plain_address
from domain.refusals import FieldError


@attrs.frozen
class ContactDraft:
    """`person_id` says whose contact it is, None: everybody's."""

    name: str
    addresses: tuple[str, ...] = ()
    person_id: str | None = None


@attrs.frozen
class Imported:
    """How many contacts are new, and how many got addresses that they did not have."""

    added: int
    changed: int


@attrs.frozen
class ManageContacts:
    configuration: Configuration
    directory: DeviceDirectory
    clock: Clock

    async def all(self, actor: Actor, person_id: str | None = None) -> list[Contact]:
        """Those of everybody, and of this person when one is named: of each person, if not."""
        async with self.configuration.reading() as tx:
            if person_id is not None and await tx.people.get(actor.account_id, person_id) is None:
                raise NotFound("there is no such person")
            contacts = await tx.contacts.matching(actor.account_id)
        if person_id is None:
            return contacts
        return [one for one in contacts if one.person_id in (None, person_id)]

    async def add(self, actor: Actor, draft: ContactDraft) -> Contact:
        actor.must_change()
        now_ms = self.clock.now_ms()
        contact = _contact(draft, new_id(now_ms), actor.account_id, now_ms)
        _check([contact])
        async with self.configuration.changing() as tx:
            await _check_people(tx, actor, [contact])
            if len(await tx.contacts.matching(actor.account_id)) >= MAX_CONTACTS:
                raise Conflict(f"an account has {MAX_CONTACTS} contacts at most")
            await tx.contacts.add(contact)
            await tx.audit.add(actor.entry(now_ms, "contact.add", contact.id, contact.name))
        self.directory.changed(actor.account_id)
        return contact

    async def change(self, actor: Actor, contact_id: str, draft: ContactDraft) -> Contact:
        """As in the draft from now on."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            before = await _known(tx, actor, contact_id)
            contact = _contact(draft, before.id, before.account_id, before.created_at_ms)
            _check([contact])
            await _check_people(tx, actor, [contact])
            await tx.contacts.replace(contact)
            await tx.audit.add(actor.entry(now_ms, "contact.change", contact.id, contact.name))
        self.directory.changed(actor.account_id)
        return contact

    async def remove(self, actor: Actor, contact_id: str) -> None:
        actor.must_change()
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            contact = await _known(tx, actor, contact_id)
            await tx.contacts.remove(actor.account_id, contact_id)
            await tx.audit.add(actor.entry(now_ms, "contact.remove", contact.id, contact.name))
        self.directory.changed(actor.account_id)

    async def import_many(self, actor: Actor, drafts: Sequence[ContactDraft]) -> Imported:
        """All of them or none. A contact of the same name and person gets the addresses that it
        does not have yet: importing the same again changes nothing.
        """
        actor.must_change()
        now_ms = self.clock.now_ms()
        new = [_contact(draft, new_id(now_ms), actor.account_id, now_ms) for draft in drafts]
        _check(new, "contacts[{}].")
        async with self.configuration.changing() as tx:
            await _check_people(tx, actor, new, "contacts[{}].")
            before = await tx.contacts.matching(actor.account_id)
            merged = _merged(before, new)
            if len(merged) > MAX_CONTACTS:
                raise Conflict(f"an account has {MAX_CONTACTS} contacts at most")
            _check(merged)
            known = {contact.id: contact for contact in before}
            added = [one for one in merged if one.id not in known]
            changed = [one for one in merged if one.id in known and one != known[one.id]]
            for contact in added:
                await tx.contacts.add(contact)
            for contact in changed:
                await tx.contacts.replace(contact)
            detail = f"{len(added)} added, {len(changed)} changed"
            await tx.audit.add(actor.entry(now_ms, "contact.import", actor.account_id, detail))
        self.directory.changed(actor.account_id)
        return Imported(len(added), len(changed))


def _contact(draft: ContactDraft, id_: str, account_id: str, created_at_ms: int) -> Contact:
    addresses = _once(address.strip() for address in draft.addresses)
    return Contact(id_, account_id, draft.name.strip(), addresses, created_at_ms, draft.person_id)


def _once(addresses: Iterable[str]) -> tuple[str, ...]:
    """The first way of writing each."""
    found: dict[str, str] = {}
    for address in addresses:
        found.setdefault(plain_address(address), address)
    return tuple(found.values())


def _merged(before: Sequence[Contact], new: Sequence[Contact]) -> list[Contact]:
    by_name = {_same(contact): contact for contact in before}
    others = [contact for contact in before if by_name[_same(contact)] is not contact]
    for contact in new:
        known = by_name.get(_same(contact))
        if known is not None:
            contact = attrs.evolve(known, addresses=_once([*known.addresses, *contact.addresses]))
        by_name[_same(contact)] = contact
    return [*others, *by_name.values()]


def _same(contact: Contact) -> tuple[str, str | None]:
    return contact.name.casefold(), contact.person_id


def _check(contacts: Sequence[Contact], prefix: str = "") -> None:
    errors = [
        FieldError(prefix.format(index) + error.field, error.reason)
        for index, contact in enumerate(contacts)
        for error in contact_errors(contact)
    ]
    if errors:
        raise Invalid.of(errors[:_MAX_ERRORS])


async def _check_people(
    tx: ConfigurationTransaction, actor: Actor, contacts: Sequence[Contact], prefix: str = ""
) -> None:
    known = {None, *(person.id for person in await tx.people.matching(actor.account_id))}
    errors = [
        FieldError(f"{prefix.format(index)}person_id", "there is no such person")
        for index, contact in enumerate(contacts)
        if contact.person_id not in known
    ]
    if errors:
        raise Invalid.of(errors[:_MAX_ERRORS])


async def _known(tx: ConfigurationTransaction, actor: Actor, contact_id: str) -> Contact:
    contact = await tx.contacts.get(actor.account_id, contact_id)
    if contact is None:
        raise NotFound("there is no such contact")
    return contact


_MAX_ERRORS = 100
