"""FRM-6 where messages are written: nothing is stored, told or shown that a rule takes out."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context, tenant_context

from apps.chat.actions import Introduction, visitor_open, visitor_start
from apps.chat.models import Visitor, WidgetChannel
from apps.conversations.actions import message_post
from apps.conversations.choices import Side
from apps.conversations.frames import message_view
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import AttachedFiles, MessageDraft, conversation_move_to_queue, system_message_post
from apps.core.errors import DomainError
from apps.files.actions import file_store
from apps.files.models import StoredFile, Uploader
from apps.masking.actions import rule_delete, rule_save
from apps.masking.choices import MaskingMethod, RuleKind, Speaker
from apps.masking.models import MaskingRule, MaskingState
from apps.notes.actions import note_add, note_edit
from apps.queues.models import Queue
from apps.responses.actions import draft_save
from tests.support.people import arrive, default_queue, make_agent, talk
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)

CARD, MASKED = "4111 1111 1111 1111", "•••• •••• •••• 1111"
IBAN = "DE89 3704 0044 0532 0130 00"


def say(conversation: Conversation, body: str, actor: Any = None, **more: Any) -> Message:
    side = Side.AGENT if actor else Side.CUSTOMER
    fields = {"client_id": uuid4(), **more}
    return message_post(
        conversation_id=conversation.pk, draft=MessageDraft(side=side, body=body, author=actor, **fields)
    )


def switch(kind: str, **fields: Any) -> MaskingRule:
    rule = MaskingRule.objects.get(kind=kind)
    queues = fields.pop("queues", ())
    for name, value in {"is_active": True, **fields}.items():
        setattr(rule, name, value)
    return rule_save(rule=rule, queues=queues)


def test_frm_6_a_tenant_begins_with_every_rule_and_masks_cards(acme: Any) -> None:
    kinds = set(MaskingRule.objects.values_list("kind", flat=True))
    assert kinds == set(RuleKind) - {RuleKind.OWN}
    assert list(MaskingRule.objects.filter(is_active=True).values_list("kind", "method", "keep_last", "who")) == [
        ("card", "mask", 4, "both")
    ]


def test_frm_6_both_sides_see_the_same_and_nobody_the_number(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent, body=f"My card is {CARD}")
    theirs, ours = say(conversation, f"again: {CARD}"), say(conversation, f"you said {CARD}", agent.user)
    first = Message.objects.get(conversation=conversation, number=1)
    assert [first.body, theirs.body, ours.body] == [f"My card is {MASKED}", f"again: {MASKED}", f"you said {MASKED}"]
    for message in (first, theirs, ours):
        message.refresh_from_db()
        assert message.removed_codes == ("card",)
        assert message_view(message).removed == ("card",)
    conversation.refresh_from_db()
    assert conversation.last_line == f"you said {MASKED}"


def test_frm_6_a_message_without_any_says_nothing_of_it(acme: Any) -> None:
    message = say(arrive(), "Order 4711, please")
    assert message.body == "Order 4711, please"
    assert message_view(message).removed == ()


def test_chat_10_the_same_message_sent_again_is_the_same(acme: Any) -> None:
    conversation, key = arrive(), uuid4()
    answers = race([lambda: say(conversation, CARD, client_id=key)] * 8)
    assert {answer.pk for answer in answers} == {answers[0].pk}
    assert {answer.body for answer in answers} == {MASKED}


def test_frm_6_what_the_company_says_in_its_own_name_stays(acme: Any) -> None:
    conversation = arrive()
    with transaction.atomic():
        assert system_message_post(conversation=conversation, body=f"Pay to {CARD}").body == f"Pay to {CARD}"


def test_frm_6_names_of_files_too_whatever_they_were_uploaded_as(acme: Any) -> None:
    conversation, visitor = arrive(), uuid4()
    file = file_store(name="4111111111111111 scan.txt", content=b"Hello", uploader=Uploader(outsider_id=visitor))
    enclosed = AttachedFiles((file.pk,), Uploader(outsider_id=visitor))
    message = say(conversation, "", attached=enclosed)
    assert StoredFile.objects.get(pk=file.pk).name == "••••••••••••1111 scan.txt"
    assert [each.name for each in message_view(message).files] == ["••••••••••••1111 scan.txt"]
    conversation.refresh_from_db()
    assert conversation.last_line == "📎 ••••••••••••1111 scan.txt"


def test_frm_6_the_name_that_a_customer_gives(acme: Any) -> None:
    channel = WidgetChannel.objects.get()
    WidgetChannel.objects.update(need_name=False, need_email=False)
    channel.refresh_from_db()
    opened = visitor_open(channel=channel, token=None, page={})
    who = Introduction(name=f"Ana {CARD}", email="", page={})
    first = MessageDraft(client_id=uuid4(), body=f"Hi, {CARD}")
    message = visitor_start(channel=channel, opened=opened, start_key=uuid4(), who=who, first=first)
    visitor = Visitor.objects.get()
    assert (message.body, visitor.name, visitor.contact.name) == (f"Hi, {MASKED}", f"Ana {MASKED}", f"Ana {MASKED}")


def test_frm_6_drafts_and_notes_are_kept_as_they_would_be_said(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent)
    draft = draft_save(conversation_id=conversation.pk, body=f"Yours is {CARD}", actor=agent.user)
    assert draft is not None
    assert draft.body == f"Yours is {MASKED}"
    fields = {"conversation_id": conversation.pk, "key": uuid4(), "on_contact": False, "actor": agent.user}
    note = note_add(body=f"Has {CARD}", **fields).note
    assert note.body == f"Has {MASKED}"
    assert note_edit(note_id=note.pk, body=f"Had {CARD}", actor=agent.user).note.body == f"Had {MASKED}"


# --- Rules: where, whose, in which order


def test_frm_6_a_rule_of_a_queue_looks_at_what_is_said_there(acme: Any) -> None:
    other = Queue.objects.create(name="Sales", hours=default_queue().hours)
    switch(RuleKind.IBAN, method=MaskingMethod.REDACT, all_queues=False, queues=[other])
    here, there = arrive(), arrive(queue=other)
    assert say(here, IBAN).body == IBAN
    assert say(there, IBAN).body == "█████"
    with transaction.atomic():
        conversation_move_to_queue(conversation=Conversation.objects.get(pk=here.pk), queue=other, actor=None)
    assert say(here, IBAN).body == "█████"


def test_frm_6_a_rule_of_one_side(acme: Any) -> None:
    agent = make_agent()
    switch(RuleKind.IBAN, who=Speaker.CUSTOMER, keep_last=0)
    conversation = talk(agent)
    assert say(conversation, IBAN, agent.user).body == IBAN
    assert say(conversation, IBAN).body == "•••• •••• •••• •••• •••• ••"


def test_frm_6_own_patterns_are_told_by_their_name(acme: Any) -> None:
    fields = {
        "pattern": "KD-[0-9]{6}",
        "told_as": "customer number",
        "method": MaskingMethod.REPLACE,
        "replacement": "KD-…",
    }
    rule_save(rule=MaskingRule(name="Ours", is_active=True, **fields))
    message = say(arrive(), f"kd-123456 and {CARD}")
    assert message.body == f"KD-… and {MASKED}"
    assert set(message.removed_codes) == {"card", "own:customer number"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"pattern": "(", "told_as": "x"}, "pattern_wrong"),
        ({"pattern": "a*", "told_as": "x"}, "pattern_empty"),
        ({"pattern": "a", "told_as": "x", "all_queues": False}, "masking_no_queues"),
        ({"pattern": "a+", "told_as": "x", "method": "replace", "replacement": "aa"}, "masking_replacement"),
    ],
)
def test_frm_6_a_rule_that_can_not_be_is_refused(acme: Any, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        rule_save(rule=MaskingRule(name="Ours", **fields))
    assert refused.value.code == code
    assert not MaskingRule.objects.filter(kind=RuleKind.OWN).exists()


def test_frm_6_what_is_built_in_is_switched_off_and_not_deleted(acme: Any) -> None:
    rule = MaskingRule.objects.get(kind=RuleKind.CARD)
    with pytest.raises(DomainError, match="switch it off"):
        rule_delete(rule=rule)
    rule.is_active = False
    rule_save(rule=rule)
    assert say(arrive(), CARD).body == CARD


# --- Every process, at once, for no query


def test_frm_6_a_change_holds_for_the_next_message_in_every_thread(acme: Any) -> None:
    conversation = arrive()
    for is_active in (False, True, False, True):
        switch(RuleKind.CARD, is_active=is_active)
        answers = race([lambda: say(conversation, CARD)] * 4)
        assert {answer.body for answer in answers} == {MASKED if is_active else CARD}


def test_frm_6_a_change_that_is_taken_back_holds_for_nobody(acme: Any) -> None:
    conversation = arrive()
    with pytest.raises(RuntimeError), transaction.atomic():
        switch(RuleKind.CARD, is_active=False)
        assert say(conversation, CARD).body == CARD
        raise RuntimeError
    assert say(conversation, CARD).body == MASKED


def test_ten_1_each_tenant_has_its_own_rules(acme: Any, globex: Any) -> None:
    with tenant_context(acme):
        switch(RuleKind.CARD, is_active=False)
        mine = arrive()
    with tenant_context(globex):
        assert say(arrive(), CARD).body == MASKED
    with tenant_context(acme):
        assert say(mine, CARD).body == CARD


def test_frm_6_costs_a_message_no_query(acme: Any) -> None:
    conversation = arrive()
    say(conversation, CARD)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        say(conversation, f"and {CARD}")
    asked = [query["sql"] for query in queries if "masking" in query["sql"]]
    assert len(asked) == 1
    assert "conversations_message" in asked[0]  # What a message asks anyway: whether it is stored already.


def test_frm_6_a_tenant_without_any_state_still_has_its_rules(acme: Any) -> None:
    MaskingState.objects.all().delete()
    conversation = arrive(body=CARD)
    conversation.refresh_from_db()
    assert conversation.last_line == MASKED
    MaskingState.objects.all().delete()
    assert say(conversation, CARD).body == MASKED


def test_frm_6_no_message_without_its_rules(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that can't be checked is refused, and nothing of it stays."""
    conversation = arrive()
    monkeypatch.setattr("apps.masking.engine.SECONDS", -1.0)
    with pytest.raises(DomainError) as refused:
        say(conversation, CARD)
    assert refused.value.code == "masking_too_long"
    assert Message.objects.count() == 1
    with pytest.raises(DomainError):
        arrive(body=CARD)
    with schema_context("acme"):
        assert Conversation.objects.count() == 1
