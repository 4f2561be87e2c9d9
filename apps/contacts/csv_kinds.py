"""Contacts as rows of files (TEN-8)."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from import_export.widgets import Widget

from apps.contacts.actions import ContactWrite, contacts_write
from apps.contacts.choices import FieldKind
from apps.contacts.models import Contact, ContactField
from apps.contacts.steps import OWN, field_value
from apps.contacts.text import CLEAN, clean_custom
from apps.imports.cells import SEPARATOR
from apps.imports.choices import RowState
from apps.imports.kinds import CsvKind, register_kind
from apps.imports.resources import Column, CsvResource, Key, Outcome, Record


class Cleaned(Widget):  # type: ignore[misc]
    """A field as agents fill it in."""

    hint = _("Text")
    optional = True

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """What is stored of it."""
        del row, kwargs
        return CLEAN[self.name](value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """As it is stored."""
        del obj, kwargs
        return str(value or "")


class CleanedMany(Cleaned):
    """Several in a cell."""

    hint = _("Separated by semicolons")

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """Each once."""
        del row, kwargs
        return CLEAN[self.name](value.split(SEPARATOR))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """In one cell."""
        del obj, kwargs
        return "; ".join(value or ())


class Own(Widget):  # type: ignore[misc]
    """A field of the company's own."""

    optional = True

    def __init__(self, field: ContactField) -> None:
        super().__init__()
        self.field = field

    @property
    def hint(self) -> str:
        """Of what kind it is."""
        is_choice = self.field.kind == FieldKind.CHOICE
        return ", ".join(self.field.options) if is_choice else str(FieldKind(self.field.kind).label)

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """What is stored of it; None for nothing."""
        del row, kwargs
        return clean_custom(self.field, value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """As it is typed."""
        del obj, kwargs
        return {True: "yes", False: "no", None: ""}.get(value, value) if not isinstance(value, str) else value


EXAMPLES = {
    FieldKind.TEXT: "Gold",
    FieldKind.NUMBER: "12.5",
    FieldKind.DATE: "2026-03-29",
    FieldKind.YES_NO: "yes",
}


class ContactResource(CsvResource):
    """Contacts: found by their external id, else by their email address."""

    key = ("external_id", "email")
    writes_to_check = False

    external_id = Column(
        "external_id",
        help=_("Their key in your own system. Found by it first."),
        example="C-1042",
        widget=Cleaned("external_id"),
    )
    email = Column(
        "email",
        help=_("Found by it where no external id is given. Nobody is proven by it."),
        example="ana@example.com",
        widget=Cleaned("email"),
    )
    name = Column("name", help=_("What they are called."), example="Ana Pérez", widget=Cleaned("name"))
    phone = Column("phone", help=_("With + and the country."), example="+34600123456", widget=Cleaned("phone"))
    language = Column("language", help=_("A language tag."), example="es", widget=Cleaned("language"))
    time_zone = Column("time_zone", help=_("By its name."), example="Europe/Madrid", widget=Cleaned("time_zone"))
    more_emails = Column(
        "more_emails",
        help=_("Other addresses."),
        example="ana@example.org",
        widget=CleanedMany("more_emails"),
        default=[],
    )
    more_phones = Column(
        "more_phones", help=_("Other numbers."), example="+34600123457", widget=CleanedMany("more_phones"), default=[]
    )

    def __init__(self, actor: Any = None, *, writes: bool = True) -> None:
        super().__init__(actor, writes=writes)
        self._own: dict[str, str] = {}
        for each in ContactField.objects.filter(is_enabled=True):
            name = " ".join(each.name.lower().split())
            if name in self.fields:
                continue  # One of theirs that is called as one of ours is kept up in the console alone.
            example = each.options[0] if each.options else EXAMPLES.get(FieldKind(each.kind), "")
            column = Column(name, help=_t("A field of your own."), example=example, widget=Own(each), default=None)
            self.fields[name], self._own[name] = column, f"{OWN}{each.pk}"
        self._adopted: set[Any] = set()
        self._writes: list[tuple[int, ContactWrite]] = []

    def needed_columns(self) -> list[str]:
        """One of the two is enough; a row that has neither is an error of its own."""
        return []

    def key_of(self, row: dict[str, str]) -> Key:
        """The external id, else the address."""
        external = CLEAN["external_id"](row.get("external_id", ""))
        return ("external_id", external) if external else ("email", CLEAN["email"](row.get("email", "")))

    def _safe_key(self, row: Any) -> Key | None:
        key = super()._safe_key(row)
        return key if key and key[1] else None

    def find(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """By external id; by email those who have been known longest, and nobody who only claims to be them."""
        externals = [value for kind, value in keys if kind == "external_id"]
        emails = [value for kind, value in keys if kind == "email"]
        # One by one, and with what the index says of its rows: either is then found by an index.
        by_id = Contact.objects.filter(external_id__in=externals).exclude(external_id="") if externals else ()
        by_email = Contact.objects.filter(email__in=emails, merged_into=None, claims=None) if emails else ()
        there = sorted({row.pk: row for row in (*by_id, *by_email)}.values(), key=lambda row: (row.created_at, row.pk))
        found: dict[Key, Record] = {}
        for contact in there:
            for key in (("external_id", contact.external_id), ("email", contact.email)):
                if key[1]:
                    found.setdefault(key, self._record(contact))
        wanted = set(keys)
        return {key: record for key, record in found.items() if key in wanted}

    def records(self, rows: Sequence[Contact]) -> list[Record]:
        """Those whom the file would find again: others would be taken for somebody else."""
        keys = {row.pk: self._key_of_contact(row) for row in rows if row.merged_into_id is None}
        found = self.find([key for key in keys.values() if key])
        return [
            found[key] for row in rows if (key := keys.get(row.pk)) and key in found and found[key].row.pk == row.pk
        ]

    def _key_of_contact(self, contact: Contact) -> Key | None:
        if contact.external_id:
            return ("external_id", contact.external_id)
        return ("email", contact.email) if contact.email else None

    def _record(self, contact: Contact) -> Record:
        names = {name: self._own.get(name, name) for name in self.fields}
        return Record({name: field_value(contact, field) for name, field in names.items()}, contact)

    def before_chunk(self) -> None:
        """Nothing of this chunk is written yet."""
        self._writes = []

    def save_instance(self, instance: Record, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Note what is to be written: all of a chunk at once.

        Raises:
            ValidationError: what is sure to be refused.
        """
        writes, self.writes = self.writes, False
        super().save_instance(instance, is_create, row, **kwargs)
        self.writes = writes
        contact = instance.row
        if contact is not None and contact.merged_into_id is not None:
            raise ValidationError({"external_id": _t("This contact was merged into another one.")})
        if contact is not None and contact.proven_at is not None and "external_id" in self._changes:
            raise ValidationError({"external_id": _t("The company's own system vouches for it: it stays.")})
        values = {self._own.get(name, name): instance.values[name] for name in self._changes}
        self._writes.append((instance.line, ContactWrite(contact, values)))

    def after_chunk(self, outcomes: list[Outcome]) -> None:
        """Write them."""
        if not self.writes or not self._writes:
            return
        contacts_write(writes=[write for _line, write in self._writes], actor=self.actor)
        refused = {line: write.errors for line, write in self._writes if write.errors}
        for outcome in outcomes:
            if outcome.line in refused:
                outcome.state = RowState.WRONG
                outcome.errors = {name: [why] for name, why in refused[outcome.line].items()}


register_kind(CsvKind("contacts", _("Contacts"), Contact, ContactResource, permission="monitor"))
