"""What the actions of visitors are made of: rows locked and written, under the browser's lock, which comes first."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from apps.chat.models import Visitor, WidgetChannel
from apps.chat.text import ATTRIBUTES, Attributes, clean_name
from apps.contacts.actions import contact_tell
from apps.contacts.models import Contact
from apps.core.rows import row_lock
from apps.masking.choices import Speaker
from apps.masking.selectors import mask_text


def visitor_lock(visitor_id: UUID) -> Visitor | None:
    """The browser's row, locked until the transaction ends: before any conversation of its."""
    return row_lock(Visitor, visitor_id)


def fields_save(row: Visitor | Contact, fields: dict[str, Any]) -> None:
    """Write these values, if any."""
    for field, value in fields.items():
        setattr(row, field, value)
    if fields:
        row.save(update_fields=list(fields))


def visitor_details_keep(visitor: Visitor, **given: str) -> None:
    """Keep what this browser's customer says about themselves later than at first.

    A contact learns what it lacks; one whose identity is proven, from its own browsers alone.
    """
    fresh = {field: value for field, value in given.items() if value and value != getattr(visitor, field)}
    fields_save(visitor, fresh)
    contact = visitor.contact
    if contact.proven_at is None or visitor.proven_at is not None:
        missing = {field: value for field, value in fresh.items() if not getattr(contact, field)}
        if missing:
            visitor.contact = contact_tell(contact_id=contact.pk, values=missing)


def visitors_lock(contacts: Iterable[UUID]) -> None:
    """Lock the browsers of these contacts, in one order: before any of their conversations."""
    theirs = Visitor.objects.filter(contact__in=contacts).select_for_update(no_key=True)
    list(theirs.order_by("pk").values_list("pk", flat=True))


def visitors_move_contact(*, gone: Contact, kept: Contact) -> None:
    """The browsers of a contact that was merged are the other one's (CON-5). The caller holds their locks."""
    Visitor.objects.filter(contact=gone).update(contact=kept)


def attributes_keep(visitor: Visitor, attributes: Attributes) -> None:
    """Keep what the site says with the browser, which is locked, and with its contact where it says anything new there.

    A page can be made to say anything. So a contact whom a browser has only found by an address learns nothing, and a
    value that somebody else has set at the contact stays.
    """
    if not attributes:
        return
    before = visitor.attributes
    after = _merged(before, attributes)
    if after == before:
        return
    fields_save(visitor, {"attributes": after})
    if visitor.proven_at is None and _is_shared(visitor):
        return
    known = visitor.contact.attributes
    mine = {name: value for name, value in attributes.items() if name not in known or known[name] == before.get(name)}
    merged = _merged(known, mine)
    if merged != known:
        fields_save(visitor.contact, {"attributes": merged})


def _is_shared(visitor: Visitor) -> bool:
    contact = visitor.contact
    return contact.proven_at is not None or contact.visitors.exclude(pk=visitor.pk).exists()


def _merged(before: dict[str, Any], attributes: Attributes) -> dict[str, Any]:
    """With these values; of too many, those that were there stay."""
    merged = {name: value for name, value in before.items() if attributes.get(name, value) is not None}
    for name, value in attributes.items():
        if value is not None and (name in merged or len(merged) < ATTRIBUTES):
            merged[name] = value
    return merged


def clean_masked_name(channel: WidgetChannel, name: str, *, version: UUID | None = None) -> str:
    """A name as it is kept: whatever was typed there, too, goes through the rules (FRM-6).

    Args:
        channel: the widget.
        name: as typed, or empty.
        version: which masking rules hold, as the caller has just read it; none asks.

    Raises:
        DomainError: ``masking_too_long``.
    """
    if not name:
        return ""
    return mask_text(clean_name(name), queue_id=channel.queue_id, who=Speaker.CUSTOMER, version=version).text
