"""Reads of tenants."""

from apps.tenants.models import Company, Tenant


def current_tenant() -> Company | None:
    """The tenant in whose schema this thread works; none where that is nobody's, as operators' is."""
    return Company.objects.first()


def current_time_zone() -> str:
    """The time zone that new people and new hours of this tenant begin with (TEN-3)."""
    tenant = current_tenant()
    return tenant.time_zone if tenant else "UTC"


def tenant_is_served(tenant_id: int) -> bool:
    """Whether there is such a tenant, and it is not frozen (TEN-2)."""
    return bool(Tenant.objects.filter(pk=tenant_id, is_frozen=False).exists())
