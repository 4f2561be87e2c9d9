"""Every variable that a text of the company's may hold, what it stands for, and what it is in one conversation."""

from collections.abc import Collection, Mapping
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.contacts.models import Contact

LABELS: Final[Mapping[str, object]] = {
    "contact.first_name": _("the customer's first name"),
    "contact.last_name": _("the customer's last name"),
    "contact.name": _("the customer's name"),
    "contact.email": _("the customer's email address"),
    "contact.phone": _("the customer's phone number"),
    "agent.first_name": _("the agent's first name"),
    "agent.last_name": _("the agent's last name"),
    "agent.name": _("the agent's full name"),
    "agent.nick_name": _("the agent's nick name, or first name"),
    "agent.email": _("the agent's email address"),
    "queue.name": _("the queue's name"),
    "elapsed": _("how long the answer has been waited for"),
    "reference": _("the reference that leads answers back to the conversation"),
    "subject": _("the mail's subject"),
}
"""What each stands for; which of them a text may hold depends on when it is said."""


def contact_values(contact: Contact) -> dict[str, str]:
    """What the variables of a customer stand for; nothing is known where a value is empty."""
    name = contact.name.strip()
    first, _space, last = name.partition(" ")
    return {
        "contact.first_name": first,
        "contact.last_name": last.strip(),
        "contact.name": name,
        "contact.email": contact.email,
        "contact.phone": contact.phone,
    }


def agent_values(user: User) -> dict[str, str]:
    """What the variables of an agent stand for."""
    return {
        "agent.first_name": user.first_name,
        "agent.last_name": user.last_name,
        "agent.name": user.full_name,
        "agent.nick_name": user.public_name,
        "agent.email": user.email,
    }


def variables_help(names: Collection[str]) -> SafeString:
    """The variables that a text may hold, with what they stand for, to be read beside its field.

    Args:
        names: of `LABELS`; they are shown in its order.
    """
    rows = format_html_join("", "<dt>{{{{{}}}}}</dt><dd>{}</dd>", [each for each in LABELS.items() if each[0] in names])
    return format_html('<dl class="variables">{}</dl>', rows)
