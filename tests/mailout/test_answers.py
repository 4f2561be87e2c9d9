"""What an answer answers: the newest mail at the click; what is told of a newer one (EML-5, EML-9)."""

from typing import Any

import pytest

from apps.agents.models import Agent
from apps.conversations.models import Conversation, Message
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.email.choices import DraftKind
from apps.email.models import MailChannel, MailDraft, MailMessage, MailNotice
from apps.mailin.actions import mails_file
from apps.mailout.actions import draft_answer_newest, draft_save, mail_send
from apps.mailout.selectors.answers import mail_to_answer, replied_since
from apps.notes.models import Note
from tests.support.inbound_mails import SUPPORT, make_channel, receive, write
from tests.support.media import media_in
from tests.support.outbound_mails import ANA, BO, CAROL, depart, given, letter, refused, reply, send
from tests.support.people import make_agent

DEPOT = "depot@parcels.example"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    settings.EMAIL_HOST = "mail.test"
    yield from media_in(settings, tmp_path)


@pytest.fixture
def agent(acme: Any) -> Agent:
    return make_agent(first_name="Mia", last_name="Lund")


@pytest.fixture
def channel(agent: Agent) -> MailChannel:
    return make_channel()


@pytest.fixture
def thread(agent: Agent, channel: MailChannel) -> Conversation:
    return given(agent, channel, sender=f"Ana Ruiz <{ANA}>", cc=f"Bo <{BO}>", subject="Parcel", mail_id="one@x.example")


def came(channel: MailChannel, body: str, **mail: Any) -> None:
    """Somebody writes into the conversation."""
    receive(channel, write(body, **{"sender": f"Ana Ruiz <{ANA}>", "answers": "one@x.example", **mail}))
    mails_file(channel_id=channel.pk)


def gone(conversation: Conversation, agent: Agent, **fields: Any) -> None:
    """This agent sends an answer, and it has left."""
    depart(send(reply(conversation, agent, **fields)))


def answered(conversation: Conversation) -> str:
    """What the mail that is answered says."""
    found = mail_to_answer(conversation.pk)
    assert found is not None
    return found.message.body


# --- Which mail


def test_eml_5_an_answer_answers_the_newest_mail_that_came(thread: Conversation, channel: MailChannel) -> None:
    assert answered(thread) == "Where is my parcel?"
    came(channel, "Found it")
    assert answered(thread) == "Found it"
    came(channel, "I am with her", sender=f"Bo <{BO}>")
    assert answered(thread) == "I am with her"


def test_eml_5_an_answer_answers_what_went_to_its_sender_since(
    thread: Conversation, agent: Agent, channel: MailChannel
) -> None:
    gone(thread, agent, body="On its way", cc=CAROL)
    assert answered(thread) == "On its way"
    came(channel, "Thank you")
    assert answered(thread) == "Thank you"


def test_eml_5_what_was_handed_on_to_somebody_else_is_not_answered(thread: Conversation, agent: Agent) -> None:
    """Else the next Reply would write to the depot what is meant for the customer."""
    gone(thread, agent, kind=DraftKind.FORWARD, to=DEPOT, body="Do you have it?")
    assert answered(thread) == "Where is my parcel?"


def test_eml_5_answers_go_where_its_sender_wants_them(agent: Agent, channel: MailChannel) -> None:
    thread = given(agent, channel, sender=ANA, reply_to=CAROL, mail_id="two@x.example")
    gone(thread, agent, to=ANA, body="To the sender alone")
    assert answered(thread) == "Where is my parcel?"
    gone(thread, agent, to=CAROL, body="To where answers go")
    assert answered(thread) == "To where answers go"


def test_eml_11_what_machines_write_is_never_answered(thread: Conversation, channel: MailChannel) -> None:
    came(channel, "I am away", Auto_Submitted="auto-replied")
    assert MailNotice.objects.count() == 1
    assert answered(thread) == "Where is my parcel?"


def test_a_line_of_the_system_with_a_mail_is_not_answered(thread: Conversation) -> None:
    """A form's or a survey's mail holds a link that is the customer's alone."""
    line = Message.objects.create(
        conversation=thread, number=thread.last_number + 1, side="system", kind="notice", body="How was it?"
    )
    MailMessage.objects.create(message=line, conversation=thread, is_outgoing=True, to=[["", ANA]])
    assert answered(thread) == "Where is my parcel?"


def test_where_nothing_has_come_it_is_the_newest_of_ours(thread: Conversation, agent: Agent) -> None:
    gone(thread, agent, body="First")
    gone(thread, agent, body="Second")
    MailMessage.objects.filter(is_outgoing=False).delete()
    assert answered(thread) == "Second"
    MailMessage.objects.all().delete()
    assert mail_to_answer(thread.pk) is None


# --- Somebody was faster


def attempt(draft: MailDraft, seen: int) -> Any:
    return mail_send(draft_id=draft.pk, version=draft.version, actor=draft.agent, seen=seen)


def test_eml_9_send_refuses_what_answers_unread_words(thread: Conversation, agent: Agent, channel: MailChannel) -> None:
    draft = reply(thread, agent)
    came(channel, "Never mind")
    newest = thread.messages.get(body="Never mind").number
    assert refused("replied_since", attempt, draft=draft, seen=newest - 1) == {"number": newest}
    assert attempt(draft, newest).draft == draft


def test_eml_9_neither_a_note_nor_a_machine_nor_ones_own_mail_is_a_reply(
    thread: Conversation, agent: Agent, channel: MailChannel
) -> None:
    draft = reply(thread, agent)
    Note.objects.create(key=uuid7(), contact=thread.contact, conversation=thread, author=agent.user, body="Be kind")
    came(channel, "I am away", Auto_Submitted="auto-replied")
    gone(thread, agent, body="Another tab was faster")
    assert replied_since(draft) is None
    assert attempt(draft, draft.began_after).draft == draft


def test_eml_9_what_came_between_opening_and_the_first_save_is_told(
    thread: Conversation, agent: Agent, channel: MailChannel
) -> None:
    opened = thread.last_number
    came(channel, "Never mind")
    draft = draft_save(
        draft_id=uuid7(), version=0, content=letter(), actor=agent.user, conversation_id=thread.pk, seen=opened
    )
    assert replied_since(draft) is not None
    assert refused("replied_since", attempt, draft=draft, seen=opened)


def test_eml_9_what_one_has_read_is_told_on_no_device_again(
    thread: Conversation, agent: Agent, channel: MailChannel
) -> None:
    draft = reply(thread, agent)
    came(channel, "Never mind")
    newest = thread.messages.get(body="Never mind").number
    kept = draft_save(draft_id=draft.pk, version=draft.version, content=letter(), actor=agent.user, seen=newest + 5)
    assert (kept.version, replied_since(MailDraft.objects.get())) == (draft.version, None)
    came(channel, "Or do")
    assert replied_since(MailDraft.objects.get()) is not None


# --- The newer one is answered instead


def turn(draft: MailDraft, kind: DraftKind = DraftKind.REPLY, **fields: Any) -> MailDraft:
    return draft_answer_newest(
        draft_id=draft.pk,
        version=draft.version,
        content=letter(**fields),
        actor=draft.agent,
        conversation_id=draft.conversation_id,
        kind=kind,
        answers_id=draft.answers_id,
    )


def test_eml_9_the_newer_one_is_answered_with_the_text_that_is_there(
    thread: Conversation, agent: Agent, channel: MailChannel
) -> None:
    """To its sender, under its subject; and to whoever the writer had added."""
    draft = reply(thread, agent, to=f"Ana Ruiz <{ANA}>", bcc=CAROL, subject="Re: Parcel")
    came(channel, "I am with her", sender=f"Bo <{BO}>", subject="Parcel and bell")
    turned = turn(draft, to=f"{ANA}, {DEPOT}", bcc=CAROL, subject="Re: Parcel", body="It is here")
    assert turned.answers is not None
    assert turned.answers.message.body == "I am with her"
    assert (turned.to, turned.cc, turned.bcc) == ([["Bo", BO], ["", DEPOT]], [], [["", CAROL]])
    assert (turned.subject, turned.body, turned.version) == ("Re: Parcel and bell", "It is here", 3)
    assert replied_since(MailDraft.objects.get(pk=draft.pk)) is None


def test_eml_9_who_was_left_out_stays_out_and_a_chosen_subject_stays(
    thread: Conversation, agent: Agent, channel: MailChannel
) -> None:
    draft = reply(thread, agent, kind=DraftKind.REPLY_ALL, cc=BO)
    came(channel, "Never mind", cc=f"Bo <{BO}>, Carol <{CAROL}>")
    turned = turn(draft, DraftKind.REPLY_ALL, to=ANA, cc="", subject="Your bell")
    assert (turned.to, turned.cc, turned.subject) == ([["Ana Ruiz", ANA]], [["Carol", CAROL]], "Your bell")


def test_eml_9_only_answers_turn_and_only_ones_own(thread: Conversation, agent: Agent, channel: MailChannel) -> None:
    draft = reply(thread, agent, kind=DraftKind.FORWARD, to=DEPOT)
    came(channel, "Never mind")
    refused("mail_unknown", turn, draft=draft, kind=DraftKind.FORWARD)
    draft.agent = make_agent().user
    refused("not_yours", turn, draft=draft)


def test_eml_9_an_older_version_does_not_turn(thread: Conversation, agent: Agent, channel: MailChannel) -> None:
    draft = reply(thread, agent)
    draft_save(draft_id=draft.pk, version=1, content=letter(body="From the phone"), actor=agent.user)
    came(channel, "Never mind", to=SUPPORT)
    with pytest.raises(DomainError, match="draft_outdated"):
        turn(draft, body="From the desk")
