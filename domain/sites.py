"""Hosts of the web, in the one form in which they are compared and shown."""

from ipaddress import ip_address
from urllib.parse import urlsplit

MAX_HOST = 253


def host_of(url: str) -> str | None:
    """The host of a page, without `www.`; None for what is not on the web (files, new tabs)."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return plain_host(host)


def plain_host(text: str) -> str | None:
    """In small letters, without `www.`, a port or a dot at the end, and as people write it:
    `bücher.example`, not its form in ASCII. None when it cannot be a host.
    """
    host = text.strip().lower().removesuffix(".")
    if is_address(host.strip("[]")):
        return host.strip("[]")
    name, colon, port = host.partition(":")
    if colon and not port.isdigit():
        return None
    if len(name) > MAX_HOST:
        return None  # before it is decoded, which takes time by the square of its length
    labels = [_readable(label) for label in name.split(".")]
    if not all(map(_is_label, labels)):
        return None
    if labels[0] == "www" and len(labels) > 2:
        labels = labels[1:]
    return ".".join(labels)


def is_address(host: str) -> bool:
    """Whether it is an IP address, of either version."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _readable(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _is_label(label: str) -> bool:
    """Scripts have letters that are no letters to Unicode; only what cannot be is refused."""
    return 0 < len(label) <= 63 and not _IMPOSSIBLE & set(label) and label.isprintable()


_IMPOSSIBLE = frozenset(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~")
