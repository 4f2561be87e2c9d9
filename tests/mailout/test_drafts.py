"""What agents have begun to write is kept, and nobody's newer words are lost (EML-5, EML-9)."""

from dataclasses import replace
from typing import Any

import pytest

from apps.agents.models import Agent
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.email.choices import DraftKind
from apps.email.models import MailChannel, MailDraft
from apps.files.models import StoredFile
from apps.mailin.actions import mails_file
from apps.mailout.actions import draft_delete, draft_save, original_files_copy
from apps.mailout.content import signature_text
from apps.mailout.selectors.answers import answer_prefill, replied_since
from apps.mailout.selectors.outbox import drafts_in, drafts_of, sending_channels
from apps.mime.types import Address
from apps.queues.models import Queue
from tests.support.browser import user_as
from tests.support.inbound_mails import SUPPORT, make_channel, receive, sent_by_us, write
from tests.support.outbound_mails import ANA, BO, depart, file_of, given, letter, new_mail, refused, reply, send
from tests.support.people import default_queue, make_agent


@pytest.fixture
def agent(acme: Any) -> Agent:
    return make_agent(first_name="Mia", last_name="Lund")


@pytest.fixture
def channel(agent: Agent) -> MailChannel:
    return make_channel(signature="{{agent.first_name}} for {{contact.first_name}}")


@pytest.fixture
def thread(agent: Agent, channel: MailChannel) -> Conversation:
    return given(agent, channel, sender=f"Ana Ruiz <{ANA}>", cc=f"Bo <{BO}>, {SUPPORT}", subject="Parcel")


def save(draft: MailDraft, version: int | None = None, **fields: Any) -> MailDraft:
    """Save it once more."""
    return draft_save(
        draft_id=draft.pk,
        version=draft.version if version is None else version,
        content=letter(**fields),
        actor=draft.agent,
    )


# --- Saved


def test_eml_9_it_is_saved_once_its_mandatory_fields_are_filled(thread: Conversation, agent: Agent) -> None:
    key = uuid7()

    def attempt(**fields: Any) -> MailDraft:
        return draft_save(
            draft_id=key, version=0, content=letter(**fields), actor=agent.user, conversation_id=thread.pk
        )

    assert refused("draft_incomplete", attempt, to="", body=" \n") == {"missing": ["to", "body"]}
    assert refused("draft_incomplete", attempt, subject="") == {"missing": ["subject"]}
    assert MailDraft.objects.count() == 0
    draft = attempt()
    assert (draft.pk, draft.version, draft.kind, draft.began_after) == (key, 1, "reply", thread.last_number)
    assert draft.answers is not None
    assert (draft.answers.conversation_id, draft.to) == (thread.pk, [["", ANA]])


def test_eml_9_closing_the_editor_keeps_what_is_there(thread: Conversation, agent: Agent) -> None:
    def closed(**fields: Any) -> MailDraft:
        return draft_save(
            draft_id=uuid7(),
            version=0,
            content=letter("", subject="", **fields),
            actor=agent.user,
            conversation_id=thread.pk,
            closing=True,
        )

    assert closed(body="Dear").version == 1
    refused("draft_empty", closed, body=" ")


def test_eml_9_the_same_save_twice_is_one(thread: Conversation, agent: Agent) -> None:
    draft = reply(thread, agent)
    assert save(draft).version == 1
    assert save(draft, body="More").version == 2
    assert save(draft, body="More", version=1).version == 2


def test_eml_9_another_device_has_newer_words(thread: Conversation, agent: Agent) -> None:
    draft = reply(thread, agent)
    save(draft, body="From the phone")
    assert refused("draft_outdated", lambda: save(draft, body="From here", version=1)) == {"version": 2}
    draft.refresh_from_db()
    assert draft.body == "From the phone"


def test_eml_9_what_was_deleted_or_sent_elsewhere_does_not_come_back(thread: Conversation, agent: Agent) -> None:
    draft = reply(thread, agent)
    row = send(draft)
    refused("draft_sent", lambda: save(draft, body="More"))
    refused("draft_sent", lambda: draft_delete(draft_id=draft.pk, actor=agent.user))
    assert drafts_of(agent.user) == []
    depart(row)
    refused("draft_gone", lambda: save(draft, body="More"))
    other = reply(thread, agent)
    draft_delete(draft_id=other.pk, actor=agent.user)
    draft_delete(draft_id=other.pk, actor=agent.user)
    refused("draft_gone", lambda: save(other, body="More"))


def test_eml_9_only_its_writer_has_it(thread: Conversation, agent: Agent) -> None:
    draft = reply(thread, agent)
    stranger = user_as("administrator")
    assert (drafts_of(stranger), drafts_in(thread, stranger), drafts_of(agent.user)) == ([], [], [draft])
    with pytest.raises(DomainError, match="draft_gone"):
        draft_save(draft_id=draft.pk, version=1, content=letter(body="Mine"), actor=stranger)
    draft_delete(draft_id=draft.pk, actor=stranger)
    assert MailDraft.objects.get() == draft


def test_eml_9_nobody_begins_where_they_may_not(thread: Conversation, agent: Agent) -> None:
    colleague = make_agent()
    refused("not_yours", lambda: reply(thread, colleague))
    conversation_end(conversation_id=thread.pk, by=Side.CUSTOMER, actor=None)
    refused("conversation_ended", lambda: reply(thread, agent))
    Conversation.objects.filter(pk=thread.pk).update(channel="chat", state="active", ended_at=None)
    refused("not_by_mail", lambda: reply(thread, agent))


def test_eml_9_what_is_begun_survives_that_it_was_taken_away(thread: Conversation, agent: Agent) -> None:
    draft = reply(thread, agent)
    Conversation.objects.filter(pk=thread.pk).update(agent=make_agent().user)
    assert save(draft, body="I had not finished").version == 2
    refused("not_yours", lambda: send(MailDraft.objects.get(pk=draft.pk)))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "ana@@customer..example"}, "mail_address_invalid"),
        ({"cc": "müller@customer.example"}, "mail_address_invalid"),
        ({"to": ", ".join(f"a{n}@x.example" for n in range(101))}, "too_many_recipients"),
        ({"body": "x" * 200_001}, "message_too_long"),
    ],
    ids=["no-address", "letters", "many", "long"],
)
def test_eml_5_what_nothing_can_be_sent_to_is_refused(
    thread: Conversation, agent: Agent, fields: dict[str, str], code: str
) -> None:
    refused(code, lambda: reply(thread, agent, **fields))


def test_eml_9_control_characters_go_and_lines_stay(thread: Conversation, agent: Agent) -> None:
    draft = reply(thread, agent, subject="Re:\r\nBcc: eve@x.example", body="One\r\n\x00Two\n\n")
    assert (draft.subject, draft.body) == ("Re: Bcc: eve@x.example", "One\nTwo")


# --- Files


def test_eml_9_files_stay_with_it_for_as_long_as_it_is_kept(thread: Conversation, agent: Agent) -> None:
    first, second = file_of(agent, b"One"), file_of(agent, b"Two")
    draft = reply(thread, agent, file_ids=(first, second))
    save(draft, file_ids=(second,))
    kept = dict(StoredFile.objects.values_list("pk", "unsent_until"))
    assert (kept[first] is None, kept[second]) == (False, None)
    draft = MailDraft.objects.get(pk=draft.pk)
    assert [each.file_id for each in drafts_of(agent.user)[0].files.all()] == [second]
    draft_delete(draft_id=draft.pk, actor=agent.user)
    assert StoredFile.objects.filter(unsent_until=None).count() == 0


def test_eml_9_nobody_encloses_what_is_not_theirs(thread: Conversation, agent: Agent) -> None:
    theirs = file_of(make_agent())
    refused("file_unknown", lambda: reply(thread, agent, file_ids=(theirs,)))
    mine = file_of(agent)
    reply(thread, agent, file_ids=(mine,))
    refused("file_used", lambda: reply(thread, agent, file_ids=(mine,)))


def test_eml_6_what_is_handed_on_is_a_copy(agent: Agent, channel: MailChannel) -> None:
    thread = given(agent, channel, files=[("terms.txt", b"Terms of delivery")])
    message = thread.messages.get()
    (copy,) = original_files_copy(message_id=message.pk, actor=agent.user)
    assert (copy.name, copy.uploader_id, copy.unsent_until is None) == ("terms.txt", agent.pk, False)
    refused("not_yours", lambda: original_files_copy(message_id=message.pk, actor=user_as("agent")))


# --- A new mail


def test_eml_7_a_new_mail_names_its_queue(agent: Agent, channel: MailChannel) -> None:
    draft = new_mail(agent, channel)
    assert (draft.kind, draft.conversation, draft.queue) == ("new", None, channel.queue)
    without = replace(letter(subject="Hello"), queue_id=None)
    attempt = {"draft_id": uuid7(), "version": 0, "actor": agent.user}
    assert refused("draft_incomplete", lambda: draft_save(**attempt, content=without)) == {"missing": ["queue"]}
    other = Queue.objects.create(name="Sales")
    refused("queue_unknown", lambda: draft_save(**attempt, content=replace(without, queue_id=other.pk)))


def test_eml_7_queues_to_send_from_are_those_one_serves_that_have_a_channel(agent: Agent, channel: MailChannel) -> None:
    make_channel("sales@acme.test", queue=Queue.objects.create(name="Sales"))
    make_channel("old@acme.test", is_active=False)
    assert sending_channels(agent.user) == [(default_queue(), channel)]


# --- Answers


def test_eml_5_reply_all_keeps_everyone_but_ourselves(thread: Conversation) -> None:
    mail_id = thread.messages.get(kind="text").pk
    one, everyone = answer_prefill(mail_id, DraftKind.REPLY), answer_prefill(mail_id, DraftKind.REPLY_ALL)
    assert (one.to, one.cc, one.subject) == ((Address("Ana Ruiz", ANA),), (), "Re: Parcel")
    assert (everyone.to, everyone.cc) == (one.to, (Address("Bo", BO),))
    assert one.quoted.endswith("wrote:\n> Where is my parcel?")
    on = answer_prefill(mail_id, DraftKind.FORWARD)
    assert (on.to, on.cc, on.subject) == ((), (), "Fwd: Parcel")


def test_eml_5_our_tag_stands_in_a_subject_once(thread: Conversation, channel: MailChannel) -> None:
    tag = f"[#{thread.mail_thread.reference}]"
    MailChannel.objects.update(trusted_server="mx.acme.test")
    vouched = {"Authentication_Results": "mx.acme.test; dmarc=pass header.from=customer.example"}
    receive(channel, write(sender=ANA, subject=f"AW: Parcel {tag.lower()} urgent", **vouched), came_by="imap")
    mails_file(channel_id=channel.pk)
    newest = thread.messages.filter(kind="text").latest("number")
    assert answer_prefill(newest.pk, DraftKind.REPLY).subject == "Re: Parcel urgent"


def test_eml_1_the_signature_is_filled_in(thread: Conversation, agent: Agent, channel: MailChannel) -> None:
    assert signature_text(channel, thread.queue, thread.contact, agent.user) == "Mia for Ana"
    assert signature_text(channel, thread.queue, None, agent.user) == "Mia for there"


# --- Somebody was faster


def test_eml_9_somebody_replied_since_it_was_begun(thread: Conversation, agent: Agent, channel: MailChannel) -> None:
    draft = reply(thread, agent)
    assert replied_since(draft) is None
    message_post(
        conversation_id=thread.pk,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid7(), body="A second mail", author=agent.user),
    )
    assert replied_since(draft) is None
    answers = sent_by_us(Conversation.objects.get(pk=thread.pk)).mail_id
    Message.objects.filter(mail__mail_id=answers).update(author=make_agent(first_name="Kim").user)
    by_kim = replied_since(draft)
    assert by_kim is not None
    assert by_kim.author is not None
    receive(channel, write("Never mind", sender=ANA, answers=answers))
    mails_file(channel_id=channel.pk)
    newest = replied_since(MailDraft.objects.get(pk=draft.pk))
    assert newest is not None
    assert newest.body == "Never mind"
