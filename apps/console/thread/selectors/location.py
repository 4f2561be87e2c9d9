"""Where a conversation is that the agent does not have any more."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import State
from apps.conversations.selectors import conversations_readable_by


@dataclass(frozen=True)
class Whereabouts:
    """What its pane says in place of it.

    Attributes:
        heading: who has it, or where it is.
        words: what that means for whoever reads it.
    """

    heading: str
    words: str


def whereabouts_of(conversation_id: UUID, user: User) -> Whereabouts:
    """Who has a conversation that is not this user's, or where it waits; to those alone who may read it."""
    found = (
        conversations_readable_by(user).select_related("agent", "queue", "contact").filter(pk=conversation_id).first()
    )
    if found is None:
        return Whereabouts(_("This conversation is not with you"), _("You can read those that you have or had."))
    names = {
        "customer": found.contact.display_name,
        "queue": found.queue.name,
        "agent": found.agent.public_name if found.agent else "",
    }
    if found.state == State.CLOSED:
        return Whereabouts(_("The conversation with %(customer)s is closed") % names, _("There is nothing left to do."))
    if found.agent is not None:
        return Whereabouts(_("%(agent)s has %(customer)s now") % names, _("It is no longer with you."))
    return Whereabouts(
        _("%(customer)s is waiting in “%(queue)s”") % names,
        _("It went back to its queue; whoever is free gets it from there."),
    )
