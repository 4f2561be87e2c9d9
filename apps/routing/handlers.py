"""What routing does when conversations and agents change.

What must hold together with the change happens in its transaction (slots, offers). Dispatch follows the commit; the
sweep stands behind it should the process die in between.
"""

from django.utils.translation import ngettext

from apps.accounts.events import UserDeactivating, UserSigningOut
from apps.agents.events import AgentReady, AgentUnready
from apps.conversations.choices import State
from apps.conversations.events import (
    ConversationAccepted,
    ConversationClosed,
    ConversationEnded,
    ConversationEnding,
    ConversationReturned,
    ConversationSnoozing,
    ConversationWaiting,
)
from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.events import subscribe
from apps.queues.events import HoursChanged, QueueChanged, QueueClosing, QueueDeactivating
from apps.routing import actions, selectors, steps
from apps.routing.choices import Refusal
from apps.routing.events import SlotFreed


@subscribe(ConversationWaiting)
def on_conversation_waiting(event: ConversationWaiting) -> None:
    """It needs an agent, unless a flow sends it on."""
    conversation = event.conversation
    waits = steps.queue_return(conversation) if conversation.returned else steps.queue_enter(conversation)
    if waits:
        after_commit(actions.conversation_dispatch, conversation_id=conversation.pk)


@subscribe(ConversationAccepted)
def on_conversation_accepted(event: ConversationAccepted) -> None:
    """Its stay in the queue is over."""
    steps.wait_end(event.conversation)


@subscribe(ConversationReturned)
def on_conversation_returned(event: ConversationReturned) -> None:
    """Its agent's slot is free again; a transfer that rings is over, and whom it rang at has room (XFR-4)."""
    steps.offer_drop(event.conversation)
    steps.slots_release_and_dispatch(event.conversation)


@subscribe(ConversationEnding)
def on_conversation_ending(event: ConversationEnding) -> None:
    """Not while it rings at a colleague (XFR-4).

    Raises:
        DomainError: ``transfer_pending``.
    """
    selectors.refuse_while_transferring(event.conversation.pk)


@subscribe(ConversationSnoozing)
def on_conversation_snoozing(event: ConversationSnoozing) -> None:
    """Neither is it snoozed meanwhile.

    Raises:
        DomainError: ``transfer_pending``.
    """
    selectors.refuse_while_transferring(event.conversation.pk)


@subscribe(ConversationEnded)
def on_conversation_ended(event: ConversationEnded) -> None:
    """Its offer is void, its slot free (WRP-2, WRP-4) or kept for a timed wrap-up (WRP-3)."""
    conversation = event.conversation
    steps.offer_drop(conversation, ended_by=event.by)
    steps.wait_end(conversation)
    keeps = conversation.state == State.WRAP_UP and conversation.wrap_up_seconds is not None
    steps.slots_release_and_dispatch(conversation, but=conversation.agent_id if keeps else None)


@subscribe(ConversationClosed)
def on_conversation_closed(event: ConversationClosed) -> None:
    """A timed wrap-up is over: the slot is free, and only then the next in line rings (EDG-6)."""
    steps.slots_release_and_dispatch(event.conversation)


@subscribe(AgentReady)
def on_agent_ready(event: AgentReady) -> None:
    """They have room, perhaps."""
    after_commit(actions.agent_dispatch, agent_id=event.agent_id)


@subscribe(SlotFreed)
def on_slot_freed(event: SlotFreed) -> None:
    """A slot is free again: the next in line follows."""
    after_commit(actions.agent_dispatch, agent_id=event.agent_id)


@subscribe(AgentUnready)
def on_agent_unready(event: AgentUnready) -> None:
    """What rings at them rings in vain. After the commit: conversations are locked before agents (EDG-1)."""
    after_commit(actions.agent_offers_withdraw, agent_id=event.agent_id)


@subscribe(UserDeactivating)
def on_user_deactivating(event: UserDeactivating) -> None:
    """Not in a live conversation, and not the only member of a queue (TEN-7). What rings at them goes back.

    Raises:
        DomainError: ``user_busy``, ``user_only_member``.
    """
    actions.agent_leave(user=event.user)


@subscribe(UserSigningOut)
def on_user_signing_out(event: UserSigningOut) -> None:
    """Not with live conversations or open wrap-ups (AGT-8). Snoozed ones are for snooze to refuse.

    Raises:
        DomainError: ``user_busy``.
    """
    actions.refuse_sign_out(event.user)


@subscribe(QueueClosing)
def on_queue_closing(event: QueueClosing) -> None:
    """Not while somebody waits there (RTE-13).

    Raises:
        DomainError: ``queue_has_waiters``.
    """
    if count := selectors.conversations_waiting_in(event.queue).count():
        message = ngettext(
            "%(count)d conversation waits in “%(queue)s”: have it served or moved first.",
            "%(count)d conversations wait in “%(queue)s”: have them served or moved first.",
            count,
        )
        raise DomainError(Refusal.QUEUE_HAS_WAITERS, message % {"queue": event.queue, "count": count}, count=count)


@subscribe(QueueDeactivating)
def on_queue_deactivating(event: QueueDeactivating) -> None:
    """Those who wait there are given another queue, or served from it as before (RTE-13)."""
    if event.move_to is not None:
        actions.queue_move_waiting(queue=event.queue, move_to=event.move_to)


@subscribe(QueueChanged)
def on_queue_changed(event: QueueChanged) -> None:
    """Who waits may be served by others now, and by other rules (RTE-8)."""
    actions.queue_reevaluate(queue=event.queue)


@subscribe(HoursChanged)
def on_hours_changed(event: HoursChanged) -> None:
    """What was planned by these hours is planned anew."""
    actions.hours_reevaluate(profile=event.profile)
