"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages

register_pages(
    gettext_noop("Routing"),
    MenuPage("queues.queue", gettext_noop("Queues"), "inbox", 10),
    MenuPage("queues.hoursprofile", gettext_noop("Hours"), "calendar_clock", 20),
    MenuPage("queues.skill", gettext_noop("Skills"), "workspace_premium", 30),
    MenuPage("queues.skillgroup", gettext_noop("Skill groups"), "category", 40, under="queues.skill"),
)
