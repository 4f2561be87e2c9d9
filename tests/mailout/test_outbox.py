"""An agent sends a mail; it can be taken back, then it leaves, whatever happens meanwhile (EML-7, EML-8, EML-10)."""

from datetime import timedelta
from typing import Any

import pytest

from apps.agents.models import Agent, Capacity
from apps.clocks.models import ReplyClock
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, ConversationEvent, Message
from apps.core.errors import DomainError
from apps.email.models import MailChannel, MailDraft, MailMessage, OutboundMail
from apps.mailin.actions import mails_file
from apps.mailout.actions import mail_retry, mail_send, mail_undo, outbound_release
from apps.mailout.actions.outbox import HELD_FOR
from apps.mailout.selectors.outbox import delivery_states, held_mails
from apps.mailout.steps.queue import RELEASE_DEADLINE, SEND_DEADLINE
from apps.queues.choices import Family
from apps.routing.actions import conversation_requeue
from apps.routing.models import SlotHold
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from tests.support.browser import user_as
from tests.support.inbound_mails import SUPPORT, receive, write
from tests.support.invariants import check_all
from tests.support.mail_server import MailServer
from tests.support.outbound_mails import depart, letter, new_mail, reply, send, sent, thread_with
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)
ANA = "ana@customer.example"


def wakeups(kind: str) -> int:
    return Wakeup.objects.filter(schema="acme", kind=kind).count()


def slots(agent: Agent) -> int:
    return Capacity.objects.get(agent=agent, family=Family.EMAIL).used


def state(conversation: Conversation) -> str:
    return Conversation.objects.get(pk=conversation.pk).state


# --- Held


def test_eml_10_for_ten_seconds_it_is_no_message_and_can_be_taken_back(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    draft = reply(thread, agent)
    row = send(draft)
    assert (row.state, row.release_at - row.created_at, HELD_FOR) == ("held", HELD_FOR, timedelta(seconds=10))
    assert (Message.objects.filter(side=Side.AGENT, kind="text").count(), wakeups(RELEASE_DEADLINE)) == (0, 1)
    assert held_mails(agent.user) == [row]
    assert send(draft) == row
    back = mail_undo(outbound_id=row.pk, actor=agent.user)
    assert (back.pk, back.body, OutboundMail.objects.count(), wakeups(RELEASE_DEADLINE)) == (draft.pk, draft.body, 0, 0)
    assert (depart_of(row), server.mails) == (None, [])
    check_all()


def depart_of(row: OutboundMail) -> OutboundMail | None:
    return outbound_release(outbound_id=row.pk)


def test_eml_10_when_they_are_over_it_leaves_and_is_a_message(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    row = send(reply(thread, agent))
    assert row.release_at is not None
    wakeup_fire(schema="acme", kind=RELEASE_DEADLINE, object_id=row.pk, due_at=row.release_at)
    row.refresh_from_db()
    message = Message.objects.get(side=Side.AGENT, kind="text")
    assert (row.state, row.message_id, row.draft, MailDraft.objects.count()) == ("sent", message.pk, None, 0)
    assert (message.body, message.author, message.client_id) == ("It is on its way.", agent.user, row.pk)
    assert (len(server.mails), wakeups(RELEASE_DEADLINE), wakeups(SEND_DEADLINE)) == (1, 0, 0)
    with pytest.raises(DomainError, match="mail_left"):
        mail_undo(outbound_id=row.pk, actor=agent.user)
    assert [each.state for each in delivery_states([message]).values()] == ["sent"]
    check_all()


def test_eml_10_only_who_sent_it_takes_it_back(thread: Conversation, agent: Agent) -> None:
    row = send(reply(thread, agent))
    with pytest.raises(DomainError, match="not_yours"):
        mail_undo(outbound_id=row.pk, actor=user_as("administrator"))
    assert OutboundMail.objects.get().state == "held"


# --- A new mail


def test_eml_7_a_new_mail_takes_a_slot_at_send_and_begins_a_conversation_when_it_leaves(
    agent: Agent, channel: MailChannel, server: MailServer
) -> None:
    row = send(new_mail(agent, channel, to="Leo <leo@customer.example>"))
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.agent, slots(agent)) == ("arrived", None, 1)
    assert ConversationEvent.objects.count() == 0
    check_all()
    depart(row)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.agent, conversation.channel) == ("active", agent.user, "email")
    assert (conversation.contact.email, conversation.contact.name) == ("leo@customer.example", "Leo")
    assert (conversation.mail_thread.subject, conversation.mail_thread.channel) == ("Your order", channel)
    assert list(conversation.timeline.values_list("kind", flat=True)) == ["arrived", "accepted"]
    clock = ReplyClock.objects.get(pk=conversation.pk)
    assert (clock.waits_for, slots(agent)) == ("customer", 1)
    taken = server.mails[0]
    assert (taken.recipients, taken.mail["References"]) == (["leo@customer.example"], None)
    check_all()


def test_eml_8_taken_back_a_new_mail_leaves_no_trace(agent: Agent, channel: MailChannel, server: MailServer) -> None:
    draft = new_mail(agent, channel)
    row = send(draft)
    mail_undo(outbound_id=row.pk, actor=agent.user)
    assert (Conversation.objects.count(), Contact.objects.count(), SlotHold.objects.count()) == (0, 0, 0)
    assert (slots(agent), list(MailDraft.objects.all()), server.mails) == (0, [draft], [])
    row = send(draft)
    depart(row)
    assert (slots(agent), len(server.mails)) == (1, 1)
    check_all()


def test_eml_8_a_customer_whom_we_knew_stays_known(agent: Agent, channel: MailChannel) -> None:
    known = Contact.objects.create(email=ANA, name="Ana Ruiz")
    mail_undo(outbound_id=send(new_mail(agent, channel)).pk, actor=agent.user)
    assert list(Contact.objects.all()) == [known]


def test_eml_7_without_a_free_slot_it_is_refused_and_the_draft_stays(agent: Agent, channel: MailChannel) -> None:
    Capacity.objects.filter(agent=agent, family=Family.EMAIL).update(limit=1)
    send(new_mail(agent, channel))
    draft = new_mail(agent, channel, to="leo@customer.example")
    with pytest.raises(DomainError, match="no_free_slot"):
        send(draft)
    assert (Conversation.objects.count(), MailDraft.objects.count(), OutboundMail.objects.count()) == (1, 2, 1)
    check_all()


def test_eml_7_whose_channel_cannot_send_is_told(agent: Agent, channel: MailChannel, settings: Any) -> None:
    draft = new_mail(agent, channel)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    MailChannel.objects.update(smtp_host="")
    with pytest.raises(DomainError, match="channel_cannot_send"):
        send(draft)


def test_eml_7_a_blocked_customer_is_not_written_to(agent: Agent, channel: MailChannel) -> None:
    from django.utils import timezone

    Contact.objects.create(email=ANA, blocked_at=timezone.now())
    draft = new_mail(agent, channel)
    with pytest.raises(DomainError, match="mail_blocked"):
        send(draft)
    assert (Conversation.objects.count(), slots(agent)) == (0, 0)


@pytest.mark.parametrize("address", [SUPPORT, "support+anything@acme.test"])
def test_eml_11_nothing_is_sent_to_ourselves(thread: Conversation, agent: Agent, address: str) -> None:
    with pytest.raises(DomainError, match="mail_recipient_ours"):
        send(reply(thread, agent, cc=address))


# --- Meanwhile


def test_eml_10_it_leaves_when_its_agent_ends_the_conversation_first(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    row = send(reply(thread, agent))
    conversation_end(conversation_id=thread.pk, by=Side.AGENT, actor=agent.user)
    kinds = list(thread.messages.order_by("number").values_list("kind", flat=True))
    assert (kinds, state(thread), len(server.mails)) == (["text", "joined", "text", "ended"], "wrap_up", 1)
    assert depart_of(row) is None
    check_all()


def test_eml_10_it_leaves_though_the_conversation_is_over_or_back_in_its_queue(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    row = send(reply(thread, agent))
    agent_away(agent)
    conversation_requeue(conversation_id=thread.pk, actor=user_as("owner"))
    depart(row)
    found = Conversation.objects.get(pk=thread.pk)
    assert (found.state, found.agent, found.unanswered_since, len(server.mails)) == ("waiting", None, None, 1)
    conversation_end(conversation_id=thread.pk, by=Side.CUSTOMER, actor=None)
    check_all()


def agent_away(agent: Agent) -> None:
    from apps.agents.actions import agent_status_choose

    agent_status_choose(agent_id=agent.pk, code="away")


def test_eml_10_what_the_customer_wrote_meanwhile_is_not_answered_by_it(
    thread: Conversation, agent: Agent, channel: MailChannel
) -> None:
    row = send(reply(thread, agent))
    receive(channel, write("And another thing", answers="first@customer.example"))
    mails_file(channel_id=channel.pk)
    said_at = Message.objects.get(body="And another thing").created_at
    depart(row)
    found = Conversation.objects.get(pk=thread.pk)
    clock = ReplyClock.objects.get(pk=thread.pk)
    assert (found.unanswered_since, clock.waits_for, clock.since) == (said_at, "agent", said_at)


def test_agt_8_nobody_signs_out_while_a_conversation_of_theirs_is_about_to_begin(
    agent: Agent, channel: MailChannel
) -> None:
    from django.db import transaction

    from apps.accounts.events import UserSigningOut
    from apps.core.events import announce

    row = send(new_mail(agent, channel))
    with pytest.raises(DomainError, match="user_busy"), transaction.atomic():
        announce(UserSigningOut(agent.user))
    mail_undo(outbound_id=row.pk, actor=agent.user)
    with transaction.atomic():
        announce(UserSigningOut(agent.user))


def test_eml_8_send_and_close_ends_it_when_the_mail_has_left(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    row = send(reply(thread, agent), close=True)
    assert state(thread) == "active"
    depart(row)
    found = Conversation.objects.get(pk=thread.pk)
    assert (found.state, found.ended_by, found.end_cause, len(server.mails)) == ("wrap_up", "agent", "ended", 1)
    check_all()


# --- Drafts that can't be sent


def test_eml_8_who_may_not_is_refused(thread: Conversation, agent: Agent, channel: MailChannel) -> None:
    draft = reply(thread, agent)
    for actor, version, code in (
        (user_as("administrator"), draft.version, "draft_gone"),
        (agent.user, draft.version + 1, "draft_outdated"),
    ):
        with pytest.raises(DomainError, match=code):
            mail_send(draft_id=draft.pk, version=version, actor=actor)
    conversation_end(conversation_id=thread.pk, by=Side.AGENT, actor=agent.user)
    with pytest.raises(DomainError, match="conversation_ended"):
        send(draft)
    assert OutboundMail.objects.count() == 0


def test_eml_8_what_is_missing_is_said(thread: Conversation, agent: Agent) -> None:
    from apps.core.ids import uuid7
    from apps.mailout.actions import draft_save

    draft = draft_save(
        draft_id=uuid7(),
        version=0,
        content=letter("", subject="", body="Only this"),
        actor=agent.user,
        conversation_id=thread.pk,
        closing=True,
    )
    with pytest.raises(DomainError) as refused:
        send(draft)
    assert (refused.value.code, refused.value.extra) == ("draft_incomplete", {"missing": ["to", "subject"]})


def test_eml_10_a_mail_that_is_out_is_not_sent_again(thread: Conversation, agent: Agent) -> None:
    row = sent(reply(thread, agent))
    with pytest.raises(DomainError, match="mail_not_failed"):
        mail_retry(outbound_id=row.pk, actor=agent.user)


def test_eml_10_its_screen_is_told_of_each_step(thread: Conversation, agent: Agent) -> None:
    row = send(reply(thread, agent))
    before = Conversation.objects.get(pk=thread.pk).version
    depart(row)
    assert Conversation.objects.get(pk=thread.pk).version > before
    assert MailMessage.objects.get(pk=OutboundMail.objects.get().message_id).is_outgoing


# --- At the same time


@pytest.mark.parametrize("is_new", [False, True], ids=["reply", "new"])
def test_eml_10_taken_back_and_leaving_at_once_one_of_them_happens(
    agent: Agent, channel: MailChannel, server: MailServer, is_new: bool
) -> None:
    draft = new_mail(agent, channel) if is_new else reply(thread_with(agent, channel), agent)
    row = send(draft)
    undone, left = race(
        [lambda: mail_undo(outbound_id=row.pk, actor=agent.user), lambda: outbound_release(outbound_id=row.pk)]
    )
    assert isinstance(undone, MailDraft) != isinstance(left, OutboundMail)
    if isinstance(undone, MailDraft):
        assert (left, server.mails, list(MailDraft.objects.all())) == (None, [], [draft])
    else:
        assert (undone.code, len(server.mails), MailDraft.objects.count()) == ("mail_left", 1, 0)
    check_all()


def test_eml_8_pressed_twice_at_once_it_is_sent_once(agent: Agent, channel: MailChannel) -> None:
    draft = new_mail(agent, channel)
    first, second = race([lambda: send(draft), lambda: send(draft)])
    assert (first, slots(agent), Conversation.objects.count()) == (second, 1, 1)
    assert OutboundMail.objects.get() == first
