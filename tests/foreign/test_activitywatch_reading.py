"""ActivityWatch's events, by the type of their bucket."""

from typing import Any

import msgspec
import pytest

from adapters.inbound.http.foreign import activitywatch
from adapters.inbound.http.foreign.reading import ForeignObservation, Reading
from domain.kinds import Kind

AT_MS = 1_756_381_906_587


def event(data: Any, **more: Any) -> dict[str, Any]:
    """As aw-client 0.5.15 sends it."""
    said = {"id": None, "timestamp": "2025-08-28T11:51:46.587000+00:00", "duration": 12.5}
    return {**said, "data": data, **more}


def read(bucket_type: str, body: Any, bucket_id: str = "") -> Reading:
    encoded = msgspec.json.encode(body)
    return activitywatch.read_events(bucket_type, "laptop", encoded, bucket_id=bucket_id)


def only(reading: Reading) -> ForeignObservation:
    (seen,) = reading.observations
    assert reading.not_understood == ()
    return seen


def test_window() -> None:
    reading = read("currentwindow", event({"app": "Firefox", "title": "News"}))
    seen = only(reading)
    assert reading.device_id == "laptop"
    assert (seen.kind, seen.time_ms) == (Kind.APP_USE, AT_MS)
    assert seen.fields == {"app": "Firefox", "title": "News", "duration_s": 12.5}
    assert seen.attributes == {}


@pytest.mark.parametrize("bucket_type", ["currentwindow", "android"])
def test_android(bucket_type: str) -> None:
    data = {"app": "Maps", "package": "com.maps", "classname": "com.maps.Main"}
    seen = only(read(bucket_type, event(data)))
    assert seen.fields == {"app": "Maps", "duration_s": 12.5}
    assert seen.attributes == {"package": "com.maps", "classname": "com.maps.Main"}


@pytest.mark.parametrize(("status", "ours"), [("afk", "away"), ("not-afk", "active")])
def test_afk(status: str, ours: str) -> None:
    seen = only(read("afkstatus", event({"status": status})))
    assert (seen.kind, seen.fields) == (Kind.PRESENCE, {"status": ours, "duration_s": 12.5})


def test_browser_tab() -> None:
    data = {
        "url": "https://a.b/",
        "title": "A",
        "audible": False,
        "incognito": False,
        "tabCount": 3,
    }
    seen = only(read("web.tab.current", event(data), "aw-watcher-web-firefox_laptop"))
    assert seen.kind is Kind.WEB_VISIT
    assert seen.fields == {
        "url": "https://a.b/",
        "title": "A",
        "browser": "firefox",
        "duration_s": 12.5,
    }
    assert seen.attributes == {"audible": False, "incognito": False, "tabCount": 3}


def test_browser_named_by_the_event_itself() -> None:
    data = {"url": "a.b", "browser": "com.android.chrome"}
    assert only(read("web.tab.current", event(data))).fields["browser"] == "com.android.chrome"


def test_several_events() -> None:
    good, bad = event({"app": "A"}), event({"title": "A"})
    reading = read("currentwindow", [good, bad, good])
    assert len(reading.observations) == 2
    (fault,) = reading.not_understood
    assert (fault.reason, fault.field) == ("missing", "data.app")
    assert fault.payload == msgspec.json.encode(bad)


def test_unknown_bucket_types_are_documents() -> None:
    said = event({"editor": "vim"})
    seen = only(read("app.editor.activity", said))
    assert (seen.kind, seen.time_ms) == (Kind.DOCUMENT, AT_MS)
    assert seen.fields["source"] == "activitywatch"
    assert seen.fields["body"] == {
        "type": "app.editor.activity",
        "hostname": "laptop",
        "event": said,
    }


def test_a_long_title_is_shortened_into_the_attributes() -> None:
    seen = only(read("currentwindow", event({"app": "A", "title": "t" * 2000})))
    assert "title" not in seen.fields
    assert seen.attributes == {"title": "t" * 256, "truncated": True}


@pytest.mark.parametrize("duration", [-1, 86_401, "12", None])
def test_a_duration_that_cannot_be(duration: Any) -> None:
    seen = only(read("afkstatus", event({"status": "afk"}, duration=duration)))
    assert seen.fields == {"status": "away"}
    assert seen.attributes == ({} if duration is None else {"duration": duration})


@pytest.mark.parametrize(
    ("bucket_type", "body", "reason", "field"),
    [
        ("web.tab.current", event({"url": "x" * 5000}), "too_long", "data.url"),
        ("web.tab.current", event({"url": None}), "missing", "data.url"),
        ("afkstatus", event({"status": "asleep"}), "not_a_choice", "data.status"),
        ("afkstatus", event({"status": 1}), "wrong_type", "data.status"),
        ("currentwindow", event(None), "missing", "data"),
        ("currentwindow", event([]), "wrong_type", "data"),
        ("currentwindow", event({"app": "A"}, timestamp=None), "missing", "timestamp"),
        ("currentwindow", event({"app": "A"}, timestamp="now"), "not_a_time", "timestamp"),
        ("other", event({}, timestamp=1), "not_a_time", "timestamp"),
        ("other", event({"x": "x" * 70_000}), "too_long", ""),
        ("other", 7, "wrong_type", ""),
    ],
)  # fmt: skip
def test_what_is_not_understood(bucket_type: str, body: Any, reason: str, field: str) -> None:
    (fault,) = read(bucket_type, body).not_understood
    assert (fault.reason, fault.field) == (reason, field)
    assert fault.payload == msgspec.json.encode(body)


def test_a_deep_document() -> None:
    body = b'{"timestamp":"2025-08-28T11:51:46Z","data":' + b"[" * 200 + b"]" * 200 + b"}"
    (fault,) = activitywatch.read_events("other", "laptop", body).not_understood
    assert (fault.reason, fault.payload) == ("too_deep", body)


def test_no_hostname() -> None:
    body = msgspec.json.encode(event({"app": "A"}))
    assert activitywatch.read_events("currentwindow", "", body).device_id is None
