"""Which conversation a mail belongs to (EML-3, WRP-8)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.conversations.actions import conversation_end
from apps.conversations.models import Conversation
from apps.email.models import MailChannel, MailMessage, MailThread, RawMail
from apps.email.tokens import reply_address, subject_tag
from apps.mailin.actions import mails_file
from tests.support.inbound_mails import SUPPORT, make_channel, receive, sent_by_us, write
from tests.support.invariants import check_all

ANA, BO, EVE = "ana@customer.example", "bo@customer.example", "eve@stranger.example"


@dataclass
class Thread:
    """A conversation that Ana began, Bo in copy, and that we have answered."""

    channel: MailChannel
    conversation: Conversation
    first: str
    ours: str
    tag: str
    token: str

    def filed(self, raw: bytes, **envelope: str) -> RawMail:
        """A mail that came after."""
        row = receive(self.channel, raw, **envelope)
        mails_file(channel_id=self.channel.pk)
        row.refresh_from_db()
        return row


@pytest.fixture
def thread(acme: Any) -> Thread:
    channel = make_channel()
    receive(channel, write(sender=ANA, cc=BO, mail_id="first@x.example"))
    mails_file(channel_id=channel.pk)
    conversation = Conversation.objects.get()
    ours = sent_by_us(conversation, "ours@acme.test")
    tag = subject_tag(MailThread.objects.get().reference)
    return Thread(channel, conversation, "first@x.example", ours.mail_id, tag, reply_address(SUPPORT, conversation.pk))


CASES: list[tuple[str, dict[str, Any], dict[str, int] | None]] = [
    ("answers ours", {"answers": "ours@acme.test"}, {"in_reply_to": 60, "participant": 40}),
    ("answers their own", {"answers": "first@x.example"}, {"in_reply_to": 60, "participant": 40}),
    (
        "names one far away",
        {"answers": "lost@x.example", "references": ["first@x.example", "lost@x.example"]},
        {"references": 40, "participant": 40},
    ),
    (
        "a client that rewrites ids",
        {"references": ["x@apple", "ours@acme.test"]},
        {"references": 40, "participant": 40},
    ),
    ("the address alone", {"to": "{token}"}, {"token": 80, "participant": 40}),
    ("the address in copy", {"cc": "Support <{token}>"}, {"token": 80, "participant": 40}),
    ("a known sender's tag", {"subject": "AW: Parcel {tag}"}, {"tag": 20, "participant": 40}),
    (
        "everything",
        {"to": "{token}", "subject": "Re: {tag}", "answers": "ours@acme.test", "references": ["first@x.example"]},
        {"token": 80, "in_reply_to": 60, "references": 40, "tag": 20, "participant": 40},
    ),
    ("the subject alone", {"subject": "Re: Parcel"}, None),
    ("another tag", {"subject": "Re: [#ABCD-EFGH]"}, None),
    ("another thread", {"answers": "elsewhere@x.example"}, None),
    ("nothing", {}, None),
]


def filled(fields: dict[str, Any], thread: Thread) -> dict[str, Any]:
    names = {"{token}": thread.token, "{tag}": thread.tag}
    return {
        name: names.get(value, value).replace("{tag}", thread.tag).replace("{token}", thread.token)
        if isinstance(value, str)
        else value
        for name, value in fields.items()
    }


@pytest.mark.parametrize(("name", "fields", "signals"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("sender", [f"Ana <{ANA.upper()}>", BO])
def test_eml_3_a_participant_is_matched_by_any_signal(
    thread: Thread, sender: str, name: str, fields: dict[str, Any], signals: dict[str, int] | None
) -> None:
    row = thread.filed(write("More", sender=sender, **filled(fields, thread)))
    if signals is None:
        assert (row.state, row.matching) == ("new", [])
        return
    assert (row.state, row.conversation) == ("matched", thread.conversation)
    assert row.matching == [
        {
            "conversation": str(thread.conversation.pk),
            "score": sum(signals.values()),
            "fits": True,
            "signals": signals,
        }
    ]
    assert [each.body for each in thread.conversation.messages.order_by("number")][-1] == "More"


@pytest.mark.parametrize(("name", "fields", "signals"), CASES, ids=[case[0] for case in CASES])
def test_eml_3_a_stranger_is_admitted_by_none_and_linked_by_all(
    thread: Thread, name: str, fields: dict[str, Any], signals: dict[str, int] | None
) -> None:
    row = thread.filed(write("Me too", sender=EVE, **filled(fields, thread)))
    assert (row.state, row.conversation == thread.conversation) == ("new", False)
    link = MailThread.objects.get(conversation=row.conversation).may_belong_to
    assert link == (None if signals is None else thread.conversation)
    assert [each["fits"] for each in row.matching] == ([] if signals is None else [False])
    assert thread.conversation.messages.count() == 2
    # Nor have they become a participant by it.
    again = thread.filed(write("Me again", sender=EVE, answers="ours@acme.test"))
    assert (again.state, thread.conversation.messages.count()) == ("new", 2)


def test_eml_3_a_token_in_the_envelope_counts(thread: Thread) -> None:
    row = thread.filed(write(sender=ANA), recipient=thread.token)
    assert row.conversation == thread.conversation


def test_eml_3_whom_a_participant_writes_to_takes_part(thread: Thread) -> None:
    assert thread.filed(write(sender=EVE, answers="ours@acme.test")).state == "new"
    thread.filed(write(sender=BO, cc="cy@customer.example", answers="ours@acme.test"))
    row = thread.filed(write(sender="cy@customer.example", answers="ours@acme.test"))
    assert row.conversation == thread.conversation
    addresses = set(thread.conversation.participants.values_list("address", flat=True))
    assert addresses == {ANA, BO, "cy@customer.example"}


def test_eml_3_any_address_that_the_customer_is_known_by_takes_part(thread: Thread) -> None:
    contact = thread.conversation.contact
    contact.more_emails = ["ana@work.example"]
    contact.save()
    assert thread.filed(write(sender="ana@work.example", answers="ours@acme.test")).state == "matched"


def test_eml_3_the_better_of_two_is_taken(thread: Thread) -> None:
    other = thread.filed(write(sender=ANA, mail_id="second@x.example"))
    row = thread.filed(write(sender=ANA, answers="second@x.example", subject=f"Re: {thread.tag}"))
    assert row.conversation == other.conversation
    assert [each["score"] for each in row.matching] == [100, 60]


def test_eml_3_a_thread_of_answers_stays_one_conversation(thread: Thread) -> None:
    before = thread.ours
    for number in range(6):
        row = thread.filed(write(f"Turn {number}", sender=(ANA, BO)[number % 2], answers=before))
        before = MailMessage.objects.get(raw=row).mail_id
    bodies = list(thread.conversation.messages.order_by("number").values_list("body", flat=True))
    assert bodies[2:] == [f"Turn {number}" for number in range(6)]


def over(thread: Thread, closed: timedelta) -> None:
    conversation_end(conversation_id=thread.conversation.pk, by="customer", actor=None)
    at = timezone.now() - closed
    Conversation.objects.filter(pk=thread.conversation.pk).update(closed_at=at)


def test_wrp_8_within_seven_days_it_reopens(thread: Thread) -> None:
    over(thread, timedelta(days=6, hours=23))
    row = thread.filed(write("Still", sender=ANA, answers="ours@acme.test"))
    thread.conversation.refresh_from_db()
    assert (row.state, row.conversation, thread.conversation.state) == ("matched", thread.conversation, "waiting")
    assert thread.conversation.closed_at is None


def test_wrp_8_later_it_is_new_and_linked(thread: Thread) -> None:
    over(thread, timedelta(days=7, hours=1))
    row = thread.filed(write("Again", sender=ANA, answers="ours@acme.test"))
    new = row.conversation
    assert new is not None
    assert (row.state, new.previous, new.goes_on, new.contact) == (
        "new",
        thread.conversation,
        True,
        thread.conversation.contact,
    )
    thread.conversation.refresh_from_db()
    assert thread.conversation.state == "closed"
    # What follows belongs to the new one.
    mail_id = MailMessage.objects.get(raw=row).mail_id
    later = thread.filed(write("And", sender=ANA, answers=mail_id, references=["ours@acme.test", mail_id]))
    assert later.conversation == new


def test_wrp_8_the_days_are_the_channels(thread: Thread) -> None:
    MailChannel.objects.update(reopen_days=0)
    over(thread, timedelta(minutes=1))
    assert thread.filed(write(sender=ANA, answers="ours@acme.test")).state == "new"


def test_everything_holds(thread: Thread) -> None:
    thread.conversation.messages.filter(side="agent").update(side="customer")
    thread.filed(write(sender=ANA, answers="ours@acme.test"))
    check_all()
