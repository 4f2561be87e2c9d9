"""An agent signs out or is deactivated: not while somebody counts on them (TEN-7, AGT-8)."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.agents.actions import agent_sign_out
from apps.agents.models import Agent
from apps.conversations.choices import State
from apps.conversations.selectors import agent_tray
from apps.conversations.steps import conversation_lock
from apps.core.errors import DomainError
from apps.routing import selectors
from apps.routing.actions.offers import agent_offers_withdraw
from apps.routing.choices import Refusal


@transaction.atomic
def agent_leave(*, user: User) -> None:
    """A user is deactivated: as an agent they leave, and what rings at them goes back (TEN-7).

    Args:
        user: nothing happens to one who is no agent.

    Raises:
        DomainError: ``user_busy``, ``user_only_member``.
    """
    if not Agent.objects.filter(pk=user.pk).exists():
        return
    # Conversations before agents, the fixed order: nobody accepts what we are about to take back.
    for conversation_id in sorted(selectors.offers_ringing_at(user).values_list("conversation", flat=True)):
        conversation_lock(conversation_id)
    _refuse_if_live(user)
    if alone := ", ".join(selectors.queues_served_alone(user).values_list("name", flat=True)):
        raise DomainError(
            Refusal.USER_ONLY_MEMBER,
            _("%(user)s is the only member of: %(queues)s. Add somebody else there first.")
            % {"user": user, "queues": alone},
        )
    agent_sign_out(agent_id=user.pk)
    agent_offers_withdraw(agent_id=user.pk)


def refuse_sign_out(user: User) -> None:
    """Nobody signs out with live conversations or open wrap-ups (AGT-8); snoozed ones are for snooze to refuse.

    Raises:
        DomainError: ``user_busy``.
    """
    if count := agent_tray(user).exclude(state=State.SNOOZED).count():
        message = ngettext(
            "You still have %(count)d conversation: transfer it, or end it and wrap it up, before you sign out.",
            "You still have %(count)d conversations: transfer them, or end them and wrap them up, before you sign out.",
            count,
        )
        raise DomainError(Refusal.USER_BUSY, message % {"count": count}, count=count)


def _refuse_if_live(user: User) -> None:
    if count := agent_tray(user).count():
        message = ngettext(
            "%(user)s still has %(count)d conversation: transfer it, or end and wrap it up, first.",
            "%(user)s still has %(count)d conversations: transfer them, or end and wrap them up, first.",
            count,
        )
        raise DomainError(Refusal.USER_BUSY, message % {"user": user, "count": count}, count=count)
