"""Pulses become sessions: what merges, what does not, and what nobody can know."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consolidation.pulses import PULSE_MS, stretches
from domain.consolidation.sessions import (
    Call,
    Message,
    PlaceTransition,
    Presence,
    Session,
    Visit,
    app_sessions,
    calls,
    messages,
    place_transitions,
    presences,
    web_visits,
)
from domain.observations import AppUse, WebVisit
from domain.observations import Call as SeenCall
from domain.observations import Message as SeenMessage
from domain.observations import PlaceTransition as SeenTransition
from domain.observations import Presence as SeenPresence
from tests.domain.builders import at, columns, reordered

DAY = at(0), at(1_440)


def use(
    seconds: float, app: str, duration_s: float | None = None, title: str | None = None
) -> AppUse:
    return AppUse(at(seconds / 60), app, title, duration_s)


def used(*seen: AppUse) -> list[tuple[str, float, float]]:
    """(app, from, to) in seconds."""
    return [
        (one.app, (one.from_ms - at(0)) / 1000, (one.to_ms - at(0)) / 1000)
        for one in app_sessions(columns(seen), *DAY)
    ]


def test_pulses_of_one_app_are_one_session() -> None:
    assert used(use(0, "mail", 5), use(60, "mail", 5), use(180, "mail", 5)) == [("mail", 0, 185)]


def test_a_longer_pause_begins_a_new_one() -> None:
    pause_s = PULSE_MS / 1000
    assert used(use(0, "mail", 5), use(5 + pause_s, "mail", 5)) == [("mail", 0, 130)]
    assert used(use(0, "mail", 5), use(6 + pause_s, "mail", 5)) == [
        ("mail", 0, 5),
        ("mail", 126, 131),
    ]


def test_another_app_in_between_does_too() -> None:
    assert used(use(0, "mail", 10), use(10, "chat", 10), use(20, "mail", 10)) == [
        ("mail", 0, 10),
        ("chat", 10, 20),
        ("mail", 20, 30),
    ]


def test_so_does_another_window_of_the_same_app() -> None:
    sessions = app_sessions(
        columns(
            [use(0, "mail", 5, "Inbox"), use(5, "mail", 5, "Draft"), use(10, "mail", 5, "Draft")]
        ),
        *DAY,
    )
    assert sessions == [
        Session(at(0), at(5 / 60), "mail", "Inbox"),
        Session(at(5 / 60), at(15 / 60), "mail", "Draft"),
    ]


def test_the_duration_so_far_sent_again_and_again() -> None:
    assert used(use(0, "mail", 0), use(0, "mail", 30), use(0, "mail", 60)) == [("mail", 0, 60)]


def test_a_long_duration_is_respected() -> None:
    assert used(use(0, "film", 7_200), use(60, "chat", 10)) == [
        ("film", 0, 7_200),
        ("chat", 60, 70),
    ]


def test_without_durations_an_app_lasts_until_the_next() -> None:
    assert used(use(0, "mail"), use(60, "mail"), use(120, "chat"), use(500, "mail")) == [
        ("mail", 0, 120),
        ("chat", 120, 120),
        ("mail", 500, 500),
    ]


def test_sessions_are_cut_to_the_range() -> None:
    seen = columns([use(0, "mail", 600), use(3_000, "mail", 600)])
    found = app_sessions(seen, at(5), at(55))
    assert [(one.from_ms, one.to_ms) for one in found] == [(at(5), at(10)), (at(50), at(55))]
    assert app_sessions(seen, at(10), at(50)) == []


def test_visits_and_presence() -> None:
    visits = columns(
        [WebVisit(at(0), "https://a.example", "A"), WebVisit(at(1), "https://b.example")]
    )
    assert web_visits(visits, *DAY) == [
        Visit(at(0), at(1), "https://a.example", "A"),
        Visit(at(1), at(1), "https://b.example"),
    ]
    present = columns([SeenPresence(at(0), "active", 60.0), SeenPresence(at(1), "locked", 600.0)])
    assert presences(present, *DAY) == [
        Presence(at(0), at(1), "active"),
        Presence(at(1), at(11), "locked"),
    ]


def test_what_is_said_and_where_the_device_says_it_is() -> None:
    said = SeenMessage(at(5), "sent", "sms", "Grandma", text="On my way")
    assert messages(columns([said, said]), *DAY) == [
        Message(at(5), at(5), "sent", "sms", "Grandma", "On my way")
    ]
    rung = [
        SeenCall(at(1_439), "received", "Tim", "answered", 600.0),
        SeenCall(at(9), "sent", "Tim", "missed"),
    ]
    assert calls(columns(rung), *DAY) == [
        Call(at(9), at(9), "sent", "Tim", "missed"),
        Call(at(1_439), at(1_449), "received", "Tim", "answered"),
    ]
    assert calls(columns(rung), at(1_440), at(2_880)) == [], "it belongs to the day it began"
    entered = SeenTransition(at(7), "Home", "enter")
    assert place_transitions(columns([entered]), *DAY) == [
        PlaceTransition(at(7), at(7), "Home", "enter")
    ]


@pytest.mark.parametrize("of", [app_sessions, web_visits, presences, messages, calls])
def test_nothing_given(of: object) -> None:
    assert callable(of)
    assert of({}, *DAY) == []


pulses = st.lists(
    st.builds(
        use,
        st.integers(0, 900),
        st.sampled_from(["mail", "chat", "film"]),
        st.none() | st.sampled_from([0.0, 5.0, 30.0, 90.0, 400.0]),
        st.sampled_from([None, "", "one"]),
    ),
    max_size=30,
)


@given(pulses, st.randoms(use_true_random=False))
def test_order_does_not_matter_nor_what_came_twice(
    seen: list[AppUse], chance: random.Random
) -> None:
    given_columns = columns(seen)
    order = [*range(len(seen)), *chance.sample(range(len(seen)), len(seen) // 2)]
    chance.shuffle(order)
    shuffled = app_sessions(reordered(given_columns, order), *DAY)
    assert shuffled == app_sessions(given_columns, *DAY)


@given(pulses)
def test_merging_what_is_merged_changes_nothing(seen: list[AppUse]) -> None:
    once = app_sessions(columns(seen), *DAY)
    again = [
        AppUse(one.from_ms, one.app, one.title, (one.to_ms - one.from_ms) / 1000) for one in once
    ]
    assert app_sessions(columns(again), *DAY) == once


@given(pulses)
def test_sessions_of_one_content_never_overlap_and_cover_every_pulse(seen: list[AppUse]) -> None:
    sessions = app_sessions(columns(seen), *DAY)
    assert len(sessions) <= len(seen)
    for content in {(one.app, one.title) for one in sessions}:
        same = [one for one in sessions if (one.app, one.title) == content]
        assert all(one.to_ms < next_.from_ms for one, next_ in pairwise(same))
    for one in seen:
        end_ms = one.time_ms + round((one.duration_s or 0) * 1000)
        assert any(
            found.app == one.app
            and found.title == (one.title or None)
            and found.from_ms <= one.time_ms
            and end_ms <= found.to_ms
            for found in sessions
        )


@given(pulses, st.lists(st.integers(0, 1_400), max_size=4))
def test_the_parts_add_up_to_the_whole(seen: list[AppUse], cuts: list[int]) -> None:
    given_columns = columns(seen)
    edges = [DAY[0], *sorted(at(cut / 60) for cut in cuts), DAY[1]]
    whole = stretches(given_columns, ("app",), *DAY)
    parts = [one for a, b in pairwise(edges) for one in stretches(given_columns, ("app",), a, b)]
    assert sum(end - start for start, end, _ in parts) == sum(
        end - start for start, end, _ in whole
    )
