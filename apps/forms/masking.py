"""What an agent sees of a form before anything is revealed (FRM-3): the server decides, nothing is hidden by looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from apps.forms.choices import REDACTED, Secure
from apps.forms.filling import Value, words_of
from apps.forms.spec import Field, Spec

SHOWN_MOST: Final = 24
"""Characters of a mask at most."""


@dataclass(frozen=True)
class Shown:
    """A field as an agent sees it.

    Attributes:
        text: its value, or what stands for it.
        is_secured: it can be revealed; `text` says nothing of the value but what its mask leaves.
    """

    field: Field
    text: str
    is_secured: bool


def needed(spec: Spec) -> list[str]:
    """The names of the fields whose values have to be read to show a form: of the others nothing is decrypted."""
    if spec.is_secured:
        return []
    return [field.name for field in spec.asked if field.secure in {Secure.NO, Secure.MASK}]


def shown(spec: Spec, values: Mapping[str, Value] | None) -> list[Shown]:
    """A filled form as an agent sees it; labels always show.

    Args:
        spec: what it asked for.
        values: those that `needed` names; None where they can't be read any more.
    """
    return [_shown(spec, field, values) for field in spec.fields]


def _shown(spec: Spec, field: Field, values: Mapping[str, Value] | None) -> Shown:
    if field.is_static:
        return Shown(field, field.says, False)
    if values is None:
        return Shown(field, _("Erased"), False)
    if spec.secures(field):
        return Shown(field, _stand_in(spec, field, values), True)
    return Shown(field, words_of(field, values.get(field.name)), False)


def _stand_in(spec: Spec, field: Field, values: Mapping[str, Value]) -> str:
    # A field that was left empty looks like one that was not: that, too, may be somebody's secret.
    if spec.is_secured or field.secure == Secure.REDACT:
        return REDACTED
    if field.secure == Secure.REPLACE:
        return field.replacement
    return masked(words_of(field, values.get(field.name)), field.mask, field.keep)


def masked(text: str, character: str, keep: int) -> str:
    """A text as its mask shows it: the last characters, and a sign for each of the others.

    Of a text that would be half given away, nothing is shown.
    """
    text = " ".join(text.split())
    if not text:
        return REDACTED
    left = keep if keep and len(text) > 2 * keep else 0
    signs = min(len(text) - left, SHOWN_MOST)
    return character * signs + (text[-left:] if left else "")
