"""What a form asks for, as a version keeps it and every screen reads it: plain values, never changed once published."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

import structlog
from django.utils.text import slugify
from django.utils.translation import gettext as _
from msgspec import Struct

from apps.core.patterns import PatternError, compile_pattern
from apps.forms.choices import (
    DAYS,
    FIELDS_MOST,
    KEEP_MOST,
    LENGTHS,
    NUMBERS,
    OPTION_LENGTH,
    OPTIONS,
    OPTIONS_MOST,
    STATIC,
    TEXTS,
    Condition,
    Kind,
    Secure,
)

log = structlog.get_logger(__name__)

NAME: Final = r"^[a-z][a-z0-9_]*$"


class Rule(Struct, frozen=True):
    """A field is shown by what stands in another one above it."""

    name: str
    test: str
    value: str = ""


class Field(Struct, frozen=True, omit_defaults=True):
    """One field, heading or note.

    Attributes:
        name: unique in the form; what stands in it is kept under it.
        least: of texts characters, of numbers and dates values; empty is no limit. So is `most`.
        pattern: what the whole text must match.
        secure: what agents see of it, one of `Secure`; empty is the value.
        keep: how many of its last characters a mask leaves.
    """

    name: str
    kind: str
    label: str
    says: str = ""
    placeholder: str = ""
    is_required: bool = False
    options: tuple[str, ...] = ()
    least: str = ""
    most: str = ""
    pattern: str = ""
    pattern_says: str = ""
    secure: str = ""
    replacement: str = ""
    mask: str = "*"
    keep: int = 0
    shown_by: Rule | None = None

    @property
    def is_static(self) -> bool:
        """Whether there is nothing to fill in."""
        return self.kind in STATIC

    @property
    def longest(self) -> int:
        """Characters that it takes at most; of those that count them."""
        most = LENGTHS.get(Kind(self.kind), 300)
        return min(most, int(self.most)) if self.kind in TEXTS and self.most else most


class FormDefinition(Struct, frozen=True, omit_defaults=True):
    """A form.

    Attributes:
        title: what customers read above it.
        is_secured: agents see none of its values before they reveal them.
    """

    title: str
    fields: tuple[Field, ...]
    description: str = ""
    is_secured: bool = False

    @property
    def asked(self) -> list[Field]:
        """What is filled in."""
        return [field for field in self.fields if not field.is_static]

    def secures(self, field: Field) -> bool:
        """Whether agents see this field's value only once they reveal it."""
        return not field.is_static and (self.is_secured or bool(field.secure))


class Problem(Struct, frozen=True):
    """What keeps a form from being published.

    Attributes:
        field: the label of the field; empty for the form itself.
        says: a sentence.
    """

    field: str
    says: str

    def __str__(self) -> str:
        return f"{self.field}: {self.says}" if self.field else self.says


def field_names(labels: Iterable[tuple[str, str]]) -> list[str]:
    """A name for each field, unique: its own, else one made of its label.

    Args:
        labels: name (may be empty) and label of each, in order.
    """
    pairs = list(labels)
    taken = {name for name, _label in pairs if name}
    found = []
    for own, label in pairs:
        name = own
        if not name:
            base = re.sub(r"[^a-z0-9_]", "", slugify(label).replace("-", "_"))[:36].strip("_")
            base = base if re.match(NAME, base) else f"field_{base}".rstrip("_")
            name, number = base, 2
            while name in taken:
                name, number = f"{base}_{number}", number + 1
            taken.add(name)
        found.append(name)
    return found


# --- What is wrong with a form


def definition_problems(definition: FormDefinition) -> list[Problem]:
    """What an administrator has to mend before a form can be published."""
    found = []
    if not definition.title.strip():
        found.append(Problem("", _("Say what customers read above it.")))
    if not definition.asked:
        found.append(Problem("", _("There is nothing to fill in yet: add a field.")))
    if len(definition.fields) > FIELDS_MOST:
        found.append(Problem("", _("At most %(most)d fields.") % {"most": FIELDS_MOST}))
    above: dict[str, Field] = {}
    for field in definition.fields:
        found += [Problem(field.label, says) for says in _field_problems(definition, field, above)]
        if not field.is_static:
            above[field.name] = field
    return found


def _field_problems(definition: FormDefinition, field: Field, above: dict[str, Field]) -> Iterator[str]:
    if not field.label.strip():
        yield _("Say what it is called.")
    if not re.match(NAME, field.name):
        yield _("A name has small letters, digits and _, a letter first.")
    if field.name in above:
        yield _("Another field is called “%(name)s”, too.") % {"name": field.name}
    if field.kind in OPTIONS:
        yield from _option_problems(field.options)
    yield from _limit_problems(field)
    if field.pattern and (wrong := pattern_problem(field.pattern)):
        yield wrong
    if field.secure == Secure.REPLACE and not field.replacement.strip():
        yield _("Say which other text agents see.")
    if field.secure == Secure.MASK and (len(field.mask) != 1 or not field.mask.strip() or field.keep > KEEP_MOST):
        yield _("A mask needs one character, and shows at most %(most)d.") % {"most": KEEP_MOST}
    if field.shown_by:
        yield from _rule_problems(definition, field, field.shown_by, above)


def _option_problems(options: Sequence[str]) -> Iterator[str]:
    if len(options) < 1:
        yield _("There is nothing to choose from: write one option on each line.")
    if len(set(options)) < len(options):
        yield _("An option is there twice.")
    if len(options) > OPTIONS_MOST or any(len(each) > OPTION_LENGTH for each in options):
        yield _("At most %(most)d options of %(length)d characters.") % {"most": OPTIONS_MOST, "length": OPTION_LENGTH}


def _limit_problems(field: Field) -> Iterator[str]:
    for text in (field.least, field.most):
        if text and parse_limit(field.kind, text) is None:
            yield {
                True: _("“%(text)s” is no date: write it as 2026-12-31, or today."),
                False: _("“%(text)s” is no number."),
            }[field.kind in DAYS] % {"text": text}
            return
    least, most = (parse_limit(field.kind, text) if text else None for text in (field.least, field.most))
    if least is not None and most is not None and least > most:  # type: ignore[operator]
        yield _("The least is more than the most.")
    if field.kind == Kind.RANGE and (least is None or most is None):
        yield _("A slider needs a least and a most.")


def _rule_problems(definition: FormDefinition, field: Field, rule: Rule, above: dict[str, Field]) -> Iterator[str]:
    other = above.get(rule.name)
    if other is None:
        yield _("It depends on “%(name)s”, and no field above it is called so.") % {"name": rule.name}
        return
    if other.kind in OPTIONS and rule.test in {Condition.IS, Condition.IS_NOT} and rule.value not in other.options:
        yield _("“%(value)s” is no option of “%(label)s”.") % {"value": rule.value, "label": other.label}
    if definition.secures(other) and not definition.is_secured and not field.secure:
        # That it is there would tell what stands in the other one.
        yield _("It depends on the secured “%(label)s”: secure it as well.") % {"label": other.label}


Limit = Decimal | int | date | datetime


def parse_limit(kind: str, text: str) -> Limit | None:
    """What a least or a most of this kind of field says; None where it says nothing of the kind."""
    text = text.strip()
    try:
        if kind in NUMBERS:
            number = Decimal(text)
            return number if number.is_finite() else None
        if kind in DAYS:
            return date.today() if text == TODAY else date.fromisoformat(text)  # noqa: DTZ011 - of whoever fills it in
        return int(text) if text.isascii() and text.isdigit() else None
    except (InvalidOperation, ValueError):
        return None


TODAY: Literal["today"] = "today"

# --- Patterns


def pattern_problem(pattern: str) -> str:
    """Why this is no pattern; empty where it is one."""
    try:
        compile_pattern(pattern, case_sensitive=True)
    except PatternError as error:
        return _("This is no regular expression: %(why)s.") % {"why": error}
    return ""


def pattern_matches(pattern: str, text: str) -> bool:
    """Whether the whole text is as the pattern says.

    One that is none asks for nothing: its customer could not mend it. No form is published with one; a version may
    hold one all the same, from a time when another engine read it.
    """
    try:
        return compile_pattern(pattern, case_sensitive=True).fullmatch(text) is not None
    except PatternError as error:
        log.error("forms.pattern_unreadable", pattern=pattern, why=str(error))
        return True
