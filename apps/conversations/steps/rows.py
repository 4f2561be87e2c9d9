"""The steps that every conversation action is made of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import TRANSITIONS, Refusal, Side, State
from apps.conversations.frames import ConversationFrame, conversation_view
from apps.conversations.models import Conversation, ConversationEvent
from apps.core.errors import DomainError
from apps.core.rows import row_add, row_lock, row_save, rows_add
from apps.realtime.publish import agent_group, conversation_group, publish


def conversation_lock(conversation_id: UUID) -> Conversation:
    """The conversation, locked until the transaction ends: the first lock of the fixed order.

    Raises:
        DomainError: ``conversation_unknown``.
    """
    found = row_lock(Conversation, conversation_id)
    if found is None:
        raise DomainError(Refusal.CONVERSATION_UNKNOWN, _("There is no such conversation."))
    return found


def state_change(conversation: Conversation, to: State, **fields: Any) -> None:
    """Change the state of a locked conversation, and further fields with it.

    Raises:
        DomainError: ``illegal_transition``.
    """
    if to not in TRANSITIONS[State(conversation.state)]:
        raise DomainError(
            Refusal.ILLEGAL_TRANSITION,
            _("This can't be done: the conversation is %(state)s.")
            % {"state": conversation.get_state_display().lower()},
            state=conversation.state,
        )
    fields_update(conversation, state=to, version=conversation.version + 1, **fields)


def fields_update(conversation: Conversation, **fields: Any) -> None:
    """Write fields of a locked conversation."""
    for name, value in fields.items():
        setattr(conversation, name, value)
    row_save(conversation, list(fields))


def timeline_record(
    conversation: Conversation, kind: str, *, at: datetime, actor: User | None, side: Side, **data: Any
) -> None:
    """Append to the timeline."""
    row_add(ConversationEvent(conversation=conversation, kind=kind, actor=actor, side=side, data=data, at=at))


def timeline_record_all(conversation: Conversation, *lines: tuple[str, Side, dict[str, Any]], at: datetime) -> None:
    """Append several lines at once, of nobody in particular."""
    rows_add(
        [
            ConversationEvent(conversation=conversation, kind=kind, actor=None, side=side, data=data, at=at)
            for kind, side, data in lines
        ]
    )


def frame_publish(conversation: Conversation, frame: Any, *, to_agent: Any = None) -> None:
    """Publish to everybody who sees this conversation: the customer, watchers, and the agent who has it.

    Args:
        conversation: it.
        frame: what they are told.
        to_agent: what its agent is told in place of it.
    """
    groups = [conversation_group(conversation.pk)]
    agents = [agent_group(conversation.agent_id)] if conversation.agent_id else []
    if to_agent is None:
        publish(frame, groups=groups + agents)
        return
    publish(frame, groups=groups)
    if agents:
        publish(to_agent, groups=agents)


def state_publish(conversation: Conversation, *also: UUID) -> None:
    """Publish where the conversation stands now; `also` names agents who no longer have it but must see it go."""
    frame = ConversationFrame(conversation=conversation_view(conversation))
    frame_publish(conversation, frame)
    if also:
        publish(frame, groups=[agent_group(agent_id) for agent_id in also])


@transaction.atomic
def conversation_raise_version(*, conversation: Conversation) -> Conversation:
    """Something beside it has changed that its agent's screen shows: raise the version and say so. The caller locks."""
    fields_update(conversation, version=conversation.version + 1)
    state_publish(conversation)
    return conversation
