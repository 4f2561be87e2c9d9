"""The form in which agents write down what they have learnt about a customer (CON-5)."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.contacts.choices import FieldKind
from apps.contacts.models import Contact, ContactField
from apps.contacts.selectors import changes_since, enabled_fields
from apps.contacts.text import phone_text
from apps.core.errors import DomainError
from apps.tenants.zones import zone_names

LISTS = ("more_emails", "more_phones")
OWN, STORED = "own_", "custom:"


class ContactForm(forms.Form):
    """What is known of a contact. The fields are judged by the action: it says what it refuses beside each of them."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=160)
    email = forms.CharField(label=gettext_lazy("Email"), required=False, max_length=254)
    phone = forms.CharField(label=gettext_lazy("Phone"), required=False, max_length=60)
    more_emails = forms.CharField(label=gettext_lazy("Other emails"), required=False, max_length=3000)
    more_phones = forms.CharField(label=gettext_lazy("Other phones"), required=False, max_length=700)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)
    external_id = forms.CharField(label=gettext_lazy("External id"), required=False, max_length=120)

    def __init__(self, contact: Contact, data: Any = None) -> None:
        self.contact = contact
        self._own = enabled_fields()
        super().__init__(data, initial=self._initial())
        self.now: dict[str, str] = {}
        self._choices("language", _languages(contact.language))
        self._choices("time_zone", [(zone, zone) for zone in sorted({*zone_names(), contact.time_zone} - {""})])
        # What the company vouches for is shown, and stays.
        self.fields["external_id"].disabled = contact.proven_at is not None
        for name in ("email", "phone", *LISTS):
            self.fields[name].widget.attrs |= {"dir": "ltr", "autocomplete": "off"}
        for name in LISTS:
            self.fields[name].widget = forms.Textarea(attrs={"rows": 2, "dir": "ltr"})
            self.fields[name].help_text = _("One on each line.")
        for field in self._own:
            self.fields[f"{OWN}{field.pk.hex}"] = _own_field(field)

    def _initial(self) -> dict[str, Any]:
        contact = self.contact
        initial = {name: self._as_typed(name, getattr(contact, name)) for name in self.base_fields}
        own = {f"{OWN}{f.pk.hex}": _typed(contact.custom.get(str(f.pk))) for f in self._own}
        return initial | own

    @staticmethod
    def _as_typed(name: str, value: Any) -> Any:
        if name in LISTS:
            return "\n".join(phone_text(each) if name == "more_phones" else each for each in value)
        return phone_text(value) if name == "phone" else value

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is declared above
        field.choices = [("", "–"), *choices]

    def values(self) -> dict[str, Any]:
        """What was typed, by the names that the action knows; what reads as it is stored is handed on as stored."""
        values: dict[str, Any] = {}
        for name, typed in self.cleaned_data.items():
            if name == "version":
                continue
            if typed == (self.initial[name] or ""):
                values[self._stored_name(name)] = self._stored(name)
            elif name in LISTS:
                values[name] = typed.splitlines()
            else:
                values[self._stored_name(name)] = typed
        return values

    def _stored_name(self, name: str) -> str:
        field = next((f for f in self._own if name == f"{OWN}{f.pk.hex}"), None)
        return f"{STORED}{field.pk}" if field else name

    def _stored(self, name: str) -> Any:
        stored = self._stored_name(name)
        if stored.startswith(STORED):
            return self.contact.custom.get(stored.removeprefix(STORED))
        return getattr(self.contact, name)

    def refused(self, refusal: DomainError) -> None:
        """Say beside each field what the action refuses there."""
        names = {self._stored_name(name): name for name in self.fields}
        for stored, sentence in refusal.extra.get("errors", {}).items():
            self.add_error(names.get(stored), sentence)
        if refusal.code == "contact_changed":
            self._rebase(names, refusal.extra["fields"])

    def _rebase(self, names: dict[str, str], clashes: list[str]) -> None:
        """Go on from the contact as it is now: what the agent left alone is refreshed, what both changed is marked."""
        since = changes_since(self.contact, self.cleaned_data["version"])
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for stored in since:
            name = names.get(stored, "")
            if stored in clashes:
                self.now[name] = str(self.initial[name] or "–")
                self.add_error(name, _("It says now: %(value)s") % {"value": self.now[name]})
            elif name:
                data[name] = self.initial[name] or ""
        data["version"] = self.contact.version
        self.data = data

    def rows(self) -> Iterator[forms.BoundField]:
        """The fields that are shown, in order."""
        return (field for field in self.visible_fields())


def _languages(stored: str) -> list[tuple[str, str]]:
    known = {code: info["name_local"] for code, info in LANG_INFO.items() if "name_local" in info}
    tags = {**known, stored: known.get(stored.lower(), stored)} if stored else known
    return sorted(((code, f"{name} ({code})") for code, name in tags.items()), key=lambda each: each[1].casefold())


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _own_field(field: ContactField) -> forms.Field:
    kind = FieldKind(field.kind)
    if kind == FieldKind.CHOICE:
        choices = [("", "–"), *((option, option) for option in field.options)]
        return forms.CharField(label=field.name, required=False, widget=forms.Select(choices=choices))
    if kind == FieldKind.YES_NO:
        choices = [("", "–"), ("yes", _("Yes")), ("no", _("No"))]
        return forms.CharField(label=field.name, required=False, widget=forms.Select(choices=choices))
    attributes = {"type": "date"} if kind == FieldKind.DATE else {}
    if kind == FieldKind.NUMBER:
        attributes = {"inputmode": "decimal"}
    return forms.CharField(label=field.name, required=False, max_length=500, widget=forms.TextInput(attrs=attributes))
