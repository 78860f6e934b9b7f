"""Mail: what the owner of a project is told when a breaker trips."""

import io
import smtplib
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from understudy.domain.errors import UnderstudyError
from understudy.serving.webhooks import MOST_SAID, Sent

VARIABLE = "UNDERSTUDY_SMTP"
SECONDS = 20.0
"""Time-out of every step with the mail server; of all of them together, see `MailServer.send`."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts to which a password may go without TLS, because it stays on the machine."""


class BadMailServer(UnderstudyError):
    """The mail server's address cannot be read."""


class _Heard(io.RawIOBase):
    """What a mail server says until a moment; a time-out of each reading would wait for ever for one that dribbles."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        super().__init__()
        self._connection, self._until = connection, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server took too long")
        self._connection.settimeout(min(SECONDS, left))
        return self._connection.recv_into(buffer)


class _Talk(smtplib.SMTP):
    """A talk with a mail server that ends at a moment, by `time.monotonic`."""

    def __init__(self, until: float, *arguments: Any, **more: Any) -> None:
        self._until = until
        super().__init__(*arguments, **more)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Heard(self.sock, self._until))
        return super().getreply()


class _SecureTalk(_Talk, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in.

    Attributes:
        host: Its name.
        port: Its port.
        user: Who logs in, or None.
        password: With what.
        secure: TLS from the first byte ("smtps"); otherwise TLS is begun where the server offers it.
        sender: The address that mail comes from.
    """

    host: str
    port: int
    user: str | None
    password: str
    secure: bool
    sender: str

    @classmethod
    def parse(cls, address: str) -> "MailServer":
        """Reads "smtp://user:password@host:port?from=address" or "smtps://…".

        Raises:
            BadMailServer: It is neither.
        """
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            raise _bad() from None
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise _bad()
        secure = parts.scheme == "smtps"
        user = unquote(parts.username) if parts.username else None
        given = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair).get("from")
        sender = unquote(given) if given else user if user and "@" in user else f"understudy@{parts.hostname}"
        return cls(
            parts.hostname, port or (465 if secure else 587), user, unquote(parts.password or ""), secure, sender
        )

    def send(
        self, to: str, message_id: str, at: datetime, event: str, payload: Mapping[str, Any], *, seconds: float
    ) -> Sent:
        """Tries once. Blocks for as long as the server takes, but listens to it no longer than that; raises nothing."""
        try:
            with self._connected(time.monotonic() + seconds) as server:
                server.send_message(self._letter(to, message_id, at, event, payload))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return Sent(ok=False, detail=f"{type(error).__name__}: {error}"[:MOST_SAID])
        return Sent(ok=True, detail=f"handed to {self.host}")

    def _connected(self, until: float) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.secure:
            server: smtplib.SMTP = _SecureTalk(until, self.host, self.port, timeout=SECONDS, context=context)
        else:
            server = _Talk(until, self.host, self.port, timeout=SECONDS)
        try:
            self._log_in(server, context)
        except BaseException:
            server.close()
            raise
        return server

    def _log_in(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server.ehlo()
        secured = self.secure
        if not secured and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            secured = True
        if self.user is None:
            return
        if not secured and self.host not in LOCAL:
            raise smtplib.SMTPNotSupportedError("the server offers no TLS, so the password is not sent to it")
        server.login(self.user, self.password)

    def _letter(self, to: str, message_id: str, at: datetime, event: str, payload: Mapping[str, Any]) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"] = self.sender, to
        letter["Date"], letter["Message-ID"] = format_datetime(at), f"<{message_id}@{self.host}>"
        letter["Subject"] = " ".join(f"{payload.get('project', 'Understudy')}: {_headline(event)}".split())
        letter.set_content(_text(payload))
        return letter


def _headline(event: str) -> str:
    return {
        "breaker.tripped": "the model was taken off",
        "breaker.closed": "the model may be promoted again",
        "delivery.failed": "a webhook cannot be delivered",
    }.get(event, event)


def _text(payload: Mapping[str, Any]) -> str:
    lines = [str(payload.get("fact", "")), str(payload.get("now", "")), ""]
    lines += [f"{name}: {value}" for name, value in payload.items() if name not in {"fact", "now", "evidence"}]
    evidence = payload.get("evidence")
    if isinstance(evidence, Mapping):
        lines += ["", "Evidence"] + [f"  {name}: {value}" for name, value in evidence.items()]
    return "\n".join(lines).strip() + "\n"


def _bad() -> BadMailServer:
    return BadMailServer(
        fact=f"{VARIABLE} is no address of a mail server.",
        reason="It is written smtp://user:password@host:port or smtps://user:password@host:port.",
        remedy="Correct it, with signs such as @ in the password as %40, and start again.",
    )
