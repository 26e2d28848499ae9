"""ActivityWatch: events and heartbeats of its watchers, told apart by the type of their bucket.

Facts measured with aw-client 0.5.15 and read from aw-android, aw-watcher-window, aw-watcher-afk
and aw-watcher-web.
"""

import re
from collections.abc import Callable
from typing import Any

from adapters.inbound.http.foreign.draft import Draft, Fault, Parsed, document
from adapters.inbound.http.foreign.messages import Message, inner_object, read_each
from adapters.inbound.http.foreign.reading import Reading
from adapters.inbound.http.foreign.times import from_iso
from domain.kinds import Kind

_PRESENCE = {"not-afk": "active", "afk": "away"}
_BROWSER_IN_BUCKET_ID = re.compile(r"aw-watcher-web-([A-Za-z0-9.-]{1,64})(?:_|$)")


def read_events(bucket_type: str, hostname: str, body: bytes, *, bucket_id: str = "") -> Reading:
    """Read the body of a heartbeat or of inserted events: one event or an array.

    An event is what was on from its `timestamp` on for `duration` seconds. Merging heartbeats
    into events is not done here. A bucket of a type that we do not know gives documents.
    `bucket_id` names the browser of a web bucket (`aw-watcher-web-firefox_laptop`).
    """
    read = _EVENT_OF_BUCKET.get(bucket_type)
    browser = _BROWSER_IN_BUCKET_ID.match(bucket_id)
    reading = read_each(
        body,
        (lambda event: read(event, browser.group(1) if browser else None))
        if read
        else (lambda event: _document(event, bucket_type, hostname)),
    )
    return Reading(reading.observations, reading.not_understood, hostname or None)


def _app_use(event: Message, _browser: str | None) -> Parsed:
    """aw-watcher-window: {app, title}. aw-android: {app, package, classname}."""
    data = inner_object(event, "data", "data")
    if isinstance(data, Fault):
        return data
    draft = Draft(Kind.APP_USE, data)
    draft.require("app", data.pop("app", None), "data.app")
    _offer(draft, "title", data)
    return _sealed(draft, event)


def _presence(event: Message, _browser: str | None) -> Parsed:
    """aw-watcher-afk: {status: afk|not-afk}."""
    data = inner_object(event, "data", "data")
    if isinstance(data, Fault):
        return data
    draft = Draft(Kind.PRESENCE, data)
    status = data.pop("status", None)
    word = _PRESENCE.get(status, status) if isinstance(status, str) else status
    draft.require("status", word, "data.status")
    return _sealed(draft, event)


def _web_visit(event: Message, browser: str | None) -> Parsed:
    """aw-watcher-web: {url, title, audible, incognito, tabCount}; aw-android adds `browser`."""
    data = inner_object(event, "data", "data")
    if isinstance(data, Fault):
        return data
    draft = Draft(Kind.WEB_VISIT, data)
    draft.require("url", data.pop("url", None), "data.url")
    _offer(draft, "title", data)
    draft.offer("browser", browser, "browser", browser)
    _offer(draft, "browser", data)
    return _sealed(draft, event)


def _document(event: Message, bucket_type: str, hostname: str) -> Parsed:
    time_ms = from_iso(event.get("timestamp"))
    body = {"type": bucket_type, "hostname": hostname, "event": event}
    return document("activitywatch", body, time_ms, "timestamp")


def _offer(draft: Draft, name: str, data: dict[str, Any]) -> None:
    said = data.pop(name, None)
    draft.offer(name, said, name, said)


def _sealed(draft: Draft, event: Message) -> Parsed:
    duration = event.get("duration")
    draft.offer("duration_s", duration, "duration", duration)
    sealed = draft.seal(from_iso(event.get("timestamp")), "timestamp")
    return sealed if isinstance(sealed, Fault) else (sealed,)


_EVENT_OF_BUCKET: dict[str, Callable[[Message, str | None], Parsed]] = {
    "currentwindow": _app_use,
    "android": _app_use,
    "afkstatus": _presence,
    "web.tab.current": _web_visit,
}
