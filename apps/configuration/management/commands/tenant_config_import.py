"""`manage.py tenant_config_import --tenant SCHEMA FILE [--section NAME]... [--apply]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import tenant_context

from apps.configuration.actions import configuration_apply
from apps.configuration.document import document_read
from apps.core.errors import DomainError
from apps.tenants.selectors import tenant_by_schema


class Command(BaseCommand):
    """Compare a configuration with a tenant's, and carry it there with --apply."""

    help = "Show what a configuration would change in a tenant; with --apply, change it: all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, what, and whether it is written."""
        parser.add_argument("--tenant", required=True, metavar="SCHEMA")
        parser.add_argument("--section", action="append", metavar="NAME", help="only these sections")
        parser.add_argument("--apply", action="store_true", help="write it; else only show what would change")
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Compare, and write."""
        tenant = tenant_by_schema(options["tenant"])
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']}.")
        with tenant_context(tenant):
            try:
                document = document_read(options["file"].read_bytes())
                sections = options["section"] or list(document)
                found = configuration_apply(
                    document=document, sections=sections, actor=None, is_trial=not options["apply"]
                )
            except (DomainError, OSError) as refused:
                raise CommandError(str(getattr(refused, "message", refused))) from refused
        for difference in found:
            for row in difference.rows:
                what = "new" if row.is_new else ", ".join(row.changes)
                self.stdout.write(f"{difference.section.code}: {row.name}: {what}")
        self.stdout.write("Applied." if options["apply"] else "Nothing was changed: --apply does.")
