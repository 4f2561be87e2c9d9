"""Whom an agent writes to first: found or made, and forgotten where nothing was sent after all (EML-7, CON-5)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError, Q

from apps.accounts.models import User
from apps.contacts.actions import contact_of_address
from apps.contacts.models import Contact
from apps.conversations.selectors import contacts_writable_by


def contact_for_recipient(*, email: str, name: str, actor: User) -> Contact:
    """Whom an agent knows by this address; else somebody new, until an answer proves who that is (CHAT-12).

    Somebody of whom the agent may not read everything is not found: nobody is served by being written to, and whether
    they are known is not said (CON-5).

    Args:
        email: as addresses are compared.
        name: as it stands beside it, or empty.
        actor: who writes.
    """
    known = Q(email=email) | Q(more_emails__contains=[email])
    found = contacts_writable_by(actor).filter(known, blocked_at=None).order_by("created_at").first()
    return found or contact_of_address(email=email, name=name, claims=False)


def contact_forget_unknown(contact_id: UUID, *, since: datetime) -> None:
    """Delete somebody whom nobody knew before a mail, and whom nobody has got to know since; others stay.

    Args:
        contact_id: to whom it was written.
        since: when.
    """
    unknown = Contact.objects.filter(pk=contact_id, created_at__gte=since, version=0)
    for contact in unknown.filter(conversations=None):
        try:
            with transaction.atomic():
                contact.delete()
        except ProtectedError:
            continue
