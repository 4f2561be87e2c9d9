"""Every change of a tenant's keys: replaced, wrapped anew, erased."""

from django.db import transaction
from django.utils import timezone

from apps.vault.master_keys import associated_data, master_keys, unwrap_key, wrap_key
from apps.vault.models import DataKey
from apps.vault.steps import data_key_current


@transaction.atomic
def data_key_rotate(*, purpose: str) -> DataKey:
    """Encrypt with a new key from now on; what older ones have encrypted is read with them as before."""
    now = timezone.now()
    # Locked first: of two rotations at once the second retires the first one's key.
    list(DataKey.objects.select_for_update().filter(purpose=purpose, retired_at=None))
    DataKey.objects.filter(purpose=purpose, retired_at=None).update(retired_at=now)
    return data_key_current(purpose=purpose)


@transaction.atomic
def data_keys_rewrap() -> int:
    """Have every key of the current tenant encrypted under the newest master key, so that an older one can go.

    Returns:
        How many were not.

    Raises:
        DecryptionError: the master key of one of them is not among `VAULT_KEYS` any more.
    """
    newest, changed = master_keys()[0].fingerprint, 0
    for row in DataKey.objects.select_for_update().filter(erased_at=None).exclude(master=newest).order_by("pk"):
        context = associated_data(row.purpose, row.pk)
        row.wrapped, row.master = wrap_key(
            unwrap_key(bytes(row.wrapped), row.master, associated_data=context), associated_data=context
        )
        row.save(update_fields=["wrapped", "master"])
        changed += 1
    return changed


@transaction.atomic
def data_keys_erase(*, purpose: str) -> int:
    """Forget every key of a purpose: all that they have encrypted in this tenant is gone for good (AUD-2, FRM-5).

    What is sealed afterwards gets a new key.

    Returns:
        How many keys there were.
    """
    now = timezone.now()
    rows = DataKey.objects.select_for_update().filter(purpose=purpose, erased_at=None)
    for row in rows:
        row.wrapped, row.erased_at, row.retired_at = b"", now, row.retired_at or now
        row.save(update_fields=["wrapped", "erased_at", "retired_at"])
    return len(rows)
