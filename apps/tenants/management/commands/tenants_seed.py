"""Fills in what a new version adds to tenants that exist."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.tenants.actions import tenants_seed


class Command(BaseCommand):
    help = "Fill in what this version adds to existing tenants (TEN-3). Run it after migrate_schemas."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say what was filled in where."""
        for schema, names in tenants_seed().items():
            self.stdout.write(f"{schema}: {', '.join(names)}")
