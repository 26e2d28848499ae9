"""Brings the tables up to this version, and tells whether they are."""

from contextlib import AsyncExitStack
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.outbound.mysql.faults import faults
from adapters.outbound.mysql.settings import MysqlSettings
from application.faults import StoreBroken, Unavailable

NEEDED = "0003"
"""The revision that this version of the code cannot do without. A newer one is as good: what a
migration takes away, no version that may still run has needed.
"""

_HERE = Path(__file__).parent / "migrations"
_WHOLE_S = 600.0
_TABLE_LOCK_S = 30
_LOCK = "CONCAT('fieldpost ', MD5(DATABASE()))"  # names of locks are the whole server's
_WAIT_S = 60

# As Alembic would make it, but for how text is compared.
_VERSION_TABLE = (
    "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
    " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
)


async def migrate(settings: MysqlSettings) -> list[str]:
    """What was done, a line for each step; empty when there was nothing to do.

    Two at once take their turns. Raises Unavailable and StoreBroken.
    """
    engine = create_async_engine(
        settings.url,
        isolation_level="AUTOCOMMIT",
        # A step that waits for a long transaction holds up every query behind it.
        connect_args=settings.connect_args(_TABLE_LOCK_S),
    )
    try:
        async with faults(_WHOLE_S), AsyncExitStack() as stack:
            async with faults(settings.deadline_s):
                connection = await stack.enter_async_context(engine.connect())
            return await connection.run_sync(_in_turn)
    finally:
        await engine.dispose()


async def check(engine: AsyncEngine) -> None:
    """Raises StoreBroken unless the tables are as this version of the code needs them."""
    async with engine.connect() as connection:
        revision = await connection.run_sync(_revision)
    known = {script.revision for script in _scripts().walk_revisions()}
    # A revision that is not known here was made by a later version.
    if revision is None or (revision in known and revision < NEEDED):
        raise StoreBroken(
            f"the tables in MySQL are of revision {revision or 'none'}, this version needs"
            f" {NEEDED}: run `fieldpost migrate`"
        )


def _in_turn(connection: Connection) -> list[str]:
    got = connection.execute(text(f"SELECT GET_LOCK({_LOCK}, {_WAIT_S})")).scalar()
    if got != 1:
        raise Unavailable(f"another migration takes longer than {_WAIT_S} s")
    try:
        return _upgrade(connection)
    finally:
        connection.execute(text(f"SELECT RELEASE_LOCK({_LOCK})"))


def _upgrade(connection: Connection) -> list[str]:
    before = _revision(connection)
    scripts = _scripts()
    head = scripts.get_current_head()
    if before is not None and before not in {one.revision for one in scripts.walk_revisions()}:
        return []
    steps = [one for one in scripts.iterate_revisions(head, before) if one.revision != before]
    if before is None:
        connection.execute(text(_VERSION_TABLE))
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return [f"mysql: {one.revision} {one.doc}" for one in reversed(steps)]


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_HERE))
