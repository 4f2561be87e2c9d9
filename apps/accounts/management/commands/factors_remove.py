"""Takes somebody's second factors away whom nobody else can help: an owner, an operator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context, schema_exists

from apps.accounts.actions import user_remove_factors
from apps.accounts.models import User


class Command(BaseCommand):
    help = "Remove all second factors of a user, and end their sessions (TEN-6). Be sure that it is them who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("email")
        parser.add_argument("--schema", default="public", help="their tenant's schema; without it, an operator's")

    def handle(self, *_args: Any, email: str, schema: str, **_options: Any) -> None:
        """Remove them."""
        if not schema_exists(schema):
            raise CommandError(f"There is no schema {schema}.")
        with schema_context(schema):
            try:
                user = User.objects.get_by_natural_key(email)
            except User.DoesNotExist as error:
                raise CommandError(f"Nobody in {schema} has the email {email}.") from error
            user_remove_factors(user=user, actor=None)
        self.stdout.write(f"{email} signs in by password alone, until they set up a second factor.")
