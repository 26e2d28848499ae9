"""DynamoDB for this machine: dynoxide, one program on SQLite."""

from pathlib import Path
from typing import TypedDict

from deploy.local.ports import listens
from deploy.local.server import LocalServer

PROGRAM = Path(__file__).parent / "node_modules/@dynoxide/linux-x64/dynoxide"


class ClientOptions(TypedDict):
    """What a client of DynamoDB needs to be told; the names are those of boto3."""

    endpoint_url: str
    region_name: str
    aws_access_key_id: str
    aws_secret_access_key: str


class Dynoxide(LocalServer):
    """Keeps its tables in the folder, or in memory where not `durable`."""

    def __init__(self, folder: Path, port: int | None = None, *, durable: bool = True) -> None:
        super().__init__(folder, port)
        self._durable = durable

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def client_options(self) -> ClientOptions:
        """Any credentials do; signatures are not looked at."""
        return ClientOptions(
            endpoint_url=self.url,
            region_name="local",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    def _launch(self) -> None:
        command = [str(PROGRAM), "serve", "--host", self.host, "--port", str(self.port)]
        if self._durable:
            command += ["--db-path", str(self.folder / "tables.db")]
        self._program.start(command)

    def _answers(self) -> bool:
        return listens(self.port)
