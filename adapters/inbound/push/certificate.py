"""The gateway's certificate: an operator's own, or one that is made at the first start."""

import ipaddress
import os
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ALPN = "fieldpost/1"

_DAYS = 3_653  # ten years
_BACKDATED = timedelta(days=1)  # devices' clocks are not ours


class CertificateError(Exception):
    """It cannot be used; the message is for the person who started the server."""


@attrs.frozen
class CertificateFiles:
    certificate: Path
    key: Path

    @classmethod
    def in_folder(cls, data: Path) -> "CertificateFiles":
        return cls(data / "push-certificate.pem", data / "push-key.pem")

    def make(self, host: str) -> None:
        """A self-signed certificate for `host` and this machine, unless there is one already.

        Raises CertificateError.
        """
        if self.certificate.exists():
            return
        try:
            # A key without a certificate is left behind by a start that was cut short.
            key = self._read_key() if self.key.exists() else _new_key(self.key)
            _write(self.certificate, _self_signed(key, host), 0o644)
        except OSError as error:
            raise CertificateError(f"{self.certificate} cannot be made: {error}") from error

    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal. Raises CertificateError."""
        return self._read_certificate().fingerprint(hashes.SHA256()).hex(":").upper()

    def context(self) -> ssl.SSLContext:
        """For a server. Raises CertificateError when agents could not use it."""
        certificate, key = self._read_certificate(), self._read_key()
        now = datetime.now(UTC)
        if certificate.not_valid_after_utc < now:
            end = certificate.not_valid_after_utc.date()
            raise CertificateError(f"the certificate {self.certificate} has expired on {end}")
        if certificate.not_valid_before_utc > now:
            start = certificate.not_valid_before_utc.date()
            raise CertificateError(f"the certificate {self.certificate} begins on {start}")
        if certificate.public_key() != key.public_key():
            raise CertificateError(f"the key {self.key} is not that of {self.certificate}")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_RENEGOTIATION
        context.set_alpn_protocols([ALPN])
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (ssl.SSLError, OSError) as error:
            raise CertificateError(f"{self.certificate} cannot be used: {error}") from error
        return context

    def _read_certificate(self) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificate(_read(self.certificate))
        except ValueError:
            raise CertificateError(f"{self.certificate} is not a PEM certificate") from None

    def _read_key(self) -> PrivateKeyTypes:
        try:
            return serialization.load_pem_private_key(_read(self.key), password=None)
        except TypeError:
            raise CertificateError(f"the key {self.key} is encrypted") from None
        except (ValueError, UnsupportedAlgorithm):
            raise CertificateError(f"{self.key} is not a PEM private key") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CertificateError(f"{path} cannot be read: {error.strerror}") from error


def _new_key(path: Path) -> PrivateKeyTypes:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(path, pem, 0o600)
    return key


def _self_signed(key: PrivateKeyTypes, host: str) -> bytes:
    assert isinstance(key, ec.EllipticCurvePrivateKey), "the key is ours"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Fieldpost push gateway")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(list(_names(host))), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def _names(host: str) -> Iterator[x509.GeneralName]:
    """What agents may call this machine."""
    for one in dict.fromkeys(("localhost", "127.0.0.1", "::1", socket.gethostname(), host)):
        try:
            yield x509.IPAddress(ipaddress.ip_address(one))
        except ValueError:
            # A name of another alphabet goes without: IDNA is the operator's own certificate.
            if one.isascii() and one:
                yield x509.DNSName(one)


def _write(path: Path, content: bytes, mode: int) -> None:
    """All of it or nothing."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
