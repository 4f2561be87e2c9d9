"""Makes the demo tenants and what is in them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.demo.seeds.tenants import demo_seed
from apps.tenants.actions import migrate_all


class Command(BaseCommand):
    help = "Make or complete the demo tenants acme and globex. Local mode only; a second run changes nothing."

    def handle(self, *_args: Any, verbosity: int = 1, **_options: Any) -> None:
        """Migrate and complete every tenant, then the demo ones."""
        if not getattr(settings, "LOCAL_MODE", False):
            raise CommandError("The demo data is for local mode only: its passwords are public.")
        migrate_all()
        for line in demo_seed():
            if verbosity:
                self.stdout.write(line)
