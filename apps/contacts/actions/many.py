"""Many contacts are written at once: the rows of a file, with the checks that one of them has in `contact_update`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts.choices import ChangeKind, Refusal
from apps.contacts.events import ContactsChanged
from apps.contacts.models import Contact, ContactChange
from apps.contacts.steps import OWN, field_put, field_value
from apps.core.errors import DomainError
from apps.core.events import announce


@dataclass(frozen=True)
class ContactWrite:
    """What is to be known of a contact.

    Attributes:
        contact: the one that is there; None for somebody new.
        values: by field, cleaned; ``custom:<id>`` is one of the company's own, None empties it.
        errors: what stands in the way, by field: filled in by `contacts_write`.
    """

    contact: Contact | None
    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def contacts_write(*, writes: Sequence[ContactWrite], actor: Any) -> None:
    """Make contacts and write what changes of others, in a fixed number of statements however many there are.

    A contact of which anything is refused stays as it is, and its `errors` say why; who writes all or nothing undoes
    the transaction then. Nobody is proven by it, and nobody is somebody else's claim (CHAT-12).

    Args:
        writes: no contact twice.
        actor: the user who writes it.

    Raises:
        DomainError: ``external_id_taken`` when somebody else has given one of the ids away at this very moment.
    """
    _update([write for write in writes if write.contact is not None], actor)
    made = [_made(write.values) for write in writes if write.contact is None]
    try:
        with transaction.atomic():
            Contact.objects.bulk_create(made)
    except IntegrityError as error:
        raise DomainError(
            Refusal.EXTERNAL_ID_TAKEN, _("One of the external ids belongs to another contact by now: check again.")
        ) from error


def _made(values: dict[str, Any]) -> Contact:
    contact = Contact()
    for name, value in values.items():
        field_put(contact, name, value)
    return contact


def _update(writes: Sequence[ContactWrite], actor: Any) -> None:
    keys = [write.contact.pk for write in writes if write.contact]
    # In the order of their keys, so that two who write the same ones wait for one another.
    locked = {each.pk: each for each in Contact.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    now, changes, changed = timezone.now(), [], []
    for write in writes:
        contact = locked.get(write.contact.pk) if write.contact else None
        if contact is None or contact.merged_into_id is not None:
            write.errors[""] = _("This contact was merged or deleted meanwhile.")
            continue
        after = {name: value for name, value in write.values.items() if value != field_value(contact, name)}
        if "external_id" in after and contact.proven_at is not None:
            write.errors["external_id"] = _("The company's own system vouches for it: it stays.")
        elif after:
            changes.append(_change(contact, after, actor, now))
            changed.append(contact)
    if changed:
        Contact.objects.bulk_update(changed, _columns(changes), batch_size=500)
        ContactChange.objects.bulk_create(changes, batch_size=1000)
        announce(ContactsChanged(tuple(changed)))


def _columns(changes: Sequence[ContactChange]) -> list[str]:
    """What has to be written of contacts: a statement of many rows is the longer the more columns it has."""
    names = {"custom" if name.startswith(OWN) else name for change in changes for name in change.after}
    return sorted({*names, "version"} | ({"claims"} if "email" in names else set()))


def _change(contact: Contact, after: dict[str, Any], actor: Any, now: Any) -> ContactChange:
    before = {name: field_value(contact, name) for name in after}
    for name, value in after.items():
        field_put(contact, name, value)
    if "email" in after:
        contact.claims = None  # It was said with the address that stood there.
    contact.version += 1
    return ContactChange(
        contact=contact,
        version=contact.version,
        kind=ChangeKind.EDITED,
        actor=actor,
        at=now,
        before=before,
        after=after,
    )
