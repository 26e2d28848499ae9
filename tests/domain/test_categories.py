"""Apps and sites find their category, and a set that cannot work is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.outbound.public_suffixes import PublicSuffixes
from domain.categories import (
    MAX_CATEGORIES,
    MAX_PATTERNS,
    Categorizer,
    Category,
    category_errors,
)
from domain.default_categories import DEFAULT_CATEGORIES
from domain.refusals import FieldError

SUFFIXES = PublicSuffixes()
DEFAULTS = Categorizer(DEFAULT_CATEGORIES)


def of_site(pattern: str, host: str) -> str | None:
    return Categorizer([Category("it", sites=(pattern,))]).of_site(host)


def fits(pattern: str, app: str) -> bool:
    return Categorizer([Category("it", (pattern,))]).of_app(app) == "it"


def errors(*categories: Category) -> list[FieldError]:
    return category_errors(categories, SUFFIXES.is_public_suffix)


@pytest.mark.parametrize(
    ("app", "category"),
    [
        ("com.google.android.youtube", "video"),
        ("com.google.android.apps.youtube.music", "music"),
        ("Minecraft Launcher", "games"),
        ("com.spotify.music", "music"),
        ("org.telegram.messenger", "messaging"),
        ("com.instagram.android", "social"),
        ("EXCEL.EXE", "work"),
        ("com.duolingo", "learning"),
        ("com.amazon.mShop.android.shopping", "shopping"),
        ("com.android.settings", None),
        ("", None),
    ],
)
def test_well_known_apps(app: str, category: str | None) -> None:
    assert DEFAULTS.of_app(app) == category


@pytest.mark.parametrize(
    ("url", "category"),
    [
        ("https://m.youtube.com/watch?v=1", "video"),
        ("https://music.youtube.com/", "music"),
        ("https://notyoutube.com/", None),
        ("https://youtube.com.evil.example/", None),
        ("https://www.bbc.co.uk/news", "news"),
        ("https://docs.google.com/document", "work"),
        ("https://www.google.com/search", None),
        ("https://de.wikipedia.org/wiki/Karst", "learning"),
        ("file:///home/ana/youtube.com", None),
    ],
)
def test_well_known_sites(url: str, category: str | None) -> None:
    assert DEFAULTS.of_url(url) == category


def test_the_defaults_can_be() -> None:
    assert errors(*DEFAULT_CATEGORIES) == []


def test_the_first_category_that_fits_is_it() -> None:
    narrow = Category("mail", ("*mail*",), ("mail.example.com",))
    wide = Category("all", ("*mail", "com.*", "com.mail"), ("example.com",))
    assert Categorizer([narrow, wide]).of_site("mail.example.com") == "mail"
    assert Categorizer([wide, narrow]).of_site("mail.example.com") == "all"
    assert Categorizer([narrow, wide]).of_app("com.mail") == "mail"
    assert Categorizer([wide, narrow]).of_app("com.mail") == "all"
    assert Categorizer([narrow, wide]).of_app("com.other") == "all"


@pytest.mark.parametrize("host", ["bücher.de", "BÜCHER.de", "www.bücher.de", "xn--bcher-kva.de"])
def test_a_site_is_written_in_any_form(host: str) -> None:
    for pattern in ("bücher.de", "xn--bcher-kva.de", "WWW.Bücher.de."):
        assert of_site(pattern, host) == "it"


def test_addresses_have_nothing_below_them() -> None:
    assert of_site("192.168.1.5", "192.168.1.5") == "it"
    assert of_site("1.5", "192.168.1.5") is None


@pytest.mark.parametrize(
    ("pattern", "app", "does"),
    [
        ("chess", "Chess", True),
        ("chess", "chess.com", False),
        ("chess*", "chess", True),
        ("*chess", "my chess", True),
        ("com.*.chess*", "com.king.chess.free", True),
        ("com.*.chess", "com.king.chess.free", False),
        ("ab*ba", "aba", False),
        ("a*b*c", "a-c-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("a[b]*", "a[b]c", True),
        ("a[b]*", "ab", False),
        ("straße*", "STRASSE 12", True),
    ],
)
def test_patterns_of_apps(pattern: str, app: str, does: bool) -> None:
    assert fits(pattern, app) is does


@given(st.lists(st.text("ab", max_size=3), min_size=1, max_size=5), st.text("ab", max_size=8))
def test_a_pattern_fits_what_a_slow_search_finds(parts: list[str], app: str) -> None:
    def found(rest: list[str], name: str) -> bool:
        head, *others = rest
        if not others:
            return name == head
        return name.startswith(head) and any(
            found(others, name[start:]) for start in range(len(head), len(name) + 1)
        )

    assert fits("*".join(parts), app) is found(parts, app)


@given(st.text(), st.text())
def test_no_name_is_too_strange(app: str, host: str) -> None:
    DEFAULTS.of_app(app)
    DEFAULTS.of_site(host)
    DEFAULTS.of_url("https://" + host)


@pytest.mark.parametrize(
    ("category", "field", "reason"),
    [
        (Category("", ("x",)), "categories[0].name", "characters"),
        (Category("x" * 65, ("x",)), "categories[0].name", "characters"),
        (Category("x", ("chess", "*")), "categories[0].apps[1]", "nearly everything"),
        (Category("x", ("*.*",)), "categories[0].apps[0]", "nearly everything"),
        (Category("x", ("*e*",)), "categories[0].apps[0]", "nearly everything"),
        (Category("x", (" ",)), "categories[0].apps[0]", "characters"),
        (Category("x", ("x" * 129,)), "categories[0].apps[0]", "characters"),
        (Category("x", sites=("a.example", "co.uk")), "categories[0].sites[1]", "register"),
        (Category("x", sites=("com",)), "categories[0].sites[0]", "register"),
        (Category("x", sites=("",)), "categories[0].sites[0]", "not a host"),
        (Category("x", sites=("*.example.com",)), "categories[0].sites[0]", "not a host"),
        (Category("x", sites=("https://a.example/",)), "categories[0].sites[0]", "not a host"),
        (Category("x", sites=("1.5",)), "categories[0].sites[0]", "IP address"),
        (Category("x", ("a",) * (MAX_PATTERNS + 1)), "categories[0].apps", "at most"),
        (Category("x", (), ("a.example",) * 501), "categories[0].sites", "at most"),
    ],
)
def test_what_cannot_work_is_refused(category: Category, field: str, reason: str) -> None:
    (error,) = errors(category)
    assert error.field == field
    assert reason in error.reason


def test_names_are_there_once_and_not_too_many() -> None:
    (twice,) = errors(Category("Games"), Category(" games "))
    assert (twice.field, twice.reason) == ("categories[1].name", "is there twice")
    many = [Category(f"c{number}") for number in range(MAX_CATEGORIES + 1)]
    assert errors(*many[:-1]) == []
    assert [error.field for error in errors(*many)] == ["categories"]


def test_a_great_many_apps_are_told_and_not_all_remembered() -> None:
    categorizer = Categorizer(DEFAULT_CATEGORIES)
    for number in range(25_000):
        assert categorizer.of_app(f"com.spotify.{number}") == "music"
