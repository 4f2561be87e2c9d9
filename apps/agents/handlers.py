"""What becomes of an agent when their user changes, and what they are told of decisions."""

from django.utils.translation import gettext as _

from apps.accounts.events import UserDeleted, UserSaved, UserSigningOut
from apps.accounts.permissions import Permission
from apps.agents.actions import agent_create, agent_retire, agent_sign_out
from apps.agents.models import Agent
from apps.agents.steps import notice_add
from apps.contacts.choices import MergeState
from apps.contacts.events import MergeDecided
from apps.core.events import subscribe


@subscribe(UserSaved)
def on_user_saved(event: UserSaved) -> None:
    """Whose role has the console is an agent, from whichever page or program they come (TEN-4)."""
    if event.user.may(Permission.CONSOLE):
        agent_create(user=event.user)


@subscribe(UserDeleted)
def on_user_deleted(event: UserDeleted) -> None:
    """They are an agent no more (TEN-7)."""
    agent_retire(agent_id=event.user.pk)


@subscribe(UserSigningOut)
def on_user_signing_out(event: UserSigningOut) -> None:
    """Offline, whatever the console still does."""
    if Agent.objects.filter(pk=event.user.pk).exists():
        agent_sign_out(agent_id=event.user.pk)


@subscribe(MergeDecided)
def on_merge_decided(event: MergeDecided) -> None:
    """Whoever asked a supervisor whether two customers are one is told what they decided (CON-5)."""
    request = event.request
    if not Agent.objects.filter(pk=request.requested_by_id).exists():
        return
    says = (
        _("%(name)s has confirmed that %(customer)s is the customer whom you asked about.")
        if request.state == MergeState.CONFIRMED
        else _("%(name)s has declined to merge %(customer)s with the customer whom you asked about.")
    )
    said = says % {"name": request.decided_by, "customer": request.contact.display_name}
    notice_add(agent_id=request.requested_by_id, text=said)
