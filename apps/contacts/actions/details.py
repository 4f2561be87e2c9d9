"""What is known of a contact changes: by an agent, or by what the customer says about themselves."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts import steps
from apps.contacts.choices import ChangeKind, Refusal
from apps.contacts.models import Contact, ContactField, ProvenEmail
from apps.contacts.selectors import FieldChange, changes_since, claimed_contact
from apps.contacts.text import CLEAN, clean_custom
from apps.core.errors import DomainError
from apps.core.rows import row_add_once, row_lock


@transaction.atomic
def contact_update(*, contact_id: UUID, version: int, values: Mapping[str, Any], actor: Any) -> Contact:
    """Write down what an agent has learnt (CON-5).

    Who began with an older version loses nothing and overwrites nothing: what they left alone stays as it is now, what
    only they changed is written, and what both changed is refused.

    Args:
        contact_id: the contact.
        version: of the contact when the agent began.
        values: by field, as typed: texts, lists of texts for `more_emails` and `more_phones`; ``custom:<id>`` is one
            of the company's own. Fields that are not named stay.
        actor: the user who writes it (accounts stand beside contacts).

    Raises:
        DomainError: ``contact_unknown``, ``contact_merged``, ``contact_invalid`` (``errors`` by field),
            ``contact_changed`` (``fields`` that somebody else has changed meanwhile, and the ``version`` of now),
            ``external_id_taken``.
    """
    contact = steps.contact_lock(contact_id)
    before = contact.email
    wanted = _cleaned(contact, values)
    since = changes_since(contact, version)
    wanted = {name: value for name, value in wanted.items() if name not in since or value != since[name].before}
    clashes = [name for name, value in wanted.items() if name in since and value != steps.field_value(contact, name)]
    if clashes:
        raise _changed(contact, {name: since[name] for name in clashes})
    steps.contact_write(contact, wanted, ChangeKind.EDITED, actor=actor)
    if contact.claims_id is not None and "email" in wanted and wanted["email"] != before:
        # It was said with the address that stood there; of the new one nobody has said anything.
        contact.claims = None
        contact.save(update_fields=["claims"])
    return contact


def _changed(contact: Contact, clashes: dict[str, FieldChange]) -> DomainError:
    who = next((str(each.actor) for each in clashes.values() if each.actor), _("Somebody"))
    return DomainError(
        Refusal.CONTACT_CHANGED,
        _("%(name)s changed it meanwhile: look at what is marked, and save again.") % {"name": who},
        fields=list(clashes),
        version=contact.version,
    )


def _cleaned(contact: Contact, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they would be stored. What is the same as before is not judged: it may be older than the rules."""
    own = {f"{steps.OWN}{field.pk}": field for field in ContactField.objects.filter(is_enabled=True)}
    cleaned: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in values.items():
        if name not in CLEAN and name not in own:
            errors[name] = _("This field does not exist any more.")
            continue
        if value == steps.field_value(contact, name):
            cleaned[name] = value
            continue
        if name == "external_id" and contact.proven_at is not None:
            errors[name] = _("The company's own system vouches for it: it stays.")
            continue
        try:
            cleaned[name] = CLEAN[name](value) if name in CLEAN else clean_custom(own[name], value)
        except ValidationError as error:
            errors[name] = error.messages[0]
    if errors:
        raise DomainError(Refusal.CONTACT_INVALID, _("Look at what is marked."), errors=errors)
    return cleaned


@transaction.atomic
def contact_tell(*, contact_id: UUID, values: Mapping[str, str]) -> Contact:
    """A customer says something about themselves: it is kept where nothing is known yet.

    Nobody proved that it is true: what is known of a contact stays as it is, and whose address they give they only say
    to be (CHAT-12).

    Args:
        contact_id: the contact.
        values: by field (name, email, phone), cleaned.

    Raises:
        DomainError: ``contact_unknown``.
    """
    contact = steps.contact_lock_merged(contact_id)
    missing = {name: value for name, value in values.items() if value and not steps.field_value(contact, name)}
    said = claimed_contact(missing.get("email", ""))
    steps.contact_write(contact, missing, ChangeKind.TOLD, actor=None)
    if said is not None and said.pk != contact.pk and contact.claims_id is None:
        contact.claims = said
        contact.save(update_fields=["claims"])
    return contact


@transaction.atomic
def contact_vouch(*, contact_id: UUID, values: Mapping[str, str]) -> Contact:
    """The company says, by a token that it has signed, who its customer is (CHAT-12): that counts for more than words.

    Args:
        contact_id: the contact.
        values: by field (name, email), cleaned.

    Raises:
        DomainError: ``contact_unknown``.
    """
    contact = steps.contact_lock_merged(contact_id)
    if contact.proven_at is None:
        contact.proven_at, contact.claims = timezone.now(), None
        contact.save(update_fields=["proven_at", "claims"])
    steps.contact_write(contact, dict(values), ChangeKind.VOUCHED, actor=None)
    if values.get("email"):
        row_add_once(ProvenEmail(email=values["email"], contact=contact))
    return contact


@transaction.atomic
def contact_external_id_release(*, external_id: str) -> None:
    """Take a key of the company's from a contact in which somebody wrote it down: the company vouches for another one.

    What an agent writes into a contact draws no stranger's conversations to it (CON-5). Whom the company vouches for
    keeps the key.

    Args:
        external_id: the key.
    """
    held = Contact.objects.filter(external_id=external_id, proven_at=None).values_list("pk", flat=True).first()
    contact = row_lock(Contact, held) if held else None
    if contact is not None and contact.external_id == external_id and contact.proven_at is None:
        steps.contact_write(contact, {"external_id": ""}, ChangeKind.VOUCHED, actor=None)
