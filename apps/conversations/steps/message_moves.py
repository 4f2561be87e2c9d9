"""Messages go from one conversation into another: what people split and merge by hand (EML-3).

Numbers have no gaps, and never mean another message (CHAT-10): where a message was, a line says that it was moved, and
where it comes back to, it takes the place of that line.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from apps.conversations.choices import ENDED_STATES, MessageKind, Side
from apps.conversations.events import MessagePosted
from apps.conversations.models import Conversation, Message
from apps.conversations.steps.messages import MessageLine, message_add
from apps.conversations.steps.rows import fields_update, state_publish
from apps.conversations.text import preview_line
from apps.core.events import announce
from apps.masking.engine import MaskedText


@transaction.atomic
def messages_move(
    *, source: Conversation, target: Conversation, messages: Sequence[Message], note: str, places: Mapping[UUID, int]
) -> None:
    """Move messages to another conversation, in their order, behind what is there. The caller holds both locks.

    Args:
        source: where they are.
        target: where they go.
        messages: some of the source's.
        note: what stands in their places from now on.
        places: numbers in the target whose lines they replace, by message: where they were before.
    """
    number = target.last_number
    for message in sorted(messages, key=lambda each: each.number):
        left = message.number
        place = places.get(message.pk)
        if place is None:
            number += 1
        else:
            Message.objects.filter(conversation=target, number=place).delete()
        message.conversation, message.number = target, place or number
        message.save(update_fields=["conversation", "number"])
        _note(source, left, note, message)
    target.last_number = number
    newest = _settle(target)
    _settle(source)
    if newest is not None and newest.side == Side.CUSTOMER and any(newest.pk == each.pk for each in messages):
        # Its customer waits for an answer here now.
        announce(MessagePosted(target, newest))


def _note(source: Conversation, number: int, note: str, message: Message) -> None:
    said = MaskedText.unchecked(note)
    line = MessageLine(side=Side.SYSTEM, at=message.created_at, said=said, kind=MessageKind.NOTICE)
    message_add(source, number, line)


def _settle(conversation: Conversation) -> Message | None:
    """Write down what a conversation's row says of its messages, once more, and tell the screens.

    Returns:
        The newest thing that somebody said.
    """
    said = Message.objects.filter(conversation=conversation, kind=MessageKind.TEXT)
    newest = said.order_by("-number").first()
    mood = said.aggregate(sum=Sum("sentiment"), count=Count("sentiment"))
    fields_update(
        conversation,
        last_number=conversation.last_number,
        last_line=preview_line(newest.body) if newest else "",
        last_message_at=newest.created_at if newest else None,
        mood_sum=mood["sum"] or 0,
        mood_count=mood["count"],
        unanswered_since=_unanswered(conversation),
        version=conversation.version + 1,
    )
    state_publish(conversation)
    return newest


def _unanswered(conversation: Conversation) -> datetime | None:
    """Since when its customer waits for an answer."""
    if conversation.state in ENDED_STATES:
        return None
    said = Message.objects.filter(conversation=conversation, kind=MessageKind.TEXT)
    answered = said.filter(side=Side.AGENT).order_by("-number").values_list("number", flat=True).first() or 0
    first = said.filter(side=Side.CUSTOMER, number__gt=answered).order_by("number").first()
    return min(first.created_at, timezone.now()) if first else None
