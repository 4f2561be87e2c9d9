"""A mailbox on another server, as far as we use it: what came since, its bytes, and what becomes of it there.

By UIDs alone. Nothing is ever read with the command that marks it as read, and nothing is expunged but what we mean:
`imap_tools` does both by itself, so these commands are given to its client directly.
"""

import imaplib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from imap_tools import BaseMailBox
from imap_tools.utils import encode_folder

from apps.email.choices import Security
from apps.email.servers import server_check

TIMEOUT_SECONDS: Final = 30
"""For each answer of the server."""
STEP_SECONDS: Final = 1.0
_FACTS = re.compile(rb"UID (?P<uid>\d+)|RFC822\.SIZE (?P<size>\d+)|INTERNALDATE \"(?P<at>[^\"]+)\"")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AT = re.compile(r"\s*(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")


class Refused(Exception):  # noqa: N818 - the server's no
    """The server does not do what was asked for."""


@dataclass(frozen=True)
class Access:
    """How a mailbox is reached.

    Attributes:
        host: the server's name.
        port: its port.
        security: how the connection is encrypted, a value of `Security`.
        user: who signs in.
        password: with what.
        folder: where the mail is.
    """

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str


@dataclass(frozen=True)
class Facts:
    """What a server says of a mail before it is fetched.

    Attributes:
        uid: its number, under the folder's UIDVALIDITY.
        size: its bytes.
        at: when it reached the mailbox; none where the server doesn't say.
    """

    uid: int
    size: int
    at: datetime | None


class Folder:
    """An open folder.

    Attributes:
        uid_validity: as long as it is the same, a UID means the same mail.
    """

    def __init__(self, box: BaseMailBox) -> None:
        self._client: Any = box.client
        self._idle: Any = box.idle
        self.uid_validity = _number(self._client.response("UIDVALIDITY")[1])
        # After the sign-in a server can do more than before.
        said = self._client.capability()[1]
        self._can = frozenset(b" ".join(each or b"" for each in said).decode("ascii", "replace").upper().split())
        self._client.capabilities = tuple(sorted(self._can))

    def since(self, uid: int) -> list[int]:
        """The UIDs above this one, ascending."""
        self._client.noop()  # Tells the server that we may be told of what is new.
        found = self._uid("SEARCH", f"UID {uid + 1}:*")
        every = {int(each) for line in found if isinstance(line, bytes) for each in line.split()}
        # "*" is the last mail, whatever stands before the colon (RFC 3501, 6.4.8).
        return sorted(each for each in every if each > uid)

    def facts(self, uids: Sequence[int]) -> list[Facts]:
        """What the server says of these mails; those that are gone are left out."""
        found = []
        for line in self._uid("FETCH", _set(uids), "(UID RFC822.SIZE INTERNALDATE)"):
            text = line[0] if isinstance(line, tuple) else line or b""
            said = {match.lastgroup: match[match.lastgroup or 0] for match in _FACTS.finditer(text)}
            if "uid" in said and "size" in said:
                at = _moment(said.get("at", b"").decode("ascii", "replace"))
                found.append(Facts(int(said["uid"]), int(said["size"]), at))
        return sorted(found, key=lambda each: each.uid)

    def raw(self, uid: int) -> bytes | None:
        """A mail as it is, without marking it as read; none when it is gone."""
        found = self._uid("FETCH", str(uid), "(BODY.PEEK[])")
        return next((bytes(each[1]) for each in found if isinstance(each, tuple)), None)

    def mark_read(self, uids: Sequence[int]) -> None:
        """Mark mails as read; those that are gone are no mistake, here and below."""
        self._uid("STORE", _set(uids), "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails to another folder."""
        if self._has("MOVE"):
            self._uid("MOVE", _set(uids), encode_folder(folder))
            return
        self._uid("COPY", _set(uids), encode_folder(folder))
        self.delete(uids)

    def delete(self, uids: Sequence[int]) -> None:
        """Delete mails, and no others; where the server can't do that they are only marked as deleted."""
        self._uid("STORE", _set(uids), "+FLAGS.SILENT", r"(\Deleted)")
        if self._has("UIDPLUS"):
            self._uid("EXPUNGE", _set(uids))

    def wait(self, stop: threading.Event, seconds: float, beat: Callable[[], None], *, poll_seconds: float) -> None:
        """Wait until something came, by IDLE where the server knows it (RFC 2177); else for a while.

        Args:
            stop: ends it at once.
            seconds: ends it in any case; less than the half hour after which servers hang up.
            beat: called every second.
            poll_seconds: how long to wait where there is no IDLE.
        """
        if not self._has("IDLE"):
            _each_second(stop, poll_seconds, beat)
            return
        deadline = time.monotonic() + seconds
        self._idle.start()
        while not stop.is_set() and time.monotonic() < deadline:
            began = time.monotonic()
            # Nothing, and at once: the connection is gone, which the end of IDLE below will say.
            if self._idle.poll(STEP_SECONDS) or time.monotonic() - began < STEP_SECONDS / 2:
                break
            beat()
        self._idle.stop()

    def _has(self, word: str) -> bool:
        """Whether the server can do something."""
        return word in self._can

    def _uid(self, command: str, *arguments: str | bytes) -> list[Any]:
        status, data = self._client.uid(command, *arguments)
        if status != "OK":
            raise Refused(f"{command}: {_words(data)}")
        return list(data or [])


@contextmanager
def folder_open(access: Access) -> Iterator[Folder]:
    """Connect, sign in and open the folder.

    Raises:
        DomainError: there is no such server, or it is one of our own network.
        OSError: it does not answer, or its certificate is none.
        imaplib.IMAP4.error: it says no, or goes away.
        imap_tools.ImapToolsError: the sign-in or the folder are refused.
    """
    box = _connect(access)
    try:
        sign_in = box.login if (access.user + access.password).isascii() else box.login_utf8
        sign_in(access.user, access.password, initial_folder=None)
        box.folder.set(access.folder)
        yield Folder(box)
    finally:
        with suppress(Exception):  # It may be gone already.
            box.client.logout()


class _Box(BaseMailBox):
    """The library's mailbox over a client of ours."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._made = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._made


def _connect(access: Access) -> BaseMailBox:
    """Connect to the address that was looked at, and have the certificate be for the name."""
    address = server_check(access.host, access.port)
    context = ssl.create_default_context()

    class Plain(imaplib.IMAP4):
        def _create_socket(self, timeout: float | None) -> socket.socket:
            return socket.create_connection((address, access.port), timeout)

    class Encrypted(imaplib.IMAP4_SSL):
        def _create_socket(self, timeout: float | None) -> socket.socket:
            plain = socket.create_connection((address, access.port), timeout)
            return context.wrap_socket(plain, server_hostname=access.host)

    if access.security == Security.TLS:
        return _Box(Encrypted(access.host, access.port, ssl_context=context, timeout=TIMEOUT_SECONDS))
    client = Plain(access.host, access.port, timeout=TIMEOUT_SECONDS)
    if access.security == Security.STARTTLS:
        client.starttls(context)
    return _Box(client)


def _each_second(stop: threading.Event, seconds: float, beat: Callable[[], None]) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not stop.wait(STEP_SECONDS):
        beat()


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _number(data: Any) -> int:
    return int(data[0]) if data and data[0] else 0


def _words(data: Any) -> str:
    return b" ".join(each for each in data or [] if isinstance(each, bytes)).decode("utf-8", "replace")[:300]


def _moment(text: str) -> datetime | None:
    """A date-time as IMAP writes it: in English whatever the language, so not by `strptime`."""
    found = _AT.match(text)
    if found is None or found[2].lower() not in _MONTHS:
        return None
    day, year, hour, minute, second, hours, minutes = (int(found[each]) for each in (1, 3, 4, 5, 6, 8, 9))
    away = timedelta(hours=hours, minutes=minutes) * (-1 if found[7] == "-" else 1)
    month = _MONTHS.index(found[2].lower()) + 1
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=timezone(away))
    except ValueError:
        return None
    return at.astimezone(UTC)
