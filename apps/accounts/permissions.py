"""Who may do what: the permissions of product.md's last table, and the stock roles that hold them (TEN-5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """One thing that a role may allow."""

    SETTINGS = "settings", _("Tenant settings, channels, flows, API keys, audit, roles")
    SETUP = "setup", _("Users, queues, skills, hours, dispositions, forms, surveys, responses")
    CONSOLE = "console", _("Console: conversations, notes, transfer, snooze, wrap-up")
    OUTBOUND = "outbound", _("Dial out, outbound email, calls in chat, consult, co-browse")
    REVEAL = "reveal", _("Reveal secured values")
    MONITOR = "monitor", _("Monitor, join, whisper, assign, re-queue, force close, sign out others")
    CORRECT = "correct", _("Correct dispositions, redact messages, download and export")
    REPORTS = "reports", _("Reports and dashboards")
    OVERRIDE_TRANSFER = "override_transfer", _("Override transfer rules")


class Scope(models.TextChoices):
    """How far a role's permissions reach."""

    ALL = "all", _("Everything")
    QUEUES = "queues", _("Own queues")
    OWN = "own", _("Own conversations")


OWNER = "owner"
"""Code of the role that a tenant always has somebody in."""

STOCK_ROLES: dict[str, tuple[str, Scope, frozenset[Permission]]] = {
    OWNER: ("Owner", Scope.ALL, frozenset(Permission)),
    "administrator": ("Administrator", Scope.ALL, frozenset(Permission)),
    "supervisor": (
        "Supervisor",
        Scope.QUEUES,
        frozenset(set(Permission) - {Permission.SETTINGS}),
    ),
    "agent": ("Agent", Scope.OWN, frozenset({Permission.CONSOLE, Permission.OUTBOUND, Permission.REPORTS})),
}
