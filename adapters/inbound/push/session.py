"""One push connection: the protocol's state machine, and the use cases that its events call.

All of it runs in the loop. What awaits runs in tasks that exist only while something is under
way; a connection at rest costs this object, the native one and the stream's.
"""

import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from fieldpost_native import (
    BatchesArrived,
    CheckInAsked,
    CredentialOffered,
    PeerClosed,
    RemoteError,
    RequestFailed,
    ServerConnection,
)

from adapters.inbound.push import wording
from adapters.inbound.push.wire import Wire
from adapters.inbound.push.wording import Answer, Arrived, NativeReceipt
from application.device_directory import DeviceAccess
from application.faults import NotFound, Unavailable
from application.identifiers import digest
from application.use_cases.check_in import CheckedIn
from application.use_cases.request_data import MAX_REASON
from domain.device import Agent

if TYPE_CHECKING:
    from adapters.inbound.push.gateway import Gateway

_log = logging.getLogger(__name__)


def _deaf() -> None:
    """In the place of what ends the listening to a bell, before there is one."""


class Session:
    __slots__ = (
        "_access_digest",
        "_calls",
        "_connection",
        "_deadline_ms",
        "_gateway",
        "_policy_version",
        "_requests",
        "_stalled",
        "_stop_listening",
        "_telling",
        "_wanted",
        "_wire",
        "device_id",
        "ended",
        "paused",
        "writable",
    )

    def __init__(self, gateway: "Gateway", wire: Wire) -> None:
        limits = gateway.limits
        self._gateway = gateway
        self._wire = wire
        self._connection = ServerConnection(
            server_time_ms=gateway.services.clock.now_ms(),
            now_ms=gateway.now_ms(),
            idle_s=limits.idle_s,
            handshake_s=limits.handshake_s,
        )
        self._deadline_ms = self._connection.deadline_ms
        self._access_digest = ""
        self._calls = 0
        self._policy_version: int | None = None
        self._requests: tuple[str, ...] = ()
        self._stalled: tuple[int, int] | None = None  # since when, and with how much unsent
        self._stop_listening: Callable[[], None] = _deaf
        self._telling = False
        self._wanted = ""  # why the agent shall be told: "ring" or "check-in"
        self.device_id = ""
        self.ended = ""
        self.paused = False
        self.writable = True

    # What the wire tells.

    def receive(self, data: bytes) -> None:
        batches: list[Arrived] = []
        failed: list[RequestFailed] = []
        for event in self._connection.receive(data, self._gateway.now_ms()):
            if isinstance(event, BatchesArrived):
                batches += event.batches
            elif isinstance(event, RequestFailed):
                failed.append(event)
            else:
                self._take(event)
        # Also when the peer broke the protocol after them.
        if batches:
            self._gateway.bytes_under_way += sum(len(batch[3]) for batch in batches)
            self._start(self._deliver(batches))
        if failed:
            self._start(self._fail(failed))
        self._settle()

    def may_write(self, writable: bool) -> None:
        """The peer takes what it is told, or does not for the moment."""
        self.writable = writable
        self._stalled = None if writable else (self._gateway.now_ms(), self._wire.unsent())
        if writable and self._wanted:
            self._start_telling()
        self._settle()

    def lost(self) -> None:
        """The stream is no more, for whatever reason."""
        self._end("lost")

    # What the gateway tells.

    def sweep(self, now_ms: int) -> None:
        """Called about once a second: who is too slow is told so, or cut off."""
        if self._stalled is not None:
            since_ms, unsent = self._stalled
            left = self._wire.unsent()
            if left < unsent:
                self._stalled = (now_ms, left)
            elif now_ms - since_ms >= self._gateway.limits.stalled_s * 1000:
                self._end("stalled")
                self._wire.abort()
                return
        late = self._deadline_ms is not None and now_ms >= self._deadline_ms
        if late and not self.paused:
            for event in self._connection.on_time(now_ms):
                self._take(event)
            self._settle()

    def refresh(self) -> None:
        """Look again who this is, if something was configured since."""
        if self.device_id and self._gateway.remembered(self._access_digest) is None:
            self.wake()

    def wake(self) -> None:
        """There may be something to tell: many calls before it is looked up count as one."""
        self._wanted = self._wanted or "ring"
        self._start_telling()

    def go_away(self, retry_after_s: int, reason: str) -> None:
        if self._connection.state == "open":
            self._connection.go_away(retry_after_s, reason)
            self._settle()
        else:
            self.close("unavailable", retry_after_s, reason)

    def close(self, code: str, retry_after_s: int = 0, reason: str = "") -> None:
        self._connection.close(code, retry_after_s, reason)
        self._end(code)
        self._settle()

    def abort(self) -> None:
        self._end("lost")
        self._wire.abort()

    def settle_reading(self) -> None:
        """Read on or pause, as the bounds say."""
        wanted = (
            not self.writable
            or self._calls >= self._gateway.limits.max_calls
            or self._gateway.is_full(self)
        )
        if wanted != self.paused and not self.ended:
            self.paused = wanted
            self._wire.pause() if wanted else self._wire.resume()

    # Events.

    def _take(self, event: Any) -> None:
        if isinstance(event, CheckInAsked):
            self._policy_version = event.policy_version
            self._wanted = "check-in"
            self._start_telling()
        elif isinstance(event, CredentialOffered):
            self._access_digest = digest(event.credential)
            self._policy_version = event.policy_version
            self._start(self._let_in(event.pending))
        elif isinstance(event, PeerClosed):
            self._end("by_peer")
        elif isinstance(event, RemoteError):
            who = self.device_id or "an agent"
            _log.info("%s is disconnected: %s: %s", who, event.code, event.reason)
            self._end(event.code)

    async def _let_in(self, pending: Sequence[tuple[str, int]]) -> None:
        services = self._gateway.services
        async with self._gateway.looks:
            access = await self._access()
            if access is None or self.ended:
                return
            kept = await services.accept_batches.known(access, pending) if pending else []
            if self.ended:
                return
            self.device_id = access.device_id
            self._stop_listening = services.bell.listen(access.device_id, self.wake)
            self._gateway.let_in(self)
            # What rings from here on is heard; what rang before is looked up again.
            access = await self._access()
            if access is None or self.ended:
                return
            told = await services.check_in.now(access, self._policy_version)
        if self.ended:
            return
        if self._is_news(told):
            self._tell(told)
        self._connection.admit(kept, self._gateway.now_ms())

    async def _access(self) -> DeviceAccess | None:
        """What the credential grants now; closes when that is nothing."""
        access = await self._gateway.access(self._access_digest)
        if access is not None and access.agent is Agent.FIELDPOST:
            return access
        if not self.ended:
            self._gateway.services.tally.count("refused_uploads", "not_authenticated")
            self.close("not_authenticated", reason="the device credential is unknown or revoked")
        return None

    async def _deliver(self, batches: list[Arrived]) -> None:
        try:
            for answer in wording.answers(batches):
                receipts = await self._receipts(answer)
                if receipts and not self.ended:
                    self._connection.acknowledge(receipts)
        finally:
            self._gateway.bytes_under_way -= sum(len(batch[3]) for batch in batches)

    async def _receipts(self, answer: Answer) -> list[NativeReceipt]:
        """Empty when the credential was revoked meanwhile: then the connection is closed."""
        services = self._gateway.services
        try:
            access = await self._access()
            if access is None:
                return []
            deliveries = answer.deliveries()
            if not answer.request_id:
                receipts = await services.accept_batches(access, deliveries)
            else:
                receipts = await services.answer_request.batches(
                    access, answer.request_id, deliveries, answer.completes
                )
        except Unavailable as error:
            return wording.later(answer.batches, error)
        except NotFound:
            return wording.refused(answer.batches, wording.UNKNOWN_REQUEST)
        return wording.told_receipts(answer.batches, receipts)

    async def _fail(self, failed: Sequence[RequestFailed]) -> None:
        for event in failed:
            access = await self._access()
            if access is None:
                return
            reason = event.reason[:MAX_REASON]
            known = True
            try:
                await self._gateway.services.answer_request.failure(
                    access, event.request_id, reason
                )
            except NotFound:
                known = False
            if self.ended:
                return
            self._connection.close_request(event.request_id, known)

    # Telling.

    def _start_telling(self) -> None:
        # While the peer takes nothing there is no point; and nothing may pile up.
        if self.device_id and not self._telling and self.writable and not self.ended:
            self._telling = True
            self._start(self._tell_while_wanted())

    async def _tell_while_wanted(self) -> None:
        try:
            while self._wanted and self.writable and not self.ended:
                async with self._gateway.looks:
                    why, self._wanted = self._wanted, ""
                    access = await self._access()
                    if access is None:
                        return
                    told = await self._gateway.services.check_in.now(access, self._policy_version)
                if self.ended:
                    return
                if why == "check-in" or self._is_news(told):
                    self._tell(told)
                    self._settle()
        finally:
            self._telling = False

    def _is_news(self, told: CheckedIn) -> bool:
        requests = tuple(request.id for request in told.pull_requests)
        return told.policy is not None or requests != self._requests

    def _tell(self, told: CheckedIn) -> None:
        self._requests = tuple(request.id for request in told.pull_requests)
        self._policy_version = told.policy_version
        self._connection.tell(
            told.policy_version, wording.told_policy(told), wording.told_requests(told)
        )

    # The common end of everything.

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._calls += 1
        self._gateway.start(self._guarded(work))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Unavailable as error:
            self.close("unavailable", error.retry_after_s, str(error))
        except Exception:
            _log.exception("a push connection failed", extra={"device_id": self.device_id})
            self.close("internal", reason="an error of ours; it has been logged")
        finally:
            self._calls -= 1
            self._settle()
            self._gateway.make_room()

    def _settle(self) -> None:
        """Send what is owed, end what is over, read or pause."""
        connection = self._connection
        closed = connection.state == "closed"
        if self.ended and not closed:
            return
        if connection.output_size and (self.writable or closed):
            self._wire.write(connection.take_output())
        if closed:
            self._end("done")
            self._wire.close()
            return
        self._deadline_ms = connection.deadline_ms
        self.settle_reading()

    def _end(self, why: str) -> None:
        """From here on nothing is told any more; the first reason counts."""
        if self.ended:
            return
        self.ended = why
        self._deadline_ms = None
        self._stop_listening()
        self._stop_listening = _deaf
        self._gateway.ended(self)
