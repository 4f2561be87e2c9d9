"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, SettingsPart, register_pages, register_settings

register_pages(
    gettext_noop("People"),
    MenuPage("agents.agentgroup", gettext_noop("Agent groups"), "groups", 40),
    MenuPage("agents.status", gettext_noop("Statuses"), "schedule", 50),
)
register_settings(
    "routing",
    SettingsPart(
        "agents.agentsettings",
        40,
        gettext_noop("Login preparation"),
        gettext_noop("Time to get ready after signing in, before an agent is offered anything."),
    ),
)
