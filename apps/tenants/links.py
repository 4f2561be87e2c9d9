"""Addresses of a tenant's pages for whoever is not on one: what stands in a mail."""

from django.conf import settings
from django.db import connection

from apps.tenants.models import Domain


def absolute_url(path: str) -> str:
    """The whole address of one of the current tenant's pages, under its first host name.

    Args:
        path: from the slash on.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    hosts = Domain.objects.filter(tenant__schema_name=schema).order_by("-is_primary", "pk")
    host = hosts.values_list("domain", flat=True).first() or "localhost"
    return settings.TENANT_ADDRESS.replace("{host}", host) + path
