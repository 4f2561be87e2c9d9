"""What the actions of this app have in common."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.models import Entity
from apps.queues.choices import Refusal

Row = TypeVar("Row", bound=Entity)


def entity_lock(row: Row) -> Row:
    """A row as the database has it, locked until the transaction ends.

    Raises:
        DomainError: ``gone`` when somebody deleted it meanwhile.
    """
    found: Row | None = type(row)._default_manager.select_for_update(no_key=True).filter(pk=row.pk).first()  # noqa: SLF001 - public in all but its name
    if found is None:
        raise DomainError(Refusal.GONE, _("“%(row)s” is not there any more.") % {"row": row})
    return found


def entity_write(row: Row, fields: Mapping[str, Any], editable: Collection[str]) -> Row:
    """Change some fields of a row and store them.

    Raises:
        ValidationError: a value is not acceptable.
        ValueError: a field that is not editable.
    """
    if unknown := set(fields) - set(editable):
        raise ValueError(f"not editable: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    if row._state.adding:  # noqa: SLF001 - Django's own way to ask
        row.save(force_insert=True)
    elif fields:
        row.save(update_fields=list(fields))
    return row
