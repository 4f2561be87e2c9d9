"""What a user may do and why, put together from the functions that decide it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import MEANINGS, REACHES, Permission
from apps.agents.reach import ways_to_queues
from apps.conversations.models import Conversation
from apps.conversations.selectors import conversation_readers, conversations_readable_by, reading_reasons
from apps.forms.selectors import may_reveal, reveals_by_switch

READERS = 50
"""Readers of a conversation that a page names."""
COUNTED = 1000
"""Conversations that are counted: beyond that a page says that there are more."""

Text = str | Promise


@dataclass(frozen=True)
class Line:
    """A permission, and whether somebody has it.

    Attributes:
        label: what it is.
        meaning: a sentence on it.
        allowed: whether they have it.
        why: because of what.
    """

    label: Text
    meaning: Text
    allowed: bool
    why: str


@dataclass(frozen=True)
class Explanation:
    """Everything about one user.

    Attributes:
        lines: each permission.
        reach: how far they reach, in a sentence; empty for who reaches nothing.
        queues: each queue that they serve, and by what.
        conversations: how many conversations they may read.
        more: whether there are more than were counted.
    """

    lines: list[Line]
    reach: Text
    queues: list[tuple[str, str]]
    conversations: int
    more: bool


def user_explanation(user: User) -> Explanation:
    """What a user may do, and why."""
    found = conversations_readable_by(user).order_by()[: COUNTED + 1].count()
    return Explanation(
        lines=[_line(user, permission) for permission in Permission],
        reach=REACHES[user.reach] if user.reach is not None else "",
        queues=ways_to_queues(user) if user.is_active else [],
        conversations=min(found, COUNTED),
        more=found > COUNTED,
    )


def _line(user: User, permission: Permission) -> Line:
    allowed = may_reveal(user) if permission == Permission.REVEAL else user.may(permission)
    return Line(permission.label, MEANINGS[permission], allowed, _why(user, permission, allowed=allowed))


def _why(user: User, permission: Permission, *, allowed: bool) -> str:
    if not user.is_active:
        return _("Deactivated: nothing is allowed.")
    if user.role is None:
        return _("Has no role.")
    if permission == Permission.REVEAL and reveals_by_switch(user):
        return _("“Agents may reveal secured values” is on.") if allowed else _("The switch for agents is off.")
    words = _("The role “%(role)s” allows it.") if allowed else _("The role “%(role)s” does not allow it.")
    return words % {"role": user.role}


def conversation_explanation(conversation: Conversation) -> tuple[list[tuple[User, str]], bool]:
    """Who may read a conversation, each with the reasons, and whether there are more than are named."""
    readers = conversation_readers(conversation).select_related("role").order_by("first_name", "last_name", "pk")
    found = list(readers[: READERS + 1])
    said = [(user, " ".join(str(reason.label) for reason in reading_reasons(user, conversation))) for user in found]
    return said[:READERS], len(found) > READERS
