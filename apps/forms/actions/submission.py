"""The customer fills a form in (FRM-2).

What they fill in goes from the request that brings it into the vault. No message, event, frame, job or log carries any
of it.
"""

import json
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from apps.agents.steps import notice_add
from apps.conversations.choices import CUSTOMER_OPEN_STATES, Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_raise_version, form_message_post
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.core.rows import rows_add
from apps.forms.choices import PURPOSE, FormEventKind, Refusal, Via
from apps.forms.models import FormValue, SentForm
from apps.forms.steps import (
    form_timeline_record,
    refuse_unless_open,
    sent_form_get,
)
from apps.forms.submission import FieldValue, Submission, SubmittedData, check_submission
from apps.vault.encryption import encrypt_value


class FormError(DomainError):
    """What was filled in is not acceptable.

    Attributes:
        errors: sentences for the customer, by the name of the field. They repeat nothing that was typed.
    """

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(Refusal.FORM_WRONG, _("Please look at what is marked."))
        self.errors = errors


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
    sent = sent_form_get(sent_id)
    refuse_unless_open(sent, timezone.now())
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
    refuse_unless_open(sent, now)
    rows_add([_sealed(sent, name, value) for name, value in filled.values.items()])
    sent.filled_at, sent.via = now, via
    sent.save(update_fields=["filled_at", "via"])
    said = conversation.state in CUSTOMER_OPEN_STATES
    if said:
        form_message_post(conversation=conversation, side=Side.CUSTOMER, name=sent.version.definition.title, actor=None)
    form_timeline_record(
        sent, conversation, FormEventKind.FORM_FILLED, Side.CUSTOMER, at=now, actor=None, via=via, said=said
    )
    _tell_agent(conversation, sent)
    conversation_raise_version(conversation=conversation)
    return sent


@sensitive_variables()
def _sealed(sent: SentForm, name: str, value: FieldValue) -> FormValue:
    row = FormValue(pk=uuid7(), sent=sent, key=name)
    row.sealed = encrypt_value(json.dumps(value).encode(), purpose=PURPOSE, owner=row.pk)
    return row


def _tell_agent(conversation: Conversation, sent: SentForm) -> None:
    """Whoever has the conversation is told in words; after its end it may be nobody."""
    if conversation.agent_id is None or conversation.state == State.CLOSED:
        return
    said = {"name": conversation.contact.display_name, "form": sent.version.definition.title}
    notice_add(agent_id=conversation.agent_id, text=_("%(name)s has filled in “%(form)s”.") % said)
