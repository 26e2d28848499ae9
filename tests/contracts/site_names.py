"""What everything that knows the sites of the web must do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.site_names import SiteNames


class SiteNamesContract:
    PORT = SiteNames
    ADAPTER: type

    @pytest.fixture(scope="class")
    @classmethod
    def names(cls) -> SiteNames:
        raise NotImplementedError

    @pytest.mark.parametrize(
        ("text", "site"),
        [
            ("https://m.youtube.com/watch?v=1", "youtube.com"),
            ("http://youtube.com:8080/", "youtube.com"),
            ("https://user:secret@www.News.BBC.co.uk./sport", "bbc.co.uk"),
            ("news.bbc.co.uk", "bbc.co.uk"),
            ("www.bbc.co.uk:443", "bbc.co.uk"),
            ("ana.github.io", "ana.github.io"),
            ("pages.ana.github.io", "ana.github.io"),
            ("https://github.io", "github.io"),
            ("https://www.city.kawasaki.jp", "city.kawasaki.jp"),
            ("a.b.nobody-knows-this", "b.nobody-knows-this"),
            ("https://xn--bcher-kva.de/", "bücher.de"),
            ("shop.BÜCHER.de", "bücher.de"),
            ("https://www.xn--e1afmkfd.xn--p1ai", "пример.рф"),
            ("उदाहरण.com", "उदाहरण.com"),
            ("http://192.168.1.5:8080/admin", "192.168.1.5"),
            ("http://[2001:db8::1]:8080/", "2001:db8::1"),
            ("http://localhost:3000", "localhost"),
            ("http://printer/", "printer"),
            ("www.com", "www.com"),
        ],
    )
    def test_the_site_of_a_page(self, names: SiteNames, text: str, site: str) -> None:
        assert names.site_of(text) == site
        assert names.site_of(site) == site

    @pytest.mark.parametrize(
        "text",
        [
            "",
            ".",
            "a..b",
            "words with spaces",
            "chrome://newtab",
            "file:///etc/hosts",
            "about:blank",
            "https://",
            "https://[broken",
            "https://exa%6dple.com",
            "user@example.com",
            "x" * 64 + ".com",
            "a." * 130 + "com",
        ],
    )
    def test_what_is_no_site(self, names: SiteNames, text: str) -> None:
        assert names.site_of(text) is None

    @pytest.mark.parametrize(
        "host", ["com", "co.uk", "CO.UK.", "github.io", "рф", "xn--p1ai", "foo.ck"]
    )
    def test_public_suffixes(self, names: SiteNames, host: str) -> None:
        assert names.is_public_suffix(host)

    @pytest.mark.parametrize(
        "host",
        ["bbc.co.uk", "example.com", "localhost", "printer", "192.168.1.5", "::1", "www.ck", ""],
    )
    def test_what_is_no_public_suffix(self, names: SiteNames, host: str) -> None:
        assert not names.is_public_suffix(host)

    @given(text=st.text(max_size=300))
    def test_no_text_is_too_strange(self, names: SiteNames, text: str) -> None:
        names.is_public_suffix(text)
        for address in (text, f"https://{text}"):
            site = names.site_of(address)
            assert site is None or names.site_of(site) == site
