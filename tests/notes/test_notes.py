"""Notes among colleagues (CON-4), and who is told of them (AGT-12)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django_tenants.utils import tenant_context

from apps.accounts.actions import user_deactivate
from apps.accounts.models import Role, User
from apps.agents.models import Membership
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, ConversationEvent, Message
from apps.conversations.selectors import conversations_readable_by
from apps.core.errors import DomainError
from apps.notes import selectors
from apps.notes.actions import mentions_see, note_add, note_delete, note_edit
from apps.notes.mentions import mentioned_users
from apps.notes.models import EDITABLE, Mention, Note, NoteEdit
from apps.queues.models import Queue
from apps.realtime.publish import agent_group, conversation_group
from tests.support.browser import user_as
from tests.support.group_listener import GroupListener
from tests.support.people import ContactFactory, UserFactory, arrive, default_queue, make_agent, talk
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def add(conversation: Conversation, actor: User, body: str = "Wants a refund", **fields: object) -> Note:
    values = {"key": uuid4(), "on_contact": False} | fields
    return note_add(conversation_id=conversation.pk, body=body, actor=actor, **values).note  # type: ignore[arg-type]


def refused(code: str, call: object, **fields: object) -> None:
    with pytest.raises(DomainError) as error:
        call(**fields)  # type: ignore[operator]
    assert error.value.code == code


def age(note: Note, by: timedelta) -> None:
    Note.objects.filter(pk=note.pk).update(created_at=note.created_at - by)


def test_a_note_is_no_message(acme: object) -> None:
    """CON-4: outside the numbering; the timeline knows of it."""
    agent = make_agent()
    mine = talk(agent)
    before = Message.objects.count()
    note = add(mine, agent.user, "  Wants\r\na refund ")
    mine.refresh_from_db()
    assert (note.body, note.conversation_id, note.contact_id) == ("Wants\na refund", mine.pk, mine.contact_id)
    assert Message.objects.count() == before == mine.last_number
    assert mine.last_line == "Hello"
    event = ConversationEvent.objects.get(kind="noted")
    assert (event.actor, event.data) == (agent.user, {"note": str(note.pk)})


def test_the_same_note_sent_again_and_at_the_same_time_is_one(acme: object) -> None:
    agent = make_agent()
    mine, key = talk(agent), uuid4()
    notes = race([lambda: add(mine, agent.user, key=key) for _ in range(6)])
    assert len({note.pk for note in notes}) == 1
    assert Note.objects.count() == ConversationEvent.objects.filter(kind="noted").count() == 1


def test_a_key_of_somebody_elses_note_is_refused(acme: object) -> None:
    agent, boss = make_agent(), user_as("administrator")
    mine, key = talk(agent), uuid4()
    add(mine, agent.user, key=key)
    refused("note_key_taken", note_add, conversation_id=mine.pk, key=key, body="Hi", on_contact=False, actor=boss)


@pytest.mark.parametrize(("body", "code"), [(" \n", "message_empty"), ("x" * 10_001, "message_too_long")])
def test_what_can_not_be_a_note(acme: object, body: str, code: str) -> None:
    agent = make_agent()
    mine = talk(agent)
    refused(code, add, conversation=mine, actor=agent.user, body=body)
    assert not Note.objects.exists()


def test_only_who_may_see_the_conversation_writes_on_it(acme: object, globex: object) -> None:
    agent = make_agent()
    mine = talk(agent)
    stranger = user_as("agent")
    refused("conversation_unknown", add, conversation=mine, actor=stranger)
    agent.user.is_active = False
    refused("conversation_unknown", add, conversation=mine, actor=agent.user)
    with tenant_context(globex):
        refused("conversation_unknown", add, conversation=mine, actor=make_agent(available=False).user)
    assert not Note.objects.exists()


def test_a_note_is_changed_by_its_author_for_15_minutes_and_keeps_what_it_said(acme: object) -> None:
    agent, boss = make_agent(), user_as("administrator")
    note = add(talk(agent), agent.user, "First")
    note_edit(note_id=note.pk, body="First", actor=agent.user)
    assert not NoteEdit.objects.exists()
    changed = note_edit(note_id=note.pk, body="Second", actor=agent.user).note
    assert (changed.body, changed.edited_at is not None) == ("Second", True)
    assert [each.body for each in NoteEdit.objects.all()] == ["First"]
    refused("note_not_yours", note_edit, note_id=note.pk, body="Third", actor=boss)
    refused("message_empty", note_edit, note_id=note.pk, body=" ", actor=agent.user)
    refused("note_unknown", note_edit, note_id=uuid4(), body="Third", actor=agent.user)
    refused("note_unknown", note_edit, note_id=note.pk, body="Third", actor=user_as("agent"))
    Note.objects.filter(pk=note.pk).update(edited_at=None)
    age(note, EDITABLE)
    refused("note_too_old", note_edit, note_id=note.pk, body="Third", actor=agent.user)
    note_delete(note_id=note.pk, actor=agent.user)
    refused("note_deleted", note_edit, note_id=note.pk, body="Third", actor=agent.user)


def test_the_database_knows_both_rules(acme: object) -> None:
    agent = make_agent()
    note = add(talk(agent), agent.user)
    for fields in ({"deleted_at": note.created_at}, {"edited_at": note.created_at + EDITABLE * 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.filter(pk=note.pk).update(**fields)


def test_a_note_is_deleted_by_its_author_or_a_supervisor_and_says_so(acme: object) -> None:
    agent, other = make_agent(), user_as("agent")
    supervisor = user_as("supervisor")
    mine = talk(agent)
    first, second = add(mine, agent.user), add(mine, agent.user)
    refused("note_unknown", note_delete, note_id=first.pk, actor=other)
    refused("note_unknown", note_delete, note_id=first.pk, actor=supervisor)
    Membership.objects.create(agent_id=supervisor.pk, queue=default_queue())
    note_delete(note_id=first.pk, actor=agent.user)
    deleted = note_delete(note_id=second.pk, actor=supervisor)
    assert note_delete(note_id=second.pk, actor=agent.user).deleted_by == supervisor
    assert (deleted.deleted_by, deleted.body) == (supervisor, "Wants a refund")
    assert [note.is_deleted for note in selectors.notes_of_contact(mine.contact_id, user=agent.user).notes] == [
        True,
        True,
    ]
    assert selectors.notes_of_conversation(mine.pk) == []


def test_a_colleague_who_may_see_it_does_not_delete_it(acme: object) -> None:
    first = make_agent(chat=1)
    contact = ContactFactory()
    note = add(talk(first, contact=contact), first.user)
    second = make_agent()
    talk(second, contact=contact)
    refused("note_not_yours", note_delete, note_id=note.pk, actor=second.user)


def test_notes_of_earlier_agents_are_shown_the_newest_first_by_pages(acme: object) -> None:
    agent = make_agent()
    contact = ContactFactory()
    earlier = talk(agent, contact=contact)
    written = [add(earlier, agent.user, f"Note {n}", on_contact=n % 2 == 0) for n in range(45)]
    add(talk(agent), agent.user, "Of somebody else")
    found, before = [], None
    for _ in range(3):
        page = selectors.notes_of_contact(contact.pk, user=agent.user, before=before)
        found += page.notes
        before = page.more_before
    assert before is None
    assert [note.pk for note in found] == [note.pk for note in reversed(written)]
    assert len(selectors.notes_of_conversation(earlier.pk)) == 22


def test_names(acme: object) -> None:
    """AGT-12: nick, full and first names, the longest that fits; email addresses are none."""
    ana = UserFactory(first_name="Ana", last_name="Ruiz", nick_name="Annie")
    anabel = UserFactory(first_name="Anabel", last_name="Ruiz")
    bo, bo2 = UserFactory(first_name="Bo", last_name="Chen"), UserFactory(first_name="Bo", last_name="Lund")
    gone = UserFactory(first_name="Zoe", last_name="")
    user_deactivate(user=gone, actor=None)
    assert mentioned_users("ask @annie, or @ANABEL RUIZ!") == [ana, anabel]
    assert mentioned_users("@Ana and @Ana Ruiz") == [ana]
    assert set(mentioned_users("@bo?")) == {bo, bo2}
    assert mentioned_users("@Bo Lund’s idea") == [bo2]
    assert mentioned_users("write to me@bo.example or bo@ana.example, @Anab, @Zoe, @") == []


def test_whom_a_note_names_is_told_if_they_may_see_it(acme: object) -> None:
    agent = make_agent(first_name="Lena", last_name="Vogt")
    supervisor = user_as("supervisor", first_name="Sara", last_name="Diaz")
    stranger = user_as("agent", first_name="Omar", last_name="Haddad")
    Membership.objects.create(agent_id=supervisor.pk, queue=default_queue())
    mine = talk(agent, contact=ContactFactory(name="Ana Ruiz"))
    ears = [agent_group(each.pk) for each in (supervisor, stranger, agent)] + [conversation_group(mine.pk)]
    with GroupListener(*[("acme", group) for group in ears]) as listener:
        noted = note_add(
            conversation_id=mine.pk,
            key=uuid4(),
            body="@Sara please look. @Omar, @Lena",
            on_contact=False,
            actor=agent.user,
        )
        told = listener.heard(3)
    assert noted.untold == [stranger]
    assert [mention.user for mention in Mention.objects.all()] == [supervisor]
    line = "@Sara please look. @Omar, @Lena"
    (schema, group, notice), (_schema, same, mention), (_schema, author, frame) = told
    assert (schema, group, same, author) == ("acme", *[agent_group(supervisor.pk)] * 2, agent_group(agent.pk))
    assert (notice["type"], notice["text"]) == ("notice", f"Lena Vogt named you in a note about Ana Ruiz: {line}")
    assert mention == {"type": "mention", "unread": 1}
    assert (frame["type"], frame["contact"], frame["note"]["body"]) == ("note", str(mine.contact_id), line)
    assert (frame["note"]["author"]["name"], frame["note"]["conversation"]) == ("Lena Vogt", str(mine.pk))


def test_named_again_in_an_edit_is_told_once(acme: object) -> None:
    agent, boss = make_agent(), user_as("administrator", first_name="Kim", last_name="Berg")
    note = add(talk(agent), agent.user, "@Kim look")
    note_edit(note_id=note.pk, body="@Kim please look", actor=agent.user)
    assert [each.note for each in selectors.mentions_unseen(boss.pk)] == [note]
    other = add(talk(agent), agent.user, "@Kim this, too")
    assert selectors.mentions_count(boss.pk) == 2
    assert mentions_see(user_id=boss.pk, contact_id=other.contact_id) == 1
    assert mentions_see(user_id=boss.pk, contact_id=other.contact_id) == 0
    note_delete(note_id=note.pk, actor=agent.user)
    assert selectors.mentions_count(boss.pk) == 0


def test_who_may_see_which_conversations(acme: object) -> None:
    """Product's table: all, own queues, own ones and those of own contacts."""
    sales = Queue.objects.create(name="Sales")
    agent = make_agent(chat=9, queues=[default_queue(), sales])
    contact = ContactFactory()
    support = talk(agent, contact=contact)
    conversation_end(conversation_id=support.pk, by=Side.CUSTOMER, actor=None)
    other = talk(agent, queue=sales)
    waiting = [arrive(contact=contact, queue=Queue.objects.create(name="Empty"))]
    supervisor, admin, stranger = (user_as(role) for role in ("supervisor", "administrator", "agent"))
    Membership.objects.create(agent_id=supervisor.pk, queue=sales)
    everything = {support.pk, other.pk, waiting[0].pk}

    def seen_by(user: User) -> set[object]:
        return set(conversations_readable_by(user).values_list("pk", flat=True))

    assert seen_by(agent.user) == seen_by(admin) == everything
    assert seen_by(supervisor) == {other.pk}
    assert seen_by(stranger) == set()
    admin.is_active = False
    assert seen_by(admin) == set()
    assert seen_by(User(role=None)) == set()


def test_without_the_console_nobody_is_named(acme: object) -> None:
    role = Role.objects.create(code="reports", name="Reports", scope="all", permissions=["reports"])
    UserFactory(first_name="Ria", role=role)
    assert mentioned_users("@Ria") == []
