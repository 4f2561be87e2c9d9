"""More rows than one statement has values for are written, changed and deleted in parts."""

from typing import Any

import pytest

from apps.contacts.models import Contact

pytestmark = pytest.mark.django_db

ROWS = 35_000
"""Of two values and more each: one statement takes 65,535."""


def test_many_rows_are_written_in_parts(acme: Any) -> None:
    made = Contact.objects.bulk_create(Contact(name=f"Name {number}", more_emails=[]) for number in range(ROWS))
    for contact in made:
        contact.name = "Ana"
    assert Contact.objects.bulk_update(made, ["name"]) == ROWS
    assert Contact.objects.filter(pk__in=[contact.pk for contact in made[:100]], name="Ana").count() == 100
    deleted, _of_each = Contact.objects.filter(name="Ana").delete()
    assert deleted == ROWS
