"""Text with variables in double braces: plain substitution in one pass, nothing is evaluated."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_VARIABLE: Final = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)


def fill_variables(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in: what a value says is never read as a variable.

    Args:
        text: with variables that `check_variables` accepts.
        values: by name; a name that is missing leaves nothing.
    """
    return _VARIABLE.sub(lambda found: values.get(found[1], ""), text)


def variable_names(text: str) -> list[str]:
    """The variables of a text, each once, in the order in which they are met first."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def check_variables(text: str, known: Collection[str]) -> None:
    """Refuse a text with variables that there are not.

    Raises:
        ValidationError: ``variable_unknown``; says which ones, and which there are.
    """
    if unknown := sorted(set(variable_names(text)) - set(known)):
        raise ValidationError(
            _("Unknown: %(names)s. There are: %(known)s."),
            code="variable_unknown",
            params={"names": ", ".join(unknown), "known": ", ".join(sorted(known))},
        )
