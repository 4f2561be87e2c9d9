"""What an upgrade runs."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.tenants.actions import migrate_all


class Command(BaseCommand):
    help = "Bring every schema to the newest migration and existing tenants to what this version adds (OPS-3, TEN-3)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Migrate and seed."""
        migrate_all()
