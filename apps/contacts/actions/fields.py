"""Changes of the company's own fields, as administrators make them (CON-5)."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.actions import audited_action
from apps.contacts.choices import FieldKind, Refusal
from apps.contacts.models import Contact, ContactField
from apps.core.errors import DomainError


@transaction.atomic
@audited_action("field")
def contact_field_save(*, field: ContactField) -> ContactField:
    """Make a field or write its changes.

    What a field holds is of its kind: the kind of one that is there stays.

    Raises:
        DomainError: ``field_kind_fixed``, ``field_without_choices``.
        ValidationError: a value is not acceptable.
    """
    field.options = list(dict.fromkeys(option.strip() for option in field.options if option.strip()))
    stored = ContactField.objects.filter(pk=field.pk).first()
    if stored is not None and stored.kind != field.kind:
        raise DomainError(Refusal.FIELD_KIND_FIXED, _("The kind of a field stays: make another field instead."))
    if field.kind == FieldKind.CHOICE and not field.options:
        raise DomainError(Refusal.FIELD_WITHOUT_CHOICES, _("Say what can be chosen."))
    field.full_clean()
    field.save()
    return field


@transaction.atomic
@audited_action("field")
def contact_field_delete(*, field: ContactField) -> None:
    """Delete a field that no contact has a value in.

    Raises:
        DomainError: ``field_in_use``.
    """
    if Contact.objects.filter(custom__has_key=str(field.pk)).exists():
        raise DomainError(Refusal.FIELD_IN_USE, _("Contacts have a value in this field: switch it off instead."))
    field.delete()
