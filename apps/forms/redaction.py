"""What an agent sees of a form before anything is revealed (FRM-3): the server decides, nothing is hidden by looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from apps.forms.choices import REDACTED, Secure
from apps.forms.definition import Field, FormDefinition
from apps.forms.submission import FieldValue, value_text

SHOWN_MOST: Final = 24
"""Characters of a mask at most."""


@dataclass(frozen=True)
class RedactedField:
    """A field as an agent sees it.

    Attributes:
        text: its value, or what stands for it.
        is_secured: it can be revealed; `text` says nothing of the value but what its mask leaves.
    """

    field: Field
    text: str
    is_secured: bool


def fields_to_decrypt(definition: FormDefinition) -> list[str]:
    """The names of the fields whose values have to be read to show a form: of the others nothing is decrypted."""
    if definition.is_secured:
        return []
    return [field.name for field in definition.asked if field.secure in {Secure.NO, Secure.MASK}]


def redacted_fields(definition: FormDefinition, values: Mapping[str, FieldValue] | None) -> list[RedactedField]:
    """A filled form as an agent sees it; labels always show.

    Args:
        definition: what it asked for.
        values: those that `fields_to_decrypt` names; None where they can't be read any more.
    """
    return [_shown(definition, field, values) for field in definition.fields]


def _shown(definition: FormDefinition, field: Field, values: Mapping[str, FieldValue] | None) -> RedactedField:
    if field.is_static:
        return RedactedField(field, field.says, False)
    if values is None:
        return RedactedField(field, _("Erased"), False)
    if definition.secures(field):
        return RedactedField(field, _stand_in(definition, field, values), True)
    return RedactedField(field, value_text(field, values.get(field.name)), False)


def _stand_in(definition: FormDefinition, field: Field, values: Mapping[str, FieldValue]) -> str:
    # A field that was left empty looks like one that was not: that, too, may be somebody's secret.
    if definition.is_secured or field.secure == Secure.REDACT:
        return REDACTED
    if field.secure == Secure.REPLACE:
        return field.replacement
    return mask_value(value_text(field, values.get(field.name)), field.mask, field.keep)


def mask_value(text: str, character: str, keep: int) -> str:
    """A text as its mask shows it: the last characters, and a sign for each of the others.

    Of a text that would be half given away, nothing is shown.
    """
    text = " ".join(text.split())
    if not text:
        return REDACTED
    left = keep if keep and len(text) > 2 * keep else 0
    signs = min(len(text) - left, SHOWN_MOST)
    return character * signs + (text[-left:] if left else "")
