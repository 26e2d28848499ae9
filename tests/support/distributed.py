"""Settings of the distributed assembly's stores, as tests start them."""

from typing import Any

from adapters.outbound.mysql.settings import MysqlSettings
from adapters.outbound.rabbitmq.settings import RabbitSettings
from tests.support.servers import Database, VirtualHost


def mysql_settings(database: Database, port: int | None = None, **more: Any) -> MysqlSettings:
    """`port` is a proxy's, where one is."""
    server = database.server
    return MysqlSettings(
        host=server.host,
        port=port or server.port,
        user=server.user,
        password=server.password,
        database=database.name,
        **more,
    )


def rabbit_settings(virtual_host: VirtualHost, **more: Any) -> RabbitSettings:
    server = virtual_host.server
    return RabbitSettings(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        virtual_host=virtual_host.name,
        **more,
    )
