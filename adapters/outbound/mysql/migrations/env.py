"""Run by Alembic, on the connection that `migrate` hands over, and harmless otherwise."""

from alembic import context
from alembic.config import Config


def run(config: Config) -> None:
    context.configure(connection=config.attributes["connection"], transactional_ddl=False)
    with context.begin_transaction():
        context.run_migrations()


_config: Config | None = getattr(context, "config", None)
if _config is not None:
    run(_config)
