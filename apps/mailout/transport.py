"""Hands one mail to a server by SMTP, and says of each recipient what became of it (RFC 5321)."""

import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.email.choices import Security

MOST_SAID = 200
"""Characters of a server's words that are kept."""


@dataclass(frozen=True)
class SmtpServer:
    """A server that takes mail.

    Attributes:
        host: its name.
        port: where it listens.
        security: how the connection is encrypted.
        user: signs in there; empty for without.
        password: its password.
        check: finds the address to connect to, and refuses one that may not be reached; None connects to the name.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    check: Callable[[str, int], str] | None = None


@dataclass(frozen=True)
class RefusedRecipient:
    """A recipient whom a server did not take the mail for.

    Attributes:
        address: theirs.
        text: what it said.
        is_final: whether trying again is of no use.
    """

    address: str
    text: str
    is_final: bool


@dataclass(frozen=True)
class DeliveryOutcome:
    """What became of one attempt: somebody got it, or it is known why each did not.

    Attributes:
        accepted: for whom the server has taken it.
        refused: for whom it has not.
    """

    accepted: tuple[str, ...]
    refused: tuple[RefusedRecipient, ...] = ()


class UndeliveredError(Exception):
    """Nobody got it.

    Attributes:
        text: why, for agents.
        is_final: whether trying again is of no use.
        is_away: the server could not be reached, or did not answer in time.
    """

    def __init__(self, text: str, *, is_final: bool = False, is_away: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.is_final = is_final
        self.is_away = is_away


class _Client(smtplib.SMTP):
    """Connects to an address that was checked, and to no other; its certificate is still the name's."""

    def __init__(self, server: SmtpServer, address: str) -> None:
        super().__init__(local_hostname=settings.MAIL_HOSTNAME)
        self._host = server.host  # By which STARTTLS knows whose certificate it has to be.
        self._server, self._address = server, address

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        del host
        found = socket.create_connection((self._address, port), timeout)
        if self._server.security == Security.TLS:
            return _context().wrap_socket(found, server_hostname=self._server.host)
        return found


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


class SmtpSession:
    """A connection on which mails can be handed over.

    Args:
        client: connected, and signed in.
        until: when it must have said everything but the mail (by the monotonic clock).
    """

    def __init__(self, client: smtplib.SMTP, until: float) -> None:
        self._client, self._until = client, until

    def send(
        self,
        *,
        sender: str,
        recipients: Sequence[str],
        content: bytes,
        before_content: Callable[[], None],
    ) -> DeliveryOutcome:
        """Hand a mail over.

        Args:
            sender: where it is returned to.
            recipients: whom it is for.
            content: its bytes.
            before_content: called when the server is about to be given them: from then on only it knows.

        Raises:
            UndeliveredError: nobody got it.
        """
        with _told():
            self._say(lambda: self._client.mail(sender, [f"size={len(content)}"] if self._knows("size") else []))
            refused = [found for each in recipients if (found := self._offer(each)) is not None]
            accepted = tuple(each for each in recipients if each not in {refusal.address for refusal in refused})
            if not accepted:
                return DeliveryOutcome((), tuple(refused))
            before_content()
            self._give_time(2 * settings.EMAIL_TIMEOUT)
            code, said = self._client.data(content)
            _refuse_unless(code, said)
            return DeliveryOutcome(accepted, tuple(refused))

    def _offer(self, address: str) -> RefusedRecipient | None:
        self._give_time()
        code, said = self._client.rcpt(address)
        if code == 421:
            raise smtplib.SMTPServerDisconnected(_words(said))
        return None if code in (250, 251) else RefusedRecipient(address, _words(said, code), is_final=code >= 500)

    def _say(self, command: Callable[[], tuple[int, bytes]]) -> None:
        self._give_time()
        _refuse_unless(*command())

    def _knows(self, extension: str) -> bool:
        return self._client.has_extn(extension)

    def _give_time(self, seconds: float | None = None) -> None:
        left = self._until - time.monotonic() if seconds is None else seconds
        if left <= 0:
            raise TimeoutError
        if self._client.sock is not None:
            self._client.sock.settimeout(left)


@contextmanager
def smtp_session(server: SmtpServer) -> Iterator[SmtpSession]:
    """A connection to a server, which is hung up at the end, however that comes.

    Raises:
        UndeliveredError: there is none; not for good: somebody will put it right.
    """
    until = time.monotonic() + settings.EMAIL_TIMEOUT
    client: smtplib.SMTP | None = None
    try:
        with _told():
            client = _connected(server)
        yield SmtpSession(client, until)
    finally:
        if client is not None:
            _hang_up(client)


def _connected(server: SmtpServer) -> smtplib.SMTP:
    client = _Client(server, server.check(server.host, server.port) if server.check else server.host)
    client.timeout = settings.EMAIL_TIMEOUT / 2
    try:
        code, said = client.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        client.ehlo_or_helo_if_needed()
        if server.security == Security.STARTTLS:
            client.starttls(context=_context())
            client.ehlo()
        if server.user:
            client.login(server.user, server.password)
    except BaseException:
        client.close()
        raise
    return client


def _hang_up(client: smtplib.SMTP) -> None:
    # Whatever it answers, the mail's fate is known.
    with suppress(OSError, smtplib.SMTPException):
        if client.sock is not None:
            client.sock.settimeout(2)
        client.quit()
    client.close()


def _refuse_unless(code: int, said: bytes) -> None:
    if not 200 <= code < 300:
        raise UndeliveredError(_words(said, code), is_final=500 <= code < 600)


def _words(said: bytes | str, code: int | None = None) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())[:MOST_SAID]
    return f"{code} {line}".strip() if code else line


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong on the way, in words that an agent can do something with."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        text = _("The mail server does not accept the user name and password of this channel.")
        raise UndeliveredError(f"{text} ({_words(error.smtp_error, error.smtp_code)})") from error
    except smtplib.SMTPNotSupportedError as error:
        text = _("The mail server does not offer what this channel needs: STARTTLS, or signing in.")
        raise UndeliveredError(text) from error
    except smtplib.SMTPDataError as error:
        raise UndeliveredError(
            _words(error.smtp_error, error.smtp_code), is_final=500 <= error.smtp_code < 600
        ) from error
    except smtplib.SMTPResponseException as error:
        raise UndeliveredError(_words(error.smtp_error, error.smtp_code)) from error
    except ssl.SSLError as error:
        raise UndeliveredError(_("The mail server's certificate or encryption is not acceptable.")) from error
    except TimeoutError as error:
        raise UndeliveredError(_("The mail server does not answer in time."), is_away=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise UndeliveredError(_("The mail server can't be reached, or hung up."), is_away=True) from error
    except DomainError as refused:
        raise UndeliveredError(str(refused.message)) from refused
