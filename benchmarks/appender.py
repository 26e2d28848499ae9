"""Appends bodies to SQLite, durably: what waits meanwhile shares the next fsync."""

import asyncio
import queue
import sqlite3
import threading

MAX_GROUP = 512


class Appender:
    """A thread that writes what waits in one transaction."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._waiting: queue.SimpleQueue[tuple[list[bytes], asyncio.Future[None]]] = (
            queue.SimpleQueue()
        )

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._append_for_ever, daemon=True).start()

    def append(self, bodies: list[bytes]) -> "asyncio.Future[None]":
        """Done when all of them are durable."""
        done: asyncio.Future[None] = self._loop.create_future()
        self._waiting.put((bodies, done))
        return done

    def _append_for_ever(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE uploads (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        while True:
            group = [self._waiting.get()]
            while len(group) < MAX_GROUP and not self._waiting.empty():
                group.append(self._waiting.get())
            connection.execute("BEGIN IMMEDIATE")
            rows = [(body,) for bodies, _ in group for body in bodies]
            connection.executemany("INSERT INTO uploads (body) VALUES (?)", rows)
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_settle, [done for _, done in group])


def _settle(group: "list[asyncio.Future[None]]") -> None:
    for done in group:
        if not done.done():
            done.set_result(None)
