"""Whom a person knows: who is not among them is a stranger."""

from collections.abc import Iterable, Mapping

import attrs

from domain.refusals import FieldError

MAX_CONTACTS = 2_000
MAX_ADDRESSES = 20
MAX_ADDRESS = 256
MAX_NAME = 200


@attrs.frozen
class Contact:
    """Somebody with the addresses by which messages and calls name them: numbers, e-mail
    addresses, names in an app. `person_id` says whose contact it is, None: everybody's.
    """

    id: str
    account_id: str
    name: str
    addresses: tuple[str, ...]
    created_at_ms: int
    person_id: str | None = None


def plain_address(text: str) -> str:
    """The form in which addresses are compared: without case, and numbers without punctuation."""
    folded = text.strip().casefold()
    digits = folded.translate(_PUNCTUATION)
    return digits if digits.removeprefix("+").isdigit() else folded


def known_addresses(contacts: Iterable[Contact], person_id: str) -> frozenset[str]:
    """The plain addresses of a person's contacts; a contact's name is one of them."""
    return frozenset(
        plain_address(address)
        for contact in contacts
        if contact.person_id in (None, person_id)
        for address in (contact.name, *contact.addresses)
    )


def addresses_by_name(contacts: Iterable[Contact], person_id: str) -> Mapping[str, frozenset[str]]:
    """The plain addresses of each contact of a person, by its name in plain form; of contacts
    with the same name those of all.
    """
    found: dict[str, frozenset[str]] = {}
    for contact in contacts:
        if contact.person_id in (None, person_id):
            own = known_addresses([contact], person_id)
            name = plain_address(contact.name)
            found[name] = found.get(name, frozenset()) | own
    return found


def contact_errors(contact: Contact) -> list[FieldError]:
    errors = []
    if not 1 <= len(contact.name) <= MAX_NAME:
        errors.append(FieldError("name", f"must have 1 to {MAX_NAME} characters"))
    if len(contact.addresses) > MAX_ADDRESSES:
        errors.append(FieldError("addresses", f"may be {MAX_ADDRESSES} at most"))
    for index, address in enumerate(contact.addresses):
        if not 1 <= len(address.strip()) <= MAX_ADDRESS:
            field = f"addresses[{index}]"
            errors.append(FieldError(field, f"must have 1 to {MAX_ADDRESS} characters"))
    return errors


_PUNCTUATION = str.maketrans("", "", " -()/.\u00a0")


def contacts_by_address(contacts: Iterable[Contact], person_id: str) -> dict[str, Contact]:
    """A person's contacts by each plain address and by their name; her own before everybody's."""
    found: dict[str, Contact] = {}
    ordered = sorted(contacts, key=lambda one: (one.person_id is None, one.created_at_ms, one.id))
    for contact in ordered:
        if contact.person_id in (None, person_id):
            for address in (*contact.addresses, contact.name):
                found.setdefault(plain_address(address), contact)
    return found
