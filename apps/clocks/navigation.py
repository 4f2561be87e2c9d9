"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages

register_pages(
    gettext_noop("Routing"),
    MenuPage("clocks.replyrules", gettext_noop("Reply times"), "timer", 100),
    MenuPage("clocks.replymessage", gettext_noop("Reply messages"), "chat_bubble", 110),
)
