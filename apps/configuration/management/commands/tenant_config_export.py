"""`manage.py tenant_config_export --tenant SCHEMA`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import tenant_context

from apps.configuration.actions import configuration_export
from apps.tenants.selectors import tenant_by_schema


class Command(BaseCommand):
    """Write a tenant's configuration, without its secrets."""

    help = "Write a tenant's configuration, without its secrets, to the standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("--tenant", required=True, metavar="SCHEMA")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it."""
        tenant = tenant_by_schema(options["tenant"])
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']}.")
        with tenant_context(tenant):
            self.stdout.write(configuration_export(actor=None), ending="")
