"""What the family reads, opens and writes: invented words, and addresses that lead nowhere."""

from random import Random

import attrs

from adapters.inbound.cli.simulation.people import Person


@attrs.frozen
class Page:
    url: str
    title: str


PAGES: tuple[Page, ...] = (
    Page("https://news.example/today", "Today in the valley"),
    Page("https://news.example/sport/ski-jumping", "Ski jumping: who leads"),
    Page("https://weather.example/cerknica", "Weather for Cerknica"),
    Page("https://lake.example/water-level", "How high the lake stands"),
    Page("https://recipes.example/strudel", "Apple strudel in an hour"),
    Page("https://shop.example/shoes/running", "Running shoes"),
    Page("https://wiki.example/Karst", "Karst - the encyclopedia"),
    Page("https://wiki.example/Intermittent_lake", "Intermittent lakes"),
    Page("https://video.example/watch/4711", "How bears find honey"),
    Page("https://video.example/watch/2024", "Learn the ukulele, part 3"),
    Page("https://school.example/timetable", "Timetable of class 8b"),
    Page("https://trains.example/postojna", "Departures from Postojna"),
)

COMPUTER_APPS: tuple[tuple[str, str], ...] = (
    ("Code Editor", "invoice.py"),
    ("Spreadsheet", "Budget of the autumn fair"),
    ("Browser", "Intermittent lakes"),
    ("Mail", "Inbox (3)"),
    ("Drawing Board", "Poster, second draft"),
    ("Video Call", "Monday round"),
)

_TEXTS: tuple[str, ...] = (
    "On my way",
    "Home in ten minutes",
    "Can you bring bread?",
    "Training is over, the bus leaves at six",
    "Did you see the fog on the lake?",
    "Yes",
    "See you at the shop",
    "The maths test went well!",
    "Forgot my key again",
    "Call me when you can",
)

_OTHERS: tuple[str, ...] = (
    "+386 00 555 011",
    "+386 00 555 024",
    "+386 00 555 037",
    "+386 00 555 058",
    "+386 00 555 073",
)

COUNTERPARTS: dict[str, tuple[str, ...]] = {
    "mother": ("Neli", "Tomo", "Ivo", *_OTHERS[:3]),
    "father": ("Mira", "Neli", *_OTHERS[1:4]),
    "daughter": ("Mira", "Ema from 8b", "Luka from swimming", *_OTHERS[3:]),
    "grandfather": ("Mira",),
}


def app_of(person: Person, draw: Random) -> str:
    """The first of a person's apps are opened most."""
    return draw.choices(person.apps, [1 / (rank + 1) for rank in range(len(person.apps))])[0]


def text_of(draw: Random) -> str:
    return draw.choice(_TEXTS)
