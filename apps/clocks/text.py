"""Messages with variables: plain substitution, nothing is evaluated."""

import re
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.clocks.choices import Stage
from apps.conversations.text import clean_body
from apps.core.errors import DomainError

VARIABLES: Final = frozenset(
    {"agentFirstName", "agentLastName", "agentFullName", "agentNickName", "elapsed", "customerName"}
)

DEFAULTS: Final[Mapping[Stage, str]] = {
    Stage.DUE: gettext_noop("{{customerName}} has waited {{elapsed}} for your answer."),
    Stage.OVERDUE: gettext_noop("Your answer to {{customerName}} is overdue: no reply for {{elapsed}}."),
    Stage.INACTIVE: gettext_noop(
        "The conversation with {{customerName}} went back to its queue: no reply for {{elapsed}}."
    ),
    Stage.IDLE_DUE: gettext_noop("Are you still there? {{agentNickName}} is waiting for your answer."),
    Stage.IDLE: gettext_noop("We have not heard from you for {{elapsed}}. Please write whenever you are ready."),
    Stage.AUTO_CLOSE: gettext_noop("We have not heard from you for {{elapsed}}, so this conversation ends here."),
}
"""What is said where a tenant has no message of its own; translated into the reader's language."""

_VARIABLE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)


def render(body: str, values: Mapping[str, str]) -> str:
    """The message with its variables filled in, in one pass: what a value says is never read as a variable.

    Args:
        body: as `validate_message` accepts it.
        values: by name; a name that is missing leaves nothing.
    """
    return _VARIABLE.sub(lambda found: values.get(found[1], ""), body)


def validate_message(body: str) -> None:
    """Refuse a message with variables that there are not, or with nothing but variables.

    Raises:
        ValidationError: which ones.
    """
    if unknown := sorted(set(_VARIABLE.findall(body)) - VARIABLES):
        raise ValidationError(
            _("Unknown: %(names)s. There are: %(known)s."),
            code="variable_unknown",
            params={"names": ", ".join(unknown), "known": ", ".join(sorted(VARIABLES))},
        )
    try:
        # Names may be empty, and a message must not be.
        clean_body(_VARIABLE.sub("", body))
    except DomainError as refused:
        raise ValidationError(str(refused.message), code=refused.code) from refused


def tags(language: str) -> list[str]:
    """The language tags under which a message is looked for, the closest first: ``pt-br``, ``pt``, and any."""
    tag = language.lower()
    return list(dict.fromkeys([tag, tag.partition("-")[0], ""]))


def supported(language: str) -> str:
    """The closest language that this installation has texts in."""
    try:
        return translation.get_supported_language_variant(language.lower())
    except LookupError:
        return settings.LANGUAGE_CODE
