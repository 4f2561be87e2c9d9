"""Reads of contacts."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import EmailField, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.contacts.choices import MergeState
from apps.contacts.models import Contact, ContactChange, ContactField, MergeRequest, ProvenEmail
from apps.core.statements import Parameter, Statement

FOUND = 10
"""Contacts that a search lists."""
LEAST = 3
"""Characters that a search needs: fewer fit half of all contacts."""


@dataclass(frozen=True)
class FieldChange:
    """What happened to one field since somebody looked.

    Attributes:
        before: its value when they looked.
        actor: the user who changed it last; none for the customer.
    """

    before: Any
    actor: Any


def changes_since(contact: Contact, version: int) -> dict[str, FieldChange]:
    """What changed in a contact after a version, by field."""
    if version >= contact.version:
        return {}
    changes = ContactChange.objects.filter(contact=contact, version__gt=version).select_related("actor")
    since: dict[str, FieldChange] = {}
    for change in changes.order_by("version"):
        for name, before in change.before.items():
            since[name] = FieldChange(since[name].before if name in since else before, change.actor)
    return since


def enabled_fields() -> list[ContactField]:
    """The company's own fields, in order."""
    return list(ContactField.objects.filter(is_enabled=True))


def unmerged_contacts() -> QuerySet[Contact]:
    """Contacts that were not merged into another."""
    return Contact.objects.filter(merged_into=None)


def contact_by_email(email: str) -> Contact | None:
    """Who is known by this address, the one known longest; an address of their own comes before a further one.

    Args:
        email: cleaned; nobody is known by none.
    """
    if not email:
        return None
    there = unmerged_contacts()
    own = there.filter(email=email).order_by("created_at").first()
    return own or there.filter(more_emails__contains=[email]).order_by("created_at").first()


def contact_by_proven_email(email: str) -> Contact | None:
    """Whose address this has been proven to be: the only one whom a mail from it finds by itself.

    What a customer types into a widget, and what an agent writes into a contact, proves nothing: neither may draw a
    stranger's conversations to itself (CHAT-12, CON-5).

    Args:
        email: cleaned.
    """
    held = ProvenEmail.objects.select_related("contact").filter(email=email).first() if email else None
    return held.contact if held else None


def claimed_contact(email: str) -> Contact | None:
    """Whom somebody says to be who gives this address: whose it is proven to be, else who has been known longest by it.

    A suggestion, and no more: it opens nothing (CHAT-12).

    Args:
        email: cleaned; nobody is known by none.
    """
    return _CLAIMED.first(email=email, emails=[email]) if email else None


def _claimed() -> QuerySet[Contact]:
    email, emails = Parameter("email", EmailField()), Parameter("emails", ArrayField(EmailField()))
    there = unmerged_contacts().order_by("created_at")
    # Who only says that they are somebody else leads to them.
    own, further = (
        Subquery(known.values(who=Coalesce("claims", "pk"))[:1])
        for known in (there.filter(email=email), there.filter(more_emails__contains=emails))
    )
    proven = Subquery(ProvenEmail.objects.filter(email=email).values("contact"))
    return Contact.objects.filter(pk=Coalesce(proven, own, further))


_CLAIMED: Statement[Contact] = Statement(_claimed)


def waiting_merge_request(contact_id: UUID) -> MergeRequest | None:
    """What was asked of a supervisor about this contact, and is not decided yet."""
    asked = MergeRequest.objects.filter(contact=contact_id, state=MergeState.WAITING)
    return asked.select_related("requested_by").first()


def matching_contacts(text: str, *, among: QuerySet[Contact], but: UUID) -> list[Contact]:
    """Contacts by the beginnings of the words of their name, of an email, or of a phone number; each by an index.

    Args:
        text: as typed, at least `LEAST` characters.
        among: those whom the reader may know of.
        but: a contact that is not looked for.
    """
    typed = " ".join(text.split()).casefold()
    if len(typed) < LEAST:
        return []
    found: dict[UUID, Contact] = {}
    for some in _ways(among.filter(merged_into=None), typed):
        for contact in some.exclude(pk=but).order_by("name", "pk")[:FOUND]:
            found.setdefault(contact.pk, contact)
    return list(found.values())[:FOUND]


def _ways(there: QuerySet[Contact], typed: str) -> list[QuerySet[Contact]]:
    ways = []
    if "@" in typed or "." in typed:
        ways.append(there.filter(Q(email__startswith=typed) | Q(more_emails__contains=[typed])))
    digits = re.sub(r"[^\d+]", "", re.sub(r"^00", "+", typed))
    if len(digits) >= LEAST and not re.search(r"[a-z@]", typed):
        phone = digits if digits.startswith("+") else f"+{digits}"
        ways.append(there.filter(Q(phone__startswith=phone) | Q(more_phones__contains=[phone])))
    words = re.findall(r"\w+", typed)
    if words:
        query = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
        ways.append(there.alias(words=SearchVector("name", config="simple")).filter(words=query))
    if "@" not in typed and " " not in typed:
        ways.append(there.filter(email__startswith=typed))
    return ways
