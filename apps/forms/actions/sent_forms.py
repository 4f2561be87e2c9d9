"""A form is sent, taken back, or its link handed out (FRM-2)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.conversations.choices import Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_raise_version, form_message_post
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.forms import selectors
from apps.forms.choices import AccessKind, FormEventKind, Refusal, Status, Via
from apps.forms.events import FormSent
from apps.forms.models import Form, FormSettings, SentForm
from apps.forms.steps import (
    access_record,
    form_timeline_record,
    own_conversation_lock,
    refuse_unless_open,
    sent_form_get,
)
from apps.forms.tokens import token_make


@transaction.atomic
def form_send(*, conversation_id: UUID, form_id: UUID, actor: User) -> SentForm:
    """Send the newest published version of a form to the customer, as a line of the conversation (FRM-2).

    The version is kept: what is published later changes nothing of what was sent.

    Args:
        conversation_id: a live one of the actor's.
        form_id: a form that may be sent there.
        actor: its agent.

    Raises:
        DomainError: ``not_yours``, ``conversation_ended``, ``conversation_snoozed``, ``form_unknown``, ``form_open``
            while the customer has the same one before them.
    """
    conversation = own_conversation_lock(conversation_id, actor)
    if conversation.state == State.SNOOZED:
        raise DomainError(Refusal.CONVERSATION_SNOOZED, _("It is snoozed: wake it up first."))
    form = _sendable(conversation, form_id, actor)
    now = timezone.now()
    _make_way(conversation, form, now)
    settings: FormSettings = FormSettings.load()
    version: Any = form.published
    message = form_message_post(conversation=conversation, side=Side.AGENT, name=version.definition.title, actor=actor)
    sent = SentForm.objects.create(
        conversation=conversation,
        form=form,
        version=version,
        message=message,
        agent=actor,
        sent_at=now,
        expires_at=now + settings.open_for,
    )
    form_timeline_record(
        sent, conversation, FormEventKind.FORM_SENT, Side.AGENT, at=now, actor=actor, version=version.number
    )
    conversation_raise_version(conversation=conversation)
    announce(FormSent(sent))
    return sent


def _sendable(conversation: Conversation, form_id: UUID, actor: User) -> Form:
    group = Agent.objects.filter(pk=actor.pk).values_list("group", flat=True).first()
    found = selectors.sendable_forms(queue=conversation.queue_id, group=group).filter(pk=form_id)
    form = found.select_related("published").first()
    if form is None:
        raise DomainError(Refusal.FORM_UNKNOWN, _("This form can’t be sent here any more."))
    return form


def _make_way(conversation: Conversation, form: Form, now: datetime) -> None:
    """One that expired makes way for the next; one that is open does not."""
    known = SentForm.objects.filter(conversation=conversation, form=form, filled_at=None, withdrawn_at=None).first()
    if known is None:
        return
    if known.status(now) == Status.SENT:
        raise DomainError(
            Refusal.FORM_OPEN, _("The customer has this form already: take it back before you send it again.")
        )
    known.withdrawn_at = now
    known.save(update_fields=["withdrawn_at"])


@transaction.atomic
def form_withdraw(*, sent_id: UUID, actor: User) -> SentForm:
    """The agent takes a form back that was not filled in. Saying so twice changes nothing more.

    Raises:
        DomainError: ``form_unknown``, ``not_yours``, ``form_filled``.
    """
    sent = sent_form_get(sent_id)
    conversation = own_conversation_lock(sent.conversation_id, actor)
    sent.refresh_from_db()
    if sent.is_filled:
        raise DomainError(Refusal.FORM_FILLED, _("It has been filled in already."))
    if sent.withdrawn_at is not None:
        return sent
    now = sent.withdrawn_at = timezone.now()
    sent.save(update_fields=["withdrawn_at"])
    form_timeline_record(sent, conversation, FormEventKind.FORM_WITHDRAWN, Side.AGENT, at=now, actor=actor)
    conversation_raise_version(conversation=conversation)
    return sent


@transaction.atomic
def form_link(*, sent_id: UUID, actor: User) -> str:
    """Hand out the link to an open form, for a customer who has no chat before them; who took it is recorded (FRM-2).

    Returns:
        Its token.

    Raises:
        DomainError: ``form_unknown``, ``not_yours``, or why it can't be filled in any more.
    """
    sent = sent_form_get(sent_id)
    own_conversation_lock(sent.conversation_id, actor)
    refuse_unless_open(sent, timezone.now())
    access_record(sent, AccessKind.LINK, actor)
    return token_make(sent.pk, Via.LINK)
