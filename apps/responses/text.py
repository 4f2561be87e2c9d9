"""The variables of standard responses: what they stand for, and what is said where nothing is known (CON-8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.conversations.text import clean_body
from apps.conversations.variables import LABELS, agent_values, contact_values
from apps.core.errors import DomainError
from apps.core.languages import supported_language
from apps.core.variables import check_variables, fill_variables, variable_names
from apps.queues.models import Queue

VARIABLES: Final = frozenset(
    {
        "contact.first_name",
        "contact.last_name",
        "contact.name",
        "contact.email",
        "contact.phone",
        "agent.first_name",
        "agent.last_name",
        "agent.name",
        "agent.nick_name",
        "agent.email",
        "queue.name",
    }
)
"""What a response, or a signature, may name."""

FALLBACKS: Final[Mapping[str, str]] = {
    "contact.first_name": gettext_noop("there"),
    "contact.last_name": gettext_noop("there"),
    "contact.name": gettext_noop("there"),
    "contact.email": gettext_noop("your email address"),
    "contact.phone": gettext_noop("your phone number"),
}
"""What is said where nothing is known, in the language of the response: "Hello there"."""


@dataclass(frozen=True)
class FilledText:
    """A response's text for one conversation.

    Attributes:
        text: with every variable filled in.
        missing: the variables of which nothing was known; the text has a fallback in their place.
    """

    text: str
    missing: tuple[str, ...]

    @property
    def missing_words(self) -> str:
        """What was not known, for people."""
        return ", ".join(str(LABELS[name]) for name in self.missing)


def variable_values(contact: Contact, agent: User, queue: Queue) -> dict[str, str]:
    """What the variables stand for in one conversation; nothing is known where a value is empty."""
    return {**contact_values(contact), **agent_values(agent), "queue.name": queue.name}


def fill_text(body: str, values: Mapping[str, str], *, language: str = "") -> FilledText:
    """A response's body with its variables filled in; what is not known is said in other words, and named.

    Args:
        body: as `validate_body` accepts it.
        values: by variable, as `variable_values` gives them.
        language: a tag; the fallbacks are in the closest language that we have.
    """
    missing = tuple(name for name in variable_names(body) if not values.get(name))
    if not missing:
        return FilledText(fill_variables(body, values), ())
    with translation.override(supported_language(language)):
        fallbacks = {name: _fallback(name, values) for name in missing}
    return FilledText(fill_variables(body, {**values, **fallbacks}), missing)


def _fallback(name: str, values: Mapping[str, str]) -> str:
    # Of somebody who gave one name alone, it stands for the other one, too.
    if name == "contact.last_name" and values.get("contact.name"):
        return values["contact.name"]
    return gettext(FALLBACKS[name]) if name in FALLBACKS else ""


def validate_body(body: str) -> None:
    """Refuse a text with variables that there are not, or with nothing to say.

    Raises:
        ValidationError: ``variable_unknown``, ``message_empty``, ``message_too_long``.
    """
    check_variables(body, VARIABLES)
    try:
        clean_body(body)
    except DomainError as refused:
        raise ValidationError(str(refused.message), code=refused.code) from refused


SAMPLE: Final = {
    "contact.first_name": "Ana",
    "contact.last_name": "Ruiz",
    "contact.name": "Ana Ruiz",
    "contact.email": "ana.ruiz@example.com",
    "contact.phone": "+34 600 123 456",
    "queue.name": gettext_lazy("Support"),
}
"""A customer whom nobody has met, for previews."""


def sample_values(agent: User) -> dict[str, str]:
    """What the variables stand for in a preview: an invented customer, and whoever looks at it as the agent."""
    own = variable_values(Contact(), agent, Queue())
    return {**own, **{name: str(value) for name, value in SAMPLE.items()}}
