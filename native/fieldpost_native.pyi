"""
Batches of observations as compact blocks, and back (native/FORMAT.md).
"""

from collections.abc import Sequence
from typing import Any

class Malformed(ValueError):
    pass

class TooMany(ValueError):
    pass

class BadBlock(ValueError):
    pass

def schema() -> list[tuple[str, list[tuple[Any, ...]]]]:
    """
    Each kind and its fields: name, type, required, low, high, resolution, max_length, choices.
    """

class Encoded:
    """What `encode_json` kept, and what it refused."""

    @property
    def block(self) -> bytes:
        """The block; b"" when nothing is kept."""

    @property
    def count(self) -> int:
        """Observations in the block."""

    @property
    def first_ms(self) -> int:
        """Event time of the first; 0 when none."""

    @property
    def last_ms(self) -> int:
        """Event time of the last; 0 when none."""

    @property
    def order(self) -> list[int]:
        """
        Where each observation of the block stood among the kept ones as they came;
        empty when they came in time order.
        """

    @property
    def refused(self) -> list[tuple[int, str, str]]:
        """(index, field, reason) of the first refused."""

    @property
    def refused_count(self) -> int:
        """All that were refused."""

def encode_json(
    kind: str,
    observations: bytes,
    earliest_ms: int,
    latest_ms: int,
    *,
    max_observations: int = 5000,
    foreign: bool = False,
    max_refusals: int = 100,
) -> Encoded:
    """
    Encode a JSON array of observations, UTF-8, as one block in time order.

    Each observation is judged on its own: one that is not valid is refused by index, field and
    reason, the others are kept. `foreign` also accepts `time_ms` in place of `time`, and
    `attributes`, a JSON object. Raises Malformed, TooMany, or ValueError for an unknown kind.
    """

class BadColumn(ValueError):
    """
    A column that is not as its kind declares it.

    `args` are its field, the row or None, and a reason.
    """

def encode_columns(kind: str, columns: dict[str, Any]) -> bytes:
    """
    Encode columns of one length as one block in time order; b"" when they are empty.

    `time_ms` and the fields of the kind, in the form of `decode_columns`: lists or other sequences,
    None where a value is absent. Arrays of numbers are taken too, with NaN for absent. Numbers are
    rounded to their resolution. Raises BadColumn, TooMany, or ValueError for an unknown kind; what
    a value raises when it is asked for its number passes through, unless it is a TypeError.
    """

def info(block: bytes) -> tuple[str, int, int, int]:
    """Kind, count, first and last event time, after verifying the checksum."""

def validate(block: bytes) -> None:
    """Raise BadBlock unless all of the block is valid."""

def merge(blocks: Sequence[bytes]) -> bytes:
    """
    One block of all observations, by time; of equal times in the order of the blocks.
    """

def slice(block: bytes, from_ms: int, to_ms: int) -> bytes:
    """
    The observations with from_ms <= time < to_ms; b"" when there are none.
    """

def keep(block: bytes, indices: Sequence[int]) -> bytes:
    """
    The observations at these positions, each once; b"" when there are none.
    """

def admit(
    blocks: Sequence[bytes], *, max_observations: int, max_text_bytes: int
) -> list[tuple[str, int, int, int, str]]:
    """
    Of each block its kind, count, first and last event time, and why it is not taken.

    All of each block is checked. The reason is "" for one that is good, or bad_block,
    too_many_observations, too_much_text (in bytes, each text counted as often as it stands), or
    unknown_field for attributes. Then the numbers need not be right, and the kind is the one that
    the block claims, or "".
    """

def decode_columns(block: bytes) -> dict[str, list[Any]]:
    """
    `time_ms` and each field that any observation has, None where one has not.
    """

class ArrayColumn:
    """
    One column of a block as arrays.

    They own their memory, whatever becomes of the block. A memoryview needs no other library, and
    numpy.asarray takes it as it is, without a copy.
    """

    @property
    def values(self) -> memoryview:
        """
        int64 of times and integers, float64 of numbers in their natural unit, bool of
        flags, int32 indices into `texts` of texts, choices and JSON. Absent values are
        NaN, 0, False or -1.
        """

    @property
    def present(self) -> memoryview | None:
        """bool: whether each observation has a value; None when all have."""

    @property
    def texts(self) -> list[str]:
        """What the indices stand for; else empty."""

def decode_arrays(block: bytes) -> dict[str, ArrayColumn]:
    """`time_ms` and each field that any observation has."""

def decode_rows_json(block: bytes, from_ms: int, to_ms: int) -> list[bytes]:
    """Each observation with from_ms <= time < to_ms as a JSON object."""

def decode_columns_json(
    blocks: Sequence[bytes],
    from_ms: int,
    to_ms: int,
    *,
    fields: Sequence[str] | None = None,
    max_points: int | None = None,
) -> bytes:
    """
    The observations of blocks of one kind with from_ms <= time < to_ms as a JSON object.

    It has arrays of one length, in time order, null where a value is absent: `time`, RFC 3339, and
    the `fields`, whether or not any observation has them; without `fields` all that are in use. Of
    more than `max_points` locations only those that `simplify` keeps. Raises BadBlock; ValueError
    for no blocks, an unknown field, or `max_points` below 2 or of another kind.
    """

def simplify(lat: Sequence[float], lon: Sequence[float], max_points: int) -> list[int]:
    """
    Indices of at most `max_points` points that keep a track's first, last and shape.

    Visvalingam and Whyatt, "Line generalisation by repeated elimination of points", The
    Cartographic Journal 30 (1993), with the distance from the remaining line as a point's size.
    """

class LocalError(RuntimeError):
    pass

class PeerClosed:
    """The peer said CLOSE; nothing is sent any more."""

    @property
    def code(self) -> str:
        """Of the codes in PROTOCOL.md: "done", "protocol_broken" and so on."""

    @property
    def retry_after_s(self) -> int:
        """0 where it named no time."""

    @property
    def reason(self) -> str: ...

class RemoteError:
    """The peer broke the protocol or was too slow: the last event."""

    @property
    def code(self) -> str:
        """What CLOSE says to the peer."""

    @property
    def reason(self) -> str: ...

class CredentialOffered:
    """An agent asks to be let in: answer with `admit` or `close`."""

    @property
    def credential(self) -> str: ...
    @property
    def policy_version(self) -> int | None:
        """The one that it has."""

    @property
    def pending(self) -> list[tuple[str, int]]:
        """Kind ("" if unknown) and sequence of batches without a receipt."""

    @property
    def agent(self) -> tuple[str, str, str]:
        """Its name, version and platform."""

class BatchesArrived:
    """Batches in their order, each owed a receipt."""

    @property
    def batches(self) -> list[tuple[int, int, str, bytes, str, bool]]:
        """
        Kind's code, sequence, kind's name of JSON ("" for a block), block or JSON,
        id of the request that it answers or "", whether it is the last of the answer.
        """

class CheckInAsked:
    """Answer with `tell`."""

    @property
    def policy_version(self) -> int | None:
        """The one that it has."""

class RequestFailed:
    """The agent cannot answer a request: answer with `close_request`."""

    @property
    def request_id(self) -> str: ...
    @property
    def reason(self) -> str: ...

class Admitted:
    """The server let us in, on its terms."""

    @property
    def kept(self) -> list[bool]:
        """Of each pending batch whether it need not be sent again."""

    @property
    def max_frame(self) -> int:
        """The longest payload of a frame, in bytes."""

    @property
    def window_batches(self) -> int: ...
    @property
    def window_bytes(self) -> int: ...
    @property
    def idle_s(self) -> int: ...
    @property
    def server_time_ms(self) -> int: ...

class ReceiptsArrived:
    """What became of batches."""

    @property
    def receipts(self) -> list[tuple[int, int, str, int, str, int, list[tuple[int, str, str]]]]:
        """As `ServerConnection.acknowledge` takes them."""

class Told:
    """What the agent shall do."""

    @property
    def policy_version(self) -> int: ...
    @property
    def policy(self) -> list[tuple[str, int]] | None:
        """Kind and interval in seconds; None if the agent has the current one."""

    @property
    def requests(self) -> list[tuple[str, str, int, int, int]]:
        """Id, kind, from_ms, to_ms and limit of each open request."""

class RequestClosed:
    """The answer to `cannot`."""

    @property
    def request_id(self) -> str: ...
    @property
    def known(self) -> bool: ...

class ServerLeaving:
    """The server drains: send no batch, and come again later."""

    @property
    def retry_after_s(self) -> int: ...
    @property
    def reason(self) -> str: ...

class ServerConnection:
    """
    The server's side of one push connection, without I/O.

    Time is in milliseconds of a clock that never goes back. Raises LocalError when used wrongly;
    once closed, calls that would send do nothing.
    """

    def __init__(
        self,
        *,
        server_time_ms: int,
        now_ms: int,
        max_frame: int = 1048576,
        window_batches: int = 1024,
        window_bytes: int = 4194304,
        idle_s: int = 300,
        handshake_s: int = 10,
    ) -> None: ...
    def receive(
        self, data: bytes | bytearray | memoryview, now_ms: int
    ) -> list[
        CredentialOffered | BatchesArrived | CheckInAsked | RequestFailed | PeerClosed | RemoteError
    ]:
        """
        What the bytes that came mean, as events. Never raises for what the peer sent.
        """

    def on_time(self, now_ms: int) -> list[RemoteError]:
        """To be called at `deadline_ms`."""

    @property
    def deadline_ms(self) -> int | None:
        """When to call `on_time` at the latest; None once closed."""

    @property
    def output_size(self) -> int:
        """Bytes that wait to be taken."""

    @property
    def state(self) -> str: ...
    @property
    def unacknowledged(self) -> int:
        """Batches without a receipt."""

    @property
    def unacknowledged_bytes(self) -> int:
        """The bytes of their payloads."""

    def take_output(self) -> bytes:
        """
        Bytes to send since the last call; once closed, end the stream after them.
        """

    def admit(self, kept: list[bool], now_ms: int) -> None:
        """Let the agent in; `kept` answers its pending batches."""

    def acknowledge(
        self, receipts: list[tuple[int, int, str, int, str, int, list[tuple[int, str, str]]]]
    ) -> None:
        """
        Receipts of batches that arrived, in any order: kind's code, sequence, outcome
        ("accepted", "duplicate", "refused" or "later"), accepted, reason, retry_after_s, and index,
        field and reason of each refused observation.
        """

    def tell(
        self,
        policy_version: int,
        policy: list[tuple[str, int]] | None,
        requests: list[tuple[str, str, int, int, int]],
    ) -> None:
        """
        The policy, if it is new to the agent, as kind and interval in seconds; all open
        requests as id, kind, from_ms, to_ms and limit.
        """

    def close_request(self, request_id: str, known: bool) -> None: ...
    def go_away(self, retry_after_s: int, reason: str) -> None:
        """Drain; closed by itself when all receipts are said."""

    def close(self, code: str, retry_after_s: int, reason: str) -> None:
        """Say CLOSE, the last that is sent."""

class AgentConnection:
    """
    The agent's side of one push connection, without I/O.

    Time is in milliseconds of a clock that never goes back. Raises LocalError when used wrongly;
    once closed, calls that would send do nothing, but sending a batch is an error.
    """

    def __init__(
        self,
        *,
        credential: str,
        agent: tuple[str, str, str],
        peer_proven: bool,
        now_ms: int,
        policy_version: int | None = None,
        pending: list[tuple[str, int]] = [],
        max_frame: int = 262144,
    ) -> None: ...
    def receive(
        self, data: bytes | bytearray | memoryview, now_ms: int
    ) -> list[
        Admitted | ReceiptsArrived | Told | RequestClosed | ServerLeaving | PeerClosed | RemoteError
    ]:
        """
        What the bytes that came mean, as events. Never raises for what the peer sent.
        """

    def on_time(self, now_ms: int) -> list[RemoteError]:
        """To be called at `deadline_ms`."""

    @property
    def deadline_ms(self) -> int | None:
        """When to call `on_time` at the latest; None once closed."""

    @property
    def output_size(self) -> int:
        """Bytes that wait to be taken."""

    @property
    def state(self) -> str: ...
    @property
    def unacknowledged(self) -> int:
        """Batches without a receipt."""

    def take_output(self, now_ms: int) -> bytes:
        """Bytes to send since the last call."""

    def may_send(self, payload_bytes: int) -> bool:
        """Whether a block or JSON of so many bytes may be sent now."""

    def send_block(
        self, sequence: int, block: bytes, request_id: str = "", completes: bool = False
    ) -> None: ...
    def send_observations(
        self, sequence: int, kind: str, json: bytes, request_id: str = "", completes: bool = False
    ) -> None: ...
    def check_in(self, policy_version: int | None) -> None: ...
    def cannot(self, request_id: str, reason: str) -> None: ...
    def ping(self) -> None: ...
    def close(self, code: str, reason: str) -> None: ...
