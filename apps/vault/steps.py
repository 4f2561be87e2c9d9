"""The key that encrypts, made in the transaction of whoever needs it first."""

import os

from apps.core.ids import uuid7
from apps.core.rows import row_add_once
from apps.vault.master_keys import KEY_BYTES, associated_data, wrap_key
from apps.vault.models import DataKey


def data_key_current(*, purpose: str) -> DataKey:
    """The key that encrypts values of this purpose; made by whoever needs it first, of two at once by one.

    Args:
        purpose: what is encrypted, such as "mail".
    """
    current = DataKey.objects.filter(purpose=purpose, retired_at=None)
    found = current.first()
    if found is None:
        row_add_once(_new(purpose))
        found = current.get()
    return found


def _new(purpose: str) -> DataKey:
    row = DataKey(pk=uuid7(), purpose=purpose)
    row.wrapped, row.master = wrap_key(os.urandom(KEY_BYTES), associated_data=associated_data(purpose, row.pk))
    return row
