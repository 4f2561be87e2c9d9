"""Mail that is fetched from mailboxes elsewhere, once, whatever dies: a real Dovecot holds them (EML-1, EML-2)."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.email.models import Mailbox, MailboxItem, RawMail
from apps.mailin.actions import mailboxes, mails_file
from apps.mailin.actions.sources import mailbox_save, source_delete
from apps.mailin.imap import mailbox as imap
from apps.mailin.imap import watchers
from apps.mailin.imap.mailbox import folder_open
from apps.tenants.models import MailAddress
from config.local.state import ROOT
from tests.mailin import dying_fetcher
from tests.mailin.dovecot import Dovecot
from tests.mailin.mailboxes import fetch, make_mailbox, subjects
from tests.support.inbound_mails import make_channel, write
from tests.support.media import media_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> Any:
    yield from media_in(settings, tmp_path)


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


@pytest.mark.slow
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
