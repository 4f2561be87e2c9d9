"""The messages of reply clocks: their variables, and our own texts."""

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from apps.clocks.choices import Stage
from apps.conversations.text import clean_body
from apps.core.errors import DomainError
from apps.core.languages import supported_language
from apps.core.variables import check_variables, fill_variables

VARIABLES: Final = frozenset(
    {"agent.first_name", "agent.last_name", "agent.name", "agent.nick_name", "contact.name", "elapsed"}
)
"""What a message may name."""

DEFAULTS: Final[Mapping[Stage, str]] = {
    Stage.DUE: gettext_noop("{{contact.name}} has waited {{elapsed}} for your answer."),
    Stage.OVERDUE: gettext_noop("Your answer to {{contact.name}} is overdue: no reply for {{elapsed}}."),
    Stage.INACTIVE: gettext_noop(
        "The conversation with {{contact.name}} went back to its queue: no reply for {{elapsed}}."
    ),
    Stage.IDLE_DUE: gettext_noop("Are you still there? {{agent.nick_name}} is waiting for your answer."),
    Stage.IDLE: gettext_noop("We have not heard from you for {{elapsed}}. Please write whenever you are ready."),
    Stage.AUTO_CLOSE: gettext_noop("We have not heard from you for {{elapsed}}, so this conversation ends here."),
}
"""What is said where a tenant has no message of its own; translated into the reader's language."""


def built_in_text(stage: Stage, language: str = "") -> str:
    """Our own text of a stage, with its variables.

    Args:
        stage: any but `Stage.RUNNING`.
        language: a tag; the text is in the closest language that we have.
    """
    with translation.override(supported_language(language)):
        return gettext(DEFAULTS[stage])


def validate_message(body: str) -> None:
    """Refuse a message with variables that there are not, or with nothing but variables.

    Raises:
        ValidationError: which ones.
    """
    check_variables(body, VARIABLES)
    try:
        # Names may be empty, and a message must not be.
        clean_body(fill_variables(body, {}))
    except DomainError as refused:
        raise ValidationError(str(refused.message), code=refused.code) from refused
