"""The words that mails of ours are made of: variables of signatures and of automatic mails, and our own texts."""

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from apps.conversations.text import clean_body
from apps.core.errors import DomainError
from apps.core.languages import supported_language
from apps.core.variables import check_variables, fill_variables
from apps.email.choices import OutboundKind
from apps.responses.text import VARIABLES

AUTOMATIC_VARIABLES: Final = frozenset({"contact.name", "contact.first_name", "queue.name", "reference", "subject"})

DEFAULT_TEXTS: Final[Mapping[OutboundKind, str]] = {
    OutboundKind.RECEIPT: gettext_noop(
        "Thank you for your message. We have received it and will answer as soon as we can.\n\n"
        "Your reference is {{reference}}: please leave it in the subject when you write to us about this again."
    ),
    OutboundKind.OUT_OF_HOURS: gettext_noop(
        "Thank you for your message. Nobody is here at the moment: we will answer when we are back.\n\n"
        "Your reference is {{reference}}."
    ),
}
"""What is said where a channel has no text of its own; translated into the customer's language."""


def built_in_text(kind: OutboundKind, language: str = "") -> str:
    """Our own text of an automatic mail, with its variables.

    Args:
        kind: of the mail.
        language: a tag; the text is in the closest language that we have.
    """
    with translation.override(supported_language(language)):
        return gettext(DEFAULT_TEXTS[kind])


def validate_signature(text: str) -> None:
    """Refuse a signature with variables that there are not.

    Raises:
        ValidationError: ``variable_unknown``.
    """
    check_variables(text, VARIABLES)


def validate_automatic(text: str) -> None:
    """Refuse a text with variables that there are not, or with nothing but variables.

    Raises:
        ValidationError: ``variable_unknown``, ``message_empty``.
    """
    check_variables(text, AUTOMATIC_VARIABLES)
    try:
        clean_body(fill_variables(text, {}))
    except DomainError as refused:
        raise ValidationError(str(refused.message), code=refused.code) from refused
