"""Values are revealed to those who may see them, and erased for good (FRM-4, AUD-2)."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from apps.accounts.models import User
from apps.conversations.choices import Side
from apps.conversations.selectors import conversations_readable_by
from apps.conversations.steps import conversation_lock, conversation_raise_version
from apps.conversations.text import clean_body
from apps.core.errors import DomainError
from apps.forms import selectors
from apps.forms.choices import REASON_LENGTH, AccessKind, FormEventKind, Refusal
from apps.forms.definition import Field
from apps.forms.models import FormSettings, FormValue, SentForm
from apps.forms.steps import (
    access_record,
    form_timeline_record,
    form_unknown,
    sent_form_get,
)
from apps.forms.submission import value_text
from apps.vault.master_keys import DecryptionError


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
    sent = sent_form_get(sent_id)
    if not conversations_readable_by(actor).filter(pk=sent.conversation_id).exists():
        raise form_unknown()
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
    access_record(sent, AccessKind.REVEAL, actor, fields=labels, reason=reason)
    form_timeline_record(
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


def _erased() -> DomainError:
    return DomainError(Refusal.FORM_ERASED, _("These values have been erased."))


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
    sent = sent_form_get(sent_id)
    conversation = conversation_lock(sent.conversation_id)
    sent.refresh_from_db(fields=["filled_at", "erased_at"])
    if not sent.is_filled:
        raise DomainError(Refusal.FORM_NOT_FILLED, _("Nothing has been filled in yet."))
    deleted = FormValue.objects.filter(sent=sent).delete()[0]
    if sent.erased_at is None:
        now = sent.erased_at = timezone.now()
        sent.save(update_fields=["erased_at"])
        if actor is not None:
            access_record(sent, AccessKind.ERASE, actor, reason=reason)
        form_timeline_record(sent, conversation, FormEventKind.FORM_ERASED, Side.SYSTEM, at=now, actor=actor)
        conversation_raise_version(conversation=conversation)
    return deleted
