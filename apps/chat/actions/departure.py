"""A browser goes: at once, or with an address to be written to."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.chat import selectors
from apps.chat.choices import ChatEventKind, Refusal
from apps.chat.presence import is_present
from apps.chat.selectors import waiting_conversation
from apps.chat.steps import visitor_details_keep, visitor_lock
from apps.chat.text import clean_email
from apps.conversations.actions import conversation_end
from apps.conversations.choices import ENDED_STATES, Side
from apps.conversations.steps import conversation_lock, timeline_record
from apps.core.errors import DomainError
from apps.timers.selectors import last_outage_end
from apps.timers.steps import wakeup_set

LEFT_DEADLINE = "chat.left"
LEFT_GRACE = timedelta(seconds=60)
"""How long a waiting customer's page may be closed before they count as gone (EDG-2)."""


@transaction.atomic
def visitor_leave_email(*, visitor_id: UUID, conversation_id: UUID, email: str) -> str:
    """The customer leaves an address to be written to, where a flow asked for it (RTE-4).

    It is kept as one that is said at the start: by this browser, and by a contact who has none yet. The conversation's
    timeline keeps it in any case; the same one left again changes nothing.

    Args:
        visitor_id: the browser.
        conversation_id: one of its own that has ended.
        email: as typed.

    Returns:
        The address as it is kept.

    Raises:
        DomainError: ``bad_frame`` (``field`` is email), ``conversation_unknown``, ``email_not_asked``.
    """
    email = clean_email(email)
    if not email:
        raise DomainError(Refusal.BAD_FRAME, _("Please tell us your email address."), field="email")
    visitor = visitor_lock(visitor_id)
    selectors.conversation_of(visitor_id, conversation_id)
    conversation = conversation_lock(conversation_id)
    if visitor is None or conversation.state not in ENDED_STATES or not selectors.asks_email(conversation_id):
        raise DomainError(Refusal.EMAIL_NOT_ASKED, _("This conversation asks for no address."))
    if selectors.email_left(conversation_id) != email:
        visitor_details_keep(visitor, email=email)
        now = timezone.now()
        timeline_record(conversation, ChatEventKind.EMAIL_LEFT, at=now, actor=None, side=Side.CUSTOMER, email=email)
    return email


@transaction.atomic
def visitor_leave(*, visitor_id: UUID) -> None:
    """The last page of this browser was closed. Who waits for an agent counts as gone 60 s later (EDG-2)."""
    visitor = visitor_lock(visitor_id)
    if visitor is None or not waiting_conversation(visitor):
        return
    visitor.left_at = timezone.now()
    visitor.save(update_fields=["left_at"])
    wakeup_set(kind=LEFT_DEADLINE, object_id=visitor.pk, due_at=visitor.left_at + LEFT_GRACE)


@transaction.atomic
def visitor_left_expire(*, visitor_id: UUID, due_at: datetime) -> None:
    """A customer who waited closed the page and did not come back: their conversation is abandoned (EDG-2).

    Args:
        visitor_id: the browser.
        due_at: the deadline that is due; who came back meanwhile, or has another page open, is not gone.
    """
    visitor = visitor_lock(visitor_id)
    if visitor is None or visitor.left_at is None or visitor.left_at + LEFT_GRACE != due_at:
        return
    # Who could not come back because we were down has the whole grace from when we are back (EDG-4).
    visitor.left_at = last_outage_end(visitor.left_at, timezone.now())
    visitor.save(update_fields=["left_at"])
    if visitor.left_at is not None:
        wakeup_set(kind=LEFT_DEADLINE, object_id=visitor.pk, due_at=visitor.left_at + LEFT_GRACE)
        return
    if is_present(visitor.whose):
        return
    waiting = waiting_conversation(visitor)
    if waiting is not None:
        conversation_end(conversation_id=waiting.pk, by=Side.CUSTOMER, actor=None)
