"""The demo: a family is set up, its days are delivered, and then it goes on living."""

from adapters.inbound.cli.simulation.couriers import MAX_OBSERVATIONS
from adapters.inbound.cli.simulation.people import DEVICES, LATE_BY_MS, PEOPLE
from domain.kinds import Kind
from tests.simulation.family import Demo, ms
from tests.simulation.worlds import MINUTE_MS, NOON_MS


def test_it_sets_up_people_consents_devices_places_and_rules(family: Demo) -> None:
    counts = family.populate()
    platform = family.platform
    assert [one["name"] for one in platform.people] == [one.name for one in PEOPLE]
    assert {one["time_zone"] for one in platform.people} == {"Europe/Ljubljana"}
    assert all(set(one[0]["kinds"]) == set(Kind) for one in platform.consents.values())
    assert [one["name"] for one in platform.devices] == [one.name for one in DEVICES]
    shapes = {one["name"]: "polygon" if "polygon" in one else "circle" for one in platform.places}
    assert shapes["Lake Cerknica"] == "polygon"
    assert list(shapes.values()).count("circle") == 5
    assert len(platform.rules) > 8
    assert counts.accepted > 2_000
    assert (counts.duplicate, counts.refused) == (0, 0)


def test_batches_are_bounded_numbered_and_packed(family: Demo) -> None:
    family.populate()
    assert 100 < family.platform.largest_batch <= MAX_OBSERVATIONS
    assert family.platform.gzipped > 5
    numbers: dict[tuple[str, str], list[int]] = {}
    for device_id, kind, sequence in family.platform.identities:
        numbers.setdefault((device_id, kind), []).append(sequence)
    assert all(sorted(some) == list(range(1, len(some) + 1)) for some in numbers.values())


def test_progress_says_how_much_there_is_and_comes_to_its_end(family: Demo) -> None:
    family.populate()
    history = [(done, total) for text, done, total in family.progress if text == "History"]
    assert history[-1][0] == history[-1][1] > 2_000
    assert [done for done, _ in history] == sorted(done for done, _ in history)


def test_one_phone_is_half_a_day_late_and_delivers_after_its_live_position(family: Demo) -> None:
    family.populate()
    until = family.times("Mira's phone")[-1]
    assert ms(until) < NOON_MS - LATE_BY_MS
    family.live(2.5)
    assert family.times("Mira's phone")[-1] == until
    family.live(2)
    late = [ms(time) for time in family.times("Mira's phone")][len(until) :]
    first_live = next(i for i, time in enumerate(late) if time >= NOON_MS)
    owed = [time for time in late[first_live:] if time < NOON_MS]
    assert len(owed) > 50
    assert min(owed) < NOON_MS - LATE_BY_MS + 20 * MINUTE_MS


def test_a_foreign_agent_is_among_them(family: Demo) -> None:
    family.populate()
    history = list(family.platform.owntracks)
    assert len(history) > 200
    assert all(one["_type"] == "location" and 0 <= one["batt"] <= 100 for one in history)
    assert [one["tst"] for one in history] == sorted({one["tst"] for one in history})
    family.live(2)
    assert len(family.platform.owntracks) > len(history)


def test_live_people_move_without_a_second_telling(family: Demo) -> None:
    family.populate()
    family.live(5)
    times = [ms(time) for time in family.times("Neli's phone")]
    assert times == sorted(set(times))
    assert sum(time >= NOON_MS for time in times) > 60
