"""Stored once, in order, without gaps (CHAT-10), whoever sends at the same time."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django_tenants.utils import schema_context

from apps.conversations.actions import conversation_end, marks_advance, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Message
from apps.conversations.selectors import conversation_marks, messages_after
from apps.conversations.steps import MessageDraft, conversation_lock, system_message_post
from apps.conversations.steps.messages import message_write
from apps.conversations.text import MAX_LENGTH, clean_body
from apps.core.errors import DomainError
from tests.support.people import arrive, make_agent, talk
from tests.support.race import race
from tests.support.steps import under_lock

pytestmark = pytest.mark.django_db(transaction=True)


def say(conversation, body="Hi", client_id=None, actor=None):
    return message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(
            side="agent" if actor else "customer", client_id=client_id or uuid4(), body=body, author=actor
        ),
    )


def test_200_threads_with_repeated_client_ids_store_each_message_once_numbered_1_to_n(acme):
    conversation = arrive()
    keys = [uuid4() for _ in range(50)]
    answers = race([lambda key=key: say(conversation, str(key), key) for key in keys * 4])
    stored = list(Message.objects.filter(conversation=conversation))
    assert [message.number for message in stored] == list(range(1, 52))
    assert {message.client_id for message in stored[1:]} == set(keys)
    numbers = {message.client_id: message.number for message in stored}
    assert all(numbers[answer.client_id] == answer.number for answer in answers)


def test_a_reader_never_skips_what_commits_late(acme):
    """A takes a number and dawdles, B writes meanwhile: B gets the next number only once A has committed."""
    conversation = arrive()
    taken, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            message_write(conversation_lock(conversation.pk), MessageDraft(uuid4(), "slow"))
            taken.set()
            go_on.wait(10)

    def quick() -> int:
        taken.wait(10)
        threading.Timer(0.3, go_on.set).start()
        seen_before = messages_after(conversation.pk, 0)
        number = say(conversation, "quick").number
        return len(seen_before), number, [m.body for m in messages_after(conversation.pk, len(seen_before))]

    _, (held, number, caught_up) = race([slow, quick])
    assert (held, number, caught_up) == (1, 3, ["slow", "quick"])


def test_sent_again_it_is_the_same_message_and_nothing_moves(acme):
    agent = make_agent()
    conversation = talk(agent)
    key = uuid4()
    first, again = say(conversation, "once", key), say(conversation, "once, but changed", key)
    assert (again.pk, again.body) == (first.pk, "once")
    with pytest.raises(DomainError) as refused:
        say(conversation, "mine", key, actor=agent.user)
    assert refused.value.code == "client_id_taken"


def test_only_the_agent_who_has_it_may_write_and_nobody_once_it_is_over(acme):
    from apps.conversations.actions import conversation_end

    agent, other = make_agent(), make_agent(available=False)
    conversation = talk(agent)
    with pytest.raises(DomainError) as refused:
        say(conversation, actor=other.user)
    assert refused.value.code == "not_yours"
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    for actor in (None, agent.user):
        with pytest.raises(DomainError) as refused:
            say(conversation, actor=actor)
        assert refused.value.code == "conversation_ended"


def test_a_resend_after_the_end_still_finds_what_was_stored(acme):
    from apps.conversations.actions import conversation_end

    conversation = talk(make_agent())
    key = uuid4()
    stored = say(conversation, "last words", key)
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    assert say(conversation, "last words", key).number == stored.number


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\x00b\x07c", "abc"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\u202eright to left\u202c", "\u202eright to left\u202c"),
        ("  spaced\tout  ", "spaced\tout"),
    ],
)
def test_bodies_are_text(body, stored):
    assert clean_body(body) == stored


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "message_empty"),
        (" \n\t ", "message_empty"),
        ("\x00\x1b", "message_empty"),
        ("x" * 10_001, "message_too_long"),
    ],
)
def test_bodies_that_are_refused(body, code):
    with pytest.raises(DomainError) as refused:
        clean_body(body)
    assert refused.value.code == code
    assert clean_body("x" * MAX_LENGTH)


def test_marks_only_grow_and_never_pass_the_last_number(acme):
    conversation = talk(make_agent())
    conversation.refresh_from_db()
    last = conversation.last_number
    marks_advance(conversation=conversation, side="customer", delivered=last, read=1)
    assert marks_advance(conversation=conversation, side="customer", delivered=1, read=1) is None
    marks_advance(conversation=conversation, side="customer", delivered=0, read=999)
    mark = conversation_marks(conversation.pk)["customer"]
    assert (mark.delivered, mark.read) == (last, last)
    assert conversation_marks(conversation.pk)["agent"].read == 0


def test_unanswered_since_is_the_earliest_message_without_an_answer(acme):
    agent = make_agent()
    conversation = talk(agent)
    earliest = conversation.messages.get(number=1).created_at
    say(conversation, "still there?")
    conversation.refresh_from_db()
    assert conversation.unanswered_since == earliest
    say(conversation, "yes", actor=agent.user)
    conversation.refresh_from_db()
    assert conversation.unanswered_since is None
    segment = conversation.segments.get(kind="agent")
    assert segment.first_response_at == conversation.messages.get(body="yes").created_at


def test_the_timeline_refuses_to_be_rewritten(acme):
    conversation = arrive()
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        conversation.timeline.update(kind="closed")
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM conversations_conversationevent")
    assert conversation.timeline.count() == 2


def test_another_tenants_conversation_does_not_exist_here(acme, globex):
    conversation = arrive()
    with schema_context("globex"), pytest.raises(DomainError) as refused:
        say(conversation)
    assert refused.value.code == "conversation_unknown"


def test_a_notice_is_a_numbered_line_that_answers_nobody(acme):
    conversation = talk(make_agent())
    notice = under_lock(system_message_post, conversation, body=" Nobody is here \x07")
    conversation.refresh_from_db()
    assert (notice.number, notice.side, notice.kind, notice.body) == (3, "system", "notice", "Nobody is here")
    assert conversation.unanswered_since is not None
    assert conversation.last_line == "Hello"
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    with pytest.raises(DomainError) as refused:
        under_lock(system_message_post, conversation, body="Too late")
    assert refused.value.code == "conversation_ended"
