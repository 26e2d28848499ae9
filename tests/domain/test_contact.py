"""Contacts: how addresses are compared, and whose contact somebody is."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contact import (
    MAX_ADDRESSES,
    Contact,
    addresses_by_name,
    contact_errors,
    known_addresses,
    plain_address,
)

GRANDMA = Contact("1", "a", "Grandma", ("+386 (1) 234-56", "Oma@Example.com"), 0)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("+386 (1) 234-56", "+386123456"),
        ("01/234.56", "0123456"),
        ("01\u00a0234", "01234"),
        (" Oma@Example.COM ", "oma@example.com"),
        ("Jean-Luc", "jean-luc"),
        ("+", "+"),
        ("", ""),
    ],
)
def test_the_plain_form(written: str, plain: str) -> None:
    assert plain_address(written) == plain


@given(st.text(max_size=30))
def test_the_plain_form_of_a_plain_form_is_the_same(text: str) -> None:
    assert plain_address(plain_address(text)) == plain_address(text)


def test_contacts_of_others_are_strangers() -> None:
    friend = Contact("2", "a", "Tim", ("tim",), 0, person_id="mia")
    both = [GRANDMA, friend]
    everybodys = {"grandma", "+386123456", "oma@example.com"}
    assert known_addresses(both, "mia") == everybodys | {"tim"}
    assert known_addresses(both, "max") == everybodys
    assert set(addresses_by_name(both, "max")) == {"grandma"}


def test_a_name_has_the_addresses_of_all_who_bear_it() -> None:
    other = Contact("3", "a", "GRANDMA", ("granny",), 0, person_id="mia")
    found = addresses_by_name([GRANDMA, other], "mia")["grandma"]
    assert found == known_addresses([GRANDMA], "mia") | {"granny"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"addresses": ("a",) * (MAX_ADDRESSES + 1)}, "addresses"),
        ({"addresses": ("a", "  ")}, "addresses[1]"),
        ({"addresses": ("a" * 257,)}, "addresses[0]"),
    ],
)
def test_what_cannot_be_a_contact(changes: dict[str, Any], field: str) -> None:
    assert contact_errors(GRANDMA) == []
    wrong = attrs.evolve(GRANDMA, **changes)
    assert [error.field for error in contact_errors(wrong)] == [field]
