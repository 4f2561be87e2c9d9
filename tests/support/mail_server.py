"""A mail server of somebody else's, on a free port: it takes what it is told to take, and remembers it."""

import asyncio
import email
import email.policy
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class Taken:
    """A mail that was handed over."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        """It, read by somebody else's parser."""
        read = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(read, EmailMessage)
        return read

    @property
    def mail_id(self) -> str:
        """Its Message-ID, without brackets."""
        return str(self.mail["Message-ID"]).strip("<>")


@dataclass
class MailServer:
    """The server.

    Attributes:
        port: where it listens.
        mails: what it took, in order.
        says: what it answers to a recipient, and to a content (under ""); 250 without.
        password: whoever signs in needs it; none lets nobody sign in.
        signed_in: who has.
        seconds: how long it keeps a content before it says so; in the middle of it the mail has arrived.
        busy: how many contents it is at.
    """

    port: int = 0
    mails: list[Taken] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    password: str = ""
    signed_in: list[str] = field(default_factory=list)
    seconds: float = 0
    busy: int = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """A recipient."""
        said = self.says.get(address, "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """A content."""
        said = self.says.get("", "250 OK")
        self.busy += 1
        try:
            await asyncio.sleep(self.seconds / 2)
            if said.startswith("250"):
                self.mails.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.original_content)))
            await asyncio.sleep(self.seconds / 2)
        finally:
            self.busy -= 1
        return said

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        """Somebody signs in."""
        fine = data.password.decode() == self.password
        if fine:
            self.signed_in.append(data.login.decode())
        return AuthResult(success=fine, handled=False)

    def times(self) -> Counter[str]:
        """How often each mail was taken."""
        return Counter(taken.mail_id for taken in self.mails)


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """The server, in a thread with a loop of its own."""
    server, loop = MailServer(**options), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def session() -> SMTP:
        return SMTP(
            server,
            authenticator=server.authenticate,
            auth_require_tls=False,
            enable_SMTPUTF8=False,
            hostname="outside.example",
            loop=loop,
        )

    async def listen() -> asyncio.Server:
        return await loop.create_server(session, "127.0.0.1", server.port)

    listening = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(listening.close)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
