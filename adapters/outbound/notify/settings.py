"""What the operator says of mail, webhooks and web push: sections of the settings."""

from pathlib import Path
from typing import Literal

import attrs
from attrs.validators import ge, le, matches_re, max_len

_ADDRESS = r"|[^@\s<>,;:]+@[^@\s<>,;:]+"
_CONTACT = r"|mailto:[^@\s]+@[^@\s]+|https://[^\s/]+"
_KEY = r"|[A-Za-z0-9_-]{43}"


@attrs.frozen
class SmtpSettings:
    """The server that takes our mail; without a `host` there is none. `from_` is the address that
    mail comes from. `tls` is `starttls`, `tls` (from the first byte on) or `none`. Certificates
    are checked, by those in `ca_file` (PEM) where it is given.
    """

    host: str = attrs.field(default="", validator=max_len(255))
    port: int = attrs.field(default=587, validator=[ge(1), le(65_535)])
    user: str = attrs.field(default="", validator=max_len(255))
    password: str = attrs.field(default="", repr=False)
    from_: str = attrs.field(default="", validator=[max_len(254), matches_re(_ADDRESS)])
    tls: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: Path | None = None

    @property
    def usable(self) -> bool:
        return bool(self.host and self.from_)


@attrs.frozen
class WebhookSettings:
    """`to_private`: webhooks and web push may lead to addresses of private networks and of this
    machine, to which else they may not.
    """

    to_private: bool = False


@attrs.frozen
class WebPushSettings:
    """`private_key` is what browsers' push services know us by: 32 secret bytes in base64url.
    `contact` is where they reach the operator: mailto:ADDRESS or https://HOST.
    """

    private_key: str = attrs.field(default="", repr=False, validator=matches_re(_KEY))
    contact: str = attrs.field(default="", validator=[max_len(300), matches_re(_CONTACT)])


@attrs.frozen
class NotifySettings:
    """All of it, where it comes from the environment alone."""

    smtp: SmtpSettings = SmtpSettings()
    webhooks: WebhookSettings = WebhookSettings()
    web_push: WebPushSettings = WebPushSettings()
