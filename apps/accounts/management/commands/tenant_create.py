"""Makes a tenant and its owner."""

import os
from secrets import token_urlsafe
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django_tenants.utils import tenant_context

from apps.accounts.actions import user_create
from apps.accounts.models import Role
from apps.accounts.permissions import OWNER
from apps.core.errors import DomainError
from apps.tenants.actions import tenant_create

PASSWORD = "PARLEY_OWNER_PASSWORD"  # noqa: S105 - the variable's name


class Command(BaseCommand):
    help = (
        "Make a tenant that can be used at once, and its owner (TEN-2, TEN-3). The owner's password comes from"
        f" {PASSWORD}; without it one is made and printed, once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, schema, hosts, owner."""
        parser.add_argument("name", help="the company's name")
        parser.add_argument("--schema", required=True, help="its PostgreSQL schema: lower-case letters, digits, _")
        parser.add_argument(
            "--host", required=True, action="append", dest="hosts", help="a host name, no port; the first is primary"
        )
        parser.add_argument("--time-zone", default="UTC", help="where its people are, such as Europe/Madrid")
        parser.add_argument("--language", default="en", help="what they speak, a language tag such as es")
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--owner-first-name", default="Owner")

    def handle(
        self,
        *_args: Any,
        name: str,
        schema: str,
        hosts: list[str],
        time_zone: str,
        language: str,
        owner_email: str,
        owner_first_name: str,
        **_options: Any,
    ) -> None:
        """Make both, or neither; print what the owner needs."""
        given = os.environ.get(PASSWORD, "")
        password = given or token_urlsafe(15)
        try:
            # What would be refused is refused before there is a tenant without an owner.
            validate_email(owner_email)
            validate_password(password)
            tenant = tenant_create(name=name, schema_name=schema, hosts=hosts, time_zone=time_zone, language=language)
            with tenant_context(tenant):
                owner = Role.objects.get(code=OWNER)
                user_create(email=owner_email, first_name=owner_first_name, role=owner, password=password, actor=None)
        except DomainError as refused:
            raise CommandError(str(refused.message)) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{tenant} is ready at {tenant.get_primary_domain()}. Sign in as {owner_email}.")
        if not given:
            self.stdout.write(f"Password: {password}")
