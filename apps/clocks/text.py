"""The messages of reply clocks: their variables, and our own texts."""

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop

from apps.clocks.choices import Stage
from apps.conversations.text import clean_body
from apps.core.errors import DomainError
from apps.core.variables import check_variables, fill_variables

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
