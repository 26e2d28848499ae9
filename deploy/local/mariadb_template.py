"""An empty data folder of MariaDB, made once for each version and copied for each server."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

_TEMPLATES = Path(__file__).resolve().parents[2] / "build/mariadb"
SERVER = "/usr/sbin/mariadbd"  # where Debian has it, and not every user's PATH

_INSTALL = (
    "mariadb-install-db",
    "--no-defaults",
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
    "--skip-name-resolve",
    "--innodb-log-file-size=16M",
)
_INSTALL_S = 120.0


def copy_of_template(data: Path) -> None:
    """Makes the folder `data`, whole or not at all. OSError where MariaDB is not installed,
    RuntimeError where it cannot make the template.
    """
    unfinished = data.with_name(f"{data.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(_template(), unfinished)
    unfinished.rename(data)


def system_user() -> str:
    """Whom the server shall run as: ourselves; said, since it refuses to be root unasked."""
    return pwd.getpwuid(os.geteuid()).pw_name


def _template() -> Path:
    """Several processes may look for it at once: who comes first with a whole one wins."""
    version = subprocess.run([SERVER, "--version"], capture_output=True, check=True).stdout
    key = hashlib.sha256(version + repr(_INSTALL).encode()).hexdigest()[:12]
    template = _TEMPLATES / key
    if not template.exists():
        _TEMPLATES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_TEMPLATES) as folder:
            _install(Path(folder) / "data")
            try:
                (Path(folder) / "data").rename(template)
            except OSError:
                if not template.exists():
                    raise
    return template


def _install(data: Path) -> None:
    done = subprocess.run(
        [*_INSTALL, f"--datadir={data}", f"--user={system_user()}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_INSTALL_S,
    )
    if done.returncode != 0:
        raise RuntimeError(f"mariadb-install-db: {done.stdout[-2000:]}")
