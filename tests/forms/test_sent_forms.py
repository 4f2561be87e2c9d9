"""A form is sent, filled in once, or taken back; who may copy its link (FRM-2, FRM-5)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.agents.models import Notice
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.forms.actions import FormError, form_fill, form_link, form_send, form_withdraw
from apps.forms.choices import Status, Via
from apps.forms.models import FormAccess, FormValue, SentForm
from apps.forms.selectors import form_values
from apps.forms.tokens import token_read
from apps.vault.master_keys import DecryptionError
from tests.support.browser import user_as
from tests.support.forms import (
    ANSWERS,
    CARD,
    code,
    fields_set,
    fill,
    given,
    kinds,
    lines,
    publish,
    published,
    reveal,
    send,
    talked,
)
from tests.support.people import make_agent
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)


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
