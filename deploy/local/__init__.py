"""Real servers on this machine, for tests and for trying the distributed assembly.

Each class here is one server in a folder of its own, on ports of 127.0.0.1 that nobody else uses.
It is a child of the process that starts it and ends with it, whatever ends that. Tests and the
commands of the project import from here; nothing here imports from them.

The programs come from `deploy/install-system services` and from `npm ci` in this folder;
`python -m deploy.local FOLDER` runs all three.
"""

from deploy.local.dynoxide import Dynoxide
from deploy.local.mariadb import MariaDb
from deploy.local.rabbitmq import RabbitMq
from deploy.local.server import LocalServer, NotStarted

__all__ = ["Dynoxide", "LocalServer", "MariaDb", "NotStarted", "RabbitMq"]
