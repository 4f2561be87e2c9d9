"""Two contacts side by side, before they become one (CON-5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.console.panel.selectors import Candidate, candidate_of
from apps.contacts.models import Contact
from apps.contacts.selectors import enabled_fields
from apps.contacts.text import phone_text

LABELS: dict[str, Promise] = {
    "name": _("Name"),
    "email": _("Email"),
    "phone": _("Phone"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "external_id": _("External id"),
}
STAYS = {"email", "phone"}
"""Fields whose losing value stays known."""


@dataclass(frozen=True)
class Row:
    """One field of both.

    Attributes:
        name: as the form calls it.
        stored: as the action knows it.
        differs: both know something, and not the same: one of them has to win.
    """

    name: str
    stored: str
    label: str
    kept: str
    gone: str

    @property
    def differs(self) -> bool:
        """Whether somebody has to choose."""
        return bool(self.kept and self.gone and self.kept != self.gone)

    @property
    def stays(self) -> bool:
        """Whether the value that loses stays known."""
        return self.stored in STAYS


@dataclass(frozen=True)
class Merge:
    """Both contacts, and what is known of each."""

    kept: Candidate
    gone: Candidate
    rows: list[Row]

    @classmethod
    def of(cls, contact: Contact, other: Candidate, user: User) -> Self:
        """Both, side by side; fields of which nobody knows anything are left out."""
        rows = [
            Row(name, name, str(label), _read(contact, name), _read(other.contact, name))
            for name, label in LABELS.items()
        ]
        for field in enabled_fields():
            values = (_own(contact.custom.get(str(field.pk))), _own(other.contact.custom.get(str(field.pk))))
            rows.append(Row(f"own_{field.pk.hex}", f"custom:{field.pk}", field.name, *values))
        kept = candidate_of(user, contact.pk) or Candidate(contact, 0)
        return cls(kept, other, [row for row in rows if row.kept or row.gone])

    def taken(self, chosen: Mapping[str, Any]) -> set[str]:
        """The fields of which the other one's value was chosen."""
        return {row.stored for row in self.rows if row.differs and chosen.get(f"win_{row.name}") == "gone"}


def _read(contact: Contact, name: str) -> str:
    value = str(getattr(contact, name))
    return phone_text(value) if name == "phone" else value


def _own(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return "" if value is None else str(value)
