"""`manage.py timers_reconcile`: finds wake-ups that do not fit the deadlines they stand for."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.timers.reconciliation import all_wakeups_reconcile, tenant_wakeups_reconcile


class Command(BaseCommand):
    """Prints every difference; the exit code says whether there was one."""

    help = "Compares wake-ups with the deadline columns they stand for, and repairs what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a tenant, and whether to look only."""
        parser.add_argument("--schema", help="one tenant's schema; all tenants by default")
        parser.add_argument("--dry-run", action="store_true", help="report only")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Compare, repair, report."""
        repair = not options["dry_run"]
        schema = options["schema"]
        found = (
            tenant_wakeups_reconcile(schema=schema, repair=repair) if schema else all_wakeups_reconcile(repair=repair)
        )
        for difference in found:
            print(
                f"{difference.schema} {difference.kind} {difference.object_id}:"
                f" wake-up {difference.due_at or 'missing'}, deadline {difference.wanted or 'none'}"
            )
        if found:
            raise SystemExit(1)
