"""Contacts, as people keep them and as address books list them."""

from typing import Annotated, Any

from litestar import Controller, delete, get, patch, post
from litestar.params import Parameter
from msgspec import UNSET, Meta, UnsetType, field

from adapters.inbound.http.api.parameters import listed
from adapters.inbound.http.api.requests import Body, Id, Name
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.faults import NotFound
from application.use_cases.manage_contacts import ContactDraft
from domain.contact import MAX_ADDRESS, MAX_ADDRESSES, MAX_CONTACTS, Contact
from domain.times import to_rfc3339

Address = Annotated[str, Meta(min_length=1, max_length=MAX_ADDRESS)]
Addresses = Annotated[list[Address], Meta(max_length=MAX_ADDRESSES)]


class ContactBody(Body):
    """`person_id` says whose contact it is; everybody's where there is none."""

    name: Name
    addresses: Addresses = field(default_factory=list)
    person_id: Id | None = None

    def draft(self) -> ContactDraft:
        return ContactDraft(self.name, tuple(self.addresses), self.person_id)


class ContactChange(Body):
    """What is left out stays as it is."""

    name: Name | UnsetType = UNSET
    addresses: Addresses | UnsetType = UNSET
    person_id: Id | None | UnsetType = UNSET


class ContactsImport(Body):
    contacts: Annotated[list[ContactBody], Meta(min_length=1, max_length=MAX_CONTACTS)]


class ContactsController(Controller):
    path = "/api/v1/contacts"
    tags = ("contacts",)

    @get(summary="All contacts, or those that a person has")
    async def all(
        self,
        actor: Actor,
        services: Services,
        person_id: Annotated[str | None, Parameter(max_length=64)] = None,
    ) -> dict[str, Any]:
        contacts = await services.manage_contacts.all(actor, person_id)
        return listed([_json(contact) for contact in contacts])

    @post(summary="Add a contact")
    async def add(self, data: ContactBody, actor: Actor, services: Services) -> dict[str, Any]:
        return _json(await services.manage_contacts.add(actor, data.draft()))

    @post("/import", status_code=200, summary="Add many contacts at once, or none of them")
    async def import_many(
        self, data: ContactsImport, actor: Actor, services: Services
    ) -> dict[str, Any]:
        drafts = [body.draft() for body in data.contacts]
        imported = await services.manage_contacts.import_many(actor, drafts)
        return {"added": imported.added, "changed": imported.changed}

    @patch("/{contact_id:str}", summary="Change a contact's name, addresses or person")
    async def change(
        self, contact_id: str, data: ContactChange, actor: Actor, services: Services
    ) -> dict[str, Any]:
        async with services.configuration.reading() as tx:
            contact = await tx.contacts.get(actor.account_id, contact_id)
        if contact is None:
            raise NotFound("there is no such contact")
        return _json(
            await services.manage_contacts.change(actor, contact_id, _changed(contact, data))
        )

    @delete("/{contact_id:str}", status_code=204, summary="Remove a contact")
    async def remove(self, contact_id: str, actor: Actor, services: Services) -> None:
        await services.manage_contacts.remove(actor, contact_id)


def _changed(contact: Contact, data: ContactChange) -> ContactDraft:
    """The contact as it was, with the fields that were sent."""
    return ContactDraft(
        contact.name if data.name is UNSET else data.name,
        contact.addresses if data.addresses is UNSET else tuple(data.addresses),
        contact.person_id if data.person_id is UNSET else data.person_id,
    )


def _json(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "name": contact.name,
        "addresses": list(contact.addresses),
        "person_id": contact.person_id,
        "created_at": to_rfc3339(contact.created_at_ms),
    }
