"""What threading got wrong is put right by hand: split, merged, and taken back (EML-3)."""

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from apps.agents.models import Agent
from apps.conversations.actions import conversation_end, conversation_mark_spam
from apps.conversations.models import Conversation, Message
from apps.core.errors import DomainError
from apps.email.actions import conversation_merge, conversation_split, shift_undo
from apps.email.models import MailChannel, MailMessage, MailNotice, MailShift, MailThread, OutboundMail, RawMail
from apps.email.tokens import reply_address, subject_tag
from apps.mailin.actions import mails_file
from apps.queues.models import Queue
from apps.routing.models import Offer
from apps.surveys.models import SurveyRequest
from tests.support.browser import signed_in, user_as
from tests.support.inbound_mails import SUPPORT, make_channel, receive, sent_by_us, write
from tests.support.invariants import check_all
from tests.support.people import ContactFactory, arrive, make_agent

ANA, BO = "ana@customer.example", "bo@customer.example"
Lines = list[tuple[int, str, str]]


@pytest.fixture
def channel(acme: Any) -> MailChannel:
    return make_channel()


@pytest.fixture
def boss(acme: Any) -> Any:
    return user_as("administrator", email="boss@acme.test")


def filed(channel: MailChannel, raw: bytes, **envelope: str) -> RawMail:
    row = receive(channel, raw, **envelope)
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    return row


def lines(conversation: Conversation) -> Lines:
    """What stands in a conversation: number, kind, words."""
    rows = Message.objects.filter(conversation=conversation).order_by("number")
    return [(each.number, each.kind, each.body) for each in rows]


def told(conversation: Conversation) -> str:
    return f"Moved to the conversation {subject_tag(MailThread.objects.get(conversation=conversation).reference)}."


@pytest.fixture
def thread(channel: MailChannel) -> Conversation:
    """Ana asks, asks something else in the same thread, is answered, and asks on."""
    filed(channel, write("Where is it?", sender=ANA, mail_id="1@x.example"))
    conversation = Conversation.objects.get()
    filed(
        channel,
        write("My bell rattles", sender=ANA, cc=BO, subject="Bell", mail_id="2@x.example", answers="1@x.example"),
    )
    conversation.refresh_from_db()
    sent_by_us(conversation, "ours@acme.test")
    filed(channel, write("Still", sender=ANA, mail_id="3@x.example", answers="ours@acme.test"))
    conversation.refresh_from_db()
    return conversation


def message(body: str) -> UUID:
    return Message.objects.get(body=body, kind="text").pk


def split(thread: Conversation, body: str, actor: Any) -> MailShift:
    return conversation_split(conversation_id=thread.pk, message_id=message(body), actor=actor)


def test_eml_3_a_mail_and_all_behind_it_become_a_conversation_of_their_own(
    thread: Conversation, channel: MailChannel, boss: Any
) -> None:
    shift = split(thread, "My bell rattles", boss)
    other = shift.target
    thread.refresh_from_db()
    note = told(other)
    assert lines(thread) == [(1, "text", "Where is it?"), (2, "notice", note), (3, "notice", note), (4, "notice", note)]
    assert lines(other) == [(1, "text", "My bell rattles"), (2, "text", "Hello"), (3, "text", "Still")]
    assert (other.state, other.queue_id, other.previous_id, other.last_line) == (
        "waiting",
        thread.queue_id,
        thread.pk,
        "Still",
    )
    assert (thread.last_line, thread.last_number, other.last_number) == ("Where is it?", 4, 3)
    assert MailThread.objects.get(conversation=other).subject == "Bell"
    assert set(MailMessage.objects.filter(conversation=other).values_list("mail_id", flat=True)) == {
        "2@x.example",
        "ours@acme.test",
        "3@x.example",
    }
    assert RawMail.objects.filter(conversation=other).count() == 2
    assert set(other.participants.values_list("address", flat=True)) == {ANA, BO}
    assert (thread.unanswered_since, other.unanswered_since) == (
        Message.objects.get(body="Where is it?").created_at,
        Message.objects.get(body="Still").created_at,
    )
    for each in (thread, other):
        assert each.timeline.filter(kind="split", actor=boss, data__target=str(other.pk)).exists()
    check_all()


def test_eml_3_answers_find_what_was_split_off_and_what_stayed(
    thread: Conversation, channel: MailChannel, boss: Any
) -> None:
    """By the address of the old conversation, too, which the mails that were moved still name."""
    other = split(thread, "My bell rattles", boss).target
    token = reply_address(SUPPORT, thread.pk)
    moved = filed(channel, write("Bell!", sender=ANA, to=token, answers="ours@acme.test"))
    stayed = filed(channel, write("Parcel!", sender=ANA, to=token, answers="1@x.example"))
    assert (moved.conversation_id, stayed.conversation_id) == (other.pk, thread.pk)
    check_all()


def test_eml_3_a_split_is_undone_and_the_numbers_are_as_before(thread: Conversation, boss: Any) -> None:
    before, shift = lines(thread), split(thread, "My bell rattles", boss)
    first, second = shift_undo(shift_id=shift.pk, actor=boss), shift_undo(shift_id=shift.pk, actor=boss)
    assert (first.undone_by, second.undone_at) == (boss, first.undone_at)
    assert lines(thread) == before
    other = Conversation.objects.get(pk=shift.target_id)
    assert (other.state, other.end_cause) == ("closed", "merged")
    assert [kind for _number, kind, _body in lines(other)] == ["notice", "notice", "notice", "ended"]
    assert MailMessage.objects.filter(conversation=thread).count() == 4
    thread.refresh_from_db()
    assert (thread.last_number, thread.last_line) == (4, "Still")
    assert SurveyRequest.objects.count() == 0
    check_all()


def test_eml_3_what_came_after_a_split_stays_where_it_came_to(
    thread: Conversation, channel: MailChannel, boss: Any
) -> None:
    shift = split(thread, "Still", boss)
    filed(channel, write("And more", sender=ANA, answers="3@x.example"))
    shift_undo(shift_id=shift.pk, actor=boss)
    other = Conversation.objects.get(pk=shift.target_id)
    assert [body for _number, kind, body in lines(other) if kind == "text"] == ["And more"]
    assert other.state == "waiting"
    assert lines(thread)[-1] == (4, "text", "Still")
    check_all()


@pytest.fixture
def second(thread: Conversation, channel: MailChannel) -> Conversation:
    """Ana writes once more, as if anew."""
    row = filed(channel, write("Any news?", sender=ANA, mail_id="4@x.example", files=[("a.txt", b"x")]))
    filed(channel, write("Ping", sender=ANA, mail_id="5@x.example", answers="4@x.example"))
    assert row.conversation is not None
    return row.conversation


def test_eml_3_two_become_one_and_what_was_sent_to_the_one_finds_the_other(
    thread: Conversation, second: Conversation, channel: MailChannel, boss: Any
) -> None:
    token, tag = reply_address(SUPPORT, second.pk), subject_tag(MailThread.objects.get(conversation=second).reference)
    conversation_merge(conversation_id=second.pk, into_id=thread.pk, actor=boss)
    assert lines(thread)[4:] == [(5, "text", "Any news?"), (6, "text", "Ping")]
    second.refresh_from_db()
    assert (second.state, second.end_cause, second.ended_by) == ("closed", "merged", "system")
    assert [kind for _number, kind, _body in lines(second)] == ["notice", "notice", "ended"]
    assert Message.objects.get(body="Any news?").attachments.count() == 1
    MailChannel.objects.update(trusted_server="mx.acme.test")
    vouched = {"Authentication_Results": "mx.acme.test; dmarc=pass header.from=customer.example"}
    for raw in (
        write("By its address", sender=ANA, to=token),
        write("By its tag", sender=ANA, subject=f"Re: {tag}", **vouched),
        write("By its mail", sender=ANA, answers="4@x.example"),
    ):
        assert filed(channel, raw, came_by="imap").conversation_id == thread.pk
    check_all()


def test_eml_3_a_merge_is_undone_and_the_conversation_waits_again(
    thread: Conversation, second: Conversation, boss: Any
) -> None:
    before = lines(second)
    shift = conversation_merge(conversation_id=second.pk, into_id=thread.pk, actor=boss)
    shift_undo(shift_id=shift.pk, actor=boss)
    second.refresh_from_db()
    assert second.state == "waiting"
    assert [each for each in lines(second) if each[1] == "text"] == before
    assert [kind for _number, kind, _body in lines(thread)][4:] == ["notice", "notice"]
    assert (
        filed(second.mail_thread.channel, write("Back", sender=ANA, answers="4@x.example")).conversation_id == second.pk
    )
    check_all()


def test_eml_3_its_agent_may_and_slots_are_free_again(thread: Conversation, second: Conversation, boss: Any) -> None:
    agent = make_agent()
    both = [_give(each, agent) for each in (thread, second)]
    shift = conversation_merge(conversation_id=both[1].pk, into_id=both[0].pk, actor=agent.user)
    second.refresh_from_db()
    assert (second.state, second.agent_id) == ("wrap_up", agent.pk)
    check_all()
    shift_undo(shift_id=shift.pk, actor=agent.user)
    second.refresh_from_db()
    assert (second.state, second.agent_id) == ("active", agent.pk)
    check_all()


def _give(conversation: Conversation, agent: Agent) -> Conversation:
    """Have a mail be with an agent."""
    from apps.routing.actions import conversation_dispatch, offer_accept

    conversation_dispatch(conversation_id=conversation.pk)
    offer = Offer.objects.get(conversation=conversation, state="ringing")
    assert offer.agent_id == agent.pk
    offer_accept(offer_id=offer.pk, actor=agent.user)
    return Conversation.objects.get(pk=conversation.pk)


def test_eml_3_what_was_ones_own_is_left_alone(thread: Conversation, second: Conversation, boss: Any) -> None:
    """CON-5: once it is closed it may become a stranger's."""
    Queue.objects.update(acw_mode="off")
    agent = make_agent()
    for each in (thread, second):
        _give(each, agent)
    conversation_end(conversation_id=second.pk, by="customer", actor=None)
    with pytest.raises(DomainError, match="not_allowed"):
        split(second, "Ping", agent.user)
    with pytest.raises(DomainError, match="not_allowed"):
        conversation_merge(conversation_id=second.pk, into_id=thread.pk, actor=agent.user)
    shift = conversation_merge(conversation_id=second.pk, into_id=thread.pk, actor=boss)
    conversation_end(conversation_id=thread.pk, by="customer", actor=None)
    with pytest.raises(DomainError, match="not_allowed"):
        shift_undo(shift_id=shift.pk, actor=agent.user)
    shift_undo(shift_id=shift.pk, actor=boss)


def test_eml_3_what_a_colleague_has_taken_is_not_taken_back(thread: Conversation, boss: Any) -> None:
    """What waits still is."""
    agent, colleague = make_agent(), make_agent(available=False)
    _give(thread, agent)
    shift = split(thread, "My bell rattles", agent.user)
    Conversation.objects.filter(pk=shift.target_id).update(state="active", agent=colleague.user)
    with pytest.raises(DomainError, match="not_allowed"):
        shift_undo(shift_id=shift.pk, actor=agent.user)
    Conversation.objects.filter(pk=shift.target_id).update(state="waiting", agent=None)
    assert shift_undo(shift_id=shift.pk, actor=agent.user).undone_by == agent.user


def test_eml_3_a_merge_is_undone_where_nothing_follows_the_end(thread: Conversation, second: Conversation) -> None:
    """It closed at once; not any more where it has become a stranger's (CON-5)."""
    Queue.objects.update(acw_mode="off")
    agent = make_agent()
    for each in (thread, second):
        _give(each, agent)
    shift = conversation_merge(conversation_id=second.pk, into_id=thread.pk, actor=agent.user)
    second.refresh_from_db()
    assert second.state == "closed"
    own, stranger = second.contact, ContactFactory()
    arrive(contact=stranger)
    Conversation.objects.filter(pk=second.pk).update(contact=stranger, began_with=own.pk, joined_at=timezone.now())
    with pytest.raises(DomainError, match="not_allowed"):
        shift_undo(shift_id=shift.pk, actor=agent.user)
    Conversation.objects.filter(pk=second.pk).update(contact=own, began_with=None, joined_at=None)
    shift_undo(shift_id=shift.pk, actor=agent.user)
    second.refresh_from_db()
    assert (second.state, second.agent_id) == ("active", agent.pk)


def test_eml_3_delivery_reports_go_with_the_mails_that_they_are_about(
    thread: Conversation, channel: MailChannel, boss: Any
) -> None:
    filed(channel, write("Away", sender=ANA, answers="ours@acme.test", Auto_Submitted="auto-replied"))
    other = split(thread, "My bell rattles", boss).target
    notice = MailNotice.objects.get()
    assert (notice.conversation_id, notice.raw.conversation_id) == (other.pk, other.pk)


def test_eml_3_what_can_not_be_split_or_merged(thread: Conversation, second: Conversation, boss: Any) -> None:
    agent = make_agent()
    chat = arrive("Hi")
    for code, call in {
        "split_nothing": lambda: split(thread, "Where is it?", boss),
        "not_allowed": lambda: split(thread, "Still", agent.user),
        "not_by_mail": lambda: conversation_merge(conversation_id=chat.pk, into_id=thread.pk, actor=boss),
        "merge_itself": lambda: conversation_merge(conversation_id=thread.pk, into_id=thread.pk, actor=boss),
        "conversation_unknown": lambda: conversation_merge(conversation_id=boss.pk, into_id=thread.pk, actor=boss),
    }.items():
        with pytest.raises(DomainError) as refused:
            call()
        assert refused.value.code == code
    with pytest.raises(DomainError, match="split_nothing"):
        conversation_split(conversation_id=thread.pk, message_id=message("Any news?"), actor=boss)
    with pytest.raises(DomainError, match="split_nothing"):  # One of ours begins nothing.
        conversation_split(conversation_id=thread.pk, message_id=message("Hello"), actor=boss)
    conversation_end(conversation_id=thread.pk, by="customer", actor=None)
    with pytest.raises(DomainError, match="conversation_ended"):
        conversation_merge(conversation_id=second.pk, into_id=thread.pk, actor=boss)
    assert MailShift.objects.count() == 0


def test_eml_3_what_is_on_its_way_stays_until_it_is_out(thread: Conversation, channel: MailChannel, boss: Any) -> None:
    ours = MailMessage.objects.get(mail_id="ours@acme.test")
    row = OutboundMail.objects.create(
        state="queued", conversation=thread, channel=channel, message=ours, mail_id="ours@acme.test", agent=boss
    )
    with pytest.raises(DomainError, match="mail_on_its_way"):
        split(thread, "My bell rattles", boss)
    OutboundMail.objects.filter(pk=row.pk).update(state="sent", sent_at=timezone.now(), recipients=[])
    other = split(thread, "My bell rattles", boss).target
    assert OutboundMail.objects.get().conversation_id == other.pk


def test_eml_3_what_was_moved_on_is_not_put_back_halfway(thread: Conversation, boss: Any) -> None:
    first = split(thread, "My bell rattles", boss)
    then = split(first.target, "Still", boss)
    with pytest.raises(DomainError, match="shift_gone_on"):
        shift_undo(shift_id=first.pk, actor=boss)
    shift_undo(shift_id=then.pk, actor=boss)
    shift_undo(shift_id=first.pk, actor=boss)
    assert [kind for _number, kind, _body in lines(thread)] == ["text"] * 4
    check_all()


def test_eml_3_administrators_split_merge_and_undo_on_pages(thread: Conversation, second: Conversation) -> None:
    browser = signed_in(user_as("owner"))
    bell, news = RawMail.objects.get(mail_id="2@x.example"), RawMail.objects.get(mail_id="4@x.example")
    page = browser.get(f"/admin/email/rawmail/{bell.pk}/change/").content.decode()
    assert ("Split from here" in page, "Merge conversation" in page) == (True, True)
    assert browser.get(f"/admin/email/rawmail/{bell.pk}/split/").status_code == 200
    assert browser.post(f"/admin/email/rawmail/{bell.pk}/split/").status_code == 302
    wrong = browser.post(f"/admin/email/rawmail/{news.pk}/merge/", {"reference": "XXXX-XXXX"})
    assert "no conversation of this reference" in wrong.content.decode()
    reference = MailThread.objects.get(conversation=thread).reference
    assert browser.post(f"/admin/email/rawmail/{news.pk}/merge/", {"reference": f"[#{reference}]"}).status_code == 302
    assert set(MailShift.objects.values_list("kind", flat=True)) == {"split", "merge"}
    keys = [str(each.pk) for each in MailShift.objects.all()]
    answer = browser.post("/admin/email/mailshift/", {"action": "undo", "_selected_action": keys}, follow=True)
    assert "back where they were" in answer.content.decode()
    assert not MailShift.objects.filter(undone_at=None).exists()
    check_all()


def test_con_10_spam_is_left_alone(thread: Conversation, second: Conversation, boss: Any) -> None:
    agent = make_agent()
    _give(second, agent)
    conversation_mark_spam(conversation_id=second.pk, block=False, actor=agent.user)
    with pytest.raises(DomainError, match="not_by_mail"):
        conversation_merge(conversation_id=second.pk, into_id=thread.pk, actor=boss)
    assert arrive().channel == "chat"
