"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages, register_section

register_section(gettext_noop("Routing"), position=20)
register_pages(
    gettext_noop("Routing"),
    MenuPage("routing.channelrules", gettext_noop("Answering rules"), "rule", 50),
    MenuPage("routing.flow", gettext_noop("Flows"), "alt_route", 60),
    MenuPage("routing.waitingexperience", gettext_noop("Waiting experiences"), "hourglass_top", 70),
    MenuPage("routing.routingsettings", gettext_noop("Routing settings"), "tune", 90),
)
