"""Reads of tenants."""

from django.db import connection
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat

from apps.tenants.models import Company, MailAddress, Tenant


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


def tenants_served() -> list[Tenant]:
    """The tenants that are not frozen and whose schema is made: one that is being made has no tables yet."""
    schema = Func(F("schema_name"), function="quote_ident", output_field=TextField())
    table = Func(Concat(schema, Value(".django_migrations")), function="to_regclass", output_field=TextField())
    rows = Tenant.objects.exclude(schema_name="public").filter(is_frozen=False)
    return list(rows.alias(table=table).filter(table__isnull=False))


def tenant_is_frozen() -> bool:
    """Whether the current tenant is frozen: what was stored stays, and nothing goes on (TEN-2)."""
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return bool(Tenant.objects.filter(schema_name=schema, is_frozen=True).exists())


def mail_address_of(address: str) -> MailAddress | None:
    """Whose mail this is: the address as it is, or without what stands between a plus sign and the domain.

    Args:
        address: in any spelling.
    """
    local, _at, domain = address.strip().lower().rpartition("@")
    wanted = dict.fromkeys([f"{local}@{domain}", f"{local.split('+', 1)[0]}@{domain}"])
    found = {each.address: each for each in MailAddress.objects.select_related("tenant").filter(address__in=wanted)}
    return next((found[each] for each in wanted if each in found), None)


def tenant_by_schema(schema: str) -> Tenant | None:
    """The tenant of a schema; the public one is none."""
    found: Tenant | None = Tenant.objects.filter(schema_name=schema).exclude(schema_name="public").first()
    return found
