"""What a console has missed, and catches up with (CHAT-10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import product
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.agents.models import Agent, Notice
from apps.agents.selectors import notices_since
from apps.chat.selectors import Browser, browsers_in
from apps.conversations.choices import CUSTOMER_OPEN_STATES, Side
from apps.conversations.models import Conversation, Mark, Message
from apps.conversations.selectors import PAGE, messages_redacted_in, messages_with_files
from apps.core.statements import Among, Statement
from apps.notes.models import Note
from apps.notes.selectors import notes_changed
from apps.routing.matching import AGENT

SYNC_CHARACTERS = 500_000
"""Text that one answer to a sync carries at most: what is left over is named as more, and asked for next."""

FILE_CHARACTERS = 400
"""What a file takes of them, about."""

LONGEST = timedelta(days=7)
"""Further back no page is told of notes: one that slept for so long is loaded anew."""

UNSETTLED = timedelta(seconds=10)
"""What has no numbers is told again for so long: what commits late has an earlier time than what was told already."""


@dataclass(frozen=True)
class Missed:
    """What a console did not hold yet (CHAT-10), and where the customers of its conversations are (EDG-2)."""

    conversations: list[Conversation]
    messages: dict[UUID, list[Message]]
    more: list[UUID]
    marks: list[Mark]
    notices: list[Notice]
    notes: list[Note]
    redacted: list[Message]
    browsers: dict[UUID, Browser]


def missed_by(agent: Agent, held: dict[UUID, int], since: datetime | None = None) -> Missed:
    """What was added to this agent's conversations after the numbers held, in four queries, and two for a time.

    Args:
        agent: conversations of others are passed over.
        held: the last number held, by conversation.
        since: the time of the sync before, for what has no numbers: notices, and the notes about these customers.
    """
    told = max(since, timezone.now() - LONGEST) - UNSETTLED if since else None
    mine = _MINE.all(agent=agent.pk, conversations=list(held)) if held else []
    keys = [each.pk for each in mine]
    behind = [each for each in mine if each.last_number > held[each.pk]]
    messages: dict[UUID, list[Message]] = {each.pk: [] for each in behind}
    room = SYNC_CHARACTERS
    for message in _lines_after({each.pk: held[each.pk] for each in behind}):
        if room > 0:
            messages[message.conversation_id].append(message)
        room -= len(message.body) + message.file_count * FILE_CHARACTERS
    messages_with_files([line for lines in messages.values() for line in lines])
    return Missed(
        conversations=mine,
        messages={pk: lines for pk, lines in messages.items() if lines},
        more=[each.pk for each in behind if each.last_number > held[each.pk] + len(messages[each.pk])],
        marks=_marks_of(keys),
        notices=notices_since(agent.pk, told) if told else [],
        notes=notes_changed({each.contact_id for each in mine}, user=agent.user, since=told) if told else [],
        redacted=messages_redacted_in(mine),
        browsers=browsers_in([each.pk for each in mine if each.state in CUSTOMER_OPEN_STATES]),
    )


def _marks_of(conversation_ids: list[UUID]) -> list[Mark]:
    """Both sides' marks of each; a side that has none yet stands at zero."""
    found = _MARKS.all(conversations=conversation_ids) if conversation_ids else []
    marks = {(mark.conversation_id, mark.side): mark for mark in found}
    for key in product(conversation_ids, (Side.CUSTOMER, Side.AGENT)):
        marks.setdefault(key, Mark(conversation_id=key[0], side=key[1]))
    return list(marks.values())


_MINE: Statement[Conversation] = Statement(
    lambda: Conversation.objects.select_related("agent", "contact").filter(Among("pk", "conversations"), agent=AGENT)
)
_MARKS: Statement[Mark] = Statement(lambda: Mark.objects.filter(Among("conversation", "conversations")))


def _lines_after(held: dict[UUID, int]) -> QuerySet[Message]:
    """Up to a page of lines of each conversation: numbers have no gaps, so the page's end is known beforehand."""
    if not held:
        return Message.objects.none()
    ranges = (Q(conversation=pk, number__gt=number, number__lte=number + PAGE) for pk, number in held.items())
    lines = Message.objects.filter(reduce(or_, ranges))
    return lines.select_related("author").order_by("conversation", "number")
