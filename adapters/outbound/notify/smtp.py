"""Mail, through the operator's SMTP server."""

import asyncio
import logging
import re
import ssl
from collections.abc import Mapping
from typing import Any

import aiosmtplib
import attrs

from adapters.outbound.notify.mail_message import Letterhead, mail
from adapters.outbound.notify.settings import SmtpSettings
from application.ports.clock import Clock
from domain.channel import Channel
from domain.notice import Message, Outcome, Result
from domain.refusals import FieldError

STEP_S = 10.0
WHOLE_S = 25.0
_MAX_ADDRESS = 254
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_NOT_SET_UP = "mail is not set up on this platform: the operator has to name an SMTP server"
_LASTING = range(500, 600)
_log = logging.getLogger(__name__)


@attrs.frozen
class SmtpNotifier:
    """A step of the conversation takes `step_s` at most, all of it `whole_s`."""

    settings: SmtpSettings
    clock: Clock
    link: str = ""
    step_s: float = STEP_S
    whole_s: float = WHOLE_S

    def settings_errors(self, settings: Mapping[str, Any]) -> list[FieldError]:
        if not self.settings.usable:
            return [FieldError("", _NOT_SET_UP)]
        to = settings["to"]
        if len(to) > _MAX_ADDRESS or _ADDRESS.fullmatch(to) is None:
            return [FieldError("to", "is not an e-mail address like ana@example.org")]
        return []

    async def notify(self, channel: Channel, message: Message) -> Outcome:
        if not self.settings.usable:
            return Outcome(Result.FAILED_FOR_NOW, _NOT_SET_UP)
        head = Letterhead(self.settings.from_, self.link)
        made = mail(head, channel, message, self.clock.now_ms())
        try:
            async with asyncio.timeout(self.whole_s):
                _, said = await aiosmtplib.send(
                    made,
                    sender=head.sender,
                    recipients=[channel.settings["to"]],
                    **self._connection(),
                )
        except TimeoutError:
            return Outcome(Result.FAILED_FOR_NOW, "the mail server does not answer")
        except aiosmtplib.SMTPException as error:
            return _outcome(error)
        except (OSError, ValueError) as error:
            return _unusable(error)
        return Outcome(Result.SENT, f"accepted: {said}"[:200])

    def _connection(self) -> dict[str, Any]:
        settings = self.settings
        return {
            "hostname": settings.host,
            "port": settings.port,
            "username": settings.user or None,
            "password": settings.password or None,
            "use_tls": settings.tls == "tls",
            "start_tls": settings.tls == "starttls",
            "tls_context": None if settings.tls == "none" else _trusting(settings),
            "local_hostname": settings.from_.rpartition("@")[2],
            "timeout": self.step_s,
        }


def _trusting(settings: SmtpSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca_file)


def _unusable(error: Exception) -> Outcome:
    """Accounts read the outcome: where the operator's server is, is for the log."""
    _log.warning("the mail server cannot be used: %s", error)
    return Outcome(Result.FAILED_FOR_NOW, "the mail server cannot be used")


def _outcome(error: aiosmtplib.SMTPException) -> Outcome:
    """Only what the server says of this mail is final; of our password it may think again."""
    answer: Any = error
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        answer = error.recipients[0]
    if not isinstance(answer, aiosmtplib.SMTPResponseException):
        return _unusable(error)
    detail = f"the mail server says {answer.code} {' '.join(answer.message.split())}"[:400]
    about_mail = isinstance(answer, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
    final = about_mail and answer.code in _LASTING
    return Outcome(Result.REFUSED if final else Result.FAILED_FOR_NOW, detail)
