"""Mail that opens no conversation: let go as a person's, tried again, given up, or kept (EML-2, TEN-1, TEN-2)."""

from typing import Any

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.email.choices import Reason
from apps.email.models import MailChannel, RawMail
from apps.mailin.actions import Envelope, filing, mail_receive, mail_release, mails_file
from apps.tenants.actions import tenant_freeze
from apps.vault.actions import data_keys_erase
from tests.support.browser import user_as
from tests.support.inbound_mails import AUTO, counts, file_all, filed, make_channel, receive, sweeps, write
from tests.support.media import media_in


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


def test_eml_2_what_is_let_go_is_filed_as_a_persons_mail(channel: MailChannel) -> None:
    supervisor: User = user_as("administrator")
    row = filed(channel, write("Really me", **AUTO))
    mail_release(raw_id=row.pk, actor=supervisor)
    assert counts(channel) == (1, 0, 0, 0)
    file_all(channel)
    row.refresh_from_db()
    assert (row.state, row.released_by, counts(channel)) == ("new", supervisor, (1, 0, 1, 0))
    with pytest.raises(DomainError, match="mail_not_quarantined"):
        mail_release(raw_id=row.pk, actor=supervisor)
    nameless = filed(channel, write(sender=""))
    mail_release(raw_id=nameless.pk, actor=supervisor)
    file_all(channel)
    nameless.refresh_from_db()
    assert (nameless.reason, counts(channel)) == (Reason.NO_SENDER, (2, 0, 1, 1))


def test_eml_2_what_can_not_be_filed_is_tried_again_and_holds_up_nobody(
    channel: MailChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = receive(channel, write("bad")), receive(channel, write("good", sender="bo@x.example"))
    real = filing.parse_mail

    def parse(raw: bytes) -> Any:
        if b"bad" in raw:
            raise RuntimeError("no")
        return real(raw)

    monkeypatch.setattr(filing, "parse_mail", parse)
    assert file_all(channel) == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.attempts, bad.error, good.state) == ("received", 1, "RuntimeError", "new")
    assert filing.mails_sweep() == 1
    for _ in range(20):
        RawMail.objects.filter(state="received").update(retry_at=timezone.now())
        file_all(channel)
    bad.refresh_from_db()
    assert (bad.state, bad.reason, bad.detail) == ("quarantined", Reason.UNREADABLE, "RuntimeError")
    assert (counts(channel), filing.mails_sweep()) == ((2, 0, 1, 1), 0)


def test_eml_2_a_mail_that_ends_processes_ends_in_quarantine(channel: MailChannel) -> None:
    row = receive(channel, write())
    for attempt in range(1, 20):
        begun = filing._begin(channel.pk)
        if begun is None:
            break
        assert (begun.pk, begun.attempts) == (row.pk, attempt)
        assert filing._begin(channel.pk) is None  # Somebody is at it.
        RawMail.objects.update(retry_at=timezone.now())
        if attempt > filing.MOST_ATTEMPTS:
            filing.mail_file(raw_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.reason, row.detail) == ("quarantined", Reason.UNREADABLE, "interrupted")


def test_eml_2_erased_keys_leave_nothing_to_file(channel: MailChannel) -> None:
    row = receive(channel, write())
    data_keys_erase(purpose="mail")
    for _ in range(20):
        RawMail.objects.filter(state="received").update(retry_at=timezone.now())
        file_all(channel)
    row.refresh_from_db()
    assert (row.state, row.reason, counts(channel)) == ("quarantined", Reason.UNREADABLE, (1, 0, 0, 1))


def test_ten_2_a_frozen_tenant_keeps_its_mail_till_it_is_thawed(channel: MailChannel, acme: Any) -> None:
    receive(channel, write())
    tenant_freeze(tenant=acme, frozen=True)
    assert (file_all(channel), counts(channel)) == (0, (1, 0, 0, 0))
    tenant_freeze(tenant=acme, frozen=False)
    assert (file_all(channel), counts(channel), sweeps()) == (1, (1, 0, 1, 0), 1)


def test_ten_1_a_mail_of_one_tenant_is_nothing_in_another(channel: MailChannel, globex: Any) -> None:
    filed(channel, write(mail_id="a@x.example"))
    with tenant_context(globex):
        theirs = make_channel("help@globex.test")
        row = mail_receive(
            channel_id=theirs.pk,
            raw=write(answers="a@x.example", to="help@globex.test"),
            envelope=Envelope(recipient="help@globex.test"),
        )
        mails_file(channel_id=theirs.pk)
        row.refresh_from_db()
        assert (row.state, row.matching) == ("new", [])
        assert Conversation.objects.count() == 1
    assert Conversation.objects.count() == 1
