"""Reads of conversations."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import (
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce, Greatest

from apps.accounts.models import User
from apps.accounts.permissions import Permission, Scope
from apps.agents.models import Agent
from apps.agents.reach import may_in_queue, queues_served_by
from apps.agents.selectors import is_serving
from apps.contacts.models import Contact, MergeRequest
from apps.contacts.selectors import unmerged_contacts
from apps.conversations.choices import OWNED_STATES, MessageKind, ReadingReason, Side
from apps.conversations.models import Attachment, Conversation, Mark, Message, Segment
from apps.conversations.text import preview_line

PAGE = 200
"""Messages that one answer carries at most; the reader asks again from the last number it got."""


def messages_after(conversation_id: UUID, number: int, *, limit: int = PAGE) -> list[Message]:
    """The lines that follow `number`, oldest first (CHAT-10)."""
    lines = Message.objects.filter(conversation_id=conversation_id, number__gt=number)
    return messages_with_files(list(lines.select_related("author").order_by("number")[:limit]))


def messages_before(conversation_id: UUID, number: int, *, limit: int = PAGE) -> list[Message]:
    """The lines that precede `number`, oldest first."""
    lines = Message.objects.filter(conversation_id=conversation_id, number__lt=number)
    return messages_with_files(list(lines.select_related("author").order_by("-number")[:limit])[::-1])


def first_message_line(conversation_id: UUID) -> str:
    """What its customer said first, on one line; empty where they have said nothing."""
    said = Message.objects.filter(conversation=conversation_id, side=Side.CUSTOMER, kind=MessageKind.TEXT)
    return preview_line(said.order_by("number").values_list("body", flat=True).first() or "")


def messages_with_files(messages: list[Message]) -> list[Message]:
    """These messages with what goes with them loaded: by one query, or by none where nothing does."""
    carrying = [message for message in messages if message.file_count]
    if carrying:
        prefetch_related_objects(carrying, Prefetch("attachments", Attachment.objects.select_related("file")))
    return messages


def messages_redacted_in(conversations: Iterable[Conversation]) -> list[Message]:
    """The messages in which something was redacted, for screens that hold them as they were (FRM-6).

    Args:
        conversations: those in which nothing was cost nothing.
    """
    changed = [conversation.pk for conversation in conversations if conversation.redactions]
    if not changed:
        return []
    lines = Message.objects.filter(conversation__in=changed, revision__gt=0).select_related("author")
    return messages_with_files(list(lines.order_by("conversation", "-number")[:PAGE]))


def may_redact(user: User, conversation: Conversation) -> bool:
    """Whether this user may redact messages of a conversation: by role, everywhere or in the queues that they serve."""
    return may_in_queue(user, Permission.CORRECT, conversation.queue_id)


def conversation_marks(conversation_id: UUID) -> dict[str, Mark]:
    """Both sides' marks by side; a side that has none yet stands at zero."""
    marks = {mark.side: mark for mark in Mark.objects.filter(conversation_id=conversation_id)}
    for side in (Side.CUSTOMER, Side.AGENT):
        marks.setdefault(side, Mark(conversation_id=conversation_id, side=side))
    return marks


def agent_tray(user: Any) -> QuerySet[Conversation]:
    """What stands in an agent's tray, in the order in which it was accepted (CON-1).

    Args:
        user: the agent's, or a `Parameter` for their key.
    """
    owned = Conversation.objects.filter(agent=user, state__in=OWNED_STATES)
    return owned.select_related("contact", "queue").order_by("accepted_at", "pk")


def conversation_readers(conversation: Conversation) -> QuerySet[User]:
    """Everybody who may see this conversation: `conversations_readable_by` from the other side."""
    began, joined = conversation.began_with or conversation.contact_id, conversation.joined_at
    served = _stays_with(conversation.contact_id, Value(began), Value(joined, output_field=DateTimeField()))
    members = Agent.objects.filter(is_serving(conversation.queue_id)).values("pk")
    agents = served.filter(agent__isnull=False).values("agent")
    reaches = Q(role__scope=Scope.ALL) | Q(pk__in=agents) | Q(pk__in=members, role__scope=Scope.QUEUES)
    return User.objects.filter(reaches, is_active=True, leaves_at=None)


def conversations_readable_by(user: User) -> QuerySet[Conversation]:
    """The conversations that a user may see: all, those of own queues, own ones and those of own contacts.

    A contact is one's own once one has served them: what was said before two contacts became one stays with those who
    could read it (CON-5). How far the user's role reaches decides; that they may use the page at all is its own
    question.
    """
    if user.reach is None or user.is_visitor:
        return Conversation.objects.none()
    if user.reach == Scope.ALL:
        return Conversation.objects.all()
    return Conversation.objects.filter(_is_readable(user))


def reading_reasons(user: User, conversation: Conversation) -> list[ReadingReason]:
    """Why a user may see a conversation; none where they may not (TEN-5)."""
    if user.reach is None:
        return []
    if user.reach == Scope.ALL:
        return [ReadingReason.EVERYTHING]
    of = Conversation.objects.filter(pk=conversation.pk)
    return [reason for reason, holds in _reasons(user).items() if of.filter(holds).exists()]


def _is_readable(user: User) -> Q:
    return reduce(or_, _reasons(user).values())


def _reasons(user: User) -> dict[ReadingReason, Q]:
    began = Coalesce(OuterRef("began_with"), OuterRef("contact"))
    served = _stays_with(OuterRef("contact"), began, OuterRef("joined_at")).filter(agent=user.pk)
    reasons = {ReadingReason.SERVED: Q(Exists(served))}
    if user.reach == Scope.QUEUES:
        reasons[ReadingReason.QUEUE] = Q(queue__in=queues_served_by(user.pk).values("pk"))
    return reasons


def contacts_readable_by(user: User) -> QuerySet[Contact]:
    """The contacts of whom a user may know: those of a conversation that they may see; all, for whom that is all."""
    if user.reach == Scope.ALL and not user.is_visitor:
        return unmerged_contacts()
    return unmerged_contacts().filter(Exists(conversations_readable_by(user).filter(contact=OuterRef("pk"))))


def contacts_writable_by(user: User) -> QuerySet[Contact]:
    """The contacts whom a user may write to, and make one with others: those of whom they may read everything.

    Each of these brings the user's next stay with them about: whoever reads a part would read the rest by it (CON-5).
    Who supervises decides of all of whom they may know.
    """
    known = contacts_readable_by(user)
    if user.reach in {None, Scope.ALL} or user.may(Permission.MONITOR):
        return known
    theirs = Conversation.objects.filter(contact=OuterRef("pk"))
    return known.exclude(Exists(theirs.exclude(_is_readable(user))))


def merge_requests_decidable_by(user: User) -> QuerySet[MergeRequest]:
    """The merge requests that a user may decide, or could have: who supervises, and may read both contacts (CON-5)."""
    if not user.may(Permission.MONITOR):
        return MergeRequest.objects.none()
    readable = contacts_readable_by(user)
    one = Q(contact__in=readable) | Q(contact__merged_into__in=readable)
    return MergeRequest.objects.filter(one, Q(other=None) | Q(other__in=readable))


def _stays_with(contact: Any, began: Any, joined: Any) -> QuerySet[Segment]:
    """The stays by which whoever had them may see a conversation.

    They are of the same contact, and either both conversations began with the same one, or the stay is in one that
    began with that contact after their two contacts were one, or was proven to be with them since: a merge opens
    nothing to whoever served one of them before, and no further stay in what went on then does (CON-5).

    Args:
        contact: the conversation's, or an expression for it.
        began: with whom it began.
        joined: since when it is that contact's, where it began with another one.
    """
    stays = Segment.objects.filter(conversation__contact=contact).alias(
        began=Coalesce("conversation__began_with", "conversation__contact")
    )
    began_since = Q(conversation__began_with=None, conversation__first_arrived_at__gte=joined)
    # PostgreSQL's GREATEST passes over nulls: who never changed contact is known since ever.
    proven_since = Q(proven_at__gte=Greatest(joined, F("conversation__joined_at")))
    return stays.filter(Q(began=began) | began_since | proven_since)
