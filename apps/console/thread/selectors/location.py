"""Where a conversation is that the agent does not have any more."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import State
from apps.conversations.selectors import conversations_readable_by


@dataclass(frozen=True)
class ConversationLocation:
    """What its pane says in place of it.

    Attributes:
        heading: who has it, or where it is.
        words: what that means for whoever reads it.
    """

    heading: str
    words: str


def conversation_location(conversation_id: UUID, user: User) -> ConversationLocation:
    """Who has a conversation that is not this user's, or where it waits; to those alone who may read it."""
    found = (
        conversations_readable_by(user).select_related("agent", "queue", "contact").filter(pk=conversation_id).first()
    )
    if found is None:
        return ConversationLocation(
            _("This conversation is not with you"), _("You can read those that you have or had.")
        )
    names = {
        "customer": found.contact.display_name,
        "queue": found.queue.name,
        "agent": found.agent.public_name if found.agent else "",
    }
    if found.state == State.CLOSED:
        return ConversationLocation(
            _("The conversation with %(customer)s is closed") % names, _("There is nothing left to do.")
        )
    if found.agent is not None:
        return ConversationLocation(_("%(agent)s has %(customer)s now") % names, _("It is no longer with you."))
    return ConversationLocation(
        _("%(customer)s is waiting in “%(queue)s”") % names,
        _("It went back to its queue; whoever is free gets it from there."),
    )
