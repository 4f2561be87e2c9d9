"""A tenant's life."""

from django.core.management import call_command
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from apps.core.errors import DomainError
from apps.tenants import seeds
from apps.tenants.models import SCHEMA_NAME, AppliedSeed, Domain, Tenant


def tenant_create(*, name: str, schema_name: str, hosts: list[str]) -> Tenant:
    """Make a tenant that can be used at once: row, host names, schema, seeds (TEN-3).

    Args:
        name: the company's name.
        schema_name: name of its PostgreSQL schema, ``[a-z][a-z0-9_]*``.
        hosts: its host names without port, the primary one first.

    Raises:
        DomainError: ``tenant_exists`` when the schema or a host name is taken.
        ValidationError: the schema's name is not usable.
    """
    SCHEMA_NAME(schema_name)
    with schema_context("public"):
        tenant = _tenant_register(name=name, schema_name=schema_name, hosts=hosts)
        try:
            tenant.create_schema(check_if_exists=True, verbosity=0)
        except BaseException:
            # A half-made schema would be worse than none: the next try starts clean.
            connection.set_schema_to_public()
            with connection.cursor() as cursor:
                cursor.execute(f'DROP SCHEMA IF EXISTS "{schema_name}" CASCADE')
            tenant.delete(force_drop=False)
            raise
    tenant_seed(tenant=tenant)
    return tenant


@transaction.atomic
def _tenant_register(*, name: str, schema_name: str, hosts: list[str]) -> Tenant:
    taken = Domain.objects.filter(domain__in=hosts).exists()
    if taken or Tenant.objects.filter(schema_name=schema_name).exists():
        raise DomainError("tenant_exists", _("A tenant with this schema or host name exists already."))
    tenant: Tenant = Tenant.objects.create(name=name, schema_name=schema_name)
    for position, host in enumerate(hosts):
        Domain.objects.create(tenant=tenant, domain=host.lower(), is_primary=position == 0)
    return tenant


def tenant_seed(*, tenant: Tenant) -> list[str]:
    """Run the seeds that this tenant has not had yet.

    Returns:
        The names of those that ran.
    """
    had = set(AppliedSeed.objects.filter(tenant=tenant).values_list("name", flat=True))
    missing = {name: run for name, run in seeds.registered().items() if name not in had}
    with tenant_context(tenant):
        for name, run in missing.items():
            with transaction.atomic():
                AppliedSeed.objects.create(tenant=tenant, name=name)
                run()
    return list(missing)


def tenant_freeze(*, tenant: Tenant, frozen: bool) -> Tenant:
    """Freeze or unfreeze a tenant: its pages say so, its data stays (TEN-2).

    Args:
        tenant: the one to change.
        frozen: what it becomes.
    """
    tenant.is_frozen = frozen
    tenant.save(update_fields=["is_frozen"])
    return tenant


def migrate_all() -> None:
    """Bring every schema to the newest migration, then fill in what this version adds to existing tenants."""
    call_command("migrate_schemas", executor="standard", verbosity=0)
    for tenant in Tenant.objects.exclude(schema_name="public"):
        tenant_seed(tenant=tenant)
