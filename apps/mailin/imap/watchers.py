"""Fetches from mailboxes elsewhere: a thread for each, in the process that takes in mail (EML-1).

IDLE says that something came; that is looked for all the same every few minutes, and every minute where a server knows
no IDLE. A mailbox belongs to one process at a time, by a lease: any number of processes may run.
"""

import imaplib
import os
import secrets
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

import structlog
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from apps.core.errors import DomainError
from apps.email.choices import AfterImport
from apps.mailin.actions import mailboxes
from apps.mailin.actions.mailboxes import MailboxLease, MailboxLostError
from apps.mailin.imap.mailbox import Access, Folder, Refused, folder_open
from apps.tenants.selectors import tenants_served

P = ParamSpec("P")
R = TypeVar("R")

SCAN_SECONDS: Final = 5.0
"""After which a mailbox that is new, or free again, is seen."""
IDLE_SECONDS: Final = 240.0
POLL_SECONDS: Final = 60.0
BEAT: Final = timedelta(seconds=20)
"""How often a lease is renewed."""
STOP_SECONDS: Final = 3.0
MOST_MAILBOXES: Final = 200
"""Mailboxes of one process; there can be more processes."""
BATCH: Final = 100

log = structlog.get_logger(__name__)


class Watchers:
    """Begins and ends the threads.

    Args:
        max_bytes: of a mail; larger ones stay in their mailbox, and are told of.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.holder = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._stop = threading.Event()
        self._threads: dict[tuple[str, UUID], threading.Thread] = {}
        self._scanner = threading.Thread(target=self._scan, name="mailboxes", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._scanner.start()

    def stop(self) -> None:
        """Have every mailbox left as it is, for others to go on with at once."""
        self._stop.set()
        for thread in [self._scanner, *self._threads.values()]:
            thread.join(STOP_SECONDS)

    def _scan(self) -> None:
        while not self._stop.is_set():
            try:
                self._look_round()
            except DatabaseError as failure:
                log.warning("email.mailboxes_unknown", error=repr(failure))
            self._stop.wait(SCAN_SECONDS)

    def _look_round(self) -> None:
        tenants = in_schema(schema_context("public"), tenants_served)
        self._threads = {key: thread for key, thread in self._threads.items() if thread.is_alive()}
        for tenant in tenants:
            for channel_id in in_schema(tenant_context(tenant), mailboxes.mailboxes_due, timezone.now()):
                key = (tenant.schema_name, channel_id)
                if key not in self._threads and len(self._threads) < MOST_MAILBOXES:
                    self._threads[key] = self._begin(tenant, channel_id)

    def _begin(self, tenant: Any, channel_id: UUID) -> threading.Thread:
        watcher = Watcher(tenant, channel_id, holder=self.holder, max_bytes=self.max_bytes, stop=self._stop)
        thread = threading.Thread(target=watcher.run, name=f"mailbox-{channel_id}", daemon=True)
        thread.start()
        return thread


class Watcher:
    """Fetches from one mailbox, until it is stopped, something goes wrong, or it is not its own any more."""

    def __init__(self, tenant: Any, channel_id: UUID, *, holder: str, max_bytes: int, stop: threading.Event) -> None:
        self.tenant, self.channel_id, self.holder = tenant, channel_id, holder
        self.max_bytes, self.stop = max_bytes, stop
        self._renewed = timezone.now()

    def run(self) -> None:
        """Until it ends; what goes wrong is noted with the mailbox."""
        try:
            watch = self._db(mailboxes.mailbox_take, channel_id=self.channel_id, holder=self.holder)
            if watch is not None:
                self._hold(watch)
        except DatabaseError as failure:
            # Its lease runs out, and whoever finds the database again goes on.
            log.warning("email.mailbox_interrupted", channel=str(self.channel_id), error=repr(failure))

    def _hold(self, watch: MailboxLease) -> None:
        try:
            self._fetch(watch)
            self._db(mailboxes.mailbox_release, watch=watch)
        except MailboxLostError:
            self._db(mailboxes.mailbox_release, watch=watch)
        except DatabaseError:
            raise
        except Exception as failure:
            told = failure_text(failure)
            log.warning("email.mailbox_failed", channel=str(self.channel_id), error=repr(failure))
            self._db(mailboxes.mailbox_failed, watch=watch, error=told)

    def _fetch(self, watch: MailboxLease) -> None:
        with folder_open(mailbox_access(watch)) as folder:
            self._db(mailboxes.mailbox_begin, watch=watch, uid_validity=folder.uid_validity)
            while not self.stop.is_set():
                self.look(watch, folder)
                self._renewed = timezone.now()
                self._db(mailboxes.mailbox_renew, watch=watch, looked=True)
                folder.wait(self.stop, IDLE_SECONDS, lambda: self._beat(watch), poll_seconds=POLL_SECONDS)

    def look(self, watch: MailboxLease, folder: Folder) -> None:
        """Import what came, and do with it there what is to be done."""
        last = self._db(mailboxes.mailbox_begin, watch=watch, uid_validity=folder.uid_validity)
        new = folder.since(last)
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            for facts in folder.facts(batch):
                if self.stop.is_set():
                    return
                self._import(watch, folder, facts.uid, size=facts.size, at=facts.at)
            self._tidy(watch, folder)
        self._tidy(watch, folder)

    def _import(self, watch: MailboxLease, folder: Folder, uid: int, *, size: int, at: Any) -> None:
        if at is not None and at < watch.mailbox.imports_from.replace(microsecond=0):
            self._db(mailboxes.uid_pass, watch=watch, uid=uid)
        elif size > self.max_bytes:
            self._db(mailboxes.uid_pass, watch=watch, uid=uid, problem="mail_too_large")
        elif (raw := folder.raw(uid)) is not None:
            self._db(mailboxes.uid_import, watch=watch, uid=uid, raw=raw)
        self._beat(watch)

    def _tidy(self, watch: MailboxLease, folder: Folder) -> None:
        mailbox = watch.mailbox
        while uids := self._db(mailboxes.mailbox_items_left, watch, BATCH):
            if mailbox.after_import == AfterImport.READ:
                folder.mark_read(uids)
            elif mailbox.after_import == AfterImport.MOVE:
                folder.move(uids, mailbox.move_to)
            elif mailbox.after_import == AfterImport.DELETE:
                folder.delete(uids)
            self._db(mailboxes.mailbox_items_done, watch=watch, uids=uids)

    def _beat(self, watch: MailboxLease) -> None:
        if timezone.now() - self._renewed > BEAT:
            self._renewed = timezone.now()
            self._db(mailboxes.mailbox_renew, watch=watch)

    def _db(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return in_schema(tenant_context(self.tenant), call, *args, **kwargs)


def in_schema(schema: Any, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function inside a schema, on a thread that waits for something else most of the time."""
    try:
        with schema:
            return call(*args, **kwargs)
    finally:
        connection.close()


def mailbox_access(watch: MailboxLease) -> Access:
    """How the mailbox is reached."""
    row = watch.mailbox
    return Access(row.host, row.port, row.security, row.user, watch.password, row.folder)


def failure_text(failure: Exception) -> str:
    """What went wrong, for whoever sets the mailbox up."""
    said = str(failure)[:300]
    if isinstance(failure, DomainError):
        return str(failure.message)
    if isinstance(failure, ssl.SSLError):
        return _("The connection could not be encrypted: %(said)s") % {"said": said}
    if isinstance(failure, MailboxLoginError):
        return _("The server does not accept user name and password.")
    if isinstance(failure, MailboxFolderSelectError):
        return _("There is no such folder.")
    if isinstance(failure, Refused | ImapToolsError | imaplib.IMAP4.error):
        return _("The server says: %(said)s") % {"said": said}
    if isinstance(failure, OSError):
        return _("The server can’t be reached: %(said)s") % {"said": said}
    return repr(failure)[:500]
