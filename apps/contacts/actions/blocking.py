"""Contacts who open no more conversations (CON-10)."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.contacts import steps
from apps.contacts.models import Contact


@transaction.atomic
def contact_block(*, contact_id: UUID, by: str) -> Contact:
    """Let a contact open no more conversations (CON-10). Who is blocked already stays so, since when and by whom.

    Args:
        contact_id: the contact.
        by: what the one who blocks is called, for the page on which they are unblocked.

    Raises:
        DomainError: ``contact_unknown``, ``contact_merged``.
    """
    contact = steps.contact_lock(contact_id)
    if contact.blocked_at is None:
        contact.blocked_at, contact.blocked_by = timezone.now(), by[:160]
        contact.save(update_fields=["blocked_at", "blocked_by"])
    return contact


@transaction.atomic
def contact_unblock(*, contact_id: UUID) -> Contact:
    """Let a contact open conversations again (CON-10).

    Raises:
        DomainError: ``contact_unknown``, ``contact_merged``.
    """
    contact = steps.contact_lock(contact_id)
    if contact.blocked_at is not None:
        contact.blocked_at, contact.blocked_by = None, ""
        contact.save(update_fields=["blocked_at", "blocked_by"])
    return contact
