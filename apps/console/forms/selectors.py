"""Forms as the thread shows them: a card below the line by which each was sent (FRM-3, FRM-4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.conversations.choices import ENDED_STATES, State
from apps.conversations.models import Conversation
from apps.forms.choices import Status
from apps.forms.models import Form, FormSettings, SentForm
from apps.forms.redaction import RedactedField, fields_to_decrypt, redacted_fields
from apps.forms.selectors import form_values, may_reveal, sendable_forms, sent_forms
from apps.mailout.selectors.outbox import DeliveryState, delivery_states
from apps.queues.choices import Family
from apps.vault.master_keys import DecryptionError


@dataclass(frozen=True)
class FormCard:
    """A sent form.

    Attributes:
        state: sent, filled, expired or withdrawn.
        fields: labels, and what stands for the values; empty until it is filled in.
        is_whole: one eye reveals all of it; else each secured field has its own.
        reveals: whether who looks may reveal.
        offers_link: its customer has no chat before them, and no mail brings it: who looks may hand them the link.
        is_mine: who looks has the conversation, and may take the form back.
        outgoing: where the mail stands that brings it, in a conversation by mail; None of others.
    """

    id: UUID
    number: int
    title: str
    state: str
    sent_at: datetime
    filled_at: datetime | None
    expires_at: datetime
    fields: list[RedactedField]
    is_whole: bool
    is_erased: bool
    reveals: bool
    asks_reason: bool
    hide_seconds: int
    offers_link: bool
    is_mine: bool
    outgoing: DeliveryState | None = None

    @property
    def mark(self) -> str:
        """In what state it is, for whatever has to notice that it has changed."""
        found = [self.state, "erased" if self.is_erased else "", "link" if self.offers_link else ""]
        found.append(f"mail-{self.outgoing.state}" if self.outgoing else "")
        return " ".join(filter(None, found))


@sensitive_variables()
def form_cards_of(conversation: Conversation, user: User) -> dict[int, FormCard]:
    """The forms that were sent in a conversation, by the number of their line; in seven queries at most.

    Args:
        conversation: one that this user may see.
        user: who looks.
    """
    return {card.number: card for card in _cards(sent_forms(conversation.pk), conversation, user)}


@sensitive_variables()
def form_card_of(sent: SentForm, user: User) -> FormCard:
    """The card of one sent form, with its conversation loaded."""
    return _cards([sent], sent.conversation, user)[0]


@sensitive_variables()
def _cards(rows: Sequence[SentForm], conversation: Conversation, user: User) -> list[FormCard]:
    if not rows:
        return []
    settings: FormSettings = FormSettings.load()
    reveals, now = may_reveal(user, settings), timezone.now()
    mine = conversation.agent_id == user.pk and conversation.state != State.CLOSED
    reachable = conversation.channel == Family.CHAT and conversation.state not in ENDED_STATES
    ways = delivery_states([row.message for row in rows]) if conversation.channel == Family.EMAIL else {}
    values = _values([row for row in rows if row.is_filled])
    return [
        FormCard(
            id=row.pk,
            number=row.message.number,
            title=row.version.definition.title,
            state=row.status(now),
            sent_at=row.sent_at,
            filled_at=row.filled_at,
            expires_at=row.expires_at,
            fields=redacted_fields(row.version.definition, values.get(row.pk)) if row.is_filled else [],
            is_whole=row.version.definition.is_secured,
            is_erased=row.is_filled and values.get(row.pk) is None,
            reveals=reveals,
            asks_reason=settings.asks_reason,
            hide_seconds=settings.hide_seconds,
            offers_link=mine
            and not reachable
            and row.status(now) == Status.SENT
            and not _is_brought(ways.get(row.message_id)),
            is_mine=mine,
            outgoing=ways.get(row.message_id),
        )
        for row in rows
    ]


def _is_brought(way: DeliveryState | None) -> bool:
    """Whether a mail has brought it, or will: then nobody but its customer needs the link."""
    return way is not None and way.state not in {"failed", "bounced"}


@sensitive_variables()
def _values(rows: Sequence[SentForm]) -> dict[UUID, Any]:
    """What has to be read to show them; nothing of those that were erased."""
    names = {row.pk: fields_to_decrypt(row.version.definition) for row in rows if row.erased_at is None}
    found: dict[UUID, Any] = {pk: {} for pk, wanted in names.items() if not wanted}
    read = {pk: wanted for pk, wanted in names.items() if wanted}
    try:
        return found | (form_values(list(read), read) if read else {})
    except DecryptionError:
        return found


def forms_for(conversation: Conversation, agent: Agent) -> list[Form]:
    """The forms that an agent may send in a conversation; `is_open` says which of them its customer has already."""
    rows = (
        sendable_forms(queue=conversation.queue_id, group=agent.group_id).select_related("published").order_by("name")
    )
    now = timezone.now()
    open_ones = {row.form_id for row in sent_forms(conversation.pk) if row.status(now) == Status.SENT}
    found: list[Any] = list(rows)
    for row in found:
        row.is_open = row.pk in open_ones
    return found


def offers_forms(agent: Agent) -> Any:
    """Whether there is a form to send, as an expression of a query of conversations."""
    return Exists(sendable_forms(queue=OuterRef(OuterRef("queue")), group=agent.group_id))
