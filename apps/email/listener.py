"""The built-in SMTP listener (EML-1): a mail is acknowledged when it is stored, and not before (EML-2).

What can't be stored now is refused for the moment (4xx), so that the other server keeps it and tries again; what leads
to nobody is refused for good, before a byte of it is sent.
"""

import asyncio
import logging
import ssl
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog
from aiosmtpd.smtp import SMTP

from apps.core.errors import DomainError
from apps.email.actions import Envelope, mail_receive
from apps.email.choices import Inbound
from apps.realtime.db import in_public, in_tenant
from apps.tenants.actions import mail_address_find

MOST_CONNECTIONS: Final = 100
MOST_RECIPIENTS: Final = 50
TIMEOUT_SECONDS: Final = 120
"""After which a silent client is left."""
LINE_BYTES: Final = 1024 * 1024
"""RFC 5321 allows a thousand; too many programs write more, and a customer's mail is worth more than a rule."""
STOP_SECONDS: Final = 3.0

LATER = "451 4.3.0 This can't be stored at the moment, please try again"
FROZEN = "450 4.2.1 No mail is received here at the moment, please try again later"
UNKNOWN = "550 5.1.1 No mail is received here for this address"
TOO_MANY = "452 4.5.3 Too many recipients"
STORED = "250 2.0.0 Stored"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Route:
    """Where the mail of a recipient goes.

    Attributes:
        tenant: the tenant's row.
        channel: its channel.
        recipient: as the other server wrote it.
    """

    tenant: Any
    channel: UUID
    recipient: str


class Handler:
    """What the listener does with what it is told; one for all connections."""

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take a recipient to whom mail can be delivered here."""
        del server, session
        routes: dict[UUID, Route] = _routes(envelope)
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            found = await in_public(mail_address_find, address)
        except Exception as failure:
            return _later(failure)
        if found is None:
            return UNKNOWN
        if found.tenant.is_frozen:
            return FROZEN
        routes.setdefault(found.channel, Route(found.tenant, found.channel, address))
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient OK"

    async def handle_RSET(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        """Forget the recipients."""
        del server, session
        _routes(envelope).clear()
        return "250 2.0.0 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        """Store the mail for each channel, and say so once all of them have committed."""
        del server
        peer = str(session.peer[0]) if session.peer else ""
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from
        try:
            for route in _routes(envelope).values():
                said = Envelope(sender, route.recipient, peer, str(session.host_name or ""), Inbound.LISTENER)
                await in_tenant(
                    route.tenant, mail_receive, channel_id=route.channel, raw=envelope.content, envelope=said
                )
        except DomainError as refused:
            return _refusal(refused)
        except Exception as failure:
            return _later(failure)
        return STORED

    async def handle_exception(self, failure: Exception) -> str:
        """Whatever goes wrong, the mail stays with who sends it."""
        return _later(failure)


def _routes(envelope: Any) -> dict[UUID, Route]:
    if not hasattr(envelope, "routes"):
        envelope.routes = {}
    routes: dict[UUID, Route] = envelope.routes
    return routes


def _refusal(refused: DomainError) -> str:
    if refused.code == "mail_empty":
        return "554 5.6.0 There is no mail"
    # The channel went away in between, or there is too much to do.
    return LATER


def _later(failure: Exception) -> str:
    log.warning("email.refused_for_now", error=repr(failure))
    return LATER


class Connection(SMTP):
    """One connection; of too many at once the last are sent away for now."""

    line_length_limit = LINE_BYTES

    def __init__(self, listener: "Listener") -> None:
        self._listener = listener
        super().__init__(
            listener.handler,
            data_size_limit=listener.max_bytes,
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname=listener.hostname,
            ident="Parley",
            tls_context=listener.tls,
            timeout=TIMEOUT_SECONDS,
            loop=asyncio.get_running_loop(),
        )

    def connection_made(self, transport: Any) -> None:
        """Take it, unless there are too many."""
        if self not in self._listener.connections and len(self._listener.connections) >= MOST_CONNECTIONS:
            transport.write(b"421 4.3.2 Too many connections, please try again\r\n")
            transport.close()
            transport.set_protocol(asyncio.Protocol())
            return
        self._listener.connections.add(self)
        self._listener.idle.clear()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """It is over."""
        self._listener.connections.discard(self)
        if not self._listener.connections:
            self._listener.idle.set()
        super().connection_lost(error)


class Listener:
    """Listens until it is stopped.

    Args:
        host: the interface to listen on.
        port: nought for a free one.
        max_bytes: of a mail; larger ones are refused for good.
        tls: for STARTTLS; none does without.
        hostname: by which it greets.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        max_bytes: int,
        tls: ssl.SSLContext | None = None,
        hostname: str = "localhost",
    ) -> None:
        self.host, self.port, self.max_bytes = host, port, max_bytes
        self.tls, self.hostname = tls, hostname
        self.handler = Handler()
        self.connections: set[Connection] = set()
        self.idle = asyncio.Event()
        self.idle.set()
        self._server: asyncio.Server | None = None
        # It would write every address that it hears into the logs.
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            OSError: the port is taken.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take no more connections, and let those that there are finish what they are at, for a moment."""
        if self._server is None:
            return
        self._server.close()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.idle.wait()
        except TimeoutError:
            for each in list(self.connections):
                if isinstance(each.transport, asyncio.WriteTransport):
                    each.transport.abort()
