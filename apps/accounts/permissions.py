"""Who may do what: the permissions of product.md's last table, and the stock roles that hold them (TEN-5)."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """One thing that a role may allow."""

    SETTINGS = "settings", _("Tenant settings, channels, flows, API keys, roles")
    AUDIT = "audit", _("Audit")
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


MEANINGS: dict[Permission, str | Promise] = {
    Permission.SETTINGS: _("Changes what holds for the whole tenant: channels, flows, texts, clocks, roles."),
    Permission.AUDIT: _("Reads who changed, revealed, exported and read what, and changes nothing by it."),
    Permission.SETUP: _("Sets up users, queues, skills and groups, hours, dispositions, forms, surveys and responses."),
    Permission.CONSOLE: _("Works in the console: talks to customers, takes notes, transfers, snoozes, wraps up."),
    Permission.OUTBOUND: _("Begins conversations: writes mails and calls of their own accord, shares a page."),
    Permission.REVEAL: _("Sees what customers typed into secured fields; each look is recorded."),
    Permission.MONITOR: _("Watches, assigns, re-queues and closes conversations; decides on merges; signs agents out."),
    Permission.CORRECT: _("Corrects dispositions after closing, redacts messages, downloads originals, exports."),
    Permission.REPORTS: _("Reads figures, in reports and on dashboards."),
    Permission.OVERRIDE_TRANSFER: _("Transfers to any queue, whatever the rules of the conversation's queue say."),
}
"""A sentence on each permission, in the order in which pages show them."""

REACHES: dict[Scope, str | Promise] = {
    Scope.ALL: _("Every conversation, every queue, all that is set up."),
    Scope.QUEUES: _("What is in the queues that they serve, by themselves or through their group, and their own."),
    Scope.OWN: _("Conversations that they had, and those of contacts whom they have served."),
}
"""A sentence on each reach."""

ADMIN_PERMISSIONS = frozenset(
    {Permission.SETTINGS, Permission.AUDIT, Permission.SETUP, Permission.MONITOR, Permission.CORRECT}
)
"""Whoever holds one of these has pages in the admin."""

OWNER = "owner"
"""Code of the role that a tenant always has somebody in."""
OPERATOR = "operator"
"""Code of the role that an operator has for as long as a pass of theirs is valid: nobody can be given it (TEN-2)."""
AGENT = "agent"
"""Code of the role that reveals secured values by the tenant's switch."""

STOCK_ROLES: dict[str, tuple[str, Scope, frozenset[Permission]]] = {
    OWNER: ("Owner", Scope.ALL, frozenset(Permission)),
    "administrator": ("Administrator", Scope.ALL, frozenset(Permission)),
    "supervisor": (
        "Supervisor",
        Scope.QUEUES,
        frozenset(set(Permission) - {Permission.SETTINGS, Permission.AUDIT}),
    ),
    AGENT: ("Agent", Scope.OWN, frozenset({Permission.CONSOLE, Permission.OUTBOUND, Permission.REPORTS})),
}
