"""Mail that is fetched from mailboxes elsewhere: a real Dovecot holds them (EML-1, EML-2)."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.email.actions.channels import channel_save
from apps.email.models import Mailbox, MailboxItem, MailChannel, RawMail
from apps.mailin.actions import mailboxes, mails_file
from apps.mailin.actions.mailboxes import MailboxLostError, mailbox_release, mailbox_renew, mailbox_take, mailboxes_due
from apps.mailin.actions.sources import mailbox_save, source_delete
from apps.mailin.imap import mailbox as imap
from apps.mailin.imap import watchers
from apps.mailin.imap.check import mailbox_check
from apps.mailin.imap.mailbox import folder_open
from apps.mailin.imap.watchers import Watcher, Watchers, mailbox_access
from apps.mailin.secrets import mailbox_password
from apps.tenants.actions import tenant_freeze
from apps.tenants.models import MailAddress, Tenant
from config.local.state import ROOT
from tests.mailin import dying_fetcher
from tests.mailin.dovecot import PASSWORD, Dovecot, binary, dovecot
from tests.support.inbound_mails import make_channel, write
from tests.support.media import media_in
from tests.support.stack import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> Any:
    yield from media_in(settings, tmp_path)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """A server for all of them; each uses a mailbox of its own."""
    path = binary()
    if path is None:
        pytest.skip("no Dovecot, and none can be installed here (Debian: dovecot-imapd)")
    with dovecot(path) as server:
        yield server


@pytest.fixture
def user() -> str:
    return f"user-{uuid7().hex}"


def make_mailbox(server: Dovecot, user: str, *, address: str = "support@acme.test", **fields: Any) -> Mailbox:
    """A channel whose mail is fetched from a mailbox of this server."""
    fields = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "user": user,
        "imports_from": timezone.now() - timedelta(days=1),
        "after_import": "leave",
        **fields,
    }
    return mailbox_save(mailbox=Mailbox(channel=make_channel(address), **fields), password=PASSWORD)


def watcher_of(mailbox: Mailbox, holder: str = "one", **options: Any) -> Watcher:
    tenant = Tenant.objects.get(schema_name=connection.schema_name)
    options = {"max_bytes": 100_000, "stop": threading.Event(), **options}
    return Watcher(tenant, mailbox.pk, holder=holder, **options)


def fetch(mailbox: Mailbox, **options: Any) -> None:
    """Look into the mailbox once, as a process would that starts and is stopped."""
    watcher = watcher_of(mailbox, **options)
    watch = mailbox_take(channel_id=mailbox.pk, holder="one")
    assert watch is not None
    tenant = connection.tenant
    try:
        with folder_open(mailbox_access(watch)) as folder:
            watcher.look(watch, folder)
    finally:
        connection.set_tenant(tenant)
        mailbox_release(watch=watch)


def subjects() -> list[str]:
    return list(RawMail.objects.order_by("pk").values_list("subject", flat=True))


def test_eml_1_what_comes_is_fetched_once_and_filed(acme: Any, server: Dovecot, user: str) -> None:
    mailbox = make_mailbox(server, user)
    server.deliver(user, write(subject="One"), write(subject="Two"))
    fetch(mailbox)
    fetch(mailbox)
    assert subjects() == ["One", "Two"]
    raw = RawMail.objects.first()
    assert raw is not None
    assert (raw.state, raw.envelope_to, raw.peer) == ("new", "support@acme.test", "127.0.0.1")
    server.deliver(user, write(subject="Three"))
    fetch(mailbox)
    assert subjects() == ["One", "Two", "Three"]
    mailbox.refresh_from_db()
    assert (mailbox.last_uid, mailbox.imported, mailbox.held_by) == (3, 3, "")
    assert server.flags(user) == ["", "", ""]


def test_eml_1_what_was_there_before_stays_there_also_when_uids_are_new(acme: Any, server: Dovecot, user: str) -> None:
    """RFC 3501, 2.3.1.1: under another UIDVALIDITY a UID means nothing; a digest does."""
    server.deliver(user, write(subject="Last year"), at='"02-Jan-2020 10:00:00 +0100"')
    mailbox = make_mailbox(server, user)
    server.deliver(user, write(subject="Today"))
    fetch(mailbox)
    assert subjects() == ["Today"]
    server.deliver(user, write(subject="Meanwhile"))
    Mailbox.objects.update(uid_validity=1, last_uid=7000)
    fetch(mailbox)
    assert subjects() == ["Today", "Meanwhile"]
    mailbox.refresh_from_db()
    assert (mailbox.last_uid, mailbox.uid_validity > 1) == (3, True)


def test_eml_1_what_was_deleted_in_the_mailbox_is_not_fetched_again(acme: Any, server: Dovecot, user: str) -> None:
    mailbox = make_mailbox(server, user)
    same = write(subject="Again")
    server.deliver(user, same)
    fetch(mailbox)
    with server.open(user) as client:
        client.store("1", "+FLAGS", r"(\Deleted)")
        client.expunge()
    server.deliver(user, same)  # Put back by hand: under a new UID, and the same mail.
    fetch(mailbox)
    assert subjects() == ["Again"]


AFTER: dict[str, tuple[list[str], int]] = {
    "leave": (["", ""], 0),
    "read": (["\\Seen", "\\Seen"], 0),
    "move": ([], 2),
    "delete": ([], 0),
}


@pytest.mark.parametrize("able", [True, False], ids=["with-move", "without-move"])
def test_eml_1_what_becomes_of_it_there(
    acme: Any, server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch, able: bool
) -> None:
    """And what somebody else has marked as deleted is theirs to expunge."""
    if not able:
        monkeypatch.setattr(imap.Folder, "_has", lambda self, word: word == "UIDPLUS")
    for after, (left, moved) in AFTER.items():
        who, move_to = f"{after}-{user}", "Done" if after == "move" else ""
        server.deliver(who, write(subject="Old"), at='"02-Jan-2020 10:00:00 +0100"')
        with server.open(who, "Done"):
            pass
        with server.open(who) as client:
            client.store("1", "+FLAGS", r"(\Deleted)")
        mailbox = make_mailbox(server, who, address=f"{after}@acme.test", after_import=after, move_to=move_to)
        server.deliver(who, write(subject="One"), write(subject="Two"))
        fetch(mailbox)
        assert server.flags(who) == ["\\Deleted", *left], after
        assert len(server.flags(who, "Done")) == moved, after
        assert mailbox.channel.mails.count() == 2
        assert not mailbox.items.exists()


def test_eml_2_a_process_that_dies_at_any_step_loses_nothing_and_doubles_nothing(
    acme: Any, server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = make_mailbox(server, user, after_import="delete")
    server.deliver(user, write(subject="One"), write(subject="Two"))

    class Died(BaseException):
        pass

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise Died

    steps = [
        (mailboxes, "mail_receive"),
        (mailboxes, "uid_pass"),
        (imap.Folder, "delete"),
        (watchers.mailboxes, "mailbox_items_done"),
    ]
    for where, name in steps:
        with monkeypatch.context() as patch:
            patch.setattr(where, name, die)
            with pytest.raises(Died):
                fetch(mailbox)
        assert len(set(subjects())) == len(subjects()) <= 2
    fetch(mailbox)
    assert subjects() == ["One", "Two"]
    assert (server.flags(user), MailboxItem.objects.count()) == ([], 0)
    mailbox.refresh_from_db()
    assert mailbox.imported == 2


def killed(mailbox: Mailbox, step: str) -> None:
    """A process of its own fetches, and is killed at this step; then its lease is over."""
    database = connection.settings_dict
    account = f"{quote(database['USER'])}:{quote(database['PASSWORD'], safe='')}"
    address = f"postgresql://{account}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    argv = [sys.executable, "-m", "tests.mailin.dying_fetcher", connection.schema_name, str(mailbox.pk), step]
    ended = subprocess.run(
        argv, cwd=ROOT, env=os.environ | {"DATABASE_URL": address}, capture_output=True, timeout=120, check=False
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert Mailbox.objects.filter(pk=mailbox.pk, held_by=step).update(held_until=timezone.now()) == 1


def test_eml_2_a_process_that_is_killed_loses_nothing_and_doubles_nothing(
    acme: Any, server: Dovecot, user: str
) -> None:
    """SIGKILL: between a mail and its UID, right behind both, and between what was done in the mailbox and its note."""
    mailbox = make_mailbox(server, user, after_import="delete")
    names = ["One", "Two", "Three"]
    server.deliver(user, *(write(subject=name) for name in names))
    found = {}
    for step in (dying_fetcher.RECEIVED, dying_fetcher.IMPORTED, dying_fetcher.DELETED):
        killed(mailbox, step)
        mailbox.refresh_from_db()
        found[step] = (subjects(), mailbox.last_uid, mailbox.items.count(), len(server.flags(user)))
    assert found == {"received": ([], 0, 0, 3), "imported": (["One"], 1, 1, 3), "deleted": (names, 3, 3, 0)}
    fetch(mailbox)
    mails_file(channel_id=mailbox.pk)
    mailbox.refresh_from_db()
    assert (subjects(), mailbox.imported, mailbox.items.count()) == (names, 3, 0)
    assert list(RawMail.objects.values_list("state", flat=True)) == ["new"] * 3
    assert Conversation.objects.count() == 3


def test_eml_1_what_can_not_be_imported_is_told_of_and_holds_up_nothing(acme: Any, server: Dovecot, user: str) -> None:
    mailbox = make_mailbox(server, user, after_import="delete")
    server.deliver(user, write("x\n" * 60_000, subject="Large"), write(subject="Small"))
    fetch(mailbox)
    assert subjects() == ["Small"]
    assert list(MailboxItem.objects.values_list("uid", "problem")) == [(1, "mail_too_large")]
    assert server.flags(user) == [""]


def test_eml_1_one_process_at_a_time_and_the_next_one_when_it_is_gone(acme: Any, server: Dovecot, user: str) -> None:
    mailbox = make_mailbox(server, user)
    watch = mailbox_take(channel_id=mailbox.pk, holder="one")
    assert watch is not None
    assert mailbox_take(channel_id=mailbox.pk, holder="two") is None
    assert mailboxes_due(timezone.now()) == []
    Mailbox.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert mailboxes_due(timezone.now()) == [mailbox.pk]
    assert mailbox_take(channel_id=mailbox.pk, holder="two") is not None
    with pytest.raises(MailboxLostError):
        mailbox_renew(watch=watch)
    with pytest.raises(MailboxLostError):
        mailboxes.uid_import(watch=watch, uid=1, raw=write())
    mailbox_release(watch=watch)
    assert RawMail.objects.count() == 0
    mailbox.refresh_from_db()
    assert mailbox.held_by == "two"


def test_eml_1_it_is_not_fetched_from_any_more_once_it_was_changed_or_switched_off(
    acme: Any, server: Dovecot, user: str
) -> None:
    mailbox = make_mailbox(server, user)
    server.deliver(user, write())
    fetch(mailbox)
    watch = mailbox_take(channel_id=mailbox.pk, holder="one")
    assert watch is not None
    mailbox.refresh_from_db()
    mailbox.after_import = "read"
    stored = mailbox_save(mailbox=mailbox)
    assert (stored.last_uid, mailbox_password(stored), stored.version) == (1, PASSWORD, 2)
    with pytest.raises(MailboxLostError):
        mailbox_renew(watch=watch)
    stored.folder = "Elsewhere"
    assert mailbox_save(mailbox=stored, password="other").last_uid == 0
    assert mailbox_password(Mailbox.objects.get()) == "other"
    channel = MailChannel.objects.get()
    channel.is_active = False
    channel_save(channel=channel)
    assert mailboxes_due(timezone.now()) == []
    assert mailbox_take(channel_id=mailbox.pk, holder="one") is None


def test_ten_2_a_frozen_tenants_mailboxes_are_left_alone(acme: Any, server: Dovecot, user: str) -> None:
    mailbox = make_mailbox(server, user)
    watch = mailbox_take(channel_id=mailbox.pk, holder="one")
    assert watch is not None
    tenant_freeze(tenant=acme, frozen=True)
    with pytest.raises(MailboxLostError):
        mailbox_renew(watch=watch)
    mailbox_release(watch=watch)
    assert mailbox_take(channel_id=mailbox.pk, holder="one") is None


FAILURES: dict[str, dict[str, Any]] = {
    "does not accept user name and password": {"user": "nobody", "password": "wrong"},
    "no such folder": {"folder": "No such"},
    "can’t be reached": {"port": 1},
    "no server no..where": {"host": "no..where"},
    "could not be encrypted": {"security": "tls"},
    "private network": {},
}


def test_eml_1_failures_are_told_for_people(acme: Any, server: Dovecot, user: str, settings: Any) -> None:
    for number, (said, changes) in enumerate(FAILURES.items()):
        settings.MAIL_PRIVATE_SERVERS = bool(changes)
        mailbox = make_mailbox(server, user, address=f"m{number}@acme.test")
        for name, value in changes.items():
            setattr(mailbox, name, value)
        mailbox_save(mailbox=mailbox, password=changes.get("password", ""))
        tenant = connection.tenant
        watcher_of(mailbox).run()
        connection.set_tenant(tenant)
        mailbox.refresh_from_db()
        assert said in mailbox.error
        assert (mailbox.failures, mailbox.held_by) == (1, "")
        with pytest.raises(RuntimeError, match=said):
            mailbox_check(mailbox, mailbox_password(mailbox))


def test_eml_1_what_fails_is_tried_less_and_less_often(
    acme: Any, server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox, now, pauses = make_mailbox(server, user), timezone.now(), []
    monkeypatch.setattr(mailboxes.timezone, "now", lambda: now)
    for _number in range(10):
        Mailbox.objects.update(retry_at=None)
        watch = mailbox_take(channel_id=mailbox.pk, holder="one")
        assert watch is not None
        mailboxes.mailbox_failed(watch=watch, error="No")
        assert mailbox_take(channel_id=mailbox.pk, holder="two") is None
        pauses.append((Mailbox.objects.get().retry_at - now).total_seconds())
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert mailbox_save(mailbox=Mailbox.objects.get()).retry_at is None


@contextmanager
def watching_all(monkeypatch: pytest.MonkeyPatch, **options: Any) -> Iterator[Watchers]:
    monkeypatch.setattr(watchers, "SCAN_SECONDS", 0.1)
    running = Watchers(max_bytes=100_000, **options)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def test_eml_1_the_process_hears_at_once_and_finds_a_server_again_that_was_away(
    acme: Any, globex: Any, server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IDLE in two tenants at once; each mail ends in its own."""
    monkeypatch.setattr(mailboxes, "LEAST_PAUSE", timedelta(seconds=0.2))
    monkeypatch.setattr(watchers, "POLL_SECONDS", 1000)
    mailbox = make_mailbox(server, user)
    with tenant_context(globex):
        make_mailbox(server, f"g{user}", address="help@globex.test")
    with watching_all(monkeypatch):
        eventually(lambda: Mailbox.objects.exclude(checked_at=None).exists())
        server.deliver(user, write(subject="One"))
        server.deliver(f"g{user}", write(subject="Globex"))
        eventually(lambda: subjects() == ["One"])
        server.stop()
        eventually(lambda: Mailbox.objects.get().failures > 0)
        server.start()
        server.deliver(user, write(subject="Two"))
        eventually(lambda: subjects() == ["One", "Two"])
        with tenant_context(globex):
            eventually(lambda: subjects() == ["Globex"])
        eventually(lambda: Mailbox.objects.filter(error="", failures=0).exists())
    mailbox.refresh_from_db()
    assert mailbox.held_by == ""


def test_eml_1_without_idle_it_is_asked_every_so_often(
    acme: Any, server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap.Folder, "_has", lambda self, word: False)
    monkeypatch.setattr(imap, "STEP_SECONDS", 0.05)
    monkeypatch.setattr(watchers, "POLL_SECONDS", 0.1)
    make_mailbox(server, user)
    with watching_all(monkeypatch):
        eventually(lambda: Mailbox.objects.exclude(checked_at=None).exists())
        server.deliver(user, write(subject="One"))
        eventually(lambda: subjects() == ["One"])


def test_eml_1_a_mailbox_is_set_up_with_its_channel(acme: Any) -> None:
    """While its mail is fetched, the listener takes none for it."""
    channel = make_channel()
    assert MailAddress.objects.count() == 1
    mailbox = mailbox_save(mailbox=Mailbox(channel=channel, host="imap.example.com", user="us"), password="p")
    channel.refresh_from_db()
    assert (channel.inbound, MailAddress.objects.count()) == ("imap", 0)
    assert bytes(mailbox.sealed or b"") != b"p"
    with pytest.raises(ValidationError):
        mailbox_save(mailbox=Mailbox(channel=channel, host="imap.example.com", user="us", after_import="move"))
    source_delete(source=mailbox)
    channel.refresh_from_db()
    assert (channel.inbound, MailAddress.objects.count(), Mailbox.objects.count()) == ("listener", 1, 0)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("22-Nov-2026 10:00:00 +0100", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        (" 2-Jan-2020 23:30:00 -0330", datetime(2020, 1, 3, 3, tzinfo=UTC)),
        ("31-Feb-2020 23:30:00 +0000", None),
        ("yesterday", None),
    ],
    ids=["east", "west", "no-date", "words"],
)
def test_moments_of_imap_are_read_in_any_language(text: str, at: datetime | None) -> None:
    assert imap._moment(text) == at


def test_a_name_that_is_no_server_is_a_refusal(acme: Any) -> None:
    access = imap.Access("a\0b", 993, "tls", "u", "p", "INBOX")
    with pytest.raises((DomainError, ValueError)), folder_open(access):
        pass
