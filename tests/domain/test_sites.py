"""Hosts of the web."""

import pytest

from domain.sites import MAX_HOST, host_of, plain_host


@pytest.mark.parametrize("host", ["xn--" + "a" * 4_000, "a." * 200 + "example", "xn--" + "a" * 64])
def test_what_is_too_long_is_no_host(host: str) -> None:
    """It is not decoded: that would take time by the square of its length."""
    assert plain_host(host) is None
    assert host_of(f"http://{host}/") is None


def test_hosts_are_written_as_people_write_them() -> None:
    assert plain_host("WWW.xn--bcher-kva.example.") == "bücher.example"
    assert plain_host("a" * 63 + ".example") == "a" * 63 + ".example"
    assert MAX_HOST == 253
