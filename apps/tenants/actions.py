"""A tenant's life."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from apps.core.errors import DomainError
from apps.core.events import announce
from apps.tenants import seeds
from apps.tenants.choices import Refusal
from apps.tenants.content_types import evict_schema
from apps.tenants.events import TenantChanged
from apps.tenants.models import HOST_NAME, LANGUAGE, SCHEMA_NAME, AppliedSeed, Domain, MailAddress, Tenant
from apps.tenants.structure import Structure, recorded_migrations, structure_statements
from apps.tenants.zones import zone_validate
from apps.timers.steps import freeze_outage_record, wakeups_thaw

RESERVED_SCHEMAS = frozenset({"public", "information_schema", "extensions"})


def tenant_create(
    *, name: str, schema_name: str, hosts: list[str], time_zone: str = "UTC", language: str = "en"
) -> Tenant:
    """Make a tenant that can be used at once: row, host names, schema, seeds (TEN-3).

    Args:
        name: the company's name.
        schema_name: name of its PostgreSQL schema, ``[a-z][a-z0-9_]*``.
        hosts: its host names without port, the primary one first.
        time_zone: where its people are; what is seeded begins with it.
        language: what they speak, a language tag.

    Raises:
        DomainError: ``tenant_exists`` when the schema or a host name is taken, ``schema_reserved``.
        ValidationError: the schema's or a host's name, the time zone or the language is not usable.
    """
    SCHEMA_NAME(schema_name)
    zone_validate(time_zone)
    LANGUAGE(language)
    hosts = clean_host_names(hosts)
    with schema_context("public"):
        locale = {"time_zone": time_zone, "language": language}
        tenant = _tenant_register(name=name, schema_name=schema_name, hosts=hosts, **locale)
        try:
            tenant.create_schema(check_if_exists=True, verbosity=0)
        except BaseException:
            # A half-made schema would be worse than none: the next try starts clean.
            with schema_context("public"), connection.cursor() as cursor:
                cursor.execute(f'DROP SCHEMA IF EXISTS "{schema_name}" CASCADE')
            tenant.delete(force_drop=False)
            raise
    tenant_seed(tenant=tenant)
    with schema_context("public"), transaction.atomic():
        announce(TenantChanged(tenant, "create", {"name": [None, name], "hosts": [[], hosts]}))
    return tenant


@transaction.atomic
def schema_make(*, schema_name: str, structure: Structure) -> None:
    """Make all that an empty schema needs of what was recorded, and record the migrations whose outcome that is.

    Args:
        schema_name: a schema that exists and holds nothing; afterwards the public one is current.
        structure: what was recorded.
    """
    database: Any = connection
    database.set_schema(schema_name, include_public=False)
    evict_schema(schema_name)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with connection.cursor() as cursor:
        cursor.execute(structure_statements(structure))
    recorder.migration_qs.bulk_create(
        recorder.Migration(app=label, name=name) for label, name in recorded_migrations(structure)
    )
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    database.set_schema_to_public()


@transaction.atomic
def _tenant_register(*, name: str, schema_name: str, hosts: list[str], **locale: str) -> Tenant:
    if schema_name in RESERVED_SCHEMAS or schema_name.startswith("pg_"):
        raise DomainError(Refusal.SCHEMA_RESERVED, _("This name belongs to the database itself. Choose another one."))
    taken = Domain.objects.filter(domain__in=hosts).exists()
    if taken or Tenant.objects.filter(schema_name=schema_name).exists():
        raise DomainError(Refusal.TENANT_EXISTS, _("A tenant with this schema or host name exists already."))
    tenant: Tenant = Tenant.objects.create(name=name, schema_name=schema_name, **locale)
    for position, host in enumerate(hosts):
        Domain.objects.create(tenant=tenant, domain=host, is_primary=position == 0)
    return tenant


def tenant_seed(*, tenant: Tenant) -> list[str]:
    """Run the seeds that this tenant has not had yet.

    Returns:
        The names of those that ran.
    """
    had = set(AppliedSeed.objects.filter(tenant=tenant).values_list("name", flat=True))
    missing = {name: run for name, run in seeds.registered_seeds().items() if name not in had}
    return [name for name, run in missing.items() if seed_apply(tenant=tenant, name=name, run=run)]


@transaction.atomic
def seed_apply(*, tenant: Tenant, name: str, run: Callable[[], None]) -> bool:
    """Run one seed inside a tenant, unless it has had it: the note and what it makes stand or fall together.

    Args:
        tenant: the tenant.
        name: the seed's name, which never changes.
        run: fills the tenant in.

    Returns:
        Whether it ran.
    """
    # Two processes that start at once: the second waits here for the first one's note.
    _note, fresh = AppliedSeed.objects.get_or_create(tenant=tenant, name=name)
    if fresh:
        with tenant_context(tenant):
            run()
    return fresh


@transaction.atomic
def tenant_freeze(*, tenant: Tenant, frozen: bool) -> Tenant:
    """Freeze or unfreeze a tenant: its pages say so, its data stays (TEN-2).

    While it is frozen no deadline of it fires. Afterwards those that are overdue do; for clocks that run against
    customers the time was an outage (EDG-4). Freezing what is frozen changes nothing.

    Args:
        tenant: the one to change.
        frozen: what it becomes.
    """
    stored = Tenant.objects.select_for_update().get(pk=tenant.pk)
    if stored.is_frozen != frozen:
        if stored.frozen_at is not None:
            freeze_outage_record(schema=stored.schema_name, since=stored.frozen_at)
            wakeups_thaw(schema=stored.schema_name)
        stored.is_frozen, stored.frozen_at = frozen, timezone.now() if frozen else None
        stored.save(update_fields=["is_frozen", "frozen_at"])
        announce(TenantChanged(stored, "freeze" if frozen else "unfreeze", {"is_frozen": [not frozen, frozen]}))
    tenant.is_frozen, tenant.frozen_at = stored.is_frozen, stored.frozen_at
    return tenant


@transaction.atomic
def tenant_rename(*, tenant: Tenant, name: str) -> Tenant:
    """Give a tenant another name; schema and host names stay.

    Raises:
        ValidationError: the name is not acceptable.
    """
    return _fields_set(tenant, {"name": name})


@transaction.atomic
def tenant_set_locale(*, tenant: Tenant, time_zone: str, language: str) -> Tenant:
    """Say where a tenant's people are, and what they speak: what is made from now on begins with it (TEN-3).

    Args:
        tenant: the tenant.
        time_zone: such as ``Europe/Madrid``.
        language: a language tag, such as ``es``.

    Raises:
        ValidationError: there is no such time zone, or this is no language tag.
    """
    return _fields_set(tenant, {"time_zone": time_zone, "language": language})


def _fields_set(tenant: Tenant, fields: dict[str, str]) -> Tenant:
    stored = Tenant.objects.select_for_update().values(*fields).get(pk=tenant.pk)
    for name, value in fields.items():
        setattr(tenant, name, value)
    tenant.full_clean(exclude=["schema_name"])
    tenant.save(update_fields=list(fields))
    changes = {name: [stored[name], value] for name, value in fields.items() if stored[name] != value}
    if changes:
        announce(TenantChanged(tenant, "change", changes))
    return tenant


@transaction.atomic
def tenant_set_hosts(*, tenant: Tenant, hosts: list[str]) -> list[Domain]:
    """Say under which host names a tenant is reached (TEN-1). One that is gone leads to the page for unknown hosts.

    Args:
        tenant: the tenant.
        hosts: its host names without port, the primary one first.

    Raises:
        DomainError: ``host_missing``, or ``tenant_exists`` when another tenant has one of them.
        ValidationError: a name is not usable.
    """
    hosts = clean_host_names(hosts)
    if not hosts:
        raise DomainError(Refusal.HOST_MISSING, _("A tenant needs at least one host name."))
    if Domain.objects.filter(domain__in=hosts).exclude(tenant=tenant).exists():
        raise DomainError(Refusal.TENANT_EXISTS, _("Another tenant has this host name."))
    before = list(
        Domain.objects.filter(tenant=tenant).order_by("-is_primary", "domain").values_list("domain", flat=True)
    )
    Domain.objects.filter(tenant=tenant).exclude(domain__in=hosts).delete()
    for host in hosts:
        Domain.objects.get_or_create(domain=host, defaults={"tenant": tenant, "is_primary": False})
    Domain.objects.filter(tenant=tenant).exclude(domain=hosts[0]).update(is_primary=False)
    Domain.objects.filter(domain=hosts[0]).update(is_primary=True)
    if before != hosts:
        announce(TenantChanged(tenant, "hosts", {"hosts": [before, hosts]}))
    return list(Domain.objects.filter(tenant=tenant))


@transaction.atomic
def mail_address_set(*, channel: UUID, address: str) -> None:
    """Have the mail of an address lead to a channel of the current tenant, or to none any more (EML-1).

    Args:
        channel: the channel, which has one address at most.
        address: in small letters; empty takes back the one that it has.

    Raises:
        DomainError: ``mail_address_taken`` when it leads to somebody else's channel.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    MailAddress.objects.filter(channel=channel).exclude(address=address).delete()
    if not address:
        return
    tenant = Tenant.objects.get(schema_name=schema)
    found, _fresh = MailAddress.objects.get_or_create(address=address, defaults={"tenant": tenant, "channel": channel})
    if found.channel != channel or found.tenant_id != tenant.pk:
        raise DomainError(
            Refusal.MAIL_ADDRESS_TAKEN, _("Mail to %(address)s is received elsewhere.") % {"address": address}
        )


def clean_host_names(hosts: list[str]) -> list[str]:
    """Host names as they are looked up, each once.

    Raises:
        ValidationError: one is not usable.
    """
    names = list(dict.fromkeys(host.strip().lower().rstrip(".") for host in hosts))
    for name in names:
        HOST_NAME(name)
    return names


def tenants_seed() -> dict[str, list[str]]:
    """Fill in what this version adds to tenants that exist (TEN-3). A second run changes nothing.

    Returns:
        The seeds that ran, by schema, of tenants that had any missing.
    """
    names = list(seeds.registered_seeds())
    complete = Tenant.objects.filter(seeds__name__in=names).annotate(had=Count("seeds")).filter(had=len(names))
    lacking = Tenant.objects.exclude(schema_name="public").exclude(pk__in=complete.values("pk"))
    return {tenant.schema_name: tenant_seed(tenant=tenant) for tenant in lacking}


def migrate_all() -> None:
    """Bring every schema to the newest migration, then fill in what this version adds to existing tenants."""
    call_command("migrate_schemas", verbosity=0)
    tenants_seed()
