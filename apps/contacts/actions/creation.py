"""Somebody is met: by what they say of themselves, or by an address that something vouches for (CHAT-12, EML-3)."""

from django.db import transaction

from apps.contacts.actions.details import contact_tell
from apps.contacts.models import Contact, ProvenEmail
from apps.contacts.selectors import claimed_contact, contact_by_proven_email
from apps.contacts.text import clean_line
from apps.core.rows import row_add, row_add_once

NAME_LENGTH = 160


@transaction.atomic(savepoint=False)
def contact_create(
    *, name: str, email: str, phone: str = "", language: str = "", time_zone: str = "", claims: bool = True
) -> Contact:
    """Somebody new says who they are. Nobody proved it, so they are nobody else's contact, whatever they say.

    Where the address is another contact's, they are remembered to say that they are that one: a suggestion to those
    who may read both, which opens nothing (CHAT-12).

    Args:
        name: cleaned, or empty.
        email: cleaned, or empty.
        phone: cleaned, or empty.
        language: a tag, or empty.
        time_zone: by its name, or empty.
        claims: off where an agent says it, and not the customer: whether anybody is known by it is not theirs to learn.
    """
    said = claimed_contact(email) if claims else None
    return row_add(Contact(name=name, email=email, phone=phone, language=language, time_zone=time_zone, claims=said))


@transaction.atomic
def contact_get_or_create(*, email: str, name: str) -> Contact:
    """Who writes from an address that something vouches for: whose it is proven to be, else somebody new, whose it is.

    Whoever typed it before, or had it written down by an agent, is not found: somebody new is remembered to say that
    they are that one.

    Args:
        email: cleaned, and vouched for.
        name: cleaned, or empty; what is known already stays.
    """
    found = contact_by_proven_email(email)
    if found is not None:
        return found
    made = contact_create(name=name, email=email)
    if row_add_once(ProvenEmail(email=email, contact=made)):
        return made
    made.delete()  # Another mail of theirs, at the same time, has made one too.
    return ProvenEmail.objects.select_related("contact").get(email=email).contact


def contact_of_address(*, email: str, name: str, is_proven: bool = False, claims: bool = True) -> Contact:
    """Whose a mail's address is: somebody known where something vouches for it, else a claimant (CHAT-12).

    What is known already stays: anybody can write any name.

    Args:
        email: as addresses are compared.
        name: as it stands beside it, or empty.
        is_proven: something vouches for it.
        claims: see `contact_create`.
    """
    name = clean_line(name[:NAME_LENGTH], NAME_LENGTH)
    if not is_proven:
        return contact_create(name=name, email=email, claims=claims)
    found = contact_get_or_create(email=email, name=name)
    return found if found.name or not name else contact_tell(contact_id=found.pk, values={"name": name})
