"""What every change of a sent form is made of; a caller that writes holds its conversation's lock."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.actions import AuditTarget, audit_record
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, timeline_record
from apps.core.errors import DomainError
from apps.forms.choices import AccessKind, AuditVerb, Refusal, Status
from apps.forms.models import FormAccess, SentForm

AUDITED = {
    AccessKind.REVEAL: AuditVerb.REVEAL,
    AccessKind.LINK: AuditVerb.LINK,
    AccessKind.ERASE: AuditVerb.ERASE,
}


def sent_form_get(sent_id: UUID) -> SentForm:
    """A sent form with its version and conversation.

    Raises:
        DomainError: ``form_unknown``.
    """
    found = SentForm.objects.select_related("version", "conversation").filter(pk=sent_id).first()
    if found is None:
        raise form_unknown()
    return found


def form_unknown() -> DomainError:
    """The refusal of a form that there is not, or not for whoever asks."""
    return DomainError(Refusal.FORM_UNKNOWN, _("There is no such form."))


def refuse_unless_open(sent: SentForm, now: datetime) -> None:
    """Refuse what a form that is shut can't have done to it.

    Raises:
        DomainError: ``form_filled``, ``form_expired``, ``form_withdrawn``.
    """
    refusals = {
        Status.FILLED: (Refusal.FORM_FILLED, _("This form has been filled in already. Thank you!")),
        Status.EXPIRED: (Refusal.FORM_EXPIRED, _("This form can’t be filled in any more.")),
        Status.WITHDRAWN: (Refusal.FORM_WITHDRAWN, _("This form is not needed any more.")),
    }
    if refusal := refusals.get(sent.status(now)):
        raise DomainError(*refusal)


def own_conversation_lock(conversation_id: UUID, actor: User) -> Conversation:
    """Lock a conversation of the actor's until the transaction ends.

    Raises:
        DomainError: ``conversation_unknown``, ``not_yours``.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    return conversation


def access_record(
    sent: SentForm, kind: AccessKind, actor: User, *, fields: Collection[str] = (), reason: str = ""
) -> FormAccess:
    """Record who has looked at a form, taken its link or erased it (FRM-4)."""
    audit_record(
        AUDITED[kind],
        actor=actor,
        target=AuditTarget(sent._meta.label_lower, sent.version.definition.title, str(sent.pk)),  # noqa: SLF001
        detail={"fields": list(fields), "reason": reason},
        conversation=sent.conversation_id,
    )
    return FormAccess.objects.create(sent=sent, user=actor, kind=kind, fields=list(fields), reason=reason)


def form_timeline_record(
    sent: SentForm,
    conversation: Conversation,
    kind: str,
    side: Side,
    *,
    at: datetime,
    actor: User | None,
    **data: Any,
) -> None:
    """Write on the timeline what was done with a form: never what stands in it (FRM-5)."""
    title = sent.version.definition.title
    timeline_record(conversation, kind, at=at, actor=actor, side=side, form=str(sent.pk), title=title, **data)
