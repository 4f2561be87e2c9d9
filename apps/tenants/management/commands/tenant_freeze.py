"""Freezes a tenant."""

from apps.tenants.management.freeze_command import FreezeCommand


class Command(FreezeCommand):
    help = "Freeze a tenant: its pages and sockets are closed, its data stays (TEN-2)."
    frozen = True
