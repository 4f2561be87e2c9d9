"""Lets a tenant's people sign in by password again, where their provider fails and no owner gets in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_public_schema_name, schema_context, schema_exists

from apps.accounts.actions import openid_passwords_open
from apps.accounts.models import OpenIDProvider


class Command(BaseCommand):
    help = "Let everybody of a tenant sign in by password again, beside the OpenID Connect provider (TEN-6)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("--schema", required=True, help="the tenant's schema")

    def handle(self, *_args: Any, schema: str, **_options: Any) -> None:
        """Switch it."""
        if not schema_exists(schema) or schema == get_public_schema_name():
            raise CommandError(f"There is no tenant with the schema {schema}.")
        with schema_context(schema):
            openid_passwords_open(provider=OpenIDProvider.load())
        self.stdout.write(f"{schema}: passwords and links for new ones work again; the provider stays as it is.")
