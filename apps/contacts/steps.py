"""The steps that every change of a contact is made of."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts.choices import ChangeKind, Refusal
from apps.contacts.events import ContactChanged
from apps.contacts.models import Contact, ContactChange
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_add, row_lock

OWN = "custom:"
"""What the name of a field of the company's own begins with; its id follows."""


def contact_lock(contact_id: UUID) -> Contact:
    """The contact, locked until the transaction ends.

    Raises:
        DomainError: ``contact_unknown``, ``contact_merged``.
    """
    contact = row_lock(Contact, contact_id)
    if contact is None:
        raise DomainError(Refusal.CONTACT_UNKNOWN, _("There is no such contact."))
    if contact.merged_into is not None:
        raise DomainError(
            Refusal.CONTACT_MERGED,
            _("This contact was merged into %(name)s meanwhile. Reload to see it.") % {"name": contact.merged_into},
        )
    return contact


def contact_lock_merged(contact_id: UUID) -> Contact:
    """The contact, or whom they were merged into, locked: for what the customer's side brings, which is never refused.

    Raises:
        DomainError: ``contact_unknown``.
    """
    merged = Contact.objects.filter(pk=contact_id).values_list("merged_into", flat=True).first()
    return contact_lock(merged or contact_id)


def field_value(contact: Contact, name: str) -> Any:
    """The value of a field, the company's own included; None for one of those that is not filled in."""
    return contact.custom.get(name.removeprefix(OWN)) if name.startswith(OWN) else getattr(contact, name)


def contact_write(
    contact: Contact,
    values: dict[str, Any],
    kind: ChangeKind,
    *,
    actor: Any,
    other: Contact | None = None,
) -> None:
    """Change fields of a locked contact, with a line of its history; what is the same already changes nothing.

    Raises:
        DomainError: ``external_id_taken``.
    """
    after = {name: value for name, value in values.items() if value != field_value(contact, name)}
    if not after and other is None:
        return
    before = {name: field_value(contact, name) for name in after}
    for name, value in after.items():
        field_put(contact, name, value)
    contact.version += 1
    names = {"custom" if name.startswith(OWN) else name for name in after}
    try:
        with transaction.atomic():
            contact.save(update_fields=[*names, "version"])
    except IntegrityError as error:
        raise DomainError(
            Refusal.EXTERNAL_ID_TAKEN,
            _("Another contact has this external id: merge the two instead."),
            errors={"external_id": _("Another contact has this id.")},
        ) from error
    row_add(
        ContactChange(
            contact=contact,
            version=contact.version,
            kind=kind,
            actor=actor,
            at=timezone.now(),
            before=before,
            after=after,
            other=other,
        )
    )
    announce(ContactChanged(contact))


def field_put(contact: Contact, name: str, value: Any) -> None:
    """Put a value into a field, the company's own included; None empties one of those."""
    if not name.startswith(OWN):
        setattr(contact, name, value)
    elif value is None:
        contact.custom.pop(name.removeprefix(OWN), None)
    else:
        contact.custom[name.removeprefix(OWN)] = value
