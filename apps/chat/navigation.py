"""What this app adds to the menu of the admin pages."""

from django.utils.translation import gettext_noop

from apps.tenants.admin_menu import MenuPage, register_pages, register_section

register_section(gettext_noop("Channels"), position=30)
register_pages(
    gettext_noop("Channels"),
    MenuPage("chat.widgetchannel", gettext_noop("Chat widgets"), "chat", 10),
)
