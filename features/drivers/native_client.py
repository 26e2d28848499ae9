"""The native client, by its C interface: `fieldpost/client.h` tells what the calls mean."""

import ctypes
import json
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

_LIBRARY = Path(sysconfig.get_path("platlib"), "fieldpost_client", "libfieldpost.so")
_OK, _NONE = 0, 1
_EVENT_BYTES = 512 * 1024


class _Options(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_size_t),
        ("host", ctypes.c_char_p),
        ("port", ctypes.c_uint16),
        ("ca_file", ctypes.c_char_p),
        ("fingerprint", ctypes.c_char_p),
        ("server_name", ctypes.c_char_p),
        ("credential", ctypes.c_char_p),
        ("device", ctypes.c_char_p),
        ("spool", ctypes.c_char_p),
        ("max_spool_bytes", ctypes.c_uint64),
        ("wait_when_full", ctypes.c_int),
        ("batch_observations", ctypes.c_uint32),
        ("batch_age_ms", ctypes.c_uint32),
        ("agent_name", ctypes.c_char_p),
        ("agent_version", ctypes.c_char_p),
        ("agent_platform", ctypes.c_char_p),
        ("policy_version", ctypes.c_int64),
        ("connect_timeout_ms", ctypes.c_uint32),
        ("backoff_initial_ms", ctypes.c_uint32),
        ("backoff_max_ms", ctypes.c_uint32),
    ]


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(str(_LIBRARY))
    library.fieldpost_client_last_error.restype = ctypes.c_char_p
    library.fieldpost_status_text.restype = ctypes.c_char_p
    return library


class NativeClient:
    """One client with a spool of its own; for one thread at a time."""

    def __init__(
        self,
        server: tuple[str, int],
        certificate: Path,
        device_id: str,
        credential: str,
        spool: Path,
        policy_version: int | None = None,
    ) -> None:
        self._library = _library()
        options = _Options()
        self._check(self._library.fieldpost_options_init(ctypes.byref(options), _size(options)))
        options.host = server[0].encode()
        options.port = server[1]
        options.ca_file = str(certificate).encode()
        options.credential = credential.encode()
        options.device = device_id.encode()
        options.spool = str(spool).encode()
        options.agent_name, options.agent_version = b"scenario", b"1"
        options.agent_platform = b"android"
        options.policy_version = -1 if policy_version is None else policy_version
        options.backoff_initial_ms, options.backoff_max_ms = 50, 200
        self._client = ctypes.c_void_p()
        error = ctypes.create_string_buffer(512)
        status = self._library.fieldpost_client_open(
            ctypes.byref(options), ctypes.byref(self._client), error, _size(error)
        )
        self._check(status, error.value)

    def put_batch(
        self,
        kind: str,
        sequence: int,
        observations: bytes,
        request_id: str | None = None,
        completes: bool = False,
    ) -> None:
        self._call(
            "put_batch",
            kind.encode(),
            ctypes.c_int64(sequence),
            observations,
            ctypes.c_size_t(len(observations)),
            None if request_id is None else request_id.encode(),
            int(completes),
            None,
        )

    def check_in(self) -> None:
        self._call("check_in")

    def cannot(self, request_id: str, reason: str) -> None:
        self._call("cannot", request_id.encode(), reason.encode())

    def step(self, max_wait_ms: int) -> None:
        self._call("step", max_wait_ms, -1, None)

    def next_event(self) -> dict[str, Any] | None:
        buffer = ctypes.create_string_buffer(_EVENT_BYTES)
        status = self._library.fieldpost_client_next_event(
            self._client, buffer, ctypes.c_size_t(_EVENT_BYTES), None
        )
        if status == _NONE:
            return None
        self._check(status)
        event: dict[str, Any] = json.loads(buffer.value)
        return event

    def close(self) -> None:
        if self._client:
            self._library.fieldpost_client_close(self._client)
            self._client = ctypes.c_void_p()

    def _call(self, name: str, *arguments: Any) -> None:
        call: Callable[..., int] = getattr(self._library, f"fieldpost_client_{name}")
        self._check(call(self._client, *arguments))

    def _check(self, status: int, error: bytes | None = None) -> None:
        if status == _OK:
            return
        if error is None and self._client:
            error = self._library.fieldpost_client_last_error(self._client)
        raise RuntimeError((error or self._library.fieldpost_status_text(status)).decode())


def _size(structure: Any) -> ctypes.c_size_t:
    return ctypes.c_size_t(ctypes.sizeof(structure))
