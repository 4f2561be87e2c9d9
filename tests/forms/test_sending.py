"""Sending, filling in, taking back, revealing, erasing (FRM-1 to FRM-5)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.accounts.permissions import Permission
from apps.agents.models import Agent, AgentGroup, Notice
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.forms.actions import (
    FormError,
    form_delete,
    form_erase,
    form_fill,
    form_link,
    form_publish,
    form_reveal,
    form_save,
    form_send,
    form_withdraw,
    is_changed,
)
from apps.forms.choices import REDACTED, Status, Via
from apps.forms.models import FormAccess, FormSettings, FormValue, FormVersion, SentForm
from apps.forms.redaction import fields_to_decrypt, redacted_fields
from apps.forms.selectors import form_values, may_reveal, sendable_forms
from apps.forms.tokens import token_read
from apps.queues.models import Queue
from apps.vault.actions import data_key_rotate, data_keys_erase
from apps.vault.master_keys import DecryptionError
from tests.support.browser import user_as
from tests.support.forms import ANSWERS, CARD, fields_set, fill, form, given, publish, published, reveal, send, talked
from tests.support.people import default_queue, make_agent
from tests.support.threads import race

pytestmark = pytest.mark.django_db(transaction=True)


def code(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(DomainError) as refused:
        call(*args, **kwargs)
    return refused.value.code


def lines(conversation: Conversation) -> list[tuple[str, str, str]]:
    told = conversation.messages.filter(kind__in=["form", "filled"]).order_by("number")
    return list(told.values_list("kind", "side", "body"))


def kinds(conversation: Conversation) -> list[str]:
    told = conversation.timeline.filter(kind__startswith="form_").order_by("pk")
    return list(told.values_list("kind", flat=True))


# --- Publishing


def test_frm_1_a_draft_is_published_as_the_next_version(acme: Any) -> None:
    """Publishing what is published already makes no version; nobody is sent a draft."""
    made = form()
    agent = make_agent()
    conversation = talked(agent)
    assert code(form_send, conversation_id=conversation.pk, form_id=made.pk, actor=agent.user) == "form_unknown"
    first = publish(made)
    assert (first.number, is_changed(made), form_publish(form=made, actor=None)) == (1, False, first)
    fields_set(made, {"label": "Only this"})
    assert is_changed(made)
    second = publish(made)
    assert (second.number, [field.name for field in second.definition.fields]) == (2, ["only_this"])
    assert [field.name for field in FormVersion.objects.get(number=1).definition.fields] == [
        "full_name",
        "card",
        "code",
    ]
    with pytest.raises(ProgrammingError), transaction.atomic():
        FormVersion.objects.update(number=9)


def test_a_form_that_is_not_ready_says_why(acme: Any) -> None:
    made = form({"label": "Colour", "kind": "radio"})
    with pytest.raises(DomainError) as refused:
        form_publish(form=made, actor=None)
    assert refused.value.message == "Colour: There is nothing to choose from: write one option on each line."
    made.refresh_from_db()
    assert made.published is None


def test_frm_1_queues_and_groups_decide_who_may_use_it(acme: Any) -> None:
    """A rule whose last queue is gone serves nobody."""
    sales, group = Queue.objects.create(name="Sales"), AgentGroup.objects.create(name="Seniors")
    agent = make_agent()
    everywhere, of_sales, of_seniors = published(), published(queues=[sales]), published(agent_groups=[group])
    off = published(is_active=False)

    def may_send(queue: Queue, group_id: Any) -> set[Any]:
        return set(sendable_forms(queue=queue.pk, group=group_id).values_list("pk", flat=True))

    assert may_send(default_queue(), agent.group_id) == {everywhere.pk}
    assert may_send(sales, agent.group_id) == {everywhere.pk, of_sales.pk}
    assert may_send(default_queue(), group.pk) == {everywhere.pk, of_seniors.pk}
    sales.delete()
    assert of_sales.pk not in may_send(default_queue(), agent.group_id)
    assert code(send, agent, off) == "form_unknown"


def test_a_supervisor_sets_up_forms_of_their_own_queues(acme: Any) -> None:
    supervisor, made = user_as("supervisor"), form()
    assert code(form_save, form=made, queues=[], agent_groups=[], actor=supervisor) == "form_not_yours"
    assert code(form_publish, form=made, actor=supervisor) == "form_not_yours"
    assert code(form_delete, form=made, actor=supervisor) == "form_not_yours"


def test_a_form_that_was_sent_is_not_deleted(acme: Any) -> None:
    agent = make_agent()
    sent = send(agent)
    assert code(form_delete, form=sent.form, actor=None) == "form_in_use"
    other = published()
    form_delete(form=other, actor=None)
    assert FormVersion.objects.count() == 1


# --- Sending and filling in


def test_frm_2_it_is_sent_as_a_line_and_filled_in_once(acme: Any) -> None:
    """Both sides see what happened, and nothing of what stands in it; the agent is told in words."""
    agent = make_agent()
    conversation = talked(agent)
    sent = send(agent, conversation=conversation)
    assert (sent.status(timezone.now()), sent.expires_at - sent.sent_at) == (Status.SENT, timedelta(hours=24))
    with pytest.raises(FormError) as wrong:
        fill(sent, full_name="", card="x", code="")
    assert wrong.value.errors == {"full_name": "Please fill this in."}
    assert not FormValue.objects.exists()
    fill(sent)
    sent.refresh_from_db()
    assert (sent.status(timezone.now()), sent.via) == (Status.FILLED, "widget")
    assert lines(conversation) == [("form", "agent", "Identity check"), ("filled", "customer", "Identity check")]
    assert kinds(conversation) == ["form_sent", "form_filled"]
    conversation.refresh_from_db()
    assert conversation.last_line == "📋 Identity check"
    assert conversation.unanswered_since is not None
    assert [notice.text for notice in Notice.objects.filter(agent=agent)] == [
        f"{conversation.contact.display_name} has filled in “Identity check”."
    ]
    assert code(fill, sent) == "form_filled"
    assert FormValue.objects.count() == 3
    assert form_values([sent.pk]) == {sent.pk: ANSWERS}


def test_frm_5_the_database_holds_no_value(acme: Any) -> None:
    sent = fill(send(make_agent()))
    held = b"".join(bytes(value) for value in FormValue.objects.values_list("sealed", flat=True))
    assert not any(value.encode() in held for value in (*ANSWERS.values(), "1234"))
    with pytest.raises(DecryptionError):
        FormValue.objects.filter(key="card").update(sealed=FormValue.objects.get(key="code").sealed)
        form_values([sent.pk])


def test_the_same_form_is_open_once(acme: Any) -> None:
    """Until it is filled in, taken back, or expired."""
    agent, made = make_agent(), published()
    conversation = talked(agent)
    first = send(agent, made, conversation)
    assert code(send, agent, made, conversation) == "form_open"
    form_withdraw(sent_id=first.pk, actor=agent.user)
    form_withdraw(sent_id=first.pk, actor=agent.user)
    second = send(agent, made, conversation)
    with time_machine.travel(second.expires_at, tick=False):
        third = send(agent, made, conversation)
        fill(third)
        send(agent, made, conversation)
    assert kinds(conversation).count("form_withdrawn") == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        SentForm.objects.filter(pk__in=[second.pk]).update(withdrawn_at=None)


def test_two_who_send_or_fill_in_at_once_are_one(acme: Any) -> None:
    agent, made = make_agent(), published()
    conversation = talked(agent)
    sent = race([lambda: send(agent, made, conversation)] * 3)
    assert sum(isinstance(each, SentForm) for each in sent) == SentForm.objects.count() == 1
    only = SentForm.objects.get()
    filled = race([lambda: fill(only), lambda: fill(only, full_name="Bo", card=CARD), lambda: fill(only)])
    assert sum(isinstance(each, SentForm) for each in filled) == 1
    assert len(lines(conversation)) == 2


@pytest.mark.parametrize("how", ["expired", "withdrawn", "unknown"])
def test_what_is_not_open_is_not_filled_in(acme: Any, how: str) -> None:
    agent = make_agent()
    sent = send(agent)
    if how == "withdrawn":
        form_withdraw(sent_id=sent.pk, actor=agent.user)
    if how == "unknown":
        sent = SentForm(version=sent.version, conversation=sent.conversation)
    at = sent.expires_at if how == "expired" else timezone.now()
    with time_machine.travel(at, tick=False):
        assert code(form_fill, sent_id=sent.pk, given=given(**ANSWERS), via=Via.WIDGET) == f"form_{how}"
    assert not FormValue.objects.exists()


def test_a_sent_form_keeps_its_version(acme: Any) -> None:
    """Published anew between sending and filling in."""
    agent, made = make_agent(), published()
    sent = send(agent, made)
    fields_set(made, {"label": "Something else", "is_required": True})
    publish(made)
    fill(sent)
    assert form_values([sent.pk])[sent.pk] == ANSWERS
    assert reveal(sent, agent, "card") == {"card": CARD}


@pytest.mark.parametrize("state", ["wrap_up", "closed"])
def test_a_conversation_that_has_ended_meanwhile_takes_it_all_the_same(acme: Any, state: str) -> None:
    """No line is added to what is over; its timeline and its agent's screen tell."""
    agent = make_agent()
    sent = send(agent)
    conversation_end(conversation_id=sent.conversation_id, by=Side.AGENT, actor=agent.user)
    if state == "closed":
        Conversation.objects.update(state="closed", closed_at=timezone.now())
    before = Conversation.objects.get().version
    fill(sent, via=Via.LINK)
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.version) == (state, before + 1)
    assert lines(conversation) == [("form", "agent", "Identity check")]
    assert kinds(conversation) == ["form_sent", "form_filled"]
    assert Notice.objects.count() == (1 if state == "wrap_up" else 0)


def test_only_its_agent_sends_takes_back_and_copies_the_link(acme: Any) -> None:
    agent = make_agent()
    sent = send(agent)
    other = user_as("administrator")
    asked = {"conversation_id": sent.conversation_id, "form_id": sent.form_id}
    assert code(form_send, **asked, actor=other) == "not_yours"
    assert code(form_withdraw, sent_id=sent.pk, actor=other) == "not_yours"
    assert code(form_link, sent_id=sent.pk, actor=other) == "not_yours"
    token = token_read(form_link(sent_id=sent.pk, actor=agent.user))
    assert token is not None
    assert (token.sent, token.via) == (sent.pk, Via.LINK)
    assert FormAccess.objects.get().kind == "link"
    fill(sent)
    assert code(form_withdraw, sent_id=sent.pk, actor=agent.user) == "form_filled"
    assert code(form_link, sent_id=sent.pk, actor=agent.user) == "form_filled"


# --- Revealing


def test_frm_4_a_reveal_shows_one_field_and_is_recorded(acme: Any) -> None:
    agent = make_agent()
    sent = fill(send(agent))
    assert reveal(sent, agent, "card", reason=" To\x00  check ") == {"card": CARD}
    row = FormAccess.objects.get()
    assert (row.user, row.kind, row.fields, row.reason) == (agent.user, "reveal", ["Card number"], "To check")
    assert kinds(sent.conversation)[-1] == "form_revealed"
    assert sent.conversation.timeline.last().data == {  # type: ignore[union-attr]
        "form": str(sent.pk),
        "title": "Identity check",
        "fields": ["Card number"],
    }
    for change in ({"reason": "other"}, None):
        with pytest.raises(ProgrammingError), transaction.atomic():
            FormAccess.objects.update(**change) if change else FormAccess.objects.all().delete()


def test_frm_4_of_a_secured_form_everything_is_revealed_at_once(acme: Any) -> None:
    agent = make_agent()
    sent = fill(send(agent, published(is_secured=True)))
    assert fields_to_decrypt(sent.version.definition) == []
    assert {each.text for each in redacted_fields(sent.version.definition, {})} == {REDACTED}
    assert reveal(sent, agent) == ANSWERS
    assert FormAccess.objects.get().fields == ["Full name", "Card number", "Code"]
    assert code(reveal, sent, agent, "card") == "field_unknown"


@pytest.mark.parametrize("name", ["", "full_name", "nothing"])
def test_what_is_no_secured_field_is_not_revealed(acme: Any, name: str) -> None:
    agent = make_agent()
    sent = fill(send(agent))
    assert code(reveal, sent, agent, name) == "field_unknown"
    assert not FormAccess.objects.exists()


def role_of(*permissions: Permission, scope: str = "all") -> Role:
    return Role.objects.create(code=f"r{Role.objects.count()}", name="R", scope=scope, permissions=list(permissions))


def test_ten_5_who_may_reveal(acme: Any) -> None:
    """Roles by their permission; the stock agent by the switch, which no other role has."""
    agent = make_agent()
    people: dict[str, User] = {name: user_as(name) for name in ("owner", "administrator", "supervisor")}
    people["agent"] = agent.user
    people["custom"] = user_as("owner")
    people["custom"].role = role_of(Permission.CONSOLE)
    assert {name: may_reveal(user) for name, user in people.items()} == dict.fromkeys(people, True) | {"custom": False}
    FormSettings.objects.update(agents_reveal=False)
    assert not may_reveal(agent.user)
    assert may_reveal(people["supervisor"])
    sent = fill(send(agent))
    assert code(reveal, sent, agent, "card") == "reveal_refused"
    people["owner"].is_active = False
    assert not may_reveal(people["owner"])
    assert not FormAccess.objects.exists()


def test_ten_5_a_form_of_others_is_none(acme: Any) -> None:
    sent = fill(send(make_agent()))
    other = make_agent(queues=[Queue.objects.create(name="Sales")])
    assert code(reveal, sent, other, "card") == "form_unknown"
    assert code(form_reveal, sent_id=sent.pk, name="card", reason="", actor=user_as("supervisor")) == "form_unknown"
    owner = Agent.objects.get(pk=user_as("owner").pk)
    assert reveal(sent, owner, "card") == {"card": CARD}


def test_frm_4_a_reason_where_one_is_asked_for(acme: Any) -> None:
    FormSettings.objects.update(asks_reason=True)
    agent = make_agent()
    sent = send(agent)
    assert code(reveal, sent, agent, "card", "Fraud check") == "form_not_filled"
    fill(sent)
    assert code(reveal, sent, agent, "card", "  ") == "reason_needed"
    assert reveal(sent, agent, "card", "Fraud check") == {"card": CARD}
    assert [row.reason for row in FormAccess.objects.all()] == ["Fraud check"]


# --- Keys


def test_frm_5_values_outlive_the_rotation_of_their_key(acme: Any) -> None:
    agent = make_agent()
    old = fill(send(agent))
    data_key_rotate(purpose="forms")
    new = fill(send(agent))
    keys = {bytes(value)[1:17] for value in FormValue.objects.values_list("sealed", flat=True)}
    assert len(keys) == 2
    assert form_values([old.pk, new.pk]) == {old.pk: ANSWERS, new.pk: ANSWERS}


def test_frm_5_erasing_the_keys_erases_the_values(acme: Any) -> None:
    agent = make_agent()
    sent = fill(send(agent))
    assert data_keys_erase(purpose="forms") == 1
    assert code(reveal, sent, agent, "card") == "form_erased"
    assert not FormAccess.objects.exists()
    again = fill(send(agent))
    assert reveal(again, agent, "card") == {"card": CARD}


def test_aud_2_the_values_of_one_form_are_erased(acme: Any) -> None:
    agent, owner = make_agent(), user_as("owner")
    sent = send(agent)
    assert code(form_erase, sent_id=sent.pk, reason="", actor=owner) == "form_not_filled"
    fill(sent)
    assert [form_erase(sent_id=sent.pk, reason="Asked for", actor=owner) for _ in range(2)] == [3, 0]
    assert not FormValue.objects.exists()
    assert code(reveal, sent, agent, "card") == "form_erased"
    row = FormAccess.objects.get()
    assert (row.kind, row.user, row.reason) == ("erase", owner, "Asked for")
    assert kinds(sent.conversation) == ["form_sent", "form_filled", "form_erased"]
