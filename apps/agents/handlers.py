"""What becomes of an agent when their user changes."""

from apps.accounts.events import UserDeleted, UserSaved, UserSigningOut
from apps.accounts.permissions import Permission
from apps.agents.actions import agent_create, agent_sign_out
from apps.agents.models import Agent, AgentSkill, Membership
from apps.core.events import subscribe


@subscribe(UserSaved)
def on_saved(event: UserSaved) -> None:
    """Whose role has the console is an agent, from whichever page or program they come (TEN-4)."""
    if event.user.may(Permission.CONSOLE):
        agent_create(user=event.user)


@subscribe(UserDeleted)
def on_deleted(event: UserDeleted) -> None:
    """They serve no queue and hold no skill any more; intervals and segments stay (TEN-7)."""
    Membership.objects.filter(agent=event.user.pk).delete()
    AgentSkill.objects.filter(agent=event.user.pk).delete()


@subscribe(UserSigningOut)
def on_signing_out(event: UserSigningOut) -> None:
    """Offline, whatever the console still does."""
    if Agent.objects.filter(pk=event.user.pk).exists():
        agent_sign_out(agent_id=event.user.pk)
