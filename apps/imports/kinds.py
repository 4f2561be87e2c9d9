"""Which kinds of rows come from files and go to files.

Each app registers its own, as `apps/queues/csv_kinds.py` does.
"""

from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise

from apps.imports.resources import CsvResource


@dataclass(frozen=True)
class CsvKind:
    """A kind of rows.

    Attributes:
        code: its name in addresses, such as ``skills``.
        label: its name on pages.
        model: whose list has its buttons.
        resource: its columns, and how they are read and written.
        permission: what opens the list of these rows: a check shows what stands in them.
    """

    code: str
    label: Promise
    model: type[Model]
    resource: type[CsvResource]
    permission: str = "setup"


_kinds: dict[str, CsvKind] = {}


def register_kind(kind: CsvKind) -> None:
    """Offer a kind of rows.

    Raises:
        ValueError: its code is taken.
    """
    if _kinds.setdefault(kind.code, kind) != kind:
        raise ValueError(f"there is a kind {kind.code} already")


def kind_by_code(code: str) -> CsvKind | None:
    """The kind of this name, if there is one."""
    return _kinds.get(code)


def kinds_of_model(model: type[Model]) -> list[CsvKind]:
    """The kinds whose buttons stand on a model's list."""
    return [kind for kind in _kinds.values() if kind.model is model]


def all_kinds() -> list[CsvKind]:
    """Every kind, by the order in which the apps stand."""
    return list(_kinds.values())
