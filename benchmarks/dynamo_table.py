"""A table of a benchmark, on a private server."""

from adapters.outbound.dynamodb.settings import DynamoSettings
from deploy.local import Dynoxide


def table_settings(
    server: Dynoxide, table: str = "bench", deadline_s: float = 30.0
) -> DynamoSettings:
    """A machine under load may take longer than a platform would wait."""
    options = server.client_options
    return DynamoSettings(
        table=table,
        region=options["region_name"],
        endpoint_url=options["endpoint_url"],
        access_key_id=options["aws_access_key_id"],
        secret_access_key=options["aws_secret_access_key"],
        deadline_s=30.0,
    )
