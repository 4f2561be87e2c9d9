"""How `migrate_schemas` brings schemas up to date: those that are left alone cost next to nothing."""

from collections.abc import Iterable
from typing import Any

from django_tenants.migration_executors import get_executor
from django_tenants.migration_executors.standard import StandardExecutor

from apps.tenants.actions import schema_make
from apps.tenants.migration_state import empty_schemas, schemas_behind
from apps.tenants.structure import is_usable, structure_read

_OPTIONS_OF_THEIR_OWN = (
    "app_label",
    "migration_name",
    "fake",
    "fake_initial",
    "plan",
    "prune",
    "run_syncdb",
    "check_unapplied",
)


class RecordedExecutor(StandardExecutor):  # type: ignore[misc]
    """Makes empty schemas of the recorded structure, migrates those that are behind, and leaves the others alone.

    With an option that asks for anything but the newest state of every app it does what django-tenants does.
    """

    codename = "recorded"

    def run_migrations(self, tenants: Iterable[str] | None = None) -> None:
        """Bring schemas up to date.

        Args:
            tenants: names of their schemas.
        """
        schemas = list(tenants or [])
        if not any(self.options.get(name) for name in _OPTIONS_OF_THEIR_OWN):
            _make(empty_schemas(schemas))
            schemas = schemas_behind(schemas)
        super().run_migrations(schemas)


def _make(schemas: list[str]) -> None:
    structure = structure_read() if schemas else None
    if structure and is_usable(structure):
        for schema_name in schemas:
            schema_make(schema_name=schema_name, structure=structure)


def executor_class(codename: str | None = None) -> Any:
    """The executor of a name, ours for none: django-tenants' setting GET_EXECUTOR_FUNCTION."""
    return get_executor(codename) if codename else RecordedExecutor
