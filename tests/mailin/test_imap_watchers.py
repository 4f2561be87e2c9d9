"""Who watches a mailbox: one process at a time, again after a failure, at once or every so often (EML-1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.email.actions.channels import channel_save
from apps.email.models import Mailbox, MailChannel, RawMail
from apps.mailin.actions import mailboxes
from apps.mailin.actions.mailboxes import MailboxLostError, mailbox_release, mailbox_renew, mailbox_take, mailboxes_due
from apps.mailin.actions.sources import mailbox_save
from apps.mailin.imap import mailbox as imap
from apps.mailin.imap import watchers
from apps.mailin.imap.check import mailbox_check
from apps.mailin.imap.watchers import Watchers
from apps.mailin.secrets import mailbox_password
from apps.tenants.actions import tenant_freeze
from tests.mailin.dovecot import PASSWORD, Dovecot
from tests.mailin.mailboxes import fetch, make_mailbox, subjects, watcher_of
from tests.support.inbound_mails import write
from tests.support.media import media_in
from tests.support.stack import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> Any:
    yield from media_in(settings, tmp_path)


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


@pytest.mark.slow
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
