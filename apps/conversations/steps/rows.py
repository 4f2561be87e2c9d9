"""The steps that every conversation action is made of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import TRANSITIONS, Refusal, Side, State
from apps.conversations.frames import ConversationFrame, conversation_view
from apps.conversations.models import Conversation, ConversationEvent
from apps.core.errors import DomainError
from apps.core.rows import row_add, row_lock, row_save
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


def state_change(conversation: Conversation, to: State, *, beside: Sequence[Model] = (), **fields: Any) -> None:
    """Change the state of a locked conversation, and further fields with it.

    Args:
        conversation: it.
        to: the state.
        beside: rows that are added by the same statement.
        fields: their new values.

    Raises:
        DomainError: ``illegal_transition``.
    """
    fields_update(conversation, beside=beside, **state_fields(conversation, to), **fields)


def state_fields(conversation: Conversation, to: State) -> dict[str, Any]:
    """What a change of state writes of a locked conversation.

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
    return {"state": to, "version": conversation.version + 1}


def fields_update(conversation: Conversation, *, beside: Sequence[Model] = (), **fields: Any) -> None:
    """Write fields of a locked conversation, and add rows by the same statement."""
    for name, value in fields.items():
        setattr(conversation, name, value)
    row_save(conversation, list(fields), beside=beside)


def timeline_record(
    conversation: Conversation, kind: str, *, at: datetime, actor: User | None, side: Side, **data: Any
) -> None:
    """Append to the timeline."""
    row_add(timeline_line(conversation, kind, at=at, actor=actor, side=side, **data))


def timeline_line(
    conversation: Conversation, kind: str, *, at: datetime, actor: User | None, side: Side, **data: Any
) -> ConversationEvent:
    """A line of the timeline, to be written with other rows; as `timeline_record` otherwise."""
    return ConversationEvent(conversation=conversation, kind=kind, actor=actor, side=side, data=data, at=at)


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
