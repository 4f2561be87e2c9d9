"""What agents are told about what rang at them, or opened by itself, and is gone (AGT-7, XFR-5)."""

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import Side
from apps.conversations.models import Conversation


def offer_missed_text(conversation: Conversation) -> str:
    """An offer was not accepted in time."""
    words = _("You did not accept %(customer)s in time, so you are Away (Idle). Choose Available to go on.")
    return words % _names(conversation)


def first_response_missed_text(conversation: Conversation) -> str:
    """What opened by itself heard no first word in time."""
    words = _(
        "You did not write to %(customer)s in time: the conversation went back and you are Away (Idle)."
        " Choose Available to go on."
    )
    return words % _names(conversation)


def offer_ended_text(conversation: Conversation, by: Side) -> str:
    """It ended while it rang."""
    if by == Side.CUSTOMER:
        return _("%(customer)s left before you accepted.") % _names(conversation)
    return _("The conversation with %(customer)s ended before you accepted.") % _names(conversation)


def transfer_cancelled_text(conversation: Conversation, sender: User) -> str:
    """The sender of a transfer cancelled it."""
    return _("%(sender)s took back the transfer of %(customer)s.") % _names(conversation, sender=sender.public_name)


def transfer_dropped_text(conversation: Conversation) -> str:
    """A transfer was dropped, since its sender lost the conversation, which waits in its queue again."""
    return _("%(customer)s went back to “%(queue)s” before you accepted.") % _names(conversation)


def offer_withdrawn_text(conversation: Conversation) -> str:
    """A supervisor took it from its line, or its queue was given up."""
    return _("%(customer)s was taken back before you accepted.") % _names(conversation)


def _names(conversation: Conversation, **more: str) -> dict[str, str]:
    return {"customer": conversation.contact.display_name, "queue": conversation.queue.name, **more}
