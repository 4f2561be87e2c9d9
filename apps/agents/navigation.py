"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages

register_pages(
    gettext_noop("People"),
    MenuPage("agents.agentgroup", gettext_noop("Agent groups"), "groups", 40),
    MenuPage("agents.status", gettext_noop("Statuses"), "schedule", 50),
    MenuPage("agents.agentsettings", gettext_noop("Login preparation"), "hourglass_top", 60),
)
