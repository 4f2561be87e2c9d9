"""Unfreezes a tenant."""

from apps.tenants.management.freeze_command import FreezeCommand


class Command(FreezeCommand):
    help = "Open a frozen tenant again (TEN-2)."
    frozen = False
