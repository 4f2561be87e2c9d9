"""What wakes or ends a snooze: words of either side, a free slot, the end, a supervisor (SNZ-4, SNZ-5, EDG-7)."""

from django.utils.translation import ngettext

from apps.accounts.events import UserSigningOut
from apps.agents.events import AgentConnected, AgentReady
from apps.conversations.choices import Side, State
from apps.conversations.events import AgentReplying, ConversationEnded, ConversationReturned, MessagePosted
from apps.conversations.models import Conversation
from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.events import subscribe
from apps.routing.events import AwaitedSlotFree
from apps.snooze import actions, selectors, steps
from apps.snooze.choices import Cause, Refusal
from apps.snooze.models import SnoozeSettings


@subscribe(AgentReplying)
def on_replying(event: AgentReplying) -> None:
    """A reply wakes it.

    Raises:
        DomainError: ``no_free_slot``.
    """
    steps.snooze_end_by_agent(conversation=event.conversation, cause=Cause.REPLY)


@subscribe(MessagePosted)
def on_message(event: MessagePosted) -> None:
    """The customer's words wake it, where the tenant wants it so."""
    if event.conversation.state == State.SNOOZED and event.message.side == Side.CUSTOMER:
        steps.snooze_end_by_customer(conversation=event.conversation)


@subscribe(ConversationReturned)
def on_returned(event: ConversationReturned) -> None:
    """It is in its queue again."""
    conversation = event.conversation
    if conversation.queued_at is not None:
        steps.snooze_close(conversation=conversation, at=conversation.queued_at, cause=Cause.REQUEUED)


@subscribe(ConversationEnded)
def on_ended(event: ConversationEnded) -> None:
    """It is over: a wrap-up without a slot follows, timed from when its agent is there (SNZ-5)."""
    conversation = event.conversation
    if event.was != State.SNOOZED or conversation.ended_at is None:
        return
    steps.snooze_close(conversation=conversation, at=conversation.ended_at, cause=Cause.ENDED)
    if conversation.state == State.WRAP_UP:
        steps.wrap_up_timer_start(conversation=conversation)


@subscribe(AwaitedSlotFree)
def on_slot_free(event: AwaitedSlotFree) -> None:
    """After the commit: conversations are locked before agents."""
    after_commit(actions.snoozes_wake_waiting, agent_id=event.agent_id)


@subscribe(AgentReady)
def on_ready(event: AgentReady) -> None:
    """They can have what waits for them."""
    if selectors.waking_of(event.agent_id).exists():
        after_commit(actions.snoozes_wake_waiting, agent_id=event.agent_id)


@subscribe(AgentConnected)
def on_connected(event: AgentConnected) -> None:
    """They can wrap up what ended while they were away."""
    after_commit(actions.wrap_up_timers_start, agent_id=event.agent_id)


@subscribe(UserSigningOut)
def on_signing_out(event: UserSigningOut) -> None:
    """Not with snoozed conversations, unless the tenant lets them be left behind (AGT-8).

    Raises:
        DomainError: ``user_busy``.
    """
    count = Conversation.objects.filter(agent=event.user.pk, state=State.SNOOZED).count()
    settings: SnoozeSettings = SnoozeSettings.load()
    if count and not settings.may_sign_out:
        message = ngettext(
            "%(user)s still has %(count)d snoozed conversation: wake it, and transfer or end it, first.",
            "%(user)s still has %(count)d snoozed conversations: wake them, and transfer or end them, first.",
            count,
        )
        raise DomainError(Refusal.USER_BUSY, message % {"user": event.user, "count": count}, count=count)
