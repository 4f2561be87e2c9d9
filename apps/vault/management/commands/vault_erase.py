"""`manage.py vault_erase`: what a tenant has encrypted for a purpose is gone for good."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import get_tenant_model, schema_context

from apps.vault.actions import data_keys_erase


class Command(BaseCommand):
    """Asks for the schema twice: there is no way back."""

    help = "Erases a tenant's keys of one purpose: all that they have encrypted can't be read by anybody any more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the tenant, the purpose, and the tenant again."""
        parser.add_argument("schema", help="the tenant's schema")
        parser.add_argument("purpose", help="what was encrypted, such as mail or forms")
        parser.add_argument("--confirm", required=True, help="the schema once more")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Erase.

        Raises:
            CommandError: the names differ, or there is no such tenant.
        """
        schema = options["schema"]
        if options["confirm"] != schema:
            raise CommandError("--confirm has to name the same schema.")
        if not get_tenant_model().objects.filter(schema_name=schema).exclude(schema_name="public").exists():
            raise CommandError(f"There is no tenant {schema}.")
        with schema_context(schema):
            print(f"{schema}: {data_keys_erase(purpose=options['purpose'])} erased")
