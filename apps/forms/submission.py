"""What a customer types into a form: shown again, checked field by field, and kept as plain values (FRM-1)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from apps.contacts.text import clean_email, clean_phone, phone_text
from apps.conversations.text import MAX_LENGTH, clean_body
from apps.core.dates import date_text
from apps.forms.choices import DAYS, NUMBERS, OPTIONS, TEXTS, Condition, Kind
from apps.forms.definition import Field, FormDefinition, Rule, parse_limit, pattern_matches

FieldValue = str | list[str]
"""What is kept of a field: a list where any of several may be chosen, else text."""

SubmittedData = Mapping[str, Sequence[str]]
"""What a browser sends: texts by name."""

PREFIX: Final = "f-"
"""Before the names of fields, in a browser: they are the company's, and must not meet those of the page."""

ADDRESS: Final = (
    ("street", gettext_lazy("Street and number"), "address-line1"),
    ("more", gettext_lazy("Flat, floor, company"), "address-line2"),
    ("postcode", gettext_lazy("Postcode"), "postal-code"),
    ("city", gettext_lazy("Town or city"), "address-level2"),
    ("country", gettext_lazy("Country"), "country-name"),
)
"""The lines of a postal address: name, what it is called, what a browser knows it by."""

ADDRESS_NEEDED: Final = frozenset({"street", "city"})
LINE_LENGTH: Final = 120
YES: Final = "yes"
NO: Final = "no"

_web = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Submission:
    """What was typed, once it is checked.

    Attributes:
        values: by name; what was left empty, and what was not to be seen, is not in it.
        errors: sentences by name; with any, nothing is to be kept.
    """

    values: dict[str, FieldValue] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@sensitive_variables()
def check_submission(definition: FormDefinition, given: SubmittedData) -> Submission:
    """Check what was typed. A field that the customer was not shown is asked for nothing, and keeps nothing."""
    filled, seen = Submission(), dict[str, FieldValue]()
    for each in definition.asked:
        raw = _raw(each, given)
        if each.shown_by and not rule_holds(each.shown_by, seen):
            continue
        # What stands in it counts for others even while something is wrong with it.
        seen[each.name] = raw
        try:
            value = _checked(each, given, raw)
        except ValidationError as wrong:
            filled.errors[each.name] = " ".join(wrong.messages)
            continue
        if value:
            filled.values[each.name] = value
    return filled


def rule_holds(rule: Rule, seen: Mapping[str, FieldValue]) -> bool:
    """Whether a rule shows its field, by what stands in those above; what is hidden itself is empty."""
    value = seen.get(rule.name, "")
    chosen = value if isinstance(value, list) else [value]
    if rule.test == Condition.FILLED:
        return any(chosen)
    if rule.test == Condition.EMPTY:
        return not any(chosen)
    return (rule.value in chosen) == (rule.test == Condition.IS)


def _raw(each: Field, given: SubmittedData) -> FieldValue:
    if each.kind == Kind.CHECKBOX:
        return [text for text in given.get(PREFIX + each.name, ()) if text]
    if each.kind == Kind.ADDRESS:
        return "\n".join(filter(None, (line.strip() for line in address_lines(each, given).values())))
    return next(iter(given.get(PREFIX + each.name, ())), "").strip()


def address_lines(each: Field, given: SubmittedData) -> dict[str, str]:
    """The lines of an address, by name."""
    return {part: next(iter(given.get(f"{PREFIX}{each.name}-{part}", ())), "") for part, _label, _auto in ADDRESS}


@sensitive_variables()
def _checked(each: Field, given: SubmittedData, raw: FieldValue) -> FieldValue:
    """The value that is kept.

    Raises:
        ValidationError: with a sentence for the customer.
    """
    if not raw:
        if each.is_required:
            raise ValidationError(_MISSING.get(Kind(each.kind), _("Please fill this in.")))
        return NO if each.kind == Kind.TOGGLE else ""
    if each.kind in OPTIONS:
        return _chosen(each, raw)
    if each.kind == Kind.ADDRESS:
        return _address(each, given)
    text = _text(str(raw))
    if each.kind in TEXTS:
        _must_fit(each, text)
        return text
    return _KINDS[Kind(each.kind)](each, text)


_MISSING: Final = {
    Kind.RADIO: gettext_lazy("Please choose one."),
    Kind.DROPDOWN: gettext_lazy("Please choose one."),
    Kind.CHECKBOX: gettext_lazy("Please choose one or more."),
    Kind.TOGGLE: gettext_lazy("Please tick this to go on."),
}


def _text(text: str) -> str:
    """Without what no reader sees and no database stores."""
    if len(text) > MAX_LENGTH:
        raise ValidationError(_("This is too long."))
    return clean_body(text, may_be_empty=True)


def _must_fit(each: Field, text: str) -> None:
    least, _most = _limits(each)
    if least is not None and len(text) < least:
        raise ValidationError(_("At least %(least)s characters, please.") % {"least": least})
    if len(text) > each.longest:
        raise ValidationError(_("At most %(most)s characters, please.") % {"most": each.longest})
    if each.pattern and not pattern_matches(each.pattern, text):
        raise ValidationError(each.pattern_says or _("This does not look right."))


def _chosen(each: Field, raw: FieldValue) -> FieldValue:
    wanted = raw if isinstance(raw, list) else [raw]
    if not set(wanted) <= set(each.options):
        raise ValidationError(_("Please choose among what there is."))
    ordered = [option for option in each.options if option in wanted]
    return ordered if each.kind == Kind.CHECKBOX else ordered[0]


def _address(each: Field, given: SubmittedData) -> FieldValue:
    lines = {part: " ".join(_text(line).split()) for part, line in address_lines(each, given).items()}
    if any(not lines[part] for part in ADDRESS_NEEDED):
        raise ValidationError(_("Please give street and town at least."))
    if any(len(line) > LINE_LENGTH for line in lines.values()):
        raise ValidationError(_("At most %(most)s characters in a line, please.") % {"most": LINE_LENGTH})
    town = " ".join(filter(None, (lines["postcode"], lines["city"])))
    return "\n".join(filter(None, (lines["street"], lines["more"], town, lines["country"])))


def _number(each: Field, text: str) -> FieldValue:
    try:
        number = Decimal(text.replace(",", ".") if "." not in text else text)
    except InvalidOperation as error:
        raise ValidationError(_("Please enter a number.")) from error
    if not number.is_finite() or len(text) > 40:
        raise ValidationError(_("Please enter a number."))
    least, most = _limits(each)
    if least is not None and number < least:
        raise ValidationError(_("%(least)s or more, please.") % {"least": each.least})
    if most is not None and number > most:
        raise ValidationError(_("%(most)s or less, please.") % {"most": each.most})
    return text


def _limits(each: Field) -> tuple[Any, Any]:
    """Its least and its most; None where there is none."""
    least, most = (parse_limit(each.kind, limit) if limit else None for limit in (each.least, each.most))
    return least, most


def _day(each: Field, text: str) -> FieldValue:
    try:
        day = date.fromisoformat(text) if each.kind == Kind.DATE else datetime.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(
            _("Please enter a date.") if each.kind == Kind.DATE else _("Please enter a date and a time.")
        ) from error
    least, most = _limits(each)
    only = day.date() if isinstance(day, datetime) else day
    if least is not None and only < least:
        raise ValidationError(_("Not before %(day)s, please.") % {"day": date_text(least, "date")})
    if most is not None and only > most:
        raise ValidationError(_("Not after %(day)s, please.") % {"day": date_text(most, "date")})
    return day.isoformat(timespec="minutes") if isinstance(day, datetime) else day.isoformat()


def _url(each: Field, text: str) -> FieldValue:
    address = text if "://" in text else f"https://{text}"
    if len(address) > each.longest:
        raise ValidationError(_("At most %(most)s characters, please.") % {"most": each.longest})
    try:
        _web(address)
    except ValidationError as wrong:
        raise ValidationError(_("Please enter a whole address, such as https://example.com.")) from wrong
    return address


def _toggle(_each: Field, text: str) -> FieldValue:
    return YES if text == YES else NO


_KINDS: Final[dict[Kind, Callable[[Field, str], FieldValue]]] = {
    Kind.NUMBER: _number,
    Kind.RANGE: _number,
    Kind.DATE: _day,
    Kind.DATETIME: _day,
    Kind.PHONE: lambda _each, text: clean_phone(text),
    Kind.EMAIL: lambda _each, text: clean_email(text),
    Kind.URL: _url,
    Kind.TOGGLE: _toggle,
}
if set(_KINDS) | TEXTS | OPTIONS | {Kind.ADDRESS, Kind.HEADING, Kind.NOTE} != set(Kind):  # pragma: no cover
    raise RuntimeError("a kind of field without a check")


# --- As people read it


def value_text(each: Field, value: FieldValue | None) -> str:
    """A value as agents read it, the same for each, since masks are laid over it; empty where there is none."""
    if not value:
        return ""
    if each.kind == Kind.TOGGLE:
        return _("Yes") if value == YES else _("No")
    if isinstance(value, list):
        return ", ".join(value)
    if each.kind == Kind.PHONE:
        return phone_text(value)
    try:
        if each.kind == Kind.DATE:
            return formats.date_format(date.fromisoformat(value), "j F Y")
        if each.kind == Kind.DATETIME:
            return formats.date_format(datetime.fromisoformat(value), "j F Y, H:i")
    except ValueError:
        return value
    return value


# --- As the page shows it


@dataclass(frozen=True)
class FieldEntry:
    """A field on the customer's page.

    Attributes:
        text: what stands in it; never that of a password.
        chosen: the options that are ticked.
        lines: of an address: name, what it is called, what a browser knows it by, what stands in it.
        error: what is wrong with it.
    """

    field: Field
    text: str
    chosen: list[str]
    lines: list[tuple[str, str, str, str]]
    error: str

    @property
    def name(self) -> str:
        """What a browser sends it as."""
        return PREFIX + self.field.name

    @property
    def input(self) -> str:
        """The type of its input."""
        return {Kind.PHONE: "tel", Kind.DATETIME: "datetime-local"}.get(Kind(self.field.kind), self.field.kind)

    @property
    def autocomplete(self) -> str:
        """What a browser knows it by; of most it knows nothing, and is to keep nothing."""
        return {Kind.PHONE: "tel", Kind.EMAIL: "email"}.get(Kind(self.field.kind), "off")

    @property
    def direction(self) -> str:
        """Numbers, addresses and dates are written from left to right everywhere."""
        return "auto" if self.field.kind in TEXTS else "ltr"

    @property
    def least(self) -> str:
        """Its least, as an input of its type has it."""
        return _limit(self.field, self.field.least)

    @property
    def most(self) -> str:
        """Its most, as an input of its type has it."""
        return _limit(self.field, self.field.most)

    @property
    def is_group(self) -> bool:
        """Whether several inputs make it."""
        return self.field.kind in {Kind.RADIO, Kind.CHECKBOX, Kind.ADDRESS}


def _limit(each: Field, text: str) -> str:
    if not text or each.kind not in NUMBERS | DAYS:
        return ""
    limit = parse_limit(each.kind, text)
    if isinstance(limit, date):
        return f"{limit.isoformat()}T00:00" if each.kind == Kind.DATETIME else limit.isoformat()
    return "" if limit is None else str(limit)


def field_entries(
    definition: FormDefinition, given: SubmittedData | None = None, errors: Mapping[str, str] | None = None
) -> list[FieldEntry]:
    """Every field as the customer's page shows it, with what they have typed and what is wrong with it."""
    return [_entry(each, given or {}, (errors or {}).get(each.name, "")) for each in definition.fields]


def _entry(each: Field, given: SubmittedData, error: str) -> FieldEntry:
    raw = "" if each.is_static or each.kind == Kind.PASSWORD else _raw(each, given)
    if each.kind == Kind.RANGE and not raw:
        raw = each.least
    stands = address_lines(each, given) if each.kind == Kind.ADDRESS else {}
    return FieldEntry(
        field=each,
        text="" if isinstance(raw, list) else raw,
        chosen=raw if isinstance(raw, list) else [raw],
        lines=[(part, str(label), auto, stands[part]) for part, label, auto in ADDRESS] if stands else [],
        error=error,
    )
