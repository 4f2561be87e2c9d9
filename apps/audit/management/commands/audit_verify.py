"""Tells whether anybody has touched an audit log."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_tenant_model, schema_context

from apps.audit.keys import public_keys
from apps.audit.verification import ChainError, chain_verify


class Command(BaseCommand):
    """Exit code 0 and the number of entries; 1 and the first thing that is wrong."""

    help = "Verifies the audit log of one tenant, of the operators (public), or of all: every entry, every signed head."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose log, and whose signatures."""
        parser.add_argument("--tenant", help="the tenant's schema; without it, all of them and the operators'")
        parser.add_argument(
            "--public-key", action="append", help="believe this key, in hexadecimal, in place of those of AUDIT_KEYS"
        )

    def handle(self, *_args: Any, tenant: str | None, public_key: list[str] | None, **_options: Any) -> None:
        """Verify."""
        tenants = get_tenant_model().objects.exclude(schema_name="public").order_by("schema_name")
        known = ["public", *tenants.values_list("schema_name", flat=True)]
        if tenant is not None and tenant not in known:
            raise CommandError(f"there is no tenant {tenant}")
        failed = False
        for schema in [tenant] if tenant else known:
            with schema_context(schema):
                try:
                    found = chain_verify(public_key)
                except ChainError as error:
                    failed = True
                    self.stderr.write(f"{schema}: {error}")
                else:
                    self.stdout.write(
                        f"{schema}: {found.rows} entries, {found.first} to {found.last}; {found.seals} signed heads"
                    )
        self.stdout.write(f"Signing key: {public_keys()[0]}")
        if failed:
            sys.exit(1)
