"""What freezing and unfreezing have in common."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.tenants.actions import tenant_freeze
from apps.tenants.models import Tenant


class FreezeCommand(BaseCommand):
    """Sets one tenant's switch."""

    frozen: bool

    def add_arguments(self, parser: CommandParser) -> None:
        """One argument, the schema."""
        parser.add_argument("schema", help="the tenant's schema, such as acme")

    def handle(self, *_args: Any, schema: str, **_options: Any) -> None:
        """Set it and say so."""
        tenant = Tenant.objects.filter(schema_name=schema).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {schema}.")
        tenant_freeze(tenant=tenant, frozen=self.frozen)
        self.stdout.write(f"{tenant} is {'frozen' if self.frozen else 'not frozen'}.")
