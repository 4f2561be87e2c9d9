"""Content types are cached per process and know no schema; this cache does."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection


class PerSchemaCache(dict[str, Any]):
    """The content type manager's cache, one for each schema that this process has worked in."""

    def _here(self) -> dict[str, Any]:
        return super().setdefault(connection.schema_name, {})  # type: ignore[attr-defined,no-any-return]

    def __getitem__(self, key: str) -> Any:
        return self._here()[key]

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Read or fill the current schema's share."""
        return self._here().setdefault(key, default)

    def clear(self) -> None:
        """Do nothing: django-tenants clears on every change of schema, and there is nothing to mix up any more."""


def install_cache() -> None:
    """Put the per-schema cache in place of Django's."""
    ContentType.objects._cache = PerSchemaCache()  # type: ignore[attr-defined]  # noqa: SLF001


def evict_schema(schema_name: str) -> None:
    """Forget a schema that was made anew or migrated."""
    dict.pop(ContentType.objects._cache, schema_name, None)  # type: ignore[attr-defined]  # noqa: SLF001
