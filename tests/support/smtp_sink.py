"""A mail server that keeps what it gets, and can be told to be slow, busy, broken or strict."""

import asyncio
import base64
import contextlib
import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import attrs

from deploy.local.ports import HOST, free_port
from tests.support.background import BackgroundServer

HANG = "hang"
DROP = "drop"


@attrs.frozen
class Mail:
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    encrypted: bool
    user: str

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())


class SmtpSink(BackgroundServer):
    """`answers` are by verb what it says instead of what it would: a line, HANG or DROP. The verb
    of the content itself is `.`.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.port = free_port()
        self.mails: list[Mail] = []
        self.answers: dict[str, str] = {}
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[Any]] = set()

    async def begin(self) -> None:
        self._server = await asyncio.start_server(self._talk, HOST, self.port)

    async def end(self) -> None:
        assert self._server is not None
        self._server.close()
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            await _Talk(self, reader, writer, self._tls).run()
        except (OSError, EOFError):
            pass
        finally:
            self._talks.discard(task)
            writer.close()


class _Talk:
    def __init__(
        self,
        sink: SmtpSink,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._sink = sink
        self._reader = reader
        self._writer = writer
        self._tls = tls
        self._encrypted = False
        self._user = ""
        self._sender = ""
        self._recipients: list[str] = []

    async def run(self) -> None:
        await self._say("220 sink", "CONNECT")
        while line := await self._reader.readline():
            words = line.decode().strip()
            verb = words.partition(" ")[0].upper()
            if verb == "QUIT":
                await self._say("221 bye", verb)
                return
            if verb == "STARTTLS" and self._tls is not None:
                await self._say("220 go", verb)
                await self._writer.start_tls(self._tls)
                self._encrypted = True
            elif verb == "DATA":
                await self._data()
            else:
                await self._say(self._answer(verb, words), verb)

    def _answer(self, verb: str, words: str) -> str:
        if verb == "EHLO":
            tls = "" if self._tls is None or self._encrypted else "250-STARTTLS\r\n"
            return f"250-sink\r\n{tls}250 AUTH PLAIN"
        if verb == "AUTH":
            self._user = base64.b64decode(words.split(" ")[2]).split(b"\0")[1].decode()
            return "235 welcome"
        if verb == "MAIL":
            self._sender = words.partition("<")[2].partition(">")[0]
            self._recipients = []
        elif verb == "RCPT" and "RCPT" not in self._sink.answers:
            self._recipients.append(words.partition("<")[2].partition(">")[0])
        elif verb not in ("RCPT", "RSET", "NOOP"):
            return "502 not known"
        return "250 ok"

    async def _data(self) -> None:
        await self._say("354 go on", "DATA")
        if "DATA" in self._sink.answers:
            return
        content = bytearray()
        while (line := await self._reader.readline()) != b".\r\n":
            if not line:
                return
            content += line.removeprefix(b".")
        refused = "." in self._sink.answers
        if not refused or self._sink.answers["."] == DROP:
            mail = Mail(
                self._sender, tuple(self._recipients), bytes(content), self._encrypted, self._user
            )
            self._sink.mails.append(mail)
        await self._say("250 kept", ".")

    async def _say(self, usual: str, verb: str) -> None:
        said = self._sink.answers.get(verb, usual)
        if said == DROP:
            raise EOFError
        if said == HANG:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            raise EOFError
        self._writer.write(f"{said}\r\n".encode())
        await self._writer.drain()
