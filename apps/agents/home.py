"""What this app shows on the admin's home."""

from collections.abc import Iterator

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.choices import LinkKind
from apps.accounts.models import User
from apps.accounts.permissions import OWNER
from apps.agents.models import Agent, Membership
from apps.home.choices import Tone
from apps.home.registry import StateLine, Step, list_address, register_step, row_address, rows_on_page, state_source
from apps.home.text import some_of
from apps.queues.home import default_queue_address
from apps.queues.models import Queue


def has_colleagues() -> bool:
    """Whether there is anybody beside the owner, invited or at work."""
    return User.objects.filter(deleted_at=None, leaves_at=None, is_active=True).exclude(role__code=OWNER).exists()


def has_served_queue() -> bool:
    """Whether anybody serves an active queue, by themselves or through their group."""
    direct = Membership.objects.filter(queue__is_active=True, agent__user__is_active=True)
    through = Agent.objects.filter(group__memberships__queue__is_active=True, user__is_active=True)
    return direct.exists() or through.exists()


register_step(
    Step(
        code="people",
        position=20,
        title=gettext_lazy("Invite your people"),
        about=gettext_lazy("Each gets a mail with a link, and chooses a password of their own."),
        model=User,
        is_done=has_colleagues,
        address=lambda: reverse("admin:accounts_user_add"),
        dismiss=gettext_lazy("I work alone"),
    )
)
register_step(
    Step(
        code="members",
        position=30,
        title=gettext_lazy("Have somebody serve a queue"),
        about=gettext_lazy("What waits in a queue is offered to those who serve it, and to nobody else."),
        model=Queue,
        is_done=has_served_queue,
        address=default_queue_address,
        dismiss=gettext_lazy("Not for us"),
    )
)


@state_source()
def expired_invitations(request: HttpRequest) -> Iterator[StateLine]:
    """Invitations that nobody followed in time (TEN-6)."""
    lapsed = Q(links__kind=LinkKind.INVITATION, links__ended_at=None, links__expires_at__lt=timezone.now())
    people = list(rows_on_page(request, User).filter(lapsed, is_active=True).order_by("email"))
    if people:
        text = ngettext("%d invitation has expired", "%d invitations have expired", len(people)) % len(people)
        address = row_address(people[0]) if len(people) == 1 else list_address(User)
        yield StateLine(Tone.CHECK, text, address, _("Invite again"), some_of([user.email for user in people]))
