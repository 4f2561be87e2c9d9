"""`manage.py vault_rotate`: a new master key, or new keys for what tenants encrypt from now on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django_tenants.utils import get_tenant_model, schema_context

from apps.vault.actions import data_key_rotate, data_keys_rewrap


class Command(BaseCommand):
    """Put a new key in front of `VAULT_KEYS`, restart, run this; then the old one can be taken away."""

    help = "Encrypts every tenant's keys under the first of VAULT_KEYS; with --purpose, gives tenants new keys too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a tenant, and a purpose."""
        parser.add_argument("--schema", help="one tenant's schema; all tenants by default")
        parser.add_argument("--purpose", help="also make a new key for what is encrypted for this, such as mail")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Wrap anew, tenant by tenant; interrupted, it goes on where it was."""
        # Operators live in the public schema, which may have no row of its own.
        tenants = get_tenant_model().objects.exclude(schema_name="public").order_by("schema_name")
        if options["schema"]:
            tenants = tenants.filter(schema_name=options["schema"])
        schemas = list(tenants.values_list("schema_name", flat=True))
        if options["schema"] in {None, "public"}:
            schemas.insert(0, "public")
        for schema in schemas:
            with schema_context(schema):
                changed = data_keys_rewrap()
                if options["purpose"]:
                    data_key_rotate(purpose=options["purpose"])
            print(f"{schema}: {changed} wrapped anew")
