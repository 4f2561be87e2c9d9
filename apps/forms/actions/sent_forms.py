"""Sending, filling in, revealing (FRM-2 to FRM-5).

What customers fill in goes from the request that brings it into the vault, and from the vault into the answer to a
reveal. No message, event, frame, job or log carries any of it.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.agents.steps import notice_add
from apps.conversations.choices import CUSTOMER_OPEN_STATES, Side, State
from apps.conversations.models import Conversation
from apps.conversations.selectors import conversations_readable_by
from apps.conversations.steps import conversation_lock, conversation_raise_version, form_message_post, timeline_record
from apps.conversations.text import clean_body
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.ids import uuid7
from apps.core.rows import rows_add
from apps.forms import selectors
from apps.forms.choices import PURPOSE, REASON_LENGTH, AccessKind, FormEventKind, Refusal, Status, Via
from apps.forms.definition import Field
from apps.forms.events import FormSent
from apps.forms.models import Form, FormAccess, FormSettings, FormValue, SentForm
from apps.forms.submission import FieldValue, Submission, SubmittedData, check_submission, value_text
from apps.forms.tokens import token_make
from apps.vault.encryption import encrypt_value
from apps.vault.master_keys import DecryptionError


class FormError(DomainError):
    """What was filled in is not acceptable.

    Attributes:
        errors: sentences for the customer, by the name of the field. They repeat nothing that was typed.
    """

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(Refusal.FORM_WRONG, _("Please look at what is marked."))
        self.errors = errors


# --- Sending


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
    conversation = _own(conversation_id, actor)
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
    _record(sent, conversation, FormEventKind.FORM_SENT, Side.AGENT, at=now, actor=actor, version=version.number)
    conversation_raise_version(conversation=conversation)
    announce(FormSent(sent))
    return sent


def _own(conversation_id: UUID, actor: User) -> Conversation:
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    return conversation


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
    sent = _sent(sent_id)
    conversation = _own(sent.conversation_id, actor)
    sent.refresh_from_db()
    if sent.is_filled:
        raise DomainError(Refusal.FORM_FILLED, _("It has been filled in already."))
    if sent.withdrawn_at is not None:
        return sent
    now = sent.withdrawn_at = timezone.now()
    sent.save(update_fields=["withdrawn_at"])
    _record(sent, conversation, FormEventKind.FORM_WITHDRAWN, Side.AGENT, at=now, actor=actor)
    conversation_raise_version(conversation=conversation)
    return sent


# --- Filling in


@sensitive_variables()
def form_fill(*, sent_id: UUID, given: SubmittedData, via: Via) -> SentForm:
    """The customer fills a form in, once, in time, also when the conversation has ended (FRM-2).

    Args:
        sent_id: the form; whoever calls has seen to it that they may.
        given: what a browser sent, by the names that `submission` gives them.
        via: where it was filled in.

    Raises:
        FormError: some of it is not acceptable; nothing is kept.
        DomainError: ``form_unknown``, ``form_filled``, ``form_expired``, ``form_withdrawn``.
    """
    sent = _sent(sent_id)
    _must_be_open(sent, timezone.now())
    # Before anything is locked: patterns may take their time.
    filled = check_submission(sent.version.definition, given)
    if filled.errors:
        raise FormError(filled.errors)
    return _keep(sent, filled, via)


@sensitive_variables()
@transaction.atomic
def _keep(sent: SentForm, filled: Submission, via: Via) -> SentForm:
    conversation = conversation_lock(sent.conversation_id)
    sent.refresh_from_db(fields=["filled_at", "withdrawn_at", "expires_at"])
    now = timezone.now()
    _must_be_open(sent, now)
    rows_add([_sealed(sent, name, value) for name, value in filled.values.items()])
    sent.filled_at, sent.via = now, via
    sent.save(update_fields=["filled_at", "via"])
    said = conversation.state in CUSTOMER_OPEN_STATES
    if said:
        form_message_post(conversation=conversation, side=Side.CUSTOMER, name=sent.version.definition.title, actor=None)
    _record(sent, conversation, FormEventKind.FORM_FILLED, Side.CUSTOMER, at=now, actor=None, via=via, said=said)
    _tell_agent(conversation, sent)
    conversation_raise_version(conversation=conversation)
    return sent


@sensitive_variables()
def _sealed(sent: SentForm, name: str, value: FieldValue) -> FormValue:
    row = FormValue(pk=uuid7(), sent=sent, key=name)
    row.sealed = encrypt_value(json.dumps(value).encode(), purpose=PURPOSE, owner=row.pk)
    return row


def _must_be_open(sent: SentForm, now: datetime) -> None:
    refusals = {
        Status.FILLED: (Refusal.FORM_FILLED, _("This form has been filled in already. Thank you!")),
        Status.EXPIRED: (Refusal.FORM_EXPIRED, _("This form can’t be filled in any more.")),
        Status.WITHDRAWN: (Refusal.FORM_WITHDRAWN, _("This form is not needed any more.")),
    }
    if refusal := refusals.get(sent.status(now)):
        raise DomainError(*refusal)


def _tell_agent(conversation: Conversation, sent: SentForm) -> None:
    """Whoever has the conversation is told in words; after its end it may be nobody."""
    if conversation.agent_id is None or conversation.state == State.CLOSED:
        return
    said = {"name": conversation.contact.display_name, "form": sent.version.definition.title}
    notice_add(agent_id=conversation.agent_id, text=_("%(name)s has filled in “%(form)s”.") % said)


# --- Revealing


@dataclass(frozen=True)
class Revealed:
    """A value that may be seen for a moment.

    Attributes:
        name: of its field.
        label: of its field.
        text: the value as people read it; empty where nothing was filled in.
    """

    name: str
    label: str
    text: str


@sensitive_variables()
@transaction.atomic
def form_reveal(*, sent_id: UUID, name: str, reason: str, actor: User) -> list[Revealed]:
    """Show secured values to somebody who may see them, and record that they were shown (FRM-4).

    Args:
        sent_id: a filled form of a conversation that the actor may see.
        name: the field; empty for all of a form that is secured as a whole.
        reason: why; needed where the tenant asks for one.
        actor: who looks.

    Raises:
        DomainError: ``form_unknown``, ``reveal_refused``, ``form_not_filled``, ``field_unknown``,
            ``reason_needed``, ``form_erased``.
    """
    sent = _sent(sent_id)
    if not conversations_readable_by(actor).filter(pk=sent.conversation_id).exists():
        raise _unknown()
    if not selectors.may_reveal(actor):
        raise DomainError(Refusal.REVEAL_REFUSED, _("You may not see these values."))
    if not sent.is_filled:
        raise DomainError(Refusal.FORM_NOT_FILLED, _("Nothing has been filled in yet."))
    fields, reason = _asked_for(sent, name), _reason(reason)
    try:
        values = selectors.form_values([sent.pk], {sent.pk: [field.name for field in fields]})[sent.pk]
    except DecryptionError:
        raise _erased() from None
    if sent.erased_at is not None:
        raise _erased()
    labels = [field.label for field in fields]
    conversation = conversation_lock(sent.conversation_id)
    _access(sent, AccessKind.REVEAL, actor, fields=labels, reason=reason)
    _record(
        sent,
        conversation,
        FormEventKind.FORM_REVEALED,
        Side.AGENT,
        at=timezone.now(),
        actor=actor,
        fields=[] if sent.version.definition.is_secured else labels,
    )
    conversation_raise_version(conversation=conversation)
    return [Revealed(field.name, field.label, value_text(field, values.get(field.name))) for field in fields]


def _asked_for(sent: SentForm, name: str) -> list[Field]:
    definition = sent.version.definition
    if definition.is_secured and not name:
        return definition.asked
    found = [field for field in definition.asked if field.name == name and field.secure]
    if definition.is_secured or not found:
        raise DomainError(Refusal.FIELD_UNKNOWN, _("There is nothing to reveal here."))
    return found


def _reason(text: str) -> str:
    reason = " ".join(clean_body(text[: 4 * REASON_LENGTH], may_be_empty=True).split())[:REASON_LENGTH]
    settings: FormSettings = FormSettings.load()
    if settings.asks_reason and not reason:
        raise DomainError(Refusal.REASON_NEEDED, _("Say why you need to see it."))
    return reason


@transaction.atomic
def form_link(*, sent_id: UUID, actor: User) -> str:
    """Hand out the link to an open form, for a customer who has no chat before them; who took it is recorded (FRM-2).

    Returns:
        Its token.

    Raises:
        DomainError: ``form_unknown``, ``not_yours``, or why it can't be filled in any more.
    """
    sent = _sent(sent_id)
    _own(sent.conversation_id, actor)
    _must_be_open(sent, timezone.now())
    _access(sent, AccessKind.LINK, actor)
    return token_make(sent.pk, Via.LINK)


# --- Erasing


@transaction.atomic
def form_erase(*, sent_id: UUID, reason: str, actor: User | None) -> int:
    """Delete what stands in a filled form for good; that it was filled in, and who looked at it, stays (AUD-2).

    Args:
        sent_id: the form.
        reason: why.
        actor: who; none is the system.

    Returns:
        How many values there were.

    Raises:
        DomainError: ``form_unknown``, ``form_not_filled``.
    """
    sent = _sent(sent_id)
    conversation = conversation_lock(sent.conversation_id)
    sent.refresh_from_db(fields=["filled_at", "erased_at"])
    if not sent.is_filled:
        raise DomainError(Refusal.FORM_NOT_FILLED, _("Nothing has been filled in yet."))
    deleted = FormValue.objects.filter(sent=sent).delete()[0]
    if sent.erased_at is None:
        now = sent.erased_at = timezone.now()
        sent.save(update_fields=["erased_at"])
        if actor is not None:
            _access(sent, AccessKind.ERASE, actor, reason=reason)
        _record(sent, conversation, FormEventKind.FORM_ERASED, Side.SYSTEM, at=now, actor=actor)
        conversation_raise_version(conversation=conversation)
    return deleted


# --- Steps


def _sent(sent_id: UUID) -> SentForm:
    found = SentForm.objects.select_related("version", "conversation").filter(pk=sent_id).first()
    if found is None:
        raise _unknown()
    return found


def _unknown() -> DomainError:
    return DomainError(Refusal.FORM_UNKNOWN, _("There is no such form."))


def _erased() -> DomainError:
    return DomainError(Refusal.FORM_ERASED, _("These values have been erased."))


def _access(
    sent: SentForm, kind: AccessKind, actor: User, *, fields: Collection[str] = (), reason: str = ""
) -> FormAccess:
    return FormAccess.objects.create(sent=sent, user=actor, kind=kind, fields=list(fields), reason=reason)


def _record(
    sent: SentForm,
    conversation: Conversation,
    kind: str,
    side: Side,
    *,
    at: datetime,
    actor: User | None,
    **data: Any,
) -> None:
    title = sent.version.definition.title
    timeline_record(conversation, kind, at=at, actor=actor, side=side, form=str(sent.pk), title=title, **data)
