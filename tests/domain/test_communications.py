"""Messages and calls by counterpart; traffic by app and interface."""

import random
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.consolidation.columns import Columns
from domain.consolidation.communications import (
    Channel,
    Counterpart,
    counterpart_json,
    counterparts,
    exchanges,
    first_times,
)
from domain.consolidation.traffic import Amount, traffic, traffic_total
from domain.contact import Contact, contacts_by_address
from domain.kinds import Kind
from domain.observations import Call, Message, Traffic
from tests.domain.builders import BERLIN, at, kinds, reordered

EVA = Contact("eva", "account", "Eva", ("+386 1 234", "eva@example.org"), 0)
CONTACTS = contacts_by_address([EVA], "ana")
UTC = ZoneInfo("UTC")

MESSAGES = [
    Message(at(0), "received", "sms", "+386-1-234", text="hi"),
    Message(at(1), "sent", "sms", "+3861234", text="hello"),
    Message(at(2), "received", "mail", "EVA@example.org"),
    Message(at(90), "received", "sms", "666", text="click"),
]
CALLS = [
    Call(at(10), "received", "Eva", "missed"),
    Call(at(70), "sent", "+386 1 234", "answered", 90.5),
]


def of(*devices: Mapping[Kind, Columns], start: float = 0, end: float = 1_440) -> list[Counterpart]:
    found = exchanges(devices, at(start), at(end))
    return counterparts(found, {}, CONTACTS, BERLIN)


def test_by_counterpart_and_channel() -> None:
    eva, stranger = of(kinds(message=MESSAGES, call=CALLS))
    assert eva.contact == EVA
    assert eva.addresses == ("+386-1-234", "+3861234", "EVA@example.org", "Eva", "+386 1 234")
    assert eva.channels == (
        Channel("call", 1, 1, 1, 90.5),
        Channel("mail", 0, 1, 0, 0.0),
        Channel("sms", 1, 1, 0, 0.0),
    )
    assert (eva.first_ms, eva.last_ms, eva.count) == (at(0), at(70), 5)
    assert [hour for hour, count in enumerate(eva.hours) if count] == [2, 3], "it is summer"
    assert stranger.contact is None
    assert stranger.addresses == ("666",)
    written = counterpart_json(stranger)
    assert (written["stranger"], written["new"], written["name"]) == (True, True, None)


def test_what_two_devices_tell_of_counts_once() -> None:
    assert of(kinds(message=MESSAGES), kinds(message=MESSAGES[:2])) == of(kinds(message=MESSAGES))


def test_the_first_contact_ever_may_be_by_another_address() -> None:
    before = first_times(exchanges([kinds(message=MESSAGES)], at(0), at(2)))
    found = exchanges([kinds(call=CALLS, message=MESSAGES)], at(2), at(1_440))
    eva, stranger = counterparts(found, before, CONTACTS, UTC)
    assert (eva.first_ever_ms, eva.first_ms) == (at(0), at(2))
    assert counterpart_json(eva)["new"] is False
    assert stranger.first_ever_ms == stranger.first_ms == at(90)


def test_a_contact_of_somebody_else_is_a_stranger() -> None:
    theirs = contacts_by_address([Contact("x", "account", "X", ("666",), 0, "bor")], "ana")
    assert theirs == {}
    own = Contact("y", "account", "Y", ("666",), 9, "ana")
    everybodys = Contact("z", "account", "Z", ("666",), 0)
    assert contacts_by_address([everybodys, own], "ana")["666"] == own


@given(st.randoms(use_true_random=False), st.integers(0, 1_440))
def test_order_and_splitting_do_not_matter(chance: random.Random, cut: int) -> None:
    columns = kinds(message=MESSAGES, call=CALLS)
    shuffled = {}
    for kind, some in columns.items():
        order = [*range(len(some["time_ms"]))] * 2
        chance.shuffle(order)
        shuffled[kind] = reordered(some, order)
    assert of(shuffled) == of(columns)
    parts = exchanges([columns], at(0), at(cut)) + exchanges([columns], at(cut), at(1_440))
    assert parts == exchanges([columns], at(0), at(1_440))


AMOUNTS = [
    Traffic(at(1), "wifi", 10, 100),
    Traffic(at(2), "mobile", 1, 2, "chat"),
    Traffic(at(3), "wifi", 5, 5, "chat"),
]


def test_traffic_by_app_and_interface() -> None:
    found = traffic([kinds(traffic=AMOUNTS), kinds(traffic=AMOUNTS[1:2])], at(0), at(60))
    assert found.whole == Amount(17, 109)
    assert found.by_interface == {"wifi": Amount(15, 105), "mobile": Amount(2, 4)}
    assert found.by_app == {"": Amount(10, 100), "chat": Amount(7, 9)}


@given(st.integers(0, 60))
def test_the_parts_of_traffic_add_up(cut: int) -> None:
    devices = [kinds(traffic=AMOUNTS)]
    parts = [traffic(devices, at(0), at(cut)), traffic(devices, at(cut), at(60))]
    assert traffic_total(parts) == traffic(devices, at(0), at(60))
