"""Summaries of days that are over."""

import sqlite3
from collections.abc import Mapping
from datetime import date

import attrs

from adapters.outbound.embedded.sqlite_file import SqliteFile
from application.ports.day_summaries import KeptSummary


@attrs.frozen
class SqliteDaySummaries:
    file: SqliteFile

    async def between(
        self, account_id: str, person_id: str, first: date, last: date
    ) -> dict[date, KeptSummary]:
        query = (
            "SELECT day, version, numbers FROM day_summaries"
            " WHERE account_id = ? AND person_id = ? AND day BETWEEN ? AND ?"
        )
        asked = (account_id, person_id, first.isoformat(), last.isoformat())
        rows = await self.file.read(lambda c: c.execute(query, asked).fetchall())
        return {
            date.fromisoformat(day): KeptSummary(version, numbers) for day, version, numbers in rows
        }

    async def keep(
        self, account_id: str, person_id: str, summaries: Mapping[date, KeptSummary]
    ) -> None:
        rows = [
            (account_id, person_id, day.isoformat(), one.version, one.numbers)
            for day, one in summaries.items()
        ]

        def run(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "INSERT OR REPLACE INTO day_summaries VALUES (?, ?, ?, ?, ?)", rows
            )

        # What a power cut undoes is worked out again.
        await self.file.write(run, durable=False)
