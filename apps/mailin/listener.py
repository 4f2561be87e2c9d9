"""The built-in SMTP listener (EML-1): a mail is acknowledged when it is stored, and not before (EML-2).

What can't be stored now is refused for the moment (4xx), so that the other server keeps it and tries again; what leads
to nobody is refused for good, before a byte of it is sent.
"""

import asyncio
import ipaddress
import logging
import socket
import ssl
import time
import unicodedata
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog
from aiosmtpd.smtp import SMTP

from apps.core.errors import DomainError
from apps.core.text import is_storable
from apps.email.choices import Inbound
from apps.mailin.actions import Envelope, mail_receive
from apps.mailin.choices import Refusal
from apps.realtime.tenant_threads import run_in_public, run_in_tenant
from apps.tenants.selectors import mail_address_of

MOST_CONNECTIONS: Final = 100
MOST_OF_PEER: Final = 20
"""Connections of one host, of IPv6 one network (/64): the others leave it room."""
PATIENCE_SECONDS: Final = 20.0
"""Within which a client begins a mail, and the next one; who waits longer waits somewhere else."""
GRACE_SECONDS: Final = 60.0
PACE: Final = 8192
"""Bytes a second that a mail comes in at least, once its grace is over."""
LOOK_SECONDS: Final = 1.0
MOST_RECIPIENTS: Final = 50
TIMEOUT_SECONDS: Final = 3600
"""Longer than any mail may take at its slowest pace: who dawdles is sent away before."""
LINE_BYTES: Final = 1024 * 1024
"""RFC 5321 allows a thousand; too many programs write more, and a customer's mail is worth more than a rule."""
STOP_SECONDS: Final = 3.0

LATER = "451 4.3.0 This can't be stored at the moment, please try again"
FROZEN = "450 4.2.1 No mail is received here at the moment, please try again later"
UNKNOWN = "550 5.1.1 No mail is received here for this address"
TOO_MANY = "452 4.5.3 Too many recipients"
MALFORMED = "553 5.1.3 That is no address"
STORED = "250 2.0.0 Stored"
BUSY = b"421 4.3.2 Too many connections, please try again\r\n"
SLOW = b"421 4.4.2 That took too long, please try again\r\n"

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

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: "Connection", session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Begin a mail of a sender who can be written down."""
        del session
        if not _is_address(address):
            return MALFORMED
        server.begin()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Sender OK"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take a recipient to whom mail can be delivered here."""
        del server, session
        routes: dict[UUID, Route] = _routes(envelope)
        if not _is_address(address):
            return MALFORMED
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            found = await run_in_public(mail_address_of, address)
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

    async def handle_DATA(self, server: "Connection", session: Any, envelope: Any) -> str:  # noqa: N802
        """Store the mail for each channel, and say so once all of them have committed."""
        server.is_storing = True
        try:
            return await self._store(session, envelope)
        finally:
            server.is_storing = False
            server.rest()

    async def _store(self, session: Any, envelope: Any) -> str:
        peer = str(session.peer[0]) if session.peer else ""
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from
        try:
            for route in _routes(envelope).values():
                said = Envelope(sender, route.recipient, peer, str(session.host_name or ""), Inbound.LISTENER)
                await run_in_tenant(
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


def _is_address(address: str) -> bool:
    """Whether an address is text that can be stored: neither bytes that are no UTF-8 nor control characters."""
    return is_storable(address) and not any(unicodedata.category(each) == "Cc" for each in address)


def _network(transport: Any) -> str:
    """Who is at the other end: a host, or of IPv6 the network in which one host has all the addresses it likes."""
    peer = transport.get_extra_info("peername")
    try:
        found = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    except (TypeError, IndexError, ValueError):
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _refusal(refused: DomainError) -> str:
    if refused.code == Refusal.MAIL_EMPTY:
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
        self.network = ""
        self.is_storing = self.is_in_mail = False
        self.received, self.since = 0, time.monotonic()
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
        """Take it, unless there are too many, of its host or of all."""
        if self not in self._listener.connections:
            self.network = _network(transport)
            if not self._listener.has_room_for(self.network):
                transport.write(BUSY)
                transport.close()
                transport.set_protocol(asyncio.Protocol())
                return
        self._listener.connections.add(self)
        self._listener.idle.clear()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        self.received += len(data)
        super().data_received(data)

    def begin(self) -> None:
        """A mail begins; who begins it again and again has no more time for it."""
        if not self.is_in_mail:
            self.is_in_mail, self.since, self.received = True, time.monotonic(), 0

    def rest(self) -> None:
        """A mail was brought; there is time to begin the next one."""
        self.is_in_mail, self.since, self.received = False, time.monotonic(), 0

    def look(self, now: float) -> None:
        """Send it away if it has taken too long."""
        listener = self._listener
        most = listener.grace + self.received / PACE if self.is_in_mail else listener.patience
        if not self.is_storing and now - self.since > most:
            self.send_away(SLOW)

    def send_away(self, why: bytes) -> None:
        """Say why, and end it."""
        transport = self.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(why)
            # One that reads nothing either would keep it open: there is no waiting for it.
            transport.close()
            asyncio.get_running_loop().call_later(LOOK_SECONDS, transport.abort)
        self._listener.forget(self)

    def connection_lost(self, error: Exception | None) -> None:
        """It is over."""
        self._listener.forget(self)
        super().connection_lost(error)


class Listener:
    """Listens until it is stopped.

    Args:
        host: the interface to listen on.
        port: nought for a free one.
        max_bytes: of a mail; larger ones are refused for good.
        tls: for STARTTLS; none does without.
        hostname: by which it greets.
        patience: seconds within which a client begins a mail.
        grace: seconds that a mail may take however slowly it comes.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        max_bytes: int,
        tls: ssl.SSLContext | None = None,
        hostname: str = "localhost",
        patience: float = PATIENCE_SECONDS,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self.host, self.port, self.max_bytes = host, port, max_bytes
        self.tls, self.hostname = tls, hostname
        self.patience, self.grace = patience, grace
        self.handler = Handler()
        self.connections: set[Connection] = set()
        self.idle = asyncio.Event()
        self.idle.set()
        self._server: asyncio.Server | None = None
        self._looking: asyncio.Task[None] | None = None
        # It would write every address that it hears into the logs.
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    async def start(self, listening: socket.socket | None = None) -> None:
        """Begin to listen.

        Args:
            listening: a socket that is open already, in place of host and port.

        Raises:
            OSError: the port is taken.
        """
        loop = asyncio.get_running_loop()
        place: dict[str, Any] = {"sock": listening} if listening else {"host": self.host, "port": self.port}
        self._server = await loop.create_server(lambda: Connection(self), **place)
        self.port = self._server.sockets[0].getsockname()[1]
        self._looking = loop.create_task(self._look())

    async def _look(self) -> None:
        """See to it that nobody takes a connection for longer than a mail needs."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for each in list(self.connections):
                each.look(time.monotonic())

    def has_room_for(self, network: str) -> bool:
        """Whether one more may come from there. Of too many in all, who has waited longest for a mail makes room."""
        if sum(each.network == network for each in self.connections) >= MOST_OF_PEER:
            return False
        if len(self.connections) < MOST_CONNECTIONS:
            return True
        waiting = [each for each in self.connections if not each.is_in_mail and not each.is_storing]
        if not waiting:
            return False
        min(waiting, key=lambda each: each.since).send_away(BUSY)
        return True

    def forget(self, connection: Connection) -> None:
        """A connection is over."""
        self.connections.discard(connection)
        if not self.connections:
            self.idle.set()

    async def stop(self) -> None:
        """Take no more connections, and let those that there are finish what they are at, for a moment."""
        if self._server is None:
            return
        self._server.close()
        if self._looking is not None:
            self._looking.cancel()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.idle.wait()
        except TimeoutError:
            for each in list(self.connections):
                if isinstance(each.transport, asyncio.WriteTransport):
                    each.transport.abort()
