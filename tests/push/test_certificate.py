"""The certificate of the push port: made once, or the operator's own, or a clear refusal."""

import contextlib
import hashlib
import os
import socket
import ssl
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.local.ports import free_port
from tests.push.agent import PushAgent
from tests.support.client import Account
from tests.support.server import FIELDPOST, Server
from tests.support.waiting import until


def made(folder: Path, *, days: int = 1, password: bytes = b"") -> tuple[Path, Path]:
    """A certificate and its key that some operator has made."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    )
    return paths


def refused(data: Path, *more: str, push: str = "") -> str:
    """What a server that does not start says, in one line."""
    ports = ["--http", f"127.0.0.1:{free_port()}", "--push", push or f"127.0.0.1:{free_port()}"]
    done = subprocess.run(
        [str(FIELDPOST), "serve", "--data", str(data), *ports, *more],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1, done
    (line,) = done.stderr.strip().splitlines()
    return line


def test_it_is_made_once_and_told(new_server: Callable[..., Server]) -> None:
    server = new_server().start()
    pem = server.data / "push-certificate.pem"
    first = pem.read_text()
    assert (server.data / "push-key.pem").stat().st_mode & 0o777 == 0o600
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest().upper()
    shown = ":".join(digest[place : place + 2] for place in range(0, 64, 2))
    said = (
        f"Push agents connect to 127.0.0.1:{server.push_port}; certificate {pem}, SHA-256 {shown}"
    )
    until(lambda: said in server.log.read_text(), "it is told", also=server.log_tail)
    assert server.stop() == 0
    server.start()
    assert pem.read_text() == first


def test_it_names_this_machine(server: Server) -> None:
    certificate = x509.load_pem_x509_certificate(
        (server.data / "push-certificate.pem").read_bytes()
    )
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"localhost", os.uname().nodename} <= set(names.get_values_for_type(x509.DNSName))
    addresses = {str(one) for one in names.get_values_for_type(x509.IPAddress)}
    assert addresses == {"127.0.0.1", "::1"}
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    assert left > timedelta(days=3650)


def test_an_operator_may_bring_one(new_server: Callable[..., Server], tmp_path: Path) -> None:
    certificate, key = made(tmp_path)
    options = ["--push-certificate", str(certificate), "--push-key", str(key)]
    server = new_server(more=options).start()
    assert not (server.data / "push-certificate.pem").exists()
    (server.data / "push-certificate.pem").write_bytes(certificate.read_bytes())
    with PushAgent(Account(server).enrolled()).enter() as agent:
        assert agent.admitted is not None


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    certificate, key = made(tmp_path)
    both = ["--push-certificate", str(certificate), "--push-key"]
    assert "go together" in refused(data, *both[:2])
    assert "cannot be read: No such file" in refused(data, *both, str(tmp_path / "nowhere"))
    assert "is not a PEM private key" in refused(data, *both, str(certificate))
    other = tmp_path / "other"
    other.mkdir()
    assert "is not that of" in refused(data, *both, str(made(other)[1]))
    assert "is encrypted" in refused(data, *both, str(made(other, password=b"secret")[1]))
    certificate, key = made(other, days=-1)
    options = ["--push-certificate", str(certificate), "--push-key", str(key)]
    assert "has expired on" in refused(data, *options)
    data.joinpath("push-certificate.pem").write_text("not a certificate")
    assert "is not a PEM certificate" in refused(data)


def test_a_port_in_use_is_named(server: Server, tmp_path: Path) -> None:
    said = refused(tmp_path / "data", push=f"127.0.0.1:{server.push_port}")
    assert said == f"fieldpost: 127.0.0.1:{server.push_port} cannot be used: Address already in use"
    assert "--push must be HOST:PORT" in refused(tmp_path / "data", push="everywhere")


def test_where_the_usual_port_is_in_use_http_serves_all_the_same(
    new_server: Callable[..., Server],
) -> None:
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # in use already, by whomever
            stack.enter_context(socket.create_server(("127.0.0.1", 8081)))
        server = new_server(push=None).start()
        assert "no push agent can connect: 127.0.0.1:8081 cannot be used" in server.log_tail()
        assert server.stop() == 0


def test_without_it_nothing_is_made(new_server: Callable[..., Server]) -> None:
    server = new_server(push="none").start()
    assert not (server.data / "push-certificate.pem").exists()
    assert "Push agents" not in server.log.read_text()
