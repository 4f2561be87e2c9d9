"""Fails when a migration of ours would break the code that still runs while it is applied, or lose data.

The linter's own command wants to be an installed app; this one needs nothing in the settings. First migrations make
tables that nobody uses yet, so they are left alone.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> int:
    """Lint the migrations of `apps/` and return an exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    django.setup()
    linter = MigrationLinter(
        include_apps=[config.label for config in apps.get_app_configs() if config.name.startswith("apps.")],
        analyser_string="postgresql",  # it can't tell from the name of django-tenants' engine
        ignore_initial_migrations=True,
        no_cache=True,
        quiet=["ok", "ignore"],
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
